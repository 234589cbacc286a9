import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lakeOver, openTestLake, type TestLake } from '../../test/support/lake-builder.ts';
import { sampleCounty } from '../../test/support/sample-county.ts';
import { noFilters, type Filters } from '../core/index.ts';
import { openDuck } from '../store/index.ts';
import { readCategories } from './categories.ts';
import { demandRows } from './demand-rows.ts';
import { seriesMonthsSql, type SeriesMonthRow } from './demand.sql.ts';
import { inNumbersSql } from './scope.sql.ts';
import { monthNumber, monthOf, resolveScope, splitList } from './scope.ts';

const categories = readCategories(undefined);

describe('resolveScope on the sample county', () => {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await openTestLake(sampleCounty());
  });
  afterAll(() => lake.close());

  async function countOf(filters: Partial<Filters>, wish: { feed?: string; demand?: string } = {}): Promise<number> {
    const scope = await resolveScope(lake, categories, { filters: { ...noFilters, ...filters }, ...wish });
    expect(scope.empty).toBeUndefined();
    const rows = demandRows(scope, await lake.rows<SeriesMonthRow>(seriesMonthsSql(scope)), 'whole');
    return rows.filter((row) => !row.by_month).reduce((sum, row) => sum + row.events, 0);
  }
  const countIn = async (where: string): Promise<number> => (await lake.duck.one<{ n: number }>(`SELECT count(*)::INTEGER AS n FROM event WHERE ${where}`)).n;

  it.each<[string, Partial<Filters>, string]>([
    ['an agency', { agency: ['ambulance'] }, "feed = 'ambulance-call'"],
    ['a category', { category: ['burglary'] }, "feed = 'police-incident' AND category = 'burglary'"],
    ['a period', { from: '2023-03', to: '2023-05' }, "feed = 'police-incident' AND month BETWEEN '2023-03-01' AND '2023-05-01'"],
    ['an area', { area: ['E01990003'] }, "feed = 'police-incident' AND area_code = 'E01990003'"],
    ['all together', { agency: ['police'], category: ['burglary', 'shoplifting'], area: ['E01990003', 'E01990004'], from: '2023-03' }, "feed = 'police-incident' AND category IN ('burglary', 'shoplifting') AND area_code IN ('E01990003', 'E01990004') AND month >= '2023-03-01'"],
    ['two agencies', { agency: ['police', 'council'] }, "feed IN ('police-incident', 'asb-complaint')"],
  ])('counts what %s holds, as the events themselves do', async (_, filters, where) => {
    expect(await countOf(filters)).toBe(await countIn(where));
  });

  it('takes a ward or an authority for all its areas', async () => {
    expect(await countOf({ area: ['E05990001'] })).toBe(await countIn("feed = 'police-incident' AND area_code IN ('E01990001', 'E01990002', 'E01990003', 'E01990004')"));
    expect(await countOf({ area: ['E06999001'] })).toBe(await countIn("feed = 'police-incident'"));
  });

  it('takes a type of demand and a feed as options', async () => {
    expect(await countOf({}, { demand: 'mental-health' })).toBe(await countIn("feed = 'police-incident' AND demand_type = 'mental-health'"));
    expect(await countOf({}, { feed: 'police-uk-street,ambulance-call' })).toBe(await countIn("feed IN ('police-uk-street', 'ambulance-call')"));
  });

  it.each<[string, Partial<Filters>, RegExp]>([
    ['agency', { agency: ['nobody'] }, /No agency here is called "nobody"/],
    ['category', { category: ['nothing'] }, /No category here is called "nothing"/],
    ['area', { area: ['nowhere'] }, /No area here is called "nowhere"/],
    ['period the wrong way round', { from: '2024-05', to: '2024-02' }, /ends \(2024-02\) before it starts/],
  ])('says why nothing can be counted for an unknown %s', async (_, filters, why) => {
    const scope = await resolveScope(lake, categories, { filters: { ...noFilters, ...filters } });
    expect(scope.empty).toMatch(why);
  });

  it('counts the known values of a filter and notes the unknown', async () => {
    const scope = await resolveScope(lake, categories, { filters: { ...noFilters, area: ['E01990001', 'nowhere'] } });
    expect(scope.empty).toBeUndefined();
    expect(scope.notes).toContain('No area here is called "nowhere".');
  });

  it('lets no text of a filter into a statement, so that a quote in one is only a quote', async () => {
    const scope = await resolveScope(lake, categories, { filters: { ...noFilters, area: ["E01990001' OR 1=1 --", 'E01990001'] } });
    const sql = seriesMonthsSql(scope);
    expect(sql).not.toContain('OR 1=1');
    expect(sql).not.toContain('E01990001');
    expect(await countOf({ area: ["E01990001' OR 1=1 --", 'E01990001'] })).toBe(await countIn("feed = 'police-incident' AND area_code = 'E01990001'"));
  });
});

describe('resolveScope elsewhere', () => {
  it('says that nothing was loaded where there are no events', async () => {
    const lake = await openTestLake({});
    const scope = await resolveScope(lake, categories, { filters: noFilters });
    expect(scope.empty).toMatch(/no feed with events has been loaded/);
    lake.close();
  });

  it('asks for a build where the snapshot lacks the tables', async () => {
    const lake = await lakeOver(await openDuck());
    await expect(resolveScope(lake, categories, { filters: noFilters })).rejects.toThrow(/demand_series.*npx headwater build/);
    lake.close();
  });
});

describe('numbers in a statement', () => {
  it.each<[number[], string]>([
    [[], 'false'],
    [[7], 'x = 7'],
    [[3, 1, 2, 2], 'x BETWEEN 1 AND 3'],
    [[1, 2, 5], '(x BETWEEN 1 AND 2 OR x = 5)'],
    [[1, 3, 5, 7, 9, 11, 13, 15, 17], 'x IN (1, 3, 5, 7, 9, 11, 13, 15, 17)'],
  ])('%j are %s', (numbers, sql) => {
    expect(inNumbersSql('x', numbers)).toBe(sql);
  });
});

describe('months and lists', () => {
  it('number months so that the next is one more, across years', () => {
    expect(monthNumber('2024-01') - monthNumber('2023-12')).toBe(1);
    expect(['2023-12', '2024-01', '2024-12'].map((month) => monthOf(monthNumber(month)))).toEqual(['2023-12', '2024-01', '2024-12']);
  });

  it('split at commas and drop what is empty', () => {
    expect([splitList('a, b,,c'), splitList(undefined), splitList('')]).toEqual([['a', 'b', 'c'], [], []]);
  });
});

it('asks for a build where a snapshot was made before categories had numbers', async () => {
  const { duck } = await openTestLake({});
  await duck.run('ALTER TABLE demand_series DROP COLUMN category_id');
  await expect(resolveScope(await lakeOver(duck), categories, { filters: noFilters })).rejects.toThrow('built before the tables that this question needs');
  duck.close();
});
