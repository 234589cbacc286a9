// How much of the demand do a few people, addresses or areas make? The concentration curve (Lorenz's curve from the highest
// down), the share of the top units, and Gini's coefficient. Reference: Bernasco and Steenbeek 2017, Journal of Quantitative
// Criminology 33(3), 451-467. Chance alone concentrates events too: set beside these what chance-concentration.ts gives.

export interface ConcentrationOptions {
  /** All units, those without any event included, where `counts` leaves them out. Default: as many as there are counts. */
  units?: number;
  /**
   * How to count the top share of units where it is not a whole number: "up" takes the smallest whole number that makes at
   * least the share (5 per cent of 417 areas are 21, a number of areas that can be named); "part" counts a part of the next
   * unit (20.85). Default "up".
   */
  rounding?: TopRounding;
}

export type TopRounding = 'up' | 'part';

/**
 * How many units the top share is.
 *
 * @example
 * topUnits(0.05, 417); // 21
 */
export function topUnits(top: number, units: number, rounding: TopRounding = 'up'): number {
  if (!(top >= 0 && top <= 1)) throw new Error('top must be a share between 0 and 1');
  // The margin keeps 0.05 × 420 at 21, whatever its last binary digit.
  return rounding === 'up' ? Math.ceil(top * units - 1e-9) : top * units;
}

/** Counts from the highest down, checked; the sum of them; and the number of units. */
function rank(counts: ArrayLike<number>, units: number): { sorted: Float64Array; total: number } {
  if (units < counts.length) throw new Error('units must not be fewer than the counts given');
  const sorted = Float64Array.from(counts).sort().reverse();
  if (sorted.length > 0 && !(sorted[sorted.length - 1]! >= 0 && sorted[0]! < Infinity)) throw new Error('counts must be finite and not negative');
  let total = 0;
  for (const count of sorted) total += count;
  return { sorted, total };
}

/**
 * The share of all events that the top share of units holds.
 *
 * @param counts events of each unit, in any order
 * @param top share of units, 0 to 1
 * @returns share of events, 0 to 1; NaN where there are no events
 * @throws Error where a count is negative or not finite, or `top` is not a share
 * @example
 * topShare([6, 2, 1, 1], 0.25); // 0.6
 */
export function topShare(counts: ArrayLike<number>, top: number, options: ConcentrationOptions = {}): number {
  const units = options.units ?? counts.length;
  const { sorted, total } = rank(counts, units);
  const wanted = topUnits(top, units, options.rounding);
  const whole = Math.floor(wanted + 1e-9);
  let sum = 0;
  for (let i = 0; i < Math.min(whole, sorted.length); i += 1) sum += sorted[i]!;
  if (whole < sorted.length) sum += Math.max(0, wanted - whole) * sorted[whole]!;
  return sum / total;
}

export interface CurvePoint {
  /** Share of units, from the one with the most events down. */
  units: number;
  /** Share of events that they hold. */
  events: number;
}

/**
 * The concentration curve from (0, 0) to (1, 1), units from the most events down.
 *
 * @param counts events of each unit, in any order
 * @param points about how many points to return, spread over the share of units and dense near the top
 * @returns no points where there are no events
 * @example
 * concentrationCurve([3, 1, 0, 0]).at(1); // { units: 0.25, events: 0.75 }
 */
export function concentrationCurve(counts: ArrayLike<number>, options: ConcentrationOptions & { points?: number } = {}): CurvePoint[] {
  const units = options.units ?? counts.length;
  const points = options.points ?? 200;
  const { sorted, total } = rank(counts, units);
  if (total === 0) return [];
  const curve: CurvePoint[] = [{ units: 0, events: 0 }];
  let sum = 0;
  let next = 1;
  for (let i = 0; i < sorted.length; i += 1) {
    sum += sorted[i]!;
    if (i + 1 < next && i + 1 < sorted.length) continue;
    curve.push({ units: (i + 1) / units, events: sum / total });
    // One point for each unit at first, then steps that grow with the square: step k ends at units·(k / points)².
    const step = Math.ceil(Math.sqrt((i + 2) / units) * points - 1e-9);
    next = Math.max(i + 2, Math.floor(units * (step / points) ** 2));
  }
  if (sorted.length < units) curve.push({ units: 1, events: 1 });
  return curve;
}

/**
 * Gini's coefficient of the counts: 0 all units alike, (units − 1) / units one unit has all.
 *
 * @returns NaN where there are no events
 * @example
 * gini([3, 1, 1, 0, 0, 0, 0, 0, 0, 0]); // 0.78
 */
export function gini(counts: ArrayLike<number>, options: ConcentrationOptions = {}): number {
  const units = options.units ?? counts.length;
  const { sorted, total } = rank(counts, units);
  let sum = 0;
  for (let i = 0; i < sorted.length; i += 1) sum += (units - 1 - 2 * i) * sorted[i]!;
  return sum / (units * total);
}

/**
 * Gini's coefficient against the most equal spread that whole events allow: with fewer events than units the most equal
 * is one event each (Bernasco and Steenbeek 2017). Equal to `gini` where there are at least as many events as units.
 *
 * @returns NaN where there are no events
 * @example
 * generalisedGini([5, 2, 1, 0, 0, 0, 0, 0, 0, 0]); // 0.75
 */
export function generalisedGini(counts: ArrayLike<number>, options: ConcentrationOptions = {}): number {
  const units = options.units ?? counts.length;
  const { total } = rank(counts, units);
  return Math.max(1, units / total) * (gini(counts, options) - 1) + 1;
}
