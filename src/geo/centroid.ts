// The middle of an area: the centre of mass of its surface, holes left out (shoelace formula; Bourke 1988).
// Planar in degrees, which moves the centre of an area of 50 km by less than 100 m. It may lie outside a crescent.

import type { MultiPolygon, Polygon, Position } from 'geojson';
import { polygonParts } from './point-in-polygon.ts';

/**
 * The centre of mass, as [longitude, latitude] in degrees. A shape without surface gives the mean of its positions.
 *
 * @throws Error where there is no position at all
 * @example
 * centroid({ type: 'Polygon', coordinates: [[[0, 0], [2, 0], [2, 1], [0, 1], [0, 0]]] }); // [1, 0.5]
 */
export function centroid(geometry: Polygon | MultiPolygon): [number, number] {
  const parts = polygonParts(geometry);
  const origin = parts[0]?.[0]?.[0];
  if (!origin) throw new Error('centroid needs at least one position');
  const [x0 = 0, y0 = 0] = origin;
  let weight = 0;
  let x = 0;
  let y = 0;
  for (const rings of parts) {
    rings.forEach((ring, index) => {
      const moment = ringMoment(ring, x0, y0);
      // The outline counts as positive and each hole as negative, whichever way they are wound.
      const sign = Math.sign(moment.area) * (index === 0 ? 1 : -1);
      weight += sign * moment.area;
      x += sign * moment.x;
      y += sign * moment.y;
    });
  }
  if (Math.abs(weight) < 1e-18) return meanPosition(parts.flat(2));
  return [x0 + x / weight, y0 + y / weight];
}

function ringMoment(ring: Position[], x0: number, y0: number): { area: number; x: number; y: number } {
  const sum = { area: 0, x: 0, y: 0 };
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const xj = ring[j]![0]! - x0;
    const yj = ring[j]![1]! - y0;
    const xi = ring[i]![0]! - x0;
    const yi = ring[i]![1]! - y0;
    const cross = xj * yi - xi * yj;
    sum.area += cross / 2;
    sum.x += ((xj + xi) * cross) / 6;
    sum.y += ((yj + yi) * cross) / 6;
  }
  return sum;
}

function meanPosition(positions: Position[]): [number, number] {
  let x = 0;
  let y = 0;
  for (const position of positions) {
    x += position[0]!;
    y += position[1]!;
  }
  return [x / positions.length, y / positions.length];
}
