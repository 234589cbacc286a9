import { existsSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import type { FeatureCollection, MultiPolygon, Polygon, Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import { boundingBox } from './bounding-box.ts';
import { centroid } from './centroid.ts';
import { containsPoint } from './point-in-polygon.ts';
import { polygonArea } from './polygon-area.ts';
import { simplifyAreas, visvalingam } from './simplify-areas.ts';

const box = (west: number, south: number, east: number, north: number): Position[] => [[west, south], [east, south], [east, north], [west, north], [west, south]];
const polygon = (...rings: Position[][]): Polygon => ({ type: 'Polygon', coordinates: rings });

const boundaries = '../shared/data/geo/bedfordshire-lsoa21.geojson';
const authorities = '../shared/data/geo/beds-leics-ltla24.geojson';
const isHere = existsSync(boundaries) && existsSync(authorities);
const read = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as FeatureCollection<Polygon | MultiPolygon, Record<string, string>>;

describe('containsPoint', () => {
  it('leaves holes out, whichever way rings are wound', () => {
    const withHole = polygon(box(0, 0, 4, 4), box(1, 1, 3, 3).toReversed());
    const sameWay = polygon(box(0, 0, 4, 4), box(1, 1, 3, 3));
    for (const shape of [withHole, sameWay]) {
      expect(containsPoint(shape, 0.5, 0.5)).toBe(true);
      expect(containsPoint(shape, 2, 2)).toBe(false);
      expect(containsPoint(shape, 5, 2)).toBe(false);
    }
  });

  it('takes each part of a multi-polygon', () => {
    const parts: MultiPolygon = { type: 'MultiPolygon', coordinates: [[box(0, 0, 1, 1)], [box(5, 5, 6, 6), box(5.4, 5.4, 5.6, 5.6)]] };
    expect(containsPoint(parts, 0.5, 0.5)).toBe(true);
    expect(containsPoint(parts, 5.1, 5.1)).toBe(true);
    expect(containsPoint(parts, 5.5, 5.5)).toBe(false);
    expect(containsPoint(parts, 3, 3)).toBe(false);
  });
});

describe('boundingBox and centroid', () => {
  it('hold all shapes, and find the middle with holes left out', () => {
    expect(boundingBox([polygon(box(0, 1, 2, 4)), polygon(box(-3, 2, 1, 3))])).toEqual([-3, 1, 2, 4]);
    expect(() => boundingBox([])).toThrow('at least one position');
    expect(centroid(polygon(box(0, 0, 2, 1)))).toEqual([1, 0.5]);
    // A square of 4 by 4 less its right half: the left half's middle.
    const [x, y] = centroid(polygon(box(0, 0, 4, 4), box(2, 0, 4, 4)));
    expect([x, y]).toEqual([1, 2]);
  });

  it('fall back to the mean position of a shape without surface', () => {
    expect(centroid(polygon([[1, 1], [3, 1], [1, 1]]))).toEqual([5 / 3, 1]);
    expect(() => centroid(polygon())).toThrow('at least one position');
  });

  it('is inside every box, far from the origin too', () => {
    fc.assert(
      fc.property(fc.double({ min: -170, max: 170, noNaN: true }), fc.double({ min: -80, max: 80, noNaN: true }), (west, south) => {
        const [x, y] = centroid(polygon(box(west, south, west + 0.001, south + 0.002)));
        expect(x).toBeCloseTo(west + 0.0005, 9);
        expect(y).toBeCloseTo(south + 0.001, 9);
      }),
    );
  });
});

describe('polygonArea', () => {
  it('gives a degree square at the equator and the whole sphere', () => {
    // R²·(π/180)·sin(1°) with R = 6,371,008.8 m
    expect(polygonArea(polygon(box(0, 0, 1, 1))) / 1e6).toBeCloseTo(12_363.718, 2);
    expect(polygonArea(polygon(box(-180, -90, 180, 90))) / 1e6).toBeCloseTo(4 * Math.PI * 6371.0088 ** 2, 0);
  });

  it('takes holes away', () => {
    const whole = polygonArea(polygon(box(0, 0, 4, 4)));
    const hole = polygonArea(polygon(box(1, 1, 3, 3)));
    expect(polygonArea(polygon(box(0, 0, 4, 4), box(1, 1, 3, 3)))).toBeCloseTo(whole - hole, 3);
  });

  it.skipIf(!isHere)('comes within 2 per cent of the published size of the three Bedfordshire authorities, whose borders here are ultra-generalised (skipped where ../shared is missing)', () => {
    // Office for National Statistics, Standard Area Measurements: Luton 43.4, Bedford 476.4, Central Bedfordshire 715.7 km².
    const sizes = new Map(read(authorities).features.map((feature) => [feature.properties.ltla24_name, polygonArea(feature.geometry) / 1e6]));
    for (const [name, size] of [['Luton', 43.4], ['Bedford', 476.4], ['Central Bedfordshire', 715.7]] as const) {
      expect(Math.abs(sizes.get(name)! / size - 1)).toBeLessThan(0.02);
    }
  });
});

describe('simplifyAreas', () => {
  /** Two squares that share a border with a small dent. */
  const dented: Position[] = [[1, 0], [1.01, 0.5], [1, 1]];
  const west = polygon([[0, 0], ...dented, [0, 1], [0, 0]]);
  const east = polygon([[2, 0], [2, 1], ...dented.toReversed(), [2, 0]]);

  it('gives two neighbours the same border', () => {
    const [a, b] = simplifyAreas([west, east], 0.1);
    expect(a!.coordinates[0]![0]).not.toContainEqual([1.01, 0.5]);
    expect(b!.coordinates[0]![0]).not.toContainEqual([1.01, 0.5]);
    expect(polygonArea(a!)).toBeCloseTo(polygonArea(polygon(box(0, 0, 1, 1))), -6);
    const [keptA, keptB] = simplifyAreas([west, east], 1e-9);
    expect(keptA!.coordinates[0]![0]).toContainEqual([1.01, 0.5]);
    expect(keptB!.coordinates[0]![0]).toContainEqual([1.01, 0.5]);
  });

  it('keeps an island that touches no one, closed and with at least three corners', () => {
    const circle = polygon(Array.from({ length: 101 }, (_, i) => [Math.cos((i % 100) * 0.0628318530718), Math.sin((i % 100) * 0.0628318530718)]));
    const [simple] = simplifyAreas([circle], 10);
    const ring = simple!.coordinates[0]![0]!;
    expect(ring).toHaveLength(4);
    expect(ring[0]).toEqual(ring.at(-1));
  });

  it.skipIf(!isHere)('keeps the land of Bedfordshire whole, and every area on it, with fewer vertices (skipped where ../shared is missing)', () => {
    const shapes = read(boundaries).features.map((feature) => feature.geometry);
    const vertices = (list: (Polygon | MultiPolygon)[]) => list.flatMap((shape) => shape.coordinates.flat(shape.type === 'Polygon' ? 1 : 2)).length;
    const simple = simplifyAreas(shapes, 4e-5, 4);
    expect(simple).toHaveLength(417);
    expect(simple.every((shape) => shape.coordinates.length > 0)).toBe(true);
    // Most vertices of these borders are already corners of three areas, which stay.
    expect(vertices(simple) / vertices(shapes)).toBeLessThan(0.8);
    const total = (list: (Polygon | MultiPolygon)[]) => list.reduce((sum, shape) => sum + polygonArea(shape), 0);
    // Borders move, but what one area loses its neighbour gains: only the outer edge changes the sum.
    expect(Math.abs(total(simple) / total(shapes) - 1)).toBeLessThan(0.005);
  });
});

describe('visvalingam', () => {
  it('keeps ends and drops the smallest triangles first', () => {
    const line: Position[] = [[0, 0], [1, 0.1], [2, 0], [3, 2], [4, 0]];
    expect(visvalingam(line, 0.5)).toEqual([[0, 0], [2, 0], [3, 2], [4, 0]]);
    expect(visvalingam(line, 100)).toEqual([[0, 0], [4, 0]]);
    expect(visvalingam(line, 0)).toEqual(line);
  });

  it('agrees with looking for the smallest triangle afresh each time', () => {
    const area = (a: Position, b: Position, c: Position) => Math.abs((b[0]! - a[0]!) * (c[1]! - a[1]!) - (c[0]! - a[0]!) * (b[1]! - a[1]!)) / 2;
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double({ min: 0, max: 9, noNaN: true }), fc.double({ min: 0, max: 9, noNaN: true })), { minLength: 3, maxLength: 40 }), (points) => {
        const kept: Position[] = points.map((point, i) => [point[0] + i, point[1]]);
        const line = [...kept];
        const [first, last] = [line[0]!, line.at(-1)!];
        const fewest = first[0] === last[0] && first[1] === last[1] ? 4 : 2;
        while (kept.length > fewest) {
          const areas = kept.slice(1, -1).map((_, i) => area(kept[i]!, kept[i + 1]!, kept[i + 2]!));
          const smallest = Math.min(...areas);
          if (!(smallest < 3)) break;
          kept.splice(areas.indexOf(smallest) + 1, 1);
        }
        expect(visvalingam(line, 3)).toEqual(kept);
      }),
      { examples: [[[[0, 0], [0, 0], [0, 0], [0, 0], [0, 0], [0, 1.1810732247701512], [0, 0], [0, 0], [0, 0]]]] },
    );
  });
});
