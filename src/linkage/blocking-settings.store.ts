// What would linking by settings of one's own compare? Each rule of the settings with its blocks and pairs, what it adds to the rules before it, its
// largest blocks, and the time that comparing would take, from a sample of the pairs. Nothing is trained or linked.

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
import { checkConditions, needSource, prepareModelRecords } from './splink-link.store.ts';
import { equalKeys, levelsSql, ruleSizeSql, shutSql } from './splink-pairs.sql.ts';

/** Pairs on which the time is measured. */
const timed = 100_000;

/** Counts a rule, and adds its pairs to `settings_pair` where a run would take them. */
async function analyseRule(duck: Duck, rule: PlannedRule, index: number, settings: SettingsFile): Promise<AnalysedRule> {
  const between = settings.link === 'link';
  const [maxBlock, maxPairs] = [settings['max-block'], settings['max-pairs']];
  const where = `blocking rule ${index + 1} (${rule.name})`;
  const { condition } = rule;
  if (condition !== undefined) {
    const { pairs, largest } = await naming(where, condition, () => duck.one<{ pairs: number; largest: number }>(ruleSizeSql(equalKeys(condition), [])));
    const taken = pairs <= maxPairs;
    if (taken) await naming(where, condition, () => duck.run(addPairsSql(conditionPairsSql(condition, between), index)));
    return { rule: rule.name, blocks: 0, pairs, marginalPairs: 0, refusedBlocks: 0, refusedPairs: 0, largestBlock: largest, largestBlocks: [largest], maxBlock, taken, learned: false };
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
  const given = new Map((await duck.rows<{ rule: number; pairs: number }>(givenByRuleSql)).map(({ rule, pairs }) => [rule, pairs]));
  const candidatePairs = [...given.values()].reduce((sum, pairs) => sum + pairs, 0);
  await duck.run(timedPairsSql(timed));
  const started = performance.now();
  await naming('stage "compare"', last, () => duck.run(`CREATE OR REPLACE TEMP TABLE settings_timed_level AS ${levelsSql(model, columns, 'settings_timed')}`));
  const comparingSeconds = ((performance.now() - started) / 1000) * (candidatePairs / Math.max(1, Math.min(timed, candidatePairs)));
  const refused = rules.filter(({ taken }) => !taken);
  const warnings = refused.length > 0 ? [`A run would refuse ${counted(refused.length, 'rule')} of these settings; the pairs are those of the others`] : [];
  return { records: read.records, budget: settings['max-pairs'], rules: rules.map((rule, index) => ({ ...rule, marginalPairs: given.get(index) ?? 0 })), candidatePairs, comparingSeconds, warnings };
}
