// How sure is a share of so many out of so many? The score interval (Wilson 1927), without continuity correction:
// it keeps close to its level even for few cases and shares near 0 or 1 (Newcombe 1998, Statistics in Medicine 17, 857-872, method 3).

import { normalQuantile } from './normal-distribution.ts';

export interface Interval {
  low: number;
  high: number;
}

/**
 * Wilson's interval for a proportion.
 *
 * @param count those with the property, 0 to `of`
 * @param of all; need not be whole (effective sample sizes)
 * @param level default .95
 * @returns shares of 1; from 0 to 1 where there is no one
 * @throws Error where `count` is not between 0 and `of`
 * @example
 * wilsonInterval(81, 263); // { low: 0.2553, high: 0.3662 }
 */
export function wilsonInterval(count: number, of: number, level = 0.95): Interval {
  if (!(count >= 0 && count <= of && of < Infinity)) throw new Error('wilsonInterval needs a count between 0 and the number of all');
  if (of === 0) return { low: 0, high: 1 };
  const z = normalQuantile((1 + level) / 2);
  const middle = count + (z * z) / 2;
  const half = z * Math.sqrt((count * (of - count)) / of + (z * z) / 4);
  const scale = of + z * z;
  return { low: count === 0 ? 0 : (middle - half) / scale, high: count === of ? 1 : (middle + half) / scale };
}
