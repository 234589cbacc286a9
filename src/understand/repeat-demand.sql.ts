// How many units have how many events, how many units are at risk, and how many events have no known unit.

import type { Scope } from './scope.ts';
import { areaIdsSql, feedWhereSql, scopeWhereSql } from './scope.sql.ts';

export type RepeatUnit = 'person' | 'address' | 'household' | 'area';

export interface FrequencyRow {
  /** Events of each unit. */
  n: number;
  units: number;
}

/** For each number of events, how many units have it (from 1). */
export function frequencySql(scope: Scope, by: RepeatUnit): string {
  return `
  SELECT n, count(*)::INTEGER AS units
  FROM (
    ${by === 'area' ? areaCountsSql(scope) : unitCountsSql(scope, by)}
  )
  WHERE n > 0
  GROUP BY n
  ORDER BY n DESC`;
}

function unitCountsSql(scope: Scope, by: Exclude<RepeatUnit, 'area'>): string {
  return scope.filters.category.length > 0 ? seriesCountsSql(scope, by) : feedCountsSql(scope, by);
}

/** With a category: its series are a small part of the table and lie together. */
function seriesCountsSql(scope: Scope, by: string): string {
  return `SELECT c.unit, sum(c.events)::INTEGER AS n
    FROM repeat_${by} c
    ${scopeWhereSql(scope, { area: true })}
    GROUP BY c.unit`;
}

/** Without: the feed as a whole, by month where there is a period. Units of several feeds are put together. */
function feedCountsSql(scope: Scope, by: string): string {
  const period = [...(scope.from === null ? [] : ['c.month_id >= $from']), ...(scope.to === null ? [] : ['c.month_id <= $to'])];
  const where = [feedWhereSql(scope), ...period].join('\n    AND ');
  if (period.length === 0 && scope.feeds.length === 1) return `SELECT c.unit, c.events AS n FROM repeat_${by}_feed c\n    ${where}`;
  return `SELECT c.unit, sum(c.events)::INTEGER AS n
    FROM repeat_${by}${period.length > 0 ? '_month' : '_feed'} c
    ${where}
    GROUP BY c.unit`;
}

function areaCountsSql(scope: Scope): string {
  return `SELECT c.area_id, sum(c.events)::INTEGER AS n
    FROM demand_month c
    ${scopeWhereSql(scope, { area: true })} AND c.area_id IN (SELECT area_id FROM demand_area WHERE known)
    GROUP BY c.area_id`;
}

/** How many units could have had an event: all that any feed knows. */
export function unitsAtRiskSql(scope: Scope, by: RepeatUnit): string {
  const conditions = [...(by === 'area' ? ['known'] : []), ...(scope.filters.area.length > 0 ? [`area_id IN (${areaIdsSql()})`] : [])];
  const where = conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
  return `SELECT count(*)::INTEGER AS units FROM ${by === 'area' ? 'demand_area' : `repeat_${by}_unit`} ${where}`;
}

export interface ReachRow {
  unit_kind: 'all' | 'person' | 'address' | 'household' | 'area';
  events: number;
}

/** Events of the choice in any area, and those of them that have a known person, address, household or area. */
export function reachSql(scope: Scope): string {
  const where = scopeWhereSql(scope, { area: false });
  return `
  SELECT unit_kind, sum(events)::DOUBLE AS events FROM repeat_reach c ${where} GROUP BY unit_kind
  UNION ALL SELECT 'area', coalesce(sum(events), 0)::DOUBLE FROM demand_month c ${where} AND c.area_id IN (SELECT area_id FROM demand_area WHERE known)
  UNION ALL SELECT 'all', coalesce(sum(events), 0)::DOUBLE FROM demand_month c ${where}`;
}
