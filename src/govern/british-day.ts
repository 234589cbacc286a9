// Days as agreements and statutes mean them: from midnight to midnight in Britain, whatever the machine's own zone and whether or not it is summer.

const parts = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
const words = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' });

/** Milliseconds by which British clocks are ahead of UTC at that moment. */
function aheadOf(at: number): number {
  const found = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return Date.UTC(found['year']!, found['month']! - 1, found['day']!, found['hour']!, found['minute']!, found['second']!) - Math.floor(at / 1000) * 1000;
}

/**
 * The first moment of a day, in milliseconds since the epoch.
 *
 * @example
 * startOfBritishDay('2026-06-01'); // 31 May 2026, 23:00 UTC: summer time
 */
export function startOfBritishDay(day: string): number {
  const asUtc = Date.parse(`${day}T00:00:00Z`);
  // Clocks change at 1:00 UTC, so at midnight the offset is that of the hour before.
  return asUtc - aheadOf(asUtc - 3_600_000);
}

/** The first moment after a day. */
export const endOfBritishDay = (day: string): number => startOfBritishDay(addDays(day, 1));

/** The day in Britain at a moment, such as "2026-11-28". */
export function britishDayOf(at: number): string {
  return new Date(at + aheadOf(at)).toISOString().slice(0, 10);
}

/** Is "2026-11-03" a day that there is? */
export function isRealDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === text;
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** So many months later; the last day of a month where that month is shorter. */
export function addMonths(day: string, months: number): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month - 1 + months + 1, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

/** "2026-11-28" → "28 November 2026". */
export const dayInWords = (day: string): string => words.format(Date.parse(`${day}T00:00:00Z`));
