import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeStores } from '../../test/support/stores.ts';
import { recordAuditEvent, type AuditEvent } from './casework-audit.store.ts';
import { openCasework, type Casework } from './casework.ts';
import { storeAuditStudy } from './audit-study.store.ts';

const at = (iso: string) => ({ now: () => Date.parse(iso) });
const november = { from: Date.parse('2026-11-01T00:00:00Z'), to: Date.parse('2026-12-01T00:00:00Z') };
const hours = { from: 7 * 60, to: 20 * 60, days: [1, 2, 3, 4, 5] };
const read = (id: string, more: Partial<AuditEvent> = {}): Omit<AuditEvent, 'actorId'> => ({ action: 'person.read', outcome: 'done', subjectKind: 'person', subjectIds: [id], ...more });

describeStores('the study of the audit', (stores) => {
  let casework: Casework;
  let study: ReturnType<typeof storeAuditStudy>;
  const add = (iso: string, actorId: string, event: Omit<AuditEvent, 'actorId'>) => recordAuditEvent(casework.db, at(iso), { actorId, ...event });
  beforeAll(async () => {
    casework = await openCasework({ ...(await stores.readyPlace()), clock: at('2026-11-28T09:00:00Z') });
    study = storeAuditStudy(casework.db);
    // A Monday and, at 23:30 UTC in summer time, the next day in Britain.
    await add('2026-07-06T23:30:00Z', 'u1', read('P9'));
    await add('2026-10-05T09:07:00Z', 'u3', { action: 'case.list', outcome: 'done', subjectKind: 'case', subjectIds: ['0000000a-0000-4000-8000-00000000000a', 'P1', '0000000b-0000-4000-8000-00000000000b', 'P5'] });
    await add('2026-10-05T09:08:00Z', 'u3', { action: 'case.view', outcome: 'done', subjectKind: 'case', subjectIds: ['0000000a-0000-4000-8000-00000000000a', 'P1'] });
    await add('2026-10-05T09:09:00Z', 'u3', { action: 'retention.list', outcome: 'done', subjectKind: 'case', subjectIds: ['0000000c-0000-4000-8000-00000000000c', 'P7'] });
    await add('2026-11-02T09:00:00Z', 'u1', { action: 'session.start', outcome: 'done', actorAgency: 'police', actorRole: 'referrer' });
    await add('2026-11-02T09:05:00Z', 'u1', read('P1', { actorAgency: 'early-help', actorRole: 'lead-practitioner', flags: ['own-name', 'no-relation'], basis: 'A1/1/1 broken-glass' }));
    await add('2026-11-02T09:06:00Z', 'u1', read('P2', { action: 'person.search', subjectIds: ['P1', 'P2'] }));
    await add('2026-11-02T21:00:00Z', 'u1', { action: 'person.export', outcome: 'done', subjectKind: 'person', subjectIds: ['P1'] });
    await add('2026-11-03T12:00:00Z', 'u1', { action: 'person.read', outcome: 'refused', subjectKind: 'person', subjectIds: ['P3'] });
    await add('2026-11-03T12:00:01Z', 'u1', { action: 'page.open', outcome: 'done', subjectKind: 'page', subjectIds: ['demand'] });
    await add('2026-11-03T12:00:02Z', 'u1', { action: 'audit.person', outcome: 'done', subjectKind: 'person', subjectIds: ['P4'] });
    await add('2026-11-03T12:00:03Z', 'system', read('P1'));
    await add('2026-11-07T12:00:00Z', "u2'; drop table audit_event --", read('police:77', { subjectKind: 'source-record' }));
  });
  afterAll(() => casework.close());

  it('counts what somebody did by day in Britain, without counting a person twice or a refusal as seen', async () => {
    expect(await study.days({ actorId: 'u1', ...november })).toEqual([
      { day: '2026-11-03', events: 3, people: 0, exports: 0, refusals: 1 },
      { day: '2026-11-02', events: 4, people: 2, exports: 1, refusals: 0 },
    ]);
    const summer = { from: Date.parse('2026-07-01T00:00:00Z'), to: Date.parse('2026-08-01T00:00:00Z') };
    expect((await study.days({ actorId: 'u1', ...summer })).map(({ day }) => day)).toEqual(['2026-07-07']);
    expect(await study.days({ actorId: 'nobody', ...november })).toEqual([]);
  });

  it('lists whom somebody saw, last seen first, and how many there are beyond the list', async () => {
    const { total, subjects } = await study.seen({ actorId: 'u1', ...november, limit: 1 });
    expect(total).toBe(2);
    expect(subjects).toEqual([{ id: 'P1', kind: 'person', times: 3, lastAt: Date.parse('2026-11-02T21:00:00Z') }]);
    expect(await study.seen({ actorId: 'nobody', ...november, limit: 5 })).toEqual({ total: 0, subjects: [] });
  });

  it('counts whom somebody saw in cases by their people, and nobody twice for the case', async () => {
    const october = { from: Date.parse('2026-10-01T00:00:00Z'), to: november.from };
    expect(await study.days({ actorId: 'u3', ...october })).toEqual([{ day: '2026-10-05', events: 3, people: 2, exports: 0, refusals: 0 }]);
    expect((await study.seen({ actorId: 'u3', ...october, limit: 5 })).subjects.map(({ id, kind, times }) => [id, kind, times])).toEqual([['P1', 'person', 2], ['P5', 'person', 1]]);
    expect((await study.actorDays({ ...october, hours })).find(({ actorId }) => actorId === 'u3')).toMatchObject({ people: 2, events: 3 });
  });

  it('finds what was done to any of several ids, and leaves pages of that name out', async () => {
    expect((await study.list({ subjectIds: ['P1', 'police:77', 'demand'], from: november.from, limit: 10 })).map(({ actorId, action }) => `${actorId.slice(0, 6)} ${action}`)).toEqual(["u2'; d person.read", 'system person.read', 'u1 person.export', 'u1 person.search', 'u1 person.read']);
    expect(await study.list({ subjectIds: ['demand'], limit: 10 })).toEqual([]);
    expect(await study.list({ subjectIds: [], limit: 10 })).toEqual([]);
  });

  it('keeps as what somebody acted, and flags, beside the row', async () => {
    const [row] = await study.list({ subjectIds: ['P1'], actorId: 'u1', to: Date.parse('2026-11-02T09:05:30Z'), limit: 1 });
    expect(row).toMatchObject({ actorAgency: 'early-help', actorRole: 'lead-practitioner', flags: ['own-name', 'no-relation'], basis: 'A1/1/1 broken-glass' });
    expect(await study.actorOf(row!.auditEventId)).toBe('u1');
    expect(await study.actorOf(999_999)).toBeUndefined();
  });

  it('sums up each day of everybody but the system for the signals, with the agency and role of that day', async () => {
    const days = await study.actorDays({ ...november, hours });
    expect(days.map(({ actorId, day }) => [actorId.slice(0, 2), day])).toEqual([['u2', '2026-11-07'], ['u1', '2026-11-03'], ['u1', '2026-11-02']]);
    expect(days[2]).toMatchObject({ agency: 'early-help', role: 'lead-practitioner', people: 2, exports: 1, outsideHours: 1, brokenGlass: 1, noRelation: 1, ownName: 1, ownAddress: 0 });
    // A Saturday.
    expect(days[0]).toMatchObject({ agency: null, role: null, people: 1, outsideHours: 1, refusals: 0 });
    expect(days[1]).toMatchObject({ people: 0, outsideHours: 0, refusals: 1 });
  });
});
