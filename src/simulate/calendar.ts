// Days and minutes of the simulated period. A day is whole days since 1970-01-01; a minute is British local minutes since the same midnight, without a zone.
// School terms follow the usual English pattern by rule (no authority's own dates); Easter by the anonymous Gregorian method.

export interface Calendar {
  firstMonth: string;
  months: number;
  /** First day of each month, and of the month after the last. */
  monthStart: Int32Array;
  firstDay: number;
  /** The day after the last. */
  endDay: number;
  monthName(month: number): string;
  isSchoolDay(day: number): boolean;
  isHoliday(day: number): boolean;
}

const DAY = 86_400_000;
const dateTexts = new Map<number, string>();
const clockTexts = Array.from({ length: 1440 }, (_, minute) => `T${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`);

export function dayOf(year: number, month: number, dayOfMonth: number): number {
  return Math.floor(Date.UTC(year, month - 1, dayOfMonth) / DAY);
}

/** "2025-03-09". */
export function dateText(day: number): string {
  let text = dateTexts.get(day);
  if (text === undefined) {
    text = new Date(day * DAY).toISOString().slice(0, 10);
    dateTexts.set(day, text);
  }
  return text;
}

/** "2025-03-09T22:05", local. On the night on which the clocks go forward no clock shows 01:00 to 01:59: it shows an hour more. */
export function timeText(minute: number): string {
  const day = Math.floor(minute / 1440);
  const clock = minute - day * 1440;
  return dateText(day) + clockTexts[clock >= 60 && clock < 120 && isSpringForward(day) ? clock + 60 : clock]!;
}

function isSpringForward(day: number): boolean {
  const text = dateText(day);
  return text.slice(5, 7) === '03' && text.slice(8) >= '25' && weekdayOf(day) === 7;
}

/** 1 Monday … 7 Sunday. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

export function partsOf(day: number): { year: number; month: number; dayOfMonth: number } {
  const text = dateText(day);
  return { year: Number(text.slice(0, 4)), month: Number(text.slice(5, 7)), dayOfMonth: Number(text.slice(8, 10)) };
}

/** Whole years from a birth day to a day. */
export function ageOn(birthDay: number, day: number): number {
  return Math.floor((day - birthDay) / 365.2425);
}

function lastWeekday(year: number, month: number, weekday: number): number {
  let day = dayOf(year, month + 1, 1) - 1;
  while (weekdayOf(day) !== weekday) day -= 1;
  return day;
}

function firstWeekdayFrom(day: number, weekday: number): number {
  let found = day;
  while (weekdayOf(found) !== weekday) found += 1;
  return found;
}

/** Whether British summer time holds at noon of a day. */
export function isSummerTime(day: number): boolean {
  const { year } = partsOf(day);
  return day >= lastWeekday(year, 3, 7) && day < lastWeekday(year, 10, 7);
}

/** Easter Sunday (anonymous Gregorian method). */
export function easterOf(year: number): number {
  const a = year % 19;
  const b = Math.floor(year / 100);
  const c = year % 100;
  const h = (19 * a + b - Math.floor(b / 4) - Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3) + 15) % 30;
  const l = (32 + 2 * (b % 4) + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  return dayOf(year, Math.floor((h + l - 7 * m + 114) / 31), ((h + l - 7 * m + 114) % 31) + 1);
}

function bankHolidays(year: number): number[] {
  const easter = easterOf(year);
  return [dayOf(year, 1, 1), easter - 2, easter + 1, firstWeekdayFrom(dayOf(year, 5, 1), 1), lastWeekday(year, 5, 1), lastWeekday(year, 8, 1), dayOf(year, 12, 25), dayOf(year, 12, 26)];
}

/** Spans of days in term, first and last, of the academic year that starts in September of `year`. */
export function termsOf(year: number): [number, number][] {
  const next = year + 1;
  const octoberBreak = lastWeekday(year, 10, 5) - 4;
  const februaryBreak = firstWeekdayFrom(dayOf(next, 2, 15), 1);
  const easter = easterOf(next);
  const springEnd = Math.min(easter - 2, firstWeekdayFrom(dayOf(next, 3, 29), 5));
  const mayBreak = lastWeekday(next, 5, 1);
  return [
    [firstWeekdayFrom(dayOf(year, 9, 2), 3), octoberBreak - 3],
    [octoberBreak + 7, firstWeekdayFrom(dayOf(year, 12, 16), 5)],
    [firstWeekdayFrom(dayOf(next, 1, 4), 1), februaryBreak - 3],
    [februaryBreak + 7, springEnd],
    [firstWeekdayFrom(springEnd + 14, 1), mayBreak - 3],
    [mayBreak + 7, firstWeekdayFrom(dayOf(next, 7, 17), 3)],
  ];
}

/** The calendar of a period of whole months. */
export function createCalendar(firstMonth: string, months: number): Calendar {
  const [year = 0, month = 1] = firstMonth.split('-').map(Number);
  const monthStart = Int32Array.from({ length: months + 1 }, (_, i) => dayOf(year, month + i, 1));
  const school = new Set<number>();
  const holidays = new Set<number>();
  const lastYear = partsOf(monthStart[months]!).year;
  for (let y = year - 1; y <= lastYear; y += 1) {
    for (const day of bankHolidays(y)) holidays.add(day);
    for (const [from, to] of termsOf(y)) for (let day = from; day <= to; day += 1) if (weekdayOf(day) <= 5) school.add(day);
  }
  for (const day of holidays) school.delete(day);
  return {
    firstMonth,
    months,
    monthStart,
    firstDay: monthStart[0]!,
    endDay: monthStart[months]!,
    monthName: (index) => dateText(monthStart[index]!).slice(0, 7),
    isSchoolDay: (day) => school.has(day),
    isHoliday: (day) => holidays.has(day),
  };
}
