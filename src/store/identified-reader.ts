// Read-only access to named tables of the current snapshot's identified zone, for the few pages whose readers may see names. The engine may
// read those files and nothing else; it cannot write, reach other files or change its own settings. It follows the pointer.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../core/index.ts';
import { openDuck, type Duck, type SqlParams } from './duck.ts';
import { openingKeys } from './home-key.ts';
import type { Home } from './home.ts';
import { attachParquetSql, confineToFilesSql } from './lake.sql.ts';
import { findCurrentManifest, snapshotFolder, type Manifest, type Zone } from './lake.ts';
import { openWorkFolder } from './work-folder.ts';

export interface IdentifiedReader {
  /** The snapshot that the next question reads. A Problem says what to do where there is none, or it was built before these tables. */
  snapshot(): Promise<string>;
  rows<T>(sql: string, params?: SqlParams): Promise<T[]>;
  close(): Promise<void>;
}

interface OpenZone {
  id: string;
  /** The keys it may use: others may come while files are encrypted again. */
  keys: string;
  duck: Duck;
  close(): void;
}

/** Opens at the first question, and anew when a build swaps the snapshot; questions run one after another. */
export function followIdentified(home: Home, tables: readonly { zone: Zone; name: string }[]): IdentifiedReader {
  let open: OpenZone | undefined;
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = last.then(work, work);
    last = next.catch(() => undefined);
    return next;
  };
  const current = async (): Promise<OpenZone> => {
    const manifest = findCurrentManifest(home);
    if (!manifest) throw new Problem('notFound', { what: 'There is no snapshot yet', where: home.lake, todo: 'Load files with "npx headwater ingest", then run "npx headwater build".' });
    if (open?.id === manifest.id && open.keys === keyIds(home)) return open;
    const next = await openTables(home, manifest, tables);
    open?.close();
    open = next;
    return next;
  };
  return {
    snapshot: () => inTurn(async () => (await current()).id),
    rows: <T>(sql: string, params?: SqlParams) => inTurn(async () => (await current()).duck.rows<T>(sql, params)),
    close: () => inTurn(async () => {
      open?.close();
      open = undefined;
    }),
  };
}

const keyIds = (home: Home): string => openingKeys(home).map(({ id }) => id).join();

async function openTables(home: Home, manifest: Manifest, tables: readonly { zone: Zone; name: string }[]): Promise<OpenZone> {
  const files = tables.map(({ zone, name }) => ({ name, path: join(snapshotFolder(home, manifest.id), zone, `${name}.parquet`) }));
  const missing = files.find(({ path }) => !existsSync(path));
  if (missing) throw new Problem('notFound', { what: 'This snapshot was built before the tables that this page needs', where: missing.name, todo: 'Run "npx headwater build" to make them.' });
  const keys = openingKeys(home);
  const work = openWorkFolder(home, 'identified');
  let duck: Duck | undefined;
  const close = () => {
    duck?.close();
    work.clear();
  };
  try {
    duck = await openDuck({ memoryLimit: '512MB', threads: 1, tempDirectory: work.path, keys });
    for (const { name, path } of files) await duck.run(attachParquetSql(name, path, 'VIEW'));
    await duck.run(confineToFilesSql(files.map(({ path }) => path)));
    return { id: manifest.id, keys: keys.map(({ id }) => id).join(), duck, close };
  } catch (error) {
    close();
    throw error;
  }
}
