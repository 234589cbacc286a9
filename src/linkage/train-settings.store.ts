// How are m, u and the prior of a settings file learned? u from counts of values (equality) and pairs drawn at random, freed of the
// matches among them; m from labels where they are given, else by expectation–maximisation in one session a rule, each training the
// comparisons whose columns the rule does not read; the prior as the share of matches among all pairs. What the settings fix stays.
// As in train-model (Fellegi and Sunter 1969; Winkler 1988). What no session trains, and what contradicts itself, is reported.

import { createRandom } from '../core/index.ts';
import type { Duck } from '../store/index.ts';
import { naming } from './engine-problem.ts';
import { convergenceTolerance, countSureMatches, fewestMatches, fitTwoClasses, priorOfM, traceOf, type LevelTable, type PatternCounts, type TrainingSession } from './expectation-maximisation.ts';
import { namingLevels } from './failing-condition.store.ts';
import type { Comparison } from './linkage-settings.ts';
import type { JudgedComparison } from './model-faults.ts';
import type { LearnedModel, SettingsFile } from './settings-file.ts';
import { agreeingPairsSql, allPairsSql, blockPairsSql, conditionPairsSql, drawnPairsSql, pairTableSql, possiblePairsSql, ruleBlocksSql, ruleReportSql } from './settings-pairs.sql.ts';
import type { PlannedRule, SettingsPlan } from './settings-plan.sql.ts';
import { levelsSql, patternCountsSql } from './splink-pairs.sql.ts';
import type { SplinkSettings } from './splink-settings.ts';
import { writeNumbers } from './typed-columns.store.ts';

const priorOfU = 200;
const priorOfLabels = 2;

export interface TrainedSettings {
  m: LevelTable;
  u: LevelTable;
  /** For each comparison, the pairs of one person that taught it. */
  matches: number[];
  sessions: TrainingSession[];
  warnings: string[];
}

export interface TrainingInput {
  duck: Duck;
  plan: SettingsPlan;
  settings: SettingsFile;
  /** The untrained model, for its conditions. */
  model: SplinkSettings;
  columns: string[];
  records: number;
  /** Only pairs of different sources count. */
  between: boolean;
  /** SELECT of l, r of pairs labelled as one person. */
  labelled?: string;
}

/** Counts of level patterns over a table of pairs (l, r, match_key). */
export async function countPatterns(duck: Duck, model: SplinkSettings, levels: string): Promise<PatternCounts> {
  const rows = await duck.rows<Record<string, number>>(patternCountsSql(model, levels));
  const comparisons = model.comparisons.length;
  const table = new Int8Array(rows.length * comparisons);
  const counts = new Float64Array(rows.length);
  const last = model.comparisons.map((one) => one.comparison_levels.filter((level) => !level.is_null_level).length - 1);
  for (const [p, row] of rows.entries()) {
    counts[p] = row.n!;
    for (let c = 0; c < comparisons; c += 1) table[p * comparisons + c] = row[`g${c}`]! < 0 ? -1 : last[c]! - row[`g${c}`]!;
  }
  return { comparisons, levels: table, counts };
}

/** Counts over `settings_pair`; a condition that fails there is named. */
const countPairs = ({ duck, model, columns }: TrainingInput, stage: string): Promise<PatternCounts> =>
  namingLevels({ duck, model, columns, pairs: 'settings_pair', stage }, () => countPatterns(duck, model, levelsSql(model, columns, 'settings_pair')));

const share = (row: number[]): number[] => {
  const total = row.reduce((sum, value) => sum + value, 0);
  return row.map((value) => value / total);
};
const startOf = (comparisons: Comparison[], kind: 'm' | 'u'): LevelTable => comparisons.map(({ levels }) => share(levels.map((level) => level[kind])));

/** What is fixed stays; the others share the rest as they stood to each other. */
export function withFixed(row: number[], fixed: (number | undefined)[]): number[] {
  const taken = fixed.reduce<number>((sum, value) => sum + (value ?? 0), 0);
  const free = row.reduce((sum, value, index) => sum + (fixed[index] === undefined ? value : 0), 0);
  if (taken === 0) return row;
  return row.map((value, index) => fixed[index] ?? (free > 0 ? (value / free) * Math.max(1 - taken, 1e-6) : value));
}

const tally = (counts: PatternCounts, c: number, levels: number): number[] => {
  const seen = Array.from({ length: levels }, () => 0);
  for (let p = 0; p < counts.counts.length; p += 1) {
    const level = counts.levels[p * counts.comparisons + c]!;
    if (level >= 0) seen[level]! += counts.counts[p]!;
  }
  return seen;
};

async function makeRandomPairs({ duck, settings, records, between }: TrainingInput): Promise<void> {
  const { pairs } = await duck.one<{ pairs: number }>(possiblePairsSql(between));
  if (pairs <= settings.training.pairs) return duck.run(pairTableSql('settings_pair', allPairsSql(between)));
  const random = createRandom(settings.seed, 'linkage pairs');
  const drawn = Math.min(Math.ceil(settings.training.pairs * Math.min(4, (records * (records - 1)) / 2 / pairs)), settings.training.pairs * 4);
  const [l, r] = [new Int32Array(drawn), new Int32Array(drawn)];
  for (let i = 0; i < drawn; i += 1) {
    const a = random.below(records);
    const b = (a + 1 + random.below(records - 1)) % records;
    [l[i], r[i]] = [Math.min(a, b), Math.max(a, b)];
  }
  await writeNumbers(duck, 'settings_random', { l, r });
  await duck.run(pairTableSql('settings_pair', drawnPairsSql(between)));
}

/** u with the matches still in it. */
async function estimateU(input: TrainingInput): Promise<LevelTable> {
  const { duck, plan, between } = input;
  await makeRandomPairs(input);
  const counts = await countPairs(input, 'stage "train", pairs drawn at random');
  const start = startOf(plan.comparisons, 'u');
  const table: LevelTable = [];
  for (const [c, { levels }] of plan.comparisons.entries()) {
    const seen = tally(counts, c, levels.length);
    const total = seen.reduce((sum, n) => sum + n, 0);
    const row = levels.map((_, index) => (seen[index]! + start[c]![index]! * priorOfU) / (total + priorOfU));
    const exact = levels[0]!.name === 'exact' ? levels[0]!.exactOn : undefined;
    if (exact !== undefined) {
      const { agreeing, pairs } = await duck.one<{ agreeing: number; pairs: number }>(agreeingPairsSql(exact, between));
      if (pairs > 0) row[0] = (agreeing + start[c]![0]! * priorOfU) / (pairs + priorOfU);
    }
    const rest = row.slice(1).reduce((sum, value) => sum + value, 0);
    table.push(row.map((value, index) => (index === 0 ? value : (value / rest) * (1 - row[0]!))));
  }
  return table;
}

/** Takes the matches out of u; at least a twentieth of what was counted stays. */
export const freeOfMatches = (u: LevelTable, m: LevelTable, prior: number): LevelTable => u.map((row, c) => share(row.map((value, level) => Math.max((value - prior * m[c]![level]!) / (1 - prior), value / 20, 1e-12))));

/** `settings_pair` of one rule, whole or a part of it. */
async function rulePairs({ duck, settings, between }: TrainingInput, rule: PlannedRule): Promise<void> {
  if (rule.condition !== undefined) return duck.run(pairTableSql('settings_pair', conditionPairsSql(rule.condition, between)));
  await duck.run(ruleBlocksSql(rule, between));
  const { pairs } = await duck.one<{ pairs: number }>(ruleReportSql(settings['max-block']));
  await duck.run(pairTableSql('settings_pair', blockPairsSql(settings['max-block'], between, Math.max(1, Math.ceil(pairs / settings.training.pairs)))));
}

async function sessionsOf(input: TrainingInput, u: LevelTable): Promise<{ m: LevelTable; sessions: TrainingSession[]; matches: number[] }> {
  const { plan } = input;
  const start = startOf(plan.comparisons, 'm').map((row, c) => withFixed(row, plan.fixed[c]!.m));
  const sums = start.map((row) => row.map(() => 0));
  const sessions: TrainingSession[] = [];
  for (const rule of plan.training) {
    const used = plan.reads.map((reads) => ![...reads].some((column) => rule.reads.has(column)));
    if (!used.includes(true)) continue;
    const stage = `stage "train", session "${rule.name}"`;
    await naming(stage, rule.condition ?? rule.name, () => rulePairs(input, rule));
    const counts = await countPairs(input, stage);
    const fit = fitTwoClasses({ counts, used, share: 0.3, priorPairs: priorOfM, maxIterations: 100, tolerance: convergenceTolerance, match: { start, free: plan.fixed.map(({ m }) => m.every((value) => value === undefined)) }, other: { start: u, free: u.map(() => false) } });
    const good = fit.matches >= fewestMatches;
    sessions.push({ session: rule.name, pairs: fit.pairs, matches: Math.round(fit.matches), iterations: fit.iterations, converged: fit.converged, used: good, trace: traceOf(fit) });
    if (!good) continue;
    // The other comparisons' sure matches count; where a session trains one comparison alone, none can be sure, and its own fit counts.
    const sure = used.filter(Boolean).length > 1 ? countSureMatches(counts, used, fit, u) : fit.match.map((row, c) => row.map((value) => (used[c] ? value * fit.matches : 0)));
    for (const [c, row] of sure.entries()) for (const [level, n] of row.entries()) sums[c]![level]! += n;
  }
  const weights = sums.map((row) => row.reduce((sum, n) => sum + n, 0));
  return {
    m: start.map((row, c) => row.map((value, level) => (sums[c]![level]! + value * priorOfM) / (weights[c]! + priorOfM))),
    sessions,
    matches: weights,
  };
}

/** Learns m and u: from labels where they are given, else by sessions. */
export async function trainSettings(input: TrainingInput): Promise<TrainedSettings> {
  const { duck, plan, labelled } = input;
  const fix = (table: LevelTable, kind: 'm' | 'u') => table.map((row, c) => withFixed(row, plan.fixed[c]![kind]));
  const u = fix(await estimateU(input), 'u');
  const warnings: string[] = [];
  if (labelled !== undefined) {
    await duck.run(pairTableSql('settings_pair', labelled));
    const counts = await countPairs(input, 'stage "train", labels');
    const start = startOf(plan.comparisons, 'm');
    const matches: number[] = [];
    const m = start.map((row, c) => {
      const seen = tally(counts, c, row.length);
      const total = seen.reduce((sum, n) => sum + n, 0);
      matches.push(total);
      if (total < fewestMatches && !plan.fixed[c]!.m.every((value) => value !== undefined)) warnings.push(`"${plan.comparisons[c]!.name}" is told apart in ${total} labelled matches only: its m is uncertain`);
      return row.map((value, level) => (seen[level]! + value * priorOfLabels) / (total + priorOfLabels));
    });
    return { m: fix(m, 'm'), u, matches, sessions: [], warnings };
  }
  const { m, sessions, matches } = await sessionsOf(input, u);
  for (const { session, converged, used, iterations } of sessions) if (used && !converged) warnings.push(`Training on "${session}" did not converge in ${iterations} rounds`);
  return { m: fix(m, 'm'), u, matches, sessions, warnings };
}

/** The share of matches among all possible pairs that explains the candidates' patterns; u is freed of matches in the same rounds. */
export function estimateShare(counts: PatternCounts, trained: TrainedSettings, possible: number, fixedU: (number | undefined)[][]): { prior: number; u: LevelTable } {
  let prior = Math.min(0.01, 1 / Math.sqrt(Math.max(possible, 4)));
  let u = trained.u;
  for (let round = 0; round < 200; round += 1) {
    let matches = 0;
    for (let p = 0; p < counts.counts.length; p += 1) {
      let odds = Math.log(prior / (1 - prior));
      for (let c = 0; c < counts.comparisons; c += 1) {
        const level = counts.levels[p * counts.comparisons + c]!;
        if (level >= 0) odds += Math.log(trained.m[c]![level]! / u[c]![level]!);
      }
      matches += counts.counts[p]! / (1 + Math.exp(-odds));
    }
    const next = Math.min(Math.max(matches / possible, 1e-12), 0.5);
    const moved = Math.abs(next - prior) > 1e-7 * prior;
    prior = next;
    u = freeOfMatches(trained.u, trained.m, prior).map((row, c) => withFixed(row, fixedU[c]!));
    if (!moved) break;
  }
  return { prior, u };
}

/** What was learned, as it is saved; `matches` are those that taught each comparison, for those whose m is not all fixed. */
export const savedLearned = (plan: SettingsPlan, m: LevelTable, u: LevelTable, prior: number, matches?: readonly number[]): LearnedModel => ({
  prior,
  comparisons: plan.comparisons.map(({ name }, c) => ({ name, m: m[c]!, u: u[c]!, ...(matches === undefined || plan.fixed[c]!.m.every((value) => value !== undefined) ? {} : { matches: Math.round(matches[c]!) }) })),
});

/** What was learned, as its faults are looked for. */
export const judgedSettings = (plan: SettingsPlan, learned: LearnedModel): JudgedComparison[] => plan.comparisons.map(({ name, levels }, c) => {
  const { m, u, matches } = learned.comparisons[c]!;
  return {
    name,
    ...(matches === undefined ? {} : { matches }),
    levels: levels.map((level, index) => ({ label: level.label, m: m[index]!, u: u[index]!, start: Math.log2(level.m / level.u), varies: (level.frequencyPower ?? 0) > 0, given: plan.fixed[c]!.m[index] !== undefined && plan.fixed[c]!.u[index] !== undefined })),
  };
});
