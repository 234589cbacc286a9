// The records that are scored: of which person and cluster each is, in which groups, and whether it holds too little to be linked.

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
export type GroupKind = (typeof groupKinds)[number];

/**
 * One row per record: its person, its key, its groups, and whether it holds too little to be linked. Columns that the source lacks are NULL.
 * @param from those of the source's records that are wanted
 */
export function scoredRecordSql(tables: ScoreTables, columns: Set<string>, from = id(tables.source)): string {
  const has = (column: string, kind = 'VARCHAR') => (columns.has(column) ? `s.${id(column)}` : `NULL::${kind}`);
  const day = tables.asOf ? '$asOf::DATE' : `(SELECT max(${columns.has('birth_date') ? 'birth_date' : 'NULL::DATE'}) FROM ${id(tables.source)})`;
  const age = `date_diff('year', ${has('birth_date', 'DATE')}, ${day})`;
  const known = (column: string) => `(${has(column)} IS NOT NULL)::INTEGER`;
  return `SELECT s.source_id, hash(o.person_key) AS key, ${tables.truth ? 'CASE WHEN t.person IS NOT NULL THEN hash(t.person) END' : 'NULL::UBIGINT'} AS person,
    'all' AS "all", ${has('agency')} AS agency, ${has('sex')} AS sex, ${has('ethnicity')} AS ethnicity,
    CASE WHEN ${age} < 10 THEN '0 to 9' WHEN ${age} < 18 THEN '10 to 17' WHEN ${age} < 25 THEN '18 to 24' WHEN ${age} < 45 THEN '25 to 44' WHEN ${age} < 65 THEN '45 to 64' WHEN ${age} >= 65 THEN '65 and over' END AS age,
    ${tables.deprivation ? "'Decile ' || d.deprivation_decile" : 'NULL::VARCHAR'} AS deprivation,
    ${known('nhs_number')} + ${known('upn')} = 0 AND (${known('forename')} + ${known('surname')} < 2 OR ${['birth_date', 'postcode', 'address', 'phone', 'email'].map(known).join(' + ')} = 0) AS unlinkable
  FROM ${from} s JOIN ${id(tables.out)} o USING (source_id)
    ${tables.truth ? `LEFT JOIN ${id(tables.truth)} t ON t.agency = s.agency AND t.local_id = s.local_id` : ''}
    ${tables.deprivation ? `LEFT JOIN ${id(tables.deprivation)} d ON d.source_id = s.source_id` : ''}`;
}

const groupOf = (kind: GroupKind): string => `coalesce(${id(kind)}, 'Not recorded')`;

/** Rows {kind, name, code}: the groups of all kinds, numbered from 0 kind by kind in the order of their names. */
export const scoredGroupSql = (kinds: readonly GroupKind[]): string =>
  `SELECT kind, name, (row_number() OVER (ORDER BY place, name) - 1)::INTEGER AS code FROM (${kinds.map((kind, place) => `SELECT ${place} AS place, '${kind}' AS kind, name FROM (SELECT DISTINCT ${groupOf(kind)} AS name FROM linkage_scored_record)`).join(' UNION ALL ')})`;

const halves = (column: string) => [`coalesce((${column} >> 33)::INTEGER, -1)`, `coalesce(((${column} >> 2) & 2147483647)::INTEGER, -1)`];

/** Each record's person, key, whether it holds too little (1 or 0), and its group of each kind, g0 and on. */
export const scoredNumbersSql = (kinds: readonly GroupKind[]): string =>
  `SELECT person, key, unlinkable::INTEGER AS unlinkable, ${kinds.map((_, place) => `k${place}.code AS g${place}`).join(', ')} FROM linkage_scored_record ${kinds.map((kind, place) => `JOIN linkage_scored_group k${place} ON k${place}.kind = '${kind}' AND k${place}.name = ${groupOf(kind)}`).join(' ')}`;

/** Those numbers in the order of keys, with the two halves of each key and person. */
export const byKeySql = (kinds: readonly GroupKind[]): string => `SELECT ${[...halves('key'), ...halves('person')].join(', ')}, ${kinds.map((_, place) => `g${place}`).join(', ')}, unlinkable FROM linkage_scored_number ORDER BY key, person`;

/** Those whose person is known, in the order of persons. */
export const byPersonSql = (kinds: readonly GroupKind[]): string => `SELECT ${[...halves('person'), ...halves('key')].join(', ')}, ${kinds.map((_, place) => `g${place}`).join(', ')} FROM linkage_scored_number WHERE person IS NOT NULL ORDER BY person, key`;
