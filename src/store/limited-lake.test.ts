// A limiter outlives a moment's failure: what could not be read once is read again. What limited readers see is tested in test/seen-feeds.test.ts.

import { expect, it } from 'vitest';
import type { LakeReader } from '../core/index.ts';
import { openDuck, type Duck } from './duck.ts';
import { createLakeLimiter } from './limited-lake.ts';

it.each([
  ['without its list', undefined],
  ['whose list is empty', 'CREATE TABLE feed_quality (feed VARCHAR)'],
])('of a snapshot %s nothing is given but public geography, whatever the reader may see', async (_case, listSql) => {
  const duck = await openDuck({ memoryLimit: '500MB' });
  try {
    await duck.run("CREATE TABLE event AS SELECT 'police-incident' AS feed, TIMESTAMP '2026-10-01' AS started_at, NULL::TIMESTAMP AS reported_at, DATE '2026-10-01' AS month; CREATE TABLE person AS SELECT 'p1' AS person_id; CREATE TABLE area AS SELECT 'E1' AS area_code; CREATE TABLE demand_series AS SELECT 1 AS series_id, 1 AS feed_id, 'police-incident' AS feed");
    if (listSql) await duck.run(listSql);
    const names = new Set(['event', 'person', 'area', 'demand_series', ...(listSql ? ['feed_quality'] : [])]);
    const whole: LakeReader = { snapshot: { id: 's', builtAt: '2026-11-01T09:00:00.000Z', dataTo: null }, hasTable: (name) => names.has(name), rows: (sql) => duck.rows(sql) };
    const limiter = createLakeLimiter(duck, whole);
    const part = await limiter.forFeeds({ feeds: new Set(['police-incident']), people: true });
    expect(part).not.toBe(whole);
    expect(await part.rows('SELECT count(*) AS n FROM event UNION ALL SELECT count(*) FROM person UNION ALL SELECT count(*) FROM demand_series')).toEqual([{ n: 0 }, { n: 0 }, { n: 0 }]);
    expect(await part.rows('SELECT area_code FROM area')).toEqual([{ area_code: 'E1' }]);
    limiter.close();
  } finally {
    duck.close();
  }
});

it('a failure to read what the snapshot holds is told to who asked, and the next one is served', async () => {
  const duck = await openDuck({ memoryLimit: '500MB' });
  try {
    await duck.run("CREATE TABLE feed_quality AS SELECT * FROM (VALUES ('police-incident', 1), ('tenancy', 2)) rows(feed, n)");
    let reads = 0;
    const failing: Duck = {
      ...duck,
      rows: async <T>(sql: string) => {
        reads += 1;
        if (reads === 1) throw new Error('The disk did not answer');
        return duck.rows<T>(sql);
      },
    };
    const whole: LakeReader = { snapshot: { id: 's', builtAt: '2026-11-01T09:00:00.000Z', dataTo: null }, hasTable: (name) => name === 'feed_quality', rows: (sql) => duck.rows(sql) };
    const limiter = createLakeLimiter(failing, whole);
    const limits = { feeds: new Set(['tenancy']), people: false };
    await expect(limiter.forFeeds(limits)).rejects.toThrow('The disk did not answer');
    const reader = await limiter.forFeeds(limits);
    expect(await reader.rows('SELECT feed, n FROM feed_quality')).toEqual([{ feed: 'tenancy', n: 2 }]);
    const afterwards = reads;
    await limiter.forFeeds({ feeds: new Set(['police-incident']), people: false });
    expect(reads).toBe(afterwards);
    limiter.close();
  } finally {
    duck.close();
  }
});
