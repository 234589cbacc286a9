// The tables of places, disclosure-controlled: each layer by area with rates and their intervals, or by hexagon; and what each layer lacks.
// A rate is made from the released count, with the exact Poisson interval of that count.

import type { CellValue, Column, Table } from '../core/index.ts';
import { noNoise, protectedRange, type DisclosureRule } from '../govern/index.ts';
import { poissonInterval, spearman } from '../stats/index.ts';
import type { QuestionContext } from './inquiry.ts';
import { countOf, type Counted, type Counting } from './noisy-count.ts';
import type { Layer } from './place-layers.ts';
import type { AreaRow } from './area-rows.ts';
import type { CellRow } from './places.sql.ts';
import { round } from './plain-numbers.ts';
import { releaseTable, shareOf } from './release.ts';

type Row = Record<string, CellValue>;

export const rateUnit = 'per 1,000 residents a year';

/** One row per area of the choice; events in areas of others have a count and no rate. */
export function areaTable(counting: Counting, layer: Layer, index: number, areas: readonly AreaRow[]): Table {
  const rows = areas.filter((row) => row.area_code !== null);
  const counts = countBy(counting, rows, (row) => row.area_code!);
  const placed = [...new Map(rows.map((row) => [row.area_code, row])).values()];
  const population = new Map(placed.map((row) => [row.area_code, row.population]));
  const per = (events: number | undefined, row: Row): number | null => {
    const residents = population.get(String(row.area_code));
    return events === undefined || !residents || layer.years === 0 ? null : round((events / residents / layer.years) * 1000, 2);
  };
  const bound = (row: Row, side: 'low' | 'high') => (typeof row.count === 'number' ? per(intervalOf(row.count)[side], row) : null);
  const exact: Table = {
    id: `layer-${index + 1}`,
    title: `${layer.label} by area`,
    columns: [
      { name: 'area_code', label: 'Area code', format: 'text' },
      { name: 'area_name', label: 'Area', format: 'text' },
      { name: 'count', label: 'Events', format: 'count' },
      { name: 'rate', label: 'Rate', format: 'decimal', unit: rateUnit },
      { name: 'low', label: 'Rate, low', format: 'decimal', unit: rateUnit },
      { name: 'high', label: 'Rate, high', format: 'decimal', unit: rateUnit },
      { name: 'population', label: 'Residents', format: 'count' },
      { name: 'deprivation_decile', label: 'Deprivation decile', format: 'count', unit: '1 is the most deprived' },
    ],
    rows: placed.map((row): Row => ({
      area_code: row.area_code,
      area_name: row.area_name ?? 'Outside the partnership',
      count: counts.get(row.area_code!)!.count,
      rate: null,
      low: null,
      high: null,
      population: row.population,
      deprivation_decile: row.deprivation_decile,
    })),
    suppressed: [],
    note: 'Rates and their 95 per cent intervals (exact Poisson) are made from the counts shown. Residents are those who live there: where many visit, as in a town centre, the rate overstates their risk.',
  };
  const all = countOf(counting, rows);
  const dependents = [{ column: 'rate', from: (row: Row) => per(row.count as number, row) }, { column: 'low', from: (row: Row) => bound(row, 'low') }, { column: 'high', from: (row: Row) => bound(row, 'high') }];
  return releaseTable(exact, counting.rule, {
    counts: [{ column: 'count', dependents, noise: (row) => (row.area_code === null ? all : counts.get(String(row.area_code)))?.noise }],
    dimensions: ['area_code'],
    elsewhere: [{ area_code: null, count: all.count }],
    greatestFirst: 'count',
  });
}

const intervals = new Map<number, { low: number; high: number }>();

/** Released counts are few different numbers, so each interval is worked out once. */
function intervalOf(count: number): { low: number; high: number } {
  const known = intervals.get(count) ?? poissonInterval(count);
  if (intervals.size < 10_000) intervals.set(count, known);
  return known;
}

/** One row per hexagon that has events. */
export function cellTable(counting: Counting, layer: Layer, index: number, cells: readonly CellRow[]): Table {
  const placed = cells.filter((row) => row.cell !== null);
  const counts = countBy(counting, placed, (row) => row.cell!);
  const exact: Table = {
    id: `layer-${index + 1}`,
    title: `${layer.label} by hexagon`,
    columns: [{ name: 'cell', label: 'Hexagon (H3)', format: 'text' }, { name: 'count', label: 'Events', format: 'count' }],
    rows: [...counts].map(([cell, { count }]): Row => ({ cell, count })),
    suppressed: [],
    note: 'A hexagon without events is not in the table. How many people live in a hexagon is not known, so there are counts and no rates.',
  };
  const all = countOf(counting, placed);
  return releaseTable(exact, counting.rule, {
    counts: [{ column: 'count', noise: (row) => (row.cell === null ? all : counts.get(String(row.cell)))?.noise }],
    dimensions: ['cell'],
    elsewhere: [{ cell: null, count: all.count }],
    greatestFirst: 'count',
  });
}

function countBy<R extends AreaRow | CellRow>(counting: Counting, rows: readonly R[], nameOf: (row: R) => string): Map<string, Counted> {
  return new Map([...Map.groupBy(rows, nameOf)].map(([name, own]) => [name, countOf(counting, own)]));
}


export interface LayerSum {
  layer: Layer;
  placed: Counted;
  unplaced: Counted;
  all: Counted;
  deprivation: DeprivationLink | undefined;
}

/** What each layer holds and lacks: events on the map, events without a place, and how rates go with deprivation. */
export function layersTable({ disclosure }: QuestionContext, sums: readonly LayerSum[]): Table {
  const count = (name: string, label: string): Column => ({ name, label, format: 'count' });
  const decimal = (name: string, label: string): Column => ({ name, label, format: 'decimal' });
  const exact: Table = {
    id: 'layers',
    title: 'What each layer holds and lacks',
    columns: [
      { name: 'layer', label: 'Layer', format: 'text' },
      count('events', 'Events'),
      count('placed', 'With a place'),
      count('unplaced', 'Without a place'),
      { name: 'unplaced_share', label: 'Share without a place', format: 'share' },
      decimal('spearman', 'Rank correlation of rate with deprivation'),
      decimal('spearman_low', 'Correlation, low'),
      decimal('spearman_high', 'Correlation, high'),
    ],
    rows: sums.map(({ layer, placed, unplaced, all, deprivation }): Row => ({
      layer: layer.label,
      token: layer.token,
      events: all.count,
      placed: placed.count,
      unplaced: unplaced.count,
      unplaced_share: null,
      spearman: deprivation ? round(deprivation.rho, 2) : null,
      spearman_low: deprivation ? round(deprivation.low, 2) : null,
      spearman_high: deprivation ? round(deprivation.high, 2) : null,
    })),
    suppressed: [],
    note: 'The rank correlation (Spearman) is over areas, of the rate with the deprivation score: 1 where rates rise with deprivation without exception.',
  };
  const noiseIn = (row: Row, column: 'placed' | 'unplaced' | 'all') => sums.find(({ layer }) => layer.token === row.token)?.[column].noise ?? noNoise;
  return releaseTable(exact, disclosure, {
    counts: [
      { column: 'placed', noise: (row) => noiseIn(row, 'placed') },
      { column: 'unplaced', dependents: [{ column: 'unplaced_share', from: (row) => shareOf(row.unplaced, row.events) }], noise: (row) => noiseIn(row, 'unplaced') },
      { column: 'events', noise: (row) => noiseIn(row, 'all') },
    ],
    across: [['placed', 'unplaced', 'events']],
    dimensions: ['layer'],
  });
}

export interface DeprivationLink {
  rho: number;
  low: number;
  high: number;
  areas: number;
}

/** Fewer areas than this say nothing about a correlation. */
const leastAreas = 10;

/**
 * Spearman's correlation of the areas' rates, by their counts as shown, with their deprivation scores; undefined with fewer than ten areas or
 * without variation. A count that is not shown stands as the middle of what it may be.
 */
export function deprivationLink(rule: DisclosureRule, areas: readonly AreaRow[], shown: Table): DeprivationLink | undefined {
  const { low: least, high: most } = protectedRange(rule);
  const counts = new Map(shown.rows.map((row) => [row.area_code, typeof row.count === 'number' ? row.count : (least + most) / 2]));
  const placed = [...new Map(areas.map((row) => [row.area_code, row])).values()];
  const usable = placed.filter((row) => row.area_code !== null && row.known && row.population !== null && row.population > 0 && row.deprivation_score !== null);
  if (usable.length < leastAreas) return undefined;
  const { rho, low, high } = spearman(usable.map((row) => counts.get(row.area_code)! / row.population!), usable.map((row) => row.deprivation_score!));
  return Number.isFinite(rho) ? { rho, low, high, areas: usable.length } : undefined;
}
