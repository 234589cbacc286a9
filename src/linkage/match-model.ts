// The model of a linkage: for each comparison's levels, how probable they are for two records of one person (m), of two people by
// chance (u), and of two relatives in one home; the prior; and from them the weight of every pattern.
// Weight of a pair, in bits: log2( prior·M / ((1 − prior − kin)·R·F + kin·H) ), where M, R and H are the products over the comparisons of
// m, u and the relatives' probabilities, and F replaces u by the frequency of the very value that was agreed on (Winkler 1989).
// The relatives' class follows the mixtures of three classes of Winkler 1993 and Larsen and Rubin 2001.

import type { Comparison, ConflictRule } from './linkage-settings.ts';
import type { LevelTable, PatternCounts } from './expectation-maximisation.ts';

export interface MatchModel {
  comparisons: Comparison[];
  m: LevelTable;
  u: LevelTable;
  /** Absent where the settings have no relatives' rule, or the data no relatives. */
  relatives?: LevelTable;
  /** Probability that two records taken at random are one person. */
  prior: number;
  /** Probability that two records taken at random are relatives in one home. */
  kin: number;
}

/** Per pattern, in bits: `match` (prior and m), `chance` (u, without the levels whose frequency is added per pair), `kin`; and 2 where an absolute conflict holds, 1 where another does, else 0. */
export interface PatternWeights {
  match: Float64Array;
  chance: Float64Array;
  kin: Float64Array;
  conflict: Int32Array;
}

const never = -1e4;

export function weighPatterns(model: MatchModel, patterns: PatternCounts, conflicts: ConflictRule[]): PatternWeights {
  const size = patterns.counts.length;
  const weights: PatternWeights = { match: new Float64Array(size), chance: new Float64Array(size), kin: new Float64Array(size), conflict: new Int32Array(size) };
  for (let p = 0; p < size; p += 1) {
    let match = Math.log2(model.prior);
    let chance = Math.log2(1 - model.prior - model.kin);
    let kin = model.kin > 0 && model.relatives ? Math.log2(model.kin) : never;
    for (const [c, comparison] of model.comparisons.entries()) {
      const index = patterns.levels[p * patterns.comparisons + c]!;
      if (index < 0) continue;
      const level = comparison.levels[index]!;
      match += Math.log2(model.m[c]![index]!);
      chance += (1 - (level.exactOn ? (level.frequencyPower ?? 0) : 0)) * Math.log2(model.u[c]![index]!);
      if (kin > never) kin += Math.log2(model.relatives![c]![index]!);
    }
    weights.match[p] = match;
    weights.chance[p] = chance;
    weights.kin[p] = kin;
    const met = findConflicts(model.comparisons, patterns.levels.subarray(p * patterns.comparisons, (p + 1) * patterns.comparisons), conflicts);
    weights.conflict[p] = met.some((rule) => rule.absolute) ? 2 : Math.min(met.length, 1);
  }
  return weights;
}

/** The conflict rules that the levels meet. */
export function findConflicts(comparisons: Comparison[], levels: ArrayLike<number>, conflicts: ConflictRule[]): ConflictRule[] {
  const at = (name: string, wanted: string[]): boolean => {
    const c = comparisons.findIndex((comparison) => comparison.name === name);
    const index = c < 0 ? -1 : levels[c]!;
    return index >= 0 && wanted.includes(comparisons[c]!.levels[index]!.name);
  };
  return conflicts.filter(
    (rule) => Object.entries(rule.when).every(([name, wanted]) => at(name, wanted)) && !Object.entries(rule.unless ?? {}).some(([name, wanted]) => at(name, wanted)),
  );
}

/**
 * The prior that explains the candidate pairs: the share of matches among all pairs, with m, u and the relatives fixed.
 * @param allPairs number of pairs of records, candidates or not
 * @returns the prior and the expected number of matches among the candidates
 */
export function estimatePrior(model: MatchModel, patterns: PatternCounts, allPairs: number): { prior: number; matches: number } {
  let prior = model.prior;
  let matches = 0;
  // The frequency of the agreed values is not known per pattern: the average u stands for it.
  const plain = model.comparisons.map((comparison) => ({ ...comparison, levels: comparison.levels.map((level) => ({ ...level, frequencyPower: 0 })) }));
  const base = weighPatterns({ ...model, comparisons: plain, prior: 0.5 }, patterns, []);
  for (let round = 0; round < 100; round += 1) {
    matches = 0;
    for (let p = 0; p < patterns.counts.length; p += 1) {
      const m = 2 ** (base.match[p]! + 1) * prior;
      const other = 2 ** (base.chance[p]! - Math.log2(0.5 - model.kin)) * (1 - prior - model.kin) + (model.kin > 0 ? 2 ** base.kin[p]! : 0);
      matches += patterns.counts[p]! * (m / (m + other));
    }
    const next = Math.min(Math.max(matches / allPairs, 1e-12), 0.5);
    if (Math.abs(next - prior) < 1e-6 * prior) return { prior: next, matches };
    prior = next;
  }
  return { prior, matches };
}
