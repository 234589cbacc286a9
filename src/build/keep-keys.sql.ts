// The tables of the snapshot before, from which keys go on. Views over its files; empty tables where it has no events yet.

import { eventTablesSql, withUndoesSql } from '../linkage/index.ts';
import { readParquetSql } from '../store/index.ts';

const fileViewSql = (name: string, path: string): string => `CREATE OR REPLACE VIEW ${name} AS FROM ${readParquetSql(path)}`;

interface EventFiles {
  events?: string | undefined;
  eventRecords?: string | undefined;
}

/** Views, or empty tables, of the events and their records. */
export const eventViewsSql = (eventsName: string, recordsName: string, { events, eventRecords }: EventFiles): string =>
  events && eventRecords ? `${withUndoesSql(fileViewSql(eventsName, events))}; ${fileViewSql(recordsName, eventRecords)}` : eventTablesSql(eventsName, recordsName);

/** The people of the snapshot, or nobody. */
export const peopleViewSql = (name: string, path: string | undefined): string => (path ? fileViewSql(name, path) : `CREATE OR REPLACE TABLE ${name} (source_id VARCHAR, person_key VARCHAR)`);

/** The view person_before; person_event_before and person_event_record_before. */
export const keysBeforeSql = (files: EventFiles & { people: string }): string => `${fileViewSql('person_before', files.people)}; ${eventViewsSql('person_event_before', 'person_event_record_before', files)}`;

/** The table record_changed (source_id): records that both have, with other content. */
export const changedRecordsSql = (path: string): string => `
  CREATE OR REPLACE TABLE record_changed AS
  SELECT source_id FROM (SELECT source_id, hash(r) AS content FROM source_record r) n JOIN (SELECT source_id, hash(r) AS content FROM ${readParquetSql(path)} r) b USING (source_id)
  WHERE n.content <> b.content`;
