import { expect, test } from 'vitest';
import { presentCount, presentDate, presentDateTime, presentTime } from './date-words.ts';

test('Dates are written with the month as a word', () => {
  expect(presentDate('2026-11-23')).toBe('23 November 2026');
  expect(presentDate('2026-04-30T23:41:00Z')).toBe('1 May 2026');
});

test('Text that is not a date is left as it is', () => {
  expect(presentDate('unknown')).toBe('unknown');
});

test('Times are British, on the twelve-hour clock', () => {
  expect(presentTime('2026-11-23T09:05:00Z')).toBe('9:05am');
  expect(presentTime('2026-07-01T12:00:00Z')).toBe('1:00pm');
  expect(presentTime('2026-11-23T00:30:00Z')).toBe('12:30am');
  expect(presentDateTime('2026-11-23T21:05:00Z')).toBe('23 November 2026 at 9:05pm');
});

test('Counts have thousand separators', () => {
  expect(presentCount(1234567)).toBe('1,234,567');
  expect([0, 7, 999, 1000, 999.6, -12_345].map(presentCount)).toEqual(['0', '7', '999', '1,000', '1,000', '-12,345']);
});
