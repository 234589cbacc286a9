// When is a record due: to be destroyed, since its schedule has run out, or to be looked at again? Pure: schedules, what is known of the record, and
// a moment. A record that several schedules are about is kept by the longest. Whatever is in doubt keeps it longer.

import { addDays, addMonths, britishDayOf } from './british-day.ts';
import type { RetentionSchedule } from './retention-schedule.ts';

/** What starts the clocks of schedules; milliseconds since the epoch, null where it has not happened or is not known. */
export interface RetentionFacts {
  recorded: number;
  lastRecorded: number;
  closed: number | null;
  left?: number | null;
  ended?: number | null;
  /** "2010-03-01"; null where it is not known. */
  birthDate: string | null;
  /** When somebody last decided to keep it, and the day until which; null where nobody has. */
  reviewed: number | null;
  keepUntil: string | null;
}

export interface RetentionDue {
  /** Whether it may be destroyed, or only is to be looked at again. */
  what: 'end' | 'review';
  /** The schedule that says so. */
  schedule: RetentionSchedule;
  /** The day on which its clock began. */
  from: string;
  /** The first day on which it was due. */
  since: string;
  /** The date of birth is not known, and was taken to be the day on which the record was made: nobody was born later. */
  birthAssumed: boolean;
}

/** The day from which the person is so many years old; born on 29 February, from 1 March in other years. */
export function birthdayOf(born: string, age: number): string {
  const day = addMonths(born, age * 12);
  return day.slice(5) === born.slice(5) ? day : addDays(day, 1);
}

const later = (a: string, b: string): string => (a > b ? a : b);

/** The day on which the clock of a schedule began; undefined where it runs not yet, or runs at the agency that gave the data. */
function startOf({ from }: RetentionSchedule, facts: RetentionFacts): string | undefined {
  const at = { recorded: facts.recorded, 'last-recorded': facts.lastRecorded, closed: facts.closed, left: facts.left ?? null, ended: facts.ended ?? null, source: null }[from];
  return at === null ? undefined : britishDayOf(at);
}

interface Term {
  schedule: RetentionSchedule;
  from: string;
  /** The first day on which it is kept no more. */
  end: string;
  birthAssumed: boolean;
}

/** A term of years is over when its last day is: six years from 1 March 2020 end with 1 March 2026, and six years from 29 February with 28 February. */
function termOf(schedule: RetentionSchedule, facts: RetentionFacts): Term | undefined {
  const from = startOf(schedule, facts);
  if (from === undefined) return undefined;
  const { years, age } = schedule;
  const byYears = years === undefined ? from : addDays(addMonths(from, years * 12), 1);
  const byAge = age === undefined ? from : birthdayOf(facts.birthDate ?? britishDayOf(facts.recorded), age);
  return { schedule, from, end: later(byYears, byAge), birthAssumed: age !== undefined && facts.birthDate === null };
}

/** The first day on which the need is to be decided anew. A schedule that has no clock of its own runs from when it was recorded. */
function reviewOf(schedule: RetentionSchedule, facts: RetentionFacts): { from: string; since: string } | undefined {
  if (schedule.review === null) return undefined;
  const from = schedule.from === 'source' ? britishDayOf(facts.recorded) : startOf(schedule, facts);
  if (from === undefined) return undefined;
  const last = facts.reviewed === null ? from : later(from, britishDayOf(facts.reviewed));
  return { from, since: addMonths(last, schedule.review * 12) };
}

/**
 * What is due of a record at a moment; undefined where nothing is. All schedules are about it: while the clock of one has not begun, or one has no end of its own, it
 * is kept, and only looked at.
 *
 * @example
 * findRetentionDue([earlyHelp], { recorded, lastRecorded, closed: Date.parse('2010-03-01'), birthDate: '1990-05-01', reviewed: null, keepUntil: null }, now);
 * // { what: 'end', schedule: earlyHelp, from: '2010-03-01', since: '2016-03-02', birthAssumed: false }
 */
export function findRetentionDue(schedules: readonly RetentionSchedule[], facts: RetentionFacts, at: number): RetentionDue | undefined {
  const today = britishDayOf(at);
  if (schedules.length === 0) return undefined;
  /** Kept by somebody's decision: nothing is due until the day after. */
  const kept = facts.keepUntil === null ? undefined : addDays(facts.keepUntil, 1);
  if (kept !== undefined && today < kept) return undefined;

  const terms = schedules.map((schedule) => termOf(schedule, facts));
  if (terms.every((term) => term !== undefined)) {
    const { end, ...longest } = terms.reduce((a, b) => (b.end > a.end ? b : a));
    if (end <= today) return { what: 'end', ...longest, since: kept === undefined ? end : later(end, kept) };
  }
  const reviews = schedules.flatMap((schedule) => {
    const review = reviewOf(schedule, facts);
    return review && review.since <= today ? [{ schedule, ...review }] : [];
  });
  if (reviews.length > 0) return { what: 'review', ...reviews.reduce((a, b) => (b.since < a.since ? b : a)), birthAssumed: false };
  // What was kept until a day is looked at again then, whatever its schedules say.
  const [first] = schedules;
  return kept === undefined || facts.reviewed === null ? undefined : { what: 'review', schedule: first!, from: britishDayOf(facts.reviewed), since: kept, birthAssumed: false };
}
