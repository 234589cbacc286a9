// SQL that makes a large pseudonymised lake from arithmetic alone: no file is read, and the same size gives the same lake.
// Shapes that matter to the questions are there: heavy-tailed places and people, feeds of very different size, unknown hours and places.

export interface LakeSize {
  events: number;
  people: number;
  months: number;
  areas: number;
  /** Rows of the table hexagon. */
  cells: number;
}

/** A uniform number in [0, 1) from a row's number and a salt. */
const uniform = (salt: number, of = 'i') => `(hash(concat(${of}, '.', ${salt})) / 18446744073709551616.0)`;

/** feed, agency, kind, cumulative share of events, categories. */
const feeds: [string, string, string, number, string[]][] = [
  ['police-incident', 'police', 'incident', 0.16, ['burglary', 'violence-with-injury', 'violence-without-injury', 'shoplifting', 'asb-nuisance', 'asb-personal', 'concern-for-safety', 'missing-person', 'domestic-incident', 'suspicious-circumstances', 'abandoned-call', 'collision-damage', 'civil-dispute', 'alarm', 'public-order', 'drugs', 'robbery', 'vehicle-crime', 'criminal-damage-arson', 'police-generated']],
  ['police-uk-street', 'police', 'crime', 0.22, ['burglary', 'violence-and-sexual-offences', 'shoplifting', 'anti-social-behaviour', 'public-order', 'drugs', 'robbery', 'vehicle-crime', 'criminal-damage-arson', 'other-theft']],
  ['ambulance-call', 'ambulance', 'ambulance-call', 0.3, ['ambulance-fall', 'ambulance-assault', 'ambulance-breathing', 'ambulance-chest-pain', 'ambulance-mental-health', 'ambulance-other']],
  ['school-absence', 'education', 'absence', 0.93, ['absence-authorised', 'absence-unauthorised']],
  ['custody-episode', 'police', 'custody', 0.95, ['custody']],
  ['istv-assault', 'hospital', 'ed-assault', 0.955, ['ed-assault']],
  ['asb-complaint', 'council', 'asb-complaint', 0.97, ['complaint-noise', 'complaint-rubbish']],
  ['social-care-contact', 'social-care', 'social-care', 0.99, ['social-care-contact']],
  ['early-help-episode', 'early-help', 'early-help', 1, ['early-help']],
];

const quote = (words: readonly string[]) => words.map((word) => `'${word}'`).join(', ');

/** Needs a table `hexagon` (n, cell, area) of cells numbered from 0. */
export function lakeSql({ events, people, months, areas, cells }: LakeSize): string[] {
  const homes = Math.round(people / 2.4);
  const kind = (column: 0 | 1 | 2) => `CASE ${feeds.map((feed) => `WHEN f < ${feed[3]} THEN '${feed[column]}'`).join(' ')} END`;
  const category = `CASE ${feeds.map((feed) => `WHEN f < ${feed[3]} THEN list_extract([${quote(feed[4])}], 1 + floor(${feed[4].length} * pow(c, 1.5))::INTEGER)`).join(' ')} END`;
  return [
    `CREATE TABLE area AS SELECT 'E01' || lpad(i::VARCHAR, 6, '0') AS area_code, 'Area ' || i AS area_name, 'E05' || lpad((i // 5)::VARCHAR, 6, '0') AS ward_code, 'Ward ' || (i // 5) AS ward_name,
       'E06' || lpad((i // 250)::VARCHAR, 6, '0') AS authority_code, 'Authority ' || (i // 250) AS authority_name, (1200 + 600 * ${uniform(1)})::INTEGER AS population,
       5 + 60 * ${uniform(2)} AS deprivation_score, 1 + floor(10 * ${uniform(2)})::INTEGER AS deprivation_decile, 0.0 AS longitude, 52.0 AS latitude, NULL::VARCHAR AS geometry
     FROM range(${areas}) r(i)`,
    `CREATE TABLE place AS SELECT 'P' || i AS place_id, CASE WHEN i < ${homes} THEN 'address' ELSE 'street-point' END AS kind, NULL::VARCHAR AS name,
       'E01' || lpad(h.area::VARCHAR, 6, '0') AS area_code, h.cell, 0.0 AS longitude, 52.0 AS latitude, i
     FROM (SELECT i, (hash(concat(i, '.', 3)) % ${cells})::BIGINT AS n FROM range(${homes + 20_000}) r(i)) JOIN hexagon h USING (n)`,
    `CREATE TABLE person AS SELECT 'R' || r.i AS person_id, (1935 + 85 * ${uniform(4, 'r.i')})::SMALLINT AS birth_year, CASE WHEN hash(concat(r.i, '.', 5)) % 2 = 0 THEN 'F' ELSE 'M' END AS sex,
       'White' AS ethnicity, p.area_code, 'H' || (r.i % ${homes}) AS household_id, r.i
     FROM (SELECT i, i % ${homes} AS home FROM range(${people}) s(i)) r JOIN place p ON p.i = r.home`,
    `CREATE TABLE draft AS SELECT i, ${uniform(6)} AS f, ${uniform(7)} AS c, floor(${months} * ${uniform(8)})::INTEGER AS m, 1 + (hash(concat(i, '.', 9)) % 28)::INTEGER AS d,
       floor(24 * sqrt(${uniform(10)}))::INTEGER AS h, ${uniform(11)} AS u, ${uniform(12)} AS v FROM range(${events}) r(i)`,
    `CREATE TABLE event AS
     SELECT 'E' || e.i AS event_id, e.feed, e.agency, e.kind, e.category,
       CASE WHEN e.v < 0.08 AND e.feed = 'police-incident' THEN 'mental-health' WHEN e.v < 0.2 AND e.feed = 'police-incident' THEN 'vulnerability'
            WHEN e.category LIKE 'asb%' OR e.category LIKE 'anti%' OR e.category LIKE 'complaint%' THEN 'anti-social-behaviour'
            WHEN e.kind = 'crime' OR e.category IN ('burglary', 'violence-with-injury', 'violence-without-injury', 'shoplifting', 'robbery', 'drugs', 'vehicle-crime') THEN 'crime' ELSE 'welfare' END AS demand_type,
       []::VARCHAR[] AS flags, e.day::TIMESTAMP + to_hours(e.h) AS started_at, date_trunc('month', e.day)::DATE AS month,
       CASE WHEN e.feed <> 'police-uk-street' THEN isodow(e.day)::TINYINT END AS weekday, CASE WHEN e.feed NOT IN ('police-uk-street', 'school-absence') AND e.v < 0.93 THEN e.h::TINYINT END AS hour,
       e.day::TIMESTAMP AS reported_at, 'hour' AS time_precision, NULL::VARCHAR AS opening_code, NULL::VARCHAR AS closing_code,
       p.place_id, p.area_code, p.cell, p.longitude, p.latitude, NULL::VARCHAR AS grade,
       CASE WHEN e.feed IN ('police-incident', 'ambulance-call') THEN 20 + 200 * e.u * e.v END AS minutes, CASE WHEN e.category IN ('burglary', 'robbery') THEN 242.0 WHEN e.category LIKE 'violence%' THEN 200.0 END AS harm_days, NULL::VARCHAR AS outcome
     FROM (SELECT *, DATE '2021-01-01' + to_months(m) + to_days(d - 1) AS day, ${kind(0)} AS feed, ${kind(1)} AS agency, ${kind(2)} AS kind, ${category} AS category,
             CASE WHEN u < 0.04 THEN NULL ELSE CASE WHEN f BETWEEN 0.16 AND 0.22 THEN ${homes} + floor(20000 * pow(v, 2)) ELSE floor(${homes} * pow(v, 3)) END END::BIGINT AS place_number FROM draft) e
     LEFT JOIN place p ON p.i = e.place_number`,
    `CREATE TABLE involvement AS
     SELECT event_id, 'R' || floor(${people} * pow(${uniform(13, 'event_id')}, 3))::BIGINT AS person_id, 'victim' AS role, agency FROM event WHERE feed NOT IN ('police-uk-street', 'istv-assault', 'ambulance-call') AND hash(concat(event_id, '.', 14)) % 100 < 85
     UNION ALL SELECT event_id, 'R' || floor(${people} * pow(${uniform(15, 'event_id')}, 3))::BIGINT, 'suspect', agency FROM event WHERE feed = 'police-incident' AND hash(concat(event_id, '.', 16)) % 100 < 40`,
    'DROP TABLE draft; ALTER TABLE place DROP i; ALTER TABLE person DROP i;',
    `CREATE TABLE feed_quality AS SELECT feed, agency, 'weekly' AS cadence, 12 AS files, count(*)::INTEGER AS rows, count(*)::INTEGER AS accepted, 0 AS quarantined, 0 AS repeated, 0 AS superseded,
       min(started_at)::DATE AS first_date, max(started_at)::DATE AS last_date, TIMESTAMP '2026-01-02 09:00:00' AS last_loaded_at FROM event GROUP BY feed, agency`,
    `CREATE TABLE column_quality AS SELECT feed, 'c' || n AS column_name, 'Column ' || n AS label, (accepted * 0.9)::INTEGER AS filled, accepted AS rows FROM feed_quality, range(15) r(n)`,
    `CREATE TABLE quarantine_reason AS SELECT feed, 'c' || n AS column_name, 'Not in the list of codes' AS reason, 12 AS rows FROM feed_quality, range(4) r(n)`,
    `CREATE TABLE linkage_quality AS SELECT *, correct_pairs / true_pairs - 0.01 AS recall_low, correct_pairs / true_pairs + 0.01 AS recall_high, correct_pairs / found_pairs - 0.01 AS precision_low, correct_pairs / found_pairs + 0.01 AS precision_high,
       records // 50 AS unlinkable_records, people // 2 AS single_agency_people FROM (VALUES ('all', 'All', 2500000, ${people}, 3000000, 2900000, 2850000), ('sex', 'F', 1250000, ${people / 2}, 1500000, 1460000, 1430000), ('sex', 'M', 1250000, ${people / 2}, 1500000, 1440000, 1420000))
       AS t (group_kind, group_name, records, people, true_pairs, found_pairs, correct_pairs)`,
  ];
}

export const lakeTables = ['area', 'place', 'person', 'event', 'involvement', 'feed_quality', 'column_quality', 'quarantine_reason', 'linkage_quality'] as const;
