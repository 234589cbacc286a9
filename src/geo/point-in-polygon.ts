// Is a point inside a polygon, its holes left out?
// Method: even-odd crossing count (Shimrat 1962; Franklin's PNPOLY). Edges are half open, so that a point on the border
// between two areas that share its vertices belongs to exactly one of them. Planar in degrees: fine for areas of a country's
// size away from the poles and the 180th meridian.

import type { MultiPolygon, Polygon, Position } from 'geojson';

/** A polygon's or multi-polygon's parts, each a list of rings: the outline first, then its holes. */
export function polygonParts(geometry: Polygon | MultiPolygon): Position[][][] {
  return geometry.type === 'Polygon' ? [geometry.coordinates] : geometry.coordinates;
}

/**
 * True where the point lies inside the geometry and outside its holes.
 *
 * @param geometry GeoJSON Polygon or MultiPolygon, degrees, longitude first
 * @param longitude degrees
 * @param latitude degrees
 * @example
 * const square = { type: 'Polygon', coordinates: [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]] } as const;
 * containsPoint(square, 0.5, 0.5); // true
 */
export function containsPoint(geometry: Polygon | MultiPolygon, longitude: number, latitude: number): boolean {
  return polygonParts(geometry).some((rings) => ringsContainPoint(rings.map(flattenRing), longitude, latitude));
}

/** A ring as x, y, x, y … */
export function flattenRing(ring: Position[]): Float64Array {
  const flat = new Float64Array(ring.length * 2);
  for (let i = 0; i < ring.length; i += 1) {
    flat[2 * i] = ring[i]![0]!;
    flat[2 * i + 1] = ring[i]![1]!;
  }
  return flat;
}

/** The even-odd rule over all rings of one part at once: a hole turns the inside out again. */
export function ringsContainPoint(rings: Float64Array[], x: number, y: number): boolean {
  let inside = false;
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 2; i < ring.length; j = i, i += 2) {
      const yi = ring[i + 1]!;
      const yj = ring[j + 1]!;
      if (yi > y === yj > y) continue;
      const xi = ring[i]!;
      if (x < ((ring[j]! - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}
