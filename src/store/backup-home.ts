// One encrypted file with everything of a home: a tar archive, compressed with Zstandard and sealed with the home's key (sealed-file.ts). Its
// first entry says what it is; its last holds the hash of every file, by which a restore proves them. Written aside and renamed into place. Casework on a
// PostgreSQL server is copied into it after the files, as of one moment: every file of a case that it names is there, since nobody attaches one meanwhile.

import { createHash, randomBytes } from 'node:crypto';
import { closeSync, createReadStream, existsSync, fstatSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { pack, type Pack } from 'tar-stream';
import { asProblem, Problem, type Progress } from '../core/index.ts';
import { listBackupEntries, type BackupEntry } from './backup-contents.ts';
import { copyDatabase, type CaseworkServer } from './database-copy.ts';
import { makeFolder, syncFolder, writeAll } from './folder.ts';
import { fingerprint, homeKeys, nextKeyFileOf, type FileKey } from './home-key.ts';
import type { Home } from './home.ts';
import { takeLock } from './lock.ts';
import { lockWriters } from './rotate-keys.ts';
import { sealStream } from './sealed-file.ts';

/** The first and the last entry of the archive. */
export const aboutEntry = 'headwater-backup.json';
export const hashesEntry = 'headwater-hashes.json';

export interface AboutBackup {
  /** 2 where rows of a server are in it, which an older version would take for files. */
  format: 1 | 2;
  backup: string;
  madeAt: string;
  version: string;
  partnership: string;
  snapshot: string | null;
  /** Where the casework was. 'server': on a PostgreSQL server and not in the backup, as older versions made it; 'postgres': there, and in it. */
  store: 'embedded' | 'none' | 'server' | 'postgres';
  landing: boolean;
}

export interface HashedFile {
  name: string;
  bytes: number;
  sha256: string;
}

export interface BackupOptions {
  file: string;
  withoutLanding: boolean;
  about: Pick<AboutBackup, 'backup' | 'madeAt' | 'version' | 'snapshot'>;
  /** Where the casework is on a PostgreSQL server. */
  server?: CaseworkServer | undefined;
  progress: Progress;
}

export interface Backup extends AboutBackup {
  file: string;
  key: string;
  files: number;
  /** Of the casework on a server; null where it is a file, or there is none. */
  rows: number | null;
  bytes: number;
}

export const newBackupId = (): string => randomBytes(8).toString('hex');

/** The key that a backup of this home is sealed with; says what to do where there is none. */
export function backupKey(home: Home): FileKey {
  const keys = homeKeys(home);
  if (!keys) throw new Problem('usage', { what: 'This home has no key, and a backup is always encrypted', where: home.dir, todo: 'Make one with "npx headwater keys rotate", which also encrypts the home.' });
  if (keys.source === 'file' && existsSync(nextKeyFileOf(home))) throw new Problem('usage', { what: 'A change of keys was cut off', where: home.dir, todo: 'Finish it with "npx headwater keys rotate", then make the backup.' });
  return keys.current;
}

/** Refuses a place that cannot hold a backup, before any work. */
export function checkBackupPlace(home: Home, file: string): void {
  const place = resolve(file);
  if (existsSync(place)) throw new Problem('usage', { what: 'There is a file here already', where: place, todo: 'Choose another name, or remove it first.' });
  if (!relative(home.dir, place).startsWith('..')) throw new Problem('usage', { what: 'A backup cannot lie inside the home that it holds', where: place, todo: 'Choose a place elsewhere, on another disk at best.' });
}

/**
 * Writes the backup. Loads, builds, a change of keys and the embedded store are held off meanwhile, so that all files are of one moment.
 * @throws Problem where one of them runs, the place is taken or the disk is full; nothing is left of the file then
 */
export async function backUpHome(home: Home, options: BackupOptions): Promise<Backup> {
  const key = backupKey(home);
  checkBackupPlace(home, options.file);
  const file = resolve(options.file);
  const aside = `${file}.part`;
  const release = holdStill(home, options.server !== undefined);
  try {
    const entries = listBackupEntries(home, options);
    const about: AboutBackup = {
      format: options.server ? 2 : 1,
      ...options.about,
      partnership: home.settings.partnership,
      store: options.server ? 'postgres' : entries.some(({ name }) => name.startsWith('store/data/')) ? 'embedded' : 'none',
      landing: !options.withoutLanding,
    };
    makeFolder(dirname(file));
    const { files, rows } = await writeArchive(aside, key, { about, entries, server: options.server, progress: options.progress });
    renameSync(aside, file);
    syncFolder(dirname(file));
    return { ...about, file, key: fingerprint(key.id), files, rows, bytes: statSync(file).size };
  } catch (error) {
    rmSync(aside, { force: true });
    throw asProblem(error, file);
  } finally {
    release();
  }
}

function holdStill(home: Home, storeIsServer: boolean): () => void {
  const release = lockWriters(home);
  if (storeIsServer || !existsSync(home.store)) return release;
  try {
    const giveStore = takeLock(home.store, 'store');
    return () => {
      giveStore();
      release();
    };
  } catch (error) {
    release();
    if (!(error instanceof Problem) || error.kind !== 'busy') throw error;
    throw new Problem('busy', { ...error.details, todo: 'Stop the server while the backup is made: the embedded store serves one process.', cause: error });
  }
}

interface Archive {
  about: AboutBackup;
  entries: readonly BackupEntry[];
  server: CaseworkServer | undefined;
  progress: Progress;
}

interface Written {
  files: number;
  rows: number | null;
}

async function writeArchive(path: string, key: FileKey, archive: Archive): Promise<Written> {
  const tar = pack();
  const handle = openSync(path, 'w', 0o600);
  try {
    const written = pipeline(tar, createZstdCompress({ params: { [constants.ZSTD_c_compressionLevel]: 3 } }), sealStream(key), sinkOf(handle));
    // Where the disk fills, what waits to be written waits for ever: the failure of the one ends both.
    const [added] = await Promise.all([addEntries(tar, archive), written]);
    fsyncSync(handle);
    return added;
  } finally {
    tar.destroy();
    closeSync(handle);
  }
}

/** The handle stays open when the stream ends, however it ends, so that the file can be made durable. */
const sinkOf = (handle: number): Writable =>
  new Writable({
    write(chunk: Buffer, _encoding, done) {
      try {
        writeAll(handle, chunk);
        done();
      } catch (error) {
        done(error as Error);
      }
    },
  });

async function addEntries(tar: Pack, { about, entries, server, progress }: Archive): Promise<Written> {
  const megabytes = (bytes: number) => Math.ceil(bytes / 1e6);
  progress.stage('Writing the backup (MB)', megabytes(entries.reduce((sum, { bytes }) => sum + bytes, 0)));
  await addText(tar, aboutEntry, JSON.stringify(about));
  const hashes: HashedFile[] = [];
  let done = 0;
  for (const entry of entries) {
    if (entry.folder) await addFolder(tar, entry);
    else hashes.push(await addFile(tar, entry, (bytes) => progress.at(megabytes((done += bytes)))));
  }
  const files = hashes.length;
  progress.done(`${files.toLocaleString('en-GB')} files`);
  const rows = server ? await addDatabase(tar, server, { hashes, progress }) : null;
  await addText(tar, hashesEntry, JSON.stringify(hashes));
  tar.finalize();
  return { files, rows };
}

/** The casework of a server, each part of it proven as a file is. */
async function addDatabase(tar: Pack, server: CaseworkServer, { hashes, progress }: { hashes: HashedFile[]; progress: Progress }): Promise<number> {
  progress.stage('Copying the casework (parts)', 0);
  let parts = 0;
  const { tables } = await copyDatabase(server, async ({ name, content }) => {
    const bytes = Buffer.from(content);
    await addText(tar, name, bytes);
    hashes.push({ name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
    progress.at((parts += 1));
  });
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  progress.done(`${rows.toLocaleString('en-GB')} rows`);
  return rows;
}

const modeOf = (mode: number): number => mode & 0o777;

function addText(tar: Pack, name: string, text: string | Buffer): Promise<void> {
  return new Promise((resolveEntry, reject) => void tar.entry({ name, mode: 0o600 }, text, (error) => (error ? reject(error) : resolveEntry())).on('error', reject));
}

function addFolder(tar: Pack, { name, path }: BackupEntry): Promise<void> {
  const { mode, mtime } = statSync(path);
  return new Promise((resolveEntry, reject) => void tar.entry({ name, type: 'directory', mode: modeOf(mode), mtime }, (error) => (error ? reject(error) : resolveEntry())).on('error', reject));
}

/** As many bytes as the file has when it is opened: one that grows meanwhile, as a log does, is cut there. */
async function addFile(tar: Pack, { name, path }: BackupEntry, onBytes: (bytes: number) => void): Promise<HashedFile> {
  const handle = openSync(path, 'r');
  try {
    const { size, mode, mtime } = fstatSync(handle);
    const hash = createHash('sha256');
    const ended = Promise.withResolvers<void>();
    const entry = tar.entry({ name, size, mode: modeOf(mode), mtime }, (error) => (error ? ended.reject(error) : ended.resolve()));
    // Where the file cannot be written any further, its stream says so first.
    entry.on('error', () => undefined);
    ended.promise.catch(() => undefined);
    if (size > 0) {
      for await (const chunk of createReadStream(path, { fd: handle, autoClose: false, start: 0, end: size - 1 }) as AsyncIterable<Buffer>) {
        hash.update(chunk);
        onBytes(chunk.length);
        if (!entry.write(chunk)) await new Promise<void>((go) => entry.once('drain', () => go()));
      }
    }
    entry.end(null);
    await ended.promise;
    return { name, bytes: size, sha256: hash.digest('hex') };
  } finally {
    closeSync(handle);
  }
}
