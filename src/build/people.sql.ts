// The identified zone's people: one row per linked person with the value that most of their records give, and households:
// people whose records give the same address. Ties go to the greater value, so that the same records give the same people.

import { id } from '../store/index.ts';

const attributes = ['forename', 'middle_names', 'surname', 'birth_date', 'sex', 'ethnicity', 'address', 'postcode', 'nhs_number', 'upn', 'phone', 'email'];

interface Commonest {
  column: string;
  /** Rows with that column and person_key. */
  from: string;
  where?: string;
}

/** Rows {person_key, column}: the value that most of a person's rows give; ties go to the greater. */
export function commonestSql({ column, from, where }: Commonest): string {
  const name = id(column);
  return `
    SELECT person_key, max_by(${name}, (n, ${name})) AS ${name} FROM (
      SELECT person_key, ${name}, count(*) AS n FROM ${from} WHERE ${name} IS NOT NULL${where === undefined ? '' : ` AND ${where}`} GROUP BY ALL
    ) GROUP BY person_key`;
}

/** What tells a household: an address and its postcode, written in any way. */
export const addressKeySql = (address: string, postcode: string): string => `regexp_replace(lower(${address}), '[^a-z0-9]', '', 'g') || ' ' || coalesce(replace(${postcode}, ' ', ''), '')`;

/** An address that says too little is nobody's household. */
export const isAddressSql = (address: string): string => `length(regexp_replace(${address}, '[^A-Za-z0-9]', '', 'g')) >= 5`;

/** The table linked_record and the view linked_mention: records and mentions with their person_key. A view, since only a few of its columns are read more than once. */
export const linkedSql = `
  CREATE OR REPLACE TABLE linked_record AS
    SELECT r.*, s.person_key FROM source_record r JOIN source_person s USING (source_id);
  CREATE OR REPLACE VIEW linked_mention AS
    SELECT m.*, s.person_key FROM mention m LEFT JOIN source_person s ON s.source_id = m.agency || ':' || m.local_id;`;

/** The area that most places of a postcode are in. */
export const postcodeAreaSql = `
  CREATE OR REPLACE TABLE postcode_area AS
    SELECT postcode, max_by(area_code, (n, area_code)) AS area_code FROM (
      SELECT postcode, area_code, count(*) AS n FROM located_place WHERE postcode IS NOT NULL AND area_code IS NOT NULL GROUP BY ALL
    ) GROUP BY postcode;`;

export function personSql(): string {
  const joins = attributes.map((column) => `LEFT JOIN (${commonestSql({ column, from: 'linked_record' })}) ${id(`of_${column}`)} USING (person_key)`);
  return `
    CREATE OR REPLACE TABLE person AS
    SELECT k.person_key, ${attributes.map(id).join(', ')}, k.records, k.agencies, a.area_code
    FROM (SELECT person_key, count(*) AS records, count(DISTINCT agency) AS agencies FROM linked_record GROUP BY person_key) k
    ${joins.join('\n    ')}
    LEFT JOIN postcode_area a USING (postcode)
    ORDER BY k.person_key;`;
}

/** A household is the people whose commonest address is the same, written in any way. */
export const householdSql = `
  CREATE OR REPLACE TABLE household AS
    SELECT 'H' || substr(sha256(address_key), 1, 15) AS household_key, person_key
    FROM (
      SELECT person_key, ${addressKeySql('address', 'postcode')} AS address_key FROM person WHERE ${isAddressSql('address')}
    )
    ORDER BY household_key, person_key;`;

/** How many rows the two large tables have. */
export const rowsSql = 'SELECT (SELECT count(*) FROM event) + (SELECT count(*) FROM mention) AS rows';

/** The last day that an event has, leaving out days after $now: a mistyped year must not make the data look newer. */
export const lastDaySql = 'SELECT max(coalesce(started_at, reported_at))::DATE::VARCHAR AS last FROM event WHERE coalesce(started_at, reported_at) <= $now::TIMESTAMP';
