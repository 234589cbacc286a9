// Feeds: contracts of what agencies send, loading with quarantine and lineage, and the standard records made from what was accepted.
export { listFeeds, getFeed, templateFile } from './contract.ts';
export type { Contract, ContractColumn } from './contract.schema.ts';
export { describeSharing, type SharedFeed } from './shared-feed.ts';
export { ingestFiles, type IngestCounts, type IngestOptions } from './ingest-files.ts';
export { listLoads, type Load } from './load-record.ts';
export { holdsMarkedLoads, listMarkedLoads, listUnremovedLoads, sweepDestroyedLoads, type CertifiedLoad } from './destroyed-load.ts';
export { openLoadFiles } from './load-files.store.ts';
export { listQuarantine, presentQuarantine, withoutValues, type QuarantineCount } from './list-quarantine.store.ts';
export { exportQuarantine } from './export-quarantine.store.ts';
export { retryQuarantine, type RetryCounts } from './retry-quarantine.store.ts';
export { readLoadedRows, readRowStates, type LoadedRow, type RowPlace } from './loaded-rows.store.ts';
export { findRowsSetAside, type RowSetAside, type RowsSetAside } from './rows-set-aside.store.ts';
export { readOtherStates, type OtherState } from './other-states.store.ts';
export { partsOfLine, shortestNumber, whoseRow, type PersonTraces } from './person-traces.ts';
export { labelOf } from './column-label.ts';
export { findLineage, noSuchRecord, presentLineage, rowLineage, type RowState } from './row-lineage.store.ts';
export { standardise, type StandardCounts, type StandardiseOptions } from './standardise.store.ts';
