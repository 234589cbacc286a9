// Makes a folder and those above it. Node's own recursive way reports a read-only disk as "no such file"; this names the real reason.

import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes the folder where it is missing. Throws the operating system's error of the first step that fails. */
export function makeFolder(path: string, mode = 0o700): void {
  if (isFolder(path)) return;
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST' && isFolder(path)) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path), mode);
    mkdirSync(path, { mode });
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
