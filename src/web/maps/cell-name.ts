// Where a hexagon is, in words: the area that its centre lies in, for those who do not read H3 codes.

import type { MultiPolygon } from 'geojson';
import { cellCentre, createAreaIndex } from '../../geo/index.ts';
import type { NamedArea } from './area-shapes.ts';

export type FindCellArea = (cell: string) => string | undefined;

const held = new WeakMap<readonly NamedArea[], FindCellArea>();

/** The name of the area that a cell's centre lies in; undefined outside all of them. */
export function cellAreas(areas: readonly NamedArea[]): FindCellArea {
  const known = held.get(areas);
  if (known) return known;
  const drawn = areas.filter((area): area is NamedArea & { shape: MultiPolygon } => area.shape !== null && area.shape.coordinates.length > 0);
  const index = createAreaIndex(drawn.map((area) => ({ type: 'Feature' as const, geometry: area.shape, properties: { name: area.name } })));
  const find: FindCellArea = (cell) => index.findArea(...cellCentre(cell))?.properties.name;
  held.set(areas, find);
  return find;
}
