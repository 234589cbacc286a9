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

/** What a curve is drawn from. */
export interface Curve {
  /** Units with at least one event. */
  active: number;
  /** Events of the given number of units that have the most. */
  eventsAt: (units: number) => number;
}

/** How far points of a curve must be apart. */
export interface Apart {
  units: number;
  events: number;
}

/**
 * Numbers of units at which to draw the curve: dense near the top, and so far apart that no step tells a few units' or a few events' number.
 * @returns at most `most` numbers, ascending; the last is the number of active units, unless all of them are too few
 */
export function curveStops({ active, eventsAt }: Curve, apart: Apart, most = 60): number[] {
  const wanted = [...new Set(Array.from({ length: most }, (_, index) => Math.round(active * ((index + 1) / most) ** 2)))];
  const events = new Map(wanted.map((stop) => [stop, eventsAt(stop)]));
  const isApart = (stop: number, before: number) => stop - before >= apart.units && events.get(stop)! - (events.get(before) ?? 0) >= apart.events;
  const kept: number[] = [];
  for (const stop of wanted) if (isApart(stop, kept.at(-1) ?? 0)) kept.push(stop);
  while (kept.length > 0 && kept.at(-1) !== active && !isApart(active, kept.at(-1)!)) kept.pop();
  if (kept.at(-1) !== active && isApart(active, kept.at(-1) ?? 0)) kept.push(active);
  return kept;
}
