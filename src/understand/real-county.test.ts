// The questions on real open data of Bedfordshire, May 2021 to April 2024: data.police.uk, census and deprivation 2025 (Open Government Licence v3.0).

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { deriveTables, lakeOver, openTestLake, type TestLake } from '../../test/support/lake-builder.ts';
import { fixedClock, noFilters, type Answer } from '../core/index.ts';
import { readDisclosureRule } from '../govern/index.ts';
import { text } from '../store/index.ts';
import { readCategories } from './categories.ts';
import { createQuestions, findQuestion } from './questions.ts';

const data = resolve(import.meta.dirname, '../../../shared/data');
const there = existsSync(data);
if (!there) console.warn(`Skipped: the real files are not at ${data}`);

const codes = { 'Violence and sexual offences': 'violence-and-sexual-offences', 'Anti-social behaviour': 'anti-social-behaviour' };

async function openCounty(): Promise<TestLake> {
  const { duck } = await openTestLake({});
  const categories = readCategories(undefined);
  await duck.run(`
    INSERT INTO area (area_code, area_name, ward_code, authority_code, population, deprivation_score, deprivation_decile)
    SELECT lsoa21_code, lsoa21_name, ward24_code, ltla24_code, list_sum(list_value(*COLUMNS('pop_.*')))::INTEGER, IMD_score, IMD_decile FROM read_csv(${text(join(data, 'area/bedfordshire_lsoa21_profile.csv'))});
    INSERT INTO event (event_id, feed, agency, kind, category, demand_type, month, area_code, harm_days)
    SELECT row_number() OVER ()::VARCHAR, 'police-uk-street', 'police', 'crime',
      CASE "Crime type" ${Object.entries(codes).map(([title, code]) => `WHEN ${text(title)} THEN ${text(code)}`).join(' ')} ELSE 'other-crime' END,
      CASE "Crime type" WHEN 'Anti-social behaviour' THEN 'anti-social-behaviour' ELSE 'crime' END,
      ("Month" || '-01')::DATE, "LSOA code", CASE "Crime type" WHEN 'Violence and sexual offences' THEN ${categories.categories.get('violence-and-sexual-offences')!.harmDays} END
    FROM read_csv(${text(join(data, 'police_bedfordshire/bedfordshire-street-2021-05_2024-04.csv.gz'))}, header = true, all_varchar = true);`);
  await deriveTables(duck);
  return lakeOver(duck);
}

describe.skipIf(!there)('the questions on the real county of Bedfordshire', () => {
  let lake: TestLake;
  const questions = createQuestions({ clock: fixedClock('2024-05-20T00:00:00Z') });
  const ask = (id: string, options: Record<string, string> = {}, from = questions): Promise<Answer> => findQuestion(from, id)!.answer(lake, noFilters, options);
  /** Where a partnership lists the feed as published already. */
  const asPublished = createQuestions({ clock: fixedClock('2024-05-20T00:00:00Z'), disclosure: { ...readDisclosureRule(undefined).value, openFeeds: ['police-uk-street'] } });
  beforeAll(async () => {
    lake = await openCounty();
  });
  afterAll(() => lake.close());

  it('hold 23.3 per cent of in-force records in the top 5 per cent of areas, where chance alone would give 5.5', async () => {
    const answer = await ask('repeat-demand');
    expect(answer.figures).toMatchObject({ by: 'area', atRisk: 417 });
    const row = answer.tables[0]!.rows.find((each) => each.top === 0.05)!;
    expect(row).toMatchObject({ units: 21, share: 0.233, chance: 0.055 });
    expect(answer.sentence).toBe('Five per cent of areas hold 23 per cent of recorded crimes and incidents; chance alone would give 6 per cent.');
  });

  it('have violence per resident that goes with deprivation 2025 (Spearman .73)', async () => {
    const answer = await ask('places', { layer: 'violence-and-sexual-offences' });
    expect(answer.figures.layer1_spearman).toBe(0.73);
    expect(answer.tables[0]!.rows.filter((row) => row.population !== null)).toHaveLength(417);
  });

  it('count 6,381 records without a place where the feed is listed as published, and to the nearest 5 where it is not', async () => {
    expect((await ask('places')).tables.at(-1)!.rows[0]).toMatchObject({ events: 182_115, unplaced: 6380 });
    const answer = await ask('places', {}, asPublished);
    expect(answer.tables.at(-1)!.rows[0]).toMatchObject({ events: 182_113, unplaced: 6381 });
    expect(answer.sentence).toContain('have no place and are on no map');
  });

  it('are counted from published crimes, and say that calls which were recorded as neither are missing', async () => {
    expect((await ask('demand')).sentence).toContain('19 per cent of 182,115 recorded');
    const answer = await ask('demand', {}, asPublished);
    expect(answer.sentence).toBe('19 per cent of 182,113 recorded crimes and incidents were not crime, nearly all of them anti-social behaviour.');
    expect(answer.suppression).toEqual({ rule: 'These data are published already, so counts are shown as they are.', suppressedCells: 0 });
    expect(answer.howSure.join(' ')).toContain('Calls that were not recorded as either are missing.');
    expect(answer.tables.find(({ id }) => id === 'hour-by-weekday')!.rows).toEqual([]);
  });
});
