// Real open data of Bedfordshire, read in place: data.police.uk (Open Government Licence v3.0), Office for National Statistics, MHCLG, DfE.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { load, standardRecords, tally, temporaryHome } from '../../test/support/ingest-home.ts';
import type { Duck, Home } from '../store/index.ts';
import { listLoads, rowLineage, type IngestCounts } from './index.ts';

const data = resolve(import.meta.dirname, '../../../shared/data');
const there = existsSync(data);
if (!there) console.warn(`Skipped: the real files are not at ${data}`);

const files = {
  'police-uk-street': 'police_bedfordshire/bedfordshire-street-2021-05_2024-04.csv.gz',
  'police-uk-outcomes': 'police_bedfordshire/bedfordshire-outcomes-2021-05_2024-04.csv.gz',
  'police-uk-stop-search': 'police_bedfordshire/bedfordshire-stop-and-search-2021-05_2024-04.csv.gz',
  'area-profile': 'area/bedfordshire_lsoa21_profile.csv',
  'area-lookup': 'area/lookup_lsoa11_lsoa21_ltla22.csv.gz',
  boundary: 'geo/bedfordshire-lsoa21.geojson',
  school: 'area/schools_gias_2025-05_beds_leics_neighbours.csv.gz',
} as const;

describe.skipIf(!there)('the real files of Bedfordshire', () => {
  let home: Home;
  let duck: Duck;
  const counts: Record<string, IngestCounts> = {};
  beforeAll(async () => {
    home = temporaryHome(2);
    for (const [feed, file] of Object.entries(files)) counts[feed] = await load(home, feed, join(data, file));
    duck = await standardRecords(home);
  });
  afterAll(() => duck.close());
  const one = <T extends object>(sql: string) => duck.one<T>(sql);

  it('are accepted or repeated, none quarantined', () => {
    expect(Object.fromEntries(Object.entries(counts).map(([feed, count]) => [feed, tally(count)]))).toEqual({
      'police-uk-street': [182_113, 181_983, 0, 130],
      'police-uk-outcomes': [150_417, 147_538, 0, 2_879],
      'police-uk-stop-search': [11_810, 11_474, 0, 336],
      'area-profile': [417, 417, 0, 0],
      'area-lookup': [35_795, 35_795, 0, 0],
      boundary: [417, 417, 0, 0],
      school: [1_816, 1_816, 0, 0],
    });
  });

  it('hold 184 repeated crime ids: 130 say the same again, 54 say another thing and supersede', async () => {
    expect(await one(`SELECT superseded FROM feed_quality WHERE feed = 'police-uk-street'`)).toEqual({ superseded: 54 });
    expect(listLoads(home, 'police-uk-street')[0]!.superseded).toBe(54);
    expect(await one(`SELECT count(*) AS n FROM event WHERE feed = 'police-uk-street'`)).toEqual({ n: 182_113 - 130 - 54 });
    // The two states of one of them, by file and line.
    const { event_id } = await one<{ event_id: string }>(`SELECT 'police-uk-street:' || row_key AS event_id FROM "states police-uk-street" ORDER BY row_key LIMIT 1`);
    expect((await rowLineage(home, event_id)).map((state) => state.current)).toEqual([false, true]);
  });

  it('name the line of the file that each crime came from', async () => {
    const lines = gunzipSync(readFileSync(join(data, files['police-uk-street']))).toString('utf8').split('\r\n');
    const events = await duck.rows<{ id: string; line: number }>(`SELECT replace(event_id, 'police-uk-street:', '') AS id, line FROM event WHERE feed = 'police-uk-street' AND kind = 'crime'`);
    expect(events.filter((event) => !lines[event.line - 1]!.startsWith(event.id))).toEqual([]);
    // Of the ids that say two things, the later line is the current one.
    const last = new Map(lines.map((line, i) => [line.slice(0, 64), i + 1]));
    const states = await duck.rows<{ id: string; line: number }>(`SELECT row_key AS id, line FROM "states police-uk-street" WHERE state = states`);
    expect(states.filter((state) => last.get(state.id) !== state.line)).toEqual([]);
  });

  it('keep every anti-social behaviour row, none of which has an id, and rows without a place', async () => {
    expect(await one(`SELECT count(*) AS n FROM event WHERE category = 'anti-social-behaviour'`)).toEqual({ n: 34_017 });
    expect(await one(`SELECT count(*) AS n FROM event WHERE feed = 'police-uk-street' AND place_id IS NULL`)).toEqual({ n: 6_381 });
  });

  it('put searches stamped 30 April 23:41Z into 1 May', async () => {
    expect(await one(`SELECT min(started_at) AS first, max(started_at) AS last FROM event WHERE kind = 'stop-search'`)).toEqual({ first: '2021-05-01T00:41:00', last: expect.stringMatching(/^2024-04-30/) });
  });

  it('have 23.3 per cent of in-force records in the top 5 per cent of areas', async () => {
    const perArea = await duck.rows<{ n: number }>(`SELECT count(event_id) AS n FROM area LEFT JOIN (event JOIN place USING (place_id)) ON place.area_code = area.area_code AND event.feed = 'police-uk-street' GROUP BY area.area_code ORDER BY n DESC`);
    expect(perArea).toHaveLength(417);
    const total = perArea.reduce((sum, row) => sum + row.n, 0);
    const top = perArea.slice(0, Math.round(417 * 0.05)).reduce((sum, row) => sum + row.n, 0);
    expect((100 * top) / total).toBeCloseTo(23.3, 1);
  });

  it('have violence per resident that goes with deprivation (Spearman .73)', async () => {
    const { rho } = await one<{ rho: number }>(`
      WITH rate AS (SELECT area.area_code, any_value(deprivation_score) AS score, count(event_id) / any_value(population) AS rate
        FROM area LEFT JOIN (event JOIN place USING (place_id)) ON place.area_code = area.area_code AND category = 'violence-and-sexual-offences' GROUP BY area.area_code)
      SELECT corr(a, b) AS rho FROM (SELECT rank() OVER (ORDER BY score) AS a, rank() OVER (ORDER BY rate) AS b FROM rate)`);
    expect(rho).toBeCloseTo(0.73, 2);
  });

  it('give every area its population, deprivation, outline and centre, and schools their areas', async () => {
    expect(await one('SELECT count(*) AS areas, count(population) AS population, count(deprivation_score) AS score, count(geometry) AS outline, count(longitude) AS centre, sum(population) AS people FROM area')).toEqual({ areas: 417, population: 417, score: 417, outline: 417, centre: 417, people: 704_691 });
    expect(await one(`SELECT count(*) AS schools, count(area_code) AS placed FROM place WHERE kind = 'school'`)).toEqual({ schools: 1_816, placed: 1_816 });
  });

  it('link outcomes to their crimes: 142,368 of 147,538 find theirs in the street file', async () => {
    expect(await one(`SELECT count(*) AS outcomes, count(*) FILTER (to_id IN (SELECT event_id FROM event)) AS found FROM relation WHERE kind = 'outcome-of'`)).toEqual({ outcomes: 147_538, found: 142_368 });
  });

  it('are told apart by content: loaded again, nothing changes', async () => {
    for (const [feed, file] of Object.entries(files)) {
      expect(tally(await load(home, feed, join(data, file))).slice(1)).toEqual([0, 0, counts[feed]!.rows]);
    }
    expect(listLoads(home)).toHaveLength(7);
  });
});
