// Numbers as sentences say them: "72 per cent", "Three per cent", "12,345 incidents".

const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });
const small = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

export function writeNumber(value: number): string {
  return whole.format(value).replace('-', '−');
}

/** "no", "one" … "ten", then figures. */
export function smallNumber(value: number): string {
  return small[value] ?? writeNumber(value);
}

/** A share of 1 as "72 per cent"; as "less than 1 per cent" or "more than 99 per cent" where rounding would hide that it is not all or nothing. */
export function perCent(share: number): string {
  const percent = Math.round(share * 100);
  if (percent === 0 && share > 0) return 'less than 1 per cent';
  if (percent === 100 && share < 1) return 'more than 99 per cent';
  return `${percent} per cent`;
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** "March 2025" of "2025-03…". */
export function writeMonth(month: string): string {
  return new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${month.slice(0, 7)}-01T00:00:00Z`));
}

/** "31 October 2026" of "2026-10-31". */
export function writeDay(day: string): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${day.slice(0, 10)}T00:00:00Z`));
}

/** Rounded to the given number of decimals. */
export function round(value: number, decimals = 0): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}
