import { expect, it } from 'vitest';
import type { Series } from './catalogue.ts';
import { demandRows } from './demand-rows.ts';
import type { SeriesMonthRow } from './demand.sql.ts';

const series = [
  { series_id: 1, feed_id: 1, category_id: 1, demand_id: 1, category: 'burglary', demand_type: 'crime', weighed: 9 },
  { series_id: 2, feed_id: 1, category_id: 2, demand_id: 1, category: 'alarm', demand_type: 'crime', weighed: 0 },
] as Series[];
const row = (series_id: number, month_id: number | null, events: number, minutes = 0): SeriesMonthRow => ({ series_id, block: 0, month_id, events, key: events * 10, timed: events, minutes, longest: minutes });

it('gives each category over the period and each month by itself, what came before the period apart', () => {
  const rows = demandRows({ series, from: 24_300 }, [row(1, 24_299, 2, 50), row(1, 24_300, 3, 60), row(2, 24_300, 5, 70), row(2, 24_301, 1, 80)], 'whole');
  expect(rows.map(({ by_month, category, month_id, events, key, before, before_key, timed, minutes, longest }) => [by_month, category, month_id, events, key, before, before_key, timed, minutes, longest])).toEqual([
    [false, 'alarm', null, 6, 60, 0, 0, 6, 150, 80],
    [false, 'burglary', null, 3, 50, 2, 20, 3, 60, 60],
    [true, null, 24_300, 8, 80, 0, 0, 8, 130, 70],
    [true, null, 24_301, 1, 10, 0, 0, 1, 80, 80],
    [true, null, 24_299, 0, 20, 2, 20, 0, 0, 0],
  ]);
});

it('cuts months by category where categories are chosen, and for harm by those that have a weight', () => {
  const months = (cut: 'chosen' | 'weighed') => demandRows({ series, from: null }, [row(1, 24_300, 3), row(2, 24_300, 5), row(2, null, 4)], cut).filter(({ by_month }) => by_month).map(({ category, month_id, events }) => [category, month_id, events]);
  expect(months('chosen')).toEqual([['alarm', 24_300, 5], ['alarm', null, 4], ['burglary', 24_300, 3]]);
  expect(months('weighed')).toEqual([['-', 24_300, 5], ['-', null, 4], ['burglary', 24_300, 3]]);
});
