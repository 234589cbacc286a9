// How many true, found and correct pairs are there, in all and touching a group? From the sizes of persons, clusters and their overlaps:
// n records make n(n − 1)/2 pairs, and pairs(n) − pairs(n − g) of them touch a group that has g of the n.

import { id } from '../store/index.ts';

export interface ScoreTables {
  source: string;
  out: string;
  truth?: string;
  /** A table (source_id, deprivation_decile). */
  deprivation?: string;
  /** The day on which ages are reckoned, as text. */
  asOf?: string;
}

export const groupKinds = ['all', 'agency', 'sex', 'age', 'ethnicity', 'deprivation'] as const;

/** As DOUBLE: whole numbers are exact up to 9 × 10¹⁵ pairs. */
const pairs = (n: string) => `(${n}::DOUBLE * (${n} - 1) / 2)`;

/** One row per record: its person, its key, its groups, and whether it holds too little to be linked. Columns that the source lacks are NULL. */
export function scoredRecordSql(tables: ScoreTables, columns: Set<string>): string {
  const has = (column: string, kind = 'VARCHAR') => (columns.has(column) ? `s.${id(column)}` : `NULL::${kind}`);
  const day = tables.asOf ? '$asOf::DATE' : `(SELECT max(${columns.has('birth_date') ? 'birth_date' : 'NULL::DATE'}) FROM ${id(tables.source)})`;
  const age = `date_diff('year', ${has('birth_date', 'DATE')}, ${day})`;
  const known = (column: string) => `(${has(column)} IS NOT NULL)::INTEGER`;
  return `SELECT s.source_id, hash(o.person_key) AS key, ${tables.truth ? 'CASE WHEN t.person IS NOT NULL THEN hash(t.person) END' : 'NULL::UBIGINT'} AS person,
    'all' AS "all", ${has('agency')} AS agency, ${has('sex')} AS sex, ${has('ethnicity')} AS ethnicity,
    CASE WHEN ${age} < 10 THEN '0 to 9' WHEN ${age} < 18 THEN '10 to 17' WHEN ${age} < 25 THEN '18 to 24' WHEN ${age} < 45 THEN '25 to 44' WHEN ${age} < 65 THEN '45 to 64' WHEN ${age} >= 65 THEN '65 and over' END AS age,
    ${tables.deprivation ? "'Decile ' || d.deprivation_decile" : 'NULL::VARCHAR'} AS deprivation,
    ${known('nhs_number')} + ${known('upn')} = 0 AND (${known('forename')} + ${known('surname')} < 2 OR ${['birth_date', 'postcode', 'address', 'phone', 'email'].map(known).join(' + ')} = 0) AS unlinkable
  FROM ${id(tables.source)} s JOIN ${id(tables.out)} o USING (source_id)
    ${tables.truth ? `LEFT JOIN ${id(tables.truth)} t ON t.agency = s.agency AND t.local_id = s.local_id` : ''}
    ${tables.deprivation ? `LEFT JOIN ${id(tables.deprivation)} d ON d.source_id = s.source_id` : ''}`;
}

/** The records with the sizes of their person, key and the overlap of both (counting records whose person is known), and how many agencies hold the key. */
export const sizedRecordSql = `SELECT r.*, p.n AS person_size, k.n AS key_size, c.n AS cell_size, a.agencies
  FROM linkage_scored_record r
  LEFT JOIN (SELECT person, count(*) AS n FROM linkage_scored_record WHERE person IS NOT NULL GROUP BY 1) p ON p.person = r.person
  LEFT JOIN (SELECT key, count(*) AS n FROM linkage_scored_record WHERE person IS NOT NULL GROUP BY 1) k ON k.key = r.key
  LEFT JOIN (SELECT person, key, count(*) AS n FROM linkage_scored_record WHERE person IS NOT NULL GROUP BY ALL) c ON c.person = r.person AND c.key = r.key
  JOIN (SELECT key, count(DISTINCT agency) AS agencies FROM linkage_scored_record GROUP BY 1) a ON a.key = r.key`;

/** Per group: records, people, what says that matches are missed, and the pairs with the sums that their intervals need. */
export function groupScoreSql(kind: (typeof groupKinds)[number]): string {
  const touching = (unit: 'person' | 'key') => `
    SELECT g, ${pairs('n')} - ${pairs('(n - m)')} AS x, c::DOUBLE AS c
    FROM (SELECT ${unit}, g, sum(m)::BIGINT AS m, any_value(${unit}_size) AS n, sum(${pairs('cell_size')} - ${pairs('(cell_size - m)')}) AS c FROM cells GROUP BY ${unit}, g)`;
  return `WITH r AS (SELECT coalesce(${id(kind)}, 'Not recorded') AS g, * FROM linkage_sized_record),
  cells AS (SELECT person, key, g, count(*) AS m, any_value(person_size) AS person_size, any_value(key_size) AS key_size, any_value(cell_size) AS cell_size
    FROM r WHERE person IS NOT NULL GROUP BY person, key, g),
  by_person AS (${touching('person')}),
  by_key AS (${touching('key')})
  SELECT g AS group_name, records, people, unlinkable, single_agency, t AS true_pairs, f AS found_pairs, c AS correct_pairs, tt, tc, cc, ff, fc, kk
  FROM (SELECT g, sum(n) AS records, sum(unlinkable) AS unlinkable, count(*) AS people, count(*) FILTER (WHERE agencies = 1) AS single_agency
    FROM (SELECT g, key, count(*) AS n, count(*) FILTER (WHERE unlinkable) AS unlinkable, any_value(agencies) AS agencies FROM r GROUP BY g, key) GROUP BY g)
  LEFT JOIN (SELECT g, sum(x) AS t, sum(c) AS c, sum(x * x) AS tt, sum(x * c) AS tc, sum(c * c) AS cc FROM by_person GROUP BY g) USING (g)
  LEFT JOIN (SELECT g, sum(x) AS f, sum(x * x) AS ff, sum(x * c) AS fc, sum(c * c) AS kk FROM by_key GROUP BY g) USING (g)
  ORDER BY g`;
}
