import { describe, expect, it } from 'vitest';
import { measureClusters } from './cluster-measures.ts';

const measure = (edges: [number, number][], size: number) => measureClusters(new Int32Array(size), edges.map(([l]) => l), edges.map(([, r]) => r));

// Expected: networkx 3 (number_of_edges, density, bridges, articulation_points, diameter) on the same graphs.
const graphs: [string, [number, number][], number, object][] = [
  ['two triangles joined by one link', [[0, 1], [0, 2], [1, 2], [2, 3], [3, 4], [3, 5], [4, 5]], 6, { links: 7, density: 0.466666666667, bridges: 1, cutRecords: 2, diameter: 3, doubts: ['bridge', 'sparse', 'long'] }],
  ['a path of four', [[0, 1], [1, 2], [2, 3]], 4, { links: 3, density: 0.5, bridges: 3, cutRecords: 2, diameter: 3, doubts: ['bridge', 'long'] }],
  ['a star of five', [[0, 1], [0, 2], [0, 3], [0, 4]], 5, { links: 4, density: 0.4, bridges: 4, cutRecords: 1, diameter: 2, doubts: ['bridge', 'sparse'] }],
  ['a ring of five', [[0, 1], [1, 2], [2, 3], [3, 4], [0, 4]], 5, { links: 5, density: 0.5, bridges: 0, cutRecords: 0, diameter: 2, doubts: [] }],
  ['a complete graph of four', [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]], 4, { links: 6, density: 1, bridges: 0, cutRecords: 0, diameter: 1, doubts: [] }],
  ['two squares that share a record', [[0, 1], [1, 2], [2, 3], [0, 3], [3, 4], [4, 5], [5, 6], [3, 6]], 7, { links: 8, density: 0.380952380952, bridges: 0, cutRecords: 1, diameter: 4, doubts: ['sparse', 'long'] }],
];

describe('measureClusters', () => {
  it.each(graphs)('measures %s', (_, edges, size, expected) => {
    const [found] = measure(edges, size);
    expect({ ...found, density: Number(found!.density.toFixed(12)) }).toEqual({ first: 0, size, ...expected });
  });

  it('leaves out single records and links between clusters, counts a repeated link once, and tells parts that no link joins', () => {
    const found = measureClusters(Int32Array.of(0, 0, 0, 3, 4, 4), [0, 1, 0, 2, 4, 4], [1, 0, 3, 5, 5, 5]);
    expect(found.map(({ first, size, links, doubts, diameter }) => ({ first, size, links, doubts, diameter }))).toEqual([
      { first: 0, size: 3, links: 1, doubts: ['apart', 'bridge'], diameter: undefined },
      { first: 4, size: 2, links: 1, doubts: [], diameter: 1 },
    ]);
  });

  it('does not fall over a chain of many thousand records', () => {
    const size = 20_000;
    const [found] = measureClusters(new Int32Array(size), Array.from({ length: size - 1 }, (_, i) => i), Array.from({ length: size - 1 }, (_, i) => i + 1));
    expect(found).toMatchObject({ size, bridges: size - 1, cutRecords: size - 2 });
    expect(found).not.toHaveProperty('diameter');
  });
});
