import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestLake, type TestLake } from '../../test/support/lake-builder.ts';
import { sampleCounty } from '../../test/support/sample-county.ts';
import { fixedClock, noFilters, type Answer, type Filters } from '../core/index.ts';
import { readDisclosureRule } from '../govern/index.ts';
import { createQuestions, findQuestion } from './questions.ts';

const clock = fixedClock('2025-01-10T12:00:00Z');
const question = findQuestion(createQuestions({ clock }), 'data-quality')!;
const table = (answer: Answer, id: string) => answer.tables.find((each) => each.id === id)!;

describe('the data quality question on the sample county', () => {
  let lake: TestLake;
  beforeAll(async () => {
    lake = await openTestLake(sampleCounty());
  });
  afterAll(() => lake.close());
  const ask = (filters: Partial<Filters> = {}, options: Record<string, string> = {}) => question.answer(lake, { ...noFilters, ...filters }, options);

  it('says how many feeds came in time, how new the data are, what is in quarantine, and for whom links are missed', async () => {
    expect((await ask()).sentence).toBe('Four of five feeds came in time; the newest data are of 28 December 2024. 1 per cent of 9,935 rows are in quarantine. Linkage finds 96 per cent of true links, fewest for people recorded as Asian (90 per cent). One silence: Anti-social behaviour complaints to the council, 65 days.');
  });

  it('says how old the newest data are where nothing new has come for two months', async () => {
    const later = findQuestion(createQuestions({ clock: fixedClock('2026-01-10T12:00:00Z') }), 'data-quality')!;
    expect((await later.answer(lake, noFilters, {})).sentence).toContain('the newest data are of 28 December 2024, 378 days ago.');
  });

  it('puts the latest feed first, with the day on which it was due', async () => {
    expect(table(await ask(), 'freshness').rows[0]).toEqual({ feed: 'Ambulance calls', code: 'ambulance-call', cadence: 'monthly', last_loaded: '2024-10-20', data_to: '2024-12-28', expected: '2024-11-20', late_days: 51 });
  });

  it('accounts for every row of every feed, each count to the nearest five', async () => {
    for (const row of table(await ask(), 'rows').rows) {
      expect(Math.abs(Number(row.accepted) + Number(row.quarantined) + Number(row.repeated) - Number(row.rows))).toBeLessThanOrEqual(8);
      expect([row.rows, row.accepted, row.quarantined, row.repeated, row.superseded].every((count) => Number(count) % 5 === 0)).toBe(true);
    }
  });

  it('gives the share of each column that is filled', async () => {
    const rows = table(await ask({ agency: ['hospital'] }), 'completeness').rows;
    expect(rows.map((row) => [row.column, row.filled_share])).toEqual([['Minutes', 0], ['Place', 0.47], ['Hour', 0.89]]);
  });

  it('gives precision and recall of links by group, with the intervals that the build made over people', async () => {
    const rows = table(await ask(), 'linkage').rows;
    expect(rows[0]).toMatchObject({ group_kind: 'All', records: 1500, people: 600, joined_share: 0.6, precision: 0.983, recall: 0.956 });
    const asian = rows.find((row) => row.group === 'Asian')!;
    expect([asian.recall_low, asian.recall, asian.recall_high]).toEqual([0.865, 0.902, 0.93]);
    expect((await ask()).howSure.join(' ')).toContain('Records without a date of birth, a sex or a full name hold less to link by');
  });

  it('finds the two months in which the council’s feed stopped, as planted, and no other', async () => {
    expect(table(await ask(), 'gaps').rows.map((row) => [row.code, row.month, row.what, row.events])).toEqual([
      ['asb-complaint', '2023-07', 'No records', 0],
      ['asb-complaint', '2023-08', 'No records', 0],
    ]);
  });

  it('finds the days between the council’s last complaint before and its first after', async () => {
    const [{ last, first }] = (await lake.rows<{ last: string; first: string }>("SELECT max(started_at::DATE) FILTER (started_at < '2023-07-15') AS last, min(started_at::DATE) FILTER (started_at > '2023-07-15') AS first FROM event WHERE feed = 'asb-complaint'")) as [{ last: string; first: string }];
    const shift = (day: string, days: number) => new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
    expect(table(await ask(), 'silences').rows).toMatchObject([{ code: 'asb-complaint', from: shift(last, 1), to: shift(first, -1) }]);
    expect(table(await ask({ from: '2024-01' }), 'silences').rows).toEqual([]);
  });

  it('judges the feeds of the agencies or feeds that are chosen', async () => {
    expect(table(await ask({ agency: ['police'] }), 'freshness').rows.map((row) => row.code).toSorted()).toEqual(['police-incident', 'police-uk-street']);
    expect(table(await ask({}, { feed: 'istv-assault' }), 'freshness').rows.map((row) => row.code)).toEqual(['istv-assault']);
  });

  it('judges the feeds that hold a category that is chosen, also beside an agency that has none of it', async () => {
    const chosen = async (filters: Partial<Filters>) => table(await ask(filters), 'rows').rows.map((row) => row.code);
    expect(await chosen({ category: ['complaint-noise'] })).toEqual(['asb-complaint']);
    expect((await chosen({ category: ['complaint-noise', 'burglary'] })).length).toBeGreaterThan(1);
    expect(await chosen({ category: ['complaint-noise'], agency: ['police'] })).toEqual([]);
  });

  it('narrows the odd months of a feed by category, area and period, and says so', async () => {
    const answer = await ask({ from: '2024-01', category: ['complaint-noise'] });
    expect(table(answer, 'gaps').rows).toEqual([]);
    expect(table(answer, 'rows').rows).toHaveLength(1);
    expect(answer.howSure).toContain('A category leaves the feeds that hold it. Within them, category, area and period narrow the odd months alone, and the period the silences: files are judged whole.');
  });

  it('answers an unknown agency with empty tables and a sentence that helps', async () => {
    const answer = await ask({ agency: ['nobody'] });
    expect(answer.sentence).toBe('No loaded feed fits this choice. No agency here is called "nobody". Choose another agency, category or feed, or take the filter away.');
    expect(answer.tables.filter(({ id }) => id !== 'linkage').every(({ rows }) => rows.length === 0)).toBe(true);
  });
});

describe('the data quality question elsewhere', () => {
  it('gives the share of records joined where the truth is not known, and hides small groups', async () => {
    const lake = await openTestLake({
      ...sampleCounty({ incidents: 300 }),
      linkage_quality: [
        { group_kind: 'all', group_name: 'All', records: 1005, people: 600, true_pairs: null, found_pairs: 900, correct_pairs: null, unlinkable_records: 103, single_agency_people: 300 },
        { group_kind: 'sex', group_name: 'F', records: 1000, people: 596, true_pairs: null, found_pairs: 890, correct_pairs: null, unlinkable_records: 100, single_agency_people: 298 },
        { group_kind: 'sex', group_name: 'M', records: 5, people: 4, true_pairs: null, found_pairs: 1, correct_pairs: null, unlinkable_records: 3, single_agency_people: 2 },
      ],
    });
    const answer = await question.answer(lake, noFilters, {});
    expect(answer.sentence).toContain('How well people are linked cannot be measured here, because the truth is not known');
    const rows = table(answer, 'linkage').rows;
    expect(rows[0]).toMatchObject({ joined_share: 0.403, unlinkable_records: 105, single_agency_people: 300, single_agency_share: 0.5 });
    expect(rows[0]).not.toHaveProperty('recall');
    expect(rows.find((row) => row.group === 'M')).toMatchObject({ records: null, people: null, joined_share: null, unlinkable_records: null, unlinkable_share: null, single_agency_people: null, single_agency_share: null });
    expect(table(answer, 'linkage').note).toContain('signs');
    lake.close();
  });

  it('sets the model against the pairs that people settled where the truth is not known, by group, with intervals, and hides small counts', async () => {
    const quality = [{ group_kind: 'all', group_name: 'All', records: 1000, people: 600, true_pairs: null, found_pairs: 900, correct_pairs: null, unlinkable_records: 103, single_agency_people: 300 }];
    const settled = (group_kind: string, group_name: string, settled_same: number, linked_same: number, settled_different: number, linked_different: number) => ({ group_kind, group_name, settled_same, linked_same, settled_different, linked_different });
    const rows = [settled('all', 'All', 203, 151, 150, 41), settled('sex', 'F', 120, 100, 80, 20), settled('sex', 'M', 83, 51, 70, 21), settled('ethnicity', 'Asian', 40, 38, 30, 20), settled('ethnicity', 'White', 163, 113, 120, 21)];
    const lake = await openTestLake({ ...sampleCounty({ incidents: 300 }), linkage_quality: quality, linkage_settled_quality: rows });
    const answer = await question.answer(lake, noFilters, {});
    const shown = table(answer, 'settled-links');
    expect(shown.columns.map(({ name }) => name)).toEqual(['group_kind', 'group', 'settled_same', 'found', 'found_low', 'found_high', 'linked', 'right', 'right_low', 'right_high']);
    expect(shown.rows[0]).toEqual({ group_kind: 'All', group: 'All', settled_same: 205, found: 0.73, found_low: 0.67, found_high: 0.79, linked: 190, right: 0.79, right_low: 0.73, right_high: 0.84 });
    expect(shown.rows.find(({ group }) => group === 'M')).toMatchObject({ found: 0.59, found_low: 0.48, found_high: 0.69 });
    // Two of 40 were missed: no share and no interval may tell so, not even that of the links that are right.
    const asian = shown.rows.findIndex(({ group }) => group === 'Asian');
    expect(shown.rows[asian]).toMatchObject({ settled_same: 40, found: null, found_low: null, found_high: null, right: null, right_low: null });
    expect(shown.suppressed).toEqual(expect.arrayContaining([`${asian}:found`, `${asian}:right`]));
    expect(shown.rows.every((row) => !('missed' in row))).toBe(true);
    expect(shown.note).toContain('doubtful pairs');
    lake.close();
    const known = await openTestLake({ ...sampleCounty({ incidents: 300 }), linkage_settled_quality: rows });
    expect(table(await question.answer(known, noFilters, {}), 'settled-links')).toBeUndefined();
    known.close();
  });

  it('lets no small count of rows out, nor a share that would tell one, but those of a published feed', async () => {
    const feed = (name: string, rows: number, quarantined: number) => ({ feed: name, agency: 'police', cadence: 'monthly', files: 1, rows, accepted: rows - quarantined, quarantined, repeated: 0, superseded: 0, first_date: '2024-01-01', last_date: '2024-12-28', last_loaded_at: '2025-01-08 09:00:00' });
    const column = (name: string, filled: number, rows: number) => ({ feed: 'police-incident', column_name: name, label: name, filled, rows });
    const rows = {
      ...sampleCounty({ incidents: 300 }),
      feed_quality: [feed('police-incident', 1003, 3), feed('police-uk-street', 1003, 3)],
      column_quality: [column('Few missing', 998, 1003), column('Few of many missing', 99_997, 100_000), column('Few filled', 4, 1003), column('Many missing', 901, 1003), column('None', 0, 1003)],
      quarantine_reason: [{ feed: 'police-incident', column_name: 'grade', reason: 'unknown code', rows: 3 }],
    };
    const lake = await openTestLake(rows);
    const answer = await question.answer(lake, noFilters, {});
    expect(table(answer, 'rows').rows).toMatchObject([{ code: 'police-incident', files: 1, rows: 1005, accepted: 1000, quarantined: null, repeated: 0, quarantined_share: null }, { code: 'police-uk-street', rows: 1005, quarantined: null }]);
    expect(table(answer, 'rows').suppressed).toEqual(['0:quarantined', '0:quarantined_share', '1:quarantined', '1:quarantined_share']);
    expect(Object.fromEntries(table(answer, 'completeness').rows.map((row) => [row.column, row.filled_share]))).toEqual({ 'Few missing': null, 'Few of many missing': 1, 'Few filled': null, 'Many missing': 0.9, None: 0 });
    expect(table(answer, 'quarantine')).toMatchObject({ rows: [{ reason: 'unknown code', rows: null }], suppressed: ['0:rows'] });
    expect(answer.figures).toMatchObject({ rows: 2005, quarantined: null, quarantinedShare: null });
    expect(answer.sources.map((source) => source.rows)).toEqual([1000, 1000]);
    expect(answer.sentence).not.toContain('quarantine');
    const many = await openTestLake({ ...rows, feed_quality: [feed('police-incident', 500_000, 20)] });
    expect((await question.answer(many, noFilters, {})).sentence).toContain('Less than 1 per cent of 500,000 rows are in quarantine.');
    many.close();
    const published = createQuestions({ clock, disclosure: { ...readDisclosureRule(undefined).value, openFeeds: ['police-uk-street'] } });
    expect(table(await findQuestion(published, 'data-quality')!.answer(lake, noFilters, {}), 'rows').rows).toMatchObject([{ quarantined: null }, { rows: 1003, accepted: 1000, quarantined: 3, quarantined_share: 0.003 }]);
    lake.close();
  });

  it('says that there is nothing to judge where nothing was loaded', async () => {
    const lake = await openTestLake({});
    expect((await question.answer(lake, noFilters, {})).sentence).toMatch(/^There is nothing to judge yet/);
    lake.close();
  });
});
