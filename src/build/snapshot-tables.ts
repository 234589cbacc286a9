// Which tables a snapshot holds, zone by zone. Derived tables are made from the pseudonymised tables alone.

import type { DerivedTable } from '../core/index.ts';
import { id, type Duck, type TableToWrite } from '../store/index.ts';
import { commonOutcomeSql, pseudonymousEventSql, pseudonymousInvolvementSql, pseudonymousPersonSql, pseudonymousPlaceSql, pseudonymTablesSql, setKeySql } from './pseudonymise.sql.ts';

export interface SnapshotOptions {
  key: string;
  demandSql: string;
  derived: readonly DerivedTable[];
}

const identified: TableToWrite[] = [
  { zone: 'identified', name: 'person', sql: 'SELECT * FROM person ORDER BY person_key' },
  { zone: 'identified', name: 'household', sql: 'SELECT * FROM household ORDER BY household_key, person_key' },
  { zone: 'identified', name: 'mention', sql: 'SELECT * FROM linked_mention ORDER BY mention_id' },
  { zone: 'identified', name: 'event', sql: 'SELECT * FROM event ORDER BY event_id' },
  { zone: 'identified', name: 'place', sql: 'SELECT * FROM located_place ORDER BY place_id' },
  { zone: 'identified', name: 'relation', sql: 'SELECT * FROM relation ORDER BY ALL' },
  { zone: 'identified', name: 'source_record', sql: 'SELECT * FROM source_record ORDER BY source_id' },
  { zone: 'identified', name: 'source_person', sql: 'SELECT * FROM source_person ORDER BY source_id' },
  { zone: 'identified', name: 'link_pair', sql: 'SELECT * FROM link_pair ORDER BY pair_id' },
  { zone: 'identified', name: 'link_queue', sql: 'SELECT * FROM link_queue ORDER BY place' },
  { zone: 'identified', name: 'person_event', sql: 'SELECT * FROM person_event ORDER BY event_id' },
  { zone: 'identified', name: 'linkage_model', sql: 'SELECT * FROM linkage_model' },
  { zone: 'identified', name: 'person_event_record', sql: 'SELECT * FROM person_event_record ORDER BY ALL' },
];

const quality = ['feed_quality', 'column_quality', 'quarantine_reason', 'linkage_quality', 'linkage_level', 'linkage_weight_count', 'linkage_unlinkable', 'linkage_completeness', 'linkage_common_value', 'linkage_summary'];

/** Makes the pseudonymised tables under the schema "open" in the build's database, and lists what to write. */
export async function tablesToWrite(duck: Duck, { key, demandSql, derived }: SnapshotOptions): Promise<TableToWrite[]> {
  const pseudonymised: Record<string, string> = {
    person: pseudonymousPersonSql(),
    involvement: pseudonymousInvolvementSql(),
    event: pseudonymousEventSql(demandSql),
    place: pseudonymousPlaceSql(),
    area: 'SELECT * FROM main.area ORDER BY area_code',
    ...Object.fromEntries(quality.map((name) => [name, `SELECT * FROM main.${id(name)} ORDER BY ALL`])),
  };
  await duck.run(setKeySql, { key });
  await duck.run(pseudonymTablesSql());
  await duck.run(commonOutcomeSql);
  await duck.run('CREATE SCHEMA open');
  for (const [name, sql] of Object.entries(pseudonymised)) await duck.run(`CREATE TABLE open.${id(name)} AS ${sql}`);
  await duck.run(`SET search_path = 'open'`);
  for (const { name, sql } of derived) await duck.run(`CREATE TABLE open.${id(name)} AS ${sql}`);
  await duck.run(`SET search_path = 'main'`);
  const names = [...Object.keys(pseudonymised), ...derived.map(({ name }) => name)];
  return [...identified, ...names.map((name): TableToWrite => ({ zone: 'pseudonymised', name, sql: `SELECT * FROM open.${id(name)}` }))];
}
