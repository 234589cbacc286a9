import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/index.ts';
import { chanceTopShare } from '../stats/index.ts';
import { chanceBand } from './chance-band.ts';

describe('chanceBand', () => {
  it.each([[3000, 2000], [60_000, 25_000], [180_000, 417]])('agrees with the chance of one share at a time: %i events, %i units', (events, units) => {
    const [point] = chanceBand(events, units, [Math.round(units * 0.05)]);
    const alone = chanceTopShare(createRandom(5), { events, units, rounding: 'part' }, Math.round(units * 0.05) / units);
    expect(point!.expected).toBeCloseTo(alone.expected, 9);
    expect(point!.low).toBeCloseTo(alone.low, 2);
    expect(point!.high).toBeCloseTo(alone.high, 2);
  });

  it('rises to all events for all units, holds its middle between its ends, and never falls below an even spread', () => {
    const units = 500;
    const points = chanceBand(2000, units, [1, 5, 25, 100, 300, 499, 500]);
    for (const [index, { expected, low, high }] of points.entries()) {
      expect(low).toBeLessThanOrEqual(expected);
      expect(high).toBeGreaterThanOrEqual(expected);
      if (index > 0) expect(expected).toBeGreaterThanOrEqual(points[index - 1]!.expected);
    }
    expect(points.at(-1)).toEqual({ expected: 1, low: 1, high: 1 });
  });
});
