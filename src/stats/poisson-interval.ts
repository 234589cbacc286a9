// How sure is a count of events, or a rate made from it? The exact interval (Garwood 1936), through gamma quantiles. It never covers
// less than its level, and for small counts covers more. It takes events as independent: repeats by one person make it too narrow.

import { gammaQuantile } from './gamma-distribution.ts';
import type { Interval } from './wilson-interval.ts';

/**
 * Garwood's interval for the expected number behind a count.
 *
 * @param count events, at least 0
 * @param level default .95
 * @throws Error where the count is negative or not finite
 * @example
 * poissonInterval(10); // { low: 4.795, high: 18.390 }
 */
export function poissonInterval(count: number, level = 0.95): Interval {
  if (!(count >= 0 && count < Infinity)) throw new Error('poissonInterval needs a count of at least 0');
  const tail = (1 - level) / 2;
  return { low: count === 0 ? 0 : gammaQuantile(tail, count), high: gammaQuantile(1 - tail, count + 1) };
}

/**
 * A rate with its interval: events over exposure.
 *
 * @param exposure person-years, residents or the like, above 0 and taken as known
 * @param per the unit of the rate, such as 1,000 residents
 * @example
 * poissonRate(10, 2000, { per: 1000 }); // { rate: 5, low: 2.398, high: 9.195 }
 */
export function poissonRate(count: number, exposure: number, options: { per?: number; level?: number } = {}): Interval & { rate: number } {
  if (!(exposure > 0)) throw new Error('poissonRate needs an exposure above 0');
  const { low, high } = poissonInterval(count, options.level);
  const scale = (options.per ?? 1) / exposure;
  return { rate: count * scale, low: low * scale, high: high * scale };
}
