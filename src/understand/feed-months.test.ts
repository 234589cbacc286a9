import { expect, it } from 'vitest';
import type { Series } from './catalogue.ts';
import { feedMonths } from './feed-months.ts';
import { noFilters } from '../core/index.ts';

const series = [[1, 10, 'b-feed', 'burglary'], [2, 10, 'b-feed', 'drugs'], [3, 11, 'a-feed', 'burglary']].map(([series_id, feed_id, feed, category]) => ({ series_id, feed_id, feed, category }) as Series);
const rows = [
  { series_id: 1, block: 0, month_id: 24_300, events: 4, key: 7 },
  { series_id: 2, block: 0, month_id: 24_300, events: 5, key: 8 },
  { series_id: 3, block: 0, month_id: 24_299, events: 6, key: 9 },
];

it('adds the series of a feed up by month, and keeps months before the period apart', () => {
  expect(feedMonths({ series, from: 24_300, filters: noFilters }, rows)).toEqual([
    { feed: 'a-feed', feed_id: 11, block: 0, category: null, month_id: 24_299, events: 0, key: 9, before: 6, before_key: 9 },
    { feed: 'b-feed', feed_id: 10, block: 0, category: null, month_id: 24_300, events: 9, key: 15, before: 0, before_key: 0 },
  ]);
});

it('counts chosen categories one by one', () => {
  const counted = feedMonths({ series, from: null, filters: { ...noFilters, category: ['burglary', 'drugs'] } }, rows);
  expect(counted.map(({ feed, category, events }) => [feed, category, events])).toEqual([['a-feed', 'burglary', 6], ['b-feed', 'burglary', 4], ['b-feed', 'drugs', 5]]);
});
