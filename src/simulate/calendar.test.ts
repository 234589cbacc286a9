import { describe, expect, it } from 'vitest';
import { createCalendar, dateText, dayOf, easterOf, isSummerTime, termsOf, timeText, weekdayOf } from './calendar.ts';

describe('the calendar', () => {
  it('knows Easter of published years', () => {
    expect([2000, 2024, 2025, 2026].map((year) => dateText(easterOf(year)))).toEqual(['2000-04-23', '2024-03-31', '2025-04-20', '2026-04-05']);
  });

  it('numbers weekdays from Monday', () => {
    expect(weekdayOf(dayOf(2025, 3, 31))).toBe(1);
    expect(weekdayOf(dayOf(2026, 11, 1))).toBe(7);
  });

  it('changes to and from British summer time on the last Sundays of March and October', () => {
    expect(isSummerTime(dayOf(2025, 3, 29))).toBe(false);
    expect(isSummerTime(dayOf(2025, 3, 30))).toBe(true);
    expect(isSummerTime(dayOf(2025, 10, 25))).toBe(true);
    expect(isSummerTime(dayOf(2025, 10, 26))).toBe(false);
  });

  it('writes no time in the hour that the clocks leave out', () => {
    const at = (day: number, hour: number) => timeText(day * 1440 + hour * 60 + 15).slice(11);
    expect([0, 1, 2, 3].map((hour) => at(dayOf(2025, 3, 30), hour))).toEqual(['00:15', '02:15', '02:15', '03:15']);
    expect([at(dayOf(2025, 3, 23), 1), at(dayOf(2025, 3, 31), 1), at(dayOf(2025, 10, 26), 1), at(dayOf(2024, 3, 31), 1)]).toEqual(['01:15', '01:15', '01:15', '02:15']);
  });

  it('has six spans of term in order, about 190 school days, and none on a bank holiday or in August', () => {
    const terms = termsOf(2024);
    expect(terms).toHaveLength(6);
    for (let i = 1; i < terms.length; i += 1) expect(terms[i]![0]).toBeGreaterThan(terms[i - 1]![1]);
    const calendar = createCalendar('2024-09', 12);
    let days = 0;
    for (let day = calendar.firstDay; day < calendar.endDay; day += 1) if (calendar.isSchoolDay(day)) days += 1;
    expect(days).toBeGreaterThan(184);
    expect(days).toBeLessThan(198);
    expect(calendar.isSchoolDay(dayOf(2025, 5, 5))).toBe(false);
    expect(calendar.isSchoolDay(dayOf(2025, 8, 6))).toBe(false);
    expect(calendar.isHoliday(dayOf(2024, 12, 25))).toBe(true);
  });

  it('writes minutes as local date and time', () => {
    expect(timeText(dayOf(2025, 1, 2) * 1440 + 65)).toBe('2025-01-02T01:05');
  });
});
