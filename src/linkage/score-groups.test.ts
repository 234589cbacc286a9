import { describe, expect, it } from 'vitest';
import { sumPairs, sumRecords } from './score-groups.ts';

const halves = (numbers: number[]) => ({ high: Int32Array.from(numbers, (n) => (n < 0 ? -1 : n >> 4)), low: Int32Array.from(numbers, (n) => n & 15) });
/** Units 17 and 33 differ in their first halves alone, 17 and 18 in their second. */
const records = { unit: halves([17, 17, 17, 18, 33, 33]), other: halves([5, 5, 6, 6, -1, 5]), group: [Int32Array.of(0, 1, 0, 0, 1, 1), new Int32Array(6).fill(2)] };

describe('sumPairs', () => {
  it('counts the pairs of each unit that touch a group, and those that share the other unit too', () => {
    // Unit 17 has three pairs, of which the first two records share the other unit; every pair but the one of records 0 and 2 touches group 1.
    expect(sumPairs(records, 3)).toEqual([
      { x: 3, c: 1, xx: 9, xc: 3, cc: 1 },
      { x: 2, c: 1, xx: 4, xc: 2, cc: 1 },
      { x: 3, c: 1, xx: 9, xc: 3, cc: 1 },
    ]);
  });
});

describe('sumRecords', () => {
  it('counts records and units of each group, also of those that nobody knows', () => {
    expect(sumRecords(records, { agency: Int32Array.of(1, 1, 2, 1, 3, 3), unlinkable: Int32Array.of(0, 1, 0, 1, 0, 0) }, 3)).toEqual([
      { records: 3, units: 2, unlinkable: 1, singleAgency: 1 },
      { records: 3, units: 2, unlinkable: 1, singleAgency: 1 },
      { records: 6, units: 3, unlinkable: 2, singleAgency: 2 },
    ]);
  });
});
