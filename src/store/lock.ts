// One writer at a time for a home folder: a lock file that names its process. A lock whose process has died is taken over.

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { asProblem, Problem } from '../core/index.ts';
import { makeFolder } from './folder.ts';
import type { Home } from './home.ts';

/** The lock files that this process holds: after a restart, a dead process may have had this one's number. */
const heldHere = new Set<string>();

interface Holder {
  pid: number;
  host: string;
  since: string;
}

/** Runs with the named lock held; throws a Problem of kind "busy" where another live process holds it. */
export async function withLock<T>(home: Home, name: string, run: () => Promise<T>): Promise<T> {
  const release = takeLock(join(home.dir, 'locks'), name);
  try {
    return await run();
  } finally {
    release();
  }
}

/** Takes a lock in a folder; returns the function that gives it back. */
export function takeLock(folder: string, name: string): () => void {
  const path = join(folder, `${name}.lock`);
  try {
    makeFolder(folder);
  } catch (error) {
    throw asProblem(error, folder);
  }
  for (let attempt = 0; attempt < 10; attempt += 1) {
    if (createLock(path)) return () => giveBack(path);
    const holder = readHolder(path);
    if (holder && isAlive(path, holder)) {
      throw new Problem('busy', {
        what: `Another Headwater process (number ${holder.pid}, since ${holder.since}) is using "${name}" in this home`,
        where: path,
        todo: 'Wait until it has finished, then run the command again.',
      });
    }
    removeStale(path, holder);
  }
  throw new Problem('busy', { what: `The lock "${name}" keeps changing hands`, where: path, todo: 'Wait a moment and try again.' });
}

function giveBack(path: string): void {
  rmSync(path, { force: true });
  heldHere.delete(path);
}

/** Writes the lock aside with its content and links it into place, so that no reader ever sees an empty lock. */
function createLock(path: string): boolean {
  const aside = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  try {
    writeFileSync(aside, JSON.stringify(holder), { mode: 0o600, flag: 'wx' });
    linkSync(aside, path);
    heldHere.add(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw asProblem(error, path);
  } finally {
    rmSync(aside, { force: true });
  }
}

function readHolder(path: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function isAlive(path: string, holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  return holder.pid === process.pid ? heldHere.has(path) : isProcessAlive(holder.pid);
}

/** Whether a process of this number runs on this computer. */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Moves the dead lock aside first, so that a lock taken meanwhile by another process is noticed and put back. */
function removeStale(path: string, seen: Holder | undefined): void {
  const aside = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const moved = readHolder(aside);
  if (moved && (moved.pid !== seen?.pid || moved.since !== seen.since)) {
    try {
      linkSync(aside, path);
    } catch {
      // another process has it now
    }
  }
  rmSync(aside, { force: true });
}
