// Puts the counts of series by month together to what the tables of demand are made of: by demand type and category over the period, and by
// demand type and month. One statement gives both, without a join, since the catalogue knows what a series is.

import type { Series } from './catalogue.ts';
import { weightless, type Cut, type DemandRow, type SeriesMonthRow } from './demand.sql.ts';
import type { Scope } from './scope.ts';

/** What rows are added up by, but for the month. */
interface Group extends Pick<DemandRow, 'by_month' | 'feed_id' | 'block' | 'demand_type' | 'category'> {
  demand_id: number;
  category_id: number | null;
}

interface Sum extends DemandRow, Group {}

/** One row per category with demand type, then one per month with demand type; each by feed and by area named in the filter. Greatest first. */
export function demandRows({ series, from }: Pick<Scope, 'series' | 'from'>, rows: readonly SeriesMonthRow[], cut: Cut): DemandRow[] {
  const seriesOf = new Map(series.map((each) => [each.series_id, each]));
  const [wholes, months] = [new Map<string, Sum>(), new Map<string, Map<number | null, Sum>>()];
  const known = new Map<string, { whole: Sum; cut: Group; byMonth: Map<number | null, Sum> }>();
  for (const row of rows) {
    const own = `${row.series_id}|${row.block}`;
    let groups = known.get(own);
    if (!groups) {
      const each = seriesOf.get(row.series_id)!;
      const [whole, part] = [groupOf(each, row.block), { ...groupOf(each, row.block), by_month: true, ...cutOf(each, cut) }];
      groups = { whole: getOrAdd(wholes, nameOf(whole), () => emptySum(whole, null)), cut: part, byMonth: getOrAdd(months, nameOf(part), () => new Map()) };
      known.set(own, groups);
    }
    const inPeriod = from === null || row.month_id! >= from;
    add(groups.whole, row, inPeriod);
    const { cut: part } = groups;
    add(getOrAdd(groups.byMonth, row.month_id, () => emptySum(part, row.month_id)), row, inPeriod);
  }
  return [...[...wholes.values()].toSorted(inOrder), ...[...months.values()].flatMap((own) => [...own.values()]).toSorted(inOrder)];
}

const groupOf = ({ feed_id, demand_id, demand_type, category_id, category }: Series, block: number): Group => ({ by_month: false, feed_id, block, demand_id, demand_type, category_id, category });

const nameOf = ({ feed_id, block, demand_id, category_id }: Group): string => `${feed_id}|${block}|${demand_id}|${category_id}`;

function cutOf({ category_id, category, weighed }: Series, cut: Cut): Pick<Group, 'category_id' | 'category'> {
  if (cut === 'whole') return { category_id: null, category: null };
  return cut === 'weighed' && weighed === 0 ? { category_id: weightless, category: '-' } : { category_id, category };
}

const emptySum = (group: Group, month_id: number | null): Sum => ({ ...group, month_id, events: 0, key: 0, before: 0, before_key: 0, timed: 0, minutes: 0, longest: 0 });

function add(sum: Sum, row: SeriesMonthRow, inPeriod: boolean): void {
  sum.key += row.key;
  if (!inPeriod) {
    sum.before += row.events;
    sum.before_key += row.key;
    return;
  }
  sum.events += row.events;
  sum.timed += row.timed;
  sum.minutes += row.minutes;
  sum.longest = Math.max(sum.longest, row.longest);
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

const last = Infinity;

function inOrder(a: Sum, b: Sum): number {
  return b.events - a.events || a.demand_id - b.demand_id || order(a.category_id, b.category_id) || order(a.month_id, b.month_id) || a.feed_id - b.feed_id || a.block - b.block;
}

const order = (a: number | null, b: number | null): number => (a === b ? 0 : (a ?? last) - (b ?? last));
