// What the files of a linkage hold, and how good it is: pairs with the ids as they came, clusters, and counts of true, found and correct pairs.

import { id, text } from '../store/index.ts';
import { recordKeySql } from './person-source.sql.ts';
import type { ReadRecords } from './read-records.store.ts';
import { frequencyColumns } from './splink-pairs.sql.ts';
import type { SplinkSettings } from './splink-settings.ts';

/** The ids, sources and persons of the records by their key. */
export function dedupeKeySql(read: ReadRecords): string {
  const source = read.source === undefined ? '' : `, ${id(read.source)} AS source`;
  return `CREATE OR REPLACE TEMP TABLE dedupe_key AS SELECT ${recordKeySql(read)} AS key, ${id(read.id)} AS id${source}, ${read.truth === undefined ? 'NULL::VARCHAR' : `${id(read.truth)}::VARCHAR`} AS person, ${read.check === undefined ? 'NULL::VARCHAR' : `lower(trim(${id(read.check)}::VARCHAR))`} AS checked FROM ${id(read.table)}`;
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

/** Links, and the share of them that is false by their probabilities. */
export const expectedFalseSql = (pairs: string): string => `SELECT count(*)::DOUBLE AS links, coalesce(avg(1 - probability), 0) AS expected FROM (${pairs}) WHERE probability >= $threshold`;

/** Makes `dedupe_checked` (l, sure, differ) of the links both of whose records hold the checked column. */
export const keepCheckedSql = (pairs: string, sure: number): string => `CREATE OR REPLACE TEMP TABLE dedupe_checked AS SELECT p.l, p.probability >= ${sure} AS sure, (a.checked <> b.checked)::INTEGER AS differ
  FROM (${pairs}) p JOIN dedupe_record a ON a.rid = p.l JOIN dedupe_record b ON b.rid = p.r WHERE p.probability >= $threshold AND a.checked IS NOT NULL AND b.checked IS NOT NULL`;

/** Over clusters, links of `dedupe_checked` and those that differ, with sums of squares and products; all, or the surest. */
export const checkedLinksSql = (clusters: string, sureOnly: boolean): string => `SELECT coalesce(sum(x), 0) AS links, coalesce(sum(y), 0) AS differing, coalesce(sum(x * x), 0) AS xx, coalesce(sum(x * y), 0) AS xy, coalesce(sum(y * y), 0) AS yy
  FROM (SELECT count(*)::DOUBLE AS x, sum(d.differ)::DOUBLE AS y FROM dedupe_checked d JOIN dedupe_record r ON r.rid = d.l JOIN ${id(clusters)} c ON c.source_id = r.key${sureOnly ? ' WHERE d.sure' : ''} GROUP BY c.person_key)`;

/** How often two records taken at random differ on the checked column. */
export const chanceDifferSql = 'SELECT 1 - coalesce(sum(n * (n - 1)) / nullif(pow(sum(n), 2) - sum(n), 0), 0) AS chance FROM (SELECT count(*)::DOUBLE AS n FROM dedupe_key WHERE checked IS NOT NULL GROUP BY checked)';

/** Makes `dedupe_link` (l, r) of the linked pairs. */
export const keepLinksSql = (pairs: string): string => `CREATE OR REPLACE TEMP TABLE dedupe_link AS SELECT l, r FROM (${pairs}) WHERE probability >= $threshold`;

/** For each record the smallest of its cluster, in the order of their numbers. */
export const rootsSql = (clusters: string): string => `SELECT (min(r.rid) OVER (PARTITION BY c.person_key))::INTEGER AS root FROM dedupe_record r JOIN ${id(clusters)} c ON c.source_id = r.key ORDER BY r.rid`;

/** Measures of `dedupe_measure` by the key of their cluster. */
export const measuresFileSql = (clusters: string): string => `SELECT c.person_key AS cluster, m.size, m.links, m.density, m.bridges, m.cut_records, nullif(m.diameter, -1) AS diameter,
    list_filter([CASE WHEN m.doubts & 1 > 0 THEN 'bridge' END, CASE WHEN m.doubts & 2 > 0 THEN 'sparse' END, CASE WHEN m.doubts & 4 > 0 THEN 'long' END, CASE WHEN m.doubts & 8 > 0 THEN 'apart' END], lambda d: d IS NOT NULL) AS doubts, m.doubts > 0 AS doubtful
  FROM dedupe_measure m JOIN dedupe_record r ON r.rid = m.first JOIN ${id(clusters)} c ON c.source_id = r.key ORDER BY m.first`;

/** Pairs inside clusters, and those of them that are right. */
export const clusteredPairsSql = (clusters: string): string => `WITH t AS (SELECT c.person_key, k.person FROM dedupe_key k JOIN ${id(clusters)} c ON c.source_id = k.key WHERE k.person IS NOT NULL)
  SELECT (SELECT ${pairsOf('n')} FROM (SELECT count(*) AS n FROM t GROUP BY person_key)) AS found, (SELECT ${pairsOf('n')} FROM (SELECT count(*) AS n FROM t GROUP BY person_key, person)) AS correct`;

/** Writes the rows of a SELECT to one Parquet file. */
export const copyFileSql = (select: string, path: string): string => `COPY (${select}) TO ${text(path)} (FORMAT parquet, COMPRESSION zstd)`;

/** The records with their cleaned columns, as Splink reads them: unique_id, source_dataset and what the model names. */
export function preparedFileSql(read: ReadRecords, model: SplinkSettings): string {
  const kept = `* EXCLUDE (${['hw_rid', 'hw_key', 'hw_source', ...frequencyColumns(model).map((column) => id(`tf_${column}`))].join(', ')})`;
  const identity = [...(read.id === 'unique_id' ? [] : [`${id(read.id)} AS unique_id`]), ...(read.source === undefined || read.source === 'source_dataset' ? [] : [`${id(read.source)}::VARCHAR AS source_dataset`])];
  return `SELECT ${[...identity, kept].join(', ')} FROM splink_record ORDER BY hw_rid`;
}
