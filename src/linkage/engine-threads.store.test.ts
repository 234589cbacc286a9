import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDuck, type Duck } from '../store/index.ts';
import { shareThreads } from './engine-threads.store.ts';

let duck: Duck;
const threads = async () => (await duck.one<{ n: number }>("SELECT current_setting('threads') AS n")).n;

beforeAll(async () => {
  duck = await openDuck({ threads: 3 });
  await duck.run('CREATE TEMP TABLE small AS FROM range(1000); CREATE TEMP TABLE middling AS FROM range(300000); CREATE TEMP VIEW seen AS FROM small');
});
afterAll(() => duck.close());

it('a statement has a thread for each whole row group of its table, and no more than the engine had', async () => {
  const shared = await shareThreads(duck);
  const after: number[] = [];
  for (const rows of [0, 122_880, 250_000, 1e9]) {
    await shared.over(rows);
    after.push(await threads());
  }
  for (const table of ['small', 'seen', 'middling', 'seen', 'absent']) {
    await shared.overTable(table);
    after.push(await threads());
  }
  await shared.restore();
  expect([...after, await threads()]).toEqual([1, 1, 2, 3, 1, 1, 2, 2, 2, 3]);
});

it('an engine whose settings are locked keeps its threads', async () => {
  await duck.run('SET lock_configuration = true');
  await (await shareThreads(duck)).over(1);
  expect(await threads()).toBe(3);
});
