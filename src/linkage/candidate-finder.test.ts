import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCandidateFinder, type PostingList } from './candidate-finder.ts';

/** The definition, without any short cut. */
function slowly(records: number, groups: number[][][], most: number): number[] {
  const scores = new Map<number, number>();
  for (const lists of groups) {
    for (let record = 0; record < records; record += 1) {
      const bits = lists.filter((list) => list.includes(record)).map((list) => Math.log2(records / list.length));
      if (bits.length > 0) scores.set(record, (scores.get(record) ?? 0) + Math.max(...bits));
    }
  }
  return [...scores].toSorted((a, b) => b[1] - a[1] || a[0] - b[0]).slice(0, most).map(([, score]) => Math.round(score * 1000) / 1000);
}

describe('createCandidateFinder', () => {
  it('finds the records with the highest sums, each group counted once by its rarest value', () => {
    const records = 60;
    const list = fc.uniqueArray(fc.integer({ min: 0, max: records - 1 }), { minLength: 1, maxLength: 40 }).map((ids) => ids.toSorted((a, b) => a - b));
    fc.assert(
      fc.property(fc.array(fc.array(list, { maxLength: 3 }), { maxLength: 6 }), fc.integer({ min: 1, max: 20 }), (groups, most) => {
        const flat: number[] = [];
        const places = groups.map((lists) => lists.map((ids): PostingList => {
          flat.push(...ids);
          return { start: flat.length - ids.length, end: flat.length };
        }));
        const finder = createCandidateFinder(records, ({ start, end }) => Int32Array.from(flat.slice(start, end)));
        const scoreOf = (record: number) => groups.reduce((sum, lists) => sum + Math.max(0, ...lists.filter((ids) => ids.includes(record)).map((ids) => Math.log2(records / ids.length))), 0);
        // Twice, since a search must leave nothing behind for the next.
        for (let again = 0; again < 2; again += 1) {
          const found = finder.find(places, most);
          expect(new Set(found).size).toBe(found.length);
          expect(found.map((record) => Math.round(scoreOf(record) * 1000) / 1000)).toEqual(slowly(records, groups, most));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('finds nothing where nothing is shared', () => {
    expect(createCandidateFinder(5, () => new Int32Array()).find([], 3)).toEqual([]);
  });
});
