// SQL of one live search, for what is not worked out without the engine: the query cleaned as a record is, the keys by which it finds records,
// and its comparison with the candidates. Most of the time goes into setting up expressions, not into working them out. So each statement
// is made for the columns that a query gives, and is kept: whatever comes of the others alone is NULL in the statement itself, which the
// engine then folds away.

import { id } from '../store/index.ts';
import { comparePairsSql, patternPlaces } from './compare-pairs.sql.ts';
import type { LinkageSettings } from './linkage-settings.ts';
import { fieldEnd, fieldSql, fullNameHashSql, keyHashSql, typedSql, valueEnd, type IndexColumn, type SearchKey } from './match-index.sql.ts';
import { derivedSql, sourceKind } from './prepare-records.store.ts';

/** Columns of the source that a query may fill, in the order of the parameters. */
export const queryInputs = (settings: LinkageSettings): string[] => [...new Set(settings.clean.flatMap((column) => column.from))];

/** The prepared columns that the given ones may fill: every other is NULL. An expression counts as made from each column whose name stands in it. */
export function filledColumns(settings: LinkageSettings, given: readonly string[]): Set<string> {
  const filled = new Set(settings.clean.filter(({ from }) => from.some((column) => given.includes(column))).map(({ name }) => name));
  for (const step of settings.derived) for (const { name } of step.filter(({ sql }) => [...filled].some((column) => sql.includes(column)))) filled.add(name);
  for (const name of settings.names.filter((column) => filled.has(column))) for (const kind of ['sounds', 'roots', 'forms']) filled.add(`${name}_${kind}`);
  const whole = settings.nameDependence;
  if (whole && filled.has(whole.first) && filled.has(whole.second)) filled.add('name_dependence');
  return filled;
}

/** Letters of every script, as plain letters: the same for text in plain letters, and compiled in a tenth of the time. */
const plainLetters = (sql: string): string =>
  sql.replace(/\[[^\]]*\]/g, (set) => set.replaceAll('\\p{L}', 'A-Za-z').replaceAll('\\p{M}', '')).replaceAll('\\p{L}', '[A-Za-z]');

/** The columns that come of a query's cleaning by the engine, of those that are read. */
export function cleanedColumns(settings: LinkageSettings, columns: IndexColumn[], read: ReadonlySet<string>): IndexColumn[] {
  const made = new Set([...settings.clean, ...settings.derived.flat()].map(({ name }) => name));
  return columns.filter(({ name }) => made.has(name) && read.has(name));
}

/** Each of `wanted` as text. The parameters $p0, $p1 … are the source's `given` columns as text, list values parted. */
export function cleanQuerySql(settings: LinkageSettings, columns: IndexColumn[], given: readonly string[], wanted: IndexColumn[], plain: boolean): string {
  const filled = filledColumns(settings, given);
  const types = new Map(columns.map(({ name, type }) => [name, type]));
  const orNull = (name: string, sql: string) => (filled.has(name) ? sql : `NULL::${types.get(name) ?? 'VARCHAR'}`);
  const bound = given.map((_, i) => `$p${i}::VARCHAR AS p${i}`);
  const read = queryInputs(settings).map((column) => {
    const kind = sourceKind(column);
    const place = given.indexOf(column);
    const value = place < 0 ? `NULL::${kind}` : kind.endsWith('[]') ? `str_split(p${place}, '${valueEnd}')::${kind}` : `try_cast(p${place} AS ${kind})`;
    return `${value} AS ${id(column)}`;
  });
  const clean = settings.clean.map(({ name, sql }) => `${orNull(name, sql)} AS ${id(name)}`);
  const derived = settings.derived.map((step) => step.map((column) => (filled.has(column.name) ? column : { name: column.name, sql: orNull(column.name, ''), kind: 'number' as const })));
  // Bound apart: the engine makes a new plan for each query where a parameter stands inside some expressions.
  const sql = `WITH bound AS (SELECT ${bound.join(', ') || 'NULL AS p'}), given AS (SELECT ${read.join(', ')} FROM bound), cleaned AS (SELECT ${clean.join(', ')} FROM given), made AS (${derivedSql({ ...settings, derived }, 'SELECT * FROM cleaned')})
  SELECT ${wanted.map(fieldSql).join(', ') || 'NULL AS nothing'} FROM made`;
  return plain ? plainLetters(sql) : sql;
}

/** The query's columns, of the parameters $q0, $q1 …: the text of each of `bound`, in its order. */
const queryRecordSql = (bound: IndexColumn[], as: (name: string) => string): string =>
  `SELECT ${bound.map((column, i) => typedSql(`q${i}`, column, as(column.name))).join(', ')} FROM (SELECT ${bound.map((_, i) => `$q${i}::VARCHAR AS q${i}`).join(', ')})`;

/** The hash of the full name, and one column for each key: its hash, a list's hashes, or NULL. A year of birth without a date also finds the years beside it, in rows of their own. */
export function queryKeysSql(settings: LinkageSettings, keys: SearchKey[], columns: IndexColumn[], bound: IndexColumn[]): string {
  const names = new Set(columns.map(({ name }) => name));
  const years = names.has('birth_year') && names.has('birth');
  const others = columns.filter((column) => !bound.includes(column)).map(({ name, type }) => `NULL::${type} AS ${id(name)}`);
  const record = `(SELECT ${['*', ...others].join(', ')} FROM (${queryRecordSql(bound, (name) => name)}))`;
  const shifted = years ? `(SELECT * REPLACE (birth_year + shift AS birth_year) FROM (SELECT *, unnest(CASE WHEN birth IS NULL AND birth_year IS NOT NULL THEN [0, -1, 1] ELSE [0] END) AS shift FROM ${record}))` : record;
  const has = (key: SearchKey) => bound.some(({ name }) => key.sql.includes(name));
  const hashes = keys.map((key, index) => {
    if (!has(key)) return 'NULL';
    const hashOf = (value: string) => `CASE WHEN ${value} IS NOT NULL THEN ${keyHashSql(index, value)} END`;
    return key.list ? `list_transform(v${index}, lambda v: ${hashOf('v')})` : hashOf(`v${index}`);
  });
  const values = keys.flatMap((key, index) => (has(key) ? [`${key.sql} AS v${index}`] : []));
  return `SELECT ${['full_name', ...hashes].join(', ')} FROM (SELECT ${[`${fullNameHashSql(settings)} AS full_name`, ...values].join(', ')} FROM ${shifted})`;
}

/** l (the record's number), pattern, frequency of a query against candidates, whose lines $lines has. The query stands on the right. */
export function compareQuerySql(settings: LinkageSettings, columns: IndexColumn[], queryColumns: IndexColumn[], bound: IndexColumn[]): string {
  const compared = queryColumns.filter(({ name }) => columns.some((column) => column.name === name));
  const absent = new Map(compared.filter((column) => !bound.includes(column)).map(({ name, type }) => [name, type]));
  const lines = `SELECT ${columns.map((column, i) => typedSql(`f[${i + 1}]`, column, column.name === 'rid' ? 'l' : `l_${column.name}`)).join(', ')} FROM (SELECT str_split(unnest(str_split($lines, chr(10))), '${fieldEnd}') AS f)`;
  const sides = `(SELECT *, -1 AS r FROM (${lines}) CROSS JOIN (${queryRecordSql(bound, (name) => `r_${name}`)}))`;
  return `SELECT l, pattern::DOUBLE AS pattern, frequency FROM (${comparePairsSql({ sides, absent }, patternPlaces(settings.comparisons), settings.nameDependence)})`;
}
