// /understand/places: where it happens, as maps side by side by area or hexagon, by rate or count, with every figure in the tables.

import type { Answer, LakeReader, Table } from '../../core/index.ts';
import { classOf } from '../charts/class-breaks.ts';
import { writeCount, writeRate } from '../charts/number-words.ts';
import { listNamedAreas } from '../maps/area-shapes.ts';
import { cellAreas, type FindCellArea } from '../maps/cell-name.ts';
import { mapWithLegend } from '../maps/map-file.ts';
import { mapLegend, type LegendItem } from '../maps/map-legend.ts';
import { placeCollection, type PlaceCollection } from '../maps/place-collection.ts';
import { readPlaceLayer, type PlaceLayer } from '../maps/place-layer.ts';
import { drawPlaceMap, type DrawnMap } from '../maps/place-map.ts';
import { pictureFile } from './answer-file.ts';
import { writeAddress, type QuestionAddress } from './question-address.ts';
import type { Choice, FilterChoices } from './filter-choices.ts';
import type { PageOption } from './filter-panel.ts';
import { feedOption, wordOf, type QuestionPage } from './question-page.ts';
import type { Section } from './question-view.ts';

export const placesPage: QuestionPage = {
  page: 'places',
  path: '/understand/places',
  question: 'places',
  template: 'understand/places.njk',
  options: (choices, answer) => [
    { name: 'layer', label: 'Maps side by side, up to four', short: 'Maps', standard: 'demand', many: true, choices: layerChoices(choices, answer) },
    { name: 'by', label: 'Map by', standard: 'area', said: true, choices: [{ value: 'area', text: 'Area' }, { value: 'hexagon', text: 'Hexagon' }] },
    ...(answer.figures.by === 'hexagon' ? [hexagonSize] : [{ name: 'measure', label: 'Show', standard: wordOf(answer.figures.measure) || 'rate', said: true, choices: [{ value: 'rate', text: 'Rate for residents' }, { value: 'count', text: 'Number of events' }] }]),
    feedOption(choices),
  ],
  sections: presentPlacesSections,
  reshape: async (table, lake) => nameCells(nameFirst(table), cellAreas(await listNamedAreas(lake))),
};

/** All demand, its types, every feed; and what the address asks for besides, such as a category, by the name that the answer gives it. */
function layerChoices(choices: FilterChoices, answer: Answer): Choice[] {
  const usual = [{ value: 'demand', text: 'All demand' }, ...choices.demands, ...choices.feeds];
  const asked = answer.tables.find((table) => table.id === 'layers')?.rows.map((row) => ({ value: wordOf(row.token), text: wordOf(row.layer) })) ?? [];
  return [...usual, ...asked.filter(({ value }) => value !== '' && !usual.some((choice) => choice.value === value))];
}

/** The area's name before its code, which few know. */
export function nameFirst(table: Table): Table {
  const code = table.columns.find((column) => column.name === 'area_code');
  return code ? { ...table, columns: [...table.columns.filter((column) => column !== code), code] } : table;
}

/** Where each hexagon is, before its code. */
export function nameCells(table: Table, findArea: FindCellArea): Table {
  const code = table.columns.find((column) => column.name === 'cell');
  if (!code) return table;
  const near = (row: Table['rows'][number]): string => {
    const area = findArea(wordOf(row.cell));
    return area === undefined ? 'Outside the areas' : `Near ${area}`;
  };
  return {
    ...table,
    columns: [{ name: 'near', label: 'Hexagon', format: 'text' }, { ...code, label: 'Code (H3)' }, ...table.columns.filter((column) => column !== code)],
    rows: table.rows.map((row) => ({ near: near(row), ...row })),
  };
}

const hexagonSize: PageOption = {
  name: 'size',
  label: 'Size of hexagons',
  standard: '',
  choices: [{ value: '', text: 'What fits' }, { value: 'small', text: 'Small (350 m across)' }, { value: 'medium', text: 'Medium (900 m)' }, { value: 'large', text: 'Large (2.5 km)' }],
};

export function presentPlacesSections(answer: Answer): Section[] {
  const layers = layerTables(answer);
  return [
    ...layers.map((table): Section => ({ id: table.id, heading: table.title, charts: [], table: table.id, open: layers.length === 1 })),
    { id: 'layers', heading: layers.length === 1 ? 'What the map holds and lacks' : 'What each map holds and lacks', charts: [], table: 'layers', open: true },
  ];
}

function layerTables(answer: Answer): Table[] {
  return answer.tables.filter((table) => table.id.startsWith('layer-') && table.rows.length > 0);
}

export interface MapFigure {
  id: string;
  title: string;
  subtitle: string;
  svg: string;
  legend: LegendItem[];
  scale: string;
  legendTitle: string;
  /** One, and several. */
  placeNouns: [string, string];
  placesHref: string;
  imageHref: string;
}

export interface PlacesMaps {
  /** one, two or three: how many stand side by side on a wide screen. */
  across: 'one' | 'two' | 'three';
  figures: MapFigure[];
  /** Why there is no map, where there is none. */
  missing: string | null;
}

interface ShownLayer {
  layer: PlaceLayer;
  label: string;
  by: 'area' | 'hexagon';
  measure: 'rate' | 'count';
}

async function showLayer(answer: Answer, lake: LakeReader, address: QuestionAddress, index: number): Promise<ShownLayer | undefined> {
  const table = answer.tables.find((item) => item.id === `layer-${index + 1}`);
  if (!table) return undefined;
  const by = answer.figures.by === 'hexagon' ? 'hexagon' : 'area';
  const measure = answer.figures.measure === 'rate' ? 'rate' : 'count';
  const label = wordOf(answer.tables.find((item) => item.id === 'layers')?.rows[index]?.layer) || table.title;
  return { layer: await readPlaceLayer(lake, { table, by, measure, chosen: address.filters.area }), label, by, measure };
}

export async function presentPlacesMaps(answer: Answer, lake: LakeReader, address: QuestionAddress): Promise<PlacesMaps> {
  const count = layerTables(answer).length;
  const figures: MapFigure[] = [];
  for (let index = 0; index < count; index += 1) {
    const shown = await showLayer(answer, lake, address, index);
    if (shown && shown.layer.fit.length > 0) figures.push(presentFigure(shown, address, index, count === 1 ? 780 : 560));
  }
  return {
    across: figures.length === 1 ? 'one' : figures.length === 3 ? 'three' : 'two',
    figures,
    missing: figures.length > 0 ? null : 'There is no map, because no boundaries of areas are loaded. Load the feed boundary and build again; the tables have the numbers.',
  };
}

function presentFigure(shown: ShownLayer, address: QuestionAddress, index: number, width: number): MapFigure {
  const { layer } = shown;
  const map = drawLayer(shown, index, width);
  return {
    id: String(index + 1),
    title: layerFinding(shown),
    subtitle: layerSubtitle(shown),
    svg: map.svg,
    legend: legendOf(layer),
    scale: map.scale,
    legendTitle: shown.measure === 'rate' ? 'Events a year for each 1,000 residents' : 'Number of events',
    placeNouns: shown.by === 'area' ? ['area', 'areas'] : ['hexagon', 'hexagons'],
    placesHref: writeAddress(address, { path: `${address.path}.geojson`, options: { map: String(index + 1) }, view: { sort: undefined, rows: undefined } }),
    imageHref: writeAddress(address, { path: `${address.path}.svg`, options: { map: String(index + 1) }, view: { sort: undefined, rows: undefined } }),
  };
}

function drawLayer(shown: ShownLayer, index: number, width: number): DrawnMap {
  const { places, breaks, ground, fit } = shown.layer;
  return drawPlaceMap({
    id: `map-${index + 1}-drawn`,
    title: layerFinding(shown),
    description: `${layerSubtitle(shown)}. ${writeCount(places.length)} ${shown.by === 'area' ? 'areas' : 'hexagons'}, darker where it is higher. The table under the map gives every number.`,
    breaks,
    places,
    ground,
    fit,
    width,
  });
}

function legendOf(layer: PlaceLayer): LegendItem[] {
  return mapLegend({ breaks: layer.breaks, places: layer.places, classOf: (value) => classOf(value, layer.breaks), write: layer.write });
}

/** "Police incidents: highest in Harbour 2, 120.4 per 1,000 residents a year". */
export function layerFinding({ layer, label, by, measure }: ShownLayer): string {
  const { top } = layer;
  if (!top || top.value === null || top.value === 0) return `${label}: no place has a number that can be shown`;
  if (by === 'hexagon') return `${label}: most in one ${top.name.replace(/^Hexagon/, 'hexagon')}, ${writeCount(top.value)} events`;
  return measure === 'rate' ? `${label}: highest in ${top.name}, ${writeRate(top.value)} per 1,000 residents a year` : `${label}: most in ${top.name}, ${writeCount(top.value)} events`;
}

function layerSubtitle({ layer, by, measure }: ShownLayer): string {
  const beyond = layer.beyond === 0 ? '' : `. ${writeCount(layer.beyond)} ${layer.beyond === 1 ? 'hexagon lies' : 'hexagons lie'} beyond the map and ${layer.beyond === 1 ? 'is' : 'are'} in the table alone`;
  if (by === 'hexagon') return `Number of events in each hexagon of equal size${beyond}`;
  return measure === 'rate' ? 'Events a year for each 1,000 residents, by area' : 'Number of events by area';
}

/** The shapes of one map, with a link that shows an area alone. */
export async function placesGeojson(answer: Answer, lake: LakeReader, address: QuestionAddress, map: string | undefined): Promise<PlaceCollection> {
  const shown = await showLayer(answer, lake, address, Number(map ?? '1') - 1);
  if (!shown || layerTables(answer).length === 0) return { type: 'FeatureCollection', features: [] };
  const { places, breaks, ground } = shown.layer;
  const alone = (code: string): string | undefined => (shown.by === 'area' ? writeAddress(address, { filters: { area: [code] } }) : undefined);
  return placeCollection({ places, breaks, ground, alone });
}

export interface PlaceMapFile {
  answer: Answer;
  lake: LakeReader;
  address: QuestionAddress;
  map: string;
  partnership: string;
}

/** Undefined where there is no such map. */
export async function placeMapFile({ answer, lake, address, map, partnership }: PlaceMapFile): Promise<string | undefined> {
  const index = Number(map) - 1;
  const shown = await showLayer(answer, lake, address, index);
  if (!shown || shown.layer.fit.length === 0) return undefined;
  const picture = mapWithLegend(drawLayer(shown, index, 780), legendOf(shown.layer));
  return pictureFile({ ...picture, title: layerFinding(shown), subtitle: layerSubtitle(shown) }, answer, partnership);
}
