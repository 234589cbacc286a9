// The centre of a point's 100 m square, as SQL expressions over two columns: the twin of hundred-metre-square.ts.

import { squareHeight } from './hundred-metre-square.ts';

/**
 * Latitude of the square's centre.
 *
 * @param latitude a SQL expression in degrees
 * @example
 * `SELECT ${squareLatitudeSql('latitude')} FROM place`;
 */
export function squareLatitudeSql(latitude: string): string {
  return `((floor((${latitude}) / ${squareHeight}) + 0.5) * ${squareHeight})`;
}

/**
 * Longitude of the square's centre.
 *
 * @param longitude a SQL expression in degrees
 * @param latitude the same for the point's own latitude
 * @example
 * `SELECT ${squareLongitudeSql('longitude', 'latitude')} FROM place`;
 */
export function squareLongitudeSql(longitude: string, latitude: string): string {
  const width = `(${squareHeight} / cos(radians(${squareLatitudeSql(latitude)})))`;
  return `((floor((${longitude}) / ${width}) + 0.5) * ${width})`;
}
