// How do millions of numbers pass between the query engine and typed arrays? Chunk by chunk, without an object per value.

import { DOUBLE, DuckDBDataChunk, INTEGER, type DuckDBType, type DuckDBVector } from '@duckdb/node-api';
import { id, type Duck } from '../store/index.ts';

type NumberArray = Int32Array | Float64Array;

const room = 2048;
const kindOf = (array: NumberArray): DuckDBType => (array instanceof Int32Array ? INTEGER : DOUBLE);

/**
 * Reads a query of INTEGER and DOUBLE columns, none NULL, into one typed array a column. The result is whole before it is read: its pieces then
 * come without waiting for another thread, and the arrays are made as long as they need to be.
 */
export async function readNumbers(duck: Duck, sql: string, kinds: ('integer' | 'double')[]): Promise<NumberArray[]> {
  const result = await duck.connection.run(sql);
  const columns = kinds.map((kind): NumberArray => (kind === 'integer' ? new Int32Array(result.rowCount) : new Float64Array(result.rowCount)));
  const { chunkCount } = result;
  for (let index = 0, from = 0; index < chunkCount; index += 1) {
    const chunk = result.getChunk(index);
    for (const [place, column] of columns.entries()) {
      const { items } = chunk.getColumnVector(place) as DuckDBVector & { items: ArrayLike<number> };
      column.set(chunk.rowCount === items.length ? items : Array.prototype.slice.call(items, 0, chunk.rowCount), from);
    }
    from += chunk.rowCount;
  }
  return columns;
}

/** Makes a temporary table of the given number columns. */
export async function writeNumbers(duck: Duck, table: string, columns: Record<string, NumberArray>): Promise<void> {
  const names = Object.keys(columns);
  await duck.run(`CREATE OR REPLACE TEMP TABLE ${id(table)} (${names.map((name) => `${id(name)} ${kindOf(columns[name]!) === INTEGER ? 'INTEGER' : 'DOUBLE'}`).join(', ')})`);
  await appendNumbers(duck, table, names.map((name) => columns[name]!));
}

/** Adds rows of number columns to a temporary table. */
export async function appendNumbers(duck: Duck, table: string, arrays: NumberArray[]): Promise<void> {
  const length = arrays[0]?.length ?? 0;
  const appender = await duck.connection.createAppender(table, null, 'temp');
  const types = arrays.map(kindOf);
  const open = (rows: number) => {
    const chunk = DuckDBDataChunk.create(types, rows);
    return { chunk, vectors: arrays.map((_, index) => chunk.getColumnVector(index) as DuckDBVector & { items: NumberArray }) };
  };
  // One chunk is filled again and again, each time from the arrays themselves: to make it costs as much as to append it.
  let { chunk, vectors } = open(Math.min(room, length));
  for (let from = 0; from < length; from += room) {
    const to = Math.min(from + room, length);
    if (to - from < chunk.rowCount) ({ chunk, vectors } = open(to - from));
    for (const [index, vector] of vectors.entries()) {
      vector.items = arrays[index]!.subarray(from, to);
      vector.flush();
    }
    appender.appendDataChunk(chunk);
  }
  appender.closeSync();
}

export interface NameRow {
  name: string;
  sounds: string[];
  /** Empty where the name has no other form. */
  forms: string[];
}

/** Makes a temporary table of names with their phonetic keys and full forms; `roots` holds the name itself where there is no other form. */
export async function writeNames(duck: Duck, table: string, names: NameRow[]): Promise<void> {
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_name_text (name VARCHAR, sounds VARCHAR, forms VARCHAR)`);
  const appender = await duck.connection.createAppender('linkage_name_text', null, 'temp');
  for (const { name, sounds, forms } of names) {
    appender.appendVarchar(name);
    appender.appendVarchar(sounds.join('|'));
    if (forms.length > 0) appender.appendVarchar(forms.join('|'));
    else appender.appendNull();
    appender.endRow();
  }
  appender.closeSync();
  await duck.run(`CREATE OR REPLACE TEMP TABLE ${id(table)} AS
    SELECT name, str_split(sounds, '|') AS sounds, str_split(forms, '|') AS forms, coalesce(str_split(forms, '|'), [name]) AS roots FROM linkage_name_text;
    DROP TABLE linkage_name_text`);
}
