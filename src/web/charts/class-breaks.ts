// Where a map or heat map changes shade: round class limits near the quantiles of the values, so that each shade covers
// about as many cells and the limits can be said aloud. Reference: Slocum and others, Thematic Cartography, chapter 5.

/**
 * Limits of up to `count` classes, ascending; class i holds limits[i] <= value < limits[i + 1], the last includes its end.
 * @param values finite numbers, in any order
 * @returns at least two limits; fewer classes where values repeat, and none without a value
 * @example classBreaks([0, 5, 10, 15, 20, 25], 2) // [0, 10, 25]
 */
export function classBreaks(values: number[], count: number): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[0] ?? 0;
  const high = sorted.at(-1) ?? 0;
  if (high - low < 1e-9) return [low, high];
  const near = (part: number): number => quantile(sorted, Math.min(1, Math.max(0, part / count)));
  const slack = (high - low) / (count * 5);
  const limits = [roundIn(low >= 0 ? Math.max(0, low - Math.min(slack, near(1) - low)) : low - slack, low)];
  for (let index = 1; index < count; index += 1) {
    const limit = roundIn(near(index - 0.25), near(index + 0.25));
    if (limit < high && sorted.some((value) => value >= limits.at(-1)! && value < limit)) limits.push(limit);
  }
  limits.push(roundIn(high, high + slack));
  return limits;
}

/** The class of a value; values outside the limits fall into the nearest class. */
export function classOf(value: number, limits: number[]): number {
  let at = 0;
  while (at < limits.length - 2 && value >= limits[at + 1]!) at += 1;
  return at;
}

function quantile(sorted: number[], share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)]!;
  const above = sorted[Math.ceil(at)]!;
  return below + (above - below) * (at - Math.floor(at));
}

/** The roundest number from `low` to `high`: a multiple of the largest 1, 2 or 5 times a power of ten that has one there. */
function roundIn(low: number, high: number): number {
  if (low <= 0 && high >= 0) return 0;
  const from = Math.ceil(Math.log10(Math.max(Math.abs(low), Math.abs(high))));
  for (let power = from; power > from - 12; power -= 1) {
    for (const step of [5, 2, 1].map((digit) => digit * 10 ** power)) {
      const nearest = Math.round((low + high) / 2 / step) * step;
      const multiple = nearest >= low && nearest <= high ? nearest : Math.ceil(low / step) * step;
      if (multiple <= high) return Number(multiple.toPrecision(12));
    }
  }
  return high;
}
