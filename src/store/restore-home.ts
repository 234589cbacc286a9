// A home out of a backup: unpacked aside, every file proven by the archive's own hashes, and only then given its place. Whatever goes wrong,
// nothing is left and nothing that was there is touched.

import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, renameSync, rmdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { Transform } from 'node:stream';
import { buffer, text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createZstdDecompress } from 'node:zlib';
import { extract, type ExtractEvents } from 'tar-stream';
import { asProblem, Problem, systemClock, type Clock, type Progress } from '../core/index.ts';
import { readCheckpoints } from './audit-checkpoints.ts';
import { aboutEntry, hashesEntry, type AboutBackup, type HashedFile } from './backup-home.ts';
import type { CaseworkServer } from './database-copy.ts';
import { isDatabaseEntry, loadDatabase, type DatabaseLoad } from './database-restore.ts';
import { makeFolder, syncFolder, writeNewFile } from './folder.ts';
import { fingerprint, keyFileOf, keyFor, readKeyFile, type FileKey } from './home-key.ts';
import { openHome, type Home } from './home.ts';
import { takeLock } from './lock.ts';
import { sealedFileKeyId, unsealStream } from './sealed-file.ts';

export interface RestoreOptions {
  /** Keys at hand, such as the environment's. */
  keys: readonly FileKey[];
  progress: Progress;
  /** An empty database, for casework that was on a PostgreSQL server. */
  server?: CaseworkServer | undefined;
  clock?: Clock;
  /** Runs in the home that is whole and proven, before it has its place. */
  beforePlaced?: (home: Home, about: AboutBackup) => void;
}

export interface Restored extends AboutBackup {
  home: Home;
  files: number;
  key: string;
}

/**
 * Unpacks a backup into a folder that is new or empty.
 * @throws Problem where something is there, the key is not at hand, the file is damaged or cut short, or the disk is full
 */
export async function restoreHome(file: string, dir: string, { keys, progress, server, clock = systemClock, beforePlaced }: RestoreOptions): Promise<Restored> {
  const place = resolve(dir);
  const key = keyOfBackup(file, keys);
  refuseTaken(place);
  const parent = dirname(place);
  const aside = join(parent, `.${basename(place)}.restoring`);
  const release = takeLock(parent, `.${basename(place)}.restoring`);
  try {
    rmSync(aside, { recursive: true, force: true });
    makeFolder(aside);
    const unpackInto = async (load?: DatabaseLoad) => {
      const unpacked = await unpack(file, key, { aside, progress, load });
      await load?.prove(readCheckpoints(openHome(aside)));
      beforePlaced?.(openHome(aside), unpacked.about);
      refuseTaken(place);
      return unpacked;
    };
    const first = await readAbout(file, key);
    const { about, files } = first?.store === 'postgres' ? await loadDatabase(serverFor(server, file), { clock, backup: first.backup }, unpackInto) : await unpackInto();
    if (existsSync(place)) rmdirSync(place);
    renameSync(aside, place);
    syncFolder(parent);
    return { ...about, home: openHome(place), files, key: fingerprint(key.id) };
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    throw asProblem(error, place);
  } finally {
    release();
  }
}

function serverFor(server: CaseworkServer | undefined, file: string): CaseworkServer {
  if (server) return server;
  throw new Problem('usage', { what: 'The casework in this backup was on a PostgreSQL server, and belongs on one', where: file, todo: 'Make an empty database, give its address with DATABASE_URL (and MIGRATION_DATABASE_URL), and restore again.' });
}

/** Puts the key of a restored home where it looks for it; returns where, or undefined where another file is there. */
export function keepRestoredKey(home: Home, key: FileKey): string | undefined {
  const path = keyFileOf(home);
  if (existsSync(path)) return readKeyFile(path).id === key.id ? path : undefined;
  writeNewFile(path, `${key.secret.toString('hex')}\n`);
  return path;
}

/** The key that a backup needs, of those at hand. */
export function keyOfBackup(file: string, keys: readonly FileKey[]): FileKey {
  let id: string | undefined;
  try {
    if (!statSync(file).isFile()) throw notABackup(file);
    id = sealedFileKeyId(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw asProblem(error, file);
    throw new Problem('notFound', { what: 'There is no such file', where: file, todo: 'Check its name.' });
  }
  if (id === undefined) throw notABackup(file);
  const known = keys.some((key) => key.id === id);
  if (!known) throw new Problem('badInput', { what: `This backup needs the key ${fingerprint(id)}`, where: file, todo: 'Give its file with --key-file, or the key with HEADWATER_KEY.' });
  return keyFor(keys, id, file);
}

const notABackup = (file: string) => new Problem('badInput', { what: 'This is not a backup of Headwater', where: file, todo: 'Give a file that "headwater backup" has written.' });
const damaged = (file: string, cause?: unknown) => new Problem('badInput', { what: 'This backup is damaged or cut short, so that nothing of it was restored', where: file, todo: 'Use another copy of it, or an earlier backup.', cause });

function refuseTaken(place: string): void {
  const about = statSync(place, { throwIfNoEntry: false });
  if (!about || (about.isDirectory() && readdirSync(place).length === 0)) return;
  throw new Problem('usage', {
    what: existsSync(join(place, 'headwater.yaml')) ? 'There is a partnership here already' : 'There is something here already',
    where: place,
    todo: 'Choose a folder that is new or empty. Nothing was changed.',
  });
}

const swell = 200;
/** Smaller ones may swell further: an embedded store without much in it is mostly zeros. */
const alwaysUnpacked = 512 * 1024 ** 2;

/** How many bytes a backup of this size may unpack to. A home's files are encrypted or tables, and none swells so far. */
const mostUnpacked = (bytes: number): number => Math.max(alwaysUnpacked, swell * bytes);

function refuseSwollen(file: string, bytes: number, most: number): void {
  if (bytes <= most) return;
  throw new Problem('badInput', { what: `This backup unpacks to more than ${swell} times its size, as no home does, so that nothing of it was restored`, where: file, todo: 'Find out who made it. Use another backup.' });
}

/** Whatever the archive says of the sizes of its entries. */
function stopSwelling(file: string, most: number): Transform {
  let unpacked = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      try {
        refuseSwollen(file, (unpacked += chunk.length), most);
        done(undefined, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
}

interface Unpacking {
  aside: string;
  progress: Progress;
  load?: DatabaseLoad | undefined;
}

interface Unpacked {
  about: AboutBackup;
  files: number;
}

/** What the backup says that it is, by its first entry; undefined where that cannot be read: unpacking says why. */
async function readAbout(file: string, key: FileKey): Promise<AboutBackup | undefined> {
  const archive = extract();
  const source = createReadStream(file);
  const fed = pipeline(source, unsealStream([key], file), createZstdDecompress(), archive).catch(() => undefined);
  try {
    for await (const entry of archive) {
      if (entry.header.name !== aboutEntry || (entry.header.size ?? 0) > 1_000_000) return undefined;
      return JSON.parse(await text(entry as unknown as AsyncIterable<Buffer>)) as AboutBackup;
    }
    return undefined;
  } catch {
    return undefined;
  } finally {
    source.destroy();
    archive.destroy();
    await fed;
  }
}

async function unpack(file: string, key: FileKey, { aside, progress, load }: Unpacking): Promise<Unpacked> {
  const archive = extract();
  const total = Math.ceil(statSync(file).size / 1e6);
  progress.stage('Reading the backup (MB)', total);
  let read = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      progress.at(Math.floor((read += chunk.length) / 1e6));
      done(undefined, chunk);
    },
  });
  const most = mostUnpacked(statSync(file).size);
  const fed = pipeline(createReadStream(file), count, unsealStream([key], file), createZstdDecompress(), stopSwelling(file, most), archive);
  const taken = takeEntries(archive, { aside, load, onSize: (bytes) => refuseSwollen(file, bytes, most) }).catch((error: unknown) => {
    archive.destroy();
    throw error;
  });
  const [feeding, taking] = await Promise.allSettled([fed, taken]);
  // The first cause is told: what the disk or a check says before what follows from it.
  for (const failure of [taking, feeding]) {
    if (failure.status === 'rejected' && (failure.reason instanceof Problem || 'code' in Object(failure.reason) && asProblem(failure.reason, aside) instanceof Problem)) throw failure.reason;
  }
  for (const failure of [feeding, taking]) if (failure.status === 'rejected') throw damaged(file, failure.reason);
  const entries = (taking as PromiseFulfilledResult<Entries>).value;
  const about = prove(entries, file);
  for (const { path, mtime } of entries.folders.toReversed()) utimesSync(path, mtime, mtime);
  // Who is told that a home is restored may throw the backup away: the names must be on the disk as the files are.
  const places = [...[...entries.files.keys()].map((name) => join(aside, name)), ...entries.folders.map(({ path }) => path)];
  for (const folder of new Set(places.map((path) => dirname(path)))) syncFolder(folder);
  progress.done(`${entries.files.size.toLocaleString('en-GB')} files`);
  return { about, files: entries.files.size };
}

type Source = ExtractEvents['entry'][1];

interface Entries {
  about: string | undefined;
  hashes: string | undefined;
  files: Map<string, { bytes: number; sha256: string }>;
  /** Parts of a database's copy, which are no files. */
  rows: Map<string, { bytes: number; sha256: string }>;
  folders: { path: string; mtime: Date }[];
}

/** `onSize` is told how much all entries so far will hold, before the last of them is read. */
async function takeEntries(archive: AsyncIterable<Source>, { aside, load, onSize }: Pick<Unpacking, 'aside' | 'load'> & { onSize: (bytes: number) => void }): Promise<Entries> {
  const entries: Entries = { about: undefined, hashes: undefined, files: new Map(), rows: new Map(), folders: [] };
  let bytes = 0;
  for await (const entry of archive) {
    onSize((bytes += entry.header.size ?? 0));
    const { name: given, type } = entry.header;
    const name = given.replace(/\/$/, '');
    if (name === aboutEntry) entries.about = await text(entry as unknown as AsyncIterable<Buffer>);
    else if (name === hashesEntry) entries.hashes = await text(entry as unknown as AsyncIterable<Buffer>);
    else if (load && isDatabaseEntry(name)) {
      const content = await buffer(entry as unknown as AsyncIterable<Buffer>);
      await load.take({ name, content: content.toString('utf8') });
      entries.rows.set(name, { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') });
    } else if (isAbsolute(name) || name.split('/').some((part) => part === '..' || part === '') || !['file', 'directory'].includes(type ?? 'file')) throw new Error('An entry of the archive has no place in a home');
    else if (type === 'directory') {
      makeFolder(join(aside, name), entry.header.mode ?? 0o700);
      entries.folders.push({ path: join(aside, name), mtime: entry.header.mtime ?? new Date() });
      entry.resume();
    } else entries.files.set(name, await takeFile(entry, join(aside, name)));
  }
  return entries;
}

async function takeFile(entry: Source, path: string): Promise<{ bytes: number; sha256: string }> {
  makeFolder(dirname(path));
  const handle = await open(path, 'wx', entry.header.mode ?? 0o600);
  try {
    const hash = createHash('sha256');
    let bytes = 0;
    for await (const chunk of entry as unknown as AsyncIterable<Buffer>) {
      hash.update(chunk);
      bytes += chunk.length;
      await handle.writeFile(chunk);
    }
    // Whatever this user's own mask takes away.
    await handle.chmod(entry.header.mode ?? 0o600);
    if (entry.header.mtime) await handle.utimes(entry.header.mtime, entry.header.mtime);
    await handle.sync();
    return { bytes, sha256: hash.digest('hex') };
  } finally {
    await handle.close();
  }
}

/** Every file that the archive names is there as it was, and no other. */
function prove({ about, hashes, files, rows }: Entries, file: string): AboutBackup {
  let described: AboutBackup;
  let expected: HashedFile[];
  try {
    described = JSON.parse(about ?? '') as AboutBackup;
    expected = JSON.parse(hashes ?? '') as HashedFile[];
  } catch (error) {
    throw about === undefined ? notABackup(file) : damaged(file, error);
  }
  if (described.format !== 1 && described.format !== 2) throw new Problem('badInput', { what: 'This backup was made by a newer Headwater than this one', where: file, todo: 'Restore it with the version that made it, or a later one.' });
  const found = new Map([...files, ...rows]);
  const same = expected.length === found.size && expected.every(({ name, bytes, sha256 }) => found.get(name)?.bytes === bytes && found.get(name)?.sha256 === sha256);
  if (!same) throw damaged(file);
  return described;
}
