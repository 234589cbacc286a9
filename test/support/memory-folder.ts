// Where a run of the tests writes: in memory where the machine has room there. A copy of a casework store is a thousand small files, for which a
// disk takes ten times as long. Without room the folder for temporary files serves as ever.

import { existsSync, mkdirSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

const memory = '/dev/shm';
const least = 4 * 2 ** 30;
const prefix = 'headwater-tests-';

/** How the path of each run's folder begins; the process of the run follows. */
export const memoryFolders = join(memory, prefix);

/** Makes this run's folder in memory; undefined where there is no room. */
export function makeMemoryFolder(): string | undefined {
  if (!existsSync(memory)) return undefined;
  removeLeftFolders();
  const { bavail, bsize } = statfsSync(memory);
  if (bavail * bsize < least) return undefined;
  const folder = `${memoryFolders}${process.pid}`;
  // PostgreSQL, which does not run as root, has its folders inside and must pass; nobody may list them.
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  return folder;
}

/** Takes away the folders of runs that were killed. */
export function removeLeftFolders(): void {
  for (const name of readdirSync(memory)) {
    if (name.startsWith(prefix) && !isRunning(Number(name.slice(prefix.length)))) rmSync(join(memory, name), { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
