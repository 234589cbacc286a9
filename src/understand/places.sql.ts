// Counts by area and by hexagon for one layer, with each area's population and deprivation.

import type { Keyed } from './noisy-count.ts';
import type { Scope } from './scope.ts';
import { areaIdsSql, countedSql, keyedSumsSql } from './scope.sql.ts';

/** One area, feed and, where categories are chosen, category. */
export interface AreaRow extends Keyed {
  /** Null for events without an area. */
  area_code: string | null;
  area_name: string | null;
  /** False where the code is not one of the partnership's areas. */
  known: boolean | null;
  population: number | null;
  deprivation_score: number | null;
  deprivation_decile: number | null;
}

/** Chosen categories are counted one by one. */
const categorySql = (scope: Scope) => (scope.filters.category.length > 0 ? 's.category' : 'NULL');

/** Every area of the choice, those without events too; one row for events without an area unless areas were chosen. */
export function areaCountsSql(scope: Scope): string {
  const chosen = scope.filters.area.length > 0 ? `WHERE d.area_id IN (${areaIdsSql()})` : '';
  return `
  WITH counted AS (
    SELECT c.area_id, s.feed_id, b.block, ${categorySql(scope)} AS category, ${keyedSumsSql(scope)}
    ${countedSql(scope, 'demand_month', { area: true })}
    GROUP BY ALL
  )
  SELECT d.area_code, d.area_name, d.known, a.population, a.deprivation_score, a.deprivation_decile, coalesce(c.feed_id, 0) AS feed_id, coalesce(c.block, 0) AS block, c.category,
         coalesce(c.events, 0) AS events, coalesce(c.key, 0) AS key, coalesce(c.before, 0) AS before, coalesce(c.before_key, 0) AS before_key
  FROM (SELECT area_id, area_code, area_name, known FROM demand_area d ${chosen}) d
  FULL JOIN counted c USING (area_id)
  LEFT JOIN area a ON a.area_code = d.area_code
  WHERE d.known OR c.events > 0
  ORDER BY d.area_code NULLS LAST, feed_id, c.category`;
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
  const resolution = 'resolution' in size ? String(size.resolution) : `CASE WHEN count(DISTINCT p.cell) FILTER (WHERE p.events > 0) <= ${size.most} THEN 9 WHEN count(DISTINCT p.cell_8) FILTER (WHERE p.events > 0) <= ${size.most} THEN 8 ELSE 7 END`;
  return `
  WITH counted AS (
    SELECT c.cell_id, s.feed_id, b.block, ${categorySql(scope)} AS category, ${keyedSumsSql(scope)}
    ${countedSql(scope, wholePeriod ? 'place_cell_total' : 'place_cell_month', { area: true })}
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
