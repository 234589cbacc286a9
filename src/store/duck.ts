// The query engine: DuckDB in this process. One small seam, so that another engine can read the same Parquet later.

import { DuckDBInstance, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';

export interface DuckOptions {
  /** A file, or ':memory:' (default). */
  path?: string;
  /** Such as '1GB'. */
  memoryLimit?: string;
  threads?: number;
  /** Where to spill when memory runs short. */
  tempDirectory?: string;
}

export type SqlParams = Record<string, DuckDBValue>;

export interface Duck {
  /** Runs one or more statements, returning nothing. */
  run(sql: string, params?: SqlParams): Promise<void>;
  /** Rows as plain objects: BIGINT as number where safe, DATE and TIMESTAMP as ISO text, lists as arrays. */
  rows<T = Record<string, unknown>>(sql: string, params?: SqlParams): Promise<T[]>;
  /** The first row; throws where there is none. */
  one<T = Record<string, unknown>>(sql: string, params?: SqlParams): Promise<T>;
  /** The driver's own connection, for appenders and streaming. */
  connection: DuckDBConnection;
  /** A second connection to the same database. */
  fork(): Promise<Duck>;
  close(): void;
}

/** Quotes an identifier. */
export function id(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Quotes a text literal, for the few places that cannot be bound (COPY paths, settings). */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

export async function openDuck(options: DuckOptions = {}): Promise<Duck> {
  const config: Record<string, string> = {
    memory_limit: options.memoryLimit ?? '2GB',
    threads: String(options.threads ?? 2),
    preserve_insertion_order: 'true',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  };
  if (options.tempDirectory) config.temp_directory = options.tempDirectory;
  const instance = await DuckDBInstance.create(options.path ?? ':memory:', config);
  return wrap(instance, await instance.connect(), true);
}

function wrap(instance: DuckDBInstance, connection: DuckDBConnection, owner: boolean): Duck {
  const rows = async <T>(sql: string, params?: SqlParams): Promise<T[]> => {
    const reader = await connection.runAndReadAll(sql, params);
    return reader.getRowObjectsJS().map(plain) as T[];
  };
  return {
    connection,
    rows,
    run: async (sql, params) => {
      await connection.run(sql, params);
    },
    one: async <T>(sql: string, params?: SqlParams) => {
      const [first] = await rows<T>(sql, params);
      if (first === undefined) throw new Error(`No row from: ${sql}`);
      return first;
    },
    fork: async () => wrap(instance, await instance.connect(), false),
    close: () => {
      connection.closeSync();
      if (owner) instance.closeSync();
    },
  };
}

function plain(row: Record<string, unknown>): Record<string, unknown> {
  for (const key of Object.keys(row)) row[key] = plainValue(row[key]);
  return row;
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
