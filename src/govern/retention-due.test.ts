import { array, assert, integer, option, property, record } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { startOfBritishDay } from './british-day.ts';
import { birthdayOf, findRetentionDue, type RetentionFacts } from './retention-due.ts';
import { presentSchedule, type RetentionSchedule } from './retention-schedule.ts';

const schedule = (over: Partial<RetentionSchedule>): RetentionSchedule => ({ code: 'test', title: 'Test', holder: 'early-help', from: 'closed', review: null, source: 'Test', date: '2026-01-01', checked: true, ...over });
const on = (day: string) => startOfBritishDay(day);
const facts = (over: Partial<RetentionFacts> = {}): RetentionFacts => ({ recorded: on('2000-01-01'), lastRecorded: on('2000-01-01'), closed: null, birthDate: null, reviewed: null, keepUntil: null, ...over });
const due = (schedules: RetentionSchedule[], given: Partial<RetentionFacts>, day: string) => findRetentionDue(schedules, facts(given), on(day));
/** The first day of a few around it on which something is due. */
const firstDay = (schedules: RetentionSchedule[], given: Partial<RetentionFacts>, days: readonly string[]) => days.find((day) => due(schedules, given, day) !== undefined);

describe('a term of years', () => {
  it.each([
    ['2010-03-01', 6, ['2016-02-29', '2016-03-01', '2016-03-02'], '2016-03-02'],
    ['2020-02-29', 6, ['2026-02-28', '2026-03-01'], '2026-03-01'],
    ['2020-02-29', 8, ['2028-02-28', '2028-02-29', '2028-03-01'], '2028-03-01'],
    ['2019-02-28', 1, ['2020-02-28', '2020-02-29'], '2020-02-29'],
    ['2019-12-31', 1, ['2020-12-31', '2021-01-01'], '2021-01-01'],
  ])('from %s for %i years is over on the day after its last', (closed, years, days, first) => {
    expect(firstDay([schedule({ years })], { closed: on(closed) }, days)).toBe(first);
    expect(due([schedule({ years })], { closed: on(closed) }, first)).toMatchObject({ what: 'end', from: closed, since: first, birthAssumed: false });
  });

  it('counts days in Britain: what was closed just after midnight in summer was closed on that day', () => {
    const closed = Date.parse('2010-05-31T23:30:00Z');
    expect(due([schedule({ years: 6 })], { closed }, '2016-06-01')).toBeUndefined();
    expect(due([schedule({ years: 6 })], { closed }, '2016-06-02')).toMatchObject({ from: '2010-06-01', since: '2016-06-02' });
  });

  it('has not begun while its event has not happened', () => {
    expect(due([schedule({ years: 6 })], {}, '2099-01-01')).toBeUndefined();
    for (const [from, given] of [['recorded', {}], ['last-recorded', {}], ['left', { left: on('2000-01-01') }], ['ended', { ended: on('2000-01-01') }]] as const) expect(firstDay([schedule({ from, years: 1 })], given, ['2001-01-01', '2001-01-02'])).toBe('2001-01-02');
  });
});

describe('a term until an age', () => {
  it('is over on the birthday; who was born on 29 February has theirs on 1 March in other years', () => {
    const born = (birthDate: string, days: string[]) => firstDay([schedule({ age: 25 })], { closed: on('2005-01-01'), birthDate }, days);
    expect(born('1990-05-01', ['2015-04-30', '2015-05-01'])).toBe('2015-05-01');
    expect(born('2000-02-29', ['2025-02-28', '2025-03-01'])).toBe('2025-03-01');
    expect([birthdayOf('2000-02-29', 24), birthdayOf('2000-02-29', 25), birthdayOf('1999-02-28', 1)]).toEqual(['2024-02-29', '2025-03-01', '2000-02-28']);
  });

  it('or of years is over on the later of both', () => {
    const both = [schedule({ years: 6, age: 25 })];
    expect(firstDay(both, { closed: on('2010-03-01'), birthDate: '1980-01-01' }, ['2016-03-01', '2016-03-02'])).toBe('2016-03-02');
    expect(firstDay(both, { closed: on('2010-03-01'), birthDate: '2000-07-05' }, ['2016-03-02', '2025-07-04', '2025-07-05'])).toBe('2025-07-05');
  });

  it('takes somebody whose date of birth is not known to be no older than the record, and says so', () => {
    expect(due([schedule({ years: 6, age: 25 })], { closed: on('2001-01-01') }, '2024-12-31')).toBeUndefined();
    expect(due([schedule({ years: 6, age: 25 })], { closed: on('2001-01-01') }, '2025-01-01')).toMatchObject({ since: '2025-01-01', birthAssumed: true });
  });
});

describe('several schedules about one record', () => {
  const [short, long] = [schedule({ code: 'short', years: 6 }), schedule({ code: 'long', years: 8 })];
  it('keep it by the longest, in whichever order they stand', () => {
    for (const order of [[short, long], [long, short]]) {
      expect(firstDay(order, { closed: on('2010-03-01') }, ['2016-03-02', '2018-03-01', '2018-03-02'])).toBe('2018-03-02');
      expect(due(order, { closed: on('2010-03-01') }, '2020-01-01')?.schedule.code).toBe('long');
    }
  });
  it('keep it while the clock of one has not begun, or one has no end of its own', () => {
    expect(due([short, schedule({ from: 'left', years: 1 })], { closed: on('2010-03-01') }, '2099-01-01')).toBeUndefined();
    expect(due([short, schedule({ code: 'source', from: 'source' })], { closed: on('2010-03-01') }, '2099-01-01')).toBeUndefined();
  });
  it('never make it due earlier than one of them alone, and each day after is due as well', () => {
    const terms = record({ years: option(integer({ min: 1, max: 40 }), { nil: undefined }), age: option(integer({ min: 1, max: 100 }), { nil: undefined }) }).filter(({ years, age }) => years !== undefined || age !== undefined);
    const day = integer({ min: 0, max: 30_000 }).map((n) => new Date(Date.UTC(1950, 0, 1 + n)).toISOString().slice(0, 10));
    assert(property(array(terms, { minLength: 1, maxLength: 4 }), day, day, day, (some, closed, birthDate, today) => {
      const all = some.map((each) => schedule(JSON.parse(JSON.stringify(each)) as Partial<RetentionSchedule>));
      const given = { closed: on(closed), birthDate };
      const together = due(all, given, today);
      expect(together !== undefined).toBe(all.every((each) => due([each], given, today) !== undefined));
      if (!together) return;
      expect(due(all, given, together.since)?.since).toBe(together.since);
      expect(due(all, given, new Date(Date.parse(together.since) - 86_400_000).toISOString().slice(0, 10))).toBeUndefined();
    }));
  });
});

describe('reviews', () => {
  const group = schedule({ from: 'last-recorded', years: 10, review: 5 });
  it('come due each interval after the clock began or after the last, until the term is over', () => {
    expect(firstDay([group], {}, ['2004-12-31', '2005-01-01'])).toBe('2005-01-01');
    expect(due([group], {}, '2005-01-01')).toMatchObject({ what: 'review', from: '2000-01-01', since: '2005-01-01' });
    expect(firstDay([group], { reviewed: on('2005-06-01'), keepUntil: '2006-01-01' }, ['2005-12-31', '2006-01-01', '2006-01-02'])).toBe('2006-01-02');
    expect(due([group], {}, '2010-01-02')).toMatchObject({ what: 'end', since: '2010-01-02' });
  });
  it('are all that there is where the agency that gave the data keeps its own', () => {
    expect(due([schedule({ from: 'source', review: 1 })], {}, '2099-01-01')).toMatchObject({ what: 'review', since: '2001-01-01' });
  });
  it('fall on 28 February where the year has no 29th', () => {
    expect(firstDay([schedule({ from: 'recorded', years: 50, review: 1 })], { recorded: on('2024-02-29') }, ['2025-02-27', '2025-02-28'])).toBe('2025-02-28');
  });
});

describe('a decision to keep', () => {
  const given = { closed: on('2010-03-01'), reviewed: on('2020-01-01'), keepUntil: '2024-02-29' };
  it('holds through its day, and then the record is due again from the day after', () => {
    expect(firstDay([schedule({ years: 6 })], given, ['2024-02-28', '2024-02-29', '2024-03-01'])).toBe('2024-03-01');
    expect(due([schedule({ years: 6 })], given, '2024-03-05')).toMatchObject({ what: 'end', since: '2024-03-01' });
  });
  it('that ends before the schedule does leaves the record to be looked at again', () => {
    expect(due([schedule({ years: 30 })], given, '2024-03-01')).toMatchObject({ what: 'review', since: '2024-03-01' });
  });
});

it('a schedule says in words what is counted: the last addition to the case, not all that is known of the person', () => {
  expect(presentSchedule(schedule({ from: 'last-recorded', years: 10, review: 1 }))).toBe('Kept for 10 years after the case was last added to. The need to keep them is decided anew every year.');
});

it('a record that no schedule is about is never due', () => {
  expect(findRetentionDue([], facts({ closed: on('2001-01-01') }), on('2099-01-01'))).toBeUndefined();
});
