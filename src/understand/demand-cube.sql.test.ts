import { cellToParent, latLngToCell } from 'h3-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestLake, type LakeRow, type TestLake } from '../../test/support/lake-builder.ts';
import { sampleCounty } from '../../test/support/sample-county.ts';
import { openDuck } from '../store/index.ts';
import { parentCellSql } from './demand-cube.sql.ts';

const incident = (row: LakeRow): LakeRow => ({ feed: 'police-incident', agency: 'police', kind: 'incident', category: 'burglary', demand_type: 'crime', flags: [], ...row });

describe('the cubes of demand on a tiny table', () => {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await openTestLake({
      area: [{ area_code: 'E1', area_name: 'One', ward_code: 'W1', authority_code: 'A1' }],
      event: [
        incident({ event_id: 'a', month: '2024-01-01', weekday: 1, hour: 0, area_code: 'E1', minutes: 30, harm_days: 240 }),
        incident({ event_id: 'b', month: '2024-01-01', weekday: 7, hour: 23, area_code: 'E1', minutes: null, harm_days: 240 }),
        incident({ event_id: 'c', month: '2024-02-01', weekday: 2, hour: null, area_code: null, minutes: 10, harm_days: null, category: null, demand_type: 'other' }),
        incident({ event_id: 'd', month: null, area_code: 'X9' }),
      ],
    });
  });
  afterAll(() => lake.close());

  it('hold one series for each feed, category and demand', async () => {
    expect(await lake.rows('SELECT series_id, feed_id, feed, category, demand_type, events, first_month, last_month FROM demand_series ORDER BY series_id')).toEqual([
      { series_id: 1, feed_id: 1, feed: 'police-incident', category: 'burglary', demand_type: 'crime', events: 3, first_month: '2024-01-01', last_month: '2024-01-01' },
      { series_id: 2, feed_id: 1, feed: 'police-incident', category: null, demand_type: 'other', events: 1, first_month: '2024-02-01', last_month: '2024-02-01' },
    ]);
  });

  it('know which areas are the partnership’s', async () => {
    expect(await lake.rows('SELECT area_id, area_code, area_name, known FROM demand_area ORDER BY area_id')).toEqual([
      { area_id: 1, area_code: 'E1', area_name: 'One', known: true },
      { area_id: 2, area_code: 'X9', area_name: null, known: false },
    ]);
  });

  it('count events and minutes by month, with what is unknown', async () => {
    expect(await lake.rows('SELECT * EXCLUDE (key) FROM demand_month ORDER BY series_id, area_id')).toEqual([
      { series_id: 1, area_id: 1, month_id: 2024 * 12, events: 2, timed: 1, minutes: 30, longest: 30 },
      { series_id: 1, area_id: 2, month_id: null, events: 1, timed: 0, minutes: 0, longest: 0 },
      { series_id: 2, area_id: null, month_id: 2024 * 12 + 1, events: 1, timed: 1, minutes: 10, longest: 10 },
    ]);
  });

  it('count hours of the week from Monday midnight to Sunday before midnight', async () => {
    expect(await lake.rows('SELECT series_id, hour_of_week, events, timed FROM demand_hour ORDER BY hour_of_week NULLS LAST, series_id')).toEqual([
      { series_id: 1, hour_of_week: 0, events: 1, timed: 1 },
      { series_id: 1, hour_of_week: 167, events: 1, timed: 0 },
      { series_id: 1, hour_of_week: null, events: 1, timed: 0 },
      { series_id: 2, hour_of_week: null, events: 1, timed: 1 },
    ]);
  });
});

describe('the cubes of demand on the sample county', () => {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await openTestLake(sampleCounty());
  });
  afterAll(() => lake.close());

  it.each(['demand_month', 'demand_area_hour', 'demand_hour', 'place_cell_month', 'place_cell_total'])('%s holds every event once', async (table) => {
    const [cube] = await lake.rows(`SELECT sum(events)::INTEGER AS n FROM ${table}`);
    const [event] = await lake.rows('SELECT count(*)::INTEGER AS n FROM event');
    expect(cube).toEqual(event);
  });

  it('hold all minutes, and the harm as the weight of each series', async () => {
    const [cube] = await lake.rows<{ minutes: number; harm: number }>('SELECT sum(c.minutes) AS minutes, sum(c.events * s.weight) AS harm FROM demand_month c JOIN demand_series s USING (series_id)');
    const [event] = await lake.rows<{ minutes: number; harm: number }>('SELECT sum(minutes) AS minutes, sum(harm_days) AS harm FROM event');
    expect(cube!.minutes).toBeCloseTo(event!.minutes, 3);
    expect(cube!.harm).toBeCloseTo(event!.harm, 3);
  });

  it.each(['demand_month', 'demand_area_hour', 'demand_hour', 'place_cell_month', 'place_cell_total'])('%s holds the key of every set of events as the sum of their keys', async (table) => {
    const keys = (from: string, key: string) => lake.rows(`SELECT s.feed, s.category, sum(${key})::BIGINT % 65536 AS key FROM ${from} GROUP BY ALL ORDER BY ALL`);
    expect(await keys(`${table} JOIN demand_series s USING (series_id)`, 'key')).toEqual(await keys('event s', 'hash(event_id) & 65535'));
  });
});

describe('parentCellSql', () => {
  it.each([8, 7, 6])('gives the same larger hexagon as H3 itself, resolution %i', async (resolution) => {
    const duck = await openDuck();
    for (const [latitude, longitude] of [[52.13, -0.46], [51.88, -0.41], [-33.9, 151.2]] as const) {
      const cell = latLngToCell(latitude, longitude, 9);
      expect(await duck.one(`SELECT ${parentCellSql(`'${cell}'`, resolution)} AS cell`)).toEqual({ cell: cellToParent(cell, resolution) });
    }
    duck.close();
  });
});
