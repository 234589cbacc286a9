// Gives each place its hexagon cell (H3 resolution 9, about 0.1 km²), so that area and hexagon views count the same events.

import { latLngToCell } from 'h3-js';
import type { Duck } from '../store/index.ts';

/** Hexagons of about 0.1 km², 200 m from edge to centre. */
export const cellResolution = 9;

/** Makes the table located_place: place with its `cell`. Points are looked up once each. */
export async function locatePlaces(duck: Duck): Promise<void> {
  const points = await duck.rows<{ longitude: number; latitude: number }>(
    'SELECT DISTINCT longitude, latitude FROM place WHERE longitude IS NOT NULL AND latitude IS NOT NULL',
  );
  await duck.run('CREATE OR REPLACE TABLE point_cell (longitude DOUBLE, latitude DOUBLE, cell VARCHAR)');
  const appender = await duck.connection.createAppender('point_cell');
  for (const { longitude, latitude } of points) {
    appender.appendDouble(longitude);
    appender.appendDouble(latitude);
    appender.appendVarchar(latLngToCell(latitude, longitude, cellResolution));
    appender.endRow();
  }
  appender.closeSync();
  await duck.run(`
    CREATE OR REPLACE TABLE located_place AS
    SELECT p.*, c.cell FROM place p LEFT JOIN point_cell c USING (longitude, latitude)`);
}
