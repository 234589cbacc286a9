// What chance alone would give at many numbers of units at once: the expectation at each, and the range of 95 per cent of seeded
// repetitions at a few, drawn straight between them. Kept for the same numbers of events and units, which do not change in a snapshot.

import { createRandom } from '../core/index.ts';
import { chanceTopShares, expectedTopShares } from '../stats/index.ts';

export interface ChancePoint {
  expected: number;
  low: number;
  high: number;
}

const anchors = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.4, 0.7];
const runs = 199;
const mostKept = 500;
const kept = new Map<string, number[]>();

/**
 * The share of events that the top units would hold by chance.
 * @param tops numbers of units
 */
export function chanceBand(events: number, units: number, tops: readonly number[]): ChancePoint[] {
  if (tops.length === 0) return [];
  const shares = tops.map((top) => top / units);
  const expected = expectedTopShares({ events, units, rounding: 'part' }, shares);
  const halves = halfWidths(events, units);
  return shares.map((top, index) => {
    const middle = expected[index]!;
    const half = interpolate(top, halves);
    return { expected: middle, low: Math.max(top, middle - half), high: Math.min(1, middle + half) };
  });
}

function halfWidths(events: number, units: number): number[] {
  const key = `${events}/${units}`;
  const known = kept.get(key);
  if (known) return known;
  const halves = chanceTopShares(createRandom(1, 'chance-band'), { events, units, rounding: 'part' }, anchors, { runs }).map(({ low, high }) => (high - low) / 2);
  if (kept.size >= mostKept) kept.clear();
  kept.set(key, halves);
  return halves;
}

/** Nothing at no units and at all of them. */
function interpolate(top: number, halves: readonly number[]): number {
  const at = [0, ...anchors, 1];
  const values = [0, ...halves, 0];
  const above = at.findIndex((anchor) => anchor >= top);
  const [left, right] = [at[above - 1] ?? 0, at[above] ?? 1];
  const [low, high] = [values[above - 1] ?? 0, values[above] ?? 0];
  return right === left ? high : low + ((top - left) / (right - left)) * (high - low);
}
