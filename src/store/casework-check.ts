// Is the casework store in order? It is looked at without being made or migrated, and left alone while a server uses it.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { counted, Problem } from '../core/index.ts';
import { openPglite } from './casework-pglite.ts';
import type { CaseworkOptions } from './casework.ts';
import { listPending, productMigrations, readMigrations, type SqlSession } from './migrate.ts';
import { becomeApplicationSql, healthSql } from './migrate.sql.ts';
import { withConnection } from './postgres.ts';

export interface CaseworkCheck {
  name: string;
  ok: boolean;
  /** What was found. */
  detail: string;
  /** What to do where it is not in order. */
  todo?: string;
}

interface Health {
  version: string;
  mayOwn: boolean;
  migrations: number;
  waiting: number;
  failed: number;
}

/** Checks the store, the roles and the jobs; never throws what a person can mend. */
export async function checkCasework(options: Pick<CaseworkOptions, 'folder' | 'url'>): Promise<CaseworkCheck[]> {
  try {
    if (options.url !== undefined) return await withConnection(options.url, (session) => checkSession(session, 'PostgreSQL server'));
    if (options.folder === undefined) return [{ name: 'store', ok: true, detail: 'in memory, forgotten at the end' }];
    return await checkFolder(options.folder);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const { what, where, todo } = error.details;
    if (error.kind === 'busy' && options.url === undefined) return [{ name: 'store', ok: true, detail: `embedded; ${what}` }];
    return [{ name: 'store', ok: false, detail: where ? `${what} (${where})` : what, todo }];
  }
}

async function checkFolder(folder: string): Promise<CaseworkCheck[]> {
  if (!existsSync(join(folder, 'data')) || existsSync(join(folder, 'making'))) return [{ name: 'store', ok: true, detail: 'embedded, not made yet; the first start makes it' }];
  const store = await openPglite(folder);
  try {
    return await checkSession(store.session, 'embedded');
  } finally {
    await store.close();
  }
}

async function checkSession(session: SqlSession, kind: string): Promise<CaseworkCheck[]> {
  const pending = await listPending(session, readMigrations(productMigrations));
  if (pending.length > 0) return [{ name: 'store', ok: true, detail: `${kind}; the next start prepares: ${pending.join(', ')}` }];
  await session.run(becomeApplicationSql);
  const [health] = await session.rows<Health>(healthSql);
  const { version, mayOwn, migrations, waiting, failed } = health!;
  const roles = mayOwn ? 'one login both prepares and uses it' : 'its login may use it, not change its tables';
  return [
    { name: 'store', ok: true, detail: `${kind}, PostgreSQL ${version}, ${counted(migrations, 'migration')}${kind === 'embedded' ? '' : `; ${roles}`}` },
    { name: 'jobs', ok: failed === 0, detail: `${waiting} waiting, ${failed} failed`, todo: 'See the log for why. Failed jobs are kept for a week.' },
  ];
}
