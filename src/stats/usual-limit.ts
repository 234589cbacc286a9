// Is a count larger than usual? The limit of Noufaily and others (2013, Statistics in Medicine 32:1206–1222), who improved Farrington and others (1996), for a
// steady mean: a quantile of the negative binomial, since counts of people's work vary more than chance alone; former outliers weigh less, so that
// one wild day does not make the next look ordinary. The variance holds that the mean itself is estimated.

import { normalQuantile } from './normal-distribution.ts';
import { quantile } from './quantile.ts';

export interface UsualLimit {
  /** The usual count: a weighted mean of the counts before. */
  mean: number;
  /** Variance over mean; 1 where counts vary no more than chance has them (Poisson). */
  dispersion: number;
  /** A count above this is larger than usual. */
  limit: number;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const weightedMean = (counts: readonly number[], weights: readonly number[]) => sum(counts.map((count, at) => count * weights[at]!)) / sum(weights);

function dispersionOf(counts: readonly number[], weights: readonly number[], mean: number): number {
  if (mean === 0) return 1;
  return Math.max(1, sum(counts.map((count, at) => (weights[at]! * (count - mean) ** 2) / mean)) / (counts.length - 1));
}

/** From the median and the median deviation, which a wild day does not move: with few counts one alone can hide in the mean. */
function firstGuess(counts: readonly number[]): { mean: number; dispersion: number } {
  const middle = quantile(counts.toSorted((a, b) => a - b), 0.5) || weightedMean(counts, counts.map(() => 1));
  const deviation = 1.4826 * quantile(counts.map((count) => Math.abs(count - middle)).toSorted((a, b) => a - b), 0.5);
  return { mean: middle, dispersion: Math.max(1, deviation ** 2 / middle) };
}

/** The Anscombe residual from which on a former count weighs less: one ordinary day in two hundred is above it. */
const outlier = normalQuantile(0.995);

function weigh(counts: readonly number[], mean: number, dispersion: number): number[] {
  const spread = Math.sqrt(1 - 1 / counts.length);
  const residual = (count: number) => (1.5 * (count ** (2 / 3) - mean ** (2 / 3))) / (Math.sqrt(dispersion) * mean ** (1 / 6) * spread);
  const raw = counts.map((count) => (residual(count) > outlier ? residual(count) ** -2 : 1));
  const total = sum(raw);
  return raw.map((weight) => (weight * counts.length) / total);
}

/** The smallest count that so large a share of counts does not exceed: Poisson where the variance is no more than the mean. */
function countQuantile(share: number, mean: number, variance: number): number {
  const size = variance > mean * (1 + 1e-9) ? mean ** 2 / (variance - mean) : Infinity;
  const failure = size === Infinity ? 0 : mean / (mean + size);
  let probability = size === Infinity ? Math.exp(-mean) : (1 - failure) ** size;
  // Beyond what a number can hold the normal is as good.
  if (probability < 1e-280) return Math.ceil(mean + normalQuantile(share) * Math.sqrt(variance));
  let [below, count] = [probability, 0];
  while (below < share) {
    probability *= size === Infinity ? mean / (count + 1) : (failure * (count + size)) / (count + 1);
    count += 1;
    below += probability;
  }
  return count;
}

/**
 * The largest count that is usual.
 *
 * @param counts of earlier days, at least two
 * @param falseAlarm the share of ordinary days above the limit by chance, such as 0.001; the method note says what comes of it for how many days
 * @throws Error where there are fewer than two counts, or falseAlarm is no share from 0.000001 to one half
 * @example
 * usualLimit([4, 6, 5, 5, 4, 6, 5, 5, 4, 6], 0.001).limit; // 14
 */
export function usualLimit(counts: readonly number[], falseAlarm: number): UsualLimit {
  if (counts.length < 2) throw new Error('usualLimit needs at least two counts');
  if (!(falseAlarm >= 1e-6 && falseAlarm < 0.5)) throw new Error('usualLimit needs a share of false alarms from 0.000001 to one half');
  if (sum(counts) === 0) return { mean: 0, dispersion: 1, limit: 0 };
  const { mean: first, dispersion: spread } = firstGuess(counts);
  const weights = weigh(counts, first, spread);
  const mean = weightedMean(counts, weights);
  const dispersion = dispersionOf(counts, weights, mean);
  return { mean, dispersion, limit: countQuantile(1 - falseAlarm, mean, dispersion * mean * (1 + 1 / counts.length)) };
}
