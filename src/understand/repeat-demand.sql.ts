// How many units have how many events, how many units are at risk, and how many events have no known unit.

import type { Keyed } from './noisy-count.ts';
import type { Scope } from './scope.ts';
import { areaSql, blockColumn, feedConditions, inPeriodSql, itemColumns, keyedSumsSql, ownAreasSql, periodSql, scopeWhereSql, untilEndWhereSql } from './scope.sql.ts';

export type RepeatUnit = 'person' | 'address' | 'household' | 'area';
/** Units whose number is controlled. Areas are counted from what places shows of each. */
export type PersonalUnit = Exclude<RepeatUnit, 'area'>;

export interface FrequencyRow {
  /** Events of each unit. */
  n: number;
  units: number;
}

/** For each number of events, how many units have it (from 1). */
export function frequencySql(scope: Scope, by: PersonalUnit): string {
  return `
  SELECT n, count(*)::INTEGER AS units
  FROM (
    ${scope.filters.category.length > 0 ? seriesCountsSql(scope, by) : feedCountsSql(scope, by)}
  )
  WHERE n > 0
  GROUP BY n
  ORDER BY n DESC`;
}

/** With a category: its series are a small part of the table and lie together. */
function seriesCountsSql(scope: Scope, by: PersonalUnit): string {
  return `SELECT c.unit, sum(c.events)::INTEGER AS n
    FROM repeat_${by} c
    ${scopeWhereSql(scope, { area: true })}
    GROUP BY c.unit`;
}

/** Without: the feed as a whole, by month where there is a period. Units of several feeds are put together. */
function feedCountsSql(scope: Scope, by: PersonalUnit): string {
  const period = periodSql(scope);
  const where = `WHERE ${[...feedConditions(scope), ...period].join('\n    AND ')}`;
  if (period.length === 0 && scope.feeds.length === 1) return `SELECT c.unit, c.events AS n FROM repeat_${by}_feed c\n    ${where}`;
  return `SELECT c.unit, sum(c.events)::INTEGER AS n
    FROM repeat_${by}${period.length > 0 ? '_month' : '_feed'} c
    ${where}
    GROUP BY c.unit`;
}

export interface UnitsRow {
  /** Place in the filter's list of the area, ward or authority that it names; 0 where it names none. */
  block: number;
  units: number;
  /** Sum of their keys. */
  key: number;
}

/** How many units could have had an event: all that any feed knows. */
export function unitsAtRiskSql(scope: Scope, by: PersonalUnit): string {
  const { block, join } = blockColumn(scope, { area: true });
  const [inArea] = areaSql(scope);
  const where = inArea ? ` WHERE ${inArea}` : '';
  return `SELECT ${block} AS block, count(*)::INTEGER AS units, sum(c.key)::DOUBLE AS key FROM repeat_${by}_unit c${join}${where} GROUP BY ALL ORDER BY block`;
}

export interface ReachRow {
  unit_kind: 'person' | 'address' | 'household';
  events: number;
}

/** Events of the choice in any area that have a known person, address or household. */
export function reachSql(scope: Scope): string {
  return `
  SELECT unit_kind, sum(events)::DOUBLE AS events FROM repeat_reach c ${scopeWhereSql(scope, { area: false })} GROUP BY unit_kind`;
}

export interface ChosenRow extends Keyed {
  /** Those of the events that are in an area of the partnership. */
  in_area: number;
}

/** Events of the choice in any area, with their keys, by feed and, where categories are chosen, category. */
export function chosenEventsSql(scope: Scope): string {
  const { feed, category, joins } = itemColumns(scope, { area: false });
  return `
  SELECT ${feed} AS feed_id, 0 AS block, ${category} AS category, ${keyedSumsSql(scope)}, ${inPeriodSql(scope, `sum(CASE WHEN ${ownAreasSql(scope)} THEN c.events END)`, 'in_area')}
  FROM demand_month c${joins}
  ${untilEndWhereSql(scope, { area: false })}
  GROUP BY ALL
  ORDER BY feed_id, category`;
}
