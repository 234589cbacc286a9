import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numberValues } from './score-groups.ts';

describe('numberValues', () => {
  it('numbers values in the order in which they come, and none as -1', () => {
    expect(numberValues(Int32Array.of(5, 5, -1, 7, 5), Int32Array.of(1, 2, 0, 1, 1))).toEqual({ of: Int32Array.of(0, 1, -1, 2, 0), count: 3 });
  });

  it('gives two records one number where both halves are the same, and there alone', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 3 }).map((low) => low << 16)), { maxLength: 40 }), (values) => {
        const { of, count } = numberValues(Int32Array.from(values, ([high]) => high), Int32Array.from(values, ([, low]) => low));
        expect(count).toBe(new Set(values.map(String)).size);
        for (const [i, a] of values.entries()) for (const [j, b] of values.entries()) expect(of[i] === of[j]).toBe(String(a) === String(b));
      }),
    );
  });
});
