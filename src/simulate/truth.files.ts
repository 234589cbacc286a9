// The files under truth/: what only a simulation knows. CSV lists by name, and planted.json with the exact parameters of what was put in.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asProblem } from '../core/index.ts';
import type { Cell, CsvFile } from './csv.file.ts';
import { openCsv } from './csv.file.ts';

export interface TruthFiles {
  row(list: string, cells: Cell[]): void;
  /** Records the parameters of something planted. */
  plant(name: string, parameters: unknown): void;
  flush(): Promise<void>;
  close(): Promise<string[]>;
}

export const truthLists = {
  identity: ['agency', 'local_id', 'person'],
  person: ['person', 'household', 'sex', 'heritage', 'ethnicity', 'birth_date', 'forename', 'middle_names', 'surname', 'other_surname', 'home_area', 'arrived_on', 'left_on', 'adverse_experiences', 'protection', 'nhs_number'],
  home: ['person', 'household', 'uprn', 'address', 'postcode', 'lsoa', 'from', 'to'],
  'hidden-violence': ['event', 'started_at', 'setting', 'lsoa', 'longitude', 'latitude', 'person', 'police', 'emergency_department', 'ambulance', 'place_given', 'incident_ref', 'outbreak'],
  'hot-spot': ['name', 'kind', 'street', 'lsoa', 'longitude', 'latitude', 'radius_metres', 'times_mean', 'months_to_fade'],
  'programme-a': ['urn', 'school', 'phase', 'started_on'],
  'programme-b': ['person', 'custody_ref', 'arrested_on', 'age', 'eligible', 'joined'],
  'programme-c': ['spot', 'lsoa', 'longitude', 'latitude', 'radius_metres', 'week', 'patrol'],
  'programme-e': ['person', 'calls_before', 'months_before', 'plan', 'started_on'],
  crime: ['crime_ref', 'crime_id', 'incident_ref', 'category', 'month'],
  'near-repeat': ['incident_ref', 'started_at', 'longitude', 'latitude', 'parent', 'days', 'metres'],
  'data-error': ['feed', 'file', 'line', 'kind', 'column', 'value'],
  'regular-caller': ['person', 'calls_per_year'],
  'daily-caller': ['person', 'from', 'to', 'calls_per_day'],
} as const satisfies Record<string, readonly string[]>;

export function createTruthFiles(out: string): TruthFiles {
  const folder = join(out, 'truth');
  const open = new Map<string, CsvFile>();
  const planted: Record<string, unknown> = {};
  const extra: Record<string, readonly string[]> = truthLists;
  const fileOf = (list: string): CsvFile => {
    let file = open.get(list);
    if (!file) {
      const headings = extra[list];
      if (!headings) throw new Error(`No truth list is called ${list}`);
      file = openCsv(join(folder, `${list}.csv`), headings);
      open.set(list, file);
    }
    return file;
  };
  for (const list of Object.keys(truthLists)) fileOf(list);
  return {
    row: (list, cells) => fileOf(list).row(cells),
    plant: (name, parameters) => { planted[name] = parameters; },
    async flush() {
      for (const file of open.values()) await file.flush();
    },
    async close() {
      for (const file of open.values()) await file.close();
      const path = join(folder, 'planted.json');
      try {
        writeFileSync(path, `${JSON.stringify(planted, null, 2)}\n`);
      } catch (error) {
        throw asProblem(error, path);
      }
      return [...[...open.values()].map((file) => file.path), path].toSorted();
    },
  };
}
