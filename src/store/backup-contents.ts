// What a backup of a home holds: every file and folder of it but what is made anew (temp, locks, logs, files half written) and the key itself.

import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { keyFileOf, nextKeyFileOf } from './home-key.ts';
import type { Home } from './home.ts';
import { asideEnding } from './sealed-file.ts';

export interface BackupEntry {
  /** From the home's folder, with slashes. */
  name: string;
  path: string;
  folder: boolean;
  bytes: number;
}

/** At the home's root alone. */
const madeAnew: ReadonlySet<string> = new Set(['temp', 'locks', 'logs']);
const halfWritten = /^\.(writing|incoming)-|\.(making|writing|next|lock)$/;

/** In the order of their names, a folder before what is in it. */
export function listBackupEntries(home: Home, { withoutLanding }: { withoutLanding: boolean }): BackupEntry[] {
  const keys = new Set([keyFileOf(home), nextKeyFileOf(home)]);
  const entries: BackupEntry[] = [];
  const walk = (folder: string, depth: number): void => {
    for (const file of readdirSync(folder).toSorted()) {
      const path = join(folder, file);
      const about = statSync(path, { throwIfNoEntry: false });
      if (!about || keys.has(path) || (depth === 0 && madeAnew.has(file)) || halfWritten.test(file) || file.endsWith(asideEnding)) continue;
      const name = relative(home.dir, path).split(sep).join('/');
      if (about.isDirectory()) {
        entries.push({ name, path, folder: true, bytes: 0 });
        walk(path, depth + 1);
      } else if (about.isFile() && !(withoutLanding && isLanding(name))) entries.push({ name, path, folder: false, bytes: about.size });
    }
  };
  walk(home.dir, 0);
  return entries;
}

const isLanding = (name: string): boolean => /^loads\/[^/]+\/[^/]+\/landing\.[^/]+$/.test(name);
