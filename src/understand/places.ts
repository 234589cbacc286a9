// Where does it happen, and who is at risk there? Counts and rates by area or hexagon, one or several layers side by side.
// Limits: an event without a place is on no map and is counted beside it; residents are not the people who are there. Method note: docs/methods/places.md.

import type { Answer, CellValue, Filters, LakeReader, Question, Table } from '../core/index.ts';
import { areaRows } from './area-rows.ts';
import { demandCubes } from './demand-cube.sql.ts';
import { nounOf } from './event-nouns.ts';
import { ruleForFeeds } from '../govern/index.ts';
import { countingOf, countOf, type Counting, type Keyed } from './noisy-count.ts';
import { openInquiry, sourceNotes, type Inquiry, type QuestionContext } from './inquiry.ts';
import { chooseLayers, type Layer } from './place-layers.ts';
import { areaTable, cellTable, deprivationLink, layersTable, type DeprivationLink, type LayerSum } from './place-tables.ts';
import { areaCountsSql, cellCountsSql, type AreaCount, type CellRow } from './places.sql.ts';
import { perCent, round, writeNumber } from './plain-numbers.ts';
import { nothingFound } from './scope.ts';

const title = 'Where does it happen, and who is at risk there?';
/** More hexagons than this are hard to read and slow to draw; the next larger size is taken. */
const mostCells = 1500;
const sizes: Readonly<Record<string, number>> = { small: 9, medium: 8, large: 7 };

/** The question `places`. Options: `layer` (up to four), `by` (area or hexagon), `measure` (rate or count), `size` of hexagons, `feed`. */
export function placesQuestion(context: QuestionContext): Question {
  return {
    id: 'places',
    title,
    summary: 'Where events happen, by area or hexagon, as counts or rates, with layers side by side',
    method: 'places',
    derived: [...demandCubes],
    answer: (lake, filters, options) => answer(context, lake, filters, options),
  };
}

async function answer(given: QuestionContext, lake: LakeReader, filters: Filters, options: Record<string, string>): Promise<Answer> {
  const inquiry = openInquiry(given, lake, { id: 'places', title, filters });
  const { layers, notes } = await chooseLayers(lake, given.categories, filters, options);
  const rule = ruleForFeeds(given.disclosure, [...new Set(layers.flatMap((layer) => layer.scope.feeds))]);
  const context = { ...given, disclosure: rule };
  const by = options.by === 'hexagon' ? 'hexagon' : 'area';
  const drawn = by === 'area' ? await drawAll(layers, (layer, index) => drawAreas(context, inquiry, layer, index)) : await drawAlike(context, inquiry, layers, sizes[options.size ?? '']);
  const sums = drawn.map(({ sum }) => sum);
  const empty = sums.every(({ all }) => all.count === 0);
  const tables = [...drawn.map(({ table }) => table), layersTable(context, sums)];
  const shown = empty ? tables.map((table): Table => ({ ...table, rows: [], suppressed: [] })) : tables;
  const measure = by === 'area' && options.measure !== 'count' && drawn.some(({ table }) => table.rows.some((row) => typeof row.rate === 'number')) ? 'rate' : 'count';
  const [first] = layers;
  return inquiry.finish({
    sentence: empty ? nothingFound(first!.scope) : sentenceOf(drawn[0]!, shown.at(-1)!, { by, measure, noun: nounOf(first!.scope, context.categories) }),
    tables: shown,
    figures: { by, measure, layers: layers.length, ...(drawn[0]!.resolution && { resolution: drawn[0]!.resolution }), ...figuresOf(shown.at(-1)!) },
    howSure: [...notes, ...optionNotes(options, by, empty ? undefined : measure), ...howSure(drawn, shown.at(-1)!, by)],
    sources: sourceNotes(context, first!.scope.catalogue.feeds, [...new Set(layers.flatMap((layer) => layer.scope.feeds))]),
    rule,
  });
}

interface Drawn {
  table: Table;
  sum: LayerSum;
  resolution?: number;
}

async function drawAreas(context: QuestionContext, inquiry: Inquiry, layer: Layer, index: number): Promise<Drawn> {
  const rows = layer.scope.empty ? [] : areaRows(layer.scope, await inquiry.counts<AreaCount>(layer.scope, areaCountsSql));
  const [placed, unplaced] = [rows.filter((row) => row.area_code !== null), rows.filter((row) => row.area_code === null)];
  const counting = countingOf(context.disclosure, layer.scope);
  const table = areaTable(counting, layer, index, rows);
  const sum = sumOf(counting, layer, placed, unplaced);
  return { table, sum: { ...sum, deprivation: sum.placed.count > 0 ? deprivationLink(context.disclosure, placed, table) : undefined } };
}

/** Beside each other: a layer's statement needs no other's answer. */
const drawAll = (layers: readonly Layer[], draw: (layer: Layer, index: number) => Promise<Drawn>): Promise<Drawn[]> => Promise.all(layers.map(draw));

/** Layers side by side have hexagons of one size, so that they can be compared: the largest that any of them needs, where none is chosen. */
async function drawAlike(context: QuestionContext, inquiry: Inquiry, layers: readonly Layer[], chosen: number | undefined): Promise<Drawn[]> {
  const drawn = await drawAll(layers, (layer, index) => drawCells(context, inquiry, layer, index, chosen));
  const common = Math.min(...drawn.map(({ resolution }) => resolution!));
  for (const [index, layer] of layers.entries()) if (drawn[index]!.resolution !== common) drawn[index] = await drawCells(context, inquiry, layer, index, common);
  return drawn;
}

async function drawCells(context: QuestionContext, inquiry: Inquiry, layer: Layer, index: number, resolution: number | undefined): Promise<Drawn> {
  const size = resolution === undefined ? { most: mostCells } : { resolution };
  const rows = layer.scope.empty ? [] : await inquiry.counts<CellRow>(layer.scope, (of) => cellCountsSql(of, size));
  const [placed, unplaced] = [rows.filter((row) => row.cell !== null), rows.filter((row) => row.cell === null)];
  const counting = countingOf(context.disclosure, layer.scope);
  return { table: cellTable(counting, layer, index, rows), sum: sumOf(counting, layer, placed, unplaced), resolution: rows[0]?.resolution ?? resolution ?? 9 };
}

function sumOf(counting: Counting, layer: Layer, placed: readonly Keyed[], unplaced: readonly Keyed[]): LayerSum {
  return { layer, placed: countOf(counting, placed), unplaced: countOf(counting, unplaced), all: countOf(counting, [...placed, ...unplaced]), deprivation: undefined };
}

/** "Sample area 12 has the highest rate: 120 incidents per 1,000 residents a year (112 to 128); rates rise with deprivation (.73, .66 to .79)." */
function sentenceOf({ table, sum }: Drawn, layers: Table, { by, measure, noun }: { by: string; measure: string; noun: string }): string {
  const [lacks] = layers.rows;
  const missing = typeof lacks?.unplaced_share === 'number' && lacks.unplaced_share > 0 ? ` ${perCent(lacks.unplaced_share)} have no place and are on no map.` : '';
  if (measure === 'rate') {
    const [top] = table.rows.filter((row) => typeof row.rate === 'number').toSorted((a, b) => (b.rate as number) - (a.rate as number));
    if (!top) return `There are too few ${noun} in each area to show. Choose a longer period, more categories or larger areas.`;
    const link = sum.deprivation ? `; ${linkWords(sum.deprivation)} (rank correlation ${twoDecimals(sum.deprivation.rho)}, ${twoDecimals(sum.deprivation.low)} to ${twoDecimals(sum.deprivation.high)})` : '';
    return `${top.area_name} has the highest rate, ${rateWords(top.rate)} ${noun} per 1,000 residents a year (${rateWords(top.low)} to ${rateWords(top.high)})${link}.${missing}`;
  }
  const [top] = table.rows.filter((row) => typeof row.count === 'number');
  if (!top || top.count === 0) return `There are too few ${noun} with a place in this choice to show. Choose a longer period, more areas or larger hexagons.`;
  const where = by === 'area' ? String(top.area_name) : 'One hexagon';
  return `${where} has the most, ${writeNumber(top.count as number)} ${noun}${typeof lacks?.placed === 'number' ? ` of ${writeNumber(lacks.placed)} with a place` : ''}.${missing}`;
}

/** In words only what the interval bears out. */
function linkWords({ low, high }: DeprivationLink): string {
  if (low > 0) return 'rates rise with deprivation';
  if (high < 0) return 'rates fall with deprivation';
  return 'rates show no clear link with deprivation';
}

const twoDecimals = (value: number) => round(value, 2).toFixed(2).replace('-', '−');
const rateWords = (value: CellValue | undefined) => (typeof value !== 'number' ? 'unknown' : value >= 10 ? writeNumber(value) : value.toFixed(1));

function figuresOf(layers: Table): Record<string, CellValue> {
  return Object.fromEntries(layers.rows.flatMap((row, index) => ['events', 'unplaced', 'unplaced_share', 'spearman', 'spearman_low', 'spearman_high'].map((name) => [`layer${index + 1}_${name}`, row[name] ?? null])));
}

function optionNotes(options: Record<string, string>, by: string, measure: string | undefined): string[] {
  const known = (name: string, values: readonly string[]) => (options[name] === undefined || values.includes(options[name]) ? [] : [`There is no ${name} called "${options[name]}". Choose ${values.join(' or ')}.`]);
  return [
    ...known('by', ['area', 'hexagon']),
    ...known('measure', ['rate', 'count']),
    ...known('size', Object.keys(sizes)),
    ...(by === 'hexagon' && options.measure === 'rate' ? ['Hexagons have no rate, because how many people live in one is not known; counts are shown.'] : []),
    ...(by === 'area' && options.measure !== 'count' && measure === 'count' ? ['No population is known for these areas, so counts are shown. Load the feed area-profile for rates.'] : []),
  ];
}

function howSure(drawn: readonly Drawn[], layers: Table, by: string): string[] {
  const lacks = layers.rows.flatMap((row) => (typeof row.unplaced === 'number' && row.unplaced > 0 ? [`${row.layer}: ${writeNumber(row.unplaced)} events have no ${by === 'area' ? 'area' : 'point'}, so they are on no map. Who they happened to may differ from the rest.`] : []));
  const outside = drawn.some(({ table }) => table.rows.some((row) => row.area_name === 'Outside the partnership'));
  return [
    ...new Set(drawn.flatMap(({ sum }) => sum.layer.scope.notes)),
    ...lacks,
    ...(outside ? ['Some events are in areas outside the partnership. They are in the table without a rate.'] : []),
    ...(by === 'area'
      ? ['Intervals are exact Poisson intervals of the count shown: they say how far chance alone would move it, not how many events went unrecorded.', 'An area’s residents are not the people who are there: shops, stations and nights out bring others.']
      : ['Points of homes are moved to the centre of a 100 metre square, but the hexagon is that of the true point.']),
    ...(drawn.some(({ sum }) => sum.deprivation) ? ['The correlation is over areas, not people: it does not say that the people harmed are the deprived ones.'] : []),
  ];
}
