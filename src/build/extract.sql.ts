// The tables of an extract as SQL, over a snapshot's identified zone: the rows of the feeds that clauses give, with each column empty where its feed
// may not fill it, under the pseudonyms of one purpose, in the order of these pseudonyms.

import { formulaRule } from '../core/index.ts';
import { id, readParquetSql, text } from '../store/index.ts';
import { placeColumns, type ExtractTable } from './extract-columns.ts';
import { addressKeySql, commonestSql, isAddressSql, postcodeAreaSql } from './people.sql.ts';
import type { ExtractPlan, PlannedColumn } from './plan-extract.ts';
import { commonOutcomeSql, openPlaceSql, pseudonymousEventSql, pseudonymousPlaceSql } from './pseudonymise.sql.ts';
import { purposePseudonymSql } from './purpose-pseudonym.sql.ts';

/** Tables of the identified zone that an extract is made of; each is a view held_NAME. */
export const extractSources = ['mention', 'event', 'place'] as const;

export const heldSql = (name: (typeof extractSources)[number], path: string): string => `CREATE VIEW held_${name} AS SELECT * FROM ${readParquetSql(path)}`;

const within = (feeds: readonly string[]): string => (feeds.length === 0 ? 'false' : `feed IN (${feeds.map(text).join(', ')})`);
const feedsOf = (columns: readonly PlannedColumn[] | undefined, name: string): readonly string[] => columns?.find((column) => column.name === name)?.feeds ?? [];

/** Statements, one after another, that make what `extractSql` reads. Need the blocks of the purpose's key to be set. */
export function prepareExtractSql({ tables, published }: ExtractPlan, { relationSql }: { relationSql: string }): string[] {
  const placeFeeds = [...new Set([...placeColumns.flatMap((name) => feedsOf(tables.event, name)), ...feedsOf(tables.place, 'place_id')])];
  const personFeeds = [...new Set([...feedsOf(tables.person, 'person_id'), ...feedsOf(tables.involvement, 'person_id')])];
  const eventFeeds = [...new Set([...feedsOf(tables.event, 'event_id'), ...placeFeeds])];
  return [
    `CREATE VIEW located_place AS SELECT * FROM held_place; ${postcodeAreaSql} DROP VIEW located_place`,
    `CREATE TABLE event AS SELECT * FROM held_event WHERE ${within(eventFeeds)}`,
    // A place as another agency's register tells it is not given with the events that were there.
    `CREATE TABLE located_place AS SELECT * FROM held_place WHERE ${within([...new Set([...placeFeeds, ...published])])} AND place_id IN (SELECT place_id FROM event WHERE ${within(placeFeeds)})`,
    openPlaceSql(purposePseudonymSql('place_id', 'place')),
    `CREATE TABLE classification AS ${relationSql}`,
    commonOutcomeSql,
    `CREATE TABLE person_pseudonym AS SELECT person_key, ${purposePseudonymSql('person_key', 'person')} AS person_id FROM (SELECT DISTINCT person_key FROM held_mention WHERE person_key IS NOT NULL AND ${within(personFeeds)})`,
  ];
}

/** The rows of one table. */
export function extractSql(table: ExtractTable, columns: readonly PlannedColumn[], demandSql: string): string {
  switch (table) {
    case 'person':
      return personSql(columns);
    case 'involvement':
      return `SELECT DISTINCT ${purposePseudonymSql('m.event_id', 'event')} AS event_id, p.person_id, m.role, m.agency
        FROM held_mention m JOIN person_pseudonym p USING (person_key) WHERE m.event_id IS NOT NULL AND ${within(feedsOf(columns, 'person_id'))} ORDER BY ALL`;
    case 'event': {
      const values = columns.map(({ name, feeds }) => `CASE WHEN ${within(feeds)} THEN ${id(name)} END AS ${id(name)}`);
      return `SELECT ${values.join(', ')} FROM (${pseudonymousEventSql(demandSql, purposePseudonymSql('e.event_id', 'event'))}) WHERE ${within(feedsOf(columns, 'event_id'))} ORDER BY event_id`;
    }
    case 'place':
      return `SELECT ${columns.map(({ name }) => id(name)).join(', ')} FROM (${pseudonymousPlaceSql()}) ORDER BY place_id`;
  }
}

/** What most of a person's mentions in these feeds give. */
const commonestIn = (column: string, feeds: readonly string[]): string => commonestSql({ column, from: 'held_mention', where: `person_key IS NOT NULL AND ${within(feeds)}` });

const householdOfSql = (feeds: readonly string[]): string => `
  SELECT person_key, ${purposePseudonymSql(addressKeySql('address', 'postcode'), 'household')} AS value
  FROM (${commonestIn('address', feeds)}) LEFT JOIN (${commonestIn('postcode', feeds)}) USING (person_key)
  WHERE ${isAddressSql('address')}`;

const ofPerson: Record<string, (feeds: readonly string[]) => string> = {
  birth_year: (feeds) => `SELECT person_key, year(birth_date)::SMALLINT AS value FROM (${commonestIn('birth_date', feeds)})`,
  sex: (feeds) => `SELECT person_key, sex AS value FROM (${commonestIn('sex', feeds)})`,
  ethnicity: (feeds) => `SELECT person_key, ethnicity AS value FROM (${commonestIn('ethnicity', feeds)})`,
  area_code: (feeds) => `SELECT person_key, area_code AS value FROM (${commonestIn('postcode', feeds)}) JOIN postcode_area USING (postcode)`,
  household_id: householdOfSql,
};

function personSql(columns: readonly PlannedColumn[]): string {
  const told = columns.filter(({ name }) => name !== 'person_id');
  const joins = told.map(({ name, feeds }) => `LEFT JOIN (${ofPerson[name]!(feeds)}) ${id(`of_${name}`)} USING (person_key)`);
  return `SELECT ${['s.person_id', ...told.map(({ name }) => `${id(`of_${name}`)}.value AS ${id(name)}`)].join(', ')} FROM person_pseudonym s ${joins.join('\n')} ORDER BY s.person_id`;
}

export const writeParquetSql = (select: string, path: string): string => `COPY (${select}) TO ${text(path)} (FORMAT parquet, COMPRESSION zstd)`;

/** A cell as every CSV of Headwater has it: one that a spreadsheet would run gets an apostrophe before it. */
export const csvCellSql = (value: string): string => `CASE WHEN regexp_matches(${value}, ${text(formulaRule.start)}) AND NOT regexp_matches(${value}, ${text(formulaRule.number)}) THEN '''' || ${value} ELSE ${value} END`;

/** The same rows in the same order; a list is written with semicolons. */
export function writeCsvSql(parquet: string, path: string, columns: readonly Pick<PlannedColumn, 'name'>[]): string {
  const cells = columns.map(({ name }) => (name === 'flags' ? `array_to_string(flags, ';') AS flags` : `${id(name)}::VARCHAR AS ${id(name)}`));
  const safe = columns.map(({ name }) => `${csvCellSql(id(name))} AS ${id(name)}`);
  return `COPY (SELECT ${safe.join(', ')} FROM (SELECT ${cells.join(', ')} FROM read_parquet(${text(parquet)}))) TO ${text(path)} (FORMAT csv, HEADER true)`;
}

export const countRowsSql = (parquet: string): string => `SELECT count(*) AS n FROM read_parquet(${text(parquet)})`;
