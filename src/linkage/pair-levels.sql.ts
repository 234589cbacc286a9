// How sure is each compared pair, and at which level does each comparison stand? Over linkage_pair and linkage_extra_pair (l, r, pattern,
// frequency), linkage_weight (one row a pattern), linkage_scored (l, r, weight) and linkage_component (rid, root).

import { id, text } from '../store/index.ts';
import { forbidden, opposed } from './cluster-records.ts';
import type { PatternPlace } from './compare-pairs.sql.ts';

/** The weight of a pair in bits (prior included), from its pattern's sums and its values' frequencies. */
export const weightSql = `CASE WHEN w.conflict = 2 THEN ${forbidden} WHEN w.conflict = 1 THEN ${opposed} ELSE w.match - greatest(w.chance + p.frequency, w.kin) - log2(1 + pow(2, -abs(w.chance + p.frequency - w.kin))) END`;

/** l, r, pattern and weight of the compared pairs of a table. */
export const weighedSql = (pairs: string): string => `SELECT p.l, p.r, p.pattern, ${weightSql} AS weight FROM ${id(pairs)} p JOIN linkage_weight w ON w.pattern = p.pattern`;

/** l, r and weight of the pairs inside a component of three records or more: of those that rules proposed, and of those that were compared for it. */
export const proposedInsideSql = 'SELECT s.l, s.r, s.weight FROM linkage_scored s JOIN linkage_component a ON a.rid = s.l JOIN linkage_component b ON b.rid = s.r AND b.root = a.root';
export const extraInsideSql = `SELECT l, r, weight FROM (${weighedSql('linkage_extra_pair')})`;

/** The records' numbers by their ids. */
export const recordNumbersSql = 'SELECT rid, source_id AS key FROM linkage_record';

/** Expressions of level_NAME over a pattern; a level is NULL where a value is missing. */
export function levelNamesSql(places: PatternPlace[]): string[] {
  return places.map(({ comparison, shift, bits }) => {
    const names = comparison.levels.map((level, index) => `WHEN ${comparison.levels.length - index} THEN ${text(level.name)}`);
    return `CASE ((pattern >> ${shift}) & ${2 ** bits - 1}) ${names.join(' ')} END AS ${id(`level_${comparison.name}`)}`;
  });
}

/**
 * l, r, weight, probability, linked, proposed and pattern of the pairs that rules proposed, and of those that only their cluster brings together. The weight
 * is the pair's own; the probability is that of the weight, or, where the cluster decides otherwise, of what the cluster says.
 */
export function decidedPairsSql(least: number): string {
  return `SELECT l, r, weight, 1 / (1 + pow(2, -decided)) AS probability, decided >= ${least} AS linked, proposed, pattern
  FROM (SELECT c.*, coalesce(o.weight, c.weight) AS decided FROM (
    SELECT *, TRUE AS proposed FROM (${weighedSql('linkage_pair')})
    UNION ALL SELECT e.*, FALSE FROM (${weighedSql('linkage_extra_pair')}) e JOIN linkage_cluster a ON a.rid = e.l JOIN linkage_cluster b ON b.rid = e.r AND b.root = a.root
  ) c LEFT JOIN linkage_otherwise o ON o.l = c.l AND o.r = c.r)`;
}

/** The same columns without a row, where nothing could be compared. */
export const noPairsSql = 'SELECT 0::INTEGER AS l, 0::INTEGER AS r, 0::DOUBLE AS weight, 0::DOUBLE AS probability, FALSE AS linked, TRUE AS proposed, 0::BIGINT AS pattern WHERE FALSE';
