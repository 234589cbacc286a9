// The conditions that filters put on a table of counts. Values are bound; lists come joined by commas.

import type { Scope } from './scope.ts';

export interface ScopedColumns {
  /** Whether the table has an area, and whether the area filter applies to it. */
  area: boolean;
  /** Alias of the table of counts. */
  alias?: string;
}

/** SQL for "in the bound list". */
export function inListSql(expression: string, parameter: string): string {
  return `${expression} IN (SELECT unnest(string_split($${parameter}, ',')))`;
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
  const conditions = [inListSql('feed', 'feeds')];
  if (scope.filters.agency.length > 0) conditions.push(inListSql('agency', 'agencies'));
  if (scope.filters.category.length > 0) conditions.push(inListSql('category', 'categories'));
  if (scope.params.demand !== undefined) conditions.push('demand_type = $demand');
  return `SELECT series_id FROM demand_series WHERE ${conditions.join(' AND ')}`;
}

/** Areas that the filter names by their own code, their ward's or their authority's. */
export function areaIdsSql(): string {
  return `SELECT area_id FROM demand_area WHERE ${['area_code', 'ward_code', 'authority_code'].map((column) => inListSql(column, 'areas')).join(' OR ')}`;
}

/** The bound values that a statement uses, from a scope's. DuckDB refuses a value that the statement does not name. */
export function boundIn(sql: string, params: Scope['params']): Scope['params'] {
  return Object.fromEntries(Object.entries(params).filter(([name]) => new RegExp(`\\$${name}\\b`).test(sql)));
}
