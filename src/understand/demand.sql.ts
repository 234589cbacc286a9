// Counts, keys and minutes by demand type and category, by month, and by hour of the week.

import type { Keyed } from './noisy-count.ts';
import type { Scope } from './scope.ts';
import { countedSql, inPeriodSql, keyedSumsSql } from './scope.sql.ts';

/** Minutes of the events of the period. */
export interface Timed {
  /** Events whose minutes are known. */
  timed: number;
  minutes: number;
  /** The most minutes of one event; 0 where none are known. */
  longest: number;
}

export interface DemandRow extends Keyed, Timed {
  level: 'category' | 'month';
  demand_type: string | null;
  /** Null in months, unless categories are chosen or harm is measured. */
  category: string | null;
  /** Of months, those before the period too. */
  month_id: number | null;
}

const timedSql = (scope: Scope) => [inPeriodSql(scope, 'sum(c.timed)', 'timed'), inPeriodSql(scope, 'sum(c.minutes)', 'minutes'), inPeriodSql(scope, 'max(c.longest)', 'longest')].join(', ');

const summedSql = 'sum(c.events) AS events, sum(c.key) AS key, sum(c.timed) AS timed, sum(c.minutes) AS minutes, max(c.longest) AS longest';

/** Months and hours are cut by category where categories are chosen; for harm by those that have a weight, the rest as one ("-"). */
export type Cut = 'whole' | 'weighed' | 'chosen';

const cutSql: Record<Cut, string> = { whole: 'NULL::VARCHAR', weighed: `CASE WHEN s.weighed > 0 THEN s.category ELSE '-' END`, chosen: 's.category' };

/** One row per category with demand type, and per month with demand type; each by feed and by area named in the filter. */
export function demandTotalsSql(scope: Scope, cut: Cut): string {
  return `
  WITH counted AS (
    SELECT c.series_id, c.month_id, b.block, ${summedSql}
    ${countedSql(scope, 'demand_month', { area: true })}
    GROUP BY ALL
  )
  SELECT CASE WHEN grouping(c.month) = 0 THEN 'month' ELSE 'category' END AS level, c.feed_id, c.block, c.demand_type, CASE WHEN grouping(c.month) = 0 THEN c.cut ELSE c.category END AS category, c.month AS month_id,
         ${keyedSumsSql(scope)}, ${timedSql(scope)}
  FROM (SELECT c.*, c.month_id AS month, s.feed_id, s.demand_type, s.category, ${cutSql[cut]} AS cut FROM counted c JOIN demand_series s USING (series_id)) c
  GROUP BY GROUPING SETS ((c.feed_id, c.block, c.demand_type, c.category), (c.feed_id, c.block, c.demand_type, c.cut, c.month))
  ORDER BY level, events DESC, c.demand_type, category, c.month, c.feed_id, c.block`;
}

export interface HourRow extends Keyed, Timed {
  /** Null unless categories are chosen or harm is measured. */
  category: string | null;
  /** 0 is Monday from midnight to 1am; null where the hour is not known. */
  hour_of_week: number | null;
}

/** One row per hour of the week that has events. Areas are read from the finer table, sorted by area. */
export function hourOfWeekSql(scope: Scope, cut: Cut): string {
  const byArea = scope.filters.area.length > 0;
  return `
  WITH counted AS (
    SELECT c.series_id, c.hour_of_week, b.block, ${keyedSumsSql(scope)}, ${timedSql(scope)}
    ${countedSql(scope, byArea ? 'demand_area_hour' : 'demand_hour', { area: byArea })}
    GROUP BY c.series_id, c.hour_of_week, b.block
  )
  SELECT s.feed_id, c.block, ${cutSql[cut]} AS category, c.hour_of_week, sum(c.events) AS events, sum(c.key) AS key, sum(c.before) AS before, sum(c.before_key) AS before_key,
         sum(c.timed) AS timed, sum(c.minutes) AS minutes, max(c.longest) AS longest
  FROM counted c JOIN demand_series s USING (series_id)
  GROUP BY ALL
  ORDER BY c.hour_of_week, s.feed_id, c.block, category`;
}
