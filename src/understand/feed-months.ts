// Each feed's events by month, put together from those of its series.

import type { SeriesEventsRow } from './data-quality.sql.ts';
import type { Keyed } from './noisy-count.ts';
import type { Scope } from './scope.ts';

export interface FeedMonthRow extends Keyed {
  feed: string;
  month_id: number;
}

/** One row per feed, named area, month and, where categories are chosen, category; in the order of the feeds' names and the months. */
export function feedMonths({ series, from, filters }: Pick<Scope, 'series' | 'from' | 'filters'>, rows: readonly SeriesEventsRow[]): FeedMonthRow[] {
  const byCategory = filters.category.length > 0;
  const seriesOf = new Map(series.map((each) => [each.series_id, each]));
  const sums = new Map<string, FeedMonthRow>();
  for (const { series_id, block, month_id, events, key } of rows) {
    const { feed, feed_id, category } = seriesOf.get(series_id)!;
    const name = `${feed_id}|${block}|${month_id}|${byCategory ? category : ''}`;
    const sum = sums.get(name) ?? { feed, feed_id, block, category: byCategory ? category : null, month_id, events: 0, key: 0, before: 0, before_key: 0 };
    sums.set(name, sum);
    const inPeriod = from === null || month_id >= from;
    sum.key += key;
    sum[inPeriod ? 'events' : 'before'] += events;
    if (!inPeriod) sum.before_key += key;
  }
  return [...sums.values()].toSorted((a, b) => (a.feed < b.feed ? -1 : a.feed > b.feed ? 1 : a.month_id - b.month_id));
}
