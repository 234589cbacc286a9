// From a table as it came to one that can be compared: checked, cleaned, numbered in the order of the ids (so that the order of the
// rows does not matter), with the sounds and full forms of names and the frequencies of values.

import { counted, Problem } from '../core/index.ts';
import { id, type Duck } from '../store/index.ts';
import type { CleanColumn, LinkageSettings } from './linkage-settings.ts';
import { makeNameDependence } from './name-dependence.store.ts';
import { nicknameRoots } from './nicknames.ts';
import { phoneticKey } from './phonetic-key.ts';
import { columnsOf } from './table-columns.store.ts';
import { writeNames, type NameRow } from './typed-columns.store.ts';

/** How many records' worth of the starting u is mixed into the frequency of a value, so that small tables do not mislead. */
export const priorRecords = 1000;

export interface PreparedRecords {
  table: string;
  records: number;
  /** Prepared columns that hold nothing. */
  empty: Set<string>;
  /** Source columns that the settings read and the source does not have. */
  absent: string[];
  /** For each exact column: values held, and pairs of records that share a value. */
  values: Map<string, { filled: number; agreeingPairs: number }>;
}

/** Throws a Problem where the source cannot be linked: no such table, no id column, an empty id, an id twice. */
async function checkSource(duck: Duck, source: string, settings: LinkageSettings): Promise<string[]> {
  const columns = await columnsOf(duck, source);
  if (columns.length === 0) throw new Problem('notFound', { what: `There is no table "${source}" to link`, where: 'linkage: check', todo: 'Load the records first.' });
  if (!columns.includes(settings.idColumn)) {
    throw new Problem('badInput', { what: `The records have no column "${settings.idColumn}"`, where: source, todo: 'Name the column that holds a unique id.' });
  }
  const key = id(settings.idColumn);
  const { missing } = await duck.one<{ missing: number }>(`SELECT count(*) FILTER (WHERE ${key} IS NULL) AS missing FROM ${id(source)}`);
  if (missing > 0) throw new Problem('badInput', { what: `${counted(missing, 'record has', 'records have')} no id in "${settings.idColumn}"`, where: source, todo: 'Give every record an id.' });
  const twice = await duck.rows<{ value: string; times: number }>(`SELECT ${key}::VARCHAR AS value, count(*) AS times FROM ${id(source)} GROUP BY 1 HAVING count(*) > 1 ORDER BY 2 DESC, 1 LIMIT 1`);
  if (twice[0]) throw new Problem('badInput', { what: `The id "${twice[0].value}" stands ${twice[0].times} times in "${settings.idColumn}"`, where: source, todo: 'Give every record its own id.' });
  return columns;
}

const kinds: Record<string, string> = { birth_date: 'DATE', other_postcodes: 'VARCHAR[]', born_about: 'INTEGER' };

/** The type as which a source column is read. */
export const sourceKind = (column: string): string => kinds[column] ?? 'VARCHAR';

/** The derived columns, step by step, over a SELECT of the cleaned ones. */
export function derivedSql(settings: LinkageSettings, cleaned: string): string {
  let inner = cleaned;
  for (const step of settings.derived) inner = `SELECT *, ${step.map((column) => `${column.kind === 'number' ? column.sql : `nullif(${column.sql}, '')`} AS ${id(column.name)}`).join(', ')} FROM (${inner})`;
  return inner;
}

/** The sounds of a name's parts, and its full forms (none where it has no other form). */
export const describeName = (name: string, roots: Map<string, string[]>): NameRow => ({ name, sounds: [...new Set(name.split(' ').map((part) => phoneticKey(part) ?? part))], forms: roots.get(name) ?? [] });

/** Cleans and numbers the records into `linkage_record`. */
export async function prepareRecords(duck: Duck, source: string, settings: LinkageSettings): Promise<PreparedRecords> {
  const columns = new Set(await checkSource(duck, source, settings));
  const wanted = [...new Set(settings.clean.flatMap((column) => column.from))];
  const absent = wanted.filter((column) => !columns.has(column));
  const read = wanted.map((column) => {
    const kind = sourceKind(column);
    return columns.has(column) ? `try_cast(${id(column)} AS ${kind}) AS ${id(column)}` : `NULL::${kind} AS ${id(column)}`;
  });
  // An absent column is cleaned once, not for each record.
  const cleaned = ({ from, sql }: CleanColumn): string => (from.every((column) => !columns.has(column)) ? `(SELECT ${sql} FROM (SELECT ${from.map((column) => `NULL::${sourceKind(column)} AS ${id(column)}`).join(', ')}))` : sql);
  const dictionaries = await cleanDictionaries(duck, source, columns, settings);
  const numbers = `SELECT source_id, (row_number() OVER (ORDER BY source_id) - 1)::INTEGER AS rid FROM (SELECT ${id(settings.idColumn)}::VARCHAR AS source_id FROM ${id(source)})`;
  // What is cleaned by record is cleaned as it is read: over the rows that come out of the joins the same expressions take several times as long.
  const byRecord = settings.clean.filter(({ name }) => !dictionaries.has(name)).map((column) => `${cleaned(column)} AS ${id(`own_${column.name}`)}`);
  const asked = ['source_id', ...[...new Set(dictionaries.values())].map(id), ...byRecord];
  const outcome = settings.clean.map(({ name }) => `${dictionaries.has(name) ? `${id(`c_${name}`)}.cleaned` : `s.${id(`own_${name}`)}`} AS ${id(name)}`);
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_derived AS ${derivedSql(settings, `
    SELECT ${['n.rid', 's.source_id', ...outcome].join(', ')}
    FROM (SELECT ${asked.join(',\n      ')} FROM (SELECT ${id(settings.idColumn)}::VARCHAR AS source_id, ${read.join(', ')} FROM ${id(source)})) s
    JOIN (${numbers}) n USING (source_id)
    ${[...dictionaries].map(([name, from]) => `LEFT JOIN ${id(`linkage_clean_${name}`)} ${id(`c_${name}`)} ON ${id(`c_${name}`)}.value = s.${id(from)}`).join('\n')}`)}`);
  await dropTables(duck, [...dictionaries.keys()].map((name) => `linkage_clean_${name}`));
  await makeNameDictionary(duck, settings);
  const values = await makeFrequencies(duck, settings);
  const dependence = settings.nameDependence;
  if (dependence) await makeNameDependence(duck, dependence, settings.seed);
  const exact = [...values.keys()];
  const names = settings.names.map((name) => `, ${id(`n_${name}`)}.sounds AS ${id(`${name}_sounds`)}, ${id(`n_${name}`)}.roots AS ${id(`${name}_roots`)}, ${id(`n_${name}`)}.forms AS ${id(`${name}_forms`)}`).join('');
  const frequencies = exact.map((column) => `, ${id(`f_${column}`)}.frequency AS ${id(`${column}_frequency`)}`).join('');
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_record AS
    SELECT d.*${names}${frequencies}${dependence ? ', full_name.name_dependence' : ''} FROM linkage_derived d
    ${dependence ? `LEFT JOIN linkage_full_name full_name ON full_name.first = d.${id(dependence.first)} AND full_name.second = d.${id(dependence.second)}` : ''}
    ${settings.names.map((name) => `LEFT JOIN linkage_name ${id(`n_${name}`)} ON ${id(`n_${name}`)}.name = d.${id(name)}`).join('\n')}
    ${exact.map((column) => `LEFT JOIN ${id(`linkage_frequency_${column}`)} ${id(`f_${column}`)} ON ${id(`f_${column}`)}.value = d.${id(column)}`).join('\n')}`);
  const { records } = await duck.one<{ records: number }>('SELECT count(*) AS records FROM linkage_record');
  const empty = await findEmptyColumns(duck);
  await dropTables(duck, ['linkage_derived', 'linkage_name', 'linkage_full_name', ...exact.map((column) => `linkage_frequency_${column}`)]);
  return { table: 'linkage_record', records, empty, absent, values };
}

/** A column is cleaned by its different values where these are at most this share of its values, and by record otherwise. */
const fewValues = 0.25;

/** Makes `linkage_clean_NAME` (value, cleaned) of text columns that repeat their values. Returns the source column of each. */
async function cleanDictionaries(duck: Duck, source: string, present: Set<string>, settings: LinkageSettings): Promise<Map<string, string>> {
  const single = settings.clean.flatMap(({ name, from, sql }) => (from.length === 1 && present.has(from[0]!) && sourceKind(from[0]!) === 'VARCHAR' && sql !== from[0] ? [{ name, from: from[0]!, sql }] : []));
  if (single.length === 0) return new Map();
  const share = await duck.one<Record<string, number>>(`SELECT ${[...new Set(single.map(({ from }) => from))].map((from) => `approx_count_distinct(${id(from)}) / greatest(count(${id(from)}), 1) AS ${id(from)}`).join(', ')} FROM ${id(source)}`);
  const repeated = single.filter(({ from }) => share[from]! <= fewValues);
  for (const { name, from, sql } of repeated) {
    await duck.run(`CREATE OR REPLACE TEMP TABLE ${id(`linkage_clean_${name}`)} AS SELECT ${id(from)} AS value, ${sql} AS cleaned FROM (SELECT DISTINCT try_cast(${id(from)} AS VARCHAR) AS ${id(from)} FROM ${id(source)}) WHERE ${id(from)} IS NOT NULL`);
  }
  return new Map(repeated.map(({ name, from }) => [name, from]));
}

async function makeNameDictionary(duck: Duck, settings: LinkageSettings): Promise<void> {
  const union = settings.names.map((name) => `SELECT ${id(name)} AS name FROM linkage_derived WHERE ${id(name)} IS NOT NULL`).join(' UNION ');
  const names = union === '' ? [] : await duck.rows<{ name: string }>(`SELECT name FROM (${union}) ORDER BY name`);
  const roots = nicknameRoots(settings.nicknames);
  await writeNames(
    duck,
    'linkage_name',
    names.map(({ name }) => describeName(name, roots)),
  );
}

/**
 * The frequency of each value among the other records: the pair itself is left out, half a record is added, and `priorRecords` of the
 * starting u are mixed in. As a logarithm to base 2.
 */
async function makeFrequencies(duck: Duck, settings: LinkageSettings): Promise<PreparedRecords['values']> {
  const values: PreparedRecords['values'] = new Map();
  for (const level of settings.comparisons.flatMap((comparison) => comparison.levels)) {
    const column = level.exactOn;
    if (column === undefined || values.has(column)) continue;
    const table = `linkage_frequency_${column}`;
    await duck.run(`CREATE OR REPLACE TEMP TABLE ${id(table)} AS
      SELECT value, n, log2((greatest(n - 2, 0) + 0.5 + ${priorRecords * level.u}) / (sum(n) OVER () + ${priorRecords}))::FLOAT AS frequency
      FROM (SELECT ${id(column)} AS value, count(*) AS n FROM linkage_derived WHERE ${id(column)} IS NOT NULL GROUP BY 1)`);
    values.set(column, await duck.one(`SELECT coalesce(sum(n), 0)::DOUBLE AS filled, coalesce(sum(n * (n - 1) // 2), 0)::DOUBLE AS "agreeingPairs" FROM ${id(table)}`));
  }
  return values;
}

async function findEmptyColumns(duck: Duck): Promise<Set<string>> {
  const columns = await columnsOf(duck, 'linkage_record');
  const counts = await duck.one<Record<string, number>>(`SELECT ${columns.map((name) => `count(${id(name)}) AS ${id(name)}`).join(', ')} FROM linkage_record`);
  return new Set(Object.keys(counts).filter((name) => counts[name] === 0));
}

/** Drops every temporary table that linkage has made. */
export async function dropWorkingTables(duck: Duck): Promise<void> {
  const tables = await duck.rows<{ name: string }>("SELECT table_name AS name FROM duckdb_tables() WHERE temporary AND starts_with(table_name, 'linkage_')");
  await dropTables(duck, tables.map(({ name }) => name));
}

async function dropTables(duck: Duck, tables: string[]): Promise<void> {
  for (const table of tables) await duck.run(`DROP TABLE IF EXISTS ${id(table)}`);
}
