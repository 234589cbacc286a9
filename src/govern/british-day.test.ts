import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, addMonths, britishDayOf, dayInWords, endOfBritishDay, isRealDay, startOfBritishDay } from './british-day.ts';

const iso = (at: number) => new Date(at).toISOString();

describe('a day in Britain', () => {
  it('is real where the calendar has it', () => {
    expect(['2026-11-03', '2024-02-29'].every(isRealDay)).toBe(true);
    for (const text of ['2026-02-29', '2026-13-01', '2026-11-31', '2026-1-3', '0000-00-00', '', '2026-11-03T10', ' 2026-11-03']) expect(isRealDay(text), text).toBe(false);
  });

  it.each([
    ['2026-01-15', '2026-01-15T00:00:00.000Z', '2026-01-16T00:00:00.000Z'],
    ['2026-07-15', '2026-07-14T23:00:00.000Z', '2026-07-15T23:00:00.000Z'],
    ['2026-03-29', '2026-03-29T00:00:00.000Z', '2026-03-29T23:00:00.000Z'],
    ['2026-10-25', '2026-10-24T23:00:00.000Z', '2026-10-26T00:00:00.000Z'],
  ])('%s begins at %s and ends before %s', (day, from, to) => {
    expect([iso(startOfBritishDay(day)), iso(endOfBritishDay(day))]).toEqual([from, to]);
  });

  it('holds every moment from its first to its last', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 40_000 }), fc.double({ min: 0, max: 0.999, noNaN: true }), (days, part) => {
      const day = addDays('1990-01-01', days);
      const [from, to] = [startOfBritishDay(day), endOfBritishDay(day)];
      expect(britishDayOf(from)).toBe(day);
      expect(britishDayOf(to - 1)).toBe(day);
      expect(britishDayOf(Math.floor(from + part * (to - from)))).toBe(day);
      expect(britishDayOf(from - 1)).toBe(addDays(day, -1));
    }));
  });

  it('some months later is the last day of a shorter month', () => {
    expect([addMonths('2026-01-31', 1), addMonths('2026-11-28', 12), addMonths('2024-02-29', 12), addMonths('2026-11-28', -1)]).toEqual(['2026-02-28', '2027-11-28', '2025-02-28', '2026-10-28']);
    expect(dayInWords('2026-11-01')).toBe('1 November 2026');
  });
});
