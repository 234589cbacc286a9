// Gives places their small area (LSOA 2021): the code that came with them, brought from 2011 to 2021 where a look-up is loaded;
// else the boundary that holds the point, or, for a split area, the nearest centre. Places with neither keep what they have.

import type { MultiPolygon, Polygon } from 'geojson';
import { centroid, createAreaIndex, haversine, type AreaFeature } from '../geo/index.ts';
import type { Duck } from '../store/index.ts';
import {
  centreTableSql, codeStateSql, geometriesSql, placeByPointSql, pointAreaSql, pointsWithoutAreaSql, renameCodesSql, successorsSql,
} from './area.sql.ts';

export interface AreaCodeCounts {
  /** Places whose code came as one of 2021. */
  current: number;
  /** Brought from a code of 2011 that became one area. */
  renamed: number;
  /** Found by the boundary that holds the point. */
  byBoundary: number;
  /** A split area's place, given to the nearest centre. */
  byCentre: number;
  /** A code that no area has; kept as it came. */
  unknown: number;
  /** Neither a code nor a boundary that holds the point. */
  none: number;
}

interface AreaShape {
  area_code: string;
}

/** Centres of areas into area_centre; returns the shapes. */
export async function locateAreas(duck: Duck): Promise<AreaFeature<AreaShape>[]> {
  await duck.run(centreTableSql);
  const rows = await duck.rows<{ area_code: string; geometry: string }>(geometriesSql);
  const features = rows.flatMap(({ area_code, geometry }) => {
    const shape = parseGeometry(geometry);
    return shape ? [{ type: 'Feature' as const, properties: { area_code }, geometry: shape }] : [];
  });
  const appender = await duck.connection.createAppender('area_centre');
  for (const feature of features) {
    const [longitude, latitude] = centroid(feature.geometry);
    appender.appendVarchar(feature.properties.area_code);
    appender.appendDouble(longitude);
    appender.appendDouble(latitude);
    appender.endRow();
  }
  appender.closeSync();
  return features;
}

function parseGeometry(geometry: string): Polygon | MultiPolygon | undefined {
  try {
    const value = JSON.parse(geometry) as Polygon | MultiPolygon;
    return value.type === 'Polygon' || value.type === 'MultiPolygon' ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Sets place.area_code. `hasLookup`: the table area_lookup (old_code, new_code) is there. */
export async function givePlacesAreas(duck: Duck, shapes: AreaFeature<AreaShape>[], hasLookup: boolean): Promise<AreaCodeCounts> {
  await duck.run(codeStateSql(hasLookup ? 'area_lookup' : undefined));
  const states = await duck.rows<{ state: string; n: number }>('SELECT coalesce(state, \'none\') AS state, count(*) AS n FROM place LEFT JOIN code_state USING (area_code) GROUP BY ALL');
  const count = (state: string) => states.find((row) => row.state === state)?.n ?? 0;
  const points = await duck.rows<{ longitude: number; latitude: number; old_code: string | null }>(pointsWithoutAreaSql);
  const successors = await readSuccessors(duck, hasLookup);
  const centres = new Map((await duck.rows<{ area_code: string; longitude: number; latitude: number }>('SELECT * FROM area_centre')).map((row) => [row.area_code, row]));
  const index = createAreaIndex(shapes);
  await duck.run(pointAreaSql);
  const appender = await duck.connection.createAppender('point_area');
  for (const { longitude, latitude, old_code } of points) {
    const within = index.findArea(longitude, latitude)?.properties.area_code;
    const candidates = old_code === null ? undefined : successors.get(old_code);
    const found = candidates && (within === undefined || !candidates.includes(within)) ? nearestOf(candidates, longitude, latitude, centres) : within;
    if (found === undefined) continue;
    appender.appendDouble(longitude);
    appender.appendDouble(latitude);
    if (old_code === null) appender.appendNull();
    else appender.appendVarchar(old_code);
    appender.appendVarchar(found);
    appender.appendBoolean(found === within);
    appender.endRow();
  }
  appender.closeSync();
  const found = await duck.rows<{ by_boundary: boolean; n: number }>('SELECT by_boundary, count(*) AS n FROM place JOIN point_area ON place.longitude = point_area.longitude AND place.latitude = point_area.latitude AND place.area_code IS NOT DISTINCT FROM point_area.old_code GROUP BY ALL');
  const located = (by: boolean) => found.find((row) => row.by_boundary === by)?.n ?? 0;
  await duck.run(placeByPointSql);
  await duck.run(renameCodesSql);
  const byBoundary = located(true);
  const byCentre = located(false);
  return { current: count('current'), renamed: count('one'), byBoundary, byCentre, unknown: count('unknown'), none: count('none') + count('several') - byBoundary - byCentre };
}

async function readSuccessors(duck: Duck, hasLookup: boolean): Promise<Map<string, string[]>> {
  if (!hasLookup) return new Map();
  const rows = await duck.rows<{ old_code: string; new_code: string }>(successorsSql('area_lookup'));
  return new Map([...Map.groupBy(rows, (row) => row.old_code)].map(([code, group]) => [code, group.map((row) => row.new_code)]));
}

function nearestOf(codes: string[], longitude: number, latitude: number, centres: Map<string, { longitude: number; latitude: number }>): string | undefined {
  const distances = codes.flatMap((code) => {
    const centre = centres.get(code);
    return centre ? [{ code, metres: haversine(longitude, latitude, centre.longitude, centre.latitude) }] : [];
  });
  return distances.toSorted((a, b) => a.metres - b.metres)[0]?.code;
}
