// Records of more than two sources, of which one may be empty: each file a source of its own.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newFolder } from '../../test/support/made-folders.ts';
import { openDuck, text, type Duck } from '../store/index.ts';
import { dedupeFiles, type DedupeOptions } from './index.ts';

let duck: Duck;
let dir: string;
let files: string[];
const headings = 'ref,given,family,dob,postcode,person';
const people = ['Margaret,Thompson,1961-04-17,FM1 2AB,0', 'Daniel,Hughes,2004-09-02,FM3 4CD,1', 'Susan,Walker,1978-01-30,FM9 9ZZ,2', 'Imran,Hussain,1990-12-25,FM2 1AA,3'];
beforeAll(async () => {
  duck = await openDuck();
  dir = newFolder('sources');
  const write = (name: string, rows: string[]) => {
    writeFileSync(join(dir, `${name}.csv`), [headings, ...rows].join('\n'));
    return join(dir, `${name}.csv`);
  };
  const all = people.map((person, index) => `${index},${person}`);
  // The empty one first: it gives no type to any column. The council has Margaret twice.
  files = [write('empty', []), write('police', all), write('council', [...all.slice(0, 3), `9,${people[0]!}`]), write('school', all.slice(1))];
});
afterAll(() => duck.close());

const link = (options: Partial<DedupeOptions> = {}) => dedupeFiles({ files, idColumn: 'ref', truthColumn: 'person', out: join(dir, 'out'), ...options });
const sourcesOf = (file: string) => duck.rows<{ source: string; cluster: string; id: string }>(`SELECT id, source, cluster FROM ${text(file)}`);

it('four files, one of them empty, are linked across three and within one', async () => {
  const result = await link();
  expect(result).toMatchObject({ records: 11, people: 4, clusters: { f1: 1 } });
  const rows = await sourcesOf(result.files.clusters);
  expect([...new Set(rows.map(({ source }) => source))].toSorted()).toEqual(['council.csv', 'police.csv', 'school.csv']);
  const { cluster } = rows.find(({ id, source }) => id === '1' && source === 'police.csv')!;
  expect(rows.filter((row) => row.cluster === cluster).map(({ source }) => source).toSorted()).toEqual(['council.csv', 'police.csv', 'school.csv']);
});

it('with link they are compared between sources alone, and with one-per-source the second record of one source stays apart', async () => {
  const settings = join(dir, 'settings.yaml');
  // What agrees is fixed: of ten records nothing is learned.
  writeFileSync(settings, 'comparisons:\n  - name: born\n    missing: l.dob IS NULL OR r.dob IS NULL\n    levels:\n      - {label: Same, when: l.dob = r.dob, m: 0.99, u: 0.001}\n      - {label: Other, m: 0.01, u: 0.999}\nblocking: [[dob]]\ntraining: {prior: 0.2}\n');
  const between = await link({ settingsFile: settings, link: 'link' });
  const pairs = await duck.rows<{ source_l: string; source_r: string }>(`SELECT source_l, source_r FROM ${text(between.files.pairs)}`);
  expect(pairs.filter(({ source_l, source_r }) => source_l === source_r)).toEqual([]);
  expect(new Set(pairs.map(({ source_l, source_r }) => `${source_l} ${source_r}`)).size).toBe(3);
  // Margaret 2, Daniel 3, Susan 3, Imran 1: within the council alone there is one pair more.
  expect(between.candidatePairs).toBe(9);
  expect((await link({ settingsFile: settings })).candidatePairs).toBe(10);
  const single = await link({ settingsFile: settings, onePerSource: true });
  expect(single.people).toBe(5);
  const margaret = (await sourcesOf(single.files.clusters)).filter(({ id, source }) => source === 'council.csv' && (id === '0' || id === '9'));
  expect(new Set(margaret.map(({ cluster }) => cluster)).size).toBe(2);
});
