// Ranks of values, equal values sharing the mean of their ranks (mid-ranks; Kendall 1945).

/**
 * The rank of each value, 1 the smallest.
 *
 * @throws Error where a value is not a number
 * @example
 * ranks([10, 20, 20, 5]); // Float64Array [2, 3.5, 3.5, 1]
 */
export function ranks(values: ArrayLike<number>): Float64Array {
  const order = sortedOrder(values);
  const result = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end += 1;
    const shared = (start + 1 + end) / 2;
    for (let i = start; i < end; i += 1) result[order[i]!] = shared;
    start = end;
  }
  return result;
}

/** Indices of values, smallest first. */
export function sortedOrder(values: ArrayLike<number>): Uint32Array {
  for (let i = 0; i < values.length; i += 1) if (Number.isNaN(values[i]!)) throw new Error('ranks needs numbers only');
  return Uint32Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a]! - values[b]! || a - b);
}
