// The pseudonymised zone: the same people, events and places without names, addresses, free text or agencies' own ids.
// A pseudonym is the first 64 bits of SHA-256 over the home's key, the kind and the id: it cannot be turned back without the key, and what is
// cut off keeps the hash from being carried on by who has a pseudonym (chop-MD: Coron, Dodis, Malinaud and Puniya 2005).
// A point at an address moves to the centre of its 100 m square; published street points, premises and schools stay.

const keyVariable = 'pseudonym_key';

/** Gives the key to the engine as a variable ($key), so that no statement, plan or error text ever holds it. */
export const setKeySql = `SET VARIABLE ${keyVariable} = $key`;

/** SQL that gives the pseudonym of an expression, or NULL. `kind` keeps people, events and places apart. Needs the key to be set. */
export function pseudonymSql(expression: string, kind: string): string {
  return `substr(sha256(getvariable('${keyVariable}') || ':${kind}:' || ${expression}), 1, 16)`;
}

/** The same as a whole number of 64 bits, which sorts and joins faster: for events, which are many. */
export function pseudonymNumberSql(expression: string, kind: string): string {
  return `('0x' || ${pseudonymSql(expression, kind)})::UBIGINT`;
}

/** Pseudonyms of people: each is made once and then joined. */
export const personPseudonymSql = (): string => `CREATE OR REPLACE TABLE person_pseudonym AS SELECT person_key, person_id, ('0x' || person_id)::UBIGINT AS number FROM (SELECT person_key, ${pseudonymSql('person_key', 'person')} AS person_id FROM person)`;
/** An event's is worked out wherever it is written: that takes less than a join of as many texts. */
const eventPseudonymSql = (eventId: string): string => pseudonymNumberSql(eventId, 'event');

const metresPerDegree = 111_320;

/** SQL for the centre of the 100 m square that holds a point. Squares are 100 m by 100 m to within 1 % in one county. */
export function squareCentreSql(longitude: string, latitude: string): { longitude: string; latitude: string } {
  const latStep = 100 / metresPerDegree;
  const row = `floor(${latitude} / ${latStep})`;
  const centreLat = `((${row} + 0.5) * ${latStep})`;
  const lonStep = `(${100 / metresPerDegree} / cos(radians(${centreLat})))`;
  return {
    latitude: `round(${centreLat}, 6)`,
    longitude: `round((floor(${longitude} / ${lonStep}) + 0.5) * ${lonStep}, 6)`,
  };
}

export function pseudonymousPersonSql(): string {
  return `
    SELECT s.person_id,
           year(p.birth_date)::SMALLINT AS birth_year, p.sex, p.ethnicity, p.area_code,
           ${pseudonymSql('h.household_key', 'household')} AS household_id
    FROM person p JOIN person_pseudonym s USING (person_key) LEFT JOIN household h USING (person_key)
    ORDER BY person_id`;
}

/**
 * Who took part in which event, in the order of the pseudonyms. An event that no file holds keeps its pseudonym. A person's stays a number until the
 * rows are in order: that is its order as a text too.
 */
export function pseudonymousInvolvementSql(): string {
  return `
    SELECT event_id, format('{:016x}', person) AS person_id, role, agency FROM (
      SELECT DISTINCT ${eventPseudonymSql('m.event_id')} AS event_id, p.number AS person, m.role, m.agency
      FROM linked_mention m JOIN person_pseudonym p USING (person_key)
      WHERE m.event_id IS NOT NULL
      ORDER BY 1, 2, 3, 4)`;
}

/**
 * The table open_place: every place by its own id, with its pseudonym and what may be said of it. Made once, for places and for the events that were there.
 * @param pseudonym an expression over the column place_id
 */
export function openPlaceSql(pseudonym = pseudonymSql('place_id', 'place')): string {
  const square = squareCentreSql('longitude', 'latitude');
  const open = `kind IN ('street-point', 'premises', 'school', 'area')`;
  return `
    CREATE OR REPLACE TABLE open_place AS
    SELECT place_id, ${pseudonym} AS pseudonym, kind, CASE WHEN ${open} THEN name END AS name, area_code, cell,
           CASE WHEN ${open} THEN longitude ELSE ${square.longitude} END AS longitude,
           CASE WHEN ${open} THEN latitude ELSE ${square.latitude} END AS latitude
    FROM located_place`;
}

export const pseudonymousPlaceSql = (): string => 'SELECT pseudonym AS place_id, kind, name, area_code, cell, longitude, latitude FROM open_place ORDER BY pseudonym';

/** Events of a feed that must share an outcome's words before they leave the identified zone: rarer words may be free text about one person. */
export const leastEventsOfOutcome = 10;

export const commonOutcomeSql = `
  CREATE OR REPLACE TABLE common_outcome AS
  SELECT feed, outcome FROM event WHERE outcome IS NOT NULL GROUP BY ALL HAVING count(*) >= ${leastEventsOfOutcome};`;

/**
 * Events with demand type, harm, month, weekday and hour. Needs the tables event, open_place, classification and common_outcome.
 * @param pseudonym an expression over the event `e`
 */
export function pseudonymousEventSql(demandSql: string, pseudonym = eventPseudonymSql('e.event_id')): string {
  const at = 'coalesce(e.started_at, e.reported_at)';
  return `
    SELECT ${pseudonym} AS event_id, e.feed, e.agency, e.kind, e.category,
           ${demandSql} AS demand_type, e.flags, e.started_at,
           date_trunc('month', ${at})::DATE AS month,
           CASE WHEN e.time_precision IN ('minute', 'hour', 'day', 'window') THEN isodow(${at})::TINYINT END AS weekday,
           CASE WHEN e.time_precision IN ('minute', 'hour') THEN hour(${at})::TINYINT END AS hour,
           e.reported_at, e.time_precision, e.opening_code, e.closing_code,
           p.pseudonym AS place_id, p.area_code, p.cell, p.longitude, p.latitude,
           e.grade, e.minutes, c.harm_days, o.outcome
    FROM event e
    LEFT JOIN open_place p USING (place_id)
    LEFT JOIN classification c ON c.category = e.category
    LEFT JOIN common_outcome o ON o.feed = e.feed AND o.outcome = e.outcome
    ORDER BY month, event_id`;
}
