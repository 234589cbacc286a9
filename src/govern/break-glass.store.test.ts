import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { listAuditEvents } from '../store/index.ts';
import { coordinator, governance, governedStart, outsider, practitioner, usualGrants } from '../../test/support/governed-people.ts';
import { openGovernedStore, type GovernedStore } from '../../test/support/governed-store.ts';
import { describeStores } from '../../test/support/stores.ts';
import { asReader, breakGlass, glassTime, listUnreviewed, readerCases, reviewGlass, sealSubject, type Reader } from './index.ts';

const reason = 'The mother rang: the child is missing since last night';

describeStores('broken glass', (stores) => {
  let now = governedStart;
  const clock = { now: () => now };
  let store: GovernedStore;
  let caseId: string;
  const smash = (reader: Reader, over: { personKey?: string; purpose?: string | null; reason?: string } = {}) => breakGlass(store.casework.db, clock, { reader, purpose: 'early-help', personKey: 'P1', reason, ...over });
  const cases = (reader: Reader) => readerCases(store.casework.db, clock, reader, 'early-help');

  beforeAll(async () => {
    store = await openGovernedStore(stores, clock);
    await store.plantGrants(usualGrants);
    const started = await cases(coordinator).startCase('P1');
    if (!started.ok) throw new Error('No case');
    caseId = started.caseId;
    await cases(coordinator).addEntry({ caseId, section: 'worries', text: 'Out at night' });
  });
  beforeEach(() => {
    now = governedStart;
  });
  afterAll(() => store.casework.close());

  it('opens one person\'s record for reading, for two hours, and no longer', async () => {
    expect(await cases(outsider).openCase(caseId)).toBeUndefined();
    const broken = await smash(outsider);
    expect(broken).toMatchObject({ ok: true, until: governedStart + glassTime });
    expect((await cases(outsider).openCase(caseId))!.entries).toHaveLength(1);
    expect(await cases(outsider).addEntry({ caseId, section: 'worries', text: 'More' })).toEqual({ ok: false, reason: 'refused' });
    expect(await cases(outsider).assignLead([caseId], { userId: 'outsider', agency: 'housing' })).toEqual([]);
    now += glassTime - 1;
    expect(await cases(outsider).openCase(caseId)).toBeDefined();
    now += 1;
    expect(await cases(outsider).openCase(caseId)).toBeUndefined();
    now = governedStart - 1;
    expect(await cases(outsider).openCase(caseId)).toBeUndefined();
  });

  it.each([
    ['someone whose work is not with people', governance, {}, 'not-your-role'],
    ['someone who has stated no purpose', outsider, { purpose: null }, 'no-purpose'],
    ['a reason of a few words', outsider, { reason: 'urgent — please !! 1 2 3' }, 'reason-too-short'],
    ['a reason without end', outsider, { reason: 'very long '.repeat(200) }, 'reason-too-long'],
  ])('is refused to %s', async (_case, reader, over, why) => {
    expect(await smash(reader, over)).toEqual({ ok: false, reason: why });
  });

  it('is in the audit with its row, by ids alone', async () => {
    const broken = await smash(practitioner, { personKey: 'P77' });
    if (!broken.ok) throw new Error('Not broken');
    const [event] = await listAuditEvents(store.casework.db, { subjectId: broken.brokenGlassId, limit: 5 });
    expect(event).toMatchObject({ actorId: 'practitioner', action: 'glass.break', outcome: 'done', subjectIds: [broken.brokenGlassId, 'P77'] });
    expect(JSON.stringify(event)).not.toContain('missing');
  });

  it('is refused where the audit cannot be kept, and nothing is opened', async () => {
    const count = async () => (await listUnreviewed(store.casework.db, clock, governance)).length;
    const before = await count();
    await store.asOwner('revoke insert on audit_event from headwater_app');
    try {
      expect(await smash(outsider, { personKey: 'P2' })).toEqual({ ok: false, reason: 'audit-not-kept' });
    } finally {
      await store.asOwner('grant insert on audit_event to headwater_app');
    }
    expect(await count()).toBe(before);
  });

  it('is refused by the database itself where a program leaves the audit out', async () => {
    const silent = asReader(store.casework.db, outsider, 'early-help', clock, (transaction) => transaction.insertInto('broken_glass').values({ person_key: 'P3', reason }).execute());
    await expect(silent).rejects.toMatchObject({ code: '42501' });
    expect((await listUnreviewed(store.casework.db, clock, governance)).some(({ personKey }) => personKey === 'P3')).toBe(false);
  });

  it('does not open a seal, and says whom to ring', async () => {
    await sealSubject(store.casework.db, clock, { reader: governance, personKey: 'P4', ground: 'domestic-abuse', whomToRing: 'Duty manager, 01632 960123', keepers: ['practitioner'] });
    expect(await smash(outsider, { personKey: 'P4' })).toEqual({ ok: false, reason: 'sealed', notice: { whomToRing: 'Duty manager, 01632 960123' } });
    const forced = asReader(store.casework.db, outsider, 'early-help', clock, (transaction) => transaction.insertInto('broken_glass').values({ person_key: 'P4', reason }).execute());
    await expect(forced).rejects.toMatchObject({ code: '42501' });
    expect(await smash(practitioner, { personKey: 'P4' })).toMatchObject({ ok: true });
  });

  it('waits for a governance lead to review it; others see only their own', async () => {
    now += 1000;
    const broken = await smash(outsider, { personKey: 'P5' });
    if (!broken.ok) throw new Error('Not broken');
    const mine = async (reader: Reader) => (await listUnreviewed(store.casework.db, clock, reader)).filter(({ brokenGlassId }) => brokenGlassId === broken.brokenGlassId);
    expect(await mine(governance)).toEqual([{ brokenGlassId: broken.brokenGlassId, userId: 'outsider', agency: 'housing', role: 'hub-coordinator', purpose: 'early-help', personKey: 'P5', reason, at: now, until: now + glassTime }]);
    expect([await mine(outsider), await mine(practitioner)].map((list) => list.length)).toEqual([1, 0]);
    const review = (reader: Reader) => reviewGlass(store.casework.db, clock, { reader, brokenGlassId: broken.brokenGlassId, outcome: 'justified', note: 'Found the child' });
    expect(await review(outsider)).toEqual({ ok: false });
    expect(await review({ ...outsider, role: 'governance-lead' })).toEqual({ ok: false });
    expect(await review(governance)).toEqual({ ok: true });
    expect(await review(governance)).toEqual({ ok: false });
    expect(await mine(governance)).toEqual([]);
    expect((await listAuditEvents(store.casework.db, { subjectId: 'P5', limit: 5 })).map(({ action, subjectIds }) => [action, subjectIds])).toEqual([['glass.review', [broken.brokenGlassId, 'P5']], ['glass.break', [broken.brokenGlassId, 'P5']]]);
  });

  it('is added, never changed or removed, whoever owns the tables', async () => {
    for (const statement of ["update broken_glass set reason = 'Another reason than before'", 'delete from broken_glass']) {
      await expect(sql.raw(statement).execute(store.casework.db)).rejects.toMatchObject({ code: '42501' });
      await expect(store.asOwner(statement)).rejects.toMatchObject({ code: '42501' });
    }
  });
});
