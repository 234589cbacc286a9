// Dates, times and counts as every page writes them: "23 November 2026", "9:05am", "12,345". British time.

const zone = 'Europe/London';
const dateWords = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: zone });
const timeParts = new Intl.DateTimeFormat('en-GB', { hour: 'numeric', minute: '2-digit', hour12: true, timeZone: zone });
const countWords = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** A day without a time is read as that day in Britain, never shifted by a zone. */
function instant(value: string | number | Date): Date {
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value)) return new Date(`${value}T12:00:00Z`);
  return new Date(value);
}

/** "2026-11-23" → "23 November 2026". Text that is not a date comes back as it is. */
export function presentDate(value: string | number | Date): string {
  const date = instant(value);
  return Number.isNaN(date.getTime()) ? String(value) : dateWords.format(date);
}

/** → "9:05am". */
export function presentTime(value: string | number | Date): string {
  const parts = new Map(timeParts.formatToParts(new Date(value)).map((part) => [part.type, part.value]));
  return `${parts.get('hour')}:${parts.get('minute')}${(parts.get('dayPeriod') ?? '').toLowerCase()}`;
}

/** → "23 November 2026 at 9:05am". */
export function presentDateTime(value: string | number | Date): string {
  return `${presentDate(value)} at ${presentTime(value)}`;
}

/** → "12,345". */
export function presentCount(value: number): string {
  // Most counts on a page need no commas, and the formatter is slow beside this.
  return Number.isInteger(value) && value >= 0 && value < 1000 ? String(value) : countWords.format(value);
}
