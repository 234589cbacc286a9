// Joins a layer's table to shapes: areas by their code, hexagons by their cell, each with its state and its value in words.

import type { MultiPolygon, Polygon } from 'geojson';
import type { CellValue, LakeReader, Table } from '../../core/index.ts';
import { boundingBox, cellBoundary, cellCentre, type BoundingBox } from '../../geo/index.ts';
import { classBreaks } from '../charts/class-breaks.ts';
import { writeCount, writeDecimal } from '../charts/number-words.ts';
import { listNamedAreas, type NamedArea } from './area-shapes.ts';
import { cellAreas, type FindCellArea } from './cell-name.ts';
import type { PlaceShape } from './place-map.ts';

export interface PlaceLayer {
  places: PlaceShape[];
  breaks: number[];
  /** Outlines under hexagons, or around the areas of a choice. */
  ground: (Polygon | MultiPolygon)[];
  /** Hexagons too far away to be on the map; the table has them. */
  beyond: number;
  /** What the map is fitted to. */
  fit: (Polygon | MultiPolygon)[];
  write(value: number): string;
  /** The place with the highest value shown. */
  top: PlaceShape | undefined;
}

export interface LayerOf {
  table: Table;
  areas: readonly NamedArea[];
  by: 'area' | 'hexagon';
  measure: 'rate' | 'count';
  /** Codes of the area filter: areas, wards or authorities. */
  chosen: readonly string[];
}

const classes = 5;

export async function readPlaceLayer(lake: LakeReader, layer: Omit<LayerOf, 'areas'>): Promise<PlaceLayer> {
  return placeLayer({ ...layer, areas: await listNamedAreas(lake) });
}

export function placeLayer({ table, areas, by, measure, chosen }: LayerOf): PlaceLayer {
  const drawn = areas.filter((area): area is NamedArea & { shape: MultiPolygon } => area.shape !== null && area.shape.coordinates.length > 0);
  const inside = drawn.filter((area) => chosen.length === 0 || [area.code, area.wardCode, area.authorityCode].some((code) => code !== null && chosen.includes(code)));
  const marks = new Set(table.suppressed);
  const all = by === 'area' ? areaPlaces(inside, table, measure, marks) : hexagonPlaces(table, cellAreas(areas), marks);
  const places = by === 'area' || inside.length === 0 ? all : all.filter(isNear(boundingBox(inside.map((area) => area.shape))));
  const shown = places.filter((place) => place.state === 'shown');
  const around = by === 'hexagon' || chosen.length > 0 ? drawn.map((area) => area.shape) : [];
  return {
    places,
    breaks: classBreaks(shown.map((place) => place.value!), classes),
    ground: around,
    fit: [...inside, ...(by === 'hexagon' ? places : [])].map(({ shape }) => shape),
    beyond: all.length - places.length,
    write: measure === 'rate' ? writeLimit : writeCount,
    top: shown.toSorted((a, b) => b.value! - a.value!)[0],
  };
}

/** Hexagons whose centre is inside the areas' rectangle, or beside it by a fiftieth of its size. */
function isNear([west, south, east, north]: BoundingBox): (place: PlaceShape) => boolean {
  const [wide, high] = [(east - west) / 50, (north - south) / 50];
  return ({ code }) => {
    const [longitude, latitude] = cellCentre(code);
    return longitude >= west - wide && longitude <= east + wide && latitude >= south - high && latitude <= north + high;
  };
}

function areaPlaces(areas: (NamedArea & { shape: MultiPolygon })[], table: Table, measure: 'rate' | 'count', marks: Set<string>): PlaceShape[] {
  const rows = new Map(table.rows.map((row, index) => [String(row.area_code), { row, index }]));
  return areas.map(({ code, name, shape }) => {
    const found = rows.get(code);
    const value = found?.row[measure];
    const suppressed = found !== undefined && (marks.has(`${found.index}:${measure}`) || marks.has(`${found.index}:count`));
    return { code, name, shape, ...stateOf(value, suppressed), words: found ? areaWords(found.row, measure, suppressed) : 'no figure' };
  });
}

function hexagonPlaces(table: Table, findArea: FindCellArea, marks: Set<string>): PlaceShape[] {
  return table.rows.flatMap((row, at) => {
    const cell = String(row.cell);
    const suppressed = marks.has(`${at}:count`);
    const area = findArea(cell);
    const state = stateOf(row.count, suppressed);
    const words = suppressed ? 'kept back, a small number' : state.value === null ? 'no figure' : `${writeCount(state.value)} events`;
    return [{ code: cell, name: area ? `Hexagon near ${area}` : 'Hexagon', shape: cellBoundary(cell), ...state, words }];
  });
}

function stateOf(value: CellValue | undefined, suppressed: boolean): Pick<PlaceShape, 'state' | 'value'> {
  if (suppressed) return { state: 'suppressed', value: null };
  return typeof value === 'number' ? { state: 'shown', value } : { state: 'missing', value: null };
}

function areaWords(row: Record<string, CellValue>, measure: 'rate' | 'count', suppressed: boolean): string {
  if (suppressed) return 'kept back, a small number';
  const count = typeof row.count === 'number' ? `${writeCount(row.count)} events` : 'no figure';
  if (measure === 'count') return count;
  if (typeof row.rate !== 'number') return `no rate, ${count}`;
  const interval = typeof row.low === 'number' && typeof row.high === 'number' ? ` (${writeDecimal(row.low)} to ${writeDecimal(row.high)})` : '';
  return `${writeDecimal(row.rate)} per 1,000 residents a year${interval}, ${count}`;
}

/** Class limits are round, so they need no decimals from 10 upwards. */
function writeLimit(value: number): string {
  return Number.isInteger(value) ? writeCount(value) : writeDecimal(value);
}
