// Why a feature's outline cannot be that of an area of the United Kingdom: no polygon, no coordinates, or somewhere else.
// A reason never holds a coordinate, so that features with the same slip count together.

import { elsewhere, elsewhereReason, unitedKingdom } from './refusal.sql.ts';

const between = (value: number, [least, most]: readonly [number, number]) => value >= least && value <= most;

/** The reason; undefined where the outline is sound, or where there is none (which the contract judges). */
export function outlineFault(geometry: unknown, within: 'united-kingdom' | 'anywhere'): string | undefined {
  if (geometry === null || geometry === undefined) return undefined;
  const { type, coordinates } = geometry as { type?: unknown; coordinates?: unknown };
  if (type !== 'Polygon' && type !== 'MultiPolygon') return 'not the outline of an area (export areas as Polygon or MultiPolygon)';
  const points: [number, number][] = [];
  for (const polygon of listOf(type === 'Polygon' ? [coordinates] : coordinates)) {
    const rings = listOf(polygon);
    if (rings.length === 0) return noOutline;
    for (const ring of rings) {
      if (listOf(ring).length < 4 || !listOf(ring).every(isPoint)) return noOutline;
      for (const point of ring as [number, number][]) points.push(point);
    }
  }
  if (points.length === 0) return noOutline;
  return within === 'anywhere' ? undefined : placeFault(points);
}

const noOutline = 'an outline without coordinates, or with coordinates that are no numbers (export the boundaries again)';

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const isPoint = (value: unknown) => Array.isArray(value) && value.length >= 2 && Number.isFinite(value[0]) && Number.isFinite(value[1]);

function placeFault(points: readonly [number, number][]): string | undefined {
  const { longitude, latitude } = unitedKingdom;
  const outside = points.find(([x, y]) => !between(x, longitude) || !between(y, latitude));
  if (outside) {
    const [x, y] = outside;
    if (between(x, latitude) && between(y, longitude)) return 'longitude and latitude are the wrong way round (export the boundaries in WGS84, longitude first)';
    if (Math.abs(x) > 180 || Math.abs(y) > 90) return 'not degrees, perhaps eastings and northings of the national grid (export the boundaries in WGS84)';
    return 'outside the United Kingdom, in the sea or abroad (export the boundaries again, in WGS84)';
  }
  const allIn = ([west, east, south, north]: readonly [number, number, number, number]) => points.every(([x, y]) => x > west && x <= east && y > south && y < north);
  return elsewhere.some(allIn) ? elsewhereReason.replace(/ \(.*$/, ' (export the boundaries again, in WGS84)') : undefined;
}
