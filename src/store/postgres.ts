// Connections to a PostgreSQL server. Every connection of the application's pool becomes the role headwater_app before it
// is used, so a pooler between them must keep sessions apart. What goes wrong is told without user name or password.

import { Client, Pool, types, type ClientConfig, type CustomTypesConfig } from 'pg';
import { Problem } from '../core/index.ts';
import type { SqlSession } from './migrate.ts';
import { becomeApplicationSql } from './migrate.sql.ts';

const connectTimeout = 5_000;
const poolSize = 10;

/** The engines agree: BIGINT is a number where it is safe, DATE is ISO text. */
const readers: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (oid === types.builtins.INT8) return readBigint;
    if (oid === types.builtins.DATE) return (value: string) => value;
    return types.getTypeParser(oid, format as 'text');
  }) as CustomTypesConfig['getTypeParser'],
};

export function readBigint(value: string): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value);
}

/** Runs with one connection as the login itself, for migrations and checks. */
export async function withConnection<T>(url: string, work: (session: SqlSession) => Promise<T>): Promise<T> {
  const client = new Client(settingsFor(url));
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work({
      run: async (sql) => {
        await client.query(sql);
      },
      rows: async <R>(sql: string, values?: unknown[]) => (await client.query(sql, values)).rows as R[],
    });
  } catch (error) {
    throw postgresProblem(error, url);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** The application's pool. A connection that breaks while idle is dropped; the next query opens another. */
export function openPool(url: string): Pool {
  const pool = new Pool({
    ...settingsFor(url),
    max: poolSize,
    onConnect: async (client) => {
      await client.query(becomeApplicationSql);
    },
  });
  pool.on('error', () => undefined);
  return pool;
}

/** The login that a connection string names. */
export function loginOf(url: string): string | undefined {
  return new Client(settingsFor(url)).user;
}

function settingsFor(url: string): ClientConfig {
  if (!/^postgres(ql)?:\/\//.test(url)) {
    throw new Problem('usage', { what: 'DATABASE_URL is not the address of a PostgreSQL database', todo: 'Write it like postgresql://user:password@server:5432/headwater.' });
  }
  return { connectionString: url, application_name: 'headwater', connectionTimeoutMillis: connectTimeout, types: readers };
}

/** Host, port and database: what may be shown of an address. */
function placeOf(url: string): string {
  const { host, port, database } = new Client(settingsFor(url));
  return `${host}:${port}/${database ?? ''}`;
}

const silentServer = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN', 'EPIPE', 'ENOENT', '57P01', '57P02', '57P03']);

/** Says in plain words what a server or the way to it refused; returns anything else unchanged. */
export function postgresProblem(error: unknown, url: string): unknown {
  if (error instanceof Problem) return error;
  const { code, message } = error as { code?: string; message?: string };
  const where = placeOf(url);
  const storage = (what: string, todo: string) => new Problem('storage', { what, where, todo, cause: error });
  if (silentServer.has(code ?? '') || /timeout|Connection terminated/i.test(message ?? '')) {
    return storage('The PostgreSQL server does not answer', 'Check that it runs and that DATABASE_URL is right, then try again.');
  }
  if (code === '28P01' || code === '28000') return storage('The PostgreSQL server refused the login', 'Check the user name and password in DATABASE_URL, and the TLS settings that the server asks for.');
  if (code === '3D000') return storage('The PostgreSQL server has no such database', 'Create it, or put the right name in DATABASE_URL.');
  if (code === '53300') return new Problem('busy', { what: 'The PostgreSQL server has no connection left', where, todo: 'Raise its max_connections, or stop what holds them.', cause: error });
  if (code === '55P03') return new Problem('busy', { what: 'Another process is changing the casework store', where, todo: 'Wait until it has finished, then try again.', cause: error });
  if (code === '42501') {
    return storage('This PostgreSQL login may not prepare or use the casework store', 'Give MIGRATION_DATABASE_URL a login that may, or make the roles by hand as docs/how-to/postgresql.md shows.');
  }
  if (code === '53100') return storage('The PostgreSQL server\'s disk is full', 'Free some space on the server, then try again.');
  return error;
}
