// Gives each place its hexagon cell (H3 resolution 9, about 0.1 km²), so that area and hexagon views count the same events.

import { latLngToCell } from 'h3-js';
import type { Duck } from '../store/index.ts';
import { distinctPointsSql, locatedPlaceSql, pointCellSql } from './locate.sql.ts';

/** Hexagons of about 0.1 km², 200 m from edge to centre. */
export const cellResolution = 9;

/** Makes the table located_place: place with its `cell`. Points are looked up once each. */
export async function locatePlaces(duck: Duck): Promise<void> {
  const points = await duck.rows<{ longitude: number; latitude: number }>(distinctPointsSql);
  await duck.run(pointCellSql);
  const appender = await duck.connection.createAppender('point_cell');
  for (const { longitude, latitude } of points) {
    appender.appendDouble(longitude);
    appender.appendDouble(latitude);
    appender.appendVarchar(latLngToCell(latitude, longitude, cellResolution));
    appender.endRow();
  }
  appender.closeSync();
  await duck.run(locatedPlaceSql);
}
