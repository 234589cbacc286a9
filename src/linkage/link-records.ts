// Which records are one person? The whole way from a table of records to a table of person keys: check and prepare, block, train,
// compare, weigh, cluster. Method and limits: docs/methods/linkage.md.

import { counted, silentProgress, type Progress } from '../core/index.ts';
import type { Duck } from '../store/index.ts';
import { learnBlocking } from './blocking-learn.store.ts';
import { makeCandidates, type BlockingReport } from './blocking.store.ts';
import { clusterDecided, clusterPairs, countLinks, weighPairs, writePeople } from './cluster-pairs.store.ts';
import { decidedPairsSql, levelNamesSql, noPairsSql, recordNumbersSql } from './pair-levels.sql.ts';
import { patternPlaces, type PatternPlace } from './compare-pairs.sql.ts';
import { comparePairs, readPatterns } from './compare-pairs.store.ts';
import { naming, watchStatements } from './engine-problem.ts';
import { shareThreads } from './engine-threads.store.ts';
import { namingComparisons } from './failing-condition.store.ts';
import type { LargeBlocks } from './large-blocks.store.ts';
import { numberDecisions, type DecidedPairs, type DecisionReport } from './link-decision-numbers.store.ts';
import type { LinkDecision } from './link-decisions.ts';
import { checkSettings, type BlockingRule, type LinkageSettings } from './linkage-settings.ts';
import { fewestMatches, type TrainingSession } from './expectation-maximisation.ts';
import { estimatePrior, weighPatterns, type MatchModel } from './match-model.ts';
import { findFaults, findUntrained, type JudgedComparison } from './model-faults.ts';
import { personSettings } from './person-settings.sql.ts';
import { dropWorkingTables, prepareRecords, type PreparedRecords } from './prepare-records.store.ts';
import { chooseThreshold, type ReviewedThreshold } from './reviewed-threshold.ts';
import { countSettled, weighSettled } from './settled-pairs.store.ts';
import { estimateChance, estimateMatch, estimateRelatives, withoutMatches, type SessionReport } from './train-model.ts';
import { countTrainingPairs, drawTrainingPairs } from './training-pairs.store.ts';

export interface LinkOptions {
  /** The table of records. */
  source: string;
  /** The table to make: source_id, person_key. Replaced where it exists. */
  out: string;
  settings?: LinkageSettings;
  progress?: Progress;
  /** What reviewers settled, the latest last: it outranks the model. Where decisions contradict each other, the latest wins. */
  decisions?: readonly LinkDecision[];
  /** Use the threshold that the settled decisions name, where there are enough; that of the settings is then the usual one. */
  reviewedThreshold?: boolean;
  /** Keeps the values of blocks that are too large, where somebody may see them. */
  largeBlocks?: LargeBlocks;
  /**
   * Called once the records are grouped, with a SELECT of the pairs (l, r, own weight in bits, probability after the evidence of the cluster, whether
   * that links them, whether a rule proposed them, and the pattern), one of the records' numbers (rid, key), and expressions over the pattern that
   * name the level of each comparison (level_NAME).
   */
  onPairs?(pairs: string, numbers: string, levels: string[]): Promise<void>;
  /** Called once `out` is written, while the compared pairs and the clusters are still there, where anything could be compared. */
  onLinked?(linked: LinkedRecords): Promise<void>;
}

/** A finished linkage, over `linkage_record`, `linkage_pair`, `linkage_scored`, `linkage_settled`, `linkage_extra_pair` and `linkage_cluster`. */
export interface LinkedRecords {
  model: MatchModel;
  /** The blocking rules that gave the pairs. */
  rules: BlockingRule[];
  places: PatternPlace[];
  /** With the threshold that was used. */
  settings: LinkageSettings;
  /** How training went, session by session. */
  sessions: TrainingSession[];
  /** What the settled decisions said of the threshold, where they were asked. */
  reviewed?: ReviewedThreshold;
}

export interface LevelReport {
  name: string;
  label: string;
  m: number;
  u: number;
  relatives: number | null;
  /** log2(m / u), in bits. */
  weight: number;
}

export interface LinkageResult {
  records: number;
  candidatePairs: number;
  /** Pairs at or above the threshold. */
  links: number;
  people: number;
  threshold: number;
  /** What the settled decisions said of the threshold, where they were asked. */
  reviewed?: ReviewedThreshold;
  /** Probability that two records taken at random are one person. */
  prior: number;
  model: { comparison: string; label: string; trained: boolean; levels: LevelReport[] }[];
  sessions: TrainingSession[];
  blocking: BlockingReport[];
  /** What became of the settled decisions. */
  decisions: DecisionReport;
  seconds: Record<string, number>;
  warnings: string[];
}

/** Of a hundred parts of the time, how many each stage takes as a rule: for the time left. */
const partsOfTime = { prepare: 20, train: 20, block: 15, compare: 25, weigh: 3, cluster: 12, write: 5 } as const;
type Stage = keyof typeof partsOfTime;

interface Timer {
  seconds: Record<string, number>;
  run<T>(stage: Stage, label: string, work: () => Promise<T>): Promise<T>;
  /** All stages are done. */
  end(summary: string): void;
}

/** Times stages, and names them where the engine fails, with the statement that it was last given. */
function createTimer(progress: Progress, last: () => string): Timer {
  const seconds: Record<string, number> = {};
  let parts = 0;
  progress.stage('Linking records', 100);
  return {
    seconds,
    run: async (stage, label, work) => {
      progress.at(parts, label);
      const from = performance.now();
      const result = await naming(`stage "${stage}"`, last, work);
      seconds[stage] = Math.round(performance.now() - from) / 1000;
      parts += partsOfTime[stage];
      return result;
    },
    end: (summary) => progress.done(summary),
  };
}

/**
 * Links records to people and writes `out` (source_id, person_key).
 * @param duck the query engine that holds the source table
 * @returns counts, the model with m, u and weights in bits, the training sessions, the blocking report, seconds by stage and warnings
 * @throws Problem where the source has no id column, an id twice, or nothing that can be compared
 * @example const result = await linkRecords(duck, { source: 'source_record', out: 'source_person' })
 */
export async function linkRecords(engine: Duck, options: LinkOptions): Promise<LinkageResult> {
  const whole = options.settings ?? personSettings();
  checkSettings(whole);
  const { duck, last } = watchStatements(engine);
  const timer = createTimer(options.progress ?? silentProgress, last);
  const threads = await shareThreads(engine);
  try {
    await threads.overTable(options.source);
    const prepared = await timer.run('prepare', 'preparing records', () => prepareRecords(duck, options.source, whole));
    const { settings: fitted, warnings } = fitToColumns(whole, prepared);
    let settings = fitted;
    const { decided, report: decisions } = await numberDecisions(duck, options.decisions ?? []);
    if (decisions.contradicted.length > 0) warnings.push(`${decisions.contradicted.length} settled decisions are ruled out by later ones and were left out`);
    if (prepared.records < 2 || settings.comparisons.length === 0 || settings.blocking.length === 0) {
      await options.onPairs?.(noPairsSql, recordNumbersSql, levelNamesSql(patternPlaces(settings.comparisons)));
      const nothing = await linkNothing(duck, options.out, whole, prepared, { warnings, seconds: timer.seconds, decided, decisions });
      timer.end(`${prepared.records.toLocaleString('en-GB')} records`);
      return nothing;
    }
    const places = patternPlaces(settings.comparisons);
    await threads.over(prepared.records);
    const training = await timer.run('train', 'learning how records agree', async () => {
      const drawn = await drawTrainingPairs(duck, prepared, settings, decided);
      await threads.over(drawn.pairs);
      return countTrainingPairs(duck, places, drawn);
    });
    const chance = estimateChance(prepared, settings, training);
    const trained = estimateMatch(settings, training, chance);
    await threads.over(prepared.records);
    for (const session of trained.sessions) if (session.used && !session.converged) warnings.push(`Training on "${session.session}" did not converge in ${session.iterations} rounds`);
    const budget = Math.max(settings.leastBudget, settings.pairsPerRecord * prepared.records);
    const { blocking, rules } = await timer.run('block', 'choosing pairs', async () => {
      const learned = await learnBlocking(duck, prepared.records, places, settings, { m: trained.m, u: chance }, budget);
      const reports = await makeCandidates(duck, settings.blocking, learned, { maxBlock: settings.maxBlock, budget });
      for (const [index, rule] of [...settings.blocking, ...learned].entries()) {
        const report = reports[index]!;
        if (report.taken && report.refusedBlocks > 0) await options.largeBlocks?.keep({ ...rule, rule: rule.name, from: 'linkage_record', over: report.maxBlock });
      }
      return { blocking: reports, rules: [...settings.blocking, ...learned].map((rule, index) => ({ ...rule, maxBlock: reports[index]!.maxBlock })).filter((_, index) => reports[index]!.taken) };
    });
    for (const rule of blocking) {
      if (rule.taken && rule.refusedBlocks > 0) warnings.push(`Rule "${rule.rule}": ${counted(rule.refusedBlocks, 'block')} of more than ${rule.maxBlock} records ${rule.refusedBlocks === 1 ? 'was' : 'were'} not compared (the largest holds ${rule.largestBlock})`);
    }
    await threads.over(blocking.reduce((sum, { marginalPairs }) => sum + marginalPairs, 0));
    await timer.run('compare', 'comparing pairs', () => namingComparisons({ duck, comparisons: settings.comparisons, pairs: 'linkage_candidate', stage: 'stage "compare"' }, () => comparePairs(duck, 'linkage_candidate', 'linkage_pair', places, settings)));
    const { patterns, counts } = await readPatterns(duck, places, 'SELECT pattern, count(*) AS n FROM linkage_pair GROUP BY 1 ORDER BY 1');
    const pairs = counts.counts.reduce((sum, n) => sum + n, 0);
    const kin = estimateRelatives(settings, training, trained.m, chance);
    const sessions = [...trained.sessions, ...(kin ? [kin.session] : [])].map(presentSession);
    const model = fitModel(settings, prepared, chance, trained.m, kin, counts);
    const judged = judgedModel(model, trained.matches);
    warnings.push(...findUntrained(judged), ...findFaults(judged));
    await timer.run('weigh', 'weighing pairs', () => weighPairs(duck, patterns, weighPatterns(model, counts, settings.conflicts)));
    await weighSettled(duck, { model, places, settings }, options.decisions ?? []);
    const reviewed = options.reviewedThreshold ? { reviewed: chooseThreshold(await countSettled(duck), settings.threshold) } : {};
    if (reviewed.reviewed) settings = { ...settings, threshold: reviewed.reviewed.threshold };
    const links = await countLinks(duck, settings.threshold);
    await threads.over(prepared.records);
    const clustered = await timer.run('cluster', 'grouping records into people', () => clusterPairs(duck, prepared.records, model, settings, decided));
    warnings.push(...clustered.warnings);
    await threads.over(pairs);
    await naming('stage "pairs"', '', async () => options.onPairs?.(decidedPairsSql(Math.log2(settings.threshold / (1 - settings.threshold))), recordNumbersSql, levelNamesSql(places)));
    await threads.over(prepared.records);
    const candidatePairs = counts.counts.reduce((sum, n) => sum + n, 0);
    const people = await timer.run('write', 'writing person keys', () => writePeople(duck, options.out));
    timer.end(`${counted(candidatePairs, 'pair')} compared`);
    await threads.restore();
    await naming('what is kept of the linkage', '', async () => options.onLinked?.({ model, rules, places, settings, sessions, ...reviewed }));
    return {
      records: prepared.records, candidatePairs: pairs, links, people, threshold: settings.threshold, ...reviewed, prior: model.prior,
      model: presentModel(model, trained.matches), sessions, blocking, decisions,
      seconds: withTotal(timer.seconds), warnings,
    };
  } finally {
    await threads.restore();
    await dropWorkingTables(duck);
  }
}

const withTotal = (seconds: Record<string, number>) => ({ ...seconds, total: Math.round(Object.values(seconds).reduce((sum, value) => sum + value, 0) * 1000) / 1000 });

const presentSession = ({ session, pairs, matches, iterations, converged, used, trace }: SessionReport): TrainingSession => ({ session, pairs, matches: Math.round(matches), iterations, converged, used, trace });

/** Leaves out comparisons and rules over columns that hold nothing, and says so. */
export function fitToColumns(settings: LinkageSettings, prepared: PreparedRecords): { settings: LinkageSettings; warnings: string[] } {
  const warnings: string[] = [];
  const empty = (column: string) => prepared.empty.has(column);
  const comparisons = settings.comparisons.filter((comparison) => {
    const main = comparison.needs ?? comparison.columns.slice(0, 1);
    const gone = main.every(empty);
    if (gone) warnings.push(`"${comparison.label}" holds nothing that can be compared and was left out`);
    return !gone;
  });
  const kept = new Set(comparisons.map((comparison) => comparison.name));
  const usable = (rule: BlockingRule) => rule.needs.every((column) => !empty(column));
  const knows = (part: Record<string, string[]>) => Object.keys(part).every((name) => kept.has(name));
  const some = (part: Record<string, string[]>) => Object.fromEntries(Object.entries(part).filter(([name]) => kept.has(name)));
  return {
    warnings,
    settings: {
      ...settings,
      comparisons,
      blocking: settings.blocking.filter(usable),
      blockingKeys: settings.blockingKeys.filter((key) => key.needs.some((column) => !empty(column))),
      training: settings.training.filter(usable),
      conflicts: settings.conflicts.filter((rule) => knows(rule.when)).map((rule) => ({ ...rule, unless: some(rule.unless ?? {}) })),
      onePerPerson: settings.onePerPerson.filter((column) => !empty(column)),
    },
  };
}

/** The prior, u without matches, and the relatives' share, each from the others, in a few rounds. */
function fitModel(settings: LinkageSettings, prepared: PreparedRecords, chance: number[][], m: number[][], kin: { relatives: number[][]; pairs: number } | undefined, counts: Parameters<typeof estimatePrior>[1]): MatchModel {
  const allPairs = (prepared.records * (prepared.records - 1)) / 2;
  let model: MatchModel = { comparisons: settings.comparisons, m, u: chance, prior: Math.min(0.1, 1 / prepared.records), kin: kin ? Math.min(kin.pairs / allPairs, 0.1) : 0, ...(kin ? { relatives: kin.relatives } : {}) };
  for (let round = 0; round < 3; round += 1) {
    const { prior } = estimatePrior(model, counts, allPairs);
    model = { ...model, prior, u: withoutMatches(chance, m, prior, settings) };
  }
  return model;
}

/** The model as its faults are looked for. */
const judgedModel = (model: MatchModel, matches: number[]): JudgedComparison[] =>
  model.comparisons.map((comparison, c) => ({ name: comparison.label, matches: matches[c]!, levels: comparison.levels.map((level, index) => ({ label: level.label, m: model.m[c]![index]!, u: model.u[c]![index]!, start: Math.log2(level.m / level.u), varies: (level.frequencyPower ?? 0) > 0 })) }));

function presentModel(model: MatchModel, matches: number[]): LinkageResult['model'] {
  return model.comparisons.map((comparison, c) => ({
    comparison: comparison.name,
    label: comparison.label,
    trained: matches[c]! >= fewestMatches,
    levels: comparison.levels.map((level, index) => ({
      name: level.name,
      label: level.label,
      m: model.m[c]![index]!,
      u: model.u[c]![index]!,
      relatives: model.relatives?.[c]?.[index] ?? null,
      weight: Math.log2(model.m[c]![index]! / model.u[c]![index]!),
    })),
  }));
}

/** Too few records, or nothing to compare them by: every record is a person of its own. */
async function linkNothing(duck: Duck, out: string, settings: LinkageSettings, prepared: PreparedRecords, { warnings, seconds, decided, decisions }: { warnings: string[]; seconds: Record<string, number>; decided: DecidedPairs; decisions: DecisionReport }): Promise<LinkageResult> {
  if (prepared.records >= 2) warnings.push('Nothing can be compared: every record stands for a person of its own');
  await clusterDecided(duck, prepared.records, decided);
  const people = await writePeople(duck, out);
  return { records: prepared.records, candidatePairs: 0, links: 0, people, threshold: settings.threshold, prior: 0, model: [], sessions: [], blocking: [], decisions, seconds: withTotal(seconds), warnings };
}
