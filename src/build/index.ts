// From loaded files to one complete snapshot: standardise, link, make people and places, pseudonymise, write, swap.
export { buildSnapshot, type BuildOptions, type BuildResult, type Classification } from './build.ts';
export { codeVersion } from './code-version.ts';
export { cellResolution } from './locate.ts';
export { openHeldPeople, readRecordFeeds, type HeldPeople } from './held-people.ts';
export { openPeopleSearch } from './search-people.ts';
export { openKeyHistory } from './keep-keys.ts';
export { planExtract, type ExtractPlan } from './plan-extract.ts';
export { checkExtractPlace, writeExtract } from './write-extract.ts';
export type { ExtractManifest } from './extract-manifest.ts';
export { extractTables } from './extract-columns.ts';
export { openPseudonyms } from './pseudonym-people.ts';
export { openLinkedPeople, type LinkedPeople } from './linked-people.ts';
export { openRowsBeyond, type RowsBeyondReader } from './rows-beyond.ts';
