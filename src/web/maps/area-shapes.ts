// The areas of a snapshot: names for filters, and outlines light enough for a page. Outlines are simplified together, so that
// neighbours still fit, by an amount that cannot be seen at the size of the map. Kept while the snapshot is open.

import type { MultiPolygon, Polygon } from 'geojson';
import { readOnce, type LakeReader } from '../../core/index.ts';
import { boundingBox, simplifyAreas } from '../../geo/index.ts';
import { areaShapesSql } from './area-shapes.sql.ts';

export interface NamedArea {
  code: string;
  name: string;
  wardCode: string | null;
  wardName: string | null;
  authorityCode: string | null;
  authorityName: string | null;
  /** Null where no boundary was loaded. */
  shape: MultiPolygon | null;
}

interface AreaRow {
  code: string;
  name: string | null;
  ward_code: string | null;
  ward_name: string | null;
  authority_code: string | null;
  authority_name: string | null;
  geometry: string | null;
}

export const listNamedAreas = readOnce(read);

async function read(lake: LakeReader): Promise<NamedArea[]> {
  if (!lake.hasTable('area')) return [];
  const rows = await lake.rows<AreaRow>(areaShapesSql);
  const geometries = rows.map((row) => parseShape(row.geometry));
  const known = geometries.filter((shape): shape is Polygon | MultiPolygon => shape !== null);
  const simple = simplifyAreas(known, leastTriangle(known), 5).values();
  return rows.map((row, index) => ({
    code: row.code,
    name: row.name ?? row.code,
    wardCode: row.ward_code,
    wardName: row.ward_name,
    authorityCode: row.authority_code,
    authorityName: row.authority_name,
    shape: geometries[index] ? simple.next().value ?? null : null,
  }));
}

function parseShape(text: string | null): Polygon | MultiPolygon | null {
  if (!text) return null;
  try {
    const shape = JSON.parse(text) as Polygon | MultiPolygon;
    const outline = shape.type === 'Polygon' ? shape.coordinates[0] : shape.type === 'MultiPolygon' ? shape.coordinates[0]?.[0] : undefined;
    return outline !== undefined && outline.length > 3 ? shape : null;
  } catch {
    return null;
  }
}

/** A triangle of about half a pixel on a map 1,000 pixels across, in square degrees. */
function leastTriangle(shapes: (Polygon | MultiPolygon)[]): number {
  if (shapes.length === 0) return 0;
  const [west, south, east, north] = boundingBox(shapes);
  const pixel = Math.max(east - west, north - south) / 1000;
  return (pixel * pixel) / 2;
}
