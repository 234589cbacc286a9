// Hexagons of nearly equal size over the whole Earth: H3 (Brodsky 2018, h3geo.org), through h3-js.
// Resolution 9, the product's, has hexagons of about 0.1 km² (edge about 200 m); resolution 8 seven times that.

import { cellToBoundary, cellToLatLng, latLngToCell } from 'h3-js';
import type { Polygon } from 'geojson';

/** The resolution of `cell` in the lake. */
export const cellResolution = 9;

/**
 * The H3 cell that holds a point, as its hexadecimal text.
 *
 * @example
 * cellOf(-0.42, 51.88, 9); // '89195dba477ffff'
 */
export function cellOf(longitude: number, latitude: number, resolution: number = cellResolution): string {
  return latLngToCell(latitude, longitude, resolution);
}

/**
 * A cell's outline as a GeoJSON polygon, degrees, longitude first, closed.
 *
 * @example
 * cellBoundary('89195dba477ffff').coordinates[0].length; // 7: six corners, and the first again
 */
export function cellBoundary(cell: string): Polygon {
  return { type: 'Polygon', coordinates: [cellToBoundary(cell, true)] };
}

/**
 * A cell's centre, as [longitude, latitude] in degrees.
 *
 * @example
 * cellCentre('89195dba477ffff'); // [-0.4215, 51.8808]
 */
export function cellCentre(cell: string): [number, number] {
  const [latitude, longitude] = cellToLatLng(cell);
  return [longitude, latitude];
}
