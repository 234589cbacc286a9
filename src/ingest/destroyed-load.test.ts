import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { clock, fileIn, load, packIn, standardRecords, temporaryHome, visitHeadings, visitPack } from '../../test/support/ingest-home.ts';
import { listProtectedFiles, takeLock, type Home } from '../store/index.ts';
import { getFeed } from './contract.ts';
import { destroyLoads, listMarkedLoads, listUnremovedLoads, sweepDestroyedLoads } from './destroyed-load.ts';
import { openLoadFiles } from './load-files.store.ts';
import { listLoads } from './load-record.ts';
import { ingestFiles } from './ingest-files.ts';
import { retryQuarantine } from './retry-quarantine.store.ts';

const agencies = new Set(['council']);
const later = Date.parse('2026-12-01T09:00:00Z');

function visits(): Home {
  const home = temporaryHome();
  packIn(home, 'feeds/visit', visitPack);
  return home;
}
const filesOf = (home: Home, feed = 'visit') => openLoadFiles(home, [getFeed(home.packs, feed)]);
const rowsOf = (...rows: string[]) => `${[visitHeadings, ...rows].join('\n')}\n`;
/** Has the contract take barns, and the rows that were set aside for them tried again. */
async function takeIn(home: Home): Promise<void> {
  packIn(home, 'feeds/visit', visitPack.replace('[home, office]', '[home, office, barn]'));
  await retryQuarantine(home, 'visit', { clock });
}
const names = (home: Home) => listLoads(home, 'visit').map(({ sequence }) => sequence);

it('gives a file the days of its rows; where a row has no day that can be read, the day on which it was loaded', async () => {
  const home = visits();
  await load(home, 'visit', fileIn(home, 'old.csv', rowsOf('A1,2014-01-10,home,,,', 'A2,2015-03-01,home,,,')), fileIn(home, 'doubt.csv', rowsOf('B1,2013-05-05,home,,,', 'B2,2013-06-06,barn,,,')), fileIn(home, 'again.csv', rowsOf('A2,2015-03-01,home,,,')));
  const of = filesOf(home);
  expect((await of.list({ agencies })).map(({ file, agency, published, rows, firstOn, lastOn, undated }) => [file, agency, published, rows, firstOn, lastOn, undated])).toEqual([
    ['old.csv', 'council', false, 2, '2014-01-10', '2015-03-01', 0], ['doubt.csv', 'council', false, 2, '2013-05-05', '2026-11-24', 1], ['again.csv', 'council', false, 1, '2026-11-24', '2026-11-24', 0],
  ]);
  packIn(home, 'feeds/visit', visitPack.replace("- { name: kind,", "- { name: until, type: date, optional: true }\n  - { name: kind,").replace('started_at: day', 'started_at: day, ended_at: until'));
  const stay = fileIn(home, 'stay.csv', `${visitHeadings},until\nC1,2012-01-10,home,,,,2014-05-06\nC2,2012-02-10,home,,,,\n`);
  await load(home, 'visit', stay);
  // A stay without an end was running when the file was loaded; so were all where a file has no such column.
  expect((await filesOf(home).list({ agencies })).map(({ lastOn, loadedOn, running }) => [lastOn, loadedOn, running])).toEqual([['2015-03-01', '2026-11-24', 2], ['2026-11-24', '2026-11-24', 1], ['2026-11-24', '2026-11-24', 0], ['2014-05-06', '2026-11-24', 1]]);
  await takeIn(home);
  const [doubt] = await of.list({ agencies, load: listLoads(home, 'visit')[1]!.load });
  // Its rows that were tried again belong to it, and have their day now.
  expect([doubt!.parts.length, doubt!.firstOn, doubt!.lastOn, doubt!.undated]).toEqual([2, '2013-05-05', '2013-06-06', 0]);
  packIn(home, 'feeds/visit', visitPack.replace('name: day, type: date', 'name: day, type: text').replace('started_at: day', 'started_at: { column: note }'));
  expect((await filesOf(home).list({ agencies })).map(({ lastOn, undated }) => [lastOn, undated])).toEqual([['2026-11-24', 2], ['2026-11-24', 2], ['2026-11-24', 0], ['2026-11-24', 2]]);
}, 60_000);

it('destroys a load and what was tried again of it: no build reads it, its number is not given again, and the same file is refused', async () => {
  const home = visits();
  const [old, other] = [fileIn(home, 'old.csv', rowsOf('A1,2014-01-10,home,,,', 'A2,2014-02-02,barn,,,')), fileIn(home, 'other.csv', rowsOf('B1,2016-01-10,home,,,'))];
  await load(home, 'visit', other, old);
  await takeIn(home);
  const of = filesOf(home);
  const file = (await of.list({ agencies })).find((each) => each.file === 'old.csv')!;
  expect(file.parts).toHaveLength(2);
  const before = listProtectedFiles(home).length;
  const release = takeLock(join(home.dir, 'locks'), 'build');
  await expect(of.destroy(file, async () => true)).rejects.toMatchObject({ kind: 'busy' });
  release();
  expect(await of.destroy(file, async () => {
    expect(names(home)).toEqual([1]);
    return false;
  })).toBe(false);
  expect([names(home), listMarkedLoads(home)]).toEqual([[1, 2, 3], []]);
  expect(await of.destroy(file, async () => true)).toBe(true);
  expect([names(home), readdirSync(join(home.loads, 'visit')).filter((name) => !name.startsWith('.')).length, listUnremovedLoads(home), listProtectedFiles(home).length < before]).toEqual([[1], 1, [], true]);
  const duck = await standardRecords(home);
  expect(await duck.rows('SELECT event_id FROM event')).toEqual([{ event_id: 'visit:B1' }]);
  duck.close();
  await expect(load(home, 'visit', old)).rejects.toMatchObject({ kind: 'badInput', details: { what: expect.stringContaining(file.load) as string, where: 'old.csv', todo: expect.stringContaining('--again') as string } });
  expect(names(home)).toEqual([1]);
  await ingestFiles(home, 'visit', [old], { clock, again: true });
  expect(names(home)).toEqual([1, 4]);
  // It is another load, made before this certificate of the old one or not.
  sweepDestroyedLoads(home, file.parts.map((part) => ({ load: part, sha256: file.sha256, at: later })));
  expect(names(home)).toEqual([1, 4]);
}, 60_000);

it('finishes what kill -9 cut off, by which loads have a certificate', async () => {
  const home = visits();
  await load(home, 'visit', fileIn(home, 'old.csv', rowsOf('A1,2014-01-10,home,,,')));
  const { load: name, sha256, folder } = listLoads(home, 'visit')[0]!;
  const script = `
    const { destroyLoads } = await import(${JSON.stringify(join(import.meta.dirname, 'destroyed-load.ts'))});
    const { homeAt } = await import(${JSON.stringify(join(import.meta.dirname, '../store/index.ts'))});
    const home = homeAt(${JSON.stringify(home.dir)}, { partnership: 'Test', simulated: true, memoryLimit: '1GB', threads: 1 });
    await destroyLoads(home, [{ load: ${JSON.stringify(name)}, sha256: ${JSON.stringify(sha256)} }], async () => process.kill(process.pid, 'SIGKILL'));`;
  const cutOff = () => expect(spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })).toMatchObject({ signal: 'SIGKILL', stderr: '' });
  cutOff();
  // From the mark on no build reads it, though its files are there.
  expect([listLoads(home), existsSync(folder), listUnremovedLoads(home)]).toEqual([[], true, [name]]);
  sweepDestroyedLoads(home, []);
  expect([names(home), listMarkedLoads(home)]).toEqual([[1], []]);
  cutOff();
  const release = takeLock(join(home.dir, 'locks'), 'loads');
  sweepDestroyedLoads(home, [{ load: name, sha256, at: later }]);
  expect(existsSync(folder)).toBe(true);
  release();
  sweepDestroyedLoads(home, [{ load: name, sha256, at: later }]);
  expect([existsSync(folder), listUnremovedLoads(home), listMarkedLoads(home)]).toEqual([false, [], [{ load: name, sha256 }]]);
}, 60_000);

it('takes away what came back by a backup, but not a load that was made after the certificate', async () => {
  const home = visits();
  await load(home, 'visit', fileIn(home, 'old.csv', rowsOf('A1,2014-01-10,home,,,')));
  const { load: name, sha256 } = listLoads(home, 'visit')[0]!;
  sweepDestroyedLoads(home, [{ load: name, sha256, at: Date.parse('2026-11-01T09:00:00Z') }]);
  expect(names(home)).toEqual([1]);
  sweepDestroyedLoads(home, [{ load: name, sha256, at: later }]);
  expect([names(home), listMarkedLoads(home).map((each) => each.load)]).toEqual([[], [name]]);
});

it('keeps the marks where the certificate may have been made', async () => {
  const home = visits();
  await load(home, 'visit', fileIn(home, 'old.csv', rowsOf('A1,2014-01-10,home,,,')));
  const [made] = listLoads(home, 'visit');
  await expect(destroyLoads(home, [made!], async () => Promise.reject(new Error('The connection was lost')))).rejects.toThrow('The connection was lost');
  expect([names(home), listUnremovedLoads(home)]).toEqual([[], [made!.load]]);
});
