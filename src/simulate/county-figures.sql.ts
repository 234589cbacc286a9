// Each figure of a simulated county as one statement over its files, by name. Tables stand for the feeds and the truth lists, all columns as text.

import { text } from '../store/index.ts';
import { shapesSql } from './county-shapes.sql.ts';

/** A table of the files of a feed or truth list: they are read once for all figures. */
export function fileTableSql(table: string, glob: string): string {
  return `CREATE OR REPLACE TABLE ${table} AS SELECT * FROM read_csv(${text(glob)}, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"', ignore_errors = true)`;
}

export function jsonViewSql(view: string, file: string): string {
  return `CREATE OR REPLACE VIEW ${view} AS SELECT * FROM read_json(${text(file)})`;
}

/** Latest state of each incident, and what every rate is per: residents, pupils, children, adults and years. */
export const preparationSql = [
  `CREATE OR REPLACE TABLE incident AS
   SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY incident_ref ORDER BY closing_code IS NULL, officer_minutes IS NULL) AS state FROM police_incident WHERE reported_at SIMILAR TO '\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}')
   WHERE state = 1`,
  `CREATE OR REPLACE TABLE base AS
   SELECT (SELECT count(*) FROM truth_person WHERE arrived_on = first) AS residents, months / 12.0 AS years, first, last, *
   FROM (SELECT min(arrived_on) AS first, (SELECT count(DISTINCT month) FROM truth_crime) AS months, (SELECT max(month) FROM truth_crime) AS last FROM truth_person)`,
  `CREATE OR REPLACE TABLE pupil_year AS
   SELECT academic_year, count(*) AS pupils FROM school_roll GROUP BY ALL`,
];

const perThousand = (events: string) => `SELECT (${events}) / (residents / 1000.0) / years FROM base`;
const childCount = `(SELECT sum(pop_Aged_15_years_and_under::INT) * 18 / 16.0 FROM area_profile)`;
const schoolYear = "extract(year FROM try_cast(first_date AS DATE) + INTERVAL 4 MONTH)";

/** How often something happened to adults with four or more adverse experiences, against none. */
const experienceRatio = (people: string, where = '') => `SELECT avg(n) FILTER (e >= 4) / nullif(avg(n) FILTER (e = 0), 0) FROM
  (SELECT adverse_experiences::INT AS e, coalesce(happened.n, 0) AS n FROM truth_person LEFT JOIN (SELECT person, count(*) AS n FROM (${people}) GROUP BY person) happened USING (person)
   WHERE birth_date < '2005' ${where})`;

export const figuresSql: Record<string, string> = {
  'incidents': perThousand('SELECT count(*) FROM incident'),
  'not-crime-at-opening': `SELECT avg(CASE WHEN opening_code IN (SELECT category FROM truth_crime) THEN 0 ELSE 1 END) FROM incident`,
  'closing-differs': 'SELECT avg((opening_code <> closing_code)::INT) FROM incident WHERE closing_code IS NOT NULL',
  'mental-health-incidents': "SELECT avg((contains(';' || coalesce(qualifiers, '') || ';', ';mental-health;'))::INT) FROM incident",
  'mental-health-time': "SELECT sum(try_cast(officer_minutes AS DOUBLE)) FILTER (contains(';' || coalesce(qualifiers, '') || ';', ';mental-health;')) / sum(try_cast(officer_minutes AS DOUBLE)) FROM incident",
  'domestic': perThousand("SELECT count(*) FROM incident WHERE contains(';' || coalesce(qualifiers, '') || ';', ';domestic;')"),
  'missing': perThousand("SELECT count(*) FROM incident WHERE closing_code = 'missing-person' OR opening_code = 'missing-person'"),
  'missing-top-tenth': `SELECT sum(n) FILTER (place <= greatest(1, people * 0.1)) / sum(n) FROM
    (SELECT n, row_number() OVER (ORDER BY n DESC) AS place, count(*) OVER () AS people FROM
      (SELECT person, count(*) AS n FROM police_involvement JOIN truth_identity ON agency = 'police' AND local_id = nominal_ref WHERE role = 'missing-person' GROUP BY person))`,
  'recorded-crime': perThousand("SELECT count(*) FROM police_uk_street WHERE \"Crime type\" <> 'Anti-social behaviour'"),
  'violence-share': `SELECT avg(("Crime type" = 'Violence and sexual offences')::INT) FROM police_uk_street WHERE "Crime type" <> 'Anti-social behaviour'`,
  'anti-social-behaviour': perThousand("SELECT count(*) FROM police_uk_street WHERE \"Crime type\" = 'Anti-social behaviour'"),
  'emergency-department': perThousand('SELECT count(*) FROM istv_assault'),
  'emergency-department-in-police': "SELECT avg((police = 'true')::INT) FROM truth_hidden_violence WHERE emergency_department = 'true'",
  'emergency-department-place': `SELECT avg(("ASSAULT LOCATION DESCRIPTION" IS NOT NULL AND "ASSAULT LOCATION DESCRIPTION" NOT IN ('unknown', 'not stated'))::INT) FROM istv_assault`,
  'night-time-violence': `SELECT avg((dayname(started_at::TIMESTAMP - INTERVAL 6 HOUR) IN ('Friday', 'Saturday') AND (hour(started_at::TIMESTAMP) >= 22 OR hour(started_at::TIMESTAMP) < 4))::INT) FROM truth_hidden_violence WHERE setting = 'night-time-economy'`,
  'ambulance': perThousand('SELECT count(*) FROM ambulance_call'),
  'custody': perThousand('SELECT count(*) FROM custody_episode'),
  'custody-needs': "SELECT avg((needs IS NOT NULL)::INT) FROM custody_episode WHERE screened = 'true'",
  'persistent-absence': `SELECT avg((sessions >= 0.1 * 2 * days)::INT) FROM
    (SELECT r.academic_year, r.upn, coalesce(sum(try_cast(a.sessions AS INT)) FILTER (a.code <> 'E'), 0) AS sessions, any_value(s.days) AS days
     FROM school_roll r
     JOIN (SELECT ${schoolYear} AS ends, count(DISTINCT first_date) AS days FROM school_absence GROUP BY 1 HAVING count(DISTINCT first_date) > 150) s ON s.ends = left(r.academic_year, 4)::INT + 1
     LEFT JOIN school_absence a ON a.upn = r.upn AND ${schoolYear.replace('first_date', 'a.first_date')} = s.ends
     GROUP BY r.academic_year, r.upn)`,
  'suspensions': "SELECT 100 * count(*) / (SELECT avg(pupils) FROM pupil_year) / (SELECT years FROM base) FROM school_suspension WHERE kind = 'suspension'",
  'exclusions': "SELECT 100 * count(*) / (SELECT avg(pupils) FROM pupil_year) / (SELECT years FROM base) FROM school_suspension WHERE kind = 'permanent'",
  'early-help': `SELECT 1000 * count(*) / ${childCount} / (SELECT years FROM base) FROM early_help_episode`,
  'social-care-contacts': `SELECT 1000 * count(*) / ${childCount} / (SELECT years FROM base) FROM social_care_contact`,
  'contacts-no-further-action': "SELECT avg((outcome IN ('no-further-action', 'advice'))::INT) FROM social_care_contact",
  're-referral': `SELECT avg(again::INT) FROM (SELECT c.contact_ref, bool_or(later.contact_ref IS NOT NULL) AS again
     FROM (SELECT *, try_cast(received_on AS DATE) AS on_day FROM social_care_contact JOIN truth_identity ON agency = 'social-care' AND local_id = child_ref) c
     LEFT JOIN (SELECT *, try_cast(received_on AS DATE) AS on_day FROM social_care_contact JOIN truth_identity ON agency = 'social-care' AND local_id = child_ref) later
       ON later.person = c.person AND later.on_day > c.on_day AND later.on_day <= c.on_day + 365
     WHERE c.on_day <= (SELECT max(try_cast(received_on AS DATE)) - 365 FROM social_care_contact) GROUP BY 1)`,
  'social-rent': `SELECT sum(prop_social_rent::DOUBLE * residents) / sum(residents) FROM (SELECT *, pop_Aged_25_to_34_years::INT + pop_Aged_35_to_49_years::INT + pop_Aged_50_to_64_years::INT + pop_Aged_65_years_and_over::INT AS residents FROM area_profile)`,
  'treatment': `SELECT 1000 * count(*) / (SELECT residents * 0.79 * years FROM base) FROM treatment_episode`,
  'stop-search': perThousand('SELECT count(*) FROM police_uk_stop_search'),
  'complaints': perThousand('SELECT count(*) FROM asb_complaint'),
  'calls-at-top-addresses': `SELECT sum(n) FILTER (place <= 0.03 * homes) / sum(n) FROM
    (SELECT n, row_number() OVER (ORDER BY n DESC) AS place, (SELECT residents / 2.36 FROM base) AS homes FROM (SELECT uprn, count(*) AS n FROM incident WHERE uprn IS NOT NULL GROUP BY uprn))`,
  'nominals-per-person': "SELECT count(*) / count(DISTINCT person) FROM truth_identity WHERE agency = 'police'",
  'known-to-police': "SELECT count(DISTINCT person) / (SELECT residents FROM base) FROM truth_identity WHERE agency = 'police'",
  'movers': `SELECT count(DISTINCT h.person) FILTER (h.to IS NOT NULL AND p.left_on IS NULL) / count(DISTINCT h.person) FILTER (p.left_on IS NULL) * 3 / (SELECT any_value(years) FROM base)
     FROM truth_home h JOIN truth_person p USING (person) WHERE p.arrived_on = (SELECT first FROM base)`,
  'any-adverse-experience': "SELECT avg((adverse_experiences::INT >= 1)::INT) FROM truth_person WHERE arrived_on = (SELECT first FROM base)",
  'four-adverse-experiences': "SELECT avg((adverse_experiences::INT >= 4)::INT) FROM truth_person WHERE arrived_on = (SELECT first FROM base)",
  'victim-ratio': experienceRatio('SELECT person FROM truth_hidden_violence'),
  'perpetrator-ratio': experienceRatio("SELECT person FROM police_involvement JOIN truth_identity ON agency = 'police' AND local_id = nominal_ref WHERE role = 'suspect'"),
  'opiates-ratio': experienceRatio("SELECT person FROM treatment_episode JOIN truth_identity ON agency = 'treatment' AND local_id = client_ref WHERE substance = 'opiates'"),
  'custody-ratio': experienceRatio("SELECT person FROM custody_episode JOIN truth_identity ON agency = 'police' AND local_id = nominal_ref"),
  'victim-ratio-protected': experienceRatio('SELECT person FROM truth_hidden_violence', 'AND protection::DOUBLE > 0.43'),
  'children-share': 'SELECT sum(pop_Aged_15_years_and_under::INT) / (SELECT residents FROM base) FROM area_profile',
  'older-share': 'SELECT sum(pop_Aged_65_years_and_over::INT) / (SELECT residents FROM base) FROM area_profile',
  'most-deprived-areas': 'SELECT avg((IMD_decile::INT <= 2)::INT) FROM area_profile',
  'birth-date-missing': "SELECT avg((birth IS NULL)::INT) FROM (SELECT nominal_ref, max(date_of_birth) AS birth FROM police_involvement GROUP BY 1)",
  'address-out-of-date': `SELECT avg((postcode <> home)::INT) FROM
    (SELECT i.nominal_ref, i.postcode, h.postcode AS home FROM police_involvement i JOIN truth_identity t ON agency = 'police' AND local_id = nominal_ref
     JOIN truth_home h ON h.person = t.person AND i.recorded_on >= h.from AND (h.to IS NULL OR i.recorded_on < h.to) WHERE i.postcode IS NOT NULL)`,
  ...shapesSql,
};
