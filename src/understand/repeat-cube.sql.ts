// Tables that a build makes once for repeat demand: how many events each person, household and address has, by feed, by month, and by
// series. They are sorted by unit, so that grouping a million units touches few at a time. A unit is a number in the order of its area;
// a person's and a household's area is where they live, an address's where it stands. `key` is its record key.

import type { DerivedTable } from '../core/index.ts';
import { recordKeySql } from './demand-cube.sql.ts';

/** Kinds of place that are one address; a street point stands for many. */
const addressKinds = `('address', 'premises', 'school')`;

const unitsSql = (source: string) => `
    SELECT row_number() OVER (ORDER BY a.area_id NULLS LAST, u.unit_key)::INTEGER AS unit, u.unit_key, a.area_id, ${recordKeySql('u.unit_key')}::USMALLINT AS key
    FROM (${source}) u LEFT JOIN demand_area a USING (area_code)
    ORDER BY unit`;

const households = `
      SELECT household_id AS unit_key, min(area_code) AS area_code FROM person WHERE household_id IS NOT NULL GROUP BY household_id`;

/** Events by unit: whom an event involves is looked up once as a number, and everything after works on numbers. `members` gives each person's unit. */
const factSql = (units: string, members: string) => `
    SELECT c.series_id, c.unit, c.month_id, u.area_id, c.events
    FROM (
      SELECT e.series_id, i.unit, e.month_id, count(*)::INTEGER AS events
      FROM (SELECT DISTINCT i.event_id, m.unit FROM involvement i JOIN (${members}) m USING (person_id)) i
      JOIN demand_event e USING (event_id)
      GROUP BY e.series_id, i.unit, e.month_id
    ) c JOIN ${units} u USING (unit)
    ORDER BY c.series_id, c.unit, c.month_id`;

/** An event has one place, so nothing needs to be joined to find its address. */
const addressFactSql = `
    SELECT e.series_id, u.unit, e.month_id, u.area_id, count(*)::INTEGER AS events
    FROM demand_event e
    JOIN repeat_address_unit u ON u.unit_key = e.place_id
    GROUP BY e.series_id, u.unit, e.month_id, u.area_id
    ORDER BY e.series_id, u.unit, e.month_id`;

/** The same for a feed as a whole, where no category is chosen. */
const monthSql = (facts: string) => `
    SELECT s.feed_id, c.unit, c.month_id, c.area_id, sum(c.events)::INTEGER AS events
    FROM ${facts} c JOIN demand_series s USING (series_id)
    GROUP BY s.feed_id, c.unit, c.month_id, c.area_id
    ORDER BY s.feed_id, c.unit, c.month_id`;

const feedSql = (months: string) => `
    SELECT feed_id, unit, area_id, sum(events)::INTEGER AS events
    FROM ${months} GROUP BY feed_id, unit, area_id ORDER BY feed_id, unit`;

const unitOfPerson = `SELECT unit_key AS person_id, unit FROM repeat_person_unit`;
const householdOfPerson = `SELECT p.person_id, u.unit FROM person p JOIN repeat_household_unit u ON u.unit_key = p.household_id`;

const eventsHavingSql = (kind: string, ids: string) => `
      SELECT '${kind}' AS unit_kind, series_id, month_id, count(*)::INTEGER AS events
      FROM demand_event
      WHERE event_id IN (${ids})
      GROUP BY series_id, month_id`;

/** How many events have at least one known unit, to say how many have none. An event has one place. */
const reachSql = `
    SELECT * FROM (${eventsHavingSql('person', 'SELECT event_id FROM involvement')}
      UNION ALL ${eventsHavingSql('household', 'SELECT i.event_id FROM involvement i JOIN person p USING (person_id) WHERE p.household_id IS NOT NULL')}
      UNION ALL SELECT 'address', series_id, month_id, sum(events)::INTEGER FROM repeat_address GROUP BY series_id, month_id
    )
    ORDER BY unit_kind, series_id, month_id`;

const kinds = [
  { kind: 'address', of: 'events', units: `SELECT place_id AS unit_key, area_code FROM place WHERE kind IN ${addressKinds}`, facts: addressFactSql },
  { kind: 'person', of: 'people', units: 'SELECT person_id AS unit_key, area_code FROM person', facts: factSql('repeat_person_unit', unitOfPerson) },
  { kind: 'household', of: 'people', units: households, facts: factSql('repeat_household_unit', householdOfPerson) },
] as const;

/** In the order in which they are made, after the demand cubes. */
export const repeatCubes: readonly DerivedTable[] = [
  ...kinds.flatMap(({ kind, of, units, facts }): DerivedTable[] => [
    { name: `repeat_${kind}_unit`, of, sql: unitsSql(units) },
    { name: `repeat_${kind}`, of, sql: facts },
    { name: `repeat_${kind}_month`, of, sql: monthSql(`repeat_${kind}`) },
    { name: `repeat_${kind}_feed`, of, sql: feedSql(`repeat_${kind}_month`) },
  ]),
  { name: 'repeat_reach', of: 'people', sql: reachSql },
];
