// How sure is a figure that has no formula for its error? The bootstrap (Efron 1979): the figure made again from units drawn
// with replacement. Interval by percentiles, or bias-corrected and accelerated (BCa, Efron 1987), which allows for skew.
// Units must be independent: draw whole people, families or areas, not their events. It fails for the largest or smallest value.

import type { Random } from '../core/index.ts';
import { normalProbability, normalQuantile } from './normal-distribution.ts';
import { quantile } from './quantile.ts';
import type { Interval } from './wilson-interval.ts';

export interface BootstrapOptions {
  /** Repetitions, default 1,999. */
  runs?: number;
  /** Default .95. */
  level?: number;
  /** Default "bca". */
  method?: 'percentile' | 'bca';
}

/**
 * An interval for any figure of a sample.
 *
 * @param random a seeded stream
 * @param units the sample; at least two
 * @param statistic the figure of a sample of the same size; a result that is not finite is left out
 * @returns the figure of the sample itself, and its interval
 * @throws Error where there are fewer than two units
 * @example
 * bootstrapInterval(createRandom(1), [10, 27, 31, 40, 46, 50, 52, 104, 146], mean); // { estimate: 56.2, low: 35.8, high: 91.2 }
 */
export function bootstrapInterval<T>(random: Random, units: readonly T[], statistic: (sample: T[]) => number, options: BootstrapOptions = {}): Interval & { estimate: number } {
  const { runs = 1999, level = 0.95, method = 'bca' } = options;
  const n = units.length;
  if (n < 2) throw new Error('bootstrapInterval needs at least two units');
  const estimate = statistic([...units]);
  const sample: T[] = [...units];
  const replicates: number[] = [];
  for (let run = 0; run < runs; run += 1) {
    for (let i = 0; i < n; i += 1) sample[i] = units[random.below(n)]!;
    const value = statistic(sample);
    if (Number.isFinite(value)) replicates.push(value);
  }
  const sorted = Float64Array.from(replicates).sort();
  const tail = (1 - level) / 2;
  const [low, high] = method === 'bca' ? bcaLevels(sorted, estimate, jackknife(units, statistic), tail) : [tail, 1 - tail];
  return { estimate, low: quantile(sorted, low), high: quantile(sorted, high) };
}

/** The figure without each unit in turn. */
function jackknife<T>(units: readonly T[], statistic: (sample: T[]) => number): number[] {
  return units.map((_, left) => statistic(units.filter((_unit, i) => i !== left))).filter(Number.isFinite);
}

/** Where in the replicates the interval ends, moved by their bias and by how the error changes with the figure. */
function bcaLevels(sorted: Float64Array, estimate: number, without: number[], tail: number): [number, number] {
  let below = 0;
  for (const value of sorted) below += value < estimate ? 1 : value === estimate ? 0.5 : 0;
  const bias = normalQuantile(below / sorted.length);
  if (!Number.isFinite(bias)) return [tail, 1 - tail];
  const mean = without.reduce((sum, value) => sum + value, 0) / without.length;
  let [squares, cubes] = [0, 0];
  for (const value of without) {
    squares += (mean - value) ** 2;
    cubes += (mean - value) ** 3;
  }
  const acceleration = squares === 0 ? 0 : cubes / (6 * squares ** 1.5);
  const level = (p: number) => {
    const z = bias + normalQuantile(p);
    return normalProbability(bias + z / (1 - acceleration * z));
  };
  return [level(tail), level(1 - tail)];
}
