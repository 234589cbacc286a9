// Which levels do pairs of one person show, and which do pairs of two people? A mixture of two classes with conditionally independent
// comparisons, fitted by expectation–maximisation to counts of patterns. Missing levels are left out of every sum.
// Source: Fellegi and Sunter 1969; Dempster, Laird and Rubin 1977; Winkler 1988. Limits: independence is an approximation.

/** Counts of patterns: `levels[p * comparisons + c]` is the level's index, or -1 where missing. */
export interface PatternCounts {
  comparisons: number;
  levels: Int8Array;
  counts: Float64Array;
}

/** Probabilities of the levels of each comparison: `table[c][level]`. */
export type LevelTable = number[][];

/** A session has converged once no probability moves by as much in a round. */
export const convergenceTolerance = 1e-4;

/** Pseudo-pairs of the starting values mixed into m. */
export const priorOfM = 20;
/** A session with fewer expected matches than this says too little to be used. */
export const fewestMatches = 20;

/** What one training session did. */
export interface TrainingSession {
  session: string;
  pairs: number;
  matches: number;
  iterations: number;
  converged: boolean;
  used: boolean;
  /** The largest change of a probability at each iteration: it has converged where the last is below the tolerance. */
  trace: { iteration: number; change: number }[];
}

export interface ClassStart {
  start: LevelTable;
  /** Whether the class's probabilities of this comparison are estimated (or kept as they start). */
  free: boolean[];
}

export interface FitOptions {
  counts: PatternCounts;
  /** Comparisons that the session's rule decides take no part. */
  used: boolean[];
  match: ClassStart;
  other: ClassStart;
  /** Starting share of the match class. */
  share: number;
  /** Pseudo-pairs of the starting table mixed into each estimate, so that rare levels stay positive. */
  priorPairs: number;
  maxIterations: number;
  /** Stop when no probability moves by more than this. */
  tolerance: number;
}

export interface Fit {
  match: LevelTable;
  other: LevelTable;
  share: number;
  /** Expected number of pairs in the match class. */
  matches: number;
  pairs: number;
  iterations: number;
  converged: boolean;
  /** Largest change of a probability at each iteration. */
  changes: number[];
}

/** Probability that each pattern's pairs are in the match class. */
function posteriors(options: FitOptions, match: LevelTable, other: LevelTable, share: number): Float64Array {
  const { comparisons, levels, counts } = options.counts;
  const result = new Float64Array(counts.length);
  for (let p = 0; p < counts.length; p += 1) {
    let ratio = Math.log(share) - Math.log(1 - share);
    for (let c = 0; c < comparisons; c += 1) {
      const level = levels[p * comparisons + c]!;
      if (level < 0 || !options.used[c]) continue;
      ratio += Math.log(match[c]![level]!) - Math.log(other[c]![level]!);
    }
    result[p] = 1 / (1 + Math.exp(-ratio));
  }
  return result;
}

/** The table that maximises the expected likelihood of one class, with the start mixed in as `priorPairs` pairs. */
function maximise(options: FitOptions, side: ClassStart, weightOf: (pattern: number) => number): LevelTable {
  const { comparisons, levels, counts } = options.counts;
  const sums = side.start.map((row, c) => row.map((value) => (options.used[c] && side.free[c] ? value * options.priorPairs : 0)));
  for (let p = 0; p < counts.length; p += 1) {
    const weight = counts[p]! * weightOf(p);
    if (weight === 0) continue;
    for (let c = 0; c < comparisons; c += 1) {
      const level = levels[p * comparisons + c]!;
      if (level >= 0) sums[c]![level]! += weight;
    }
  }
  return sums.map((row, c) => {
    if (!options.used[c] || !side.free[c]) return side.start[c]!;
    const total = row.reduce((sum, value) => sum + value, 0);
    return total > 0 ? row.map((value) => Math.max(value / total, 1e-12)) : side.start[c]!;
  });
}

/**
 * Fits two classes to pattern counts.
 * @returns the level probabilities of both classes, the share of the match class, and how the iterations went
 * @example fitTwoClasses({ counts, used: [true], match: { start: [[0.9, 0.1]], free: [true] }, other: { start: [[0.1, 0.9]], free: [false] }, share: 0.1, priorPairs: 0, maxIterations: 100, tolerance: 1e-5 })
 */
export function fitTwoClasses(options: FitOptions): Fit {
  let match = options.match.start;
  let other = options.other.start;
  let share = options.share;
  const { counts } = options.counts;
  const pairs = counts.reduce((sum, count) => sum + count, 0);
  const changes: number[] = [];
  let matches = 0;
  let converged = false;
  const rounds = pairs > 0 ? options.maxIterations : 0;
  while (changes.length < rounds && !converged) {
    const posterior = posteriors(options, match, other, share);
    matches = 0;
    for (let p = 0; p < counts.length; p += 1) matches += counts[p]! * posterior[p]!;
    const newShare = Math.min(Math.max(matches / pairs, 1e-9), 1 - 1e-9);
    const newMatch = maximise(options, options.match, (p) => posterior[p]!);
    const newOther = maximise(options, options.other, (p) => 1 - posterior[p]!);
    const change = Math.max(Math.abs(newShare - share), largestChange(match, newMatch), largestChange(other, newOther));
    changes.push(change);
    converged = change < options.tolerance;
    match = newMatch;
    other = newOther;
    share = newShare;
  }
  return { match, other, share, matches, pairs, iterations: changes.length, converged: converged || pairs === 0, changes };
}

/** How the iterations of a fit went, one by one. */
export const traceOf = ({ changes }: Fit): TrainingSession['trace'] => changes.map((change, index) => ({ iteration: index + 1, change }));

function largestChange(before: LevelTable, after: LevelTable): number {
  let largest = 0;
  for (const [c, row] of before.entries()) for (const [level, value] of row.entries()) largest = Math.max(largest, Math.abs(value - after[c]![level]!));
  return largest;
}

/** A pair is sure where the other comparisons alone give it at least this probability of being a match. */
const sureProbability = 0.99;

/**
 * For each comparison, the levels of pairs that the *other* comparisons make sure matches of. The comparison has no say in its own
 * estimate, so that a doubtful share of the session's pairs cannot talk itself into being matches with an odd level.
 * @returns expected counts of the levels of each used comparison
 */
export function countSureMatches(counts: PatternCounts, used: boolean[], fit: Fit, other: LevelTable): LevelTable {
  const table = fit.match.map((row) => row.map(() => 0));
  const odds = Math.log(fit.share / (1 - fit.share));
  const gain = (c: number, level: number) => (level < 0 || !used[c] ? 0 : Math.log(fit.match[c]![level]! / other[c]![level]!));
  for (let p = 0; p < counts.counts.length; p += 1) {
    const levels = counts.levels.subarray(p * counts.comparisons, (p + 1) * counts.comparisons);
    const whole = odds + levels.reduce((sum, level, c) => sum + gain(c, level), 0);
    for (const [c, level] of levels.entries()) {
      if (level < 0 || !used[c]) continue;
      const probability = 1 / (1 + Math.exp(gain(c, level) - whole));
      if (probability >= sureProbability) table[c]![level]! += counts.counts[p]! * probability;
    }
  }
  return table;
}
