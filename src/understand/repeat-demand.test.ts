import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestLake, type LakeRow, type TestLake } from '../../test/support/lake-builder.ts';
import { sampleCounty } from '../../test/support/sample-county.ts';
import { createRandom, fixedClock, noFilters, type Answer, type Filters } from '../core/index.ts';
import { expectedTopShares, topShare, topUnits } from '../stats/index.ts';
import { readDisclosureRule } from '../govern/index.ts';
import { createQuestions, findQuestion } from './questions.ts';

const clock = fixedClock('2025-01-10T00:00:00Z');
const question = findQuestion(createQuestions({ clock }), 'repeat-demand')!;
/** The same rule without noise, to see that what is counted is right. */
const { perturbation: noise, ...withoutNoise } = readDisclosureRule(undefined, 'cell-keys').value;
const plainQuestion = findQuestion(createQuestions({ clock, disclosure: withoutNoise }), 'repeat-demand')!;
const table = (answer: Answer, id: string) => answer.tables.find((each) => each.id === id)!;

describe('the repeat demand question on the sample county', () => {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await openTestLake(sampleCounty());
  });
  afterAll(() => lake.close());
  const ask = (options: Record<string, string> = {}, filters: Partial<Filters> = {}) => question.answer(lake, { ...noFilters, ...filters }, options);
  const askPlain = (options: Record<string, string> = {}, filters: Partial<Filters> = {}) => plainQuestion.answer(lake, { ...noFilters, ...filters }, options);

  it('says how much a few addresses make and what chance would give', async () => {
    expect((await ask()).sentence).toMatch(/^Three per cent of addresses make \d\d per cent of incidents; chance alone would give 5 per cent\.$/);
  });

  it('gives the share that counting address by address gives', async () => {
    const counts = (await lake.rows<{ n: number }>("SELECT count(e.event_id)::INTEGER AS n FROM place p LEFT JOIN event e ON e.place_id = p.place_id AND e.feed = 'police-incident' GROUP BY p.place_id")).map(({ n }) => n);
    const row = table(await askPlain(), 'concentration').rows.find((each) => each.top === 0.1)!;
    expect(row.units).toBe(Math.round(topUnits(0.1, 250) / 5) * 5);
    expect(row.share).toBeCloseTo(topShare(counts, 0.1), 2);
    const active = counts.filter((n) => n > 0);
    expect(row.active_share).toBeCloseTo(topShare(active, 0.1), 2);
    expect(row.difference).toBeCloseTo((row.share as number) - (row.chance as number), 3);
  });

  it.each<[string, Partial<Filters>, string]>([
    ['a period', { from: '2023-04', to: '2023-12' }, "AND e.month BETWEEN '2023-04-01' AND '2023-12-01'"],
    ['a category', { category: ['asb-nuisance'] }, "AND e.category = 'asb-nuisance'"],
    ['a category and a period', { category: ['asb-nuisance'], from: '2024-01' }, "AND e.category = 'asb-nuisance' AND e.month >= '2024-01-01'"],
  ])('counts people in %s as the events do', async (_, filters, where) => {
    const counts = await lake.rows<{ n: number }>(`SELECT count(DISTINCT event_id)::INTEGER AS n FROM involvement JOIN event e USING (event_id) WHERE e.feed = 'police-incident' ${where} GROUP BY person_id`);
    const ones = counts.filter(({ n }) => n === 1).length;
    const unitsOf = (answer: Answer, times: string) => Number(table(answer, 'repeats').rows.find((row) => row.times === times)?.units);
    const [plain, noisy] = [await askPlain({ by: 'person' }, filters), await ask({ by: 'person' }, filters)];
    for (const [times, n] of [['1', ones], ['None', 600 - counts.length]] as const) {
      expect(unitsOf(plain, times)).toBe(Math.round(n / 5) * 5);
      expect(Math.abs(unitsOf(noisy, times) - n)).toBeLessThanOrEqual(2 * noise!.most + 2);
    }
  });

  it('puts the events of one unit in several feeds together', async () => {
    const counts = await lake.rows<{ n: number }>("SELECT count(*)::INTEGER AS n FROM event WHERE feed IN ('police-incident', 'ambulance-call') AND place_id IS NOT NULL GROUP BY place_id");
    const row = table(await askPlain({ feed: 'police-incident,ambulance-call' }), 'concentration').rows.find((each) => each.top === 0.2)!;
    expect(row.active_share).toBeCloseTo(topShare(counts.map(({ n }) => n), 0.2), 2);
  });

  it('takes the areas of people as where they live', async () => {
    const answer = await askPlain({ by: 'person' }, { area: ['E01990005'] });
    const [{ n }] = (await lake.rows<{ n: number }>("SELECT count(*)::INTEGER AS n FROM person WHERE area_code = 'E01990005'")) as [{ n: number }];
    expect(answer.figures.atRisk).toBe(Math.round(n / 5) * 5);
    expect(answer.howSure).toContain('The areas are where people live; their events may have happened anywhere.');
  });

  it('counts areas as they are, and names a share only where whole areas come near it', async () => {
    const answer = await ask({ by: 'area' });
    expect(table(answer, 'concentration').rows.map((row) => [row.top, row.units])).toEqual([[0.2, 3]]);
    expect(answer.figures.atRisk).toBe(12);
  });

  it('has a curve that rises, lies above chance, and has no two points nearer than eight people', async () => {
    const answer = await ask({ by: 'person' });
    const curve = table(answer, 'curve').rows;
    expect(curve.length).toBeLessThanOrEqual(100);
    for (const [index, row] of curve.entries()) {
      const before = curve[index - 1] ?? { units: 0, events: 0 };
      expect(row.events).toBeGreaterThanOrEqual(before.events as number);
      if (row.units !== 1) expect(Math.round((Number(row.units) - Number(before.units)) * 600)).toBeGreaterThanOrEqual(8);
      if (Number(row.units) < 0.5) expect(row.events).toBeGreaterThan(row.chance_high as number);
    }
  });

  it('never has more units with events than there are, though noise may say so', async () => {
    for (const by of ['address', 'person', 'household']) {
      const answer = await ask({ by }, { agency: ['police', 'ambulance'] });
      for (const row of table(answer, 'curve').rows) expect(row.units).toBeLessThanOrEqual(1);
    }
  });

  it('says which units would help where the chosen one is not known', async () => {
    const answer = await ask({ by: 'person' }, { agency: ['ambulance'] });
    expect(answer.sentence).toBe('None of the 1,500 ambulance calls of this choice has a known person. Choose addresses or areas instead.');
    expect(answer.tables.every(({ rows }) => rows.length === 0)).toBe(true);
  });

  it('counts what the feeds have where nothing was asked for or an unknown unit was', async () => {
    expect((await ask({ by: 'street' })).howSure[0]).toBe('There is no unit called "street". Choose address, person, household or area.');
  });

  it('gives no small count of an area away, neither by a step of the curve nor by a band', async () => {
    const answer = await ask({ by: 'area' }, { category: ['missing-person'], from: '2024-06', to: '2024-09' });
    const counts = await lake.rows<{ n: number }>("SELECT count(*)::INTEGER AS n FROM event WHERE feed = 'police-incident' AND category = 'missing-person' AND month BETWEEN '2024-06-01' AND '2024-09-01' GROUP BY area_code");
    expect(counts.some(({ n }) => n < 8)).toBe(true);
    const places = await findQuestion(createQuestions({ clock }), 'places')!.answer(lake, { ...noFilters, category: ['missing-person'], from: '2024-06', to: '2024-09' }, {});
    const shown = places.tables[0]!.rows.map((row) => Number(row.count ?? 4)).toSorted((a, b) => b - a);
    const total = Math.round(shown.reduce((sum, n) => sum + n, 0) / 5) * 5;
    for (const row of table(answer, 'curve').rows.filter(({ units }) => units !== 1)) {
      const top = shown.slice(0, Math.round(Number(row.units) * 12)).reduce((sum, n) => sum + n, 0);
      expect(Number(row.events)).toBeCloseTo((Math.round(top / 5) * 5) / total, 2);
    }
    expect(table(answer, 'repeats').rows.map((row) => row.times)).toEqual(['None', '1 to 7', '8 to 49', '50 to 199', '200 to 999', '1,000 or more', 'All']);
  });

  it('makes what chance would give from the totals as shown, so that it tells nothing of a hidden or a rounded one', async () => {
    const answer = await ask({ by: 'person' }, { area: ['E01990001'] });
    const totals = table(answer, 'repeats').rows.at(-1)!;
    const [events, people] = [totals.events as number, totals.units as number];
    expect([events % 5, people % 5]).toEqual([0, 0]);
    const tops = table(answer, 'concentration').rows.map((row) => topUnits(row.top as number, people) / people);
    const expected = expectedTopShares({ events, units: people, rounding: 'part' }, tops);
    expect(table(answer, 'concentration').rows.map((row) => row.chance)).toEqual([...expected].map((share) => Math.round(share * 1000) / 1000));
    for (const row of table(answer, 'curve').rows.filter(({ units }) => units !== 1)) expect(Math.abs(((Number(row.units) * people) / 5) - Math.round((Number(row.units) * people) / 5))).toBeLessThan(0.02);
  });

  it('shows no chance where too few events would give their number away', async () => {
    for (const category of ['burglary', 'missing-person', 'robbery', 'drugs', 'asb-nuisance']) {
      for (const month of ['2024-01', '2024-05', '2024-09']) {
        const answer = await ask({ by: 'person' }, { area: ['E01990002'], category: [category], from: month, to: month });
        const totals = table(answer, 'repeats').rows.at(-1);
        if (totals?.events !== null) continue;
        expect(table(answer, 'curve').rows).toEqual([]);
        expect(table(answer, 'concentration').rows.map((row) => [row.chance, row.chance_low, row.chance_high, row.difference])).toEqual(table(answer, 'concentration').rows.map(() => [null, null, null, null]));
        expect(table(answer, 'concentration').suppressed).toContain('0:chance');
        return;
      }
    }
    expect.unreachable('the sample county has a month with few events');
  });

  it('shows no count of people from 1 to 7 and only multiples of 5, whatever the filters', async () => {
    for (const filters of [{}, { area: ['E01990001'] }, { category: ['burglary'], from: '2024-06' }]) {
      for (const by of ['person', 'household', 'address']) {
        const answer = await ask({ by }, filters);
        for (const row of [...table(answer, 'concentration').rows, ...table(answer, 'repeats').rows]) expect(row.units === null || Number(row.units) % 5 === 0).toBe(true);
      }
    }
  });
});

describe('repeat demand by chance alone', () => {
  it('lies within the range of chance when events fall on addresses at random', async () => {
    const random = createRandom(4, 'by-chance');
    const place: LakeRow[] = Array.from({ length: 800 }, (_, n) => ({ place_id: `p${n}`, kind: 'address', area_code: 'E1' }));
    const event: LakeRow[] = Array.from({ length: 1600 }, (_, n) => ({ event_id: `e${n}`, feed: 'police-incident', agency: 'police', kind: 'incident', category: 'burglary', demand_type: 'crime', flags: [], month: '2024-01-01', place_id: `p${random.below(800)}` }));
    const lake = await openTestLake({ place, event });
    const rows = table(await question.answer(lake, noFilters, { by: 'address' }), 'concentration').rows;
    for (const row of rows.filter((each) => each.share !== null)) expect(Math.abs(row.difference as number)).toBeLessThan(0.015);
    lake.close();
  });
});
