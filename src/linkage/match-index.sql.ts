// SQL of the live search: a record as one line of text, the keys by which it is found, and the comparison of one query with its
// candidates by the engine's own statement. Fields are parted by a unit separator, values of a list by a record separator, candidates by a
// group separator; a cancel sign stands for NULL.

import { id, text } from '../store/index.ts';
import { comparePairsSql, patternPlaces } from './compare-pairs.sql.ts';
import type { LinkageSettings } from './linkage-settings.ts';
import { derivedSql, sourceKind } from './prepare-records.store.ts';

export const fieldEnd = '\u001f';
export const valueEnd = '\u001e';
export const recordEnd = '\u001d';
export const noValue = '\u0018';

export interface IndexColumn {
  name: string;
  /** The engine's type, such as VARCHAR, INTEGER or VARCHAR[]. */
  type: string;
}

/** A key by which records are found. Keys of one group say the same thing more or less exactly, so that only the best counts. */
export interface SearchKey {
  sql: string;
  list: boolean;
  group: string;
  needs: string[];
}

const isList = (column: IndexColumn): boolean => column.type.endsWith('[]');

function fieldSql(column: IndexColumn): string {
  const value = isList(column) ? `nullif(array_to_string(${id(column.name)}, '${valueEnd}'), '')` : `${id(column.name)}::VARCHAR`;
  return `coalesce(${value}, '${noValue}')`;
}

const joinSql = (fields: string[]): string => `translate(concat_ws('${fieldEnd}', ${fields.join(', ')}), chr(10) || chr(13), '  ')`;

/** One line of text per record. Line ends inside a value become spaces. */
export const lineSql = (columns: IndexColumn[]): string => joinSql(columns.map(fieldSql));

/** The typed columns of one line, split into the list `f`. */
function typedSql(columns: IndexColumn[], list = 'f'): string {
  return columns
    .map((column, i) => {
      const field = `nullif(${list}[${i + 1}], '${noValue}')`;
      if (isList(column)) return `str_split(${field}, '${valueEnd}')::${column.type} AS ${id(column.name)}`;
      return `${field}${column.type === 'VARCHAR' ? '' : `::${column.type}`} AS ${id(column.name)}`;
    })
    .join(', ');
}

/** Hashes are cut to 53 bits, so that they are whole numbers to JavaScript. */
export const hashSql = (values: string): string => `(hash(${values}) >> 11)::DOUBLE`;

const keySql = (key: SearchKey, index: number, from: string, also: string): string => {
  const value = key.list ? `unnest(list_distinct(list_filter(${key.sql}, lambda v: v IS NOT NULL)))` : key.sql;
  return `SELECT ${index} AS key, ${hashSql(`${index}, value`)} AS h${also} FROM (SELECT ${value} AS value${also} FROM ${from}) WHERE value IS NOT NULL`;
};

/** h, rid of every record and key, in the order of h and rid. */
export const postingsSql = (keys: SearchKey[]): string => `SELECT h, rid FROM (${keys.map((key, index) => keySql(key, index, 'linkage_record', ', rid')).join(' UNION ALL ')}) ORDER BY h, rid`;

export const fullNameHashSql = (settings: LinkageSettings): string => (settings.nameDependence ? hashSql(`${id(settings.nameDependence.first)}, ${id(settings.nameDependence.second)}`) : 'NULL::DOUBLE');

/** Full names with their dependence. */
export const fullNamesSql = (settings: LinkageSettings): string =>
  `SELECT DISTINCT ${fullNameHashSql(settings)} AS h, name_dependence::DOUBLE FROM linkage_record WHERE name_dependence IS NOT NULL ORDER BY h`;

export const copyLinesSql = (columns: IndexColumn[], path: string): string =>
  `COPY (SELECT ${lineSql(columns)} AS line FROM linkage_record ORDER BY rid) TO ${text(path)} (FORMAT csv, HEADER false, DELIMITER '\u0001', QUOTE '\u0002', ESCAPE '\u0002', NULLSTR '\u0003')`;

export const noMatchModelSql = (out: string): string => `CREATE OR REPLACE TABLE ${id(out)} (settings VARCHAR, model VARCHAR)`;

/** Columns of the source that a query may fill, in the order of the parameters. */
export const queryInputs = (settings: LinkageSettings): string[] => [...new Set(settings.clean.flatMap((column) => column.from))];

/** Letters of every script, as plain letters: the same for text in plain letters, and compiled in a tenth of the time. */
const plainLetters = (sql: string): string =>
  sql.replace(/\[[^\]]*\]/g, (set) => set.replaceAll('\\p{L}', 'A-Za-z').replaceAll('\\p{M}', '')).replaceAll('\\p{L}', '[A-Za-z]');

/**
 * line, name_hash: the query cleaned as a record is. The parameters $p0, $p1 … are the source's `given` columns as text, list values parted. What no given column is part of is left out, since compiling its patterns costs more than all else in a search.
 */
export function cleanQuerySql(settings: LinkageSettings, columns: IndexColumn[], given: readonly string[], plain: boolean): string {
  const read = queryInputs(settings).map((column) => {
    const kind = sourceKind(column);
    const place = given.indexOf(column);
    const value = place < 0 ? `NULL::${kind}` : kind.endsWith('[]') ? `str_split(p${place}, '${valueEnd}')::${kind}` : `try_cast(p${place} AS ${kind})`;
    return `${value} AS ${id(column)}`;
  });
  const bound = given.map((_, i) => `$p${i}::VARCHAR AS p${i}`);
  const typeOf = (name: string) => columns.find((column) => column.name === name)?.type ?? 'VARCHAR';
  const clean = settings.clean.map((column) => `${column.from.some((from) => given.includes(from)) ? column.sql : `NULL::${typeOf(column.name)}`} AS ${id(column.name)}`);
  const made = new Set([...settings.clean, ...settings.derived.flat()].map((column) => column.name));
  const fields = columns.map((column) => (made.has(column.name) ? fieldSql(column) : `'${noValue}'`));
  // In steps that are kept apart: the engine makes a new plan for each query where a parameter stands inside some expressions, and
  // writes a cleaned value's expression out wherever it is used.
  const sql = `WITH bound AS MATERIALIZED (SELECT ${bound.join(', ') || 'NULL AS p'}), given AS MATERIALIZED (SELECT ${read.join(', ')} FROM bound), cleaned AS MATERIALIZED (SELECT ${clean.join(', ')} FROM given), made AS MATERIALIZED (${derivedSql(settings, 'SELECT * FROM cleaned')})
  SELECT ${joinSql(fields)} AS line, ${fullNameHashSql(settings)} AS name_hash FROM made`;
  return plain ? plainLetters(sql) : sql;
}

/** key, h of a query. Parameter $line. A year of birth without a date also finds the years beside it. */
export function queryKeysSql(keys: SearchKey[], columns: IndexColumn[]): string {
  const years = columns.some(({ name }) => name === 'birth_year') && columns.some(({ name }) => name === 'birth');
  const shifted = years ? 'SELECT * REPLACE (birth_year + shift AS birth_year) FROM q CROSS JOIN (SELECT unnest([0, -1, 1]) AS shift) WHERE shift = 0 OR birth IS NULL' : 'SELECT * FROM q';
  return `WITH q AS MATERIALIZED (SELECT ${typedSql(columns)} FROM (SELECT str_split($line, '${fieldEnd}') AS f)), s AS MATERIALIZED (${shifted})
  SELECT DISTINCT key, h FROM (${keys.map((key, index) => keySql(key, index, 's', '')).join(' UNION ALL ')})`;
}

/** l (the record's number), pattern, frequency of a query against candidates. Parameters $lines and $line; the query stands on the right. */
export function compareQuerySql(settings: LinkageSettings, columns: IndexColumn[], queryColumns: IndexColumn[]): string {
  const known = new Set(queryColumns.map(({ name }) => name));
  const own = columns.map(({ name, type }) => (name === 'rid' ? '-1 AS rid' : known.has(name) ? id(name) : `NULL::${type} AS ${id(name)}`));
  return `WITH linkage_record AS MATERIALIZED (
    SELECT ${typedSql(columns)} FROM (SELECT str_split(line, '${fieldEnd}') AS f FROM (SELECT unnest(str_split($lines, '${recordEnd}')) AS line))
    UNION ALL SELECT ${own.join(', ')} FROM (SELECT ${typedSql(queryColumns)} FROM (SELECT str_split($line, '${fieldEnd}') AS f))),
  live_pair AS (SELECT rid AS l, -1 AS r FROM linkage_record WHERE rid >= 0)
  SELECT l, pattern::DOUBLE AS pattern, frequency FROM (${comparePairsSql('live_pair', patternPlaces(settings.comparisons), settings.nameDependence)})`;
}
