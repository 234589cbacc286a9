// Puts other functions in the place of Node's own for files while a piece of work runs: to write less than asked, as a disk may, or to note the
// order of what is done to the disk.

import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

type Files = typeof fs;

/** Runs `work` with the functions that `make` returns, which may call the real ones that it is given. */
export async function withFiles<T>(make: (real: Files) => Partial<Files>, work: () => T | Promise<T>): Promise<T> {
  const stubs = make(fs);
  const real = Object.fromEntries(Object.keys(stubs).map((name) => [name, fs[name as keyof Files]]));
  Object.assign(fs, stubs);
  syncBuiltinESMExports();
  try {
    return await work();
  } finally {
    Object.assign(fs, real);
    syncBuiltinESMExports();
  }
}

/** The names that were changed and the places that were made durable while `work` ran, in order: "rename a b", "sync a". */
export async function stepsOnDisk(work: () => unknown): Promise<string[]> {
  const steps: string[] = [];
  const paths = new Map<number, string>();
  await withFiles(({ openSync, fsyncSync, renameSync }) => ({
    openSync: (path, ...rest) => {
      const handle = openSync(path, ...rest);
      paths.set(handle, String(path));
      return handle;
    },
    fsyncSync: (handle) => {
      fsyncSync(handle);
      steps.push(`sync ${paths.get(handle)}`);
    },
    renameSync: (from, to) => {
      renameSync(from, to);
      steps.push(`rename ${String(from)} ${String(to)}`);
    },
  }), work);
  return steps;
}
