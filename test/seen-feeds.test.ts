// What a reader of some feeds is told must not depend on the feeds that they may not see: not a number, a list, a date or a sentence.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fixedClock, noFilters, type Answer, type Filters, type LakeReader } from '../src/core/index.ts';
import { createQuestions, questionOptions, readCategories, unknownFilters } from '../src/understand/index.ts';
import { listNamedAreas } from '../src/web/maps/area-shapes.ts';
import { readFilterChoices } from '../src/web/understand/filter-choices.ts';
import { readKnownFilters } from '../src/web/understand/known-values.ts';
import { lakeOver, openTestLake, type LakeRow, type LakeRows, type TestLake } from './support/lake-builder.ts';
import { sampleCounty } from './support/sample-county.ts';

const seen = new Set(['police-incident', 'police-uk-street']);
const questions = createQuestions({ clock: fixedClock('2025-01-10T09:00:00Z') });
const categories = readCategories(undefined);

/** Rows that no reader of the police's feeds may learn of: a feed, an agency, a kind of event, an area, a hexagon, a month and a person of their own. */
function planted(): LakeRows {
  const county = sampleCounty({ incidents: 800 });
  const secret = Array.from({ length: 400 }, (_, n): LakeRow => ({
    event_id: `secret-${n}`, feed: 'secret-feed', agency: 'secret-agency', kind: 'secret-kind', category: 'secret-category', demand_type: 'secret-demand', flags: [],
    started_at: '2025-01-05 10:00:00', month: '2025-01-01', weekday: 7, hour: 10, time_precision: 'hour', place_id: n % 2 === 0 ? 'secret-place' : 'P1', area_code: n % 2 === 0 ? 'E09999999' : 'E01990002',
    cell: n % 2 === 0 ? '891f1d48177ffff' : null, minutes: 9000, harm_days: 5000,
  }));
  return {
    ...county,
    event: [...county.event!, ...secret, { ...secret[0]!, event_id: 'secret-old', feed: 'secret-old-feed', started_at: '2019-05-04 10:00:00', month: '2019-05-01' }],
    involvement: [...county.involvement!, ...secret.map(({ event_id }) => ({ event_id: event_id!, person_id: 'secret-person', role: 'victim', agency: 'secret-agency' }))],
    person: [...county.person!, { person_id: 'secret-person', birth_year: 1990, sex: 'F', ethnicity: 'White', area_code: 'E09999999', household_id: 'secret-household' }],
    place: [...county.place!, { place_id: 'secret-place', kind: 'address', name: 'secret-name', area_code: 'E09999999', cell: '891f1d48177ffff', longitude: 0.1, latitude: 52.4 }],
    feed_quality: [...county.feed_quality!, { feed: 'secret-feed', agency: 'secret-agency', cadence: 'weekly', files: 9, rows: 999, accepted: 400, quarantined: 599, repeated: 0, superseded: 0, first_date: '2025-01-05', last_date: '2025-01-05', last_loaded_at: '2025-01-09 09:00:00' }],
    column_quality: [...county.column_quality!, { feed: 'secret-feed', column_name: 'secret-column', label: 'Secret', filled: 1, rows: 400 }],
    quarantine_reason: [...county.quarantine_reason!, { feed: 'secret-feed', column_name: 'secret-column', reason: 'secret-reason', rows: 599 }],
    linkage_quality: [...county.linkage_quality!, { group_kind: 'agency', group_name: 'secret-agency', records: 400, people: 1, true_pairs: 1, found_pairs: 1, correct_pairs: 1 }],
  };
}

/** A home that had only ever loaded the feeds that may be seen. */
function only(rows: LakeRows): LakeRows {
  const mine = (each: LakeRow) => seen.has(String(each.feed));
  const event = rows.event!.filter(mine);
  const ids = new Set(event.map((each) => each.event_id));
  const places = new Set(event.map((each) => each.place_id));
  const involvement = rows.involvement!.filter((each) => ids.has(each.event_id!));
  const people = new Set(involvement.map((each) => each.person_id));
  return {
    event, involvement, area: rows.area!,
    person: rows.person!.filter((each) => people.has(each.person_id!)),
    place: rows.place!.filter((each) => places.has(each.place_id!)),
    feed_quality: rows.feed_quality!.filter(mine), column_quality: rows.column_quality!.filter(mine), quarantine_reason: rows.quarantine_reason!.filter(mine),
  };
}

let both: TestLake;
let alone: TestLake;
let limited: LakeReader;
let limitedAlone: LakeReader;

beforeAll(async () => {
  const rows = planted();
  both = await openBuilt(rows);
  alone = await openBuilt(only(rows));
  limited = await both.forFeeds({ feeds: seen, people: false });
  limitedAlone = await alone.forFeeds({ feeds: seen, people: false });
});

/** With tables that only a build makes, one of which no reader knows. */
async function openBuilt(rows: LakeRows): Promise<TestLake> {
  const { duck } = await openTestLake(rows);
  await duck.run(`CREATE TABLE linkage_summary (name VARCHAR, value DOUBLE); INSERT INTO linkage_summary VALUES ('records', 99)`);
  await duck.run(`CREATE TABLE table_of_a_later_version AS SELECT 'secret' AS word`);
  return lakeOver(duck);
}

afterAll(() => {
  both?.close();
  alone?.close();
});

const filterChoices: Record<string, Partial<Filters>> = {
  'no filter': {},
  'a period': { from: '2023-06', to: '2024-05' },
  'an agency': { agency: ['police'] },
  'two wards': { area: ['E05990001', 'E05990002'] },
  'categories': { category: ['burglary', 'shoplifting'] },
  'what only a hidden feed has': { category: ['secret-category'] },
  'an area that only a hidden feed has': { area: ['E09999999'] },
  'an agency that only a hidden feed has': { agency: ['secret-agency'] },
  'a month that only a hidden feed has': { from: '2025-01' },
};

const optionChoices: Record<string, Record<string, string>[]> = {
  demand: [{}, { measure: 'hours' }, { measure: 'harm' }, { feed: 'secret-feed' }, { feed: 'police-uk-street' }, { feed: 'ambulance-call,police-incident' }],
  'repeat-demand': [{}, { by: 'address' }, { by: 'area' }, { by: 'address', feed: 'police-uk-street' }, { by: 'address', feed: 'secret-feed' }],
  places: [{}, { by: 'hexagon' }, { by: 'hexagon', size: 'medium' }, { by: 'hexagon', size: 'large' }, { measure: 'count' }, { layer: 'demand,police-uk-street,ambulance-call,crime' }, { layer: 'secret-feed' }, { layer: 'secret-feed/secret-category' }, { layer: 'secret-demand' }, { feed: 'ambulance-call' }],
  'data-quality': [{}, { feed: 'police-incident' }, { feed: 'secret-feed' }, { feed: 'ambulance-call' }],
  linkage: [{}],
};

const ofPeople = [{ by: 'person' }, { by: 'household' }];
const cases = Object.entries(optionChoices).flatMap(([question, options]) => options.map((chosen) => ({ question, chosen, words: JSON.stringify(chosen) })));
/** Every filter without options; a few with each of them. */
const filtersFor = (chosen: object): string[] => (Object.keys(chosen).length === 0 ? Object.keys(filterChoices) : ['no filter', 'a period', 'categories', 'an area that only a hidden feed has']);

const answerOf = (lake: LakeReader, question: string, filter: string, options: Record<string, string>): Promise<Answer> =>
  questions.find(({ id }) => id === question)!.answer(lake, { ...noFilters, ...filterChoices[filter] }, options);

/** Without what differs by its nature: which snapshot, when it was built, how long it took. */
const comparable = ({ snapshot, ...rest }: Answer) => ({ ...rest, seconds: 0, dataTo: snapshot.dataTo });

describe('what a reader of some feeds is told', () => {
  /** The reader of a part is told so; a home that loads only that part has nobody to tell. */
  const saysWhatIsMissing = /^At risk are the addresses|^All addresses, premises|^How well records are linked is left out|^Without a truth to compare/;
  const plain = ({ howSure, ...rest }: ReturnType<typeof comparable>) => ({ ...rest, dataTo: null, howSure: howSure.filter((line) => !saysWhatIsMissing.test(line)) });

  it.each(cases)('is as if no other feed were loaded: $question $words', async ({ question, chosen }) => {
    for (const filter of filtersFor(chosen)) {
      const answer = await answerOf(limited, question, filter, chosen);
      expect(comparable(answer), filter).toEqual(comparable(await answerOf(limitedAlone, question, filter, chosen)));
      expect(JSON.stringify(answer.tables.flatMap(({ rows }) => rows)).replaceAll(/secret-(feed|demand|category)(?=")/g, ''), filter).not.toContain('secret');
      if (question !== 'linkage') expect(plain(comparable(answer)), filter).toEqual(plain(comparable(await answerOf(alone, question, filter, chosen))));
    }
  });

  it.each(ofPeople)('holds nothing that is made of all people together: repeats by $by', async (chosen) => {
    const answer = await answerOf(limited, 'repeat-demand', 'no filter', chosen);
    expect(answer.sentence).toMatch(/^People and households are made of the records of all agencies together/);
    expect(answer.tables.flatMap(({ rows }) => rows)).toEqual([]);
  });

  it('has the last day of those feeds, not of others', async () => {
    expect(both.snapshot.dataTo).toBe('2024-12-31');
    expect(limited.snapshot.dataTo).toBe('2024-12-28');
    const more = await both.forFeeds({ feeds: new Set([...seen, 'secret-feed']), people: false });
    expect(more.snapshot.dataTo).toBe('2025-01-05');
    expect((await both.forFeeds({ feeds: new Set(['secret-old-feed']), people: false })).snapshot.dataTo).toBe('2019-05-04');
  });

  it('offers the choices of those feeds alone', async () => {
    expect(await readFilterChoices(limited, categories)).toEqual(await readFilterChoices(limitedAlone, categories));
    expect(await readKnownFilters(limited, categories)).toEqual(await readKnownFilters(limitedAlone, categories));
    expect(await listNamedAreas(limited)).toEqual(await listNamedAreas(alone));
    const asked: Filters = { ...noFilters, agency: ['secret-agency'], category: ['secret-category'], area: ['E09999999'] };
    expect(await unknownFilters(limited, categories, asked)).toEqual({ agency: ['secret-agency'], category: ['secret-category'], area: ['E09999999'] });
  });

  it('asks every question with every choice that a page knows', () => {
    expect(Object.keys(optionChoices).toSorted()).toEqual(Object.keys(questionOptions).toSorted());
    for (const [question, options] of Object.entries(questionOptions)) {
      for (const [name, takes] of Object.entries(options as Record<string, readonly string[] | string>)) {
        const tried = [...optionChoices[question]!, ...(question === 'repeat-demand' ? ofPeople : [])].map((chosen) => (chosen as Record<string, string>)[name]);
        expect(tried.some((value) => value !== undefined), `${question} ${name}`).toBe(true);
        // The first of a few words is what is taken where none is given.
        if (typeof takes !== 'string') expect(takes.slice(1).filter((value) => !tried.includes(value)), `${question} ${name}`).toEqual([]);
      }
    }
  });
});

describe('a reader of some feeds', () => {
  it('finds nothing of another in any table, and nothing at all in one that nobody has thought of', async () => {
    const tables = await both.rows<{ name: string }>(`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'main' AND table_catalog = 'memory' AND table_type = 'BASE TABLE'`);
    expect(tables.length).toBeGreaterThan(25);
    const hidden = /secret|ambulance|istv|asb-complaint|E09999999|891f1d48177ffff/;
    const rowsOf = async (lake: LakeReader, name: string) => JSON.stringify(await lake.rows(`SELECT * FROM ${name}`), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    const leaking: string[] = [];
    for (const { name } of tables) if (hidden.test(await rowsOf(limited, name))) leaking.push(name);
    expect(leaking).toEqual([]);
    expect(await limited.rows('SELECT * FROM table_of_a_later_version')).toEqual([]);
    const series = await limited.rows<{ feed: string; n: number }>('SELECT feed, count(*) AS n FROM demand_series GROUP BY feed ORDER BY feed');
    expect(series.map(({ feed }) => feed)).toEqual(['police-incident', 'police-uk-street']);
  });

  it('has as many events in every cube as those feeds have', async () => {
    for (const table of ['demand_month', 'demand_area_hour', 'demand_hour', 'place_cell_month', 'place_cell_total']) {
      const count = (lake: LakeReader) => lake.rows<{ events: number }>(`SELECT sum(events)::INTEGER AS events FROM ${table}`);
      expect(await count(limited), table).toEqual(await count(alone));
    }
    for (const table of ['demand_area', 'place_cell', 'repeat_address_unit', 'repeat_address', 'repeat_address_month', 'repeat_address_feed']) {
      const count = (lake: LakeReader) => lake.rows<{ n: number }>(`SELECT count(*) AS n FROM ${table}`);
      expect(await count(limited), table).toEqual(await count(alone));
    }
  });

  it('of every feed reads the whole snapshot; of none, only public geography', async () => {
    const every = new Set([...seen, 'secret-feed', 'secret-old-feed', 'ambulance-call', 'istv-assault', 'asb-complaint', 'a feed that is not loaded']);
    expect((await both.forFeeds({ feeds: every, people: true })).limits).toBeUndefined();
    expect((await both.forFeeds({ feeds: every, people: false })).limits).toBeDefined();
    const none = await both.forFeeds({ feeds: new Set(), people: false });
    expect(await none.rows('SELECT feed FROM demand_series UNION SELECT feed FROM feed_quality UNION SELECT feed FROM event')).toEqual([]);
    expect(none.snapshot.dataTo).toBeNull();
    expect((await none.rows('SELECT area_code FROM area')).length).toBe(12);
  });

  it('counts people where every feed that names them may be seen, though another feed may not', async () => {
    const part = await both.forFeeds({ feeds: new Set([...seen, 'secret-feed', 'secret-old-feed', 'istv-assault', 'ambulance-call']), people: true });
    const answer = await answerOf(part, 'repeat-demand', 'no filter', { by: 'person' });
    expect({ ...comparable(answer), howSure: [], sql: [], dataTo: null }).toEqual({ ...comparable(await answerOf(both, 'repeat-demand', 'no filter', { by: 'person' })), howSure: [], sql: [], dataTo: null });
    expect(JSON.stringify(await part.rows('SELECT * FROM demand_series'))).not.toContain('complaint');
  });

  it('is made once for each set of feeds, also by many who ask at once', async () => {
    const asked = await Promise.all(Array.from({ length: 8 }, () => both.forFeeds({ feeds: new Set(['ambulance-call']), people: false })));
    expect(new Set(asked).size).toBe(1);
    expect(await both.forFeeds({ feeds: new Set(['ambulance-call', 'a feed that is not loaded']), people: false })).toBe(asked[0]);
  });

  it('goes on answering who asked it while many other sets are asked for', async () => {
    const first = await both.forFeeds({ feeds: new Set(['istv-assault']), people: false });
    const feeds = ['police-incident', 'police-uk-street', 'ambulance-call', 'asb-complaint'];
    for (let bits = 1; bits < 16; bits += 1) await both.forFeeds({ feeds: new Set(feeds.filter((_, index) => bits & (1 << index))), people: false });
    expect(await first.rows('SELECT DISTINCT feed FROM event')).toEqual([{ feed: 'istv-assault' }]);
  });
});
