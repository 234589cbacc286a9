// The shapes of a simulated county, each as one statement: who comes back, when things happen, who shares risk, and how records go wrong. Beside the
// rates of county-figures.sql.ts, over the same views.

const flagged = (flag: string, incident = 'incident') => `contains(';' || coalesce(${incident}.qualifiers, '') || ';', ';${flag};')`;
const nominals = "police_involvement JOIN truth_identity ON agency = 'police' AND local_id = nominal_ref";
const welfare = ['concern-for-safety', 'missing-person', 'domestic-incident', 'collapse-illness-injury', 'sudden-death', 'suspicious-circumstances', 'abandoned-call', 'hoax-call', 'civil-dispute', 'alarm', 'absconder', 'insecure-premises', 'lost-found', 'animals', 'wanted-person'];
const suspects = `(SELECT DISTINCT person FROM ${nominals} WHERE role = 'suspect')`;
/** Share of all that the top part of the counts `n` of a table hold. */
const topShare = (part: number, counts: string) => `SELECT sum(n) FILTER (place <= greatest(1, ${part} * units)) / sum(n) FROM (SELECT n, row_number() OVER (ORDER BY n DESC) AS place, count(*) OVER () AS units FROM (${counts}))`;
/** Ratio of the mean count on days that are so, to the mean on days that are not; `days` has `day` and `is_so`, events have `day`. */
const dayRatio = (days: string, events: string) => `SELECT avg(n) FILTER (is_so) / avg(n) FILTER (NOT is_so) FROM
  (SELECT d.day, any_value(d.is_so) AS is_so, count(e.day) AS n FROM (${days}) d LEFT JOIN (${events}) e USING (day) GROUP BY d.day)`;
const everyDay = `SELECT unnest(generate_series(first::DATE, last_day((last || '-01')::DATE), INTERVAL 1 DAY))::DATE AS day FROM base`;
const nuisance = "SELECT try_cast(reported_at AS TIMESTAMP)::DATE AS day FROM incident WHERE opening_code LIKE 'asb-%'";
const nightViolence = "SELECT (started_at::TIMESTAMP - INTERVAL 6 HOUR)::DATE AS day FROM truth_hidden_violence WHERE setting = 'night-time-economy'";
const unlike = (mine: string, theirs: string) => `regexp_replace(lower(${mine}), '[^a-z]', '', 'g') <> regexp_replace(lower(${theirs}), '[^a-z]', '', 'g')`;
/** Each police record of a person once, beside the truth. */
const policeRecords = `SELECT nominal_ref, any_value(i.surname) AS surname, any_value(p.surname) AS true_surname, any_value(i.forename) AS forename, any_value(p.forename) AS true_forename, any_value(i.middle_names) AS middle,
  any_value(p.middle_names) AS true_middle, max(i.date_of_birth) AS birth, any_value(p.birth_date) AS true_birth, any_value(i.sex) AS sex, any_value(p.sex) AS true_sex, any_value(p.heritage) AS heritage
  FROM (police_involvement JOIN truth_identity ON agency = 'police' AND local_id = nominal_ref) i JOIN truth_person p USING (person) GROUP BY nominal_ref`;
const stalePostcode = (feed: string, agency: string, ref: string, postcode: string, day: string) => `SELECT avg((${postcode} <> h.postcode)::INT) FROM ${feed} f
  JOIN truth_identity t ON t.agency = '${agency}' AND t.local_id = f.${ref} JOIN truth_home h ON h.person = t.person AND ${day} >= h.from AND (h.to IS NULL OR ${day} < h.to) WHERE ${postcode} IS NOT NULL`;

const who: Record<string, string> = {
  'welfare-share': `SELECT avg((opening_code IN (${welfare.map((code) => `'${code}'`).join(', ')}))::INT) FROM incident`,
  'missing-children': `SELECT avg((date_diff('year', p.birth_date::DATE, try_cast(recorded_on AS DATE)) < 18)::INT) FROM (${nominals}) JOIN truth_person p USING (person) WHERE role = 'missing-person'`,
  'domestic-repeat': `WITH abuse AS (SELECT DISTINCT person, incident_ref, try_cast(recorded_on AS DATE) AS day FROM (${nominals}) JOIN incident USING (incident_ref) WHERE role = 'victim' AND ${flagged('domestic')})
    SELECT avg(again::INT) FROM (SELECT a.incident_ref, a.person, bool_or(b.person IS NOT NULL) AS again FROM abuse a LEFT JOIN abuse b ON b.person = a.person AND b.day < a.day AND b.day >= a.day - 365
     WHERE a.day >= (SELECT first::DATE + 365 FROM base) GROUP BY ALL)`,
  'domestic-child': `SELECT avg((c.incident_ref IS NOT NULL)::INT) FROM incident LEFT JOIN (SELECT DISTINCT incident_ref FROM police_involvement WHERE role = 'child') c USING (incident_ref) WHERE ${flagged('domestic')}`,
  'child-present': "SELECT avg((child_present = 'true')::INT) FROM police_involvement WHERE role = 'child'",
  'near-repeats': "SELECT (SELECT count(*) FROM truth_near_repeat) / (SELECT count(*) FROM incident WHERE opening_code = 'burglary')",
  'shoplifting-top-venues': topShare(0.2, "SELECT premises_ref, count(i.incident_ref) AS n FROM licensed_premises LEFT JOIN (SELECT * FROM incident WHERE opening_code = 'shoplifting') i USING (premises_ref) WHERE kind = 'shop' GROUP BY 1"),
  'calls-at-top-addresses-of-all-kinds': `SELECT sum(n) FILTER (place <= 0.03 * (SELECT residents / 2.36 FROM base)) / sum(n) FROM (SELECT n, row_number() OVER (ORDER BY n DESC) AS place FROM
    (SELECT coalesce(uprn, premises_ref) AS address, count(*) AS n FROM incident WHERE uprn IS NOT NULL OR premises_ref IS NOT NULL GROUP BY 1))`,
  'daily-callers': 'SELECT count(*) / (SELECT residents * years / 3 / 60000 FROM base) FROM truth_daily_caller',
  'custody-repeat': "SELECT avg((n > 1)::INT) FROM (SELECT person, count(*) AS n FROM custody_episode JOIN truth_identity ON agency = 'police' AND local_id = nominal_ref GROUP BY person)",
  'suspensions-top-pupils': `SELECT sum(n) FILTER (place <= 0.01 * pupils) / sum(n) FROM (SELECT n, row_number() OVER (ORDER BY n DESC) AS place, (SELECT max(pupils) FROM pupil_year) AS pupils FROM (SELECT upn, count(*) AS n FROM school_suspension GROUP BY upn))`,
  'contacts-from-police-and-schools': "SELECT avg((source IN ('police', 'school'))::INT) FROM social_care_contact",
  'arrears-top-tenancies': topShare(0.1, "SELECT tenancy_ref, max(try_cast(arrears_pounds AS DOUBLE)) AS n FROM tenancy GROUP BY 1"),
  'treatment-repeat': "SELECT avg((n > 1)::INT) FROM (SELECT person, count(*) AS n FROM treatment_episode JOIN truth_identity ON agency = 'treatment' AND local_id = client_ref GROUP BY person)",
  'suspects-by-age': `SELECT count(s.person) FILTER (age BETWEEN 15 AND 24) / count(*) FILTER (age BETWEEN 15 AND 24) / (count(s.person) FILTER (age BETWEEN 45 AND 54) / count(*) FILTER (age BETWEEN 45 AND 54))
    FROM (SELECT person, date_diff('year', birth_date::DATE, (SELECT first::DATE FROM base)) AS age FROM truth_person) LEFT JOIN ${suspects} s USING (person)`,
  'household-contagion': `SELECT avg(suspect::INT) FILTER (others > 0) / avg(suspect::INT) FILTER (others = 0) FROM
    (SELECT s.person IS NOT NULL AS suspect, sum((s.person IS NOT NULL)::INT) OVER (PARTITION BY household) - (s.person IS NOT NULL)::INT AS others, count(*) OVER (PARTITION BY household) AS members
     FROM (SELECT * FROM truth_person WHERE birth_date < '2008') LEFT JOIN ${suspects} s USING (person)) WHERE members BETWEEN 2 AND 8`,
  'suspects-among-most-adverse': `SELECT avg((s.person IS NOT NULL)::INT) FROM truth_person LEFT JOIN ${suspects} s USING (person) WHERE birth_date < '2005' AND adverse_experiences::INT >= 4`,
  'violence-in-no-list': "SELECT avg((police = 'false' AND emergency_department = 'false' AND ambulance = 'false')::INT) FROM truth_hidden_violence",
  'emergency-department-located': `WITH street AS (SELECT replace("Location", 'On or near ', '') AS name FROM police_uk_street WHERE "LSOA code" IS NOT NULL GROUP BY 1 HAVING count(DISTINCT "LSOA code") = 1),
     school_name AS (SELECT establishment_name AS name FROM school GROUP BY 1 HAVING count(*) = 1), venue AS (SELECT name || ', ' || address AS name FROM licensed_premises GROUP BY 1 HAVING count(*) = 1)
    SELECT avg((v.name IS NOT NULL OR s.name IS NOT NULL OR t.name IS NOT NULL)::INT) FROM istv_assault LEFT JOIN venue v ON v.name = "ASSAULT LOCATION DESCRIPTION" LEFT JOIN school_name s ON s.name = "ASSAULT LOCATION DESCRIPTION"
     LEFT JOIN street t ON t.name = split_part("ASSAULT LOCATION DESCRIPTION", ',', 1)`,
  'emergency-department-only': "SELECT avg((police = 'false' AND ambulance = 'false')::INT) FROM truth_hidden_violence WHERE emergency_department = 'true'",
};

const when: Record<string, string> = {
  'afternoon-and-evening': 'SELECT avg((hour(try_cast(reported_at AS TIMESTAMP)) >= 14)::INT) FROM incident',
  'nuisance-in-holidays': dayRatio(`SELECT day, day NOT IN (SELECT DISTINCT try_cast(first_date AS DATE) FROM school_absence WHERE try_cast(first_date AS DATE) IS NOT NULL) AS is_so FROM (${everyDay}) WHERE isodow(day) <= 5`, nuisance),
  'nuisance-in-light-evenings': dayRatio(`SELECT day, month(day) BETWEEN 5 AND 8 AS is_so FROM (${everyDay}) WHERE month(day) IN (5, 6, 7, 8, 11, 12, 1, 2)`, nuisance),
  'violence-on-paydays': dayRatio(`SELECT day, day > last_day(day) - 7 AS is_so FROM (${everyDay}) WHERE isodow(day) = 5`, nightViolence),
  'violence-on-match-days': dayRatio(`SELECT day, day(day) <= 7 OR day(day) BETWEEN 15 AND 21 AS is_so FROM (${everyDay}) WHERE isodow(day) = 6 AND day(day) <= 21 AND month(day) NOT IN (6, 7)`, nightViolence),
  'ambulance-older-by-day': `SELECT avg((date_diff('year', p.birth_date::DATE, called_at::TIMESTAMP) >= 65)::INT) FROM ambulance_call JOIN truth_identity ON agency = 'ambulance' AND local_id = patient_ref JOIN truth_person p USING (person) WHERE hour(try_cast(called_at AS TIMESTAMP)) BETWEEN 8 AND 17`,
  'ambulance-assault-by-night': "SELECT avg((chief_complaint IN ('assault', 'intoxication'))::INT) FILTER (h >= 22 OR h < 4) / avg((chief_complaint IN ('assault', 'intoxication'))::INT) FILTER (h BETWEEN 8 AND 17) FROM (SELECT chief_complaint, hour(try_cast(called_at AS TIMESTAMP)) AS h FROM ambulance_call)",
  'absence-on-fridays': "SELECT avg(n) FILTER (isodow(day) = 5) / avg(n) FILTER (isodow(day) < 5) FROM (SELECT try_cast(first_date AS DATE) AS day, count(*) AS n FROM school_absence GROUP BY 1)",
  'absence-in-secondary': `SELECT sum(sessions) FILTER (years >= 7) / count(DISTINCT upn) FILTER (years >= 7) / (sum(sessions) FILTER (years < 7) / count(DISTINCT upn) FILTER (years < 7)) FROM
    (SELECT r.upn, try_cast(r.national_curriculum_year AS INT) AS years, try_cast(a.sessions AS INT) AS sessions FROM (SELECT * FROM school_roll WHERE left(academic_year, 4) = (SELECT left(first, 4) FROM base)) r
     LEFT JOIN (SELECT * FROM school_absence WHERE try_cast(first_date AS DATE) < (SELECT last_day(make_date(left(first, 4)::INT + 1, 7, 1)) FROM base)) a USING (upn))`,
  'burglary-window': "SELECT avg((time_precision = 'window')::INT) FROM incident WHERE opening_code = 'burglary'",
  'time-to-the-hour': "SELECT avg((time_precision = 'hour')::INT) FROM incident WHERE time_precision <> 'window'",
  'time-at-midnight': "SELECT avg((time_precision = 'day')::INT) FROM incident WHERE time_precision <> 'window'",
};

const records: Record<string, string> = {
  'surname-differs': `SELECT avg((${unlike('surname', 'true_surname')})::INT) FROM (${policeRecords}) WHERE surname IS NOT NULL`,
  'surname-differs-by-group': `SELECT avg((${unlike('surname', 'true_surname')})::INT) FILTER (heritage IN ('pakistani', 'bangladeshi')) / avg((${unlike('surname', 'true_surname')})::INT) FILTER (heritage = 'white-british') FROM (${policeRecords}) WHERE surname IS NOT NULL`,
  'forename-differs': `SELECT avg((${unlike('forename', 'true_forename')})::INT) FROM (${policeRecords}) WHERE length(forename) > 1`,
  'middle-name-missing': `SELECT avg((middle IS NULL)::INT) FROM (${policeRecords}) WHERE true_middle IS NOT NULL`,
  'birth-date-differs': `SELECT avg((try_cast(birth AS DATE) <> true_birth::DATE)::INT) FROM (${policeRecords}) WHERE birth IS NOT NULL`,
  'birth-date-first-of-january': `SELECT avg((birth LIKE '%-01-01' AND true_birth NOT LIKE '%-01-01')::INT) FROM (${policeRecords}) WHERE birth IS NOT NULL`,
  'sex-differs': `SELECT avg((sex <> true_sex)::INT) FROM (${policeRecords}) WHERE sex IN ('M', 'F')`,
  'ambulance-postcode-stale': stalePostcode('ambulance_call', 'ambulance', 'patient_ref', 'f.home_postcode', 'left(f.called_at, 10)'),
  'social-care-postcode-stale': stalePostcode('social_care_contact', 'social-care', 'child_ref', 'f.postcode', 'f.received_on'),
  'treatment-postcode-stale': stalePostcode('treatment_episode', 'treatment', 'client_ref', 'f.postcode', 'f.referred_on'),
};

export const shapesSql: Record<string, string> = { ...who, ...when, ...records };
