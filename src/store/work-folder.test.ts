// What a killed process left in temp/, and beside it, goes at the next start; what a running one works with stays.

import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { homeAt, type Home } from './home.ts';
import { takeLock } from './lock.ts';
import { clearLeftovers, openWorkFolder } from './work-folder.ts';

const folder = mkdtempSync(join(tmpdir(), 'headwater-work-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const newHome = (): Home => homeAt(mkdtempSync(join(folder, 'home-')), { partnership: 'Test', simulated: true, memoryLimit: '500MB', threads: 2 });
const left = (home: Home) => (existsSync(home.temp) ? readdirSync(home.temp) : []);

/** A process that works with names in a folder of its own, and in one beside it, and then does what it is told. */
const worker = (home: Home, out: string, then: string) => ['--input-type=module', '-e', `
  import { mkdirSync, writeFileSync } from 'node:fs';
  import { homeAt } from ${JSON.stringify(new URL('./home.ts', import.meta.url).href)};
  import { openWorkFolder } from ${JSON.stringify(new URL('./work-folder.ts', import.meta.url).href)};
  const work = openWorkFolder(homeAt(${JSON.stringify(home.dir)}, ${JSON.stringify(home.settings)}), 'extract');
  const aside = work.beside(${JSON.stringify(out)});
  mkdirSync(aside, { recursive: true });
  for (const place of [work.path, aside]) writeFileSync(place + '/rows', 'Thistlewood');
  ${then}`];
const killed = (home: Home, out: string) => expect(spawnSync(process.execPath, worker(home, out, "process.kill(process.pid, 'SIGKILL');")).signal).toBe('SIGKILL');

it('a folder is its process’s own, for its owner alone, and goes when the work is done', () => {
  const home = newHome();
  const [one, two] = [openWorkFolder(home, 'identified'), openWorkFolder(home, 'identified')];
  expect(one.path).not.toBe(two.path);
  if (process.platform !== 'win32') expect(statSync(one.path).mode & 0o077).toBe(0);
  clearLeftovers(home);
  expect(left(home)).toHaveLength(2);
  one.clear();
  two.clear();
  expect(left(home)).toEqual([]);
});

it('what a killed process left goes, in temp/ and beside it, and nothing else there', () => {
  const [home, out] = [newHome(), mkdtempSync(join(folder, 'out-'))];
  killed(home, out);
  expect([left(home).length, readdirSync(out).length]).toEqual([1, 1]);
  mkdirSync(join(out, '.hidden'));
  mkdirSync(join(out, '.extract-1-other'));
  clearLeftovers(home);
  expect(left(home)).toEqual([]);
  expect(readdirSync(out).toSorted()).toEqual(['.extract-1-other', '.hidden']);
});

it('a note of a place that is not this folder’s removes nothing', () => {
  const [home, out] = [newHome(), mkdtempSync(join(folder, 'out-'))];
  killed(home, out);
  const precious = join(out, 'precious');
  mkdirSync(precious);
  writeFileSync(join(home.temp, left(home)[0]!, 'beside'), precious);
  clearLeftovers(home);
  expect(left(home)).toEqual([]);
  expect(existsSync(precious)).toBe(true);
});

it('where the disk beside is away, rows in temp/ go at once, and those beside when it is back', () => {
  const [home, away] = [newHome(), join(folder, 'stick')];
  const out = join(away, 'out');
  killed(home, out);
  spawnSync('mv', [away, `${away}-away`]);
  clearLeftovers(home);
  expect(left(home)).toHaveLength(1);
  expect(readdirSync(join(home.temp, left(home)[0]!))).toEqual(['beside']);
  spawnSync('mv', [`${away}-away`, away]);
  clearLeftovers(home);
  expect(left(home)).toEqual([]);
  expect(readdirSync(out)).toEqual([]);
});

it('what a running process works with stays until it has ended', async () => {
  const [home, out] = [newHome(), mkdtempSync(join(folder, 'out-'))];
  const running = spawn(process.execPath, worker(home, out, "console.log('ready'); setInterval(() => undefined, 1000);"));
  await once(running.stdout, 'data');
  clearLeftovers(home);
  expect([left(home).length, readdirSync(out).length]).toEqual([1, 1]);
  running.kill('SIGKILL');
  await once(running, 'exit');
  clearLeftovers(home);
  expect([left(home), readdirSync(out)]).toEqual([[], []]);
});

it('what a killed build, load or search left goes, unless one of them runs now', () => {
  const home = newHome();
  for (const name of ['build', 'sealing', 'match-index', 'ingest', 'extract', 'identified', 'read']) {
    mkdirSync(join(home.temp, name), { recursive: true });
    writeFileSync(join(home.temp, name, 'rows'), 'Thistlewood');
  }
  const release = takeLock(join(home.dir, 'locks'), 'build');
  clearLeftovers(home);
  expect(left(home).toSorted()).toEqual(['build', 'read', 'sealing']);
  release();
  clearLeftovers(home);
  expect(left(home)).toEqual(['read']);
});
