// Counts, minutes and harm by demand type, category and month; and by hour of the week.

import type { Scope } from './scope.ts';
import { scopeWhereSql } from './scope.sql.ts';

/** Sums of a group of events. */
export interface Sums {
  events: number;
  /** Events whose minutes are known. */
  timed: number;
  minutes: number;
  /** Events whose category has a harm weight. */
  weighed: number;
  harm_days: number;
  /** The greatest harm weight of one of its events; null where none has a weight. */
  heaviest: number | null;
}

export interface DemandRow extends Sums {
  level: 'demand' | 'category' | 'month';
  demand_type: string | null;
  category: string | null;
  month_id: number | null;
}

const sums = ['events', 'timed', 'minutes', 'weighed', 'harm_days'];
const summed = (alias: string) => sums.map((column) => `sum(${alias}.${column})::DOUBLE AS ${column}`).join(', ');
/** All events of a series have one weight, so its mean is that weight. */
const heaviest = 'max(c.harm_days / nullif(c.weighed, 0))';

/** One row per demand type, per category with demand type, and per month with demand type. */
export function demandTotalsSql(scope: Scope): string {
  return `
  WITH counted AS (
    SELECT c.series_id, c.month_id, ${summed('c')}
    FROM demand_month c
    ${scopeWhereSql(scope, { area: true })}
    GROUP BY c.series_id, c.month_id
  )
  SELECT CASE WHEN grouping(s.category) = 0 THEN 'category' WHEN grouping(c.month_id) = 0 THEN 'month' ELSE 'demand' END AS level,
         s.demand_type, s.category, c.month_id, ${summed('c')}, ${heaviest} AS heaviest
  FROM counted c JOIN demand_series s USING (series_id)
  GROUP BY GROUPING SETS ((s.demand_type), (s.demand_type, s.category), (s.demand_type, c.month_id))
  ORDER BY level, events DESC, s.demand_type, s.category, c.month_id`;
}

export interface HourRow extends Sums {
  /** 0 is Monday from midnight to 1am; null where the hour is not known. */
  hour_of_week: number | null;
}

/** One row per hour of the week that has events. Areas are read from the finer table, sorted by area. */
export function hourOfWeekSql(scope: Scope): string {
  const byArea = scope.filters.area.length > 0;
  return `
  WITH counted AS (
    SELECT c.series_id, c.hour_of_week, ${summed('c')}
    FROM ${byArea ? 'demand_area_hour' : 'demand_hour'} c
    ${scopeWhereSql(scope, { area: byArea })}
    GROUP BY c.series_id, c.hour_of_week
  )
  SELECT c.hour_of_week, ${summed('c')}, ${heaviest} AS heaviest
  FROM counted c
  GROUP BY c.hour_of_week
  ORDER BY c.hour_of_week`;
}
