// A small simulated partnership in a folder of the test's own: built, or built twice. Each kind is made once in a run and copied.

import { openHome, type Home } from '../../src/store/index.ts';
import { copyFolder } from './copy-folder.ts';
import { askDoor } from './door.ts';
import { newFolder } from './made-folders.ts';
import { makeHome, type HomeKind } from './make-home.ts';

export { newFolder } from './made-folders.ts';
export { buildSample, sampleClock } from './make-home.ts';

/** A home with simulated files of every feed, and a snapshot of them. */
export const builtHome = (people = 1500, months = 6): Promise<Home> => homeOf('built', people, months);

/** A home of a few feeds with two snapshots: the first without the school's roll, which merges people in the second. */
export const mergedHome = (people = 800, months = 6): Promise<Home> => homeOf('merged', people, months);

async function homeOf(kind: HomeKind, people: number, months: number): Promise<Home> {
  const dir = newFolder('sample');
  const prepared = await askDoor(`home/${kind}/${people}/${months}`);
  if (prepared === undefined) await makeHome({ kind, people, months, dir });
  else copyFolder(prepared, dir);
  return openHome(dir);
}

/** A copy of a home, so that one test cannot spoil another's. */
export function copyOf(home: Home): Home {
  const dir = newFolder('copy');
  copyFolder(home.dir, dir);
  return openHome(dir);
}

/** Gives a home its casework store, migrated: quicker than making one. */
export async function giveStore(home: Home): Promise<void> {
  const prepared = await askDoor('pglite');
  if (prepared !== undefined) copyFolder(prepared, home.store);
}
