// An extract that is killed: nothing bears its name, and what it left goes at the next one. One that is given is whole on the disk before it has its name.

import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { builtHome, newFolder } from '../../test/support/sample-home.ts';
import { stepsOnDisk } from '../../test/support/stub-files.ts';
import { silentProgress } from '../core/index.ts';
import type { Home } from '../store/index.ts';
import { classificationFor } from '../understand/index.ts';
import { writeExtract, type ExtractOptions } from './write-extract.ts';

let home: Home;
beforeAll(async () => void (home = await builtHome()));
const folder = newFolder('extracts');

const feeds = ['police-involvement'];
const given: Pick<ExtractOptions, 'plan' | 'terms'> = {
  plan: { tables: { person: [{ name: 'person_id', feeds }, { name: 'sex', feeds }] }, clauses: ['a-1/1/1'], published: [], fields: [{ feed: 'police-involvement', title: 'Involvements', holder: 'police', fields: ['sex'] }] },
  terms: { purpose: { code: 'evaluation', title: 'Evaluation' }, agreement: { id: 'a-1', title: 'An agreement' }, recipient: { name: 'P', agency: 'council', role: 'analyst' }, madeBy: 'g', madeAt: '2026-11-24T09:00:00.000Z' },
};
const write = (out: string, beforeGiven: ExtractOptions['beforeGiven'] = async () => undefined) => writeExtract(home, { ...given, classification: classificationFor(home.packs), out, progress: silentProgress, beforeGiven });
const hidden = () => readdirSync(folder).filter((name) => name.startsWith('.'));
const works = () => readdirSync(home.temp).filter((name) => name.startsWith('extract'));

it.each([
  ['while its tables are made', 'stage'],
  ['when all is written and the audit is asked', 'audit'],
])('one that is killed %s has no name, and what it left goes at the next', async (_case, when) => {
  const out = join(mkdtempSync(join(folder, 'killed-')), 'out');
  const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const script = `
    import { openHome } from ${module('../store/index.ts')};
    import { classificationFor } from ${module('../understand/index.ts')};
    import { writeExtract } from ${module('./write-extract.ts')};
    const die = (where) => where === ${JSON.stringify(when)} && process.kill(process.pid, 'SIGKILL');
    const home = openHome(${JSON.stringify(home.dir)});
    await writeExtract(home, { ...${JSON.stringify(given)}, classification: classificationFor(home.packs), out: ${JSON.stringify(out)}, progress: { stage: () => die('stage'), at: () => undefined, done: () => undefined }, beforeGiven: async () => die('audit') });`;
  const { signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect({ signal, stderr }).toEqual({ signal: 'SIGKILL', stderr: '' });
  expect(existsSync(out)).toBe(false);
  const [aside] = readdirSync(join(out, '..'));
  expect(aside).toMatch(/^\.extract-/);
  if (when === 'audit') expect(readdirSync(join(out, '..', aside!))).toContain('person.csv');
  expect(works()).toHaveLength(1);
  await write(join(folder, `next-${when}`));
  expect(readdirSync(join(out, '..'))).toEqual([]);
  expect(works()).toEqual([]);
});

it('each of its files is on the disk before it has its name, and then the name is', async () => {
  const out = join(folder, 'durable');
  const steps = await stepsOnDisk(() => write(out));
  const named = steps.findIndex((step) => step.startsWith('rename ') && step.endsWith(` ${out}`));
  const aside = steps[named]!.split(' ')[1]!;
  for (const path of [...readdirSync(out).map((name) => join(aside, name)), aside]) expect(steps.slice(0, named)).toContain(`sync ${path}`);
  expect(steps.indexOf(`sync ${folder}`, named)).toBeGreaterThan(named);
});

it('one whose audit fails is not there, and leaves nothing', async () => {
  const out = join(folder, 'unsaid');
  await expect(write(out, () => Promise.reject(new Error('The audit did not answer')))).rejects.toThrow('The audit did not answer');
  expect([existsSync(out), hidden(), works()]).toEqual([false, [], []]);
});

it('two at once do not disturb each other', async () => {
  const outs = ['left', 'right'].map((name) => join(folder, name));
  const [one, two] = await Promise.all(outs.map((out) => write(out)));
  expect(one!.sha256).toBe(two!.sha256);
  for (const out of outs) expect(readdirSync(out).toSorted()).toEqual(['README.md', 'manifest.json', 'person.csv', 'person.parquet']);
  rmSync(outs[0]!, { recursive: true });
  expect([hidden(), works()]).toEqual([[], []]);
});
