// A sample quantile, by linear interpolation of the order statistics (Hyndman and Fan 1996, type 7: what R and NumPy do unless told otherwise).

/**
 * The p-quantile of values in ascending order.
 *
 * @param sorted ascending
 * @param p 0 to 1
 * @returns NaN where there are no values
 * @example
 * quantile([1, 2, 3, 4, 10.5], 0.9); // 7.9
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  if (!(p >= 0 && p <= 1)) throw new Error('quantile needs a probability between 0 and 1');
  if (sorted.length === 0) return Number.NaN;
  const position = p * (sorted.length - 1);
  const below = Math.floor(position);
  const low = sorted[below]!;
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return low + (position - below) * (high - low);
}
