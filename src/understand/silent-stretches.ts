// Stretches of days on which a feed says nothing though it should: at least a week without an event, in which by the 28 days on either
// side and by the feed as a whole at least fifteen were to be expected (by chance alone, e^−15), and nothing like it at that time of another year (school holidays).

export interface DayCount {
  /** ISO date. */
  day: string;
  events: number;
}

export interface SilentStretch {
  /** First and last silent day, ISO. */
  from: string;
  to: string;
  days: number;
  /** Events that were to be expected in it. */
  expected: number;
}

const dayLength = 24 * 60 * 60 * 1000;
const leastDays = 7;
const leastExpected = 15;
const sideDays = 28;
/** Holidays move by up to five weeks from year to year. */
const movesBy = 35;

interface Run {
  start: number;
  length: number;
}

/**
 * @param days days with events; days between them that are missing have none
 * @example findSilentStretches(days)[0] // { from: '2026-01-10', to: '2026-02-20', days: 42, expected: 63 }
 */
export function findSilentStretches(days: readonly DayCount[]): SilentStretch[] {
  if (days.length === 0) return [];
  const number = (day: string) => Math.round(Date.parse(`${day}T00:00:00Z`) / dayLength);
  const numbers = days.map(({ day }) => number(day));
  const first = numbers.reduce((least, each) => Math.min(least, each), Infinity);
  const last = numbers.reduce((most, each) => Math.max(most, each), -Infinity);
  const counts = new Float64Array(last - first + 1);
  for (const [index, { events }] of days.entries()) counts[numbers[index]! - first]! += events;
  const total = counts.reduce((sum, each) => sum + each, 0);
  const runs = silentRuns(counts);
  const date = (index: number) => new Date((first + index) * dayLength).toISOString().slice(0, 10);
  return runs.flatMap((run) => {
    const expected = run.length * Math.min(rateAround(counts, run), total / (counts.length - run.length));
    if (expected < leastExpected || isUsual(run, runs)) return [];
    return [{ from: date(run.start), to: date(run.start + run.length - 1), days: run.length, expected }];
  });
}

function silentRuns(counts: Float64Array): Run[] {
  const runs: Run[] = [];
  for (let index = 0; index < counts.length; index += 1) {
    if (counts[index]! > 0) continue;
    const start = index;
    while (index < counts.length && counts[index] === 0) index += 1;
    if (index - start >= leastDays) runs.push({ start, length: index - start });
  }
  return runs;
}

/** Events a day in the weeks before and after. */
function rateAround(counts: Float64Array, { start, length }: Run): number {
  const before = counts.subarray(Math.max(0, start - sideDays), start);
  const after = counts.subarray(start + length, start + length + sideDays);
  const sum = [before, after].reduce((all, side) => all + side.reduce((some, each) => some + each, 0), 0);
  return sum / (before.length + after.length);
}

/** Another year has a stretch at least seven tenths as long at about the same time. */
function isUsual(run: Run, runs: readonly Run[]): boolean {
  return runs.some((other) => {
    const years = Math.round((other.start - run.start) / 365.25);
    return years !== 0 && other.length >= 0.7 * run.length && Math.abs(other.start - run.start - years * 365.25) <= movesBy;
  });
}
