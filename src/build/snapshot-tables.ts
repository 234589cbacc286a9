// Which tables a snapshot holds, zone by zone, and the tasks that make and write them. What is made of events and places alone needs no people,
// so it is made while records are linked. Derived tables are made from the pseudonymised tables alone.

import type { DerivedTable } from '../core/index.ts';
import { id, text, type Duck, type SnapshotWriter, type TableToWrite, type Zone } from '../store/index.ts';
import type { BuildTask } from './build-tasks.ts';
import { commonOutcomeSql, openPlaceSql, personPseudonymSql, pseudonymousEventSql, pseudonymousInvolvementSql, pseudonymousPersonSql, pseudonymousPlaceSql } from './pseudonymise.sql.ts';

export interface SnapshotTablesOf {
  writer: SnapshotWriter;
  demandSql: string;
  derived: readonly DerivedTable[];
}

/** A table of the identified zone, and the task after which it can be written. Those that were made in order are read in it, and need no sorting again. */
interface Identified {
  name: string;
  after?: 'linkage' | 'people';
  sql: string;
}

const identified: readonly Identified[] = [
  { name: 'person', after: 'people', sql: 'SELECT * FROM person' },
  { name: 'household', after: 'people', sql: 'SELECT * FROM household' },
  { name: 'mention', after: 'people', sql: 'SELECT * FROM linked_mention ORDER BY mention_id' },
  { name: 'event', sql: 'SELECT * FROM event ORDER BY event_id' },
  { name: 'place', sql: 'SELECT * FROM located_place ORDER BY place_id' },
  { name: 'relation', sql: 'SELECT * FROM relation ORDER BY ALL' },
  { name: 'source_record', after: 'linkage', sql: 'SELECT * FROM source_record' },
  { name: 'source_person', after: 'linkage', sql: 'SELECT * FROM source_person ORDER BY source_id' },
  { name: 'link_pair', after: 'linkage', sql: 'SELECT * FROM link_pair ORDER BY pair_id' },
  { name: 'link_queue', after: 'linkage', sql: 'SELECT * FROM link_queue ORDER BY place' },
  { name: 'person_event', after: 'linkage', sql: 'SELECT * FROM person_event ORDER BY event_id' },
  { name: 'linkage_model', after: 'linkage', sql: 'SELECT * FROM linkage_model' },
  { name: 'person_event_record', after: 'linkage', sql: 'SELECT * FROM person_event_record ORDER BY ALL' },
];

/** A table of the pseudonymised zone. */
interface Pseudonymised {
  name: string;
  needs: readonly string[];
  sql: string;
  /** Made over the pseudonymised tables. */
  derived?: boolean;
  passing?: boolean;
}

const feedQuality = ['feed_quality', 'column_quality', 'quarantine_reason'];
const linkageQuality = ['linkage_quality', 'linkage_settled_quality', 'linkage_level', 'linkage_weight_count', 'linkage_training', 'linkage_unlinkable', 'linkage_completeness', 'linkage_common_value', 'linkage_summary'];
const asItIs = (name: string, needs: readonly string[] = []): Pseudonymised => ({ name, needs, sql: `SELECT * FROM main.${id(name)} ORDER BY ALL` });

const taskOf = (zone: Zone, name: string): string => `${zone} ${name}`;
const make = (name: string): string => `make ${name}`;

function pseudonymisedTables({ demandSql, derived }: SnapshotTablesOf): Pseudonymised[] {
  const chain = (of: DerivedTable['of']) => derived.filter((table) => table.of === of);
  const start: Record<DerivedTable['of'], string[]> = { events: ['event', 'place', 'area'].map(make), people: ['person', 'involvement', ...chain('events').map(({ name }) => name)].map(make) };
  const inOrder = (of: DerivedTable['of']): Pseudonymised[] =>
    chain(of).map(({ name, sql, passing }, index, all) => ({ name, sql, derived: true, ...(passing ? { passing } : {}), needs: index === 0 ? start[of] : [make(all[index - 1]!.name)] }));
  return [
    { name: 'place', needs: ['open places'], sql: pseudonymousPlaceSql() },
    { name: 'event', needs: ['open places', 'common outcomes'], sql: pseudonymousEventSql(demandSql) },
    { name: 'area', needs: [], sql: 'SELECT * FROM main.area ORDER BY area_code' },
    ...inOrder('events'),
    { name: 'person', needs: ['people', 'person pseudonyms'], sql: pseudonymousPersonSql() },
    { name: 'involvement', needs: ['people', 'person pseudonyms'], sql: pseudonymousInvolvementSql() },
    ...inOrder('people'),
    ...feedQuality.map((name) => asItIs(name)),
    ...linkageQuality.map((name) => asItIs(name, ['linkage'])),
  ];
}

/** Every table that the snapshot holds, in the order of its manifest. */
export function tablesOfSnapshot(options: SnapshotTablesOf): { zone: Zone; name: string }[] {
  return [
    ...identified.map(({ name }) => ({ zone: 'identified' as const, name })),
    ...pseudonymisedTables(options).filter(({ passing }) => !passing).map(({ name }) => ({ zone: 'pseudonymised' as const, name })),
  ];
}

/** The tasks that make and write every table, the first to begin first. They need the tasks `linkage` and `people`, the schema "open" and the pseudonyms' key. */
export function snapshotTasks(options: SnapshotTablesOf): BuildTask[] {
  const tables = pseudonymisedTables(options);
  return [
    { name: 'open places', needs: [], run: (duck) => duck.run(openPlaceSql()) },
    { name: 'common outcomes', needs: [], run: (duck) => duck.run(commonOutcomeSql) },
    { name: 'person pseudonyms', needs: ['people'], run: (duck) => duck.run(personPseudonymSql()) },
    ...tables.map((table): BuildTask => ({ name: make(table.name), needs: table.needs, run: (duck) => makeOpenTable(duck, table, options.writer) })),
    ...identified.map(({ name, after, sql }): BuildTask => ({ name: taskOf('identified', name), needs: after ? [after] : [], run: (duck) => options.writer.write(duck, { zone: 'identified', name, sql }) })),
  ];
}

/** Tables that are read column by column from their file: making them in the database too would write millions of rows twice. */
const readFromFile: readonly string[] = ['event', 'involvement'];

async function makeOpenTable(duck: Duck, { name, sql, derived, passing }: Pseudonymised, writer: SnapshotWriter): Promise<void> {
  const table: TableToWrite = { zone: 'pseudonymised', name, sql };
  if (readFromFile.includes(name)) {
    const path = await writer.write(duck, table);
    return duck.run(`CREATE VIEW open.${id(name)} AS FROM read_parquet(${text(path)})`);
  }
  if (derived) await duck.run(`SET search_path = 'open'`);
  await duck.run(`CREATE TABLE open.${id(name)} AS ${sql}`);
  if (derived) await duck.run(`SET search_path = 'main'`);
  if (!passing) await writer.write(duck, { ...table, sql: `SELECT * FROM open.${id(name)}` });
}
