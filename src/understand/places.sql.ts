// Counts by area and by hexagon for one layer. What an area is called, and how many live there, is in the catalogue.

import type { Keyed } from './noisy-count.ts';
import type { Scope } from './scope.ts';
import { itemColumns, keyedSumsSql, untilEndWhereSql } from './scope.sql.ts';

/** One area, feed and, where categories are chosen, category. */
export interface AreaCount extends Keyed {
  /** Null for events without an area. */
  area_id: number | null;
}

/** Areas of the choice that have events, by their numbers; and events without an area unless areas were chosen. */
export function areaCountsSql(scope: Scope): string {
  const { feed, category, block, joins } = itemColumns(scope, { area: true });
  return `
  SELECT c.area_id, ${feed} AS feed_id, ${block} AS block, ${category} AS category, ${keyedSumsSql(scope)}
  FROM demand_month c${joins}
  ${untilEndWhereSql(scope, { area: true })}
  GROUP BY ALL
  ORDER BY c.area_id, feed_id, category`;
}

/** One hexagon, feed, named area and, where categories are chosen, category. */
export interface CellRow extends Keyed {
  /** Null for events without a point. */
  cell: string | null;
  /** H3's: 9 about 200 m from middle to edge, 8 about 500 m, 7 about 1.2 km. */
  resolution: number;
}

/** Hexagons by size, in place_cell. */
const cellColumns: Readonly<Record<number, string>> = { 9: 'cell', 8: 'cell_8', 7: 'cell_7' };

/**
 * One row per hexagon with events, and one for events without a point. Without a period, the table of totals is read.
 * @param size a resolution, or the most hexagons to show: then the smallest that are no more than so many
 */
export function cellCountsSql(scope: Scope, size: { resolution: number } | { most: number }): string {
  const wholePeriod = scope.from === null && scope.to === null;
  const { feed, category, block, joins } = itemColumns(scope, { area: true });
  const resolution = 'resolution' in size ? String(size.resolution) : `CASE WHEN count(DISTINCT p.cell) FILTER (WHERE p.events > 0) <= ${size.most} THEN 9 WHEN count(DISTINCT p.cell_8) FILTER (WHERE p.events > 0) <= ${size.most} THEN 8 ELSE 7 END`;
  return `
  WITH counted AS (
    SELECT c.cell_id, ${feed} AS feed_id, ${block} AS block, ${category} AS category, ${keyedSumsSql(scope)}
    FROM ${wholePeriod ? 'place_cell_total' : 'place_cell_month'} c${joins}
    ${untilEndWhereSql(scope, { area: true })}
    GROUP BY ALL
  ),
  located AS (SELECT p.*, c.* EXCLUDE (cell_id) FROM counted c LEFT JOIN place_cell p USING (cell_id)),
  chosen AS (SELECT ${resolution} AS resolution FROM located p)
  SELECT * FROM (
  SELECT CASE r.resolution WHEN 9 THEN p.${cellColumns[9]} WHEN 8 THEN p.${cellColumns[8]} ELSE p.${cellColumns[7]} END AS cell, r.resolution, p.feed_id, p.block, p.category,
         sum(p.events) AS events, sum(p.key) AS key, sum(p.before) AS before, sum(p.before_key) AS before_key
  FROM located p, (SELECT any_value(resolution) AS resolution FROM chosen) r
  GROUP BY ALL
  ) WHERE events > 0
  ORDER BY cell NULLS LAST, feed_id, block, category`;
}
