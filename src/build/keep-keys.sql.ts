// The tables of the snapshot before, from which keys go on. Views over its files; empty tables where it has no events yet.

import { eventTablesSql } from '../linkage/index.ts';
import { text } from '../store/index.ts';

const fileViewSql = (name: string, path: string): string => `CREATE OR REPLACE VIEW ${name} AS FROM read_parquet(${text(path)})`;

/** The view person_before; the tables or views person_event_before and person_event_record_before. */
export function keysBeforeSql(files: { people: string; events?: string; eventRecords?: string }): string {
  const { people, events, eventRecords } = files;
  const held = events && eventRecords ? [fileViewSql('person_event_before', events), fileViewSql('person_event_record_before', eventRecords)] : [eventTablesSql('person_event_before', 'person_event_record_before')];
  return [fileViewSql('person_before', people), ...held].join('; ');
}

/** The table record_changed (source_id): records that both have, with other content. */
export const changedRecordsSql = (path: string): string => `
  CREATE OR REPLACE TABLE record_changed AS
  SELECT source_id FROM (SELECT source_id, hash(r) AS content FROM source_record r) n JOIN (SELECT source_id, hash(r) AS content FROM read_parquet(${text(path)}) r) b USING (source_id)
  WHERE n.content <> b.content`;
