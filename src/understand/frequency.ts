// Concentration from frequencies: how many units have how many events, from the most events down. The same as src/stats gives from
// one count for each unit, without a list of a million units. A part of a unit counts in part.

import type { FrequencyRow } from './repeat-demand.sql.ts';

export interface Frequencies {
  /** From the most events down. */
  rows: readonly FrequencyRow[];
  /** Units with at least one event. */
  active: number;
  /** Events (or involvements) of all units. */
  events: number;
}

export function frequenciesOf(rows: readonly FrequencyRow[]): Frequencies {
  return { rows, active: rows.reduce((sum, row) => sum + row.units, 0), events: rows.reduce((sum, row) => sum + row.n * row.units, 0) };
}

/** Events of the given number of units that have the most. */
export function topEvents({ rows }: Frequencies, units: number): number {
  let left = units;
  let sum = 0;
  for (const row of rows) {
    const taken = Math.min(row.units, left);
    sum += taken * row.n;
    left -= taken;
    if (left <= 0) break;
  }
  return sum;
}

/**
 * Numbers of units at which to draw the curve: dense near the top, at least `step` units apart, so that no point tells one unit's events.
 * @returns at most `most` numbers, ascending, the last is the number of active units
 */
export function curveStops(active: number, step: number, most = 60): number[] {
  const stops = Array.from({ length: most }, (_, index) => Math.round(active * ((index + 1) / most) ** 2));
  const apart = stops.reduce<number[]>((kept, stop) => (stop - (kept.at(-1) ?? 0) >= step ? [...kept, stop] : kept), []);
  if (apart.at(-1) !== active && active - (apart.at(-2) ?? 0) >= step) return [...apart.slice(0, -1), active];
  return apart;
}
