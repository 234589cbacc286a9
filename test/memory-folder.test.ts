import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { memoryFolders, removeLeftFolders } from './support/memory-folder.ts';

it.skipIf(!existsSync('/dev/shm'))('a folder in memory of a run that was killed is taken away, and none of one that goes on', () => {
  const [killed, running] = [`${memoryFolders}999999999`, `${memoryFolders}${process.pid}`];
  for (const folder of [killed, running]) mkdirSync(folder, { recursive: true });
  removeLeftFolders();
  expect([existsSync(killed), existsSync(running)]).toEqual([false, true]);
  rmSync(running, { recursive: true });
});
