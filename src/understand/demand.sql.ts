// Counts, keys and minutes by demand type and category, by month, and by hour of the week. Series and categories come as the numbers of
// demand_series: `demandRows` and `hourRows` give them their words.

import type { Catalogue } from './catalogue.ts';
import type { Keyed } from './noisy-count.ts';
import type { Scope } from './scope.ts';
import { blockColumn, inPeriodSql, itemColumns, keyedSumsSql, untilEndWhereSql } from './scope.sql.ts';

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

/** Counts of a series in a month, in a named area. */
export interface SeriesMonthRow extends Timed {
  series_id: number;
  block: number;
  month_id: number | null;
  events: number;
  key: number;
}

const timedSql = (scope: Scope) => [inPeriodSql(scope, 'sum(c.timed)', 'timed'), inPeriodSql(scope, 'sum(c.minutes)', 'minutes'), inPeriodSql(scope, 'max(c.longest)', 'longest')].join(', ');

/** Months and hours are cut by category where categories are chosen; for harm by those that have a weight, the rest as one ("-"). */
export type Cut = 'whole' | 'weighed' | 'chosen';

/** The number of all categories without a weight of harm. */
export const weightless = 0;

/** One row per series and month until the end of the period, months before it too: both what demand is and how it has changed are made of these. */
export function seriesMonthsSql(scope: Scope): string {
  const { block, join } = blockColumn(scope, { area: true });
  return `
  SELECT c.series_id, ${block} AS block, c.month_id, sum(c.events)::DOUBLE AS events, sum(c.key)::DOUBLE AS key,
         sum(c.timed)::DOUBLE AS timed, sum(c.minutes)::DOUBLE AS minutes, max(c.longest)::DOUBLE AS longest
  FROM demand_month c${join}
  ${untilEndWhereSql(scope, { area: true })}
  GROUP BY ALL`;
}

/** A row as it comes: a number in place of its category. */
export type NumberedHour = Omit<HourRow, 'category'> & { category_id: number | null };

const cutSql: Record<Exclude<Cut, 'whole'>, string> = { weighed: `CASE WHEN s.weighed > 0 THEN s.category_id ELSE ${weightless} END`, chosen: 's.category_id' };

/** One row per hour of the week that has events. Areas are read from the finer table, sorted by area. */
export function hourOfWeekSql(scope: Scope, cut: Cut): string {
  const byArea = scope.filters.area.length > 0;
  const items = itemColumns(scope, { area: byArea });
  const named = blockColumn(scope, { area: byArea });
  const { feed, category, joins } = cut === 'whole' ? { ...items, category: 'NULL::SMALLINT' } : { feed: 's.feed_id', category: cutSql[cut], joins: ` JOIN demand_series s USING (series_id)${named.join}` };
  return `
  SELECT ${feed} AS feed_id, ${named.block} AS block, ${category} AS category_id, c.hour_of_week, ${keyedSumsSql(scope)}, ${timedSql(scope)}
  FROM ${byArea ? 'demand_area_hour' : 'demand_hour'} c${joins}
  ${untilEndWhereSql(scope, { area: byArea })}
  GROUP BY ALL
  ORDER BY c.hour_of_week, feed_id, block, category_id`;
}

/** The rows with the words of their categories. */
export function hourRows({ series }: Catalogue, rows: readonly NumberedHour[]): HourRow[] {
  const categories = new Map<number | null, string | null>([...series.map((each) => [each.category_id, each.category] as const), [weightless, '-'], [null, null]]);
  return rows.map((row) => ({ ...row, category: categories.get(row.category_id) ?? null }));
}
