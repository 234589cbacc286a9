// A feed's rows as they stand: accepted rows of all its loads, less those that a later row of the same key has superseded.

import { id, readParquetSql, text } from '../store/index.ts';
import { dayOnlyName, recordColumns } from './stage-rows.sql.ts';
import { typedColumn } from './column-type.sql.ts';
import type { Contract } from './contract.schema.ts';

export interface AcceptedFile {
  path: string;
  load: string;
  /** Later loads supersede earlier ones; a retried row stands where its file stood. */
  order: number;
}

/** A relation of every accepted row with load_id and load_order; columns that a load lacks are NULL. Needs the type load_name. */
export function acceptedRowsSql(contract: Contract, files: readonly AcceptedFile[], present: ReadonlyMap<string, string>): string {
  const wanted = contract.columns.flatMap((column) => [
    { name: column.name, type: typedColumn(column).type },
    ...(column.type === 'datetime' ? [{ name: dayOnlyName(column.name), type: 'BOOLEAN' }] : []),
  ]);
  const names = new Set(wanted.map((column) => column.name));
  const others = [...present.keys()].filter((name) => !recordColumns.has(name) && !names.has(name) && !name.includes('@'));
  const columns = wanted.map(({ name, type }) => (present.has(name) ? `CAST(file.${id(name)} AS ${type}) AS ${id(name)}` : `CAST(NULL AS ${type}) AS ${id(name)}`));
  const paths = files.map((file) => file.path);
  const order = files.map((file) => `(${text(file.path)}, ${text(file.load)}::load_name, ${file.order})`).join(', ');
  return `SELECT loads.load_id, loads.load_order, file.line, file.row_key, ${[...columns, ...others.map((name) => `file.${id(name)}`)].join(', ')}
FROM ${readParquetSql(paths, { unionByName: true, filename: true })} AS file
JOIN (VALUES ${order}) AS loads (filename, load_id, load_order) ON file.filename = loads.filename`;
}

/** Earlier states: for each key with more than one row, all but the last. */
export function supersededRowsSql(accepted: string): string {
  return `SELECT row_key, load_order, line, row_number() OVER (PARTITION BY row_key ORDER BY load_order, line) AS state, count(*) OVER (PARTITION BY row_key) AS states
FROM ${accepted} SEMI JOIN (SELECT row_key FROM ${accepted} GROUP BY row_key HAVING count(*) > 1) AS twice USING (row_key)`;
}

/** Names and types of the columns in a feed's loads. */
export function describeLoadsSql(files: readonly AcceptedFile[]): string {
  return `DESCRIBE SELECT * FROM ${readParquetSql(files.map((file) => file.path), { unionByName: true })}`;
}
