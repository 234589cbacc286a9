// How counts, shares, months and hours are written on every question page, in charts and in tables: one way for each.

import type { CellValue, Column } from '../../core/index.ts';
import { presentCount, presentDate } from '../frame/date-words.ts';

const oneDecimal = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const twoDecimals = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

export function writeCount(value: number): string {
  return presentCount(value).replace('-', '−');
}

/** One decimal from 1 upwards, two below it. */
export function writeDecimal(value: number): string {
  return (Math.abs(value) >= 1 || value === 0 ? oneDecimal : twoDecimals).format(value).replace('-', '−');
}

/** A rate in a sentence: whole from 10 upwards, one decimal below. */
export function writeRate(value: number): string {
  return Math.abs(value) >= 10 ? writeCount(value) : oneDecimal.format(value).replace('-', '−');
}

/** A share of 1 as a whole percentage; with a decimal where it is small or almost all. */
export function writeShare(value: number): string {
  const percent = value * 100;
  if (percent === 0 || percent === 100) return `${percent}%`;
  if (percent < 0.1) return 'under 0.1%';
  if (percent < 1 || (percent > 99 && percent < 100)) return `${oneDecimal.format(Math.min(percent, 99.9))}%`;
  return `${presentCount(percent)}%`;
}

/** "2025-03" or "2025-03-01" as "March 2025". */
export function writeMonth(value: string): string {
  const found = /^(\d{4})-(\d{2})/.exec(value);
  const name = found && months[Number(found[2]) - 1];
  return name ? `${name} ${found[1]}` : value;
}

/** 14, 5 as "2:05pm"; 0, 0 as "midnight". */
export function writeHour(hour: number, minute = 0): string {
  if (minute === 0 && hour % 24 === 0) return 'midnight';
  if (minute === 0 && hour === 12) return 'midday';
  const clock = `${hour % 12 === 0 ? 12 : hour % 12}${minute ? `:${String(minute).padStart(2, '0')}` : ''}`;
  return `${clock}${hour % 24 < 12 ? 'am' : 'pm'}`;
}

export function writeCell(value: CellValue, format: Column['format']): string {
  if (value === null) return '';
  if (typeof value === 'string') return format === 'month' ? writeMonth(value) : format === 'date' ? presentDate(value) : value;
  if (format === 'count') return writeCount(value);
  if (format === 'decimal') return writeDecimal(value);
  if (format === 'share') return writeShare(value);
  return String(value);
}
