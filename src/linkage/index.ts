// Linkage: which records of which agencies are one person, how sure that is, and how well it was done.
export * from './linkage-settings.ts';
export * from './person-settings.sql.ts';
export * from './person-comparisons.sql.ts';
export * from './source-record.store.ts';
export * from './link-records.ts';
export * from './link-decisions.ts';
export * from './person-keys.store.ts';
export { eventTablesSql, type KeysBefore } from './person-keys.sql.ts';
export * from './score-linkage.ts';
export * from './dedupe-files.ts';
export type { ColumnRole, RecognisedColumn } from './recognise-columns.ts';
export type { ScoreTables } from './score-linkage.sql.ts';
export type { DecisionReport } from './link-decision-numbers.store.ts';
export type { BlockingReport } from './blocking.store.ts';
