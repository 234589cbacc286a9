// What would linking by settings of one's own, or by a Splink model, compare? Each rule with its blocks and pairs, what it adds to the rules before
// it, its largest blocks, and the time that comparing would take, from a sample of the pairs. Nothing is trained or linked.

import { counted } from '../core/index.ts';
import type { Duck } from '../store/index.ts';
import type { AnalysedRule, BlockingAnalysis } from './blocking-analysis.store.ts';
import { naming, watchStatements } from './engine-problem.ts';
import { blocksOfCondition, type BlocksOfRule, type LargeBlocks } from './large-blocks.store.ts';
import { modelOf, prepareBySettings } from './link-by-settings.store.ts';
import type { ReadRecords } from './read-records.store.ts';
import type { ReadSettings, SettingsFile } from './settings-file.ts';
import { addPairsSql, blockPairsSql, candidatesSql, conditionPairsSql, emptyCandidatesSql, givenByRuleSql, largestBlocksSql, ruleBlocksSql, ruleReportSql, timedPairsSql } from './settings-pairs.sql.ts';
import { planSettings, type PlannedRule } from './settings-plan.sql.ts';
import { blockBySplink, checkConditions, mostPairs, needSource, prepareModelRecords } from './splink-link.store.ts';
import { equalKeys, levelsSql, ruleSizeSql, shutSql } from './splink-pairs.sql.ts';
import { explodedBy, ruleSql, type SplinkSettings } from './splink-settings.ts';

/** Pairs on which the time is measured. */
const timed = 100_000;

interface GivenCondition {
  where: string;
  name: string;
  condition: string;
  /** Columns that are lists, any of whose values may agree. */
  exploded: string[];
  maxBlock: number;
  maxPairs: number;
}

/** Counts a rule that is a condition: at most so many pairs, by its equalities. */
async function analyseCondition(duck: Duck, { where, name, condition, exploded, maxBlock, maxPairs }: GivenCondition): Promise<AnalysedRule> {
  const { pairs, largest } = await naming(where, condition, () => duck.one<{ pairs: number; largest: number }>(ruleSizeSql(equalKeys(condition), exploded)));
  return { rule: name, blocks: 0, pairs, marginalPairs: 0, refusedBlocks: 0, refusedPairs: 0, largestBlock: largest, largestBlocks: [largest], maxBlock, taken: pairs <= maxPairs, learned: false };
}

/** Counts a rule, and adds its pairs to `settings_pair` where a run would take them. */
async function analyseRule(duck: Duck, rule: PlannedRule, index: number, settings: SettingsFile): Promise<AnalysedRule> {
  const between = settings.link === 'link';
  const [maxBlock, maxPairs] = [settings['max-block'], settings['max-pairs']];
  const where = `blocking rule ${index + 1} (${rule.name})`;
  const { condition } = rule;
  if (condition !== undefined) {
    const sized = await analyseCondition(duck, { where, name: rule.name, condition, exploded: [], maxBlock, maxPairs });
    if (sized.taken) await naming(where, condition, () => duck.run(addPairsSql(conditionPairsSql(condition, between), index)));
    return sized;
  }
  await naming(where, rule.name, () => duck.run(ruleBlocksSql(rule, between)));
  const { blocks, pairs, largeBlocks, largePairs, largestBlock } = await duck.one<{ blocks: number; pairs: number; largeBlocks: number; largePairs: number; largestBlock: number }>(ruleReportSql(maxBlock));
  const largestBlocks = (await duck.rows<{ size: number }>(largestBlocksSql)).map(({ size }) => size);
  const taken = pairs <= maxPairs && (largeBlocks === 0 || settings['large-blocks'] === 'leave-out');
  if (taken) await duck.run(addPairsSql(blockPairsSql(maxBlock, between), index));
  return { rule: rule.name, blocks, pairs, marginalPairs: 0, refusedBlocks: largeBlocks, refusedPairs: largePairs, largestBlock, largestBlocks, maxBlock, taken, learned: false };
}

const blocksOf = (rule: PlannedRule): BlocksOfRule | undefined =>
  rule.condition === undefined ? { rule: rule.name, keys: rule.keys, ...(rule.any === undefined ? {} : { listKey: rule.any }), from: 'splink_record', over: 1 } : blocksOfCondition(rule.name, rule.condition, 1);

/**
 * Analyses the blocking of settings before a linkage is run.
 * @param options `largeBlocks` keeps the values of each rule's three largest blocks, where somebody may see them
 * @returns as analyseBlocking; the budget is what one rule may give, and a rule that is not taken is one that a run would refuse
 * @throws Problem where the settings name a column that is not there, or SQL that cannot be run
 */
export async function analyseSettings(engine: Duck, read: ReadRecords, { settings, learned }: ReadSettings, options: { localPacks?: string; largeBlocks?: LargeBlocks }): Promise<BlockingAnalysis> {
  const { duck, last } = watchStatements(engine);
  const plan = planSettings(settings, read.columns);
  await duck.run(shutSql);
  const prepared = await naming('stage "prepare"', last, () => prepareBySettings(duck, read, plan, settings, options.localPacks));
  const model = modelOf(settings, plan, prepared.columns, learned);
  needSource(model, read, false);
  const columns = await naming('stage "prepare"', last, () => prepareModelRecords(duck, prepared, model));
  await checkConditions(duck, model, columns);
  await duck.run(emptyCandidatesSql);
  const rules: AnalysedRule[] = [];
  for (const [index, rule] of plan.rules.entries()) {
    rules.push(await analyseRule(duck, rule, index, settings));
    const blocks = blocksOf(rule);
    if (blocks) await options.largeBlocks?.keep(blocks);
  }
  await duck.run(candidatesSql);
  return analysed({ duck, last, model, columns, rules, records: read.records, budget: settings['max-pairs'] });
}

/**
 * Analyses the blocking of a Splink model before a linkage is run.
 * @param options as for `analyseSettings`
 * @returns as `analyseSettings`; the pairs of a rule are those by its equalities, of which its other conditions leave some out
 * @throws Problem where the model names a column that is not there, or SQL that cannot be run
 */
export async function analyseModel(engine: Duck, read: ReadRecords, model: SplinkSettings, { largeBlocks }: { largeBlocks?: LargeBlocks }): Promise<BlockingAnalysis> {
  const { duck, last } = watchStatements(engine);
  needSource(model, read, false);
  await duck.run(shutSql);
  const columns = await naming('stage "prepare"', last, () => prepareModelRecords(duck, read, model));
  await checkConditions(duck, model, columns);
  const rules: AnalysedRule[] = [];
  for (const [index, rule] of model.blocking_rules_to_generate_predictions.entries()) {
    const [condition, exploded] = [ruleSql(rule), explodedBy(rule)];
    rules.push(await analyseCondition(duck, { where: `blocking rule ${index + 1}`, name: condition, condition, exploded, maxBlock: read.records, maxPairs: mostPairs }));
    const blocks = exploded.length > 0 ? undefined : blocksOfCondition(condition, condition, 1);
    if (blocks) await largeBlocks?.keep(blocks);
  }
  const taken = model.blocking_rules_to_generate_predictions.filter((_, index) => rules[index]!.taken);
  if (taken.length > 0) await blockBySplink(duck, { ...model, blocking_rules_to_generate_predictions: taken }, read.source);
  let next = 0;
  const matchKeys = rules.map((rule) => (rule.taken ? next++ : -1));
  return analysed({ duck, last, model, columns, rules, records: read.records, budget: mostPairs, matchKeys });
}

interface Given {
  duck: Duck;
  last(): string;
  model: SplinkSettings;
  columns: string[];
  rules: AnalysedRule[];
  records: number;
  budget: number;
  /** The match_key of each rule's pairs: its own number where absent. */
  matchKeys?: readonly number[];
}

/** What each rule gives, by the match_key of `splink_candidate`, and how long comparing takes. */
async function analysed({ duck, last, model, columns, rules, records, budget, matchKeys = [...rules.keys()] }: Given): Promise<BlockingAnalysis> {
  const given = new Map((await duck.rows<{ rule: number; pairs: number }>(givenByRuleSql)).map(({ rule, pairs }) => [rule, pairs]));
  const candidatePairs = [...given.values()].reduce((sum, pairs) => sum + pairs, 0);
  await duck.run(timedPairsSql(timed));
  const started = performance.now();
  await naming('stage "compare"', last, () => duck.run(`CREATE OR REPLACE TEMP TABLE settings_timed_level AS ${levelsSql(model, columns, 'settings_timed')}`));
  const comparingSeconds = ((performance.now() - started) / 1000) * (candidatePairs / Math.max(1, Math.min(timed, candidatePairs)));
  const refused = rules.filter(({ taken }) => !taken);
  const warnings = refused.length > 0 ? [`A run would refuse ${counted(refused.length, 'rule')} of these settings; the pairs are those of the others`] : [];
  return { records, budget, rules: rules.map((rule, index) => ({ ...rule, marginalPairs: given.get(matchKeys[index]!) ?? 0 })), candidatePairs, comparingSeconds, warnings };
}
