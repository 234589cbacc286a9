// The embedded casework store: PGlite in one folder, opened by one process. PGlite would make a new store over a folder
// that it does not recognise, so what is there is looked at first; nothing that might be somebody's data is removed.
// It survives the death of its process at any moment. It cannot force the disk to write, so a power cut may damage it.

import { accessSync, constants, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite, types } from '@electric-sql/pglite';
import { asProblem, Problem } from '../core/index.ts';
import { takeLock } from './lock.ts';
import type { SqlSession } from './migrate.ts';

export interface EmbeddedStore {
  pglite: PGlite;
  session: SqlSession;
  /** Call once the store is whole: until then, a start that was cut off is begun again. */
  keep(): void;
  close(): Promise<void>;
}

/** The major version of PostgreSQL inside PGlite, and so of the folders that it can read. */
export const embeddedVersion = '18';

/** Opens the store in a folder; without a folder, an empty one in memory. */
export async function openPglite(folder: string | undefined): Promise<EmbeddedStore> {
  if (folder === undefined) return wrap(await PGlite.create({ parsers, startParams }), () => undefined, () => undefined);
  const release = lockFolder(folder);
  const data = join(folder, 'data');
  const making = join(folder, 'making');
  try {
    if (prepareFolder(data, making) === 'made') checkFolder(data);
    const pglite = await openData(data);
    return wrap(pglite, () => rmSync(making, { force: true }), release);
  } catch (error) {
    release();
    throw asProblem(error, folder);
  }
}

/** Journal kept for reuse after a checkpoint, of which PGlite's own limit is a gigabyte; and memory for pages, which PGlite fills with noughts at every opening, 160 MB if not told otherwise. */
const startParams = [...PGlite.defaultStartParams, '-c', 'max_wal_size=64MB', '-c', 'shared_buffers=16MB'];

const parsers = { [types.DATE]: (value: string) => value };

function wrap(pglite: PGlite, keep: () => void, release: () => void): EmbeddedStore {
  return {
    pglite,
    keep,
    session: {
      run: async (sql) => {
        await pglite.exec(sql);
      },
      rows: async <T>(sql: string, values?: unknown[]) => (await pglite.query<T>(sql, values)).rows,
    },
    close: async () => {
      try {
        if (!pglite.closed) await pglite.close();
      } finally {
        release();
      }
    },
  };
}

function lockFolder(folder: string): () => void {
  try {
    return takeLock(folder, 'store');
  } catch (error) {
    if (['EEXIST', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw new Problem('storage', { what: 'The casework store needs a folder, and there is a file in its place', where: folder, todo: 'Move the file away and try again.', cause: error });
    }
    if (!(error instanceof Problem) || error.kind !== 'busy') throw error;
    throw new Problem('busy', {
      ...error.details,
      todo: 'The embedded store serves one process: stop the other one, or give both a PostgreSQL server with DATABASE_URL.',
      cause: error,
    });
  }
}

/** Says whether a whole store is there; otherwise clears what a first start that was cut off left behind. */
function prepareFolder(data: string, making: string): 'made' | 'new' {
  if (existsSync(making)) rmSync(data, { recursive: true, force: true });
  else if (existsSync(data) && readdirSync(data).length > 0) return 'made';
  writeFileSync(making, 'The first start of this store has not finished.\n', { mode: 0o600 });
  mkdirSync(data, { recursive: true, mode: 0o700 });
  return 'new';
}

function checkFolder(data: string): void {
  const versionFile = join(data, 'PG_VERSION');
  const control = join(data, 'global', 'pg_control');
  for (const file of [versionFile, control]) if (!existsSync(file)) throw damaged(data, new Error(`${file} is missing`));
  const version = readFileSync(versionFile, 'utf8').trim();
  if (version !== embeddedVersion) {
    throw new Problem('storage', {
      what: `The casework store was made by PostgreSQL ${version}; this Headwater holds ${embeddedVersion}`,
      where: data,
      todo: 'Start the Headwater that made it, or restore a back-up that fits.',
    });
  }
  for (const path of [data, versionFile, control]) accessSync(path, constants.R_OK | constants.W_OK);
}

async function openData(data: string): Promise<PGlite> {
  let said = '';
  let opening = true;
  const listen = (line: string) => {
    if (opening) said = `${said}${line}\n`.slice(-2000);
    return true;
  };
  try {
    const pglite = await PGlite.create({ dataDir: data, parsers, startParams, onStdout: listen, onStderr: listen });
    opening = false;
    return pglite;
  } catch (error) {
    const known = asProblem(new Error(said, { cause: error }), data);
    throw known instanceof Problem ? known : damaged(data, known);
  }
}

function damaged(data: string, cause: unknown): Problem {
  return new Problem('storage', {
    what: 'The casework store cannot be read: its files are damaged or incomplete',
    where: data,
    todo: 'Restore the folder from a back-up. To start with an empty store, move the folder away first; sessions, audit and waiting jobs in it are then lost.',
    cause,
  });
}
