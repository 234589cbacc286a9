// Degrees to metres and back, around one place: the equirectangular (plate carrée) projection with its standard parallel
// there (Snyder 1987, chapter 12). Distances within 50 km of that parallel are right to within 1 per cent or so, areas alike.

import { earthRadius } from './haversine.ts';

export interface LocalProjection {
  /** Degrees to metres east and north of the origin. */
  toMetres(longitude: number, latitude: number): [x: number, y: number];
  /** Metres east and north of the origin to degrees. */
  toDegrees(x: number, y: number): [longitude: number, latitude: number];
}

/** Metres in one degree of latitude on the sphere of haversine.ts. */
export const metresPerDegree = (Math.PI / 180) * earthRadius;

/**
 * A projection in metres whose origin is the given point.
 *
 * @throws Error where the latitude is not between −89 and 89 degrees
 * @example
 * const project = createLocalProjection(-0.42, 51.88);
 * project.toMetres(-0.42, 51.89); // [0, 1111.95]
 */
export function createLocalProjection(originLongitude: number, originLatitude: number): LocalProjection {
  if (!(Math.abs(originLatitude) <= 89)) throw new Error('createLocalProjection needs a latitude between -89 and 89 degrees');
  const scale = metresPerDegree * Math.cos((originLatitude * Math.PI) / 180);
  return {
    toMetres: (longitude, latitude) => [(longitude - originLongitude) * scale, (latitude - originLatitude) * metresPerDegree],
    toDegrees: (x, y) => [originLongitude + x / scale, originLatitude + y / metresPerDegree],
  };
}
