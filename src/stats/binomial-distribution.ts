// The binomial distribution: its probabilities from the log-gamma function, the expectation of the smaller of a binomial
// count and a limit, and random counts. Kept free of loops over all n, so that n may be millions.

import type { Random } from '../core/index.ts';
import { logGamma } from './gamma-distribution.ts';

/**
 * log P(M = m) for M ~ Binomial(n, q).
 *
 * @param q strictly between 0 and 1
 * @example
 * Math.exp(logBinomialProbability(1, 2, 0.5)); // 0.5
 */
export function logBinomialProbability(m: number, n: number, q: number): number {
  return logGamma(n + 1) - logGamma(m + 1) - logGamma(n - m + 1) + m * Math.log(q) + (n - m) * Math.log1p(-q);
}

/**
 * E[min(limit, M)] for M ~ Binomial(n, q). The limit need not be whole.
 *
 * Sums the probabilities within twelve standard deviations of the mean; what lies outside is below 1e-16.
 *
 * @example
 * expectedMinimum(1, 2, 0.5); // 0.75
 */
export function expectedMinimum(limit: number, n: number, q: number): number {
  if (q <= 0 || limit <= 0) return 0;
  if (q >= 1) return Math.min(limit, n);
  const mean = n * q;
  const reach = 12 * Math.sqrt(mean * (1 - q)) + 25;
  if (limit >= Math.min(n, mean + reach)) return mean;
  if (limit <= mean - reach) return limit;
  const first = Math.max(0, Math.floor(mean - reach));
  const last = Math.min(n, Math.ceil(limit) - 1);
  // From the largest probability outwards, so that nothing underflows on the way.
  const top = Math.min(last, Math.max(first, Math.round(mean)));
  const largest = Math.exp(logBinomialProbability(top, n, q));
  let lost = (limit - top) * largest;
  for (let m = top, p = largest; m > first; m -= 1) {
    p *= (m * (1 - q)) / ((n - m + 1) * q);
    lost += (limit - m + 1) * p;
  }
  for (let m = top, p = largest; m < last; m += 1) {
    p *= ((n - m) * q) / ((m + 1) * (1 - q));
    lost += (limit - m - 1) * p;
  }
  return limit - lost;
}

/**
 * A random Binomial(n, q) count: by inversion where the rarer outcome is expected fewer than 30 times, by the rounded normal otherwise.
 *
 * @example
 * drawBinomial(createRandom(1), 1000, 0.4); // about 400
 */
export function drawBinomial(random: Random, n: number, q: number): number {
  if (q > 0.5) return n - drawBinomial(random, n, 1 - q);
  if (n <= 0 || q <= 0) return 0;
  const mean = n * q;
  if (mean >= 30) return Math.min(n, Math.max(0, Math.round(mean + Math.sqrt(mean * (1 - q)) * random.normal())));
  let left = random.next();
  let p = Math.exp(n * Math.log1p(-q));
  let m = 0;
  while (left > p && m < n) {
    left -= p;
    p *= ((n - m) * q) / ((m + 1) * (1 - q));
    m += 1;
    if (p < 1e-300) break;
  }
  return m;
}
