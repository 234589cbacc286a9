import { expect, it } from 'vitest';
import type { Table } from '../../core/index.ts';
import { presentPeriodStrip } from './period-strip.ts';
import { readAddress } from './question-address.ts';

const months = Array.from({ length: 18 }, (_, index) => `${2024 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`);
const trend: Table = {
  id: 'trend',
  title: 'Events by month',
  columns: [{ name: 'month', label: 'Month', format: 'month' }, { name: 'crime', label: 'Crime', format: 'count' }, { name: 'welfare', label: 'Welfare', format: 'count' }],
  rows: months.map((month, index) => ({ month, crime: index === 3 ? null : 10 * (index + 1), welfare: index === 3 ? null : 20 })),
  suppressed: ['3:crime', '3:welfare'],
};
const strip = (query: object, demand?: string) => presentPeriodStrip(trend, readAddress('/understand/places', query, ['layer']), { demand, label: 'All demand' })!;

it('has a bar for each month, grouped by year, the highest full', () => {
  const { years } = strip({});
  expect(years.map(({ year, bars }) => [year, bars.length])).toEqual([['2024', 12], ['2025', 6]]);
  expect(years[1]!.bars.at(-1)).toMatchObject({ words: 'June 2025: 200', height: 100 });
  expect(years[0]!.bars[0]).toMatchObject({ words: 'January 2024: 30', height: 15 });
});

it('a month that is kept back says so and has no height of its own', () => {
  expect(strip({}).years[0]!.bars[3]).toMatchObject({ words: 'April 2024: kept back', hidden: true });
});

it('links to a month or a year keep every other choice', () => {
  const { years, allHref } = strip({ agency: 'police', layer: 'demand', from: '2024-02', to: '2024-03' });
  expect(years[0]!.bars[0]!.href).toBe('/understand/places?agency=police&from=2024-01&to=2024-01&layer=demand');
  expect(years[1]!.href).toBe('/understand/places?agency=police&from=2025-01&to=2025-06&layer=demand');
  expect(allHref).toBe('/understand/places?agency=police&layer=demand');
  expect(years[0]!.bars.map(({ chosen }) => chosen).slice(0, 4)).toEqual([false, true, true, false]);
});

it('one type of demand shows its own months alone', () => {
  expect(strip({}, 'welfare').years[0]!.bars[0]!.words).toBe('January 2024: 20');
});

it('one month alone needs no strip', () => {
  expect(presentPeriodStrip({ ...trend, rows: trend.rows.slice(0, 1) }, readAddress('/understand/places', {}, []), { label: 'x' })).toBeNull();
});
