// Brings a casework store to the newest form: files of migrations/ in order, forward only, all or none, one migrator at
// a time, as the owning role. A file that has run is never changed: its checksum is kept and compared at every start.
// The job queue's own schema is brought up to date in the same place, so that the application needs no right to do so.

import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import bossPackage from 'pg-boss/package.json' with { type: 'json' };
import { Problem, type Clock } from '../core/index.ts';
import {
  appliedMigrationsSql, becomeLoginSql, becomeOwnerSql, grantAppRoleSql, jobsVersionSql, lockMigrationsSql, makeMigrationListSql, makeRolesSql,
  makeSchemasSql, patienceSql, impatienceSql, recordedVersionsSql, recordMigrationSql, serverVersionSql, unlockMigrationsSql,
} from './migrate.sql.ts';

/** One connection to a store, whichever engine it is. */
export interface SqlSession {
  /** Runs one or more statements without values. */
  run(sql: string): Promise<void>;
  rows<T>(sql: string, values?: unknown[]): Promise<T[]>;
}

export interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

export interface MigrateOptions {
  clock: Clock;
  migrations: Migration[];
  /** The application's own login, where it is not the one that migrates. */
  appLogin?: string;
}

interface Recorded {
  applied: Pick<Migration, 'name' | 'checksum'>[];
  jobsVersion: number | undefined;
}

/** The migrations that come with the product. */
export const productMigrations = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'src', 'store', 'migrations');

const oldestServer = 16;
const jobsVersionNow: number = bossPackage.pgboss.schema;

export function readMigrations(folder: string): Migration[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.sql')).toSorted();
  return names.map((name, index) => {
    const number = String(index + 1).padStart(4, '0');
    if (!new RegExp(`^${number}-[a-z0-9-]+\\.sql$`).test(name)) throw new Error(`Expected a migration called ${number}-….sql, found ${name} in ${folder}`);
    const sql = readFileSync(join(folder, name), 'utf8').replaceAll('\r\n', '\n');
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });
}

/** Names of what is left to run, the job queue's own schema among them. Throws a Problem where store and files disagree. */
export async function listPending(session: SqlSession, migrations: Migration[]): Promise<string[]> {
  const recorded = await readRecorded(session);
  const names = pendingOf(migrations, recorded.applied).map(({ name }) => name);
  return recorded.jobsVersion === jobsVersionNow ? names : [...names, 'job queue'];
}

/** Runs what is left to run and returns the names of the migrations that ran. */
export async function migrate(session: SqlSession, options: MigrateOptions): Promise<string[]> {
  const [server] = await session.rows<{ version: number }>(serverVersionSql);
  const major = Math.floor(server!.version / 10_000);
  if (major < oldestServer) {
    throw new Problem('storage', { what: `The PostgreSQL server is version ${major}; Headwater needs ${oldestServer} or later`, todo: 'Upgrade the server, or use another.' });
  }
  await session.run(patienceSql);
  await session.rows(lockMigrationsSql);
  try {
    const before = await readRecorded(session);
    const pending = pendingOf(options.migrations, before.applied);
    await inTransaction(session, () => prepareRoles(session, options.appLogin));
    await session.run(becomeOwnerSql);
    await inTransaction(session, () => runMigrations(session, pending, options.clock));
    await migrateJobs(session, before.jobsVersion);
    return pending.map(({ name }) => name);
  } finally {
    await session.run(becomeLoginSql);
    await session.rows(unlockMigrationsSql);
    await session.run(impatienceSql);
  }
}

async function readRecorded(session: SqlSession): Promise<Recorded> {
  const [there] = await session.rows<{ casework: boolean; jobs: boolean }>(recordedVersionsSql);
  const applied = there!.casework ? await session.rows<Migration>(appliedMigrationsSql) : [];
  const [jobs] = there!.jobs ? await session.rows<{ version: number }>(jobsVersionSql) : [];
  return { applied, jobsVersion: jobs?.version };
}

function pendingOf(migrations: Migration[], applied: Recorded['applied']): Migration[] {
  const files = new Map(migrations.map((migration) => [migration.name, migration]));
  for (const { name, checksum } of applied) {
    const file = files.get(name);
    if (!file) {
      throw new Problem('failed', {
        what: 'The casework store was made by a newer Headwater than this one',
        where: name,
        todo: 'Start the version that made it, or a later one.',
      });
    }
    if (file.checksum !== checksum) {
      throw new Problem('failed', {
        what: 'A migration that has already run was changed',
        where: name,
        todo: 'Put the file back as it was, and write the change as a new migration.',
      });
    }
  }
  const done = new Set(applied.map(({ name }) => name));
  return migrations.filter(({ name }) => !done.has(name));
}

async function prepareRoles(session: SqlSession, appLogin: string | undefined): Promise<void> {
  await session.run(makeRolesSql);
  const grants = appLogin === undefined ? [] : await session.rows<{ statement: string }>(grantAppRoleSql, [appLogin]);
  for (const { statement } of grants) await session.run(statement);
  await session.run(makeSchemasSql);
}

async function runMigrations(session: SqlSession, pending: Migration[], clock: Clock): Promise<void> {
  await session.run(makeMigrationListSql);
  for (const { name, sql, checksum } of pending) {
    try {
      await session.run(sql);
    } catch (error) {
      throw new Error(`The migration ${name} failed: ${(error as Error).message}`, { cause: error });
    }
    await session.rows(recordMigrationSql, [name, checksum, new Date(clock.now())]);
  }
}

/**
 * The queue's plans bring their own transaction. Index builds follow it, to be run one by one, since PostgreSQL builds
 * an index beside running work only outside a transaction.
 */
async function migrateJobs(session: SqlSession, version: number | undefined): Promise<void> {
  if (version === jobsVersionNow) return;
  if (version !== undefined && version > jobsVersionNow) {
    throw new Problem('failed', { what: 'The job queue was made by a newer Headwater than this one', where: 'pgboss', todo: 'Start the version that made it, or a later one.' });
  }
  // Loaded here, so that a command that has nothing to migrate starts without the queue.
  const { getConstructionPlans, getMigrationPlans } = await import('pg-boss');
  const plan = version === undefined ? getConstructionPlans('pgboss', { createSchema: false }) : getMigrationPlans('pgboss', version);
  const end = plan.lastIndexOf('COMMIT;') + 'COMMIT;'.length;
  await session.run(plan.slice(0, end));
  for (const statement of plan.slice(end).split(/;\s*(?:\n|$)/)) {
    if (statement.replaceAll(/^\s*--.*$/gm, '').trim() !== '') await session.run(statement);
  }
}

async function inTransaction(session: SqlSession, work: () => Promise<void>): Promise<void> {
  await session.run('begin');
  try {
    await work();
    await session.run('commit');
  } catch (error) {
    await session.run('rollback');
    throw error;
  }
}
