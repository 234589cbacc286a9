// The driver of the query engine: values as plain JavaScript, errors in words.

import { DuckDBInstance, DuckDBTypeId, JSDuckDBValueConverter, type DuckDBConnection, type DuckDBMaterializedResult, type DuckDBPreparedStatement, type DuckDBValue, type DuckDBVector } from '@duckdb/node-api';
import { missingKey } from './home-key.ts';
import { missingKeyId } from './read-parquet.sql.ts';

export type SqlParams = Record<string, DuckDBValue>;

export interface Duck {
  /** Runs one or more statements, returning nothing. */
  run(sql: string, params?: SqlParams): Promise<void>;
  /** Rows as plain objects: BIGINT as number where safe, DATE and TIMESTAMP as ISO text, lists as arrays. */
  rows<T = Record<string, unknown>>(sql: string, params?: SqlParams): Promise<T[]>;
  /** The first row; throws where there is none. */
  one<T = Record<string, unknown>>(sql: string, params?: SqlParams): Promise<T>;
  /** A statement planned once, to be run often with `rowsOf`; whoever prepares it destroys it. */
  prepare(sql: string): Promise<DuckDBPreparedStatement>;
  /** The rows of a prepared statement of this connection, as `rows` gives them. It runs once at a time. */
  rowsOf<T = Record<string, unknown>>(statement: DuckDBPreparedStatement, params?: SqlParams): Promise<T[]>;
  /** The driver's own connection, for appenders and streaming. */
  connection: DuckDBConnection;
  /** A second connection to the same database. */
  fork(): Promise<Duck>;
  close(): void;
}

export async function connectDuck(path: string, config: Record<string, string>): Promise<Duck> {
  const instance = await DuckDBInstance.create(path, config);
  return wrap(instance, await instance.connect(), true);
}

/** Says which key is missing; anything else is given on as it is. */
function explained(error: unknown): never {
  const id = missingKeyId(error instanceof Error ? error.message : '');
  throw id === undefined ? error : missingKey(id);
}

function wrap(instance: DuckDBInstance, connection: DuckDBConnection, owner: boolean): Duck {
  const rows = async <T>(sql: string, params?: SqlParams): Promise<T[]> => {
    const result = await connection.run(sql, params).catch(explained);
    return plainRows(result) as T[];
  };
  return {
    connection,
    rows,
    run: async (sql, params) => {
      await connection.run(sql, params).catch(explained);
    },
    one: async <T>(sql: string, params?: SqlParams) => {
      const [first] = await rows<T>(sql, params);
      if (first === undefined) throw new Error(`No row from: ${sql}`);
      return first;
    },
    prepare: (sql) => connection.prepare(sql).catch(explained),
    rowsOf: async <T>(statement: DuckDBPreparedStatement, params?: SqlParams) => {
      if (params) statement.bind(params);
      return plainRows(await statement.run().catch(explained)) as T[];
    },
    fork: async () => wrap(instance, await instance.connect(), false),
    close: () => {
      connection.closeSync();
      if (owner) instance.closeSync();
    },
  };
}

/** Types whose values are given on as they come. */
const plainTypes: ReadonlySet<DuckDBTypeId> = new Set([
  DuckDBTypeId.BOOLEAN, DuckDBTypeId.TINYINT, DuckDBTypeId.SMALLINT, DuckDBTypeId.INTEGER, DuckDBTypeId.UTINYINT, DuckDBTypeId.USMALLINT, DuckDBTypeId.UINTEGER,
  DuckDBTypeId.FLOAT, DuckDBTypeId.DOUBLE, DuckDBTypeId.VARCHAR, DuckDBTypeId.ENUM,
]);

const wholeNumbers: ReadonlySet<DuckDBTypeId> = new Set([DuckDBTypeId.BIGINT, DuckDBTypeId.UBIGINT, DuckDBTypeId.HUGEINT, DuckDBTypeId.UHUGEINT]);

/**
 * The result is whole when it comes, so its pieces are read without waiting for another thread; and each column by itself, since to look up how
 * each value is converted takes longer than to convert it.
 */
function plainRows(result: DuckDBMaterializedResult): Record<string, unknown>[] {
  const names = result.deduplicatedColumnNames();
  const converters = names.map((_, column) => converterOf(result, column));
  const rows: Record<string, unknown>[] = [];
  const { chunkCount } = result;
  for (let index = 0; index < chunkCount; index += 1) {
    const chunk = result.getChunk(index);
    const { rowCount } = chunk;
    const columns = converters.map((convert, column) => plainColumn(chunk.getColumnVector(column), rowCount, convert));
    for (let row = 0; row < rowCount; row += 1) {
      const made: Record<string, unknown> = {};
      for (let column = 0; column < names.length; column += 1) made[names[column]!] = columns[column]![row];
      rows.push(made);
    }
  }
  return rows;
}

/** Undefined where values are given on as they come. */
function converterOf(result: DuckDBMaterializedResult, column: number): ((value: DuckDBValue) => unknown) | undefined {
  const typeId = result.columnTypeId(column);
  if (plainTypes.has(typeId)) return undefined;
  if (wholeNumbers.has(typeId)) return plainValue;
  const type = result.columnType(column);
  return (value) => plainValue(JSDuckDBValueConverter(value, type, JSDuckDBValueConverter));
}

function plainColumn(vector: DuckDBVector<DuckDBValue>, rowCount: number, convert: ((value: DuckDBValue) => unknown) | undefined): unknown[] {
  const values: unknown[] = [];
  for (let row = 0; row < rowCount; row += 1) {
    const value = vector.getItem(row);
    values.push(value === null || convert === undefined ? value : convert(value));
  }
  return values;
}

function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (value instanceof Date) {
    const iso = value.toISOString();
    return iso.endsWith('T00:00:00.000Z') ? iso.slice(0, 10) : iso.slice(0, 19);
  }
  if (Array.isArray(value)) return value.map(plainValue);
  return value;
}
