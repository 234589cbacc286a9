// Folders that the tests of a file make. They are taken away after the file (made-folders.setup.ts), which may share its process with others.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** An empty folder that is taken away after the tests of this file. */
export function newFolder(name: string): string {
  const dir = mkdtempSync(join(tmpdir(), `headwater-${name}-`));
  made.push(dir);
  return dir;
}

export function removeMadeFolders(): void {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
}
