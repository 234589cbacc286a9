import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deriveTables } from '../test/support/lake-builder.ts';
import { openDuck, type Duck } from '../src/store/index.ts';
import { lakeSql } from './understand-lake.sql.ts';

describe('the lake of the benchmark, made small', () => {
  let duck: Duck;
  beforeAll(async () => {
    duck = await openDuck();
    await duck.run("CREATE TABLE hexagon AS SELECT i AS n, lower(to_hex(617700000000000000 + i * 8)) AS cell, (i % 40)::INTEGER AS area FROM range(200) r(i)");
    for (const sql of lakeSql({ events: 20_000, people: 2000, months: 24, areas: 40, cells: 200 })) await duck.run(sql);
    await deriveTables(duck);
  });
  afterAll(() => duck.close());
  const count = async (sql: string) => (await duck.one<{ n: number }>(sql)).n;

  it('has as many events as asked for, in every feed, and about one in 25 without a place', async () => {
    expect(await count('SELECT count(*) AS n FROM event')).toBe(20_000);
    expect(await count('SELECT count(DISTINCT feed) AS n FROM event')).toBe(9);
    expect((await count('SELECT count(*) AS n FROM event WHERE place_id IS NULL')) / 20_000).toBeCloseTo(0.04, 2);
  });

  it('names only people and places that are there', async () => {
    expect(await count('SELECT count(*) AS n FROM involvement ANTI JOIN person USING (person_id)')).toBe(0);
    expect(await count('SELECT count(*) AS n FROM event ANTI JOIN place USING (place_id) WHERE place_id IS NOT NULL')).toBe(0);
  });

  it('has every event in the cubes', async () => {
    expect(await count('SELECT sum(events)::INTEGER AS n FROM demand_month')).toBe(20_000);
    expect(await count('SELECT sum(events)::INTEGER AS n FROM repeat_person_feed')).toBe(await count('SELECT count(*) AS n FROM (SELECT DISTINCT event_id, person_id FROM involvement)'));
  });
});
