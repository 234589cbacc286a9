// The conditions that filters put on a table of counts. Values are bound; lists come joined by commas.

import type { Scope } from './scope.ts';

export interface ScopedColumns {
  /** Whether the table has an area, and whether the area filter applies to it. */
  area: boolean;
  /** Alias of the table of counts. */
  alias?: string;
}

/** SQL for "in the bound list". The tables that filters choose from are small: to plan a join with each list takes longer than to look through it. */
export function inListSql(expression: string, parameter: string): string {
  return `list_contains(string_split($${parameter}, ','), ${expression})`;
}

/** `WHERE …` for a table of counts with series_id and month_id. */
export function scopeWhereSql(scope: Scope, { area, alias = 'c' }: ScopedColumns): string {
  const conditions = [`${alias}.series_id IN (${seriesIdsSql(scope)})`];
  if (scope.from !== null) conditions.push(`${alias}.month_id >= $from`);
  if (scope.to !== null) conditions.push(`${alias}.month_id <= $to`);
  if (area && scope.filters.area.length > 0) conditions.push(`${alias}.area_id IN (${areaIdsSql()})`);
  return `WHERE ${conditions.join('\n    AND ')}`;
}

/** The same, without the period, for a table of counts by feed_id, where no category is chosen. */
export function feedWhereSql(scope: Scope): string {
  const conditions = [inListSql('feed', 'feeds')];
  if (scope.filters.agency.length > 0) conditions.push(inListSql('agency', 'agencies'));
  const feeds = `c.feed_id IN (SELECT feed_id FROM demand_series WHERE ${conditions.join(' AND ')})`;
  return `WHERE ${feeds}${scope.filters.area.length > 0 ? `\n    AND c.area_id IN (${areaIdsSql()})` : ''}`;
}

function seriesIdsSql(scope: Scope): string {
  return `SELECT series_id FROM demand_series WHERE ${seriesConditions(scope).join(' AND ')}`;
}

function seriesConditions(scope: Scope, prefix = ''): string[] {
  const conditions = [inListSql(`${prefix}feed`, 'feeds')];
  if (scope.filters.agency.length > 0) conditions.push(inListSql(`${prefix}agency`, 'agencies'));
  if (scope.filters.category.length > 0) conditions.push(inListSql(`${prefix}category`, 'categories'));
  if (scope.params.demand !== undefined) conditions.push(`${prefix}demand_type = $demand`);
  return conditions;
}

/** Areas that the filter names by their own code, their ward's or their authority's. */
export function areaIdsSql(): string {
  return `SELECT area_id FROM demand_area WHERE ${['area_code', 'ward_code', 'authority_code'].map((column) => inListSql(column, 'areas')).join(' OR ')}`;
}

/** Each area of the filter (area_id) with the place in the list of what names it (block): its authority, else its ward, else itself. Noise goes by these, so a longer list has more of it. */
export function areaBlocksSql(): string {
  const place = (column: string) => `nullif(list_position(string_split($areas, ','), ${column}), 0)`;
  return `SELECT area_id, block FROM (SELECT area_id, coalesce(${place('authority_code')}, ${place('ward_code')}, ${place('area_code')}) AS block FROM demand_area) WHERE block IS NOT NULL`;
}

/** `FROM … WHERE …` of a table of counts (c) with the chosen series (s) and areas (b), and all months up to the last one chosen, those before the first too. */
export function countedSql(scope: Scope, table: string, { area }: { area: boolean }): string {
  const conditions = seriesConditions(scope, 's.');
  if (scope.from !== null) conditions.push('c.month_id IS NOT NULL');
  if (scope.to !== null) conditions.push('c.month_id <= $to');
  const blocks = area && scope.filters.area.length > 0 ? `JOIN (${areaBlocksSql()}) b USING (area_id)` : `CROSS JOIN (SELECT 0 AS block) b`;
  return `FROM ${table} c JOIN demand_series s USING (series_id) ${blocks}
    WHERE ${conditions.join('\n    AND ')}`;
}

/** Column of a sum over the chosen period alone. */
export function inPeriodSql(scope: Scope, aggregate: string, name: string): string {
  return scope.from === null ? `coalesce(${aggregate}, 0)::DOUBLE AS ${name}` : `coalesce(${aggregate} FILTER (WHERE c.month_id >= $from), 0)::DOUBLE AS ${name}`;
}

/**
 * Events of the period (`events`) and before it (`before`), and the keys of all until its end (`key`) and of those before (`before_key`).
 * A period's noise is that until its end less that before it: the noise of some fifty sets serves all periods, so no mean over many narrows it.
 */
export function keyedSumsSql(scope: Scope): string {
  const before = (column: string) => (scope.from === null ? '0::DOUBLE' : `coalesce(sum(c.${column}) FILTER (WHERE c.month_id < $from), 0)::DOUBLE`);
  return `${inPeriodSql(scope, 'sum(c.events)', 'events')}, sum(c.key)::DOUBLE AS key, ${before('events')} AS before, ${before('key')} AS before_key`;
}

/** The bound values that a statement uses, from a scope's. DuckDB refuses a value that the statement does not name. */
export function boundIn(sql: string, params: Scope['params']): Scope['params'] {
  return Object.fromEntries(Object.entries(params).filter(([name]) => new RegExp(`\\$${name}\\b`).test(sql)));
}
