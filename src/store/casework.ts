// The casework store: sessions, audit, jobs and, later, cases. PGlite in a folder of this home, or a PostgreSQL server;
// the same SQL on both. It is migrated as its owner and used as the role headwater_app, which may not change its tables.

import { CompiledQuery, Kysely, PGliteDialect, PostgresDialect } from 'kysely';
import type { Db as JobsDatabase } from 'pg-boss';
import { asProblem, Problem, type Clock } from '../core/index.ts';
import { openPglite, type EmbeddedStore } from './casework-pglite.ts';
import type { CaseworkTables } from './casework-tables.ts';
import { listPending, migrate, productMigrations, readMigrations, type Migration } from './migrate.ts';
import { becomeApplicationSql, checkpointSql, letTidySql, vacuumSql, whoAmISql } from './migrate.sql.ts';
import { loginOf, openPool, postgresProblem, withConnection } from './postgres.ts';

export interface CaseworkOptions {
  /** Folder of the embedded store. Without it and without `url`, the store is in memory and forgotten at the end. */
  folder?: string;
  /** A PostgreSQL server, for the application. */
  url?: string;
  /** The same server with a login that may make tables and roles, where the application's may not. */
  migrationUrl?: string;
  clock: Clock;
  /** Other migrations than the product's, for tests. */
  migrations?: Migration[];
}

export interface CaseworkHealth {
  ok: boolean;
  /** One sentence without personal data. */
  detail: string;
  milliseconds: number;
}

export interface Casework {
  db: Kysely<CaseworkTables>;
  dialect: 'pglite' | 'postgres';
  clock: Clock;
  /** The job queue's own way in, on the same connections. */
  jobsDatabase: JobsDatabase;
  /** Asks the store a question now; never throws. */
  check(): Promise<CaseworkHealth>;
  /** Removes dead rows and shortens the journal of the embedded store; a server does so by itself. */
  tidy(): Promise<void>;
  /** Stop the jobs first. */
  close(): Promise<void>;
}

/** Opens, and where needed makes and migrates, the casework store. Throws a Problem that says what to do. */
export async function openCasework(options: CaseworkOptions): Promise<Casework> {
  const migrations = options.migrations ?? readMigrations(productMigrations);
  return options.url === undefined ? openEmbedded(options, migrations) : openServer(options.url, options, migrations);
}

async function openEmbedded({ folder, clock }: CaseworkOptions, migrations: Migration[]): Promise<Casework> {
  const store = await openPglite(folder);
  try {
    if ((await listPending(store.session, migrations)).length > 0) await migrate(store.session, { clock, migrations });
    await store.session.run(letTidySql);
    await store.session.run(becomeApplicationSql);
    store.keep();
  } catch (error) {
    await store.close();
    throw asProblem(error, folder ?? 'memory');
  }
  const db = new Kysely<CaseworkTables>({ dialect: new PGliteDialect({ pglite: store.pglite }) });
  return {
    db,
    dialect: 'pglite',
    clock,
    jobsDatabase: { executeSql: (sql, values) => runOnPglite(store, sql, values) },
    check: () => checkNow(db, (error) => error),
    tidy: async () => {
      await store.session.run(vacuumSql);
      await store.session.run(checkpointSql);
    },
    close: async () => {
      await db.destroy();
      await store.close();
    },
  };
}

async function openServer(url: string, { migrationUrl, clock }: CaseworkOptions, migrations: Migration[]): Promise<Casework> {
  if (!(await isReadyForApplication(url, migrations))) {
    const appLogin = loginOf(url);
    await withConnection(migrationUrl ?? url, (session) => migrate(session, { clock, migrations, appLogin }));
  }
  const pool = openPool(url);
  const db = new Kysely<CaseworkTables>({ dialect: new PostgresDialect({ pool }) });
  const casework: Casework = {
    db,
    dialect: 'postgres',
    clock,
    jobsDatabase: {
      executeSql: async (sql, values) => {
        const result = (await pool.query(sql, values)) as unknown;
        return { rows: [result].flat().flatMap((each) => (each as { rows: unknown[] }).rows) };
      },
    },
    check: () => checkNow(db, (error) => postgresProblem(error, url)),
    tidy: async () => undefined,
    close: () => db.destroy(),
  };
  try {
    await askWhoAmI(db);
    return casework;
  } catch (error) {
    await casework.close();
    throw postgresProblem(error, url);
  }
}

/**
 * True where the application's login can take its role and finds nothing left to migrate. It may not look yet where another process is making the
 * store: then the migration waits for that one.
 */
function isReadyForApplication(url: string, migrations: Migration[]): Promise<boolean> {
  return withConnection(url, async (session) => {
    try {
      await session.run(becomeApplicationSql);
      return (await listPending(session, migrations)).length === 0;
    } catch (error) {
      if (['22023', '42501'].includes((error as { code?: string }).code ?? '')) return false;
      throw error;
    }
  });
}

/**
 * PGlite has one connection for everybody. A block that opens its own transaction runs inside PGlite's, so that nothing
 * else comes between its failure and its rollback.
 */
async function runOnPglite({ pglite }: EmbeddedStore, sql: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
  if (values && values.length > 0) return pglite.query(sql, values);
  const results = /^\s*begin\b/i.test(sql) ? await pglite.transaction((transaction) => transaction.exec(sql)) : await pglite.exec(sql);
  return { rows: results.flatMap(({ rows }) => rows) };
}

interface WhoAmI {
  role: string;
  migrations: number;
}

async function askWhoAmI(db: Kysely<CaseworkTables>): Promise<WhoAmI> {
  const { rows } = await db.executeQuery<WhoAmI>(CompiledQuery.raw(whoAmISql));
  return rows[0]!;
}

async function checkNow(db: Kysely<CaseworkTables>, explain: (error: unknown) => unknown): Promise<CaseworkHealth> {
  const began = performance.now();
  const health = (ok: boolean, detail: string) => ({ ok, detail, milliseconds: Math.round(performance.now() - began) });
  try {
    const { role, migrations } = await askWhoAmI(db);
    if (role !== 'headwater_app') return health(false, `The casework store is used as ${role}, not as headwater_app.`);
    return health(true, `The casework store answers; ${migrations} ${migrations === 1 ? 'migration has' : 'migrations have'} run.`);
  } catch (error) {
    const known = explain(error);
    return health(false, known instanceof Problem ? known.message : 'The casework store does not answer.');
  }
}
