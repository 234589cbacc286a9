// Which files of a home are encrypted where it has a key, what state each is in, and how one is brought under another key: whole or not at all.

import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { FileKey } from './home-key.ts';
import type { Home } from './home.ts';
import { asideEnding, sealedFileKeyId, sealFile, type PartSize } from './sealed-file.ts';
import { parquetKind, resealParquet, sealedParquetKeyId, sealParquet } from './sealed-parquet.ts';

/** The files of the search's index of which a search reads hundreds of lines, from all over them. */
const readByLines: ReadonlySet<string> = new Set(['lines.txt', 'people.txt']);

/** How large the parts of a file are made; undefined where what holds it already may stay. */
export const partSizeFor = (path: string): PartSize | undefined => (readByLines.has(basename(path)) ? 'small' : undefined);

/** Encrypts a file that nobody else reads yet. */
export function sealInPlace(path: string, key: FileKey): void {
  if (path.endsWith('.parquet')) throughAside(path, (aside) => sealParquet(path, aside, key));
  else sealFile(path, path, key, { parts: partSizeFor(path) });
}

/** The id of the key that a file was encrypted with; undefined where it is plain. */
export function fileKeyId(path: string): string | undefined {
  return isParquet(path) ? (parquetKind(path) === 'sealed' ? sealedParquetKeyId(path) : undefined) : sealedFileKeyId(path);
}

/** Brings a file under a key, whatever it was: at each moment it is whole under the key before or under this one. Returns whether it had to. */
export function bringUnderKey(path: string, key: FileKey, opening: readonly FileKey[]): boolean {
  const held = fileKeyId(path);
  if (held === key.id) return false;
  if (!isParquet(path)) sealFile(path, path, key, { parts: partSizeFor(path), opening });
  else throughAside(path, (aside) => (held === undefined ? sealParquet(path, aside, key) : resealParquet(path, aside, opening, key)));
  return true;
}

const isParquet = (path: string): boolean => path.endsWith('.parquet') && parquetKind(path) !== undefined;

function throughAside(path: string, write: (aside: string) => void): void {
  const aside = `${path}${asideEnding}`;
  try {
    write(aside);
    renameSync(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
}

/** All files of a home that are encrypted where it has a key: landing files and loads, the identified zone, attachments and decisions. */
export const listProtectedFiles = (home: Home): string[] => filesOf(home).filter((path) => !path.endsWith(asideEnding));

/** What a crash left while a file was encrypted. */
export const listAsideFiles = (home: Home): string[] => filesOf(home).filter((path) => path.endsWith(asideEnding));

function filesOf(home: Home): string[] {
  const snapshots = join(home.lake, 'snapshots');
  const zones = foldersIn(snapshots).map((name) => join(snapshots, name, 'identified'));
  const all = [home.loads, ...zones, home.attachments, join(home.dir, 'decisions')].flatMap(filesUnder);
  return all.filter((path) => basename(path) !== 'load.json');
}

const foldersIn = (dir: string): string[] => (existsSync(dir) ? readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name) : []);

function filesUnder(dir: string): string[] {
  if (!existsSync(dir)) return [];
  const entries = readdirSync(dir, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.')).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => (entry.isDirectory() ? filesUnder(join(dir, entry.name)) : [join(dir, entry.name)]));
}
