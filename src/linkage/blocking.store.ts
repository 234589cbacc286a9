// Which pairs are worth comparing? Those that agree on all keys of at least one rule. A block larger than the settings allow is refused
// and reported, since it would cost more than it finds. Blocks are numbered by 31 bits of a hash: two blocks fall together so rarely that
// the few pairs more that this gives do not matter.

import type { Duck } from '../store/index.ts';
import { countBlocks, fittingBlock, givePairs, growPairs, membersOf, nothingGiven, samplePairs, type RuleBlocks } from './blocking-pairs.ts';
import { naming } from './engine-problem.ts';
import type { BlockingRule } from './linkage-settings.ts';
import { appendNumbers, readNumbers } from './typed-columns.store.ts';

export interface BlockingReport {
  rule: string;
  blocks: number;
  /** Pairs that the rule gives by itself, the same pair once for each list value that it agrees on. */
  pairs: number;
  /** Pairs that no rule before it gives; 0 where the rule is not taken. */
  marginalPairs: number;
  refusedBlocks: number;
  refusedPairs: number;
  largestBlock: number;
  /** Records of the three largest blocks, the largest first, whether refused or not. */
  largestBlocks: number[];
  /** Larger blocks were refused: the settings' own limit, or less where the rule would have used more than its part of the budget. */
  maxBlock: number;
  /** A looser rule that the budget left out is reported but not used. */
  taken: boolean;
}

/** The number of a record's block, 0 where a key is missing. */
const blockSql = (keys: string[]): string => `CASE WHEN ${keys.map((key) => `${key} IS NOT NULL`).join(' AND ')} THEN greatest(1, (hash(${keys.join(', ')}) >> 33)::INTEGER) ELSE 0 END`;

const namingRule = <T>(rule: BlockingRule, work: () => Promise<T>): Promise<T> => naming(`blocking rule "${rule.name}"`, [...rule.keys, rule.listKey ?? []].flat().join(', '), work);

/** The block of each prepared record (rid 0 to records − 1) by each rule; of a rule with a list, that of the first value. */
async function readFirstBlocks(duck: Duck, rules: BlockingRule[], records: number): Promise<Int32Array[]> {
  const keys = rules.map((rule) => [...rule.keys, ...(rule.listKey ? [`(${rule.listKey})[1]`] : [])]);
  const name = (rule: number) => (_: string, position: number) => `k${rule}_${position}`;
  const columns = keys.flatMap((each, rule) => each.map((key, position) => `${key} AS ${name(rule)(key, position)}`));
  const [rid, ...numbers] = (await readNumbers(duck, `SELECT rid, ${keys.map((each, rule) => blockSql(each.map(name(rule)))).join(', ')} FROM (SELECT rid, ${columns.join(', ')} FROM linkage_record)`, ['integer', ...rules.map(() => 'integer' as const)])) as [Int32Array, ...Int32Array[]];
  return numbers.map((number) => {
    const block = new Int32Array(records);
    for (let i = 0; i < rid.length; i += 1) block[rid[i]!] = number[i]!;
    return block;
  });
}

/** The blocks of the further values of a rule's list. */
async function readFurtherBlocks(duck: Duck, { keys, listKey }: BlockingRule): Promise<RuleBlocks['further']> {
  if (!listKey) return { record: new Int32Array(0), block: new Int32Array(0) };
  const names = keys.map((_, position) => `k${position}`);
  const from = `(SELECT rid, ${[...keys.map((key, position) => `${key} AS k${position}`), `${listKey} AS list`].join(', ')} FROM linkage_record)`;
  const more = `SELECT rid, ${blockSql([...names, 'v'])} AS block FROM (SELECT * EXCLUDE (list), unnest(list_distinct(list[2:])) AS v, list[1] AS first FROM ${from} WHERE len(list) > 1) WHERE v IS DISTINCT FROM first`;
  const [record, block] = (await readNumbers(duck, `SELECT rid, block FROM (${more}) WHERE block > 0 ORDER BY rid, block`, ['integer', 'integer'])) as [Int32Array, Int32Array];
  return { record, block };
}

const readBlocks = (duck: Duck, rule: BlockingRule, records: number): Promise<RuleBlocks> =>
  namingRule(rule, async () => ({ block: (await readFirstBlocks(duck, [rule], records))[0]!, further: await readFurtherBlocks(duck, rule) }));

/** Numbers that are read at once: to read the records anew for each rule takes longer than to work out its keys. */
const mostRead = 16_000_000;

/** The blocks of each rule in turn; a rule that fails is named. */
async function* eachRule(duck: Duck, rules: BlockingRule[], records: number): AsyncGenerator<{ index: number; rule: BlockingRule; blocks: RuleBlocks }> {
  const atOnce = Math.max(1, Math.floor(mostRead / Math.max(1, records)));
  for (let from = 0; from < rules.length; from += atOnce) {
    const some = rules.slice(from, from + atOnce);
    const first = await readFirstBlocks(duck, some, records).catch(async (error: unknown) => {
      for (const rule of some) await readBlocks(duck, rule, records);
      throw error;
    });
    for (const [place, rule] of some.entries()) yield { index: from + place, rule, blocks: { block: first[place]!, further: await namingRule(rule, () => readFurtherBlocks(duck, rule)) } };
  }
}

const countRecords = async (duck: Duck): Promise<number> => (await duck.one<{ n: number }>('SELECT coalesce(max(rid) + 1, 0) AS n FROM linkage_record')).n;

/** The part of the budget that one rule may use: beyond it, its largest blocks are refused. */
const mostOfBudget = 0.5;

/** Makes `linkage_candidate` (l, r): each pair once, l before r. Looser rules are taken while their pairs fit into the budget. */
export async function makeCandidates(duck: Duck, rules: BlockingRule[], loose: BlockingRule[], options: { maxBlock: number; budget: number }): Promise<BlockingReport[]> {
  const records = await countRecords(duck);
  await duck.run('CREATE OR REPLACE TEMP TABLE linkage_candidate (l INTEGER, r INTEGER)');
  const reports: BlockingReport[] = [];
  const given = nothingGiven(records, rules.length + loose.length);
  let left = options.budget;
  for await (const { index, rule, blocks } of eachRule(duck, [...rules, ...loose], records)) {
    const sorted = membersOf(blocks);
    const maxBlock = index < rules.length ? fittingBlock(sorted, options.maxBlock, mostOfBudget * options.budget) : options.maxBlock;
    const sizes = countBlocks(sorted, maxBlock);
    const taken = index < rules.length || sizes.pairs <= left;
    let marginalPairs = 0;
    if (taken) {
      const pairs = growPairs();
      givePairs(blocks, sorted, maxBlock, given, pairs);
      const { l, r } = pairs.columns();
      await appendNumbers(duck, 'linkage_candidate', [l, r]);
      marginalPairs = l.length;
      left -= sizes.pairs;
    }
    reports.push({ rule: rule.name, ...sizes, maxBlock, marginalPairs, taken });
  }
  return reports;
}

/** Pairs of each rule in turn, whole blocks chosen by their number until `samplePairs` of them; and how many the rule gives in all. */
export async function* sampleRules(duck: Duck, rules: BlockingRule[], records: number, { samplePairs: limit, maxBlock }: { samplePairs: number; maxBlock: number }): AsyncGenerator<{ index: number; l: Int32Array; r: Int32Array; all: number }> {
  for await (const { index, blocks } of eachRule(duck, rules, records)) {
    const sorted = membersOf(blocks);
    yield { index, ...samplePairs(sorted, maxBlock, limit).columns(), all: countBlocks(sorted, maxBlock).pairs };
  }
}
