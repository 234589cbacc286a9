import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestLake, type LakeRow, type TestLake } from '../../test/support/lake-builder.ts';
import { sampleCounty } from '../../test/support/sample-county.ts';
import { fixedClock, noFilters, type Answer, type CellValue, type Filters } from '../core/index.ts';
import { readDisclosureRule } from '../govern/index.ts';
import { createQuestions, findQuestion } from './questions.ts';

const clock = fixedClock('2025-01-10T00:00:00Z');
const question = findQuestion(createQuestions({ clock }), 'demand')!;
const noisyQuestion = () => findQuestion(createQuestions({ clock, disclosure: noisyRule }), 'demand')!;
/** The same rule without noise, to see that what is counted is right. */
const noisyRule = readDisclosureRule(undefined, 'cell-keys').value;
const { perturbation: noise, ...withoutNoise } = noisyRule;
const plainQuestion = findQuestion(createQuestions({ clock, disclosure: withoutNoise }), 'demand')!;
const table = (answer: Answer, id: string) => answer.tables.find((each) => each.id === id)!;

describe('the demand question on the sample county', () => {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await openTestLake(sampleCounty());
  });
  afterAll(() => lake.close());
  const ask = (filters: Partial<Filters> = {}, options: Record<string, string> = {}) => question.answer(lake, { ...noFilters, ...filters }, options);
  const askPlain = (filters: Partial<Filters> = {}, options: Record<string, string> = {}) => plainQuestion.answer(lake, { ...noFilters, ...filters }, options);

  it('says what share was not crime, and that mental health is few incidents and much time, as planted', async () => {
    const { sentence } = await ask();
    expect(sentence).toBe('70 per cent of 6,000 incidents were not crime; mental health was 8 per cent of incidents but 27 per cent of officer hours.');
  });

  it('counts each demand type as the events do, to the nearest 5', async () => {
    const rows = await lake.rows<{ demand_type: string; n: number }>("SELECT demand_type, count(*)::INTEGER AS n FROM event WHERE feed = 'police-incident' GROUP BY 1");
    const shown = table(await askPlain(), 'by-demand').rows;
    for (const { demand_type, n } of rows) expect(shown.find((row) => row.code === demand_type)?.events).toBe(Math.round(n / 5) * 5);
    expect(shown.at(-1)).toMatchObject({ demand: 'All', code: 'all', events: 6000, share: 1, hours_share: 1, harm_share: 1 });
  });

  it('moves no count by more than the noise of its rule and the rounding, and some by more than the rounding', async () => {
    const rows = await lake.rows<{ category: string; n: number }>("SELECT category, count(*)::INTEGER AS n FROM event WHERE feed = 'police-incident' GROUP BY 1");
    const shown = table(await noisyQuestion().answer(lake, noFilters, {}), 'by-category').rows;
    const moved = rows.map(({ category, n }) => Math.abs(Number(shown.find((row) => row.code === category)!.events) - n));
    expect(Math.max(...moved)).toBeLessThanOrEqual(noise!.most + 2);
    expect(Math.max(...moved)).toBeGreaterThan(2);
  });

  it('gives the same set of events the same figure, however it is asked for', async () => {
    const figures = [await ask(), await ask({ agency: ['police'] }), await ask({ from: '2023-01' }), await ask({ to: '2024-12' }), await ask({ from: '2020-01', to: '2030-12' })].map((answer) => answer.figures);
    for (const each of figures) expect(each).toEqual(figures[0]);
  });

  it('makes harm from the counts of categories as they are shown, a hidden one as 4', async () => {
    const answer = await ask({ area: ['E01990001'], from: '2024-10' });
    const weights = new Map((await lake.rows<{ category: string; weight: number }>("SELECT category, weight FROM demand_series WHERE weight IS NOT NULL AND feed = 'police-incident'")).map((row) => [row.category, row.weight]));
    const rows = table(answer, 'by-category').rows.filter((row) => weights.has(String(row.code)));
    expect(rows.some((row) => row.events === null)).toBe(true);
    for (const row of rows) expect(row.harm).toBe(row.events === null ? null : Math.round(weights.get(String(row.code))! * Number(row.events)));
    const days = rows.reduce((sum, row) => sum + weights.get(String(row.code))! * Number(row.events ?? 4), 0);
    expect([Math.round(days), null]).toContain(table(answer, 'by-category').rows.at(-1)!.harm);
  });

  it('makes hours from the mean of each group, so that events without minutes count too', async () => {
    const [{ mean }] = (await lake.rows<{ mean: number }>("SELECT avg(minutes) / 60 AS mean FROM event WHERE feed = 'police-incident' AND demand_type = 'mental-health'")) as [{ mean: number }];
    const row = table(await askPlain(), 'by-demand').rows.find((each) => each.code === 'mental-health')!;
    expect(Math.abs(Number(row.hours) - mean * (row.events as number))).toBeLessThanOrEqual(10);
    const noisy = table(await ask(), 'by-demand').rows.find((each) => each.code === 'mental-health')!;
    expect(Number(noisy.hours) / Number(noisy.events)).toBeCloseTo(mean, 0);
  });

  it('has a row for every month and for every hour of the week', async () => {
    const answer = await ask();
    expect(table(answer, 'trend').rows.map((row) => row.month)).toEqual(Array.from({ length: 24 }, (_, index) => `${2023 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}`));
    const hours = table(answer, 'hour-by-weekday').rows;
    expect(hours).toHaveLength(168);
    expect([hours[0], hours.at(-1)]).toMatchObject([{ day: 'Monday', weekday: 1, hour: 0 }, { day: 'Sunday', weekday: 7, hour: 23 }]);
  });

  it('agrees on the hours whether areas are chosen or not', async () => {
    const all = table(await ask(), 'hour-by-weekday').rows;
    expect(table(await ask({ area: ['E06999001'] }), 'hour-by-weekday').rows).toEqual(all);
  });

  it('says how many events have no known hour', async () => {
    const answer = await askPlain();
    expect(answer.figures.eventsWithoutHour).toBe(605);
    expect(answer.howSure).toContain('The hour is not known for 605 events; they are left out of the table of hours.');
  });

  it('does not count a crime twice that two feeds describe, unless both are chosen', async () => {
    expect((await ask()).figures.events).toBe(6000);
    expect((await ask({ agency: ['police'] })).figures.events).toBe(6000);
    expect((await ask({}, { feed: 'police-incident,police-uk-street' })).figures.events).toBe(7810);
  });

  it('measures trend and hours by officer hours or harm', async () => {
    const [events, hours, harm] = [await ask(), await ask({}, { measure: 'hours' }), await ask({}, { measure: 'harm' })];
    const sum = (answer: Answer) => table(answer, 'trend').rows.reduce((all, row) => all + Number(row.crime), 0);
    const total = (answer: Answer, column: string) => Number(table(answer, 'by-demand').rows.find((row) => row.code === 'crime')![column]);
    expect(sum(events) / total(events, 'events')).toBeCloseTo(1, 1);
    expect(sum(hours) / total(hours, 'hours')).toBeCloseTo(1, 1);
    expect(sum(harm) / total(harm, 'harm')).toBeCloseTo(1, 0);
  });

  it('counts events and says so where the measure is unknown', async () => {
    expect((await ask({}, { measure: 'colour' })).howSure[0]).toBe('There is no measure called "colour", so events are counted. Choose events, hours or harm.');
  });

  it('names the feed, its rows and its last load, and gives every statement with names', async () => {
    const answer = await ask({ from: '2023-02' });
    expect(answer.sources).toEqual([{ feed: 'police-incident', label: 'Police incidents', rows: 6000, lastLoaded: '2025-01-08T09:00:00' }]);
    expect(answer.sql).toHaveLength(2);
    expect(answer.sql[0]).toMatch(/^SELECT c\.series_id[^]*FROM demand_month c\s+WHERE c\.series_id IN \(SELECT series_id FROM demand_series WHERE feed IN \('police-incident'\)\)/);
  });

  it('says what it counts where a single kind of demand is chosen', async () => {
    expect((await ask({ agency: ['ambulance'] })).sentence).toBe('1,500 ambulance calls, all welfare and public safety, took 1,750 hours of officers or crews.');
  });

  it.each<[string, Partial<Filters>]>([
    ['an unknown agency', { agency: ['nobody'] }],
    ['an unknown category', { category: ['nothing'] }],
    ['an unknown area', { area: ['nowhere'] }],
    ['a period without data', { from: '2031-01' }],
    ['a period the wrong way round', { from: '2024-06', to: '2024-01' }],
  ])('answers %s with empty tables and a sentence that helps', async (_, filters) => {
    const answer = await ask(filters);
    expect(answer.tables.map(({ id, rows }) => [id, rows.length])).toEqual([['by-demand', 0], ['by-category', 0], ['trend', 0], ['hour-by-weekday', 0]]);
    expect(answer.sentence).toMatch(/^Noth.*(Choose|Change)/);
  });

  it.each<Partial<Filters>>([{}, { area: ['E01990001'] }, { category: ['missing-person'], area: ['E05990001'] }, { agency: ['hospital'], from: '2024-01' }])('shows no count from 1 to 7 and only multiples of 5, whatever the filters: %o', async (filters) => {
    for (const measure of ['events', 'hours', 'harm']) {
      const answer = await ask(filters, { measure });
      const counts: CellValue[] = [...table(answer, 'by-demand').rows, ...table(answer, 'by-category').rows].map((row) => row.events!);
      if (measure === 'events') {
        counts.push(...table(answer, 'hour-by-weekday').rows.map((row) => row.value!));
        for (const { month: _, ...cells } of table(answer, 'trend').rows) counts.push(...Object.values(cells));
      }
      for (const count of counts) expect(count === null || Number(count) % 5 === 0).toBe(true);
      expect(answer.suppression.suppressedCells).toBe(answer.tables.reduce((sum, each) => sum + each.suppressed.length, 0));
    }
  });
});

describe('the demand question on few events', () => {
  const incident = (n: number, row: LakeRow): LakeRow => ({ event_id: `e${n}`, feed: 'police-incident', agency: 'police', kind: 'incident', category: 'shoplifting', demand_type: 'crime', flags: [], month: '2024-01-01', weekday: 1, hour: 10, ...row });

  it('hides hours that too few events have, and the harm of a few grave events among many', async () => {
    const rows = Array.from({ length: 40 }, (_, n) => incident(n, { minutes: n < 3 ? 500 : null, category: n < 4 ? 'robbery' : 'concern-for-safety', demand_type: 'vulnerability', harm_days: n < 4 ? 365 : null }));
    const lake = await openTestLake({ event: rows });
    const all = table(await question.answer(lake, noFilters, {}), 'by-demand');
    expect(all.rows.at(-1)).toMatchObject({ events: 40, hours: null, harm: null });
    expect(all.suppressed).toEqual(expect.arrayContaining(['1:hours', '1:harm']));
    lake.close();
  });

  it('says that there are too few to show, and gives no number', async () => {
    const lake = await openTestLake({ event: [incident(1, {}), incident(2, {})] });
    const answer = await question.answer(lake, noFilters, {});
    expect(answer.sentence).toBe('There are too few incidents in this choice to show. Choose a longer period, more areas or more categories.');
    expect(answer.figures).toMatchObject({ events: null, crime: null });
    lake.close();
  });
});
