import { latLngToCell } from 'h3-js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestLake, type TestLake } from '../../test/support/lake-builder.ts';
import { sampleCounty } from '../../test/support/sample-county.ts';
import { fixedClock, noFilters, type Answer, type Filters } from '../core/index.ts';
import { poissonInterval } from '../stats/index.ts';
import { readDisclosureRule } from '../govern/index.ts';
import { createQuestions, findQuestion } from './questions.ts';

const clock = fixedClock('2025-01-10T00:00:00Z');
const question = findQuestion(createQuestions({ clock }), 'places')!;
/** The same rule without noise, to see that what is counted is right. */
const { perturbation: noise, ...withoutNoise } = readDisclosureRule(undefined, 'cell-keys').value;
const plainQuestion = findQuestion(createQuestions({ clock, disclosure: withoutNoise }), 'places')!;
const table = (answer: Answer, id: string) => answer.tables.find((each) => each.id === id)!;

describe('the places question on the sample county', () => {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await openTestLake(sampleCounty());
  });
  afterAll(() => lake.close());
  const ask = (options: Record<string, string> = {}, filters: Partial<Filters> = {}) => question.answer(lake, { ...noFilters, ...filters }, options);

  it('says where the rate is highest, with its interval, and that rates rise with deprivation, as planted', async () => {
    expect((await ask()).sentence).toMatch(/^Sample area \d\d has the highest rate, \d{3} incidents per 1,000 residents a year \(\d{3} to \d{3}\); rates rise with deprivation \(rank correlation 0\.\d\d, 0\.\d\d to 0\.\d\d\)\.$/);
  });

  it('makes the rate per 1,000 residents a year, and its interval, from the count shown', async () => {
    const row = table(await ask(), 'layer-1').rows[0]!;
    const per = (events: number) => Math.round((events / (row.population as number) / 2) * 100_000) / 100;
    expect(row.rate).toBe(per(row.count as number));
    const { low, high } = poissonInterval(row.count as number);
    expect([row.low, row.high]).toEqual([per(low), per(high)]);
  });

  it('takes a shorter period as a shorter time at risk', async () => {
    const row = table(await ask({}, { from: '2023-01', to: '2023-06' }), 'layer-1').rows[0]!;
    expect(row.rate).toBeCloseTo(((row.count as number) / (row.population as number)) * 2000, 2);
  });

  it('has every area of the choice, those without events too', async () => {
    const answer = await ask({}, { category: ['robbery', 'burglary'], from: '2023-01', to: '2023-01' });
    expect(table(answer, 'layer-1').rows).toHaveLength(12);
    expect(table(await ask({}, { area: ['E05990002'] }), 'layer-1').rows.map((row) => row.area_code).toSorted()).toEqual(['E01990005', 'E01990006', 'E01990007', 'E01990008']);
  });

  it('puts layers side by side: a feed, a category, a type of demand, and a feed’s category', async () => {
    const answer = await ask({ layer: 'istv-assault,burglary,mental-health,police-uk-street/burglary' });
    expect(answer.tables.map(({ id, title }) => [id, title])).toEqual([
      ['layer-1', 'Assaults treated in an emergency department by area'],
      ['layer-2', 'Burglary by area'],
      ['layer-3', 'Mental health by area'],
      ['layer-4', 'Burglary: Street-level crime (data.police.uk) by area'],
      ['layers', 'What each layer holds and lacks'],
    ]);
    const [, burglary, , published] = table(answer, 'layers').rows;
    expect(Math.abs(Number(published!.events) - Number(burglary!.events))).toBeLessThanOrEqual(2 * noise!.most + 5);
  });

  it('counts what has no place and says that it is on no map', async () => {
    const answer = await plainQuestion.answer(lake, noFilters, { layer: 'istv-assault' });
    const [row] = table(answer, 'layers').rows;
    expect(row).toMatchObject({ events: 300, placed: 140, unplaced: 160, unplaced_share: 0.533 });
    expect(answer.sentence).toContain('53 per cent have no place and are on no map.');
  });

  it('counts by hexagon, which add up to what has a point, without rates', async () => {
    const answer = await ask({ by: 'hexagon', measure: 'rate' });
    expect(answer.figures).toMatchObject({ by: 'hexagon', measure: 'count', resolution: 9 });
    expect(answer.howSure).toContain('Hexagons have no rate, because how many people live in one is not known; counts are shown.');
    const [{ n }] = (await lake.rows<{ n: number }>("SELECT count(DISTINCT cell)::INTEGER AS n FROM event WHERE feed = 'police-incident'")) as [{ n: number }];
    expect(table(answer, 'layer-1').rows).toHaveLength(n);
  });

  it('counts the same events in larger hexagons', async () => {
    const of = async (size: string) => table(await ask({ by: 'hexagon', size }), 'layer-1').rows;
    const [medium, large] = [await of('medium'), await of('large')];
    expect(large.length).toBeLessThan(medium.length);
    const sum = (rows: typeof large) => rows.reduce((all, row) => all + Number(row.count), 0);
    expect(Math.abs(sum(large) - 6000)).toBeLessThan(100);
    const [{ cell }] = large as [{ cell: string }];
    expect(cell).toMatch(/^87/);
  });

  it('gives layers side by side hexagons of one size, the largest that one of them needs', async () => {
    const spread = await openTestLake({
      event: Array.from({ length: 1600 }, (_, n) => {
        const [longitude, latitude] = [0.1 + (n % 40) * 0.008, 52.4 + Math.floor(n / 40) * 0.008];
        return { event_id: `E${n}`, feed: 'police-incident', agency: 'police', kind: 'incident', category: n < 20 ? 'burglary' : 'shoplifting', demand_type: 'crime', flags: [], month: '2024-01-01', started_at: '2024-01-02 10:00:00', cell: latLngToCell(latitude, longitude, 9), longitude, latitude };
      }),
    });
    const of = async (layer: string) => {
      const { figures, tables } = await findQuestion(createQuestions({ clock }), 'places')!.answer(spread, noFilters, { by: 'hexagon', layer });
      return [figures.resolution, ...tables.filter(({ id }) => /^layer-\d$/.test(id)).map(({ rows }) => String(rows[0]!.cell).slice(0, 2))];
    };
    expect(await of('burglary')).toEqual([9, '89']);
    expect(await of('demand')).toEqual([8, '88']);
    expect(await of('burglary,demand')).toEqual([8, '88', '88']);
    expect(await of('demand,burglary')).toEqual([8, '88', '88']);
    spread.close();
  });

  it('agrees between the table of all months and the table by month', async () => {
    const whole = table(await ask({ by: 'hexagon' }), 'layer-1').rows;
    expect(table(await ask({ by: 'hexagon' }, { from: '2023-01', to: '2024-12' }), 'layer-1').rows).toEqual(whole);
  });

  it('notes options that it does not know', async () => {
    const { howSure } = await ask({ by: 'street', measure: 'heat', layer: 'a,b,c,d,e' });
    expect(howSure.slice(0, 3)).toEqual(['Only the first 4 layers are shown.', 'There is no by called "street". Choose area or hexagon.', 'There is no measure called "heat". Choose rate or count.']);
  });

  it.each<Partial<Filters>>([{ area: ['nowhere'] }, { agency: ['nobody'] }, { from: '2031-01' }])('answers %o with empty tables and a sentence that helps', async (filters) => {
    const answer = await ask({}, filters);
    expect(answer.tables.every(({ rows }) => rows.length === 0)).toBe(true);
    expect(answer.sentence).toMatch(/^Noth.*Choose/);
  });

  it('shows no count from 1 to 7 and only multiples of 5, and no rate of a hidden count', async () => {
    for (const options of [{ layer: 'istv-assault,missing-person' }, { by: 'hexagon' }] as Record<string, string>[]) {
      const answer = await ask(options, { from: '2024-01' });
      expect(answer.suppression.suppressedCells).toBeGreaterThan(0);
      for (const row of answer.tables.slice(0, -1).flatMap(({ rows }) => rows)) {
        expect(row.count === null || Number(row.count) % 5 === 0).toBe(true);
        if (row.count === null) expect([row.rate ?? null, row.low ?? null, row.high ?? null]).toEqual([null, null, null]);
      }
    }
  });

  it('counts without rates where no population is known', async () => {
    const bare = await openTestLake({ ...sampleCounty({ incidents: 600 }), area: [] });
    const answer = await question.answer(bare, noFilters, {});
    expect(answer.figures.measure).toBe('count');
    expect(answer.howSure).toContain('No population is known for these areas, so counts are shown. Load the feed area-profile for rates.');
    bare.close();
  });
});
