// Folders where a process works with rows that lie plain for as long as it works: each process has its own, and what a killed one left is cleared
// when the next extract, build or server begins.

import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { asProblem, Problem } from '../core/index.ts';
import { makeFolder } from './folder.ts';
import type { Home } from './home.ts';
import { writeWhole } from './lake.ts';
import { isProcessAlive, takeLock } from './lock.ts';

export interface WorkFolder {
  path: string;
  /** A place for a hidden folder in another one, which goes with this one, also after a crash. */
  beside(folder: string): string;
  /** Removes it with all that is in it. */
  clear(): void;
}

export type WorkKind = 'extract' | 'identified';

/** The kind, its process, the computer and a random number. */
const nameShape = /^(extract|identified)-(\d+)-([0-9a-f]{8})-[0-9a-f]{8}$/;
const thisComputer = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
/** Says where the folder lies that goes with this one. */
const besideFile = 'beside';

/** Those of this process: after a restart, a dead process may have had its number. */
const openHere = new Set<string>();

/** Makes a folder in temp/ for this process alone. */
export function openWorkFolder(home: Home, kind: WorkKind): WorkFolder {
  const name = `${kind}-${process.pid}-${thisComputer}-${randomBytes(4).toString('hex')}`;
  const path = join(home.temp, name);
  const clear = () => {
    clearFolder(path);
    openHere.delete(name);
  };
  openHere.add(name);
  try {
    makeFolder(path);
  } catch (error) {
    openHere.delete(name);
    throw asProblem(error, home.temp);
  }
  return {
    path,
    beside: (folder) => {
      const place = join(folder, `.${name}`);
      writeWhole(join(path, besideFile), place);
      return place;
    },
    clear,
  };
}

/** Folders of which one process at a time has the lock. */
const locked: readonly { lock: string; folders: readonly string[] }[] = [
  { lock: 'build', folders: ['build', 'sealing'] },
  { lock: 'match-index', folders: ['match-index'] },
  { lock: 'loads', folders: ['ingest'] },
];

/** Removes what processes that no longer run left in temp/, and beside it. What a running one works with stays. */
export function clearLeftovers(home: Home): void {
  if (!existsSync(home.temp)) return;
  try {
    for (const { lock, folders } of locked) {
      const left = folders.map((name) => join(home.temp, name)).filter((path) => existsSync(path));
      if (left.length > 0) whereFree(home, lock, () => left.forEach((path) => rmSync(path, { recursive: true, force: true })));
    }
    // Earlier versions had one folder of each kind for all processes.
    for (const name of readdirSync(home.temp)) if (name === 'extract' || name === 'identified' || isLeft(name)) clearFolder(join(home.temp, name));
  } catch (error) {
    throw asProblem(error, home.temp);
  }
}

function isLeft(name: string): boolean {
  const [, , pid, computer] = nameShape.exec(name) ?? [];
  if (pid === undefined || computer !== thisComputer) return false;
  return Number(pid) === process.pid ? !openHere.has(name) : !isProcessAlive(Number(pid));
}

function clearFolder(path: string): void {
  const note = join(path, besideFile);
  const place = existsSync(note) ? readFileSync(note, 'utf8') : '';
  const isOurs = basename(place) === `.${basename(path)}`;
  if (isOurs && !existsSync(dirname(place))) {
    // Its disk is not there now: the note stays for the next time.
    for (const name of readdirSync(path)) if (name !== besideFile) rmSync(join(path, name), { recursive: true, force: true });
    return;
  }
  if (isOurs) rmSync(place, { recursive: true, force: true });
  rmSync(path, { recursive: true, force: true });
}

function whereFree(home: Home, lock: string, work: () => void): void {
  let release: () => void;
  try {
    release = takeLock(join(home.dir, 'locks'), lock);
  } catch (error) {
    if (error instanceof Problem && error.kind === 'busy') return;
    throw error;
  }
  try {
    work();
  } finally {
    release();
  }
}
