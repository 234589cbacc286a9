import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countBlocks, fittingBlock, givePairs, growPairs, membersOf, nothingGiven, samplePairs, type RuleBlocks } from './blocking-pairs.ts';

const rule = (...blocks: number[][]): RuleBlocks => {
  const more = blocks.flatMap(([, ...rest], record) => rest.map((block) => [record, block] as const));
  return { block: Int32Array.from(blocks, ([first]) => first ?? 0), further: { record: Int32Array.from(more, ([record]) => record), block: Int32Array.from(more, ([, block]) => block) } };
};
const given = (rules: RuleBlocks[], maxBlock = 100): string[] => {
  const pairs = growPairs();
  const before = nothingGiven(rules[0]!.block.length, rules.length);
  for (const one of rules) givePairs(one, membersOf(one), maxBlock, before, pairs);
  const { l, r } = pairs.columns();
  return [...l].map((a, i) => `${a}-${r[i]!}`);
};

describe('givePairs', () => {
  it('gives each pair that shares a block of any rule once, refused blocks left out, as comparing all pairs does', () => {
    const records = fc.array(fc.array(fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 31 - 1 }).map((value) => (value % 6) * 300_000_000 + 1), { maxLength: 3 }), { minLength: 2, maxLength: 2 }), { minLength: 2, maxLength: 14 });
    fc.assert(
      fc.property(records, fc.integer({ min: 2, max: 6 }), (held, maxBlock) => {
        const rules = [0, 1].map((index) => rule(...held.map((record) => record[index]!)));
        const size = (index: number, block: number) => held.filter((record) => record[index]!.includes(block)).length;
        const wanted = held.flatMap((a, i) => held.flatMap((b, j) => (j > i && [0, 1].some((index) => a[index]!.some((block) => b[index]!.includes(block) && size(index, block) <= maxBlock)) ? [`${i}-${j}`] : [])));
        expect(given(rules, maxBlock).toSorted()).toEqual(wanted.toSorted());
      }),
    );
  });
});

describe('countBlocks', () => {
  it('counts blocks of two or more, and refuses what is too large', () => {
    expect(countBlocks(membersOf(rule([5], [5], [5], [9], [9], [7], [])), 2)).toEqual({ blocks: 2, pairs: 1, refusedBlocks: 1, refusedPairs: 3, largestBlock: 3, largestBlocks: [3, 2] });
  });

  it('names the sizes of the three largest, the largest first', () => {
    expect(countBlocks(membersOf(rule([1], [1], [2], [2], [2], [3], [3], [4], [4], [4], [4])), 3)).toMatchObject({ blocks: 4, largestBlock: 4, largestBlocks: [4, 3, 2] });
    expect(countBlocks(membersOf(rule([1], [2])), 3)).toMatchObject({ largestBlock: 0, largestBlocks: [] });
  });
});

describe('fittingBlock', () => {
  it('is the largest size of block with which the pairs still fit', () => {
    const sorted = membersOf(rule([5], [5], [5], [5], [9], [9], [9], [7], [7], []));
    expect([10, 9, 4, 3, 1, 0].map((most) => fittingBlock(sorted, 100, most))).toEqual([100, 3, 3, 2, 2, 2]);
    expect(fittingBlock(sorted, 3, 100)).toBe(3);
  });
});

describe('samplePairs', () => {
  it('takes whole blocks while they fit', () => {
    expect(samplePairs(membersOf(rule([9], [9], [9], [5], [5])), 100, 3).columns()).toEqual({ l: Int32Array.of(3), r: Int32Array.of(4) });
    expect(samplePairs(membersOf(rule([9], [9], [9], [5], [5])), 100, 4).columns().l.length).toBe(4);
  });
});
