// Read-only access to the pseudonymised zone of the current snapshot, for the web and for `ask`.
// The engine may read that zone's folder and nothing else; it cannot write, reach other files or change its own settings.

import { watchFile, unwatchFile } from 'node:fs';
import { join } from 'node:path';
import { Problem, type LakeReader } from '../core/index.ts';
import { openDuck, type Duck, type SqlParams } from './duck.ts';
import type { Home } from './home.ts';
import { attachParquetSql, confineSql } from './lake.sql.ts';
import { createLakeLimiter, type Hold } from './limited-lake.ts';
import { findCurrentManifest, snapshotFolder, type Manifest } from './lake.ts';
import { openReaderPool } from './reader-pool.ts';

/** Tables up to this many rows are held in memory, so that a page does not wait for the disk. */
const rowsHeldInMemory = 3_000_000;
/** Where no table has more rows, sharing a statement among threads costs more than it saves; statements still run side by side. */
const rowsForOneThread = 1_000_000;
const connections = 4;

export interface OpenLake extends LakeReader {
  manifest: Manifest;
  forFeeds: NonNullable<LakeReader['forFeeds']>;
  close(): void;
}

/** Opens one snapshot for reading. */
export async function openSnapshot(home: Home, manifest: Manifest): Promise<OpenLake> {
  const zone = join(snapshotFolder(home, manifest.id), 'pseudonymised');
  const tables = manifest.tables.pseudonymised;
  const large = Object.values(tables).some(({ rows }) => rows > rowsForOneThread);
  const duck = await openDuck({ memoryLimit: home.settings.memoryLimit, threads: large ? home.settings.threads : 1, tempDirectory: join(home.temp, 'read') });
  for (const [name, entry] of Object.entries(tables)) {
    const what = entry.rows <= rowsHeldInMemory ? 'TABLE' : 'VIEW';
    await duck.run(attachParquetSql(name, join(zone, `${name}.parquet`), what));
  }
  await duck.run(confineSql(zone));
  const forks: Duck[] = [];
  for (let i = 0; i < connections; i += 1) forks.push(await duck.fork());
  const pool = openReaderPool(forks);
  let running = 0;
  let closing = false;
  const closeNow = () => {
    limiter.close();
    pool.close();
    duck.close();
  };
  const hold: Hold = async (work) => {
    running += 1;
    try {
      return await work();
    } finally {
      running -= 1;
      if (closing && running === 0) closeNow();
    }
  };
  const whole: LakeReader = {
    snapshot: { id: manifest.id, builtAt: manifest.builtAt, dataTo: manifest.dataTo },
    hasTable: (name) => name in tables,
    rows: (sql, params) => hold(() => pool.rows(sql, params as SqlParams | undefined)),
  };
  const limiter = createLakeLimiter(duck, whole, hold);
  return {
    ...whole,
    manifest,
    forFeeds: (limits) => hold(() => limiter.forFeeds(limits)),
    close: () => {
      if (closing) return;
      closing = true;
      if (running === 0) closeNow();
    },
  };
}

export interface LakeHandle {
  /** The snapshot that is served now; a Problem says how to build one where there is none. */
  current(): OpenLake;
  /** Looks at the pointer now instead of at the next tick. */
  refresh(): Promise<void>;
  close(): void;
}

const noSnapshot = (home: Home) =>
  new Problem('notFound', { what: 'There is no snapshot yet', where: home.lake, todo: 'Load files with "npx headwater ingest", then run "npx headwater build".' });

/** Follows the pointer: when a build swaps it, new questions read the new snapshot and running ones finish on the old. */
export async function followLake(home: Home, onError: (error: unknown) => void = () => {}): Promise<LakeHandle> {
  let open: OpenLake | undefined;
  let opening: Promise<void> = Promise.resolve();
  const look = async () => {
    const manifest = findCurrentManifest(home);
    if (!manifest || manifest.id === open?.manifest.id) return;
    const next = await openSnapshot(home, manifest);
    const last = open;
    open = next;
    last?.close();
  };
  const refresh = () => {
    opening = opening.then(look).catch(onError);
    return opening;
  };
  await look();
  const pointer = join(home.lake, 'current.json');
  const listener = () => void refresh();
  watchFile(pointer, { interval: 1000, persistent: false }, listener);
  return {
    current: () => {
      if (!open) throw noSnapshot(home);
      return open;
    },
    refresh,
    close: () => {
      unwatchFile(pointer, listener);
      open?.close();
    },
  };
}

/** Opens the current snapshot once, for the command line. */
export async function openLake(home: Home): Promise<OpenLake> {
  const manifest = findCurrentManifest(home);
  if (!manifest) throw noSnapshot(home);
  return openSnapshot(home, manifest);
}
