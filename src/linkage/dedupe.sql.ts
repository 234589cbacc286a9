// What the files of a linkage hold, and how good it is: pairs with the ids as they came, clusters, and counts of true, found and correct pairs.

import { id, text } from '../store/index.ts';
import { recordKeySql } from './person-source.sql.ts';
import type { ReadRecords } from './read-records.store.ts';

/** The ids, sources and persons of the records by their key. */
export function dedupeKeySql(read: ReadRecords): string {
  const source = read.source === undefined ? '' : `, ${id(read.source)} AS source`;
  return `CREATE OR REPLACE TEMP TABLE dedupe_key AS SELECT ${recordKeySql(read)} AS key, ${id(read.id)} AS id${source}, ${read.truth === undefined ? 'NULL::VARCHAR' : `${id(read.truth)}::VARCHAR`} AS person FROM ${id(read.table)}`;
}

/** Makes the table to link; what was read is no longer needed. */
export const sourceTableSql = (select: string, read: ReadRecords): string => `CREATE OR REPLACE TEMP TABLE dedupe_source AS ${select}; DROP TABLE ${id(read.table)}`;

/** Adds the numbers of the records that a linkage gave them, from a SELECT of key and rid. */
export const numberKeysSql = (numbers: string): string => `CREATE OR REPLACE TEMP TABLE dedupe_record AS SELECT n.rid, k.* FROM (${numbers}) n JOIN dedupe_key k USING (key)`;

/**
 * Pairs (l, r and further columns) with the ids of their records, in a fixed order.
 * @param levels expressions over the column `pattern`, worked out after the sort, so that numbers alone are sorted
 */
export function pairsFileSql(pairs: string, withSource: boolean, levels: string[] = []): string {
  const sources = withSource ? ', a.source AS source_l, b.source AS source_r' : '';
  const sorted = `SELECT a.id AS id_l, b.id AS id_r${sources}, p.* EXCLUDE (l, r) FROM (${pairs}) p JOIN dedupe_record a ON a.rid = p.l JOIN dedupe_record b ON b.rid = p.r ORDER BY p.l, p.r`;
  return levels.length === 0 ? sorted : `SELECT * EXCLUDE (pattern), ${levels.join(', ')} FROM (${sorted})`;
}

export function clustersFileSql(clusters: string, withSource: boolean): string {
  return `SELECT k.id${withSource ? ', k.source' : ''}, c.person_key AS cluster FROM dedupe_key k JOIN ${id(clusters)} c ON c.source_id = k.key ORDER BY k.key`;
}

const pairsOf = (n: string) => `coalesce(sum(${n}::HUGEINT * (${n} - 1) // 2), 0)::DOUBLE`;

/** All pairs of one person: the measure of recall, reached by a rule or not. Records without a known person are left out everywhere. */
export const truePairsSql = `SELECT ${pairsOf('n')} AS n FROM (SELECT count(*) AS n FROM dedupe_key WHERE person IS NOT NULL GROUP BY person)`;

/** Pairs linked (a probability of at least `$threshold`), also by their own weight alone, and those of them that are right; and right pairs that rules proposed. */
export const linkedPairsSql = (pairs: string, proposed = 'TRUE'): string => `SELECT count(*) FILTER (WHERE probability >= $threshold)::DOUBLE AS found, count(*) FILTER (WHERE probability >= $threshold AND same)::DOUBLE AS correct,
    count(*) FILTER (WHERE weight >= $least)::DOUBLE AS "foundAlone", count(*) FILTER (WHERE weight >= $least AND same)::DOUBLE AS "correctAlone", count(*) FILTER (WHERE same AND proposed)::DOUBLE AS reached
  FROM (SELECT p.probability, p.weight, ${proposed} AS proposed, a.person = b.person AS same FROM (${pairs}) p JOIN dedupe_record a ON a.rid = p.l JOIN dedupe_record b ON b.rid = p.r WHERE a.person IS NOT NULL AND b.person IS NOT NULL)`;

/** Pairs inside clusters, and those of them that are right. */
export const clusteredPairsSql = (clusters: string): string => `WITH t AS (SELECT c.person_key, k.person FROM dedupe_key k JOIN ${id(clusters)} c ON c.source_id = k.key WHERE k.person IS NOT NULL)
  SELECT (SELECT ${pairsOf('n')} FROM (SELECT count(*) AS n FROM t GROUP BY person_key)) AS found, (SELECT ${pairsOf('n')} FROM (SELECT count(*) AS n FROM t GROUP BY person_key, person)) AS correct`;

/** Writes the rows of a SELECT to one Parquet file. */
export const copyFileSql = (select: string, path: string): string => `COPY (${select}) TO ${text(path)} (FORMAT parquet, COMPRESSION zstd)`;
