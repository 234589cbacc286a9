// How large is an area? The surface of a polygon on a sphere (Chamberlain and Duquette 2007, JPL 07-03), holes left out.

import type { MultiPolygon, Polygon, Position } from 'geojson';
import { earthRadius } from './haversine.ts';
import { polygonParts } from './point-in-polygon.ts';

/**
 * Surface in square metres, whichever way the rings are wound.
 *
 * @example
 * polygonArea({ type: 'Polygon', coordinates: [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]] }) / 1e6; // about 12,364 km²
 */
export function polygonArea(geometry: Polygon | MultiPolygon): number {
  let total = 0;
  for (const [outline = [], ...holes] of polygonParts(geometry)) {
    total += ringArea(outline);
    for (const hole of holes) total -= ringArea(hole);
  }
  return total;
}

function ringArea(ring: Position[]): number {
  const radians = Math.PI / 180;
  let sum = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const width = (ring[i]![0]! - ring[j]![0]!) * radians;
    sum += width * (2 + Math.sin(ring[i]![1]! * radians) + Math.sin(ring[j]![1]! * radians));
  }
  return (Math.abs(sum) * earthRadius ** 2) / 2;
}
