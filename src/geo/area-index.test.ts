import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import type { FeatureCollection, MultiPolygon, Polygon } from 'geojson';
import { describe, expect, it } from 'vitest';
import { createAreaIndex, type AreaFeature } from './area-index.ts';
import { containsPoint } from './point-in-polygon.ts';

const square = (name: string, west: number, south: number, size = 1): AreaFeature<{ name: string }> => ({
  type: 'Feature',
  properties: { name },
  geometry: {
    type: 'Polygon',
    coordinates: [[[west, south], [west + size, south], [west + size, south + size], [west, south + size], [west, south]]],
  },
});

describe('createAreaIndex', () => {
  it('finds the area that holds a point, and none outside', () => {
    const index = createAreaIndex([square('west', 0, 0), square('east', 1, 0)]);
    expect(index.findArea(0.5, 0.5)?.properties.name).toBe('west');
    expect(index.findArea(1.5, 0.5)?.properties.name).toBe('east');
    expect(index.findArea(3, 0.5)).toBeUndefined();
    expect(index.findArea(Number.NaN, 0.5)).toBeUndefined();
  });

  it('puts a point on a shared border into exactly one area', () => {
    const squares = [square('west', 0, 0), square('east', 1, 0)];
    const holders = squares.filter((feature) => containsPoint(feature.geometry, 1, 0.5));
    expect(holders).toHaveLength(1);
    expect(createAreaIndex(squares).findArea(1, 0.5)?.properties.name).toBe(holders[0]!.properties.name);
  });

  it('gives the first of two areas that overlap', () => {
    expect(createAreaIndex([square('large', 0, 0, 4), square('small', 1, 1)]).findArea(1.5, 1.5)?.properties.name).toBe('large');
    expect(createAreaIndex([square('small', 1, 1), square('large', 0, 0, 4)]).findArea(1.5, 1.5)?.properties.name).toBe('small');
  });

  it('answers an empty collection with nothing', () => {
    expect(createAreaIndex([]).findArea(0, 0)).toBeUndefined();
  });

  it('agrees with the plain test over every area', () => {
    const features = Array.from({ length: 36 }, (_, i) => square(`s${i}`, i % 6, Math.floor(i / 6)));
    const index = createAreaIndex(features);
    fc.assert(
      fc.property(fc.double({ min: -1, max: 7, noNaN: true }), fc.double({ min: -1, max: 7, noNaN: true }), (x, y) => {
        const plain = features.find((feature) => containsPoint(feature.geometry, x, y));
        expect(index.findArea(x, y)?.properties.name).toBe(plain?.properties.name);
      }),
    );
  });
});

const boundaries = '../shared/data/geo/bedfordshire-lsoa21.geojson';
const street = '../shared/data/police_bedfordshire/bedfordshire-street-2021-05_2024-04.csv.gz';

describe.skipIf(!existsSync(boundaries) || !existsSync(street))('createAreaIndex on Bedfordshire (skipped where ../shared is missing)', () => {
  it('agrees with the codes in the street file as often as ultra-generalised borders allow (86.7 per cent, as the folder says)', () => {
    const collection = JSON.parse(readFileSync(boundaries, 'utf8')) as FeatureCollection<Polygon | MultiPolygon, { lsoa21_code: string }>;
    expect(collection.features).toHaveLength(417);
    const index = createAreaIndex(collection.features);
    const inForce = new Set(collection.features.map((feature) => feature.properties.lsoa21_code));
    let rows = 0;
    let same = 0;
    for (const line of gunzipSync(readFileSync(street)).toString('utf8').split('\n').slice(1)) {
      const [, , , , longitude, latitude, , code = ''] = line.split(',');
      if (!inForce.has(code)) continue;
      rows += 1;
      if (index.findArea(Number(longitude), Number(latitude))?.properties.lsoa21_code === code) same += 1;
    }
    expect(rows).toBeGreaterThan(170_000);
    expect(same / rows).toBeCloseTo(0.867, 2);
  });
});
