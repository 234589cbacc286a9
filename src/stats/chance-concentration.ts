// How concentrated would the same events be by chance alone? With few events for each unit, a handful of units hold a large
// share even where every unit runs the same risk (Mohler et al. 2019; Hipp and Kim 2017; Levin, Rosenfeld and Deckard 2017).
// Method: the top units' expected events are the sum over x of E[min(k, M_x)], where M_x is the number of units with at least
// x events. M_x is binomial when units' counts are independent Poisson; that the total is known is put right by the first
// term of de-Poissonisation, f(N) ≈ F(N) − N·F″(N)/2 (Jacquet and Szpankowski 1998): right to about 1 per cent from five
// events on. The interval is by seeded simulation.

import type { Random } from '../core/index.ts';
import { topUnits, type TopRounding } from './concentration.ts';
import { drawBinomial, expectedMinimum } from './binomial-distribution.ts';
import { logGamma } from './gamma-distribution.ts';
import { quantile } from './quantile.ts';

export interface ChanceConcentration {
  /** All events, whole. */
  events: number;
  /** All units, those without events included. */
  units: number;
  /** Relative risk of each unit, such as its residents or its days at risk; absent where all run the same. */
  risk?: ArrayLike<number>;
  /** As in concentration.ts, so that like is compared with like. Default "up". */
  rounding?: TopRounding;
}

/**
 * The share of events that the top shares of units would be expected to hold by chance alone.
 *
 * @param chance events, units and, where units differ, their risks
 * @param tops shares of units, 0 to 1
 * @returns for each of `tops` the expected share of events; NaN where there are no events
 * @throws Error where a number is out of range or `risk` has not one value for each unit
 * @example
 * expectedTopShares({ events: 100, units: 100 }, [0.1])[0]; // about 0.30: ten per cent hold three times their share
 */
export function expectedTopShares(chance: ChanceConcentration, tops: number[]): Float64Array {
  check(chance, tops);
  const limits = tops.map((top) => topUnits(top, chance.units, chance.rounding));
  if (chance.events === 0) return new Float64Array(tops.length).fill(Number.NaN);
  const at = (events: number) => poissonTopEvents(events, chance, limits);
  const shares = at(chance.events);
  // The correction is of the order of one event: beyond thousands of events it cannot be seen.
  if (chance.events <= 5000) {
    const step = Math.min(chance.events, Math.max(1, chance.events / 20));
    const above = at(chance.events + step);
    const below = at(chance.events - step);
    for (let i = 0; i < shares.length; i += 1) {
      const curvature = (above[i]! - 2 * shares[i]! + below[i]!) / step ** 2;
      shares[i]! -= (chance.events / 2) * curvature;
    }
  }
  return shares.map((sum, i) => Math.min(1, Math.max(limits[i]! / chance.units, sum / chance.events)));
}

/** Expected events of the top `limits` units when every unit's count is an independent Poisson variable. */
function poissonTopEvents(events: number, chance: ChanceConcentration, limits: number[]): Float64Array {
  const sums = new Float64Array(limits.length);
  if (events <= 0) return sums;
  const { means, copies } = unitMeans(events, chance);
  const tails = new Float64Array(means.length).fill(1);
  const logMeans = means.map((mean) => Math.log(mean));
  // No unit goes beyond this: what rounding leaves in the tails further on is not a chance.
  const last = lastCount(means.reduce((most, mean) => Math.max(most, mean), 0));
  for (let x = 1; x <= last; x += 1) {
    // P(X ≥ x) = P(X ≥ x − 1) − P(X = x − 1)
    const logFactorial = logGamma(x);
    let expected = 0;
    let least = 1;
    for (let i = 0; i < means.length; i += 1) {
      tails[i] = Math.max(0, tails[i]! - Math.exp((x - 1) * logMeans[i]! - means[i]! - logFactorial));
      expected += tails[i]!;
      least = Math.min(least, tails[i]!);
    }
    expected *= copies;
    if (expected < 1e-10 && x > events / chance.units) break;
    for (let j = 0; j < limits.length; j += 1) sums[j]! += least > 1 - 1e-15 ? limits[j]! : expectedLevel(limits[j]!, tails, copies);
  }
  return sums;
}

/** A count that a Poisson variable of this mean exceeds with less than one chance in 1e30. */
function lastCount(mean: number): number {
  return Math.ceil(mean + 12 * Math.sqrt(mean) + 40);
}

/** One mean stands for all units where they run the same risk. */
function unitMeans(events: number, { units, risk }: ChanceConcentration): { means: Float64Array; copies: number } {
  if (!risk) return { means: Float64Array.of(events / units), copies: units };
  let total = 0;
  for (let i = 0; i < units; i += 1) total += risk[i]!;
  return { means: Float64Array.from(risk, (value) => (events * value) / total).filter((mean) => mean > 0), copies: 1 };
}

/** E[min(limit, M)], where M counts the units that reach a level: binomial, or a sum of unequal chances. */
function expectedLevel(limit: number, tails: Float64Array, copies: number): number {
  if (copies > 1 || tails.length === 1) return expectedMinimum(limit, copies * tails.length, tails[0]!);
  if (tails.length <= 500) return expectedMinimumExact(limit, tails);
  let mean = 0;
  let variance = 0;
  for (const q of tails) {
    mean += q;
    variance += q * (1 - q);
  }
  if (mean - variance < 1e-9) return expectedMinimum(limit, tails.length, mean / tails.length);
  // A binomial with the same mean and variance (Ehm 1991).
  const n = Math.max(Math.ceil(mean), Math.round(mean ** 2 / (mean - variance)));
  return expectedMinimum(limit, n, mean / n);
}

/** The same without approximation: the number's distribution up to the limit, one unit at a time. */
function expectedMinimumExact(limit: number, tails: Float64Array): number {
  const size = Math.min(Math.ceil(limit), tails.length + 1);
  const p = new Float64Array(size);
  if (size === 0) return 0;
  p[0] = 1;
  for (const q of tails) {
    for (let m = size - 1; m > 0; m -= 1) p[m] = p[m]! * (1 - q) + p[m - 1]! * q;
    p[0]! *= 1 - q;
  }
  let lost = 0;
  for (let m = 0; m < size; m += 1) lost += Math.max(0, limit - m) * p[m]!;
  return limit - lost;
}

/** Up to so many events, and for units of equal risk up to so many units, a repetition draws each event. */
const directly = 5000;
const directlyUnits = 50_000;

export interface ChanceShare {
  /** Expected share of events by chance. */
  expected: number;
  /** The interval that holds the share by chance alone in `level` of repetitions. */
  low: number;
  high: number;
}

/**
 * What the top share of units would hold by chance alone, with its range over seeded repetitions.
 *
 * @param random a seeded stream
 * @param top share of units, 0 to 1
 * @param options repetitions (default 499, down to 99 for large tables) and level (default .95)
 * @example
 * chanceTopShare(createRandom(1), { events: 100, units: 100 }, 0.1); // { expected: 0.30, low: 0.25, high: 0.35 }
 */
export function chanceTopShare(random: Random, chance: ChanceConcentration, top: number, options: ChanceRuns = {}): ChanceShare {
  return chanceTopShares(random, chance, [top], options)[0]!;
}

export interface ChanceRuns {
  runs?: number;
  level?: number;
}

/**
 * The same for several top shares, from one set of repetitions.
 *
 * @example
 * chanceTopShares(createRandom(1), { events: 100, units: 100 }, [0.05, 0.1]).length; // 2
 */
export function chanceTopShares(random: Random, chance: ChanceConcentration, tops: number[], options: ChanceRuns = {}): ChanceShare[] {
  const { events, units, risk } = chance;
  // The interval needs fewer repetitions where each is large: it is narrow there.
  const draws = events <= directly ? events : risk ? units : 1;
  const { runs = Math.min(499, Math.max(99, Math.floor(2e6 / draws))), level = 0.95 } = options;
  const expected = expectedTopShares(chance, tops);
  if (chance.events === 0) return tops.map((_, i) => ({ expected: expected[i]!, low: Number.NaN, high: Number.NaN }));
  const draw = chooseDraw(random, chance);
  const limits = tops.map((top) => topUnits(top, units, chance.rounding));
  const shares = tops.map(() => new Float64Array(runs));
  for (let run = 0; run < runs; run += 1) {
    const histogram = draw();
    for (let i = 0; i < tops.length; i += 1) shares[i]![run] = topOfHistogram(histogram, limits[i]!);
  }
  return shares.map((each, i) => {
    each.sort();
    return { expected: expected[i]!, low: quantile(each, (1 - level) / 2), high: quantile(each, (1 + level) / 2) };
  });
}

/** How many units have `first`, first + 1, first + 2 … events, in one repetition. */
interface Histogram {
  first: number;
  units: ArrayLike<number>;
}

/** Few events are drawn one by one, the total fixed; many as independent counts, whose total varies by a hair. */
function chooseDraw(random: Random, chance: ChanceConcentration): () => Histogram {
  const { events, units, risk } = chance;
  if (events > directly || (!risk && units > directlyUnits)) {
    const { means } = unitMeans(events, chance);
    if (risk) return () => countUnits(means.map((mean) => random.poisson(mean)), units);
    const levels = poissonLevels(means[0]!);
    // Few units with many events each: fewer draws are units than levels.
    if (units < levels.chances.length) return () => countUnits(Float64Array.from({ length: units }, () => random.poisson(means[0]!)), units);
    return () => drawHistogram(random, units, levels);
  }
  const cumulative = new Float64Array(risk ? units : 0);
  for (let i = 0, sum = 0; i < cumulative.length; i += 1) cumulative[i] = sum += risk![i]!;
  const pick = risk ? () => random.pickIndex(cumulative) : () => random.below(units);
  return drawEach(events, units, pick);
}

/** One event after another; the histogram follows each, so that a repetition takes as long as there are events, however many units have none. */
function drawEach(events: number, units: number, pick: () => number): () => Histogram {
  const counts = new Int32Array(units);
  const picked = new Int32Array(events);
  const histogram = new Int32Array(events + 1);
  let most = 0;
  return () => {
    histogram.fill(0, 0, most + 1);
    histogram[0] = units;
    most = 0;
    for (let i = 0; i < events; i += 1) {
      const unit = (picked[i] = pick());
      const count = (counts[unit]! += 1);
      histogram[count - 1]! -= 1;
      histogram[count]! += 1;
      if (count > most) most = count;
    }
    for (let i = 0; i < events; i += 1) counts[picked[i]!] = 0;
    return { first: 0, units: histogram.subarray(0, most + 1) };
  };
}

function countUnits(counts: ArrayLike<number>, units: number): Histogram {
  let least = counts.length < units ? 0 : Infinity;
  let most = 0;
  for (let i = 0; i < counts.length; i += 1) {
    least = Math.min(least, counts[i]!);
    most = Math.max(most, counts[i]!);
  }
  const histogram = new Int32Array(most - least + 1);
  for (let i = 0; i < counts.length; i += 1) histogram[counts[i]! - least]! += 1;
  if (least === 0) histogram[0]! += units - counts.length;
  return { first: least, units: histogram };
}

interface Levels {
  first: number;
  /** Of having first, first + 1 … events, given that it is no fewer. */
  chances: Float64Array;
}

function poissonLevels(mean: number): Levels {
  const first = Math.max(0, Math.floor(mean - 12 * Math.sqrt(mean) - 40));
  const chances = new Float64Array(lastCount(mean) - first + 1);
  let tail = 1;
  for (let i = 0; i < chances.length; i += 1) {
    const x = first + i;
    const p = Math.exp(x * Math.log(mean) - mean - logGamma(x + 1));
    chances[i] = x > mean && (tail <= p || tail < 1e-15) ? 1 : Math.min(1, p / tail);
    tail -= p;
  }
  chances[chances.length - 1] = 1;
  return { first, chances };
}

/** The histogram itself is multinomial: drawn as a chain of binomials, whatever the number of units. */
function drawHistogram(random: Random, units: number, { first, chances }: Levels): Histogram {
  const histogram = new Float64Array(chances.length);
  let left = units;
  for (let i = 0; left > 0; i += 1) {
    const chance = chances[i]!;
    const drawn = chance === 1 ? left : drawBinomial(random, left, chance);
    histogram[i] = drawn;
    left -= drawn;
  }
  return { first, units: histogram };
}

function topOfHistogram({ first, units: histogram }: Histogram, limit: number): number {
  let left = limit;
  let top = 0;
  let total = 0;
  for (let i = histogram.length - 1; i >= 0; i -= 1) {
    const units = histogram[i]!;
    if (units === 0) continue;
    const x = first + i;
    const taken = Math.min(units, left);
    top += taken * x;
    left -= taken;
    total += units * x;
  }
  return top / total;
}

/**
 * Gini's coefficient that chance alone would be expected to give units of equal risk: Poisson's mean difference over twice the mean.
 *
 * @param mean events for each unit
 * @example
 * chanceGini(1); // 0.5238: e^(−2)·(I₀(2) + I₁(2)), Ramasubban 1958
 */
export function chanceGini(mean: number): number {
  if (!(mean > 0)) return Number.NaN;
  let below = 0;
  let difference = 0;
  const last = mean + 12 * Math.sqrt(mean) + 40;
  for (let x = 0; x < last; x += 1) {
    below = Math.min(1, below + Math.exp(x * Math.log(mean) - mean - logGamma(x + 1)));
    difference += 2 * below * (1 - below);
  }
  return difference / (2 * mean);
}

function check({ events, units, risk }: ChanceConcentration, tops: number[]): void {
  if (!(Number.isInteger(events) && events >= 0)) throw new Error('events must be a whole number of at least 0');
  if (!(Number.isInteger(units) && units > 0)) throw new Error('units must be a whole number above 0');
  if (tops.some((top) => !(top >= 0 && top <= 1))) throw new Error('top must be a share between 0 and 1');
  if (!risk) return;
  if (risk.length !== units) throw new Error('risk must have one value for each unit');
  let total = 0;
  for (let i = 0; i < units; i += 1) {
    if (!(risk[i]! >= 0 && risk[i]! < Infinity)) throw new Error('risk must be finite and not negative');
    total += risk[i]!;
  }
  if (total === 0) throw new Error('risk must not be 0 for every unit');
}
