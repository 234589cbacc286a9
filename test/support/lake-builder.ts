// A small pseudonymised lake in memory, for tests of questions and pages: rows as given, or a made-up county of 12 areas and 24 months.
// Fixed defaults and a seeded generator: the same call gives the same lake. Nothing in it is a real place or person.

import type { LakeReader } from '../../src/core/index.ts';
import { createLakeLimiter, id, openDuck, type Duck } from '../../src/store/index.ts';
import { derivedTables } from '../../src/understand/index.ts';

type Value = string | number | boolean | null | string[];
export type LakeRow = Record<string, Value>;

const columns = {
  event: `event_id VARCHAR, feed VARCHAR, agency VARCHAR, kind VARCHAR, category VARCHAR, demand_type VARCHAR, flags VARCHAR[], started_at TIMESTAMP, month DATE,
    weekday TINYINT, hour TINYINT, reported_at TIMESTAMP, time_precision VARCHAR, opening_code VARCHAR, closing_code VARCHAR, place_id VARCHAR, area_code VARCHAR, cell VARCHAR,
    longitude DOUBLE, latitude DOUBLE, grade VARCHAR, minutes DOUBLE, harm_days DOUBLE, outcome VARCHAR`,
  person: 'person_id VARCHAR, birth_year SMALLINT, sex VARCHAR, ethnicity VARCHAR, area_code VARCHAR, household_id VARCHAR',
  involvement: 'event_id VARCHAR, person_id VARCHAR, role VARCHAR, agency VARCHAR',
  place: 'place_id VARCHAR, kind VARCHAR, name VARCHAR, area_code VARCHAR, cell VARCHAR, longitude DOUBLE, latitude DOUBLE',
  area: `area_code VARCHAR, area_name VARCHAR, ward_code VARCHAR, ward_name VARCHAR, authority_code VARCHAR, authority_name VARCHAR, population INTEGER,
    deprivation_score DOUBLE, deprivation_decile INTEGER, longitude DOUBLE, latitude DOUBLE, geometry VARCHAR`,
  feed_quality: `feed VARCHAR, agency VARCHAR, cadence VARCHAR, files INTEGER, rows INTEGER, accepted INTEGER, quarantined INTEGER, repeated INTEGER, superseded INTEGER,
    first_date DATE, last_date DATE, last_loaded_at TIMESTAMP`,
  column_quality: 'feed VARCHAR, column_name VARCHAR, label VARCHAR, filled INTEGER, rows INTEGER',
  quarantine_reason: 'feed VARCHAR, column_name VARCHAR, reason VARCHAR, rows INTEGER',
  linkage_quality: 'group_kind VARCHAR, group_name VARCHAR, records INTEGER, people INTEGER, true_pairs INTEGER, found_pairs INTEGER, correct_pairs INTEGER, recall_low DOUBLE, recall_high DOUBLE, precision_low DOUBLE, precision_high DOUBLE, unlinkable_records INTEGER, single_agency_people INTEGER',
  linkage_settled_quality: 'group_kind VARCHAR, group_name VARCHAR, settled_same INTEGER, linked_same INTEGER, settled_different INTEGER, linked_different INTEGER',
} as const;

export type LakeTable = keyof typeof columns;
export type LakeRows = Partial<Record<LakeTable, LakeRow[]>>;

export interface TestLake extends LakeReader {
  duck: Duck;
  forFeeds: NonNullable<LakeReader['forFeeds']>;
  close(): void;
}

const snapshot = { id: 'a1b2c3d4e5f6', builtAt: '2025-01-10T06:00:00.000Z', dataTo: '2024-12-31' };

/** A lake that holds the given rows (a missing column is NULL) and the tables that questions derive from them. */
export async function openTestLake(rows: LakeRows): Promise<TestLake> {
  const duck = await openDuck({ memoryLimit: '1GB' });
  for (const table of Object.keys(columns) as LakeTable[]) {
    await duck.run(`CREATE TABLE ${id(table)} (${columns[table]})`);
    await insert(duck, table, rows[table] ?? []);
  }
  await deriveTables(duck);
  return lakeOver(duck);
}

/** Makes the tables that questions derive, over a connection that has the pseudonymised tables. */
export async function deriveTables(duck: Duck): Promise<void> {
  for (const { name, sql } of derivedTables) await duck.run(`CREATE OR REPLACE TABLE ${id(name)} AS ${sql}`);
}

/** A LakeReader over a connection that has the tables already. */
export async function lakeOver(duck: Duck): Promise<TestLake> {
  const names = new Set((await duck.rows<{ name: string }>('SELECT table_name AS name FROM information_schema.tables')).map(({ name }) => name));
  const whole: LakeReader = { snapshot, hasTable: (name) => names.has(name), rows: (sql, params) => duck.rows(sql, params as Parameters<Duck['rows']>[1]) };
  const limiter = createLakeLimiter(duck, whole);
  return {
    ...whole,
    duck,
    forFeeds: (limits) => limiter.forFeeds(limits),
    close: () => {
      limiter.close();
      duck.close();
    },
  };
}

async function insert(duck: Duck, table: LakeTable, rows: LakeRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += 5000) {
    const part = JSON.stringify(rows.slice(start, start + 5000));
    const struct = columns[table].split(',').map((column) => column.trim().split(' '));
    const shape = JSON.stringify([Object.fromEntries(struct.map(([name, type]) => [name, type === 'VARCHAR[]' ? ['VARCHAR'] : type]))]);
    await duck.run(`INSERT INTO ${id(table)} SELECT row.* FROM (SELECT unnest(from_json($part, $shape)) AS row)`, { part, shape });
  }
}
