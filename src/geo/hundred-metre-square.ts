// An address is shown no more exactly than a square of 100 m. Rows of 100 m run north from the equator; within a row, squares
// of 100 m run east from Greenwich, their width in degrees set at the row's middle latitude, on the sphere of haversine.ts:
//   north = 100 / metresPerDegree; latitude' = (floor(latitude / north) + ½) · north
//   east = north / cos(latitude'); longitude' = (floor(longitude / east) + ½) · east
// The twin in SQL is hundred-metre-square.sql.ts; a test holds the two together.

import { metresPerDegree } from './local-projection.ts';

/** The height of a square in degrees of latitude. */
export const squareHeight = 100 / metresPerDegree;

/**
 * The centre of the 100 m square that holds a point, as [longitude, latitude] in degrees. At most 71 m from the point.
 *
 * @example
 * snapToSquare(-0.42, 51.88); // the same for every address of the square
 */
export function snapToSquare(longitude: number, latitude: number): [number, number] {
  const snapped = (Math.floor(latitude / squareHeight) + 0.5) * squareHeight;
  const width = squareHeight / Math.cos((snapped * Math.PI) / 180);
  return [(Math.floor(longitude / width) + 0.5) * width, snapped];
}
