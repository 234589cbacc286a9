import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findBridges, findDoubtfulPairs } from './doubtful-clusters.ts';
import { createSets } from './union-find.ts';

const doubtful = (pairs: [number, number, number, number][]) =>
  findDoubtfulPairs({ cluster: pairs.map(([cluster]) => cluster), l: pairs.map(([, l]) => l), r: pairs.map(([, , r]) => r), weight: pairs.map(([, , , weight]) => weight) });

const everyPair = (records: number[], weight: number): [number, number, number, number][] => records.flatMap((l, i) => records.slice(i + 1).map((r): [number, number, number, number] => [records[0]!, l, r, weight]));

describe('findDoubtfulPairs', () => {
  it('has nothing to ask about a cluster that agrees, or about two records', () => {
    expect(doubtful(everyPair([1, 2, 3, 4], 9))).toEqual([]);
    expect(doubtful([[1, 1, 2, 0.5]])).toEqual([]);
  });

  it('asks about the one link that holds two parts together', () => {
    const parts = [...everyPair([1, 2, 3], 9), ...everyPair([4, 5, 6], 9).map(([, l, r, w]): [number, number, number, number] => [1, l, r, w]), [1, 3, 4, 2] as [number, number, number, number], [1, 1, 5, -3] as [number, number, number, number]];
    expect(doubtful(parts)).toContainEqual({ l: 3, r: 4, reason: 'bridge' });
  });

  it('asks about a link to one record beside as many other links as there can be', () => {
    const hanging: [number, number, number, number][] = [...everyPair([1, 2, 3, 4], 9), [1, 4, 5, 2]];
    expect(doubtful(hanging)).toEqual([{ l: 4, r: 5, reason: 'bridge' }]);
  });

  it('asks about the pair that contradicts its cluster most', () => {
    expect(doubtful([[1, 1, 2, 9], [1, 1, 3, 9], [1, 2, 3, -8]])[0]).toEqual({ l: 2, r: 3, reason: 'contradiction' });
  });

  it('asks about the weakest link of a sparse and of a large cluster', () => {
    const ring: [number, number, number, number][] = [1, 2, 3, 4, 5, 6].map((l) => [1, Math.min(l, (l % 6) + 1), Math.max(l, (l % 6) + 1), l]);
    expect(doubtful(ring)).toEqual([{ l: 1, r: 2, reason: 'sparse' }]);
    expect(doubtful(everyPair(Array.from({ length: 15 }, (_, n) => n + 1), 5))).toEqual([{ l: 1, r: 2, reason: 'large' }]);
  });
});

describe('findBridges', () => {
  it('finds exactly the edges whose removal makes more parts', () => {
    const edge = fc.tuple(fc.nat(9), fc.nat(9)).filter(([a, b]) => a !== b);
    fc.assert(fc.property(fc.uniqueArray(edge, { maxLength: 18, selector: ([a, b]) => `${Math.min(a, b)} ${Math.max(a, b)}` }), (edges) => {
      const parts = (left: (readonly [number, number])[]) => {
        const sets = createSets(10);
        for (const [a, b] of left) sets.join(a, b);
        return new Set(Array.from({ length: 10 }, (_, n) => sets.rootOf(n))).size;
      };
      const expected = edges.map((_, index) => index).filter((index) => parts(edges.filter((__, other) => other !== index)) > parts(edges));
      expect(findBridges(edges)).toEqual(expected);
    }));
  });

  it('manages a chain of a hundred thousand', () => {
    expect(findBridges(Array.from({ length: 100_000 }, (_, n) => [n, n + 1] as const))).toHaveLength(100_000);
  });
});
