// A home in a temporary folder, files to load into it, and a small feed of its own, for tests of loading.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixedClock } from '../../src/core/index.ts';
import { ingestFiles, standardise, type IngestCounts } from '../../src/ingest/index.ts';
import { homeAt, openDuck, type Duck, type Home } from '../../src/store/index.ts';
import { newFolder } from './made-folders.ts';

export const clock = fixedClock('2026-11-24T09:00:00Z');

/** A home that is taken away after the tests of this file. A second thread only costs where files are small. */
export function temporaryHome(threads = 1): Home {
  return homeAt(newFolder('ingest'), { partnership: 'Test', simulated: true, memoryLimit: '1GB', threads });
}

/** Writes a file under the home and returns its path. */
export function fileIn(home: Home, name: string, content: string | Buffer): string {
  const path = join(home.dir, 'files', name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  return path;
}

/** Puts a contract into the home's own packs. */
export function packIn(home: Home, name: string, yaml: string): void {
  const path = join(home.packs, `${name}.yaml`);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, yaml);
}

export function load(home: Home, feed: string, ...files: string[]): Promise<IngestCounts> {
  return ingestFiles(home, feed, files, { clock });
}

/** The counts that every load must keep: each row in exactly one of three. */
export function tally({ rows, accepted, quarantined, repeated }: IngestCounts): [number, number, number, number] {
  return [rows, accepted, quarantined, repeated];
}

/** The standard records of a home in a database in memory. */
export async function standardRecords(home: Home): Promise<Duck> {
  const duck = await openDuck();
  await standardise(home, duck);
  return duck;
}

/** A feed "visit" with a column of every kind that a test of bad input needs. */
export const visitPack = `
feed: visit
title: Visits
agency: council
about: Made for tests.
cadence: monthly
source: { name: Test, reference: Test, date: 2026-11-01 }
key: [ref]
columns:
  - { name: ref, type: text, required: true }
  - { name: day, type: date, required: true }
  - { name: kind, type: code, codes: [home, office] }
  - { name: note, type: text, longest: 100 }
  - { name: longitude, type: longitude }
  - { name: latitude, type: latitude }
records:
  events:
    - { kind: { is: asb-complaint }, category: { is: complaint-noise }, started_at: day, outcome: kind, detail: note, place: [{ scheme: point, from: [longitude, latitude] }] }
  places:
    - { id: [{ scheme: point, from: [longitude, latitude] }], longitude: longitude, latitude: latitude }
`;

export const visitHeadings = 'ref,day,kind,note,longitude,latitude';
