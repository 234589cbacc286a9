// How are m, u, the relatives' class and the prior learned from the records themselves, without labels?
// u from the counts of values and from pairs drawn at random; m by expectation–maximisation in several sessions, each on pairs that agree
// on one rule's keys and training the comparisons that the rule does not use (as Fellegi and Sunter 1969 with Winkler 1988).

import { convergenceTolerance, countSureMatches, fewestMatches, fitTwoClasses, priorOfM, traceOf, type Fit, type LevelTable, type PatternCounts, type TrainingSession } from './expectation-maximisation.ts';
import type { LinkageSettings } from './linkage-settings.ts';
import type { PreparedRecords } from './prepare-records.store.ts';
import type { TrainingCounts } from './training-pairs.store.ts';

/** Pseudo-pairs of the starting values mixed into u. */
const priorOfU = 1000;

export interface SessionReport extends TrainingSession {
  fit: Fit;
}

/** How often each level stands. */
function countLevels(counts: PatternCounts, { comparisons }: LinkageSettings): LevelTable {
  const seen = comparisons.map(({ levels }) => levels.map(() => 0));
  for (let p = 0; p < counts.counts.length; p += 1) {
    for (let c = 0; c < comparisons.length; c += 1) {
      const level = counts.levels[p * comparisons.length + c]!;
      if (level >= 0) seen[c]![level]! += counts.counts[p]!;
    }
  }
  return seen;
}

/** u from value counts (exact levels) and random pairs (the others), with the starting values as a prior. */
export function estimateChance(prepared: PreparedRecords, settings: LinkageSettings, { random }: TrainingCounts): LevelTable {
  const drawn = countLevels(random, settings);
  return settings.comparisons.map((comparison, c) => {
    const seen = drawn[c]!;
    const total = seen.reduce((sum, n) => sum + n, 0);
    const table = comparison.levels.map((level, index) => {
      const start = level.u * priorOfU;
      const values = level.exactOn === undefined ? undefined : prepared.values.get(level.exactOn);
      if (!values || values.filled < 2) return (seen[index]! + start) / (total + priorOfU);
      const pairs = (values.filled * (values.filled - 1)) / 2;
      const agreeing = (values.agreeingPairs * (level.sharedShare ?? 1) + start) / (pairs + priorOfU);
      // A level that is only a part of "equal" (another address in one postcode) cannot be more frequent than its share among the drawn pairs allows.
      return agreeing;
    });
    return normalise(table);
  });
}

/** The last level takes what the others leave. */
function normalise(row: number[]): number[] {
  const rest = row.slice(0, -1).reduce((sum, value) => sum + value, 0);
  if (rest >= 0.999) return row.map((value) => value / (rest + row.at(-1)!));
  return [...row.slice(0, -1), 1 - rest];
}

/** Takes the matches out of u: pairs of one person among the random pairs would make agreement by chance look more likely than it is. */
export function withoutMatches(u: LevelTable, m: LevelTable, prior: number, settings: LinkageSettings): LevelTable {
  return u.map((row, c) =>
    normalise(
      row.map((value, index) => {
        if (settings.comparisons[c]?.levels[index]?.sharedShare) return value;
        return Math.max((value - prior * m[c]![index]!) / (1 - prior), value * 0.05);
      }),
    ),
  );
}

const startTable = (settings: LinkageSettings, kind: 'm' | 'u'): LevelTable =>
  settings.comparisons.map((comparison) => {
    const total = comparison.levels.reduce((sum, level) => sum + level[kind], 0);
    return comparison.levels.map((level) => level[kind] / total);
  });

/** m from all sessions, each weighted by the matches that it expects; a comparison that no session trains keeps its starting value. */
export function estimateMatch(settings: LinkageSettings, { settled, sessions: samples }: TrainingCounts, u: LevelTable): { m: LevelTable; sessions: SessionReport[]; matches: number[] } {
  const start = startTable(settings, 'm');
  const sessions: SessionReport[] = [];
  // Pairs that people settled as one person count as sure matches, whatever the sessions make of them.
  const sums = countLevels(settled, settings);
  const weights = sums.map((row) => row.reduce((sum, n) => sum + n, 0));
  for (const { rule, taken, counts } of samples) {
    const used = settings.comparisons.map((comparison) => !rule.fixes.includes(comparison.name));
    const fit = fitTwoClasses({
      counts, used, share: 0.3, priorPairs: priorOfM, maxIterations: 100, tolerance: convergenceTolerance,
      match: { start, free: start.map(() => true) },
      other: { start: u, free: start.map(() => false) },
    });
    const good = fit.matches >= fewestMatches;
    sessions.push({ session: rule.name, pairs: taken, matches: fit.matches, iterations: fit.iterations, converged: fit.converged, used: good, trace: traceOf(fit), fit });
    if (!good) continue;
    const sure = countSureMatches(counts, used, fit, u);
    for (const [c, row] of sure.entries()) {
      const total = row.reduce((sum, n) => sum + n, 0);
      weights[c]! += total;
      for (const [level, n] of row.entries()) sums[c]![level]! += n;
    }
  }
  const m = start.map((row, c) => row.map((value, level) => (sums[c]![level]! + value * priorOfM) / (weights[c]! + priorOfM)));
  return { m, sessions, matches: weights };
}

/** The relatives' class: how the levels fall for two people of one home and surname. Undefined where the data show none. */
export function estimateRelatives(settings: LinkageSettings, { relatives }: TrainingCounts, m: LevelTable, u: LevelTable): { relatives: LevelTable; pairs: number; session: SessionReport } | undefined {
  if (!relatives || relatives.taken === 0) return undefined;
  const { rule, taken, all, counts } = relatives;
  const used = settings.comparisons.map((comparison) => !rule.fixes.includes(comparison.name));
  const assumed = settings.comparisons.map(({ name }, c) => {
    if (rule.shared.includes(name)) return m[c]!;
    const share = rule.partlyShared[name] ?? rule.startShared[name] ?? 0;
    return m[c]!.map((value, level) => share * value + (1 - share) * u[c]![level]!);
  });
  const free = settings.comparisons.map(({ name }) => !rule.shared.includes(name) && rule.partlyShared[name] === undefined);
  const fit = fitTwoClasses({
    counts, used, share: 0.5, priorPairs: priorOfM, maxIterations: 200, tolerance: convergenceTolerance,
    match: { start: m, free: m.map(() => false) },
    other: { start: assumed, free },
  });
  const found = fit.pairs - fit.matches;
  const session: SessionReport = { session: rule.name, pairs: taken, matches: fit.matches, iterations: fit.iterations, converged: fit.converged, used: found > 0, trace: traceOf(fit), fit };
  return { relatives: fit.other, pairs: (found / Math.max(fit.pairs, 1)) * all, session };
}
