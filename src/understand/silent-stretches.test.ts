import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/index.ts';
import { openDuck } from '../store/index.ts';
import { feedSilenceSql } from './silent-stretches.sql.ts';
import { findSilences, type SilentRun } from './silent-stretches.ts';

const dayLength = 24 * 60 * 60 * 1000;
const start = Date.parse('2023-01-01T00:00:00Z');

type Counts = Record<string, (index: number, date: Date) => number>;

/** Runs of feeds that have so many events on each day. */
async function runsOf(days: number, feeds: Counts): Promise<SilentRun[]> {
  const rows = Object.entries(feeds).flatMap(([feed, events]) =>
    Array.from({ length: days }, (_, index) => {
      const date = new Date(start + index * dayLength);
      return { feed, day: date.toISOString().slice(0, 10), n: events(index, date) };
    }),
  );
  const duck = await openDuck();
  await duck.run(
    `CREATE TABLE event AS SELECT row.feed, row.day::TIMESTAMP + INTERVAL 9 HOUR AS started_at, NULL::TIMESTAMP AS reported_at, 'hour' AS time_precision
     FROM (SELECT unnest(from_json($rows, '[{"feed":"VARCHAR","day":"DATE","n":"INTEGER"}]')) AS row), range(row.n)`,
    { rows: JSON.stringify(rows) },
  );
  const runs = await duck.rows<SilentRun>(feedSilenceSql);
  duck.close();
  return runs;
}

describe('the runs of days without an event', () => {
  it('come with what lies on either side, no further than the feed goes', async () => {
    const runs = await runsOf(40, { small: (index) => (index >= 10 && index < 20 ? 0 : 2), daily: () => 1, weekend: (index) => (index % 7 < 2 ? 0 : 1) });
    expect(runs).toEqual([{ feed: 'small', from_day: '2023-01-11', to_day: '2023-01-20', days: 10, side_events: 60, side_days: 30, feed_events: 60, feed_days: 40 }]);
  });

  it('leave out events that have only a month', async () => {
    const duck = await openDuck();
    await duck.run(`CREATE TABLE event AS SELECT 'street' AS feed, m::TIMESTAMP AS started_at, NULL::TIMESTAMP AS reported_at, 'month' AS time_precision FROM generate_series(DATE '2023-01-01', DATE '2024-01-01', INTERVAL 1 MONTH) t(m)`);
    expect(await duck.rows(feedSilenceSql)).toEqual([]);
    duck.close();
  });
});

describe('findSilences', () => {
  it('finds six weeks in which a small feed stopped, which no count by month shows', async () => {
    const random = createRandom(1);
    const [found, ...others] = findSilences(await runsOf(1000, { small: (index) => (index >= 500 && index < 542 ? 0 : random.poisson(1.5)) }));
    expect(others).toEqual([]);
    expect(found!.from <= '2024-05-15' && found!.to >= '2024-06-25').toBe(true);
    expect(found!.days).toBeGreaterThanOrEqual(42);
    expect(found!.days).toBeLessThan(50);
  });

  it('does not call school holidays or weekends silent, wherever Easter falls', async () => {
    const random = createRandom(2);
    const easter = ['2023-04-03', '2024-03-25', '2025-04-07'].map((day) => Date.parse(`${day}T00:00:00Z`));
    const runs = await runsOf(1090, {
      school: (_, date) => {
        const monthDay = date.toISOString().slice(5, 10);
        const holiday = (monthDay >= '07-22' && monthDay <= '09-02') || monthDay >= '12-20' || monthDay <= '01-04' || easter.some((monday) => date.getTime() >= monday && date.getTime() < monday + 14 * dayLength);
        return holiday || date.getUTCDay() % 6 === 0 ? 0 : random.poisson(40);
      },
    });
    expect(runs.length).toBeGreaterThan(6);
    expect(findSilences(runs)).toEqual([]);
  });

  it('finds nothing in feeds of pure chance, however small', async () => {
    const random = createRandom(3);
    const feeds: Counts = Object.fromEntries([0.02, 0.1, 0.4, 2].flatMap((mean) => Array.from({ length: 20 }, (_, run) => [`${mean}-${run}`, () => random.poisson(mean)])));
    const runs = await runsOf(1000, feeds);
    expect(runs.length).toBeGreaterThan(500);
    expect(findSilences(runs)).toEqual([]);
  });
});
