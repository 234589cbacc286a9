// The conditions that filters put on a table of counts. What filters name is looked up in the catalogue first, so that statements hold numbers
// alone: no text of a request stands in one, and a table of counts is read without joins, which take longer to plan than to run.
// Numbers tell of feeds that a reader may not see, and tell a reader nothing: the statement that is shown holds names in their place (`shown`).

import { text } from '../store/index.ts';
import type { Scope } from './scope.ts';

/** More stretches than this are looked up in a list. */
const mostStretches = 8;

/** "x BETWEEN 1 AND 4 OR x BETWEEN 9 AND 12": series of a feed and areas of a ward lie side by side, so a table that is sorted by them is read in part. */
export function inNumbersSql(column: string, numbers: Iterable<number>): string {
  const sorted = [...new Set(numbers)].toSorted((a, b) => a - b);
  const stretches: [number, number][] = [];
  for (const number of sorted) {
    const last = stretches.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else stretches.push([number, number]);
  }
  if (stretches.length === 0) return 'false';
  if (stretches.length > mostStretches) return `${column} IN (${sorted.join(', ')})`;
  const parts = stretches.map(([from, to]) => (from === to ? `${column} = ${from}` : `${column} BETWEEN ${from} AND ${to}`));
  return parts.length === 1 ? parts[0]! : `(${parts.join(' OR ')})`;
}

export interface ScopedColumns {
  /** Whether the table has an area, and whether the area filter applies to it. */
  area: boolean;
}

const namesSql = (column: string, names: readonly string[]): string => `${column} IN (${names.map(text).join(', ')})`;

/** Areas that the filter names by their own code, their ward's or their authority's. */
export function areaSql({ blocks, shown, filters }: Scope): string[] {
  if (!blocks) return [];
  if (!shown) return [inNumbersSql('c.area_id', blocks.keys())];
  return [`c.area_id IN (SELECT area_id FROM demand_area WHERE ${['area_code', 'ward_code', 'authority_code'].map((code) => namesSql(code, filters.area)).join(' OR ')})`];
}

function seriesSql({ series, shown, feeds, filters, demand }: Scope): string {
  if (!shown) return inNumbersSql('c.series_id', series.map((each) => each.series_id));
  const named = [['feed', feeds], ['agency', filters.agency], ['category', filters.category], ['demand_type', demand === undefined ? [] : [demand]]] as const;
  return `c.series_id IN (SELECT series_id FROM demand_series WHERE ${named.flatMap(([column, names]) => (names.length > 0 ? [namesSql(column, names)] : [])).join(' AND ') || 'false'})`;
}

const feedSql = ({ series, shown, feeds }: Scope): string => (shown ? `c.feed_id IN (SELECT feed_id FROM demand_series WHERE ${namesSql('feed', feeds)})` : inNumbersSql('c.feed_id', series.map((each) => each.feed_id)));

/** Areas of the partnership, of those that events are in. */
export function ownAreasSql({ catalogue: { areas }, shown }: Scope): string {
  if (areas.every(({ known }) => known)) return 'c.area_id IS NOT NULL';
  return shown ? 'c.area_id IN (SELECT area_id FROM demand_area WHERE known)' : inNumbersSql('c.area_id', areas.filter(({ known }) => known).map(({ area_id }) => area_id));
}

/** `WHERE …` for a table of counts (c) with series_id and month_id. */
export function scopeWhereSql(scope: Scope, { area }: ScopedColumns): string {
  const conditions = [seriesSql(scope), ...periodSql(scope), ...(area ? areaSql(scope) : [])];
  return `WHERE ${conditions.join('\n    AND ')}`;
}

export function periodSql({ from, to }: Scope): string[] {
  return [...(from === null ? [] : [`c.month_id >= ${from}`]), ...(to === null ? [] : [`c.month_id <= ${to}`])];
}

/** Conditions of a table of counts by feed_id, where no category is chosen. The period is not among them. */
export function feedConditions(scope: Scope): string[] {
  return [feedSql(scope), ...areaSql(scope)];
}

/** `WHERE …` of a table of counts (c) by series and month: all months up to the last one chosen, those before the first too. */
export function untilEndWhereSql(scope: Scope, { area }: ScopedColumns): string {
  const { from, to } = scope;
  const months = [...(from === null ? [] : ['c.month_id IS NOT NULL']), ...(to === null ? [] : [`c.month_id <= ${to}`])];
  return `WHERE ${[seriesSql(scope), ...months, ...(area ? areaSql(scope) : [])].join('\n    AND ')}`;
}

/** Columns that say which item of the noise a row of a table of counts belongs to, and the joins that they need: none where the choice has one item. */
export interface ItemColumns {
  /** Number of the feed. */
  feed: string;
  /** NULL unless categories are chosen: those are counted one by one. */
  category: string;
  block: string;
  joins: string;
}

export function itemColumns(scope: Scope, { area }: ScopedColumns): ItemColumns {
  const { series, filters } = scope;
  const [feeds, categories] = [new Set(series.map((each) => each.feed_id)), new Set(series.map((each) => each.category))];
  const byCategory = filters.category.length > 0;
  const single = feeds.size === 1 && (!byCategory || categories.size === 1);
  const [category] = categories;
  const named = blockColumn(scope, { area });
  return {
    feed: !single ? 's.feed_id' : scope.shown ? `(SELECT any_value(feed_id) FROM demand_series WHERE ${namesSql('feed', scope.feeds)})` : String([...feeds][0]),
    category: !byCategory || (single && category === null) ? 'NULL' : single ? text(category!) : 's.category',
    block: named.block,
    joins: `${single ? '' : ' JOIN demand_series s USING (series_id)'}${named.join}`,
  };
}

/** What of a filter's list names an area (a): its authority, else its ward, else itself. */
const namedBySql = (named: readonly string[]): string => `CASE ${['authority_code', 'ward_code'].map((code) => `WHEN ${namesSql(`a.${code}`, named)} THEN a.${code}`).join(' ')} ELSE a.area_code END`;

/** Place in the filter's list of the area, ward or authority that names a row's area; 0 where none is chosen. */
export function blockColumn({ blocks, shown, filters }: Pick<Scope, 'blocks' | 'shown' | 'filters'>, { area }: ScopedColumns): { block: string; join: string } {
  if (!area || !blocks) return { block: '0', join: '' };
  const places = new Set(blocks.values());
  if (places.size <= 1) return { block: String([...places][0] ?? 1), join: '' };
  if (shown) return { block: 'b.block', join: ` JOIN demand_area a USING (area_id) JOIN (VALUES ${filters.area.map((code, index) => `(${text(code)}, ${index + 1})`).join(', ')}) b(code, block) ON b.code = ${namedBySql(filters.area)}` };
  return { block: 'b.block', join: ` JOIN (VALUES ${[...blocks].map(([id, block]) => `(${id}, ${block})`).join(', ')}) b(area_id, block) USING (area_id)` };
}

/** Column of a sum over the chosen period alone. */
export function inPeriodSql(scope: Scope, aggregate: string, name: string): string {
  return scope.from === null ? `coalesce(${aggregate}, 0)::DOUBLE AS ${name}` : `coalesce(${aggregate} FILTER (WHERE c.month_id >= ${scope.from}), 0)::DOUBLE AS ${name}`;
}

/**
 * Events of the period (`events`) and before it (`before`), and the keys of all until its end (`key`) and of those before (`before_key`).
 * A period's noise is that until its end less that before it: the noise of some fifty sets serves all periods, so no mean over many narrows it.
 */
export function keyedSumsSql(scope: Scope): string {
  const before = (column: string) => (scope.from === null ? '0::DOUBLE' : `coalesce(sum(c.${column}) FILTER (WHERE c.month_id < ${scope.from}), 0)::DOUBLE`);
  return `${inPeriodSql(scope, 'sum(c.events)', 'events')}, sum(c.key)::DOUBLE AS key, ${before('events')} AS before, ${before('key')} AS before_key`;
}
