// Where data lives: the home folder, packs, the query engine, the lake's snapshots, the casework store and its jobs.
export * from './folder.ts';
export * from './home.ts';
export * from './packs.ts';
export * from './duck.ts';
export * from './lock.ts';
export * from './lake.ts';
export * from './lake-reader.ts';
export * from './identified-reader.ts';
export type * from './casework-tables.ts';
export * from './casework.ts';
export * from './casework-audit.store.ts';
export * from './audit-chain.store.ts';
export * from './audit-checkpoints.ts';
export * from './casework-check.ts';
export * from './link-decision.store.ts';
export * from './person-undo.store.ts';
export * from './session.store.ts';
export * from './jobs.ts';
