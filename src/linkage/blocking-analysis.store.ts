// What would a linkage compare? Rules fixed and learned, each with its blocks and pairs, what it adds to the rules before it, its largest block, and
// the time that comparing would take, from a sample of the pairs. Nothing is linked.

import { silentProgress, type Progress } from '../core/index.ts';
import type { Duck } from '../store/index.ts';
import { learnBlocking } from './blocking-learn.store.ts';
import { makeCandidates, type BlockingReport } from './blocking.store.ts';
import type { LargeBlocks } from './large-blocks.store.ts';
import { patternPlaces } from './compare-pairs.sql.ts';
import { comparePairs } from './compare-pairs.store.ts';
import { fitToColumns } from './link-records.ts';
import { nothingDecided } from './link-decision-numbers.store.ts';
import { checkSettings, type LinkageSettings } from './linkage-settings.ts';
import { personSettings } from './person-settings.sql.ts';
import { dropWorkingTables, prepareRecords } from './prepare-records.store.ts';
import { estimateChance, estimateMatch } from './train-model.ts';
import { countTrainingPairs, drawTrainingPairs } from './training-pairs.store.ts';

export interface AnalysedRule extends BlockingReport {
  learned: boolean;
  /** For learned rules: the share of likely matches, found by a sample, that no rule before reaches. */
  gain?: number;
}

export interface BlockingAnalysis {
  records: number;
  /** Pairs that all rules together may give before learned rules are left out. */
  budget: number;
  rules: AnalysedRule[];
  candidatePairs: number;
  /** Seconds that comparing the pairs would take on this machine as it is now. */
  comparingSeconds: number;
  warnings: string[];
}

/** Pairs on which the time is measured. */
const timed = 100_000;

/**
 * Analyses blocking before a linkage is run.
 * @param duck the query engine that holds the source table
 * @returns each rule with pairs, marginal pairs and largest block, the candidate pairs in all, and the seconds that comparing them would take
 * @throws Problem where the source has no id column, an id twice, or the settings hold a mistake
 * @example const { rules, candidatePairs } = await analyseBlocking(duck, { source: 'source_record' })
 */
export async function analyseBlocking(duck: Duck, options: { source: string; settings?: LinkageSettings; progress?: Progress; largeBlocks?: LargeBlocks }): Promise<BlockingAnalysis> {
  const whole = options.settings ?? personSettings();
  checkSettings(whole);
  const progress = options.progress ?? silentProgress;
  try {
    progress.stage('Preparing records');
    const prepared = await prepareRecords(duck, options.source, whole);
    const { settings, warnings } = fitToColumns(whole, prepared);
    const { records } = prepared;
    const budget = Math.max(settings.leastBudget, settings.pairsPerRecord * records);
    if (records < 2 || settings.comparisons.length === 0 || settings.blocking.length === 0) return { records, budget, rules: [], candidatePairs: 0, comparingSeconds: 0, warnings };
    const places = patternPlaces(settings.comparisons);
    progress.stage('Learning rules');
    const training = await countTrainingPairs(duck, places, await drawTrainingPairs(duck, prepared, settings, nothingDecided));
    const chance = estimateChance(prepared, settings, training);
    const { m } = estimateMatch(settings, training, chance);
    const learned = await learnBlocking(duck, records, places, settings, { m, u: chance }, budget);
    progress.stage('Counting pairs');
    const reports = await makeCandidates(duck, settings.blocking, learned, { maxBlock: settings.maxBlock, budget });
    for (const rule of options.largeBlocks ? [...settings.blocking, ...learned] : []) await options.largeBlocks?.keep({ ...rule, rule: rule.name, from: 'linkage_record', over: 1 });
    const candidatePairs = reports.reduce((sum, { marginalPairs }) => sum + marginalPairs, 0);
    const started = performance.now();
    await duck.run(`CREATE OR REPLACE TEMP TABLE linkage_timed AS SELECT l, r FROM linkage_candidate USING SAMPLE reservoir(${timed} ROWS) REPEATABLE (1)`);
    await comparePairs(duck, 'linkage_timed', 'linkage_timed_pair', places, settings);
    const comparingSeconds = ((performance.now() - started) / 1000) * (candidatePairs / Math.max(1, Math.min(timed, candidatePairs)));
    progress.done(`${candidatePairs.toLocaleString('en-GB')} pairs`);
    const fixed = settings.blocking.length;
    return { records, budget, candidatePairs, comparingSeconds, warnings, rules: reports.map((report, index) => ({ ...report, learned: index >= fixed, ...(index >= fixed ? { gain: learned[index - fixed]!.gain } : {}) })) };
  } finally {
    await dropWorkingTables(duck);
  }
}
