import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/index.ts';
import { findSilentStretches } from './silent-stretches.ts';

const dayLength = 24 * 60 * 60 * 1000;
const start = Date.parse('2023-01-01T00:00:00Z');

function feed(days: number, events: (index: number, date: Date) => number) {
  return Array.from({ length: days }, (_, index) => ({ day: new Date(start + index * dayLength).toISOString().slice(0, 10), events: events(index, new Date(start + index * dayLength)) })).filter((each) => each.events > 0);
}

describe('findSilentStretches', () => {
  it('finds six weeks in which a small feed stopped, which no count by month shows', () => {
    const random = createRandom(1);
    const days = feed(1000, (index) => (index >= 500 && index < 542 ? 0 : random.poisson(1.5)));
    const [found, ...others] = findSilentStretches(days);
    expect(others).toEqual([]);
    expect(found!.from <= '2024-05-15' && found!.to >= '2024-06-25').toBe(true);
    expect(found!.days).toBeGreaterThanOrEqual(42);
    expect(found!.days).toBeLessThan(50);
  });

  it('does not call school holidays or weekends silent, wherever Easter falls', () => {
    const random = createRandom(2);
    const easter = ['2023-04-03', '2024-03-25', '2025-04-07'].map((day) => Date.parse(`${day}T00:00:00Z`));
    const days = feed(1090, (_, date) => {
      const monthDay = date.toISOString().slice(5, 10);
      const holiday = (monthDay >= '07-22' && monthDay <= '09-02') || monthDay >= '12-20' || monthDay <= '01-04' || easter.some((monday) => date.getTime() >= monday && date.getTime() < monday + 14 * dayLength);
      return holiday || date.getUTCDay() % 6 === 0 ? 0 : random.poisson(180);
    });
    expect(findSilentStretches(days)).toEqual([]);
  });

  it('finds nothing in feeds of pure chance, however small', () => {
    const random = createRandom(3);
    for (const mean of [0.02, 0.1, 0.4, 2, 50]) for (let run = 0; run < 20; run += 1) expect(findSilentStretches(feed(1000, () => random.poisson(mean)))).toEqual([]);
  });

  it('has nothing to say of no days or one', () => {
    expect(findSilentStretches([])).toEqual([]);
    expect(findSilentStretches([{ day: '2024-01-01', events: 9 }])).toEqual([]);
  });
});
