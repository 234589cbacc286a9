// How sure is each compared pair, and at which level does each comparison stand? Over linkage_pair (l, r, pattern, frequency) and
// linkage_weight (one row a pattern).

import { id, text } from '../store/index.ts';
import { forbidden, opposed } from './cluster-records.ts';
import type { PatternPlace } from './compare-pairs.sql.ts';
import type { Comparison } from './linkage-settings.ts';

/** The weight of a pair in bits (prior included), from its pattern's sums and its values' frequencies. */
export const weightSql = `CASE WHEN w.conflict = 2 THEN ${forbidden} WHEN w.conflict = 1 THEN ${opposed} ELSE w.match - greatest(w.chance + p.frequency, w.kin) - log2(1 + pow(2, -abs(w.chance + p.frequency - w.kin))) END`;

/** The records' numbers by their ids. */
export const recordNumbersSql = 'SELECT rid, source_id AS key FROM linkage_record';

/** l, r, weight, probability and level_NAME of all compared pairs; a level is NULL where a value is missing. */
export function pairLevelsSql(places: PatternPlace[]): string {
  const levels = places.map(({ comparison, shift, bits }) => {
    const names = comparison.levels.map((level, index) => `WHEN ${comparison.levels.length - index} THEN ${text(level.name)}`);
    return `CASE ((pattern >> ${shift}) & ${2 ** bits - 1}) ${names.join(' ')} END AS ${id(`level_${comparison.name}`)}`;
  });
  return `SELECT l, r, weight, 1 / (1 + pow(2, -weight)) AS probability, v.* EXCLUDE (pattern)
  FROM (SELECT p.l, p.r, p.pattern, ${weightSql} AS weight FROM linkage_pair p JOIN linkage_weight w ON w.pattern = p.pattern) q
  JOIN (SELECT pattern, ${levels.join(', ')} FROM linkage_weight) v ON v.pattern = q.pattern`;
}

/** The same columns without a row, where nothing could be compared. */
export function noPairsSql(comparisons: Comparison[]): string {
  const levels = comparisons.map(({ name }) => `, NULL::VARCHAR AS ${id(`level_${name}`)}`).join('');
  return `SELECT 0::INTEGER AS l, 0::INTEGER AS r, 0::DOUBLE AS weight, 0::DOUBLE AS probability${levels} WHERE FALSE`;
}
