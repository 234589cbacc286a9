import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDuck, type Duck } from '../store/index.ts';
import { makeCandidates, sampleRules } from './blocking.store.ts';
import type { BlockingRule } from './linkage-settings.ts';

let duck: Duck;
beforeEach(async () => {
  duck = await openDuck();
  await duck.run(`CREATE TABLE linkage_record AS SELECT * FROM (VALUES
    (0, 'a', 1, ['x']), (1, 'a', 1, ['x', 'y']), (2, 'a', 2, ['y']), (3, 'b', NULL, NULL), (4, 'b', NULL, ['z']), (5, NULL, NULL, NULL)) t(rid, name, year, sounds)`);
});
afterEach(() => duck.close());

const byName: BlockingRule = { name: 'Name', keys: ['name'], needs: ['name'] };
const byNameAndYear: BlockingRule = { name: 'Name and year', keys: ['name', 'year'], needs: ['name', 'year'] };
const bySound: BlockingRule = { name: 'Sound', keys: [], listKey: 'sounds', needs: ['sounds'] };
const candidates = () => duck.rows<{ l: number; r: number }>('SELECT l, r FROM linkage_candidate ORDER BY l, r').then((rows) => rows.map(({ l, r }) => `${l}-${r}`));
const wide = { maxBlock: 100, budget: 1000 };

describe('makeCandidates', () => {
  it('gives pairs that agree on all keys; NULL agrees with nothing', async () => {
    await makeCandidates(duck, [byNameAndYear], [], wide);
    expect(await candidates()).toEqual(['0-1']);
  });

  it('gives each pair once, whatever the number of rules and of list values that propose it', async () => {
    await makeCandidates(duck, [byName, bySound], [], wide);
    expect(await candidates()).toEqual(['0-1', '0-2', '1-2', '3-4']);
  });

  it('refuses blocks that are too large and reports them', async () => {
    const report = await makeCandidates(duck, [byName], [], { ...wide, maxBlock: 2 });
    expect(await candidates()).toEqual(['3-4']);
    expect(report).toEqual([{ rule: 'Name', blocks: 2, pairs: 1, marginalPairs: 1, refusedBlocks: 1, refusedPairs: 3, largestBlock: 3, largestBlocks: [3, 2], maxBlock: 2, taken: true }]);
  });

  it('does without the largest blocks of a rule that would use more than half of the budget', async () => {
    const [report] = await makeCandidates(duck, [byName], [], { maxBlock: 100, budget: 6 });
    expect(report).toMatchObject({ pairs: 1, refusedBlocks: 1, maxBlock: 2 });
    expect(await candidates()).toEqual(['3-4']);
  });

  it('takes a looser rule while its pairs fit into the budget', async () => {
    const within = await makeCandidates(duck, [byNameAndYear], [byName], { maxBlock: 100, budget: 5 });
    expect(within.map(({ taken }) => taken)).toEqual([true, true]);
    const beyond = await makeCandidates(duck, [byNameAndYear], [byName], { maxBlock: 100, budget: 4 });
    expect(beyond.map(({ taken }) => taken)).toEqual([true, false]);
    expect(await candidates()).toEqual(['0-1']);
  });
});

describe('sampleRules', () => {
  const sample = async (limit: number) => {
    const samples = [];
    for await (const { index, l, r, all } of sampleRules(duck, [byNameAndYear, byName], 6, { samplePairs: limit, maxBlock: 100 })) samples.push({ index, pairs: Array.from(l, (a, i) => `${a}-${r[i]}`).toSorted(), all });
    return samples;
  };

  it('takes whole blocks of each rule up to the limit and counts what there is', async () => {
    expect(await sample(100)).toEqual([{ index: 0, pairs: ['0-1'], all: 1 }, { index: 1, pairs: ['0-1', '0-2', '1-2', '3-4'], all: 4 }]);
    const [, second] = await sample(3);
    expect([['0-1', '0-2', '1-2'], ['3-4']]).toContainEqual(second!.pairs);
    expect(second!.all).toBe(4);
  });
});
