// Small tables that a build makes once from the pseudonymised zone, so that a page answers from counts and not from events.
// Dictionaries turn words into small integers; facts hold counts by series (feed, category, demand), area, month, hour or hexagon.
// A month is its number, year * 12 + month - 1. Each fact may be NULL in area, month, hour or cell: that is counted, never dropped.
// `key` is the sum of the events' record keys (see govern, cell keys): the key of any union of rows is the sum of theirs.
// Sums of minutes are rounded, since their last digits hang on the order in which threads add them.

import type { DerivedTable } from '../core/index.ts';

/** The number of a month, for a DATE expression. */
export function monthNumberSql(date: string): string {
  return `(year(${date}) * 12 + month(${date}) - 1)::SMALLINT`;
}

/** The key of a record from its pseudonym, which no page shows: a number below 65,536. */
export function recordKeySql(pseudonym: string): string {
  return `(hash(${pseudonym}) & 65535)`;
}

/** The key of a set of records, or of sets of records. */
export function sumOfKeysSql(keys: string): string {
  return `(sum(${keys}) & 65535)::USMALLINT AS key`;
}

const sameSeries = `s.feed = e.feed AND s.agency IS NOT DISTINCT FROM e.agency AND s.kind IS NOT DISTINCT FROM e.kind
      AND s.category IS NOT DISTINCT FROM e.category AND s.demand_type IS NOT DISTINCT FROM e.demand_type`;

/** A series has a weight of harm where all its events have the same. */
const series: DerivedTable = {
  name: 'demand_series',
  of: 'events',
  sql: `
    SELECT row_number() OVER (ORDER BY feed, agency, kind, category, demand_type)::SMALLINT AS series_id, dense_rank() OVER (ORDER BY feed, agency)::SMALLINT AS feed_id,
           dense_rank() OVER (ORDER BY category)::SMALLINT AS category_id, dense_rank() OVER (ORDER BY demand_type)::SMALLINT AS demand_id, *
    FROM (
      SELECT feed, agency, kind, category, demand_type, count(*) AS events, min(month) AS first_month, max(month) AS last_month, count(harm_days) AS weighed,
             CASE WHEN count(harm_days) = count(*) AND min(harm_days) = max(harm_days) THEN min(harm_days) END::DOUBLE AS weight
      FROM event GROUP BY ALL
    )
    ORDER BY series_id`,
};

/** Areas of events, places and the profile. People's are among these: where someone lives is the area of most places of their postcode. */
const areas: DerivedTable = {
  name: 'demand_area',
  of: 'events',
  sql: `
    SELECT row_number() OVER (ORDER BY area_code)::INTEGER AS area_id, area_code, a.area_name, a.ward_code, a.authority_code, a.area_code IS NOT NULL AS known
    FROM (
      SELECT area_code FROM event UNION SELECT area_code FROM place UNION SELECT area_code FROM area
    ) LEFT JOIN area a USING (area_code)
    WHERE area_code IS NOT NULL
    ORDER BY area_id`,
};

/** Each event by the numbers of its series, area and hexagon: words are compared once, and every count after reads numbers alone. */
const events: DerivedTable = {
  name: 'demand_event',
  of: 'events',
  passing: true,
  sql: `
    SELECT e.event_id, s.series_id, a.area_id, c.cell_id, ${monthNumberSql('e.month')} AS month_id,
           CASE WHEN e.hour IS NOT NULL AND e.weekday IS NOT NULL THEN (e.weekday::SMALLINT - 1) * 24 + e.hour END::UTINYINT AS hour_of_week,
           e.minutes, e.place_id, ${recordKeySql('e.event_id')}::USMALLINT AS key
    FROM event e
    JOIN demand_series s ON ${sameSeries}
    LEFT JOIN demand_area a ON a.area_code = e.area_code
    LEFT JOIN place_cell c ON c.cell = e.cell`,
};

const months: DerivedTable = {
  name: 'demand_month',
  of: 'events',
  sql: `
    SELECT series_id, area_id, month_id, count(*)::INTEGER AS events, ${sumOfKeysSql('key')},
           count(minutes)::INTEGER AS timed, coalesce(round(sum(minutes), 4), 0)::DOUBLE AS minutes, coalesce(max(minutes), 0)::FLOAT AS longest
    FROM demand_event
    GROUP BY series_id, area_id, month_id
    ORDER BY series_id, area_id, month_id`,
};

/** By area, hour of the week (0 Monday midnight … 167), sorted by area so that a choice of areas reads little. */
const areaHours: DerivedTable = {
  name: 'demand_area_hour',
  of: 'events',
  sql: `
    SELECT area_id, series_id, month_id, hour_of_week, count(*)::INTEGER AS events, ${sumOfKeysSql('key')},
           count(minutes)::INTEGER AS timed, coalesce(round(sum(minutes), 4), 0)::FLOAT AS minutes, coalesce(max(minutes), 0)::FLOAT AS longest
    FROM demand_event
    GROUP BY area_id, series_id, month_id, hour_of_week
    ORDER BY area_id, series_id, month_id, hour_of_week`,
};

const hours: DerivedTable = {
  name: 'demand_hour',
  of: 'events',
  sql: `
    SELECT series_id, month_id, hour_of_week, sum(events)::INTEGER AS events, ${sumOfKeysSql('key')},
           sum(timed)::INTEGER AS timed, sum(minutes)::DOUBLE AS minutes, max(longest) AS longest
    FROM demand_area_hour
    GROUP BY series_id, month_id, hour_of_week
    ORDER BY series_id, month_id, hour_of_week`,
};

/**
 * The larger H3 hexagon that holds one of resolution 9. H3 keeps the resolution in bits 52 to 55 and a digit of three bits for each
 * finer level, all ones where unused (https://h3geo.org/docs/core-library/h3Indexing).
 */
export function parentCellSql(cell: string, resolution: number): string {
  const unused = Array.from({ length: 9 - resolution }, (_, step) => 7n << BigInt(3 * (14 - resolution - step))).reduce((sum, bits) => sum | bits, 0n);
  const withoutResolution = ~(15n << 52n) & 0xffff_ffff_ffff_ffffn;
  return `lower(to_hex((('0x' || ${cell})::UBIGINT & ${withoutResolution}::UBIGINT) | ${(BigInt(resolution) << 52n) | unused}::UBIGINT))`;
}

const cells: DerivedTable = {
  name: 'place_cell',
  of: 'events',
  sql: `
    SELECT row_number() OVER (ORDER BY cell)::INTEGER AS cell_id, cell, ${parentCellSql('cell', 8)} AS cell_8, ${parentCellSql('cell', 7)} AS cell_7
    FROM (SELECT DISTINCT cell FROM event WHERE cell IS NOT NULL)
    ORDER BY cell_id`,
};

/** Sorted by month and series so that a choice of period or layer reads little. */
const cellMonths: DerivedTable = {
  name: 'place_cell_month',
  of: 'events',
  sql: `
    SELECT month_id, series_id, cell_id, area_id, count(*)::INTEGER AS events, ${sumOfKeysSql('key')}
    FROM demand_event
    GROUP BY month_id, series_id, cell_id, area_id
    ORDER BY month_id, series_id, cell_id, area_id`,
};

const cellTotals: DerivedTable = {
  name: 'place_cell_total',
  of: 'events',
  sql: `
    SELECT series_id, cell_id, area_id, sum(events)::INTEGER AS events, ${sumOfKeysSql('key')}
    FROM place_cell_month
    GROUP BY series_id, cell_id, area_id
    ORDER BY series_id, cell_id, area_id`,
};

/** In the order in which they are made: a later table may read an earlier one. */
export const demandCubes: readonly DerivedTable[] = [series, areas, cells, events, months, areaHours, hours, cellMonths, cellTotals];
