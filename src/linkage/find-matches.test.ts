import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuck, type Duck } from '../store/index.ts';
import { createQueryCleaning } from './clean-query.ts';
import { patternPlaces } from './compare-pairs.sql.ts';
import { createQueryComparison } from './compare-query.ts';
import { EngineOnly } from './evaluate-sql.ts';
import { linkRecords, openMatchIndex, writeMatchIndex, writeMatchPeople, type MatchIndex, type MatchQuery } from './index.ts';
import type { IndexDescription } from './match-index.store.ts';
import { queryInputs } from './match-query.sql.ts';
import { createQueryKeys } from './query-keys.ts';
import { forenames, makeRows, writeRows } from './random-people.fixture.ts';

const folder = mkdtempSync(join(tmpdir(), 'headwater-match-'));
let duck: Duck;
let index: MatchIndex;
let rows: Record<string, string | null>[];
let scored: { l: number; r: number; weight: number }[];
let people: Map<string, string>;

beforeAll(async () => {
  duck = await openDuck({ memoryLimit: '1GB' });
  rows = makeRows(900);
  rows.push({ source_id: 'z:1', agency: 'z', local_id: '1', forename: 'Zebedee', surname: 'Featherstonehaugh', birth_date: '1971-12-24', sex: 'M', postcode: 'ZE2 9XX' });
  await writeRows(duck, rows);
  await linkRecords(duck, {
    source: 'source_record', out: 'source_person',
    onLinked: async (linked) => {
      await writeMatchIndex(duck, linked, join(folder, 'index'));
      scored = await duck.rows('SELECT l, r, weight FROM linkage_scored USING SAMPLE 400 ROWS (reservoir, 3)');
    },
  });
  await writeMatchPeople(duck, 'source_person', join(folder, 'index'));
  people = new Map((await duck.rows<{ source_id: string; person_key: string }>('FROM source_person')).map((row) => [row.source_id, row.person_key]));
  rows.sort((a, b) => (a.source_id! < b.source_id! ? -1 : 1));
  index = await openMatchIndex(join(folder, 'index'));
}, 120_000);
afterAll(() => {
  index.close();
  duck.close();
  rmSync(folder, { recursive: true });
});

describe('openMatchIndex', () => {
  it('weighs a pair as the engine does, to 1e-9', async () => {
    expect(scored.length).toBe(400);
    const byQuery = Map.groupBy(scored, ({ r }) => r);
    const far: string[] = [];
    for (const [r, pairs] of byQuery) {
      const found = await index.weighAgainst(rows[r] as MatchQuery, pairs.map(({ l }) => l));
      for (const { l, weight } of pairs) {
        const match = found.find(({ sourceId }) => sourceId === rows[l]!.source_id)!;
        if (!(Math.abs(match.weight - weight) < 1e-9)) far.push(`${l}, ${r}: ${match.weight} instead of ${weight}`);
      }
    }
    expect(far).toEqual([]);
  });

  it('takes every weight apart into parts that add up to it', async () => {
    const found = await index.findMatches(rows[0] as MatchQuery, { least: 0, limit: 50 });
    expect(found.length).toBeGreaterThan(10);
    for (const { parts, evidence } of found) expect(parts.reduce((sum, { bits }) => sum + bits, 0)).toBeCloseTo(evidence, 6);
  });

  it('finds the records of the same person that the engine found, for one record in ten', async () => {
    const missed: string[] = [];
    for (const row of rows.filter((_, i) => i % 10 === 0)) {
      const mine = [...people].filter(([, key]) => key === people.get(row.source_id!)).map(([record]) => record);
      const found = await index.findMatches(row as MatchQuery, { limit: 20 });
      expect(found[0]!.personKey).toBe(people.get(row.source_id!));
      missed.push(...mine.filter((record) => !found.some(({ sourceId }) => sourceId === record)));
    }
    expect((10 * missed.length) / rows.length).toBeLessThan(0.005);
  }, 120_000);

  it.each<[string, MatchQuery]>([
    ['a slip in each name', { forename: 'Zebedde', surname: 'Featherstonhaugh', birth_date: '1971-12-24' }],
    ['surname and about an age', { surname: 'featherstonehaugh', born_about: 1970 }],
    ['names swapped', { forename: 'Featherstonehaugh', surname: 'Zebedee' }],
    ['day and month swapped, and a title', { forename: 'Mr Zebedee', surname: 'Featherstonehaugh', birth_date: '1971-12-24', sex: 'Male' }],
    ['date of birth and postcode', { birth_date: '1971-12-24', postcode: 'ze29xx' }],
  ])('finds a person by %s', async (_, query) => {
    const [best] = await index.findMatches(query, { least: 0 });
    expect(best).toMatchObject({ sourceId: 'z:1', personKey: people.get('z:1') });
  });

  it('finds nobody where nothing is given, and nobody likely for a stranger', async () => {
    expect(await index.findMatches({})).toEqual([]);
    expect(await index.findMatches({ forename: 'Xanthe', surname: 'Quillfeather', birth_date: '2001-01-02', postcode: 'LU1 1AA' }, { least: 0.5 })).toEqual([]);
  });

  it('names the conflict where an issued number differs', async () => {
    const twin = rows.find((row) => row.birth_date && row.postcode && row.address)!;
    const others = forenames.filter((name) => name !== twin.forename);
    const found = await index.findMatches({ ...twin, middle_names: null, forename: others.find((name) => !['Peggy', 'Margaret', 'Bob', 'Robert'].includes(name))!, phone: null, email: null, sex: null } as MatchQuery, { least: 0, limit: 50 });
    const match = found.find(({ sourceId }) => sourceId === twin.source_id)!;
    expect(match.conflicts.length).toBeGreaterThan(0);
    expect(match.probability).toBeLessThan(1e-100);
    expect(match.evidence).toBeGreaterThan(match.weight);
  });

  it('answers several searches at once, each its own', async () => {
    const some = rows.slice(0, 12);
    const found = await Promise.all(some.map((row) => index.findMatches(row as MatchQuery, { limit: 1 })));
    for (const [i, [best]] of found.entries()) expect(best!.personKey).toBe(people.get(some[i]!.source_id!));
  });

  it('cleans plain letters by plain patterns to the same record', async () => {
    // The same query twice: an accent in another field makes all its patterns those of every script.
    for (const query of rows.slice(0, 8)) {
      const plain = await index.weighAgainst(query as MatchQuery, [0, 1, 2, 3]);
      const every = await index.weighAgainst({ ...query, upn: 'é' } as MatchQuery, [0, 1, 2, 3]);
      expect(every).toEqual(plain);
    }
  });

  it('answers as the engine does, which works out whatever is not known here', async () => {
    // An expression that is known to the engine alone, in each part of the work.
    const only = (sql: string) => `ifnull(${sql}, NULL)`;
    cpSync(join(folder, 'index'), join(folder, 'by-engine'), { recursive: true });
    const about = JSON.parse(readFileSync(join(folder, 'index/about.json'), 'utf8')) as IndexDescription;
    const { clean, comparisons } = about.settings;
    const settings = { ...about.settings, clean: clean.map((column) => ({ ...column, sql: only(column.sql) })), comparisons: comparisons.map((one) => ({ ...one, missing: only(one.missing) })) };
    writeFileSync(join(folder, 'by-engine/about.json'), JSON.stringify({ ...about, settings, keys: about.keys.map((key) => ({ ...key, sql: only(key.sql) })) }));
    expect(() => createQueryCleaning(settings, queryInputs(settings))).toThrow(EngineOnly);
    expect(() => createQueryCleaning(about.settings, queryInputs(about.settings))).not.toThrow();
    expect(() => createQueryKeys(about.keys, about.queryColumns)).not.toThrow();
    expect(() => createQueryComparison(about.settings, about.columns, patternPlaces(comparisons))).not.toThrow();
    const engine = await openMatchIndex(join(folder, 'by-engine'));
    try {
      for (const [i, row] of rows.slice(0, 10).entries()) {
        const { birth_date, ...rest } = row;
        const query = (i % 2 === 0 ? row : { ...rest, born_about: birth_date ? Number(birth_date.slice(0, 4)) : null }) as MatchQuery;
        expect(await index.findMatches(query, { least: 0, limit: 30 }), JSON.stringify(query)).toEqual(await engine.findMatches(query, { least: 0, limit: 30 }));
      }
    } finally {
      engine.close();
    }
  });

  it('says where there is no index', async () => {
    await expect(openMatchIndex(join(folder, 'nowhere'))).rejects.toThrow(/no index of people/);
  });
});
