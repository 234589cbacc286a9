// Tables that a build makes once for repeat demand: how many events each person, household and address has, by series and month, and
// the months of each one's events by feed, so that a page counts a list instead of grouping a million units. A unit is a number in the order of its area; a person's and a household's area is where they live, an address's where it stands.

import type { DerivedTable } from '../core/index.ts';
import { monthNumberSql } from './demand-cube.sql.ts';

const sameSeries = `s.feed = e.feed AND s.agency IS NOT DISTINCT FROM e.agency AND s.kind IS NOT DISTINCT FROM e.kind
      AND s.category IS NOT DISTINCT FROM e.category AND s.demand_type IS NOT DISTINCT FROM e.demand_type`;

/** Kinds of place that are one address; a street point stands for many. */
const addressKinds = `('address', 'premises', 'school')`;

const unitsSql = (source: string) => `
    SELECT row_number() OVER (ORDER BY a.area_id NULLS LAST, u.unit_key)::INTEGER AS unit, u.unit_key, a.area_id
    FROM (${source}) u LEFT JOIN demand_area a USING (area_code)
    ORDER BY unit`;

const households = `
      SELECT household_id AS unit_key, min(area_code) AS area_code FROM person WHERE household_id IS NOT NULL GROUP BY household_id`;

const factSql = (units: string, pairs: string) => `
    SELECT s.series_id, ${monthNumberSql('e.month')} AS month_id, u.unit, u.area_id, count(*)::INTEGER AS events
    FROM (${pairs}) i
    JOIN event e USING (event_id)
    JOIN ${units} u USING (unit_key)
    JOIN demand_series s ON ${sameSeries}
    GROUP BY s.series_id, month_id, u.unit, u.area_id
    ORDER BY s.series_id, month_id, u.unit`;

/** One row per feed and unit: the month of each event, in order, and their number. */
const feedSql = (facts: string) => `
    SELECT s.feed_id, c.unit, any_value(c.area_id) AS area_id, sum(c.events)::INTEGER AS events,
           flatten(list(list_transform(range(c.events), lambda x: c.month_id) ORDER BY c.month_id)) AS months
    FROM ${facts} c JOIN demand_series s USING (series_id)
    GROUP BY s.feed_id, c.unit
    ORDER BY s.feed_id, c.unit`;

const personPairs = `SELECT DISTINCT event_id, person_id AS unit_key FROM involvement`;
const householdPairs = `SELECT DISTINCT i.event_id, p.household_id AS unit_key FROM involvement i JOIN person p USING (person_id) WHERE p.household_id IS NOT NULL`;
const addressPairs = `SELECT event_id, place_id AS unit_key FROM event WHERE place_id IS NOT NULL`;

/** How many events have at least one known unit, to say how many have none. */
const reachSql = `
    SELECT unit_kind, s.series_id, ${monthNumberSql('e.month')} AS month_id, count(*)::INTEGER AS events
    FROM (
      SELECT DISTINCT 'person' AS unit_kind, event_id FROM involvement
      UNION ALL SELECT DISTINCT 'household', event_id FROM (${householdPairs})
      UNION ALL SELECT 'address', event_id FROM (${addressPairs}) JOIN repeat_address_unit USING (unit_key)
    ) JOIN event e USING (event_id)
    JOIN demand_series s ON ${sameSeries}
    GROUP BY unit_kind, s.series_id, month_id
    ORDER BY unit_kind, s.series_id, month_id`;

/** In the order in which they are made, after the demand cubes. */
export const repeatCubes: readonly DerivedTable[] = [
  { name: 'repeat_person_unit', sql: unitsSql('SELECT person_id AS unit_key, area_code FROM person') },
  { name: 'repeat_household_unit', sql: unitsSql(households) },
  { name: 'repeat_address_unit', sql: unitsSql(`SELECT place_id AS unit_key, area_code FROM place WHERE kind IN ${addressKinds}`) },
  { name: 'repeat_person', sql: factSql('repeat_person_unit', personPairs) },
  { name: 'repeat_household', sql: factSql('repeat_household_unit', householdPairs) },
  { name: 'repeat_address', sql: factSql('repeat_address_unit', addressPairs) },
  { name: 'repeat_reach', sql: reachSql },
  { name: 'repeat_person_feed', sql: feedSql('repeat_person') },
  { name: 'repeat_household_feed', sql: feedSql('repeat_household') },
  { name: 'repeat_address_feed', sql: feedSql('repeat_address') },
];
