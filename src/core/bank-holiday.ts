// Bank holidays of England and Wales, by rule: New Year, Easter, May, August and Christmas, each moved to the next working day where it falls on a
// weekend; and those that a proclamation has moved. Days that are proclaimed beside them, such as for a coronation, are not known: a time limit that
// ends on one ends early, never late. A move that is proclaimed in times to come is not known either: until it stands here, a limit may end early or late.
// Easter by the anonymous Gregorian method (Meeus, Astronomical Algorithms, 1991).

const day = 86_400_000;
const text = (at: number): string => new Date(at).toISOString().slice(0, 10);
/** From 0, Sunday. */
const weekday = (at: number): number => new Date(at).getUTCDay();
const isWeekend = (at: number): boolean => weekday(at) === 0 || weekday(at) === 6;

function easterSunday(year: number): number {
  const [a, b, c] = [year % 19, Math.floor(year / 100), year % 100];
  const [d, e] = [Math.floor(b / 4), b % 4];
  const g = Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const l = (32 + 2 * e + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const n = h + l - 7 * m + 114;
  return Date.UTC(year, Math.floor(n / 31) - 1, (n % 31) + 1);
}

const firstMonday = (year: number, month: number): number => {
  const first = Date.UTC(year, month - 1, 1);
  return first + ((8 - weekday(first)) % 7) * day;
};
const lastMonday = (year: number, month: number): number => {
  const last = Date.UTC(year, month, 0);
  return last - ((weekday(last) + 6) % 7) * day;
};

/** The first day from this one that is neither a weekend nor among the taken. */
function nextFree(from: number, taken: readonly number[]): number {
  let at = from;
  while (isWeekend(at) || taken.includes(at)) at += day;
  return at;
}

/** Moved once by proclamation: to the 75th year of VE Day, and to three jubilees. */
const moved: Readonly<Record<string, string>> = { '2002-05-27': '2002-06-04', '2012-05-28': '2012-06-04', '2020-05-04': '2020-05-08', '2022-05-30': '2022-06-02' };
const asProclaimed = (at: number): number => (moved[text(at)] === undefined ? at : Date.parse(`${moved[text(at)]}T00:00:00Z`));

function holidaysOf(year: number): number[] {
  const easter = easterSunday(year);
  const [newYear, christmas, boxing] = [Date.UTC(year, 0, 1), Date.UTC(year, 11, 25), Date.UTC(year, 11, 26)];
  // Where both days of Christmas need another, Boxing Day keeps its own if it can.
  const own = [christmas, boxing].filter((at) => !isWeekend(at));
  const others = [christmas, boxing].filter(isWeekend).reduce<number[]>((taken, at) => [...taken, nextFree(at, taken)], own);
  return [nextFree(newYear, []), easter - 2 * day, easter + day, firstMonday(year, 5), lastMonday(year, 5), lastMonday(year, 8), ...others].map(asProclaimed);
}

/** The bank holidays of a year, such as "2026-12-28", in their order. */
export const bankHolidays = (year: number): string[] => holidaysOf(year).toSorted((a, b) => a - b).map(text);

/** Whether offices in England and Wales work on this day, such as "2026-11-28". */
export function isWorkingDay(on: string): boolean {
  const at = Date.parse(`${on}T00:00:00Z`);
  return !isWeekend(at) && !holidaysOf(new Date(at).getUTCFullYear()).includes(at);
}

/** This day where it is a working day, or the next that is one. */
export function workingDayFrom(on: string): string {
  let at = Date.parse(`${on}T00:00:00Z`);
  while (!isWorkingDay(text(at))) at += day;
  return text(at);
}
