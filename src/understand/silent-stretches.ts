// Stretches of days on which a feed says nothing though it should: at least a week without an event, in which by the 28 days on either side
// and by the feed as a whole at least fifteen were to be expected (by chance alone, e^−15), and nothing like it at that time of another year,
// as school holidays have.

/** A row of the derived table feed_silence. */
export interface SilentRun {
  feed: string;
  /** First and last day without an event, ISO. */
  from_day: string;
  to_day: string;
  days: number;
  /** Events and days of the weeks on either side. */
  side_events: number;
  side_days: number;
  feed_events: number;
  /** From the feed's first day to its last. */
  feed_days: number;
}

export interface Silence {
  feed: string;
  from: string;
  to: string;
  days: number;
  /** Events that were to be expected in it. */
  expected: number;
}

const dayLength = 24 * 60 * 60 * 1000;
const leastExpected = 15;
/** Holidays move by up to five weeks from year to year. */
const movesBy = 35;

/** The runs that nothing explains. */
export function findSilences(runs: readonly SilentRun[]): Silence[] {
  return runs.flatMap((run) => {
    const expected = run.days * Math.min(run.side_events / run.side_days, run.feed_events / (run.feed_days - run.days));
    if (expected < leastExpected || isUsual(run, runs)) return [];
    return [{ feed: run.feed, from: run.from_day, to: run.to_day, days: run.days, expected }];
  });
}

/** Another year has a stretch of the feed at least seven tenths as long at about the same time. */
function isUsual(run: SilentRun, runs: readonly SilentRun[]): boolean {
  return runs.some((other) => {
    const apart = (Date.parse(other.from_day) - Date.parse(run.from_day)) / dayLength;
    const years = Math.round(apart / 365.25);
    return other.feed === run.feed && years !== 0 && other.days >= 0.7 * run.days && Math.abs(apart - years * 365.25) <= movesBy;
  });
}
