// SQL of the live search's index: a record as one line of text, and the keys by which it is found. Fields are parted by a unit separator,
// values of a list by a record separator; a cancel sign stands for NULL. What a search asks is in match-query.sql.ts.

import { id, text } from '../store/index.ts';
import type { LinkageSettings } from './linkage-settings.ts';

export const fieldEnd = '\u001f';
export const valueEnd = '\u001e';
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
const numbers: ReadonlySet<string> = new Set(['INTEGER', 'BIGINT', 'FLOAT', 'DOUBLE']);

/** A value as text, or NULL. */
export const fieldSql = (column: IndexColumn): string => (isList(column) ? `nullif(array_to_string(${id(column.name)}, '${valueEnd}'), '')` : `${id(column.name)}::VARCHAR`);

/** One line of text per record. Line ends inside a value become spaces. */
export const lineSql = (columns: IndexColumn[]): string =>
  `translate(concat_ws('${fieldEnd}', ${columns.map((column) => `coalesce(${fieldSql(column)}, '${noValue}')`).join(', ')}), chr(10) || chr(13), '  ')`;

/** The value that a field of a line, or of a query, says. A number's field that says none is no number: to try it costs less than to compare it first. */
export function typedSql(field: string, { name, type }: IndexColumn, as = name): string {
  if (numbers.has(type)) return `try_cast(${field} AS ${type}) AS ${id(as)}`;
  const value = `nullif(${field}, '${noValue}')`;
  return `${type.endsWith('[]') ? `str_split(${value}, '${valueEnd}')::${type}` : type === 'VARCHAR' ? value : `${value}::${type}`} AS ${id(as)}`;
}

/** Hashes are cut to 53 bits, so that they are whole numbers to JavaScript. */
export const hashSql = (values: string): string => `(hash(${values}) >> 11)::DOUBLE`;

/** The hash of a key's value. */
export const keyHashSql = (index: number, value: string): string => hashSql(`${index}, ${value}`);

const keySql = (key: SearchKey, index: number): string => {
  const value = key.list ? `unnest(list_distinct(list_filter(${key.sql}, lambda v: v IS NOT NULL)))` : key.sql;
  return `SELECT ${keyHashSql(index, 'value')} AS h, rid FROM (SELECT ${value} AS value, rid FROM linkage_record) WHERE value IS NOT NULL`;
};

/** h, rid of every record and key, in the order of h and rid. */
export const postingsSql = (keys: SearchKey[]): string => `SELECT h, rid FROM (${keys.map(keySql).join(' UNION ALL ')}) ORDER BY h, rid`;

export const fullNameHashSql = (settings: LinkageSettings): string => (settings.nameDependence ? hashSql(`${id(settings.nameDependence.first)}, ${id(settings.nameDependence.second)}`) : 'NULL::DOUBLE');

/** Full names with their dependence. */
export const fullNamesSql = (settings: LinkageSettings): string =>
  `SELECT DISTINCT ${fullNameHashSql(settings)} AS h, name_dependence::DOUBLE FROM linkage_record WHERE name_dependence IS NOT NULL ORDER BY h`;

export const copyLinesSql = (columns: IndexColumn[], path: string): string =>
  `COPY (SELECT ${lineSql(columns)} AS line FROM linkage_record ORDER BY rid) TO ${text(path)} (FORMAT csv, HEADER false, DELIMITER '\u0001', QUOTE '\u0002', ESCAPE '\u0002', NULLSTR '\u0003')`;

export const noMatchModelSql = (out: string): string => `CREATE OR REPLACE TABLE ${id(out)} (settings VARCHAR, model VARCHAR)`;
