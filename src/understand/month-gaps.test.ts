import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/index.ts';
import { findMonthGaps } from './month-gaps.ts';

const steady = (months: number, events: (month: number) => number) => Array.from({ length: months }, (_, month) => ({ month, events: events(month) }));

describe('findMonthGaps', () => {
  it('finds months that are not there, that are half empty, and that were sent twice', () => {
    const months = steady(24, (month) => (month === 9 ? 190 : month === 15 ? 20 : 95)).filter(({ month }) => month !== 4 && month !== 5);
    expect(findMonthGaps(months, 0, 23)).toEqual([
      { month: 4, events: 0, usual: 95, what: 'none' },
      { month: 5, events: 0, usual: 95, what: 'none' },
      { month: 9, events: 190, usual: 95, what: 'more' },
      { month: 15, events: 20, usual: 95, what: 'fewer' },
    ]);
  });

  it('does not call a school holiday a gap: the same month of other years is as empty', () => {
    expect(findMonthGaps(steady(36, (month) => (month % 12 === 7 ? 0 : 400)), 0, 35)).toEqual([]);
  });

  it('does not cry wolf over small feeds: chance alone gives no findings', () => {
    const random = createRandom(3);
    for (let run = 0; run < 50; run += 1) expect(findMonthGaps(steady(36, () => random.poisson(12)), 0, 35).length).toBeLessThanOrEqual(1);
  });

  it('has nothing to say of a single month', () => {
    expect(findMonthGaps([{ month: 3, events: 5 }], 3, 3)).toEqual([]);
  });
});
