import { expect, test } from 'vitest';
import { readDuePages, takePage } from './due-pages.ts';

const numbers = Array.from({ length: 250 }, (_, n) => n);
const home = '/govern/retention';

test('a list of what is due has pages of a hundred, to the last, and turning it leaves the others where they are', () => {
  const pages = readDuePages({ cases: '2', records: '3' });
  expect(takePage(numbers, { list: 'cases', pages, home })).toEqual({ shown: numbers.slice(100, 200), says: '101 to 200 of 250', previousHref: '/govern/retention?records=3#due-cases', nextHref: '/govern/retention?cases=3&records=3#due-cases' });
  expect(takePage(numbers, { list: 'records', pages, home })).toEqual({ shown: numbers.slice(200), says: '201 to 250 of 250', previousHref: '/govern/retention?cases=2&records=2#due-records', nextHref: null });
  expect(takePage(numbers.slice(0, 100), { list: 'files', pages, home })).toEqual({ shown: numbers.slice(0, 100), says: null, previousHref: null, nextHref: null });
});

test('a page that is none is the first, and one beyond the end is the last', () => {
  for (const cases of ['0', '-1', '1e3', "1' or 1=1", '99999', ['2'], undefined]) expect(readDuePages({ cases }).cases).toBe(1);
  expect(takePage(numbers, { list: 'cases', pages: { cases: 9999, files: 1, records: 1 }, home }).says).toBe('201 to 250 of 250');
  expect(takePage([], { list: 'cases', pages: { cases: 7, files: 1, records: 1 }, home })).toEqual({ shown: [], says: null, previousHref: null, nextHref: null });
});
