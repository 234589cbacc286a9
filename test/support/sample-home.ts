// A small simulated partnership, loaded into a home: made once in each test file that needs it.

import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { fixedClock } from '../../src/core/index.ts';
import { ingestFiles } from '../../src/ingest/index.ts';
import { simulate } from '../../src/simulate/index.ts';
import { openHome, type Home } from '../../src/store/index.ts';

export const sampleClock = fixedClock('2026-11-02T09:00:00Z');

const made: string[] = [];
afterAll(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
});

/** A folder that is taken away after the tests of this file. */
export function newFolder(name: string): string {
  const dir = mkdtempSync(join(tmpdir(), `headwater-${name}-`));
  made.push(dir);
  return dir;
}

/** A home with simulated files, all loaded. */
export async function loadedHome(people = 1500, months = 6): Promise<Home> {
  const dir = newFolder('sample');
  writeFileSync(join(dir, 'headwater.yaml'), 'partnership: Little Fenmarch\nsimulated: true\nmemoryLimit: 1GB\n');
  const home = openHome(dir);
  const { files } = await simulate({ out: home.data, people, months, seed: 3 });
  for (const feed of new Set(files.map((file) => file.feed))) {
    await ingestFiles(home, feed, files.filter((file) => file.feed === feed).map(({ path }) => path), { clock: sampleClock });
  }
  return home;
}

/** A copy of a home, so that one test cannot spoil another's. */
export function copyOf(home: Home): Home {
  const dir = newFolder('copy');
  cpSync(home.dir, dir, { recursive: true });
  return openHome(dir);
}
