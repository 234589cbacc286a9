import { DuckDBInstance } from '@duckdb/node-api';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { haversine } from './haversine.ts';
import { cellBoundary, cellCentre, cellOf, cellResolution } from './hexagon.ts';
import { snapToSquare } from './hundred-metre-square.ts';
import { squareLatitudeSql, squareLongitudeSql } from './hundred-metre-square.sql.ts';
import { createLocalProjection } from './local-projection.ts';
import { containsPoint } from './point-in-polygon.ts';
import { polygonArea } from './polygon-area.ts';

const longitude = fc.double({ min: -6, max: 2, noNaN: true });
const latitude = fc.double({ min: 49.9, max: 58.7, noNaN: true });

describe('haversine', () => {
  it('gives a quarter of the way round the Earth, and London to Paris', () => {
    expect(haversine(0, 0, 90, 0)).toBeCloseTo((Math.PI / 2) * 6_371_008.8, 3);
    expect(haversine(0, -90, 0, 90)).toBeCloseTo(Math.PI * 6_371_008.8, 3);
    // 343.56 km on the sphere; 343.9 km on the WGS 84 ellipsoid.
    expect(haversine(-0.1278, 51.5074, 2.3522, 48.8566)).toBeCloseTo(343_556.5, 0);
  });

  it('is the same both ways and nothing from a place to itself', () => {
    fc.assert(
      fc.property(longitude, latitude, longitude, latitude, (a, b, c, d) => {
        expect(haversine(a, b, c, d)).toBeCloseTo(haversine(c, d, a, b), 6);
        expect(haversine(a, b, a, b)).toBe(0);
      }),
    );
  });
});

describe('createLocalProjection', () => {
  it('agrees with the great circle to 1 per cent within 30 km', () => {
    fc.assert(
      fc.property(fc.double({ min: -30_000, max: 30_000, noNaN: true }), fc.double({ min: -30_000, max: 30_000, noNaN: true }), (x, y) => {
        const project = createLocalProjection(-0.42, 51.88);
        const there = project.toDegrees(x, y);
        const straight = Math.hypot(x, y);
        expect(Math.abs(haversine(-0.42, 51.88, ...there) - straight)).toBeLessThanOrEqual(0.01 * straight + 0.01);
        const back = project.toMetres(...there);
        expect(back[0]).toBeCloseTo(x, 5);
        expect(back[1]).toBeCloseTo(y, 5);
      }),
    );
  });

  it('refuses the poles', () => {
    expect(() => createLocalProjection(0, 90)).toThrow('latitude');
    expect(createLocalProjection(-0.42, 51.88).toMetres(-0.42, 51.89)[1]).toBeCloseTo(1111.95, 2);
  });
});

describe('hexagons', () => {
  it('give the cell of a known place', () => {
    // h3geo.org's worked example: latitude 37.7752702151959, longitude -122.41830750483, resolution 9.
    expect(cellOf(-122.418307270836, 37.7752702151959, 9)).toBe('8928308280fffff');
    expect(cellOf(-0.42, 51.88)).toBe(cellOf(-0.42, 51.88, cellResolution));
  });

  it('hold their point, their centre, and about a tenth of a square kilometre', () => {
    fc.assert(
      fc.property(longitude, latitude, (x, y) => {
        const cell = cellOf(x, y);
        const outline = cellBoundary(cell);
        expect(outline.coordinates[0]![0]).toEqual(outline.coordinates[0]!.at(-1));
        expect(containsPoint(outline, ...cellCentre(cell))).toBe(true);
        expect(cellOf(...cellCentre(cell))).toBe(cell);
        expect(haversine(x, y, ...cellCentre(cell))).toBeLessThan(260);
        expect(polygonArea(outline) / 1e6).toBeGreaterThan(0.08);
        expect(polygonArea(outline) / 1e6).toBeLessThan(0.13);
      }),
    );
  });
});

describe('snapToSquare', () => {
  it('moves no point further than half a square, and its centre not at all', () => {
    fc.assert(
      fc.property(longitude, latitude, (x, y) => {
        const snapped = snapToSquare(x, y);
        expect(haversine(x, y, ...snapped)).toBeLessThan(71);
        const again = snapToSquare(...snapped);
        expect(again[0]).toBeCloseTo(snapped[0], 10);
        expect(again[1]).toBeCloseTo(snapped[1], 10);
      }),
    );
  });

  it('puts neighbouring addresses of one square at one point', () => {
    const [x, y] = snapToSquare(-0.42, 51.88);
    const metres = createLocalProjection(x, y);
    const corners = [[-45, -45], [45, 45], [-45, 45], [45, -45]] as const;
    const points = new Set(corners.map(([east, north]) => snapToSquare(...metres.toDegrees(east!, north!)).map((value) => value.toFixed(9)).join()));
    expect(points.size).toBe(1);
    expect(snapToSquare(...metres.toDegrees(60, 0))).not.toEqual([x, y]);
  });

  it('has a twin in SQL that gives the same centre', async () => {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const points = [[-0.42, 51.88], [-0.0001, 51.4], [0.0001, 51.4], [-5.9, 50.1], [1.7, 58.6]] as const;
    const values = points.map(([x, y]) => `(${x}, ${y})`).join(', ');
    const reader = await connection.runAndReadAll(`SELECT ${squareLongitudeSql('x', 'y')} AS x, ${squareLatitudeSql('y')} AS y FROM (VALUES ${values}) AS points(x, y)`);
    const rows = reader.getRowObjectsJS() as { x: number; y: number }[];
    rows.forEach((row, i) => {
      const [pointX, pointY] = points[i]!;
      const [x, y] = snapToSquare(pointX, pointY);
      expect(row.x).toBeCloseTo(x, 10);
      expect(row.y).toBeCloseTo(y, 10);
    });
    connection.closeSync();
    instance.closeSync();
  });
});
