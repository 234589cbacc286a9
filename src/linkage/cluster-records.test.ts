import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import { forbidden, opposed, settleComponent } from './cluster-records.ts';
import { createSets } from './union-find.ts';

const settle = (pairs: [number, number, number][], single: ((record: number) => number)[] = []) =>
  settleComponent({ l: pairs.map(([l]) => l), r: pairs.map(([, r]) => r), weight: pairs.map(([, , weight]) => weight) }, single);

/** For each record, the smallest of its cluster. */
const cluster = (...asked: Parameters<typeof settle>): Map<number, number> => {
  const { records, first } = settle(...asked);
  return new Map(records.map((record, place) => [record, first[place]!]));
};

describe('createSets', () => {
  it('joins as the relation says, the smallest member naming the set', () => {
    const sets = createSets(6);
    expect([sets.join(4, 2), sets.join(2, 5), sets.join(5, 4), sets.join(1, 0)]).toEqual([true, true, false, true]);
    expect([0, 1, 2, 3, 4, 5].map((member) => sets.rootOf(member))).toEqual([0, 0, 2, 3, 2, 2]);
  });

  it('does not depend on the order of the edges', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(19), fc.nat(19)), { maxLength: 40 }), (edges) => {
        const forwards = createSets(20);
        const backwards = createSets(20);
        for (const [a, b] of edges) forwards.join(a, b);
        for (const [a, b] of edges.toReversed()) backwards.join(b, a);
        for (let member = 0; member < 20; member += 1) expect(forwards.rootOf(member)).toBe(backwards.rootOf(member));
      }),
    );
  });
});

describe('clusters of settleComponent', () => {
  it('keeps together what agrees', () => {
    expect([...cluster([[1, 2, 8], [2, 3, 6], [1, 3, 5]]).values()]).toEqual([1, 1, 1]);
  });

  it('cuts a chain of two yeses by one strong no', () => {
    const clusters = cluster([[1, 2, 8], [2, 3, 3], [1, 3, -12]]);
    expect([clusters.get(1), clusters.get(2), clusters.get(3)]).toEqual([1, 1, 3]);
  });

  it('lets many outvote one conflict, but never an absolute one', () => {
    const friends: [number, number, number][] = [[1, 2, 12], [1, 3, 12], [2, 3, 12], [2, 4, 12], [3, 4, 12]];
    expect(new Set(cluster([...friends, [1, 4, opposed]]).values()).size).toBe(1);
    expect(new Set(cluster([...friends, [1, 4, forbidden]]).values()).size).toBeGreaterThan(1);
  });

  it('never gives a cluster two values of a thing that a person has once', () => {
    const numbers = new Map([[1, 7], [3, 8]]);
    const clusters = cluster([[1, 2, 5], [2, 3, 9]], [(record) => numbers.get(record) ?? -1]);
    expect(clusters.get(1)).not.toBe(clusters.get(3));
    expect(clusters.get(2)).toBe(clusters.get(3));
  });

  it('joins no pair of negative weight between single records', () => {
    expect(new Set(cluster([[1, 2, -1], [2, 3, -2]]).values()).size).toBe(3);
  });
});

it('cuts a component of thousands of records as it cuts each of its parts', () => {
  const part: [number, number, number][] = [[0, 1, 8], [0, 2, -12], [0, 3, -12], [1, 2, 3], [1, 3, -12], [2, 3, 9]];
  const parts = Array.from({ length: 520 }, (_, at) => part.map(([l, r, weight]): [number, number, number] => [4 * at + l, 4 * at + r, weight]));
  const chain = parts.slice(1).map((_, at): [number, number, number] => [4 * at + 3, 4 * at + 4, -1]);
  const clusters = cluster([...parts.flat(), ...chain].toSorted((a, b) => a[0] - b[0] || a[1] - b[1]));
  expect([...cluster(part).values()]).toEqual([0, 0, 2, 2]);
  expect([...clusters.values()]).toEqual(parts.flatMap((_, at) => [0, 0, 2, 2].map((first) => 4 * at + first)));
});

it('settleComponent says of two records of a cluster what joined their parts, and of others the votes between their clusters', () => {
  // 1 and 2 are joined by 9, 3 to both by 5 − 3/3; 4 stands against them by (2 − 9 − 9 thirds).
  const pairs: [number, number, number][] = [[1, 2, 9], [1, 3, 5], [1, 4, 2], [2, 3, -3], [2, 4, -9], [3, 4, -9]];
  const { first, isTogether, supportOf } = settle(pairs);
  expect(first).toEqual([1, 1, 1, 4]);
  expect(pairs.map((_, pair) => [isTogether(pair), supportOf(pair)])).toEqual([[true, 9], [true, 4], [false, -4], [true, 4], [false, -4], [false, -4]]);
});
