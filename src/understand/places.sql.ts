// Counts by area and by hexagon for one layer, with each area's population and deprivation.

import type { Scope } from './scope.ts';
import { areaIdsSql, scopeWhereSql } from './scope.sql.ts';

export interface AreaRow {
  /** Null for events without an area. */
  area_code: string | null;
  area_name: string | null;
  /** False where the code is not one of the partnership's areas. */
  known: boolean | null;
  population: number | null;
  deprivation_score: number | null;
  deprivation_decile: number | null;
  events: number;
}

/** Every area of the choice, those without events too; one row for events without an area unless areas were chosen. */
export function areaCountsSql(scope: Scope): string {
  const chosen = scope.filters.area.length > 0 ? `WHERE d.area_id IN (${areaIdsSql()})` : '';
  return `
  WITH counted AS (
    SELECT c.area_id, sum(c.events)::DOUBLE AS events
    FROM demand_month c
    ${scopeWhereSql(scope, { area: true })}
    GROUP BY c.area_id
  )
  SELECT d.area_code, d.area_name, d.known, a.population, a.deprivation_score, a.deprivation_decile, coalesce(c.events, 0) AS events
  FROM (SELECT area_id, area_code, area_name, known FROM demand_area d ${chosen}) d
  FULL JOIN counted c USING (area_id)
  LEFT JOIN area a ON a.area_code = d.area_code
  WHERE d.known OR c.events > 0
  ORDER BY d.area_code NULLS LAST`;
}

export interface CellRow {
  cell: string | null;
  events: number;
}

/** H3 holds the resolution in bits 52 to 55 and a digit of 3 bits for each finer level, all ones where unused. */
export function parentCellSql(cell: string, resolution: number, from = 9): string {
  if (resolution >= from) return cell;
  const unused = Array.from({ length: from - resolution }, (_, step) => 7n << BigInt(3 * (15 - resolution - 1 - step))).reduce((sum, bits) => sum | bits, 0n);
  const mask = ~(15n << 52n) & 0xffff_ffff_ffff_ffffn;
  return `lower(to_hex((('0x' || ${cell})::UBIGINT & ${mask}::UBIGINT) | ${(BigInt(resolution) << 52n) | unused}::UBIGINT))`;
}

/** One row per hexagon with events, and one for events without a point. Without a period, the table of totals is read. */
export function cellCountsSql(scope: Scope, resolution: number): string {
  const wholePeriod = scope.from === null && scope.to === null;
  return `
  WITH counted AS (
    SELECT c.cell_id, sum(c.events)::DOUBLE AS events
    FROM ${wholePeriod ? 'place_cell_total' : 'place_cell_month'} c
    ${scopeWhereSql(scope, { area: true })}
    GROUP BY c.cell_id
  )
  SELECT ${parentCellSql('p.cell', resolution)} AS cell, sum(c.events)::DOUBLE AS events
  FROM counted c LEFT JOIN place_cell p USING (cell_id)
  GROUP BY 1
  ORDER BY 1 NULLS LAST`;
}
