// The statements that an answer shows hold names where those that ran hold numbers: they give the same rows.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestLake, type TestLake } from '../../test/support/lake-builder.ts';
import { sampleCounty } from '../../test/support/sample-county.ts';
import { fixedClock, noFilters, type Filters, type LakeReader } from '../core/index.ts';
import { createQuestions, findQuestion } from './questions.ts';

let lake: TestLake;
const questions = createQuestions({ clock: fixedClock('2025-01-10T09:00:00Z') });
beforeAll(async () => {
  lake = await openTestLake(sampleCounty({ incidents: 800 }));
});
afterAll(() => lake.close());

const filters: Partial<Filters>[] = [
  {}, { from: '2023-06', to: '2024-05' }, { agency: ['police'] }, { area: ['E05990001', 'E01990003'] }, { area: ['E01990002'], category: ['burglary'] },
  // An area and its own ward: the ward names it.
  { area: ['E01990001', 'E05990001', 'E05990002'] }, { category: ['burglary', 'shoplifting'], from: '2024-01' }, { agency: ['police', 'hospital'], area: ['E05990002'], to: '2024-06' },
];
const options: [string, Record<string, string>][] = [
  ['demand', {}], ['demand', { measure: 'harm' }], ['demand', { feed: 'police-incident,ambulance-call' }], ['repeat-demand', {}], ['repeat-demand', { by: 'address' }], ['repeat-demand', { by: 'area' }],
  ['places', {}], ['places', { by: 'hexagon' }], ['places', { layer: 'crime,ambulance-call' }], ['data-quality', {}],
];

const sorted = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).toSorted();

it.each(options)('%s %j', async (id, chosen) => {
  let compared = 0;
  for (const each of filters) {
    const ran: string[] = [];
    const watched: LakeReader = { ...lake, rows: (sql, params) => {
      ran.push(sql);
      return lake.rows(sql, params);
    } };
    const { sql: shown } = await findQuestion(questions, id)!.answer(watched, { ...noFilters, ...each }, chosen);
    const own = ran.map((sql) => sql.trim()).filter((sql) => !shown.includes(sql) && / c(\.| )/.test(sql));
    const named = shown.filter((sql) => !ran.some((other) => other.trim() === sql));
    expect(named).toHaveLength(own.length);
    for (const [index, sql] of named.entries()) {
      expect(sql).not.toMatch(/(series_id|feed_id|area_id) (IN \(\d|BETWEEN|= \d)/);
      expect(sorted(await lake.rows(sql)), sql).toEqual(sorted(await lake.rows(own[index]!)));
      compared += 1;
    }
  }
  expect(compared).toBeGreaterThanOrEqual(filters.length);
});
