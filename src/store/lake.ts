// The lake: complete Parquet snapshots in two zones, a manifest for each, and one pointer that is replaced by a rename.
// A snapshot is written aside and renamed into place, so a reader never sees half of one and a crash leaves the last.

import { createHash, randomBytes } from 'node:crypto';
import { closeSync, createReadStream, existsSync, fsyncSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asProblem, Problem } from '../core/index.ts';
import type { Duck } from './duck.ts';
import { makeFolder, writeAll, writeNewFile } from './folder.ts';
import { homeKeys, openingKeys, type FileKey } from './home-key.ts';
import type { Home } from './home.ts';
import { copyToParquetSql, countParquetSql } from './lake.sql.ts';
import { parquetKind, plainParquetHash, sealedParquetKeyId, sealParquet } from './sealed-parquet.ts';

export type Zone = 'identified' | 'pseudonymised';

export interface TableEntry {
  rows: number;
  /** Of the plain file, also where it lies encrypted. */
  bytes: number;
  sha256: string;
}

export interface Manifest {
  /** A hash of inputs, packs, key and code, with a number where the same was built again: same files, same content, same hash. */
  id: string;
  builtAt: string;
  partnership: string;
  code: { version: string; sha256: string };
  packs: Record<string, string>;
  inputs: { feed: string; load: string; file: string; sha256: string; rows: number; accepted: number }[];
  /** The last date that any event has. */
  dataTo: string | null;
  tables: Record<Zone, Record<string, TableEntry>>;
  linkage: Record<string, unknown>;
  seconds: number;
}

/** A table to keep: a SELECT over the build's database. Rows should be ordered, so that equal content is equal bytes. */
export interface TableToWrite {
  zone: Zone;
  name: string;
  sql: string;
}

const snapshotsOf = (home: Home) => join(home.lake, 'snapshots');
const pointerOf = (home: Home) => join(home.lake, 'current.json');

export function snapshotFolder(home: Home, snapshotId: string): string {
  return join(snapshotsOf(home), snapshotId);
}

/** Which build of what this hash stands for a snapshot is: 1 for the first; undefined where it was built from something else. */
function nthBuild(snapshotId: string, hash: string): number | undefined {
  if (snapshotId === hash) return 1;
  const nth = snapshotId.startsWith(`${hash}-`) ? Number(snapshotId.slice(hash.length + 1)) : Number.NaN;
  return Number.isInteger(nth) ? nth : undefined;
}

/** Whether a snapshot was built from what this hash stands for, at first or again. */
export const isBuildOf = (snapshotId: string, hash: string): boolean => nthBuild(snapshotId, hash) !== undefined;

/** A name for what is built now: the hash of what it is built from, with a number after those that were built from the same, so that a build never touches what is served. */
export function newSnapshotId(home: Home, hash: string): string {
  const names = existsSync(snapshotsOf(home)) ? readdirSync(snapshotsOf(home)) : [];
  const latest = Math.max(0, ...names.map((name) => nthBuild(name, hash) ?? 0));
  return latest === 0 ? hash : `${hash}-${latest + 1}`;
}

/** The manifest of a snapshot, or undefined where it is not there whole. */
export function findManifest(home: Home, snapshotId: string): Manifest | undefined {
  const path = join(snapshotFolder(home, snapshotId), 'manifest.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Manifest) : undefined;
}

/** The manifest of the snapshot that is served now. */
export function findCurrentManifest(home: Home): Manifest | undefined {
  const pointer = pointerOf(home);
  if (!existsSync(pointer)) return undefined;
  const { snapshot } = JSON.parse(readFileSync(pointer, 'utf8')) as { snapshot: string };
  return findManifest(home, snapshot);
}

/** Writes a snapshot's tables aside as Parquet, in any order and beside each other, and puts the whole in its place at the end. */
export interface SnapshotWriter {
  /** Writes one table over the connection given, and returns its file. */
  write(duck: Duck, table: TableToWrite): Promise<string>;
  /** Puts the snapshot in its place with what `describe` makes of the tables written, which are in the order of `names`. Does not move the pointer. */
  finish(names: readonly Pick<TableToWrite, 'zone' | 'name'>[], describe: (entries: Manifest['tables']) => Manifest): Manifest;
  /** Removes what was written; after `finish` it does nothing. */
  discard(): void;
}

/** Where tables lie plain until they are encrypted. What a crash left there goes when the next snapshot is begun: one is written at a time. */
const plainFolder = (home: Home): string => join(home.temp, 'sealing');

export function openSnapshotWriter(home: Home): SnapshotWriter {
  const aside = join(snapshotsOf(home), `.writing-${process.pid}`);
  const written: Record<Zone, Map<string, TableEntry>> = { identified: new Map(), pseudonymised: new Map() };
  for (const folder of [aside, plainFolder(home)]) rmSync(folder, { recursive: true, force: true });
  return {
    write: async (duck, { zone, name, sql }) => {
      try {
        const folder = join(aside, zone);
        makeFolder(folder);
        const path = join(folder, `${name}.parquet`);
        const key = zone === 'identified' ? homeKeys(home)?.current : undefined;
        // What is encrypted is plain in temp/ alone, and only until it is.
        const plain = key ? join(plainFolder(home), `${name}.parquet`) : path;
        makeFolder(dirname(plain));
        await duck.run(copyToParquetSql(sql, plain));
        const { n } = await duck.one<{ n: number }>(countParquetSql(plain));
        const { size: bytes } = statSync(plain);
        written[zone].set(name, { rows: n, bytes, sha256: key ? sealHashing(plain, path, key) : await sha256Of(plain) });
        if (key) rmSync(plain);
        return path;
      } catch (error) {
        throw asProblem(error, home.lake);
      }
    },
    finish: (names, describe) => {
      try {
        const entries: Manifest['tables'] = { identified: {}, pseudonymised: {} };
        for (const { zone, name } of names) {
          const entry = written[zone].get(name);
          if (!entry) throw new Error(`The table ${name} was not written`);
          entries[zone][name] = entry;
        }
        const manifest = describe(entries);
        writeWhole(join(aside, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
        // A snapshot is never put in another's place: the other may be the one that is served. See `newSnapshotId`.
        renameSync(aside, snapshotFolder(home, manifest.id));
        return manifest;
      } catch (error) {
        throw asProblem(error, home.lake);
      }
    },
    discard: () => {
      for (const folder of [aside, plainFolder(home)]) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Writes all tables, one after another, as a snapshot. */
export async function writeSnapshot(home: Home, duck: Duck, tables: readonly TableToWrite[], describe: (entries: Manifest['tables']) => Manifest): Promise<Manifest> {
  const writer = openSnapshotWriter(home);
  try {
    for (const table of tables) await writer.write(duck, table);
    return writer.finish(tables, describe);
  } finally {
    writer.discard();
  }
}

/** Makes a whole snapshot the one that is served. */
export function pointAt(home: Home, snapshotId: string): void {
  if (!findManifest(home, snapshotId)) throw new Error(`Snapshot ${snapshotId} is not whole`);
  const pointer = pointerOf(home);
  try {
    writeWhole(`${pointer}.next`, `${JSON.stringify({ snapshot: snapshotId })}\n`);
    renameSync(`${pointer}.next`, pointer);
  } catch (error) {
    throw asProblem(error, home.lake);
  }
}

/** Removes what crashes left, all but the newest snapshots, and those that nobody wants to keep. The one that is served always stays. */
export function tidySnapshots(home: Home, { keep = 3, unwanted = () => false }: { keep?: number; unwanted?: (manifest: Manifest) => boolean } = {}): void {
  const folder = snapshotsOf(home);
  if (!existsSync(folder)) return;
  const current = findCurrentManifest(home)?.id;
  const names = readdirSync(folder);
  for (const name of names.filter((entry) => /^\.(writing|removing)-/.test(entry))) rmSync(join(folder, name), { recursive: true, force: true });
  const whole = names
    .filter((name) => !name.startsWith('.') && name !== current)
    .map((name) => ({ name, time: statSync(join(folder, name)).mtimeMs, manifest: findManifest(home, name) }))
    .toSorted((a, b) => b.time - a.time);
  const kept = whole.filter(({ manifest }) => !manifest || !unwanted(manifest)).slice(0, Math.max(0, keep - 1));
  for (const { name } of whole.filter((each) => !kept.includes(each))) {
    // First out of its place, so that a crash on the way leaves no half of it there.
    const removing = join(folder, `.removing-${name}`);
    renameSync(join(folder, name), removing);
    rmSync(removing, { recursive: true, force: true });
  }
}

/** Checks that every file of a snapshot is there with its hash; returns what is wrong, in words. */
export async function checkSnapshot(home: Home, manifest: Manifest): Promise<string[]> {
  const wrong: string[] = [];
  const keys = openingKeys(home);
  for (const zone of ['identified', 'pseudonymised'] as const) {
    for (const [name, entry] of Object.entries(manifest.tables[zone])) {
      const path = join(snapshotFolder(home, manifest.id), zone, `${name}.parquet`);
      if (!existsSync(path)) wrong.push(`${zone}/${name}.parquet is missing`);
      else if ((await plainHash(path, keys)) !== entry.sha256) wrong.push(`${zone}/${name}.parquet has changed since it was built`);
    }
  }
  return wrong;
}

export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Seals a table's plain file, reading it once, and returns the hash of that. */
function sealHashing(plain: string, path: string, key: FileKey): string {
  const hash = createHash('sha256');
  sealParquet(plain, path, key, (part) => hash.update(part));
  return hash.digest('hex');
}

/** The hash of a table's plain file; of one that cannot be opened, a word that is none. */
async function plainHash(path: string, keys: readonly FileKey[]): Promise<string> {
  if (parquetKind(path) !== 'sealed') return sha256Of(path);
  try {
    return plainParquetHash(path, keys);
  } catch (error) {
    if (error instanceof Problem && keys.some(({ id }) => id === sealedParquetKeyId(path))) return 'damaged';
    throw error;
  }
}

/** Writes a file and makes sure that it is on the disk before it returns. */
export function writeWhole(path: string, content: string, mode = 0o600): void {
  makeFolder(join(path, '..'));
  const handle = openSync(path, 'w', mode);
  try {
    writeAll(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** A secret of this home, 64 hexadecimal characters, made at its first use and kept in keys/ for its owner alone. */
export function homeSecret(home: Home, name: string): string {
  const path = join(home.keys, `${name}.key`);
  if (!existsSync(path)) {
    try {
      writeNewFile(path, randomBytes(32).toString('hex'));
    } catch (error) {
      // Where another process was first, its secret is this home's.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw asProblem(error, path);
    }
  }
  const secret = readFileSync(path, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(secret)) {
    throw new Problem('badInput', { what: `The key "${name}" is damaged`, where: path, todo: 'Put the file back from a backup.' });
  }
  return secret;
}

/** The secret of this home's pseudonyms: with another, every pseudonym would change. */
export function pseudonymKey(home: Home): string {
  return homeSecret(home, 'pseudonym');
}
