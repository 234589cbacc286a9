// Which pairs are worth comparing? Those that agree on all keys of at least one rule. A block larger than the settings allow is refused
// and reported, since it would cost more than it finds.

import { id, type Duck } from '../store/index.ts';
import type { BlockingRule } from './linkage-settings.ts';

export interface BlockingReport {
  rule: string;
  blocks: number;
  /** Pairs that the rule gives by itself, the same pair once for each list value that it agrees on. */
  pairs: number;
  refusedBlocks: number;
  refusedPairs: number;
  largestBlock: number;
  /** A looser rule that the budget left out is reported but not used. */
  taken: boolean;
}

/** One row for each record and key of the rule, as a number for the block. */
const blockSql = (rule: BlockingRule, index: number): string => {
  const list = rule.listKey ? [`unnest(${rule.listKey})`] : [];
  const all = [...rule.keys, ...list].map((key, position) => `${key} AS k${position}`).join(', ');
  const keys = [...rule.keys, ...list].map((_, position) => `k${position}`);
  return `SELECT ${index}::TINYINT AS rule, hash(${index}, ${keys.join(', ')}) AS block, rid FROM (SELECT rid, ${all} FROM linkage_record) WHERE ${keys.map((key) => `${key} IS NOT NULL`).join(' AND ')}`;
};

/** Makes `linkage_block` (rule, block, rid) of blocks of two or more, and `linkage_size` with their sizes. */
async function makeBlocks(duck: Duck, rules: BlockingRule[], maxBlock: number): Promise<BlockingReport[]> {
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_block AS ${rules.map(blockSql).join('\nUNION ALL\n')}`);
  await duck.run('CREATE OR REPLACE TEMP TABLE linkage_size AS SELECT rule, block, count(*)::INTEGER AS size FROM linkage_block GROUP BY ALL HAVING count(*) > 1');
  const rows = await duck.rows<{ rule: number; blocks: number; pairs: number; refusedBlocks: number; refusedPairs: number; largestBlock: number }>(`
    SELECT rule, count(*) AS blocks, coalesce(sum(size::BIGINT * (size - 1) // 2) FILTER (WHERE size <= ${maxBlock}), 0)::DOUBLE AS pairs,
      count(*) FILTER (WHERE size > ${maxBlock}) AS "refusedBlocks", coalesce(sum(size::BIGINT * (size - 1) // 2) FILTER (WHERE size > ${maxBlock}), 0)::DOUBLE AS "refusedPairs", max(size) AS "largestBlock"
    FROM linkage_size GROUP BY rule`);
  const found = new Map(rows.map((row) => [row.rule, row]));
  return rules.map((rule, index) => {
    const row = found.get(index);
    return { rule: rule.name, blocks: row?.blocks ?? 0, pairs: row?.pairs ?? 0, refusedBlocks: row?.refusedBlocks ?? 0, refusedPairs: row?.refusedPairs ?? 0, largestBlock: row?.largestBlock ?? 0, taken: true };
  });
}

/** Makes `linkage_candidate` (l, r): each pair once, l before r. Looser rules are taken while their pairs fit into the budget. */
export async function makeCandidates(duck: Duck, rules: BlockingRule[], loose: BlockingRule[], options: { maxBlock: number; budget: number }): Promise<BlockingReport[]> {
  const { maxBlock } = options;
  const all = await makeBlocks(duck, [...rules, ...loose], maxBlock);
  let left = options.budget - all.slice(0, rules.length).reduce((sum, rule) => sum + rule.pairs, 0);
  const taken = all.map((report, index) => {
    if (index < rules.length) return true;
    if (report.pairs > left) return false;
    left -= report.pairs;
    return true;
  });
  const chosen = all.map((_, index) => index).filter((index) => taken[index]);
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_kept AS SELECT b.block, b.rid FROM linkage_block b SEMI JOIN (SELECT block FROM linkage_size WHERE size <= ${maxBlock} AND rule IN (${chosen.join(', ')})) s ON s.block = b.block`);
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_candidate AS
    SELECT (pair >> 32)::INTEGER AS l, (pair & 4294967295)::INTEGER AS r
    FROM (SELECT DISTINCT (a.rid::BIGINT << 32) | b.rid AS pair FROM linkage_kept a JOIN linkage_kept b ON a.block = b.block AND a.rid < b.rid)`);
  for (const table of ['linkage_block', 'linkage_size', 'linkage_kept']) await duck.run(`DROP TABLE ${id(table)}`);
  return all.map((report, index) => ({ ...report, taken: taken[index]! }));
}

/** Makes `table` (l, r): pairs of one rule, whole blocks chosen by their number until `limit` pairs. Returns the pairs taken and in all. */
export async function sampleRulePairs(duck: Duck, rule: BlockingRule, table: string, limit: number, maxBlock: number): Promise<{ taken: number; all: number }> {
  const [report] = await makeBlocks(duck, [rule], maxBlock);
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_chosen AS
    SELECT block FROM (SELECT block, sum(size::BIGINT * (size - 1) // 2) OVER (ORDER BY block ROWS UNBOUNDED PRECEDING) AS upto FROM linkage_size WHERE size <= ${maxBlock}) WHERE upto <= ${limit}`);
  await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_kept AS SELECT b.block, b.rid FROM linkage_block b SEMI JOIN linkage_chosen c ON c.block = b.block`);
  await duck.run(`CREATE OR REPLACE TEMP TABLE ${id(table)} AS SELECT a.rid AS l, b.rid AS r FROM linkage_kept a JOIN linkage_kept b ON a.block = b.block AND a.rid < b.rid`);
  const { taken } = await duck.one<{ taken: number }>(`SELECT count(*) AS taken FROM ${id(table)}`);
  for (const one of ['linkage_block', 'linkage_size', 'linkage_chosen', 'linkage_kept']) await duck.run(`DROP TABLE ${id(one)}`);
  return { taken, all: report?.pairs ?? 0 };
}
