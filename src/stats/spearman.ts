// Do two figures of the same areas or people rise together? Spearman's rank correlation (1904): Pearson's on mid-ranks, so ties are
// allowed. The interval is Fisher's z with the standard error of Bonett and Wright (2000, Psychometrika 65, 23-28),
// √((1 + ρ²/2) / (n − 3)): good for |ρ| below .95. A correlation of areas is not one of people (ecological fallacy), and
// neighbouring areas are not independent, which makes the interval too narrow.

import { normalQuantile } from './normal-distribution.ts';
import { ranks } from './ranks.ts';
import type { Interval } from './wilson-interval.ts';

/**
 * Spearman's rank correlation with its interval.
 *
 * @param x one value for each unit
 * @param y the other, in the same order
 * @param level default .95
 * @returns rho from −1 to 1, NaN where either side is constant or there are fewer than two units; low and high NaN below four units
 * @throws Error where the lengths differ or a value is not a number
 * @example
 * spearman([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]); // { rho: 0.8, low: -0.46, high: 0.99 }
 */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>, level = 0.95): Interval & { rho: number } {
  if (x.length !== y.length) throw new Error('spearman needs as many values on one side as on the other');
  const n = x.length;
  const rho = n < 2 ? Number.NaN : correlation(ranks(x), ranks(y));
  if (n < 4) return { rho, low: Number.NaN, high: Number.NaN };
  const half = normalQuantile((1 + level) / 2) * Math.sqrt((1 + rho ** 2 / 2) / (n - 3));
  const z = Math.atanh(rho);
  return { rho, low: Math.tanh(z - half), high: Math.tanh(z + half) };
}

/** Pearson's correlation. Both sides have the same mean where they are ranks, but need not have. */
function correlation(a: Float64Array, b: Float64Array): number {
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [product, squareA, squareB] = [0, 0, 0];
  for (let i = 0; i < a.length; i += 1) {
    product += (a[i]! - meanA) * (b[i]! - meanB);
    squareA += (a[i]! - meanA) ** 2;
    squareB += (b[i]! - meanB) ** 2;
  }
  if (squareA === 0 || squareB === 0) return Number.NaN;
  return Math.max(-1, Math.min(1, product / Math.sqrt(squareA * squareB)));
}
