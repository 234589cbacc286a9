import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeStores } from '../../test/support/stores.ts';
import { fixedClock } from '../core/index.ts';
import { listAuditEvents, openCasework, type ActorDayFacts, type Casework } from '../store/index.ts';
import { readAuditSignalRules } from './audit-signal-rules.ts';
import { findAuditSignals } from './audit-signals.ts';
import { storeSignalReviews, type SignalReviews } from './audit-signal-review.store.ts';
import { addDays } from './british-day.ts';

const rules = readAuditSignalRules(undefined).value;
const today = '2026-11-20';
let row = 0;
const facts = (actorId: string, day: string, more: Partial<ActorDayFacts> = {}): ActorDayFacts => ({
  actorId, day, agency: 'early-help', role: 'lead-practitioner', lastEvent: (row += 1), events: 20, people: 5, exports: 0, refusals: 0, outsideHours: 0, brokenGlass: 0, noRelation: 0, ownName: 0, ownAddress: 0, ...more,
});
const weeks = (actorId: string, people: (n: number) => number, more: Partial<ActorDayFacts> = {}) => Array.from({ length: 20 }, (_, n) => facts(actorId, addDays(today, -n - 1), { people: people(n), ...more }));
const found = (days: ActorDayFacts[]) => findAuditSignals(days, today, rules).signals.map(({ rule, actorId, count }) => `${actorId} ${rule} ${count}`);

describe('The audit shows for a second look', () => {
  it('nothing on an ordinary day, and says how many comparisons were made', () => {
    // With their own days alone: one other person is no measure of a role.
    expect(findAuditSignals([...weeks('a', (n) => 4 + (n % 3)), ...weeks('b', (n) => 4 + (n % 3)), facts('a', today), facts('b', today)], today, rules)).toEqual({ signals: [], compared: 2 });
  });

  it('somebody who sees many more people than on their own days, or than others of their role', () => {
    const usual = [...weeks('a', (n) => 4 + (n % 3)), ...weeks('b', (n) => 4 + (n % 3)), ...weeks('c', (n) => 4 + (n % 3))];
    expect(found([...usual, facts('a', today, { people: 40 })])).toEqual(['a more-than-own-usual 40', 'a more-than-role-usual 40']);
    // Always more than the others: not new for them, yet unusual for the role.
    const busy = [...usual, ...weeks('d', (n) => 38 + (n % 5)), facts('d', today, { people: 40 })];
    expect(found(busy)).toEqual(['d more-than-role-usual 40']);
    const { signals: [signal] } = findAuditSignals(busy, today, rules);
    expect(signal).toMatchObject({ day: today, role: 'lead-practitioner', usual: { days: 60, people: 3, limit: expect.any(Number) } });
    expect(signal!.usual!.limit).toBeLessThan(40);
  });

  it('no comparison where fewer days are known than the pack asks for, nor of a role with one person', () => {
    const few = Array.from({ length: 9 }, (_, n) => facts('a', addDays(today, -n - 1)));
    expect(findAuditSignals([...few, facts('a', today, { people: 500 })], today, rules)).toEqual({ signals: [], compared: 0 });
    // Days from before the pack's period are not usual any more.
    const long = Array.from({ length: 20 }, (_, n) => facts('a', addDays(today, -n - 29)));
    expect(findAuditSignals([...long, facts('a', today, { people: 500 })], today, rules).compared).toBe(0);
  });

  it('no number of people below the fewest of the pack, however unusual', () => {
    expect(found([...weeks('a', () => 0), facts('a', today, { people: 9 })])).toEqual([]);
    expect(found([...weeks('a', () => 0), facts('a', today, { people: 10 })])).toEqual(['a more-than-own-usual 10']);
  });

  it.each([
    ['outside-hours', { outsideHours: 1 }], ['broken-glass', { brokenGlass: 1 }], ['no-relation', { noRelation: 20 }], ['own-name', { ownName: 1 }], ['own-address', { ownAddress: 2 }], ['many-refusals', { refusals: 10 }], ['many-exports', { exports: 20 }],
  ] as const)('%s', (rule, more) => {
    const [count] = Object.values(more);
    expect(found([facts('a', today, more)])).toEqual([`a ${rule} ${count}`]);
    expect(found([facts('a', addDays(today, -1), more)])).toEqual([]);
    const { fewest } = rules.signals.get(rule)!;
    expect(found([facts('a', today, Object.fromEntries(Object.keys(more).map((name) => [name, fewest - 1])))])).toEqual([]);
  });

  it('no hours of agencies that work round the clock', () => {
    expect(found([facts('a', today, { outsideHours: 3, agency: 'police' }), facts('b', today, { outsideHours: 3, agency: null })])).toEqual(['b outside-hours 3']);
  });
});

describe('The pack of signals', () => {
  it('has its source, its hours as minutes, and leaves out the rules that a partnership takes out', () => {
    expect(rules.hours).toMatchObject({ from: 420, to: 1200, days: [1, 2, 3, 4, 5], words: '07:00 to 20:00' });
    expect(rules.source).toMatch(/Noufaily/);
    const folder = mkdtempSync(join(tmpdir(), 'headwater-signals-'));
    const pack = (signals: string, hours = 'from: "09:00", to: "17:00", days: [sat]') => writeFileSync(join(folder, 'audit-signals.yaml'), `source: Us\ndate: 2026-01-01\nchecked: true\nbaselineDays: 14\nfewestDays: 5\nfalseAlarm: 0.01\nhours: { ${hours} }\nsignals:\n  ${signals}\n`);
    pack('own-name: { title: Own name, fewest: 1 }');
    expect([...readAuditSignalRules(folder).value.signals.keys()]).toEqual(['own-name']);
    pack('gut-feeling: { title: Gut feeling, fewest: 1 }');
    expect(() => readAuditSignalRules(folder)).toThrow(expect.objectContaining({ kind: 'badInput' }));
    pack('own-name: { title: Own name, fewest: 1 }', 'from: "17:00", to: "09:00", days: [sat]');
    expect(() => readAuditSignalRules(folder)).toThrow(expect.objectContaining({ kind: 'badInput' }));
    rmSync(folder, { recursive: true, force: true });
  });
});

describeStores('What was found of a signal', (stores) => {
  const clock = fixedClock('2026-11-24T09:00:00Z');
  const lead = { userId: 'lead', role: 'governance-lead', agency: 'council' } as const;
  const signal = { rule: 'own-name', actorId: `a'; drop table session --`, day: '2026-11-20' } as const;
  let casework: Casework;
  let reviews: SignalReviews;
  beforeAll(async () => {
    casework = await openCasework({ ...(await stores.readyPlace()), clock });
    reviews = storeSignalReviews(casework.db, clock);
  });
  afterAll(() => casework.close());

  it('is added, audited in the same transaction, and followed by what was found later', async () => {
    await reviews.add({ ...signal, outcome: 'follow-up', note: ' Ask their manager ' }, lead);
    await reviews.add({ ...signal, outcome: 'expected', note: 'A namesake' }, lead);
    expect((await reviews.list('2026-11-20')).map(({ outcome, note, reviewedBy, day }) => [outcome, note, reviewedBy, day])).toEqual([['expected', 'A namesake', 'lead', '2026-11-20'], ['follow-up', 'Ask their manager', 'lead', '2026-11-20']]);
    expect(await reviews.list('2026-11-21')).toEqual([]);
    const [event] = await listAuditEvents(casework.db, { subjectId: signal.actorId, limit: 5 });
    expect(event).toMatchObject({ actorId: 'lead', actorAgency: 'council', actorRole: 'governance-lead', action: 'audit-signal.review', outcome: 'done', subjectIds: ['2026-11-20 own-name', signal.actorId] });
  });

  it('is nobody’s own to say, and the try is in the audit', async () => {
    expect(await reviews.add({ ...signal, actorId: 'lead', outcome: 'expected', note: 'Me' }, lead)).toEqual({ ok: false });
    expect(await listAuditEvents(casework.db, { subjectId: 'lead', limit: 5 })).toMatchObject([{ action: 'audit-signal.review', outcome: 'refused' }]);
    await expect(casework.db.insertInto('audit_signal_review').values({ rule: 'own-name', actor_id: 'x', day: '2026-11-20', outcome: 'expected', note: 'n', reviewed_by: 'x', reviewed_at: new Date() }).execute()).rejects.toMatchObject({ code: '23514' });
  });

  it('is not kept where the audit cannot keep it, and is never changed', async () => {
    const count = async () => (await reviews.list('2026-01-01')).length;
    const before = await count();
    await expect(reviews.add({ ...signal, actorId: 'x'.repeat(200), outcome: 'expected', note: '' }, lead)).rejects.toMatchObject({ code: '23514' });
    expect(await count()).toBe(before);
    await expect(casework.db.updateTable('audit_signal_review').set({ note: 'Nothing' }).execute()).rejects.toMatchObject({ code: '42501' });
    await expect(casework.db.deleteFrom('audit_signal_review').execute()).rejects.toMatchObject({ code: '42501' });
  });
});
