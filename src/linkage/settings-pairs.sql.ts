// Which pairs do the rules of a settings file give, how many are they, and which blocks are too large? Blocks are numbered by their keys;
// pairs may be held to different sources. Also: pairs drawn at random, and counts of a column's values, for learning u.

import { id } from '../store/index.ts';
import type { PlannedRule } from './settings-plan.sql.ts';

/** Rows of (rid, source, block) of one rule's keys over `splink_record`; the block of a record that lacks a key is left out. */
function blocksSql(rule: PlannedRule, rows: string): string {
  const keys = [...rule.keys, ...(rule.any === undefined ? [] : [`unnest(${rule.any})`])];
  const named = keys.map((_, index) => `k${index}`);
  return `SELECT ${rule.any === undefined ? '' : 'DISTINCT '}rid, source, hash(${named.join(', ')}) AS block FROM (SELECT hw_rid AS rid, hw_source AS source, ${keys.map((key, index) => `${key} AS k${index}`).join(', ')} FROM (${rows})) WHERE ${named.map((key) => `${key} IS NOT NULL`).join(' AND ')}`;
}

/** `settings_block` (rid, source, block) of a rule, and `settings_size` (block, size, pairs) of its blocks of two or more. */
export function ruleBlocksSql(rule: PlannedRule, between: boolean): string {
  const pairs = between ? '(pow(sum(n), 2) - sum(n * n)) / 2' : 'sum(n) * (sum(n) - 1) / 2';
  return `CREATE OR REPLACE TEMP TABLE settings_block AS ${blocksSql(rule, 'SELECT * FROM splink_record')};
    CREATE OR REPLACE TEMP TABLE settings_size AS SELECT block, sum(n)::DOUBLE AS size, (${pairs})::DOUBLE AS pairs FROM (SELECT block, source, count(*)::DOUBLE AS n FROM settings_block GROUP BY block, source) GROUP BY block HAVING sum(n) > 1`;
}

export const ruleReportSql = (maxBlock: number): string => `SELECT count(*) AS blocks, coalesce(sum(pairs) FILTER (WHERE size <= ${maxBlock}), 0) AS pairs, count(*) FILTER (WHERE size > ${maxBlock}) AS "largeBlocks", coalesce(sum(pairs) FILTER (WHERE size > ${maxBlock}), 0) AS "largePairs", coalesce(max(size), 0) AS "largestBlock" FROM settings_size`;

/** The records of the three largest blocks of `settings_size`. */
export const largestBlocksSql = 'SELECT size FROM settings_size ORDER BY size DESC LIMIT 3';

/** SELECT of l, r from `settings_block`: pairs of the blocks that are not too large; one in `every` of them, by a hash of the pair. */
export function blockPairsSql(maxBlock: number, between: boolean, every = 1): string {
  const part = every > 1 ? ` AND hash(a.rid, b.rid) % ${every} = 0` : '';
  return `SELECT a.rid AS l, b.rid AS r FROM (SELECT b.* FROM settings_block b SEMI JOIN (SELECT block FROM settings_size WHERE size <= ${maxBlock}) s ON s.block = b.block) a
    JOIN settings_block b ON a.block = b.block AND a.rid < b.rid${between ? ' AND a.source <> b.source' : ''}${part}`;
}

/** SELECT of l, r of a rule that is a condition. */
export const conditionPairsSql = (condition: string, between: boolean, every = 1): string =>
  `SELECT l.hw_rid AS l, r.hw_rid AS r FROM splink_record l JOIN splink_record r ON (${condition}) AND l.hw_rid < r.hw_rid${between ? ' AND l.hw_source <> r.hw_source' : ''}${every > 1 ? ` AND hash(l.hw_rid, r.hw_rid) % ${every} = 0` : ''}`;

/** Makes a table of pairs (l, r, match_key). */
export const pairTableSql = (table: string, select: string): string => `CREATE OR REPLACE TEMP TABLE ${id(table)} AS SELECT l, r, 0::INTEGER AS match_key FROM (${select})`;

export const emptyCandidatesSql = 'CREATE OR REPLACE TEMP TABLE settings_pair (l INTEGER, r INTEGER, match_key INTEGER)';
export const addPairsSql = (select: string, index: number): string => `INSERT INTO settings_pair SELECT l, r, ${index} FROM (${select})`;
/** Each pair once, with the first rule that gives it. */
export const candidatesSql = 'CREATE OR REPLACE TEMP TABLE splink_candidate AS SELECT l, r, min(match_key)::INTEGER AS match_key FROM settings_pair GROUP BY l, r; DROP TABLE settings_pair';

/** How many pairs each rule gives that no rule before it does. */
export const givenByRuleSql = 'SELECT match_key AS rule, count(*) AS pairs FROM splink_candidate GROUP BY 1 ORDER BY 1';
/** `settings_timed`: so many of the candidates. */
export const timedPairsSql = (most: number): string => `CREATE OR REPLACE TEMP TABLE settings_timed AS SELECT l, r, match_key FROM splink_candidate USING SAMPLE reservoir(${most} ROWS) REPEATABLE (1)`;

/** All pairs, for few records. */
export const allPairsSql = (between: boolean): string => `SELECT a.hw_rid AS l, b.hw_rid AS r FROM splink_record a JOIN splink_record b ON a.hw_rid < b.hw_rid${between ? ' AND a.hw_source <> b.hw_source' : ''}`;
/** The drawn pairs of `settings_random` that may be compared. */
export const drawnPairsSql = (between: boolean): string => `SELECT l, r FROM settings_random ${between ? 'JOIN splink_record a ON a.hw_rid = l JOIN splink_record b ON b.hw_rid = r WHERE a.hw_source <> b.hw_source' : ''}`;

/** How many pairs of records may be compared at all. */
export const possiblePairsSql = (between: boolean): string =>
  `SELECT (pow(sum(n), 2) - ${between ? 'sum(n * n)' : 'sum(n)'}) / 2 AS pairs, count(*) AS sources FROM (SELECT hw_source, count(*)::DOUBLE AS n FROM splink_record GROUP BY 1)`;

/** Pairs of records that hold a column, and those that agree on it. */
export const agreeingPairsSql = (column: string, between: boolean): string => {
  const of = (group: string) => `SELECT coalesce(sum((total * total - ${between ? 'squares' : 'total'}) / 2), 0) AS pairs FROM (SELECT sum(n) AS total, sum(n * n) AS squares FROM held GROUP BY ${group})`;
  return `WITH held AS (SELECT ${id(column)}::VARCHAR AS v, hw_source, count(*)::DOUBLE AS n FROM splink_record WHERE ${id(column)} IS NOT NULL GROUP BY 1, 2)
  SELECT (${of('v')}) AS agreeing, (${of('TRUE')}) AS pairs`;
};
