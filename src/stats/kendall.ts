// Rank correlation by pairs: Kendall's tau-b (1945), ties allowed. Of two units taken at random, how much likelier is the same order
// than the reverse? Counted in O(n log n) by a merge sort (Knight 1966).

import { sortedOrder } from './ranks.ts';

/**
 * Kendall's tau-b, from −1 to 1.
 *
 * @returns NaN where either side is constant or there are fewer than two units
 * @throws Error where the lengths differ or a value is not a number
 * @example
 * kendall([1, 2, 3, 4], [1, 3, 2, 4]); // 0.667
 */
export function kendall(x: ArrayLike<number>, y: ArrayLike<number>): number {
  if (x.length !== y.length) throw new Error('kendall needs as many values on one side as on the other');
  const n = x.length;
  const byY = sortedOrder(y);
  const placeY = new Uint32Array(n);
  byY.forEach((unit, place) => {
    placeY[unit] = place;
  });
  const order = sortedOrder(x).sort((a, b) => x[a]! - x[b]! || placeY[a]! - placeY[b]!);
  const pairs = (n * (n - 1)) / 2;
  const tiesX = tiedPairs(order, (a, b) => x[a] === x[b]);
  const tiesBoth = tiedPairs(order, (a, b) => x[a] === x[b] && y[a] === y[b]);
  const tiesY = tiedPairs(byY, (a, b) => y[a] === y[b]);
  const swaps = inversions(Float64Array.from(order, (unit) => y[unit]!));
  // Concordant less discordant pairs.
  const balance = pairs - tiesX - tiesY + tiesBoth - 2 * swaps;
  return balance / Math.sqrt((pairs - tiesX) * (pairs - tiesY));
}

function tiedPairs(order: Uint32Array, same: (a: number, b: number) => boolean): number {
  let sum = 0;
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && same(order[start]!, order[end]!)) end += 1;
    sum += ((end - start) * (end - start - 1)) / 2;
    start = end;
  }
  return sum;
}

/** Pairs that stand in falling order, counted while they are merged into rising order. */
function inversions(values: Float64Array): number {
  if (values.length < 2) return 0;
  const middle = values.length >> 1;
  const left = values.slice(0, middle);
  const right = values.slice(middle);
  let count = inversions(left) + inversions(right);
  for (let i = 0, j = 0, k = 0; k < values.length; k += 1) {
    if (j >= right.length || (i < left.length && left[i]! <= right[j]!)) {
      values[k] = left[i]!;
      i += 1;
    } else {
      values[k] = right[j]!;
      j += 1;
      count += left.length - i;
    }
  }
  return count;
}
