// Makes a small simulated partnership, always the same one for a size: its files loaded and a snapshot built; or of a few feeds with a second
// snapshot, in which new records merge people. As a process of its own it makes what the door of a run gives out: node make-home.ts KIND PEOPLE MONTHS DIR

import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSnapshot, type BuildResult } from '../../src/build/index.ts';
import { fixedClock, silentProgress } from '../../src/core/index.ts';
import { ingestFiles } from '../../src/ingest/index.ts';
import { simulate } from '../../src/simulate/index.ts';
import { openHome, type Home } from '../../src/store/index.ts';
import { classificationFor, derivedTables } from '../../src/understand/index.ts';

export const sampleClock = fixedClock('2026-11-02T09:00:00Z');

export const homeKinds = ['built', 'merged'] as const;
export type HomeKind = (typeof homeKinds)[number];

export interface HomeOrder {
  kind: HomeKind;
  people: number;
  months: number;
  /** An empty folder. */
  dir: string;
}

export async function makeHome({ kind, people, months, dir }: HomeOrder): Promise<void> {
  await loadFiles(dir, { kind, people, months });
  const home = openHome(dir);
  if (kind === 'built') return void (await buildSample(home));
  // The school's records come later: they merge people whom the first snapshot had apart.
  const [roll, aside] = [join(home.loads, 'school-roll'), join(dir, 'school-roll-aside')];
  renameSync(roll, aside);
  await buildSample(home);
  renameSync(aside, roll);
  await buildSample(home);
}

/** Builds as the sample's clock has it. */
export const buildSample = (home: Home, force = false): Promise<BuildResult> =>
  buildSnapshot(home, { clock: sampleClock, progress: silentProgress, classification: classificationFor(home.packs), derived: derivedTables, force });

/** Whose records the school's roll merges, as it does those of all feeds; each further feed costs every build. */
const feedsOfMerged = new Set(['early-help-episode', 'police-incident', 'police-involvement', 'school-absence', 'school-roll', 'school-suspension', 'social-care-contact', 'tenancy']);

async function loadFiles(dir: string, { kind, people, months }: Pick<HomeOrder, 'kind' | 'people' | 'months'>): Promise<void> {
  writeFileSync(join(dir, 'headwater.yaml'), 'partnership: Little Fenmarch\nsimulated: true\nmemoryLimit: 1GB\nthreads: 1\n');
  const home = openHome(dir);
  const simulated = await simulate({ out: home.data, people, months, seed: 3 });
  const files = simulated.files.filter(({ feed }) => kind !== 'merged' || feedsOfMerged.has(feed));
  for (const feed of new Set(files.map((file) => file.feed))) {
    await ingestFiles(home, feed, files.filter((file) => file.feed === feed).map(({ path }) => path), { clock: sampleClock });
  }
}

if (import.meta.main) {
  const [kind, people, months, dir] = process.argv.slice(2) as [HomeKind, string, string, string];
  await makeHome({ kind, people: Number(people), months: Number(months), dir });
}
