// Where a map or heat map changes shade: round class limits, from quantiles of the values, so that each shade covers
// about as many cells and the limits can be said aloud. Reference: Slocum and others, Thematic Cartography, chapter 5.

/**
 * Limits of up to `count` classes, ascending; class i holds limits[i] <= value < limits[i + 1], the last includes its end.
 * @param values finite numbers, in any order
 * @returns at least two limits; fewer classes where values repeat, and none without a value
 * @example classBreaks([0, 5, 10, 15, 20, 25], 2) // [0, 15, 25]
 */
export function classBreaks(values: number[], count: number): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const low = sorted[0] ?? 0;
  const high = sorted.at(-1) ?? 0;
  if (high - low < 1e-9) return [low, high];
  const step = roundStep((high - low) / (count * 4));
  const limits = [floorTo(low, step)];
  for (let index = 1; index < count; index += 1) {
    const limit = Math.round(quantile(sorted, index / count) / step) * step;
    if (limit < high && sorted.some((value) => value >= limits.at(-1)! && value < limit)) limits.push(tidy(limit));
  }
  limits.push(tidy(Math.ceil(high / step - 1e-9) * step));
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

/** 1, 2 or 5 times a power of ten, at most `about`. */
function roundStep(about: number): number {
  const power = 10 ** Math.floor(Math.log10(about));
  return tidy(power * (about / power >= 5 ? 5 : about / power >= 2 ? 2 : 1));
}

function floorTo(value: number, step: number): number {
  return tidy(Math.floor(value / step + 1e-9) * step);
}

function tidy(value: number): number {
  return Number(value.toPrecision(12));
}
