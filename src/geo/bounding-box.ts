// The smallest rectangle, in degrees, that holds one or more shapes. Shapes across the 180th meridian are not handled.

import type { MultiPolygon, Polygon } from 'geojson';
import { polygonParts } from './point-in-polygon.ts';

/** West, south, east, north, in degrees. */
export type BoundingBox = [west: number, south: number, east: number, north: number];

/**
 * The bounding box of all the geometries together.
 *
 * @throws Error where there is no position at all
 * @example
 * boundingBox([{ type: 'Polygon', coordinates: [[[0, 1], [2, 1], [2, 4], [0, 1]]] }]); // [0, 1, 2, 4]
 */
export function boundingBox(geometries: (Polygon | MultiPolygon)[]): BoundingBox {
  const box: BoundingBox = [Infinity, Infinity, -Infinity, -Infinity];
  for (const geometry of geometries) {
    for (const [outline = []] of polygonParts(geometry)) {
      for (const [x, y] of outline as [number, number][]) {
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], y);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], y);
      }
    }
  }
  if (box[0] > box[2]) throw new Error('boundingBox needs at least one position');
  return box;
}
