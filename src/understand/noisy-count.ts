// Counts with their noise. An answer that puts several things together (two areas, three categories, two feeds) has the noise of each, added up:
// what a reader learns by leaving one of them out is always that one with its own noise, however often and beside whatever else it is asked
// (against Asghar and Kaafar 2020, Averaging attacks on bounded noise-based disclosure control algorithms, PoPETs 2020(2)).

import { addNoise, factorOf, isHidden, noiseOf, noNoise, roundCount, type DisclosureRule, type Noise } from '../govern/index.ts';
import type { Scope } from './scope.ts';

/** A sum of events of a cube, with the keys of cell-key noise. */
export interface Keyed {
  feed_id: number;
  /** Place in the filter's list of the area, ward or authority that it names; 0 where it names none. */
  block: number;
  category?: string | null;
  events: number;
  /** Key of all events until the end of the period. */
  key: number;
  /** Events before the period, and their key. */
  before: number;
  before_key: number;
}

export interface Counted {
  count: number;
  noise: Noise;
}

/** By which rule, and whether categories were chosen one by one. */
export interface Counting {
  rule: DisclosureRule;
  byCategory: boolean;
}

export function countingOf(rule: DisclosureRule, scope: Scope): Counting {
  return { rule, byCategory: scope.filters.category.length > 0 };
}

const itemOf = ({ byCategory }: Counting, { feed_id, block, category }: Keyed) => `${feed_id}|${block}|${byCategory ? (category ?? '') : ''}`;

/** The rows of a cell, put together by feed, named area and chosen category. */
export function itemsOf(counting: Counting, rows: readonly Keyed[]): Keyed[] {
  if (rows.length === 1) return [...rows];
  const items = new Map<string, Keyed>();
  for (const row of rows) {
    const name = itemOf(counting, row);
    const item = items.get(name);
    if (item) addKeyed(item, row);
    else items.set(name, { ...row });
  }
  return [...items.values()];
}

function addKeyed(sum: Pick<Keyed, 'events' | 'key' | 'before' | 'before_key'>, row: Keyed): void {
  sum.events += row.events;
  sum.key += row.key;
  sum.before += row.before;
  sum.before_key += row.before_key;
}

function sumKeyed(rows: readonly Keyed[]): Pick<Keyed, 'events' | 'key' | 'before' | 'before_key'> {
  const sum = { events: 0, key: 0, before: 0, before_key: 0 };
  for (const row of rows) addKeyed(sum, row);
  return sum;
}

/** A cell's count and noise from its rows. */
export function countOf(counting: Counting, rows: readonly Keyed[]): Counted {
  const items = itemsOf(counting, rows);
  return { count: items.reduce((sum, item) => sum + item.events, 0), noise: addNoise(items.map((item) => periodNoise(counting.rule, item))) };
}

/** What came until the end of the period has one noise, what came before it another. */
export function periodNoise(rule: DisclosureRule, { events, key, before, before_key: beforeKey }: Keyed, salt = 0): Noise {
  if (!rule.perturbation || events === 0) return noNoise;
  return { value: noiseOf(rule, before + events, key, salt) - noiseOf(rule, before, beforeKey, salt), most: rule.perturbation.most * (before > 0 ? 2 : 1) };
}

/** Counts of each cell in each month, from rows of all months up to the last: each month is what came until its end less what came before. */
export function countMonths<R extends Keyed & { month_id: number | null }>(counting: Counting, rows: readonly R[], cellOf: (row: R) => string): Map<string, Map<number, Counted>> {
  const months = new Map<string, Map<number, Counted>>();
  const series = new Map<string, { cell: string; first: R; sums: Map<number, { events: number; key: number }> }>();
  for (const row of rows) {
    if (row.month_id === null) continue;
    const cell = cellOf(row);
    const name = `${cell}|${itemOf(counting, row)}`;
    const own = series.get(name) ?? { cell, first: row, sums: new Map() };
    series.set(name, own);
    const sum = own.sums.get(row.month_id) ?? { events: 0, key: 0 };
    own.sums.set(row.month_id, sum);
    sum.events += row.events + row.before;
    sum.key += row.key;
  }
  for (const { cell: name, first, sums } of series.values()) {
    const cell = months.get(name) ?? new Map<number, Counted>();
    months.set(name, cell);
    let [before, beforeKey] = [0, 0];
    for (const [month, { events, key }] of [...sums].toSorted(([a], [b]) => a - b)) {
      const noise = periodNoise(counting.rule, { ...first, events, key: beforeKey + key, before, before_key: beforeKey });
      const known = cell.get(month);
      cell.set(month, known ? { count: known.count + events, noise: addNoise([known.noise, noise]) } : { count: events, noise });
      [before, beforeKey] = [before + events, beforeKey + key];
    }
  }
  return months;
}

/** A count as it may leave; null where it is too small. */
export function releaseCounted(rule: DisclosureRule, { count, noise }: Counted): number | null {
  return isHidden(rule, count, count + noise.value) ? null : roundCount(rule, count + noise.value);
}

/** A figure of the events of a period that is not their number (such as how many have minutes): with noise of its own. */
export function partOf(counting: Counting, rows: readonly Keyed[], part: (item: readonly Keyed[]) => number, salt: number): Counted {
  const groups = [...Map.groupBy(rows, (row) => itemOf(counting, row)).values()];
  const parts = groups.map((group) => {
    const [count, sum] = [part(group), sumKeyed(group)];
    const most = counting.rule.perturbation && count > 0 ? counting.rule.perturbation.most : 0;
    return { count, noise: { value: noiseOf(counting.rule, count, sum.key - sum.before_key, salt), most } };
  });
  return { count: parts.reduce((sum, { count }) => sum + count, 0), noise: addNoise(parts.map(({ noise }) => noise)) };
}

/** A sum of measured amounts with noise in proportion to the greatest of each group, so that no single one can be told from it. */
export function noisyAmount<R extends Keyed>(counting: Counting, rows: readonly R[], amountOf: (group: readonly R[]) => { sum: number; greatest: number; values: number }, salt: number): number {
  let amount = 0;
  for (const group of Map.groupBy(rows, (row) => itemOf(counting, row)).values()) {
    const { sum, greatest, values } = amountOf(group);
    const keyed = sumKeyed(group);
    amount += sum + greatest * factorOf(counting.rule, values, keyed.key - keyed.before_key, salt);
  }
  return Math.max(0, amount);
}
