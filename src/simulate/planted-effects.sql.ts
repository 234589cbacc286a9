// What an outsider would find of each thing planted, from the files of a county of 36 months: a plain contrast each, as one statement, beside the truth.
// Contrasts are crude on purpose (no model): they show that the effect is there, not how best to estimate it.

const months = "(SELECT strftime(first::DATE + to_months(month::INT), '%Y-%m') AS name, month FROM base, range(36) AS r(month))";
const incidentMonths = `(SELECT i.*, m.month FROM incident i JOIN ${months} m ON m.name = left(i.reported_at, 7))`;
const metres = (a: string, b: string) => `sqrt(pow((${a}.longitude::DOUBLE - ${b}.longitude::DOUBLE) * 111320 * cos(radians(${a}.latitude::DOUBLE)), 2) + pow((${a}.latitude::DOUBLE - ${b}.latitude::DOUBLE) * 111320, 2))`;
const inStreet = `(SELECT *, try_cast(reported_at AS TIMESTAMP)::DATE AS day FROM ${incidentMonths} WHERE uprn IS NULL AND premises_ref IS NULL AND longitude IS NOT NULL AND coalesce(outcome, '') <> 'Directed patrol')`;
const atSpots = (kind: string) => `(SELECT i.month, h.name FROM truth_hot_spot h JOIN ${inStreet} i ON ${metres('i', 'h')} < 60 WHERE h.kind = '${kind}')`;
const calls = "(SELECT DISTINCT person, incident_ref, try_cast(recorded_on AS DATE) AS day FROM police_involvement JOIN truth_identity ON agency = 'police' AND local_id = nominal_ref WHERE role IN ('caller', 'victim', 'subject', 'missing-person'))";
const yearly = (codes: string, year: number) => `count(*) FILTER (opening_code IN (${codes}) AND month >= ${year * 12} AND month < ${year * 12 + 12})`;
const oddsRatio = (a: string, b: string) => `SELECT (count(*) FILTER (${a} AND ${b}) * count(*) FILTER (NOT ${a} AND NOT ${b})) / (count(*) FILTER (${a} AND NOT ${b}) * count(*) FILTER (NOT ${a} AND ${b})) FROM
  (SELECT police = 'true' AS police, emergency_department = 'true' AS hospital, ambulance = 'true' AS ambulance FROM truth_hidden_violence WHERE outbreak = 'false')`;
const callsOf = (plan: boolean) => `SELECT count(*) FILTER (c.day >= s.start AND c.day < s.start + 365) / 12 / (count(*) FILTER (c.day < s.start AND c.day >= (s.start - INTERVAL 18 MONTH)) / 18) - 1
  FROM truth_programme_e e JOIN ${calls} c USING (person), (SELECT max(started_on::DATE) AS start FROM truth_programme_e) s WHERE e.plan = '${String(plan)}'`;
const talks = (from: number, to: number) => `(SELECT count(*) / (${to} - ${from} + 1) FROM ${incidentMonths} WHERE month BETWEEN ${from} AND ${to} AND opening_code IN ('criminal-damage-arson', 'public-order')
  AND lsoa IN (SELECT unnest("programmeD"."areaCodes") FROM truth_planted))`;

/** By what was planted: what is counted, what it should be near, and the statement. */
export const plantedSql: { what: string; truth: string; sql: string }[] = [
  { what: 'Lasting hot spots: incidents in the street within 60 m, against a mean street point', truth: '14 times the mean weight', sql: `SELECT (SELECT count(*) FROM ${atSpots('persistent')}) / 3 / ((SELECT count(*) FROM ${inStreet}) / (SELECT count(DISTINCT ("Longitude", "Latitude")) FROM police_uk_street WHERE "Longitude" IS NOT NULL))` },
  { what: 'Fading hot spot: last year against the first', truth: 'towards an ordinary point', sql: `SELECT count(*) FILTER (month >= 24) / count(*) FILTER (month < 12) FROM ${atSpots('fading')}` },
  { what: 'Burglaries set off by others: furthest, in metres', truth: '200 at most', sql: 'SELECT max(metres::DOUBLE) FROM truth_near_repeat' },
  { what: 'Burglaries set off by others: latest, in days', truth: '14 at most', sql: 'SELECT max(days::DOUBLE) FROM truth_near_repeat' },
  { what: 'Change of recording: anti-social behaviour, third year against the first', truth: '0.70', sql: `SELECT count(*) FILTER (m.month >= 24) / count(*) FILTER (m.month < 12) FROM police_uk_street s JOIN ${months} m ON m.name = s."Month" WHERE "Crime type" = 'Anti-social behaviour'` },
  { what: 'Knife injuries of the outbreak', truth: '26.4 expected in 11 weeks', sql: "SELECT count(*) FROM truth_hidden_violence WHERE outbreak = 'true'" },
  { what: 'Trend of shoplifting: third year against the first', truth: '1.17', sql: `SELECT ${yearly("'shoplifting'", 2)} / ${yearly("'shoplifting'", 0)} FROM ${incidentMonths}` },
  { what: 'Trend of burglary: third year against the first', truth: '0.90', sql: `SELECT ${yearly("'burglary'", 2)} / ${yearly("'burglary'", 0)} FROM ${incidentMonths}` },
  { what: 'Ambulance and emergency department lists: odds ratio', truth: '17, from chances of 0.5 and 0.056', sql: oddsRatio('ambulance', 'hospital') },
  { what: 'Police and emergency department lists: odds ratio', truth: '1', sql: oddsRatio('police', 'hospital') },
  { what: 'Programme A: suspensions of treated schools, last year against the first ten months, over those of other schools', truth: '0.82', sql: `WITH n AS (SELECT a.started_on IS NOT NULL AS treated, count(*) FILTER (m.month < 10) AS before, count(*) FILTER (m.month >= 24) AS after FROM school_suspension s JOIN truth_programme_a a USING (urn) JOIN ${months} m ON m.name = left(s.started_on, 7) WHERE kind = 'suspension' GROUP BY 1)
      SELECT (SELECT after / before FROM n WHERE treated) / (SELECT after / before FROM n WHERE NOT treated)` },
  { what: 'Programme B: contacts as a suspect in the year after, of those who joined over those eligible who did not', truth: '0.75', sql: `SELECT avg(n) FILTER (joined = 'true') / avg(n) FILTER (joined = 'false') FROM (SELECT b.custody_ref, any_value(b.joined) AS joined, count(m.incident_ref) AS n FROM truth_programme_b b
      LEFT JOIN (SELECT person, incident_ref, try_cast(recorded_on AS DATE) AS day FROM police_involvement JOIN truth_identity ON agency = 'police' AND local_id = nominal_ref WHERE role = 'suspect') m ON m.person = b.person AND m.day > b.arrested_on::DATE AND m.day <= b.arrested_on::DATE + 365
      WHERE b.eligible = 'true' AND b.arrested_on::DATE + 365 <= (SELECT last_day((last || '-01')::DATE) FROM base) GROUP BY 1)` },
  { what: 'Programme C: incidents in the street in patrol weeks over other weeks', truth: '0.88', sql: `SELECT avg(n) FILTER (patrol = 'true') / avg(n) FILTER (patrol = 'false') FROM (SELECT c.spot, c.week, any_value(c.patrol) AS patrol, count(i.day) AS n FROM truth_programme_c c
      LEFT JOIN ${inStreet} i ON i.day >= c.week::DATE AND i.day < c.week::DATE + 7 AND ${metres('i', 'c')} < 110 GROUP BY 1, 2)` },
  { what: 'Programme D: damage and disorder in the peak before the talks, against the same months a year before', truth: '1.60', sql: `SELECT ${talks(13, 15)} / ${talks(1, 3)}` },
  { what: 'Programme D: the year after the talks, against the first year', truth: '1.00: no effect', sql: `SELECT ${talks(16, 27)} / ${talks(0, 11)}` },
  { what: 'Programme E: calls of people with a plan, year after against 18 months before', truth: 'about −0.26', sql: callsOf(true) },
  { what: 'Programme E: the same without a plan', truth: 'regression to the mean: about half of that', sql: callsOf(false) },
  { what: 'Mistakes planted in rows', truth: 'about 278 over all feeds', sql: 'SELECT count(*) FROM truth_data_error' },
  { what: 'Ambulance calls that come twice', truth: 'one month', sql: 'SELECT count(*) - count(DISTINCT call_ref) FROM ambulance_call' },
  { what: 'Longest stretch without complaints to the council, in days', truth: '42, and the days around it', sql: "SELECT max(gap) FROM (SELECT date_diff('day', lag(day) OVER (ORDER BY day), day) - 1 AS gap FROM (SELECT DISTINCT try_cast(received_at AS TIMESTAMP)::DATE AS day FROM asb_complaint) WHERE day IS NOT NULL)" },
];
