// The table area from the feeds that describe areas, and the small area (LSOA 2021) of each place.

import { id } from '../store/index.ts';
import type { AreaRule } from './contract.schema.ts';
import { valueSql, type ValueScope } from './value.sql.ts';

const fields = {
  area_code: 'VARCHAR',
  area_name: 'VARCHAR',
  ward_code: 'VARCHAR',
  ward_name: 'VARCHAR',
  authority_code: 'VARCHAR',
  authority_name: 'VARCHAR',
  population: 'INTEGER',
  deprivation_score: 'DOUBLE',
  deprivation_decile: 'INTEGER',
  geometry: 'VARCHAR',
} as const;

/** An empty area table, then one statement per feed of areas fills `area_given`. */
export const areaGivenSql = `CREATE OR REPLACE TEMP TABLE area_given (${Object.entries(fields).map(([name, type]) => `${name} ${type}`).join(', ')}, rank BIGINT)`;

export function areasSql(rule: AreaRule, rank: number, current: string, scope: ValueScope): string {
  const given = Object.entries(fields).map(([name, type]) => {
    const value = rule[name as keyof typeof fields];
    return `${value === undefined ? 'NULL' : `CAST(${valueSql(value, scope)} AS ${type})`} AS ${name}`;
  });
  return `INSERT INTO area_given SELECT ${given.join(', ')}, ${rank} FROM ${current} AS row`;
}

/** Each area once; each attribute from the first feed that gives it. */
export const areaMergedSql = `CREATE OR REPLACE TEMP TABLE area_merged AS SELECT area_code, ${Object.keys(fields)
  .filter((name) => name !== 'area_code')
  .map((name) => `arg_min(${name}, rank) AS ${name}`)
  .join(', ')} FROM area_given WHERE area_code IS NOT NULL GROUP BY area_code`;

export interface OtherFigure {
  name: string;
  /** Relation of current rows and the column of its area code. */
  current: string;
  code: string;
  type: string;
}

/** The table area: what all areas have, their centres, and the profile's other figures by name. */
export function areaTableSql(others: readonly OtherFigure[]): string {
  const byFeed = Map.groupBy(others, (figure) => figure.current);
  const joins = [...byFeed].map(([current, figures], i) => `LEFT JOIN (SELECT ${id(figures[0]!.code)} AS code, ${figures.map((figure) => (figure.type === 'DOUBLE' ? `try_cast(${id(figure.name)} AS DOUBLE) AS ${id(figure.name)}` : id(figure.name))).join(', ')} FROM ${current}) AS other_${i} ON other_${i}.code = merged.area_code`);
  const columns = [...byFeed].flatMap(([, figures], i) => figures.map((figure) => `other_${i}.${id(figure.name)}`));
  return `CREATE OR REPLACE TABLE area AS
SELECT merged.area_code, area_name, ward_code, ward_name, authority_code, authority_name, population, deprivation_score, deprivation_decile,
  centre.longitude, centre.latitude, geometry${columns.length > 0 ? `, ${columns.join(', ')}` : ''}
FROM area_merged AS merged LEFT JOIN area_centre AS centre ON centre.area_code = merged.area_code ${joins.join('\n')}`;
}

/** Whether every filled value of a text column is a number. */
export function allNumbersSql(current: string, names: readonly string[]): string {
  return `SELECT ${names.map((name) => `bool_and(${id(name)} IS NULL OR try_cast(${id(name)} AS DOUBLE) IS NOT NULL) AS ${id(name)}`).join(', ')} FROM ${current}`;
}

/**
 * Codes of places sorted by the area tables: current (an area of 2021), one (of 2011, and became one area of 2021),
 * several (became more than one), unknown.
 */
export function codeStateSql(lookup: string | undefined): string {
  const became = lookup ? `SELECT old_code, count(DISTINCT new_code) AS n, min(new_code) AS new_code FROM ${lookup} GROUP BY old_code` : 'SELECT NULL::VARCHAR AS old_code, 0 AS n, NULL::VARCHAR AS new_code WHERE false';
  const currentCodes = `SELECT area_code FROM area_merged ${lookup ? `UNION SELECT new_code FROM ${lookup}` : ''}`;
  return `CREATE OR REPLACE TEMP TABLE code_state AS
SELECT given.area_code, CASE WHEN now.area_code IS NOT NULL THEN 'current' WHEN became.n = 1 THEN 'one' WHEN became.n > 1 THEN 'several' ELSE 'unknown' END AS state, became.new_code
FROM (SELECT DISTINCT area_code FROM place WHERE area_code IS NOT NULL) AS given
LEFT JOIN (${currentCodes}) AS now ON now.area_code = given.area_code
LEFT JOIN (${became}) AS became ON became.old_code = given.area_code`;
}

export const renameCodesSql = `UPDATE place SET area_code = code_state.new_code FROM code_state WHERE place.area_code = code_state.area_code AND code_state.state = 'one'`;

/** Points to look up: places without a code, and those whose code of 2011 became several areas. */
export const pointsWithoutAreaSql = `SELECT DISTINCT place.longitude, place.latitude, CASE WHEN code_state.state = 'several' THEN place.area_code END AS old_code
FROM place LEFT JOIN code_state ON code_state.area_code = place.area_code
WHERE place.longitude IS NOT NULL AND place.latitude IS NOT NULL AND (place.area_code IS NULL OR code_state.state = 'several')`;

export const pointAreaSql = `CREATE OR REPLACE TEMP TABLE point_area (longitude DOUBLE, latitude DOUBLE, old_code VARCHAR, area_code VARCHAR, by_boundary BOOLEAN)`;

export const placeByPointSql = `UPDATE place SET area_code = point_area.area_code FROM point_area
WHERE place.longitude = point_area.longitude AND place.latitude = point_area.latitude AND place.area_code IS NOT DISTINCT FROM point_area.old_code`;

export function successorsSql(lookup: string): string {
  return `SELECT old_code, new_code FROM ${lookup} WHERE old_code IN (SELECT area_code FROM code_state WHERE state = 'several')`;
}

export function lookupSql(current: string, from: string, to: string): string {
  return `CREATE OR REPLACE TEMP TABLE area_lookup AS SELECT DISTINCT ${id(from)} AS old_code, ${id(to)} AS new_code FROM ${current}`;
}

export const centreTableSql = 'CREATE OR REPLACE TEMP TABLE area_centre (area_code VARCHAR, longitude DOUBLE, latitude DOUBLE)';

export const geometriesSql = 'SELECT area_code, geometry FROM area_merged WHERE geometry IS NOT NULL ORDER BY area_code';

