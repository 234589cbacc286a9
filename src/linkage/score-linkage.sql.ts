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

const pairs = (n: string) => `(${n}::HUGEINT * (${n} - 1) // 2)`;

/** One row per record: its person, its key, its groups, and whether it holds too little to be linked. Columns that the source lacks are NULL. */
export function scoredRecordSql(tables: ScoreTables, columns: Set<string>): string {
  const has = (column: string, kind = 'VARCHAR') => (columns.has(column) ? `s.${id(column)}` : `NULL::${kind}`);
  const day = tables.asOf ? '$asOf::DATE' : `(SELECT max(${columns.has('birth_date') ? 'birth_date' : 'NULL::DATE'}) FROM ${id(tables.source)})`;
  const age = `date_diff('year', ${has('birth_date', 'DATE')}, ${day})`;
  const known = (column: string) => `(${has(column)} IS NOT NULL)::INTEGER`;
  return `SELECT s.source_id, o.person_key AS key, ${tables.truth ? 't.person' : 'NULL::VARCHAR'} AS person,
    'all' AS "all", ${has('agency')} AS agency, ${has('sex')} AS sex, ${has('ethnicity')} AS ethnicity,
    CASE WHEN ${age} < 10 THEN '0 to 9' WHEN ${age} < 18 THEN '10 to 17' WHEN ${age} < 25 THEN '18 to 24' WHEN ${age} < 45 THEN '25 to 44' WHEN ${age} < 65 THEN '45 to 64' WHEN ${age} >= 65 THEN '65 and over' END AS age,
    ${tables.deprivation ? "'Decile ' || d.deprivation_decile" : 'NULL::VARCHAR'} AS deprivation,
    ${known('nhs_number')} + ${known('upn')} = 0 AND (${known('forename')} + ${known('surname')} < 2 OR ${['birth_date', 'postcode', 'address', 'phone', 'email'].map(known).join(' + ')} = 0) AS unlinkable
  FROM ${id(tables.source)} s JOIN ${id(tables.out)} o USING (source_id)
    ${tables.truth ? `LEFT JOIN ${id(tables.truth)} t ON t.agency = s.agency AND t.local_id = s.local_id` : ''}
    ${tables.deprivation ? `LEFT JOIN ${id(tables.deprivation)} d ON d.source_id = s.source_id` : ''}`;
}

/** Per group: records, people, what says that matches are missed, and the pairs with the sums that their intervals need. */
export function groupScoreSql(kind: (typeof groupKinds)[number]): string {
  const group = `coalesce(${id(kind)}, 'Not recorded')`;
  return `WITH r AS (SELECT ${group} AS g, * FROM linkage_scored_record),
  truth AS (SELECT * FROM r WHERE person IS NOT NULL),
  cells AS (SELECT person, key, g, count(*) AS m FROM truth GROUP BY ALL),
  person_size AS (SELECT person, count(*) AS n FROM truth GROUP BY 1),
  key_size AS (SELECT key, count(*) AS n FROM truth GROUP BY 1),
  cell_size AS (SELECT person, key, count(*) AS n FROM truth GROUP BY ALL),
  correct AS (SELECT c.person, c.key, c.g, ${pairs('s.n')} - ${pairs('(s.n - c.m)')} AS pairs FROM cells c JOIN cell_size s USING (person, key)),
  by_person AS (SELECT g, ${pairs('n')} - ${pairs('(n - m)')} AS t, c FROM (SELECT person, g, sum(m)::BIGINT AS m FROM cells GROUP BY ALL) JOIN person_size USING (person)
    JOIN (SELECT person, g, sum(pairs) AS c FROM correct GROUP BY ALL) USING (person, g)),
  by_key AS (SELECT g, ${pairs('n')} - ${pairs('(n - m)')} AS f, c FROM (SELECT key, g, sum(m)::BIGINT AS m FROM cells GROUP BY ALL) JOIN key_size USING (key)
    JOIN (SELECT key, g, sum(pairs) AS c FROM correct GROUP BY ALL) USING (key, g)),
  people AS (SELECT g, key, count(*) AS n FROM r GROUP BY ALL),
  agencies AS (SELECT key, count(DISTINCT agency) AS agencies FROM r GROUP BY 1)
  SELECT g AS group_name, records, people, unlinkable, single_agency,
    t::DOUBLE AS true_pairs, f::DOUBLE AS found_pairs, c::DOUBLE AS correct_pairs,
    tt::DOUBLE AS tt, tc::DOUBLE AS tc, cc::DOUBLE AS cc, ff::DOUBLE AS ff, fc::DOUBLE AS fc, kk::DOUBLE AS kk
  FROM (SELECT g, count(*) AS records, count(*) FILTER (WHERE unlinkable) AS unlinkable FROM r GROUP BY g)
  JOIN (SELECT g, count(*) AS people, count(*) FILTER (WHERE agencies = 1) AS single_agency FROM people JOIN agencies USING (key) GROUP BY g) USING (g)
  LEFT JOIN (SELECT g, sum(t) AS t, sum(c) AS c, sum(t * t) AS tt, sum(t * c) AS tc, sum(c * c) AS cc FROM by_person GROUP BY g) USING (g)
  LEFT JOIN (SELECT g, sum(f) AS f, sum(f * f) AS ff, sum(f * c) AS fc, sum(c * c) AS kk FROM by_key GROUP BY g) USING (g)
  ORDER BY g`;
}
