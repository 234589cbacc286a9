// Counts, keys and minutes by demand type and category, by month, and by hour of the week. Categories and types are carried as the numbers of
// demand_series, since thousands of rows cross into this process: `nameRows` gives them their words.

import type { Catalogue } from './catalogue.ts';
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

/** By demand type and category, or by demand type and month. */
export interface DemandRow extends Keyed, Timed {
  by_month: boolean;
  demand_type: string | null;
  /** Null in months, unless categories are chosen or harm is measured. */
  category: string | null;
  /** Of months, those before the period too. */
  month_id: number | null;
}

export interface HourRow extends Keyed, Timed {
  /** Null unless categories are chosen or harm is measured. */
  category: string | null;
  /** 0 is Monday from midnight to 1am; null where the hour is not known. */
  hour_of_week: number | null;
}

/** A row as it comes: numbers in place of the words of its category and type. */
export type Numbered<R> = Omit<R, 'category' | 'demand_type'> & { category_id: number | null } & (R extends DemandRow ? { demand_id: number } : unknown);

const timedSql = (scope: Scope) => [inPeriodSql(scope, 'sum(c.timed)', 'timed'), inPeriodSql(scope, 'sum(c.minutes)', 'minutes'), inPeriodSql(scope, 'max(c.longest)', 'longest')].join(', ');

const summedSql = 'sum(c.events) AS events, sum(c.key) AS key, sum(c.timed) AS timed, sum(c.minutes) AS minutes, max(c.longest) AS longest';

/** Months and hours are cut by category where categories are chosen; for harm by those that have a weight, the rest as one ("-"). */
export type Cut = 'whole' | 'weighed' | 'chosen';

/** The number of all categories without a weight of harm. */
const weightless = 0;

const cutSql: Record<Cut, string> = { whole: 'NULL::SMALLINT', weighed: `CASE WHEN s.weighed > 0 THEN s.category_id ELSE ${weightless} END`, chosen: 's.category_id' };

/** One row per category with demand type, and per month with demand type; each by feed and by area named in the filter. */
export function demandTotalsSql(scope: Scope, cut: Cut): string {
  return `
  WITH counted AS (
    SELECT c.series_id, c.month_id, b.block, ${summedSql}
    ${countedSql(scope, 'demand_month', { area: true })}
    GROUP BY ALL
  )
  SELECT grouping(c.month) = 0 AS by_month, c.feed_id, c.block, c.demand_id, CASE WHEN grouping(c.month) = 0 THEN c.cut ELSE c.category_id END AS category_id, c.month AS month_id,
         ${keyedSumsSql(scope)}, ${timedSql(scope)}
  FROM (SELECT c.*, c.month_id AS month, s.feed_id, s.demand_id, s.category_id, ${cutSql[cut]} AS cut FROM counted c JOIN demand_series s USING (series_id)) c
  GROUP BY GROUPING SETS ((c.feed_id, c.block, c.demand_id, c.category_id), (c.feed_id, c.block, c.demand_id, c.cut, c.month))
  ORDER BY by_month, events DESC, c.demand_id, category_id, c.month, c.feed_id, c.block`;
}

/** One row per hour of the week that has events. Areas are read from the finer table, sorted by area. */
export function hourOfWeekSql(scope: Scope, cut: Cut): string {
  const byArea = scope.filters.area.length > 0;
  return `
  SELECT s.feed_id, b.block, ${cutSql[cut]} AS category_id, c.hour_of_week, ${keyedSumsSql(scope)}, ${timedSql(scope)}
  ${countedSql(scope, byArea ? 'demand_area_hour' : 'demand_hour', { area: byArea })}
  GROUP BY s.feed_id, b.block, 3, c.hour_of_week
  ORDER BY c.hour_of_week, s.feed_id, b.block, category_id`;
}

/** The rows with the words of their numbers. */
export function nameRows<R extends DemandRow | HourRow>(catalogue: Catalogue, rows: readonly Numbered<R>[]): R[] {
  const categories = new Map<number, string | null>([...catalogue.series.map((each) => [each.category_id, each.category] as const), [weightless, '-']]);
  const demands = new Map(catalogue.series.map((each) => [each.demand_id, each.demand_type]));
  const nameOf = (number: number | null) => (number === null ? null : (categories.get(number) ?? null));
  return rows.map((row) => ({ ...row, category: nameOf(row.category_id), ...('demand_id' in row && { demand_type: demands.get(row.demand_id as number) ?? null }) }) as unknown as R);
}
