import { expect, it } from 'vitest';
import { componentsOf, groupByComponent, missingPairs, pairsInside } from './component-pairs.ts';

// Records 0, 2, 5 and 6 hang together, and 3, 4 and 7; 1 and 8 are a pair.
const root = Int32Array.of(0, 1, 0, 3, 3, 0, 0, 3, 1);
const plain = (columns: Record<string, ArrayLike<number>>) => Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Array.from(values)]));

it('componentsOf numbers the components of three records or more, and the records of each', () => {
  const { count, ...columns } = componentsOf(root);
  expect(count).toBe(2);
  expect(plain(columns)).toEqual({ member: [0, 2, 5, 6, 3, 4, 7], start: [0, 4, 7], of: [0, -1, 0, 1, 1, 0, 0, 1, -1], place: [0, 0, 1, 0, 1, 2, 3, 2, 0] });
});

it('missingPairs gives each pair inside a component that was not given, except in large ones', () => {
  const given = { l: Int32Array.of(5, 0, 3, 0), r: Int32Array.of(6, 2, 4, 6) };
  expect(plain({ ...missingPairs(componentsOf(root), [given], 4) })).toEqual({ l: [0, 2, 2, 3, 4], r: [5, 5, 6, 7, 7] });
  expect(plain({ ...missingPairs(componentsOf(root), [given], 3) })).toEqual({ l: [3, 4], r: [7, 7] });
});

it('pairsInside keeps the pairs within one component', () => {
  const pairs = { l: Int32Array.of(0, 1, 0, 4), r: Int32Array.of(2, 8, 3, 7), weight: Float64Array.of(1, 2, 3, 4) };
  expect(plain({ ...pairsInside(componentsOf(root), pairs) })).toEqual({ l: [0, 4], r: [2, 7], weight: [1, 4] });
});

it('groupByComponent puts the pairs of the wanted components side by side, by the places of their records', () => {
  const proposed = { l: Int32Array.of(3, 0, 4), r: Int32Array.of(4, 2, 7), weight: Float64Array.of(1, 2, 3) };
  const extra = { l: Int32Array.of(2, 3), r: Int32Array.of(6, 7), weight: Float64Array.of(4, 5) };
  expect(plain({ ...groupByComponent(componentsOf(root), [proposed, extra], () => true) })).toEqual({ start: [0, 2, 5], left: [0, 1, 0, 1, 0], right: [1, 3, 1, 2, 2], weight: [2, 4, 1, 3, 5] });
  expect(plain({ ...groupByComponent(componentsOf(root), [proposed, extra], (component) => component === 1) })).toEqual({ start: [0, 0, 3], left: [0, 1, 0], right: [1, 2, 2], weight: [1, 3, 5] });
});
