import { expect, it } from 'vitest';
import { writeCell, writeCount, writeDecimal, writeHour, writeMonth, writeRate, writeShare } from './number-words.ts';

it('shares are whole per cents, with a decimal where small or almost all', () => {
  expect([0, 0.0004, 0.004, 0.01, 0.314, 0.996, 1].map(writeShare)).toEqual(['0%', 'under 0.1%', '0.4%', '1%', '31%', '99.6%', '100%']);
});

it('counts have thousands, decimals have one place, small ones two', () => {
  expect(writeCount(12345)).toBe('12,345');
  expect(writeCount(-5)).toBe('−5');
  expect([12.34, 0.123, 0].map(writeDecimal)).toEqual(['12.3', '0.12', '0.0']);
  expect([289.8, 8.04].map(writeRate)).toEqual(['290', '8.0']);
});

it('months and hours are written in one way, and what is neither stays as it is', () => {
  expect(writeMonth('2025-03')).toBe('March 2025');
  expect(writeMonth('2025-03-01')).toBe('March 2025');
  expect(writeMonth('soon')).toBe('soon');
  expect([0, 1, 12, 13, 23].map((hour) => writeHour(hour))).toEqual(['midnight', '1am', 'midday', '1pm', '11pm']);
  expect(writeHour(9, 5)).toBe('9:05am');
});

it('a cell is written by its column\'s format, and an empty one is empty', () => {
  expect(writeCell(null, 'count')).toBe('');
  expect(writeCell('2025-03', 'month')).toBe('March 2025');
  expect(writeCell('2025-03-09', 'date')).toBe('9 March 2025');
  expect(writeCell(0.5, 'share')).toBe('50%');
  expect(writeCell('Crime', 'text')).toBe('Crime');
});
