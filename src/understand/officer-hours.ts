// Officer hours of a group, which are measured event by event and so protected as magnitudes are. The mean of a group, with noise as large as
// its longest event (Thompson, Broadfoot and Elazar 2013), times its count as shown; no figure where the count has none, where too few events
// have minutes, or where one event is more than half of the sum (dominance rule, Hundepool et al. 2012, chapter 4); rounded to steps that grow
// with the longest event.

import type { CellValue } from '../core/index.ts';
import { isTooSmall } from '../govern/index.ts';
import type { Timed } from './demand.sql.ts';
import { keptBack, unknown, type Figure } from './harm-days.ts';
import { noisyAmount, type Counting, type Keyed } from './noisy-count.ts';

const salt = 101;

/** @param released the count of the rows' events as it is shown */
export function hoursOf(counting: Counting, rows: readonly (Keyed & Timed)[], released: CellValue | undefined): Figure {
  const all = timedOf(rows);
  if (released === 0) return { value: 0, hidden: false };
  if (all.timed === 0) return unknown;
  if (typeof released !== 'number' || isTooSmall(counting.rule, all.timed)) return keptBack;
  if (counting.rule.lowMax > 0 && all.longest > all.minutes / 2) return keptBack;
  const minutes = noisyAmount(counting, rows, (group) => {
    const { minutes: sum, longest: greatest, timed: values } = timedOf(group);
    return { sum, greatest, values };
  }, salt);
  const step = counting.rule.lowMax > 0 ? stepOf(all.longest / 60) : 1;
  return { value: Math.round(((minutes / all.timed) * released) / 60 / step) * step, hidden: false };
}

export function timedOf(rows: readonly Timed[]): Timed {
  return rows.reduce((sum, row) => ({ timed: sum.timed + row.timed, minutes: sum.minutes + row.minutes, longest: Math.max(sum.longest, row.longest) }), { timed: 0, minutes: 0, longest: 0 });
}

/** The least of 1, 2, 5, 10, 20 … that is as much as the longest event. */
export function stepOf(hours: number): number {
  let step = 1;
  for (const factor of [2, 2.5, 2]) if (step < hours) step *= factor;
  return step < hours ? step * stepOf(hours / step) : step;
}
