import { describe, expect, it } from 'vitest';
import { coverMatches, type CoverInput, type CoverOptions } from './blocking-cover.ts';

const options: CoverOptions = { budget: 1e6, maxBlock: 100, longest: 2, most: 10, leastShare: 0.01, pairsPerMatch: 1e6 };

/** Three keys over 100 records: one value each, ten of ten records, and two of fifty. */
function input(agreed: number[], change: Partial<CoverInput> = {}): CoverInput {
  const value = [(record: number) => record, (record: number) => record % 10, (record: number) => record % 2].map((of) => Int32Array.from({ length: 100 }, (_, record) => of(record)));
  return {
    agreed: Int32Array.from(agreed), weight: Float64Array.from(agreed, () => 1), reached: Uint8Array.from(agreed, () => 0), agreedValue: value.map(() => Int32Array.from(agreed, () => 1)),
    value, further: value.map(() => ({ record: new Int32Array(0), value: new Int32Array(0) })), scale: 1, matchScale: 1, lists: [false, false, false], ...change,
  };
}

describe('coverMatches', () => {
  it('takes the rule with the most matches per pair first, and of the wide ones what they add', () => {
    const rules = coverMatches(input([1, 1, 1, 2, 2, 4]), options);
    expect(rules.map(({ keys, pairs }) => [keys, pairs])).toEqual([[[0], 0], [[1], 450], [[2], 2450]]);
    expect(rules.map(({ gain }) => gain)).toEqual([3 / 6, 2 / 6, 1 / 6]);
  });

  it('keeps within the budget, and stops where a rule brings too little', () => {
    expect(coverMatches(input([1, 2, 4]), { ...options, budget: 500 }).map(({ keys }) => keys)).toEqual([[0], [1]]);
    expect(coverMatches(input([1, 2, 4]), { ...options, pairsPerMatch: 100 }).map(({ keys }) => keys)).toEqual([[0]]);
    expect(coverMatches(input([1, 1, 1, 2]), { ...options, leastShare: 0.5 }).map(({ keys }) => keys)).toEqual([[0]]);
  });

  it('reaches nothing by blocks that are too large, and makes them smaller by a second key', () => {
    expect(coverMatches(input([6, 6]), { ...options, maxBlock: 20 }).map(({ keys }) => keys)).toEqual([[1]]);
    expect(coverMatches(input([6, 6]), { ...options, maxBlock: 5 })).toEqual([]);
    const crossed = input([6, 6]);
    crossed.value[2] = Int32Array.from({ length: 100 }, (_, record) => Math.floor(record / 10) % 2);
    expect(coverMatches(crossed, { ...options, maxBlock: 6 }).map(({ keys }) => keys)).toEqual([[1, 2]]);
  });

  it('counts the pairs of every value of a list', () => {
    const twice = input([1], { lists: [true, false, false] });
    twice.further[0] = { record: Int32Array.from({ length: 100 }, (_, record) => record), value: Int32Array.from({ length: 100 }, (_, record) => 1000 + (record % 5)) };
    expect(coverMatches(twice, options).map(({ keys, pairs }) => [keys, pairs])).toEqual([[[0], (5 * 20 * 19) / 2]]);
  });

  it('counts what is reached already as no gain, and puts two lists into no rule', () => {
    expect(coverMatches(input([1, 2], { reached: Uint8Array.of(1, 0) }), options).map(({ keys }) => keys)).toEqual([[1]]);
    expect(coverMatches(input([6, 6], { lists: [false, true, true] }), { ...options, maxBlock: 5 })).toEqual([]);
    expect(coverMatches(input([]), options)).toEqual([]);
  });
});
