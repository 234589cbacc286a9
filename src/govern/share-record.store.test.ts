import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { coordinator, governance, governedStart, nurse, outsider, practitioner, usualGrants } from '../../test/support/governed-people.ts';
import { openGovernedStore, type GovernedStore } from '../../test/support/governed-store.ts';
import { heldRow, memoryPeople } from '../../test/support/people-server.ts';
import { describeStores } from '../../test/support/stores.ts';
import { listAuditEvents } from '../store/index.ts';
import { asReader, liftSeal, openShareRecords, readerCases, sealSubject, type NewShareRecord, type Reader, type ShareRecords } from './index.ts';

const clock = { now: () => governedStart };
const unknown = '00000000-0000-4000-8000-000000000000';
const refused = { code: '42501' };
/** Before their merges M1 had the key M1-OLD as well, and N1 the key N1-OLD. */
const source = memoryPeople(['M1', 'N1'].map((key) => heldRow(key, 'early-help-episode', 2, {})), { 'M1-OLD': 'M1', 'N1-OLD': 'N1' });
const record = (personKey: string, over: Partial<NewShareRecord> = {}): NewShareRecord => ({
  decision: 'share', personKey, items: ['early-help-episode'], what: 'Which help the family has', to: { agency: 'hospital' }, purpose: 'early-help', ground: ['article-6-1-e', 'children-2004-10'],
  reasons: 'The nurse plans a visit', consent: 'given', consentWhy: null, decidedOn: '2026-12-01', ...over,
});
const asking = (who: Reader, purpose: string | null = 'early-help') => ({ who, purpose });

describeStores('decisions to share', (stores) => {
  let store: GovernedStore;
  let shares: ShareRecords;
  const add = async (by: Reader, personKey: string, over: Partial<NewShareRecord> = {}) => {
    const added = await shares.add(asking(by), record(personKey, over));
    if (!added.ok) throw new Error('Not kept');
    return added.shareRecordId;
  };
  const seen = async (who: Reader, id: string, purpose: string | null = 'early-help') => (await shares.find(asking(who, purpose), id)) !== undefined;
  const listed = async (who: Reader, personKey: string, waiting = false) => (await shares.list(asking(who), { limit: 100, waiting })).filter((each) => each.personKey === personKey).length;
  /** Opens a case about the person on which the nurse works. */
  const withNurse = async (personKey: string) => {
    const cases = readerCases(store.casework.db, clock, coordinator, 'early-help');
    const started = await cases.startCase(personKey);
    if (!started.ok) throw new Error('No case');
    expect(await cases.addMember(started.caseId, { userId: 'nurse', agency: 'hospital' })).toEqual({ ok: true });
  };

  beforeAll(async () => {
    store = await openGovernedStore(stores, clock);
    shares = openShareRecords(store.casework.db, clock, { source });
    await store.plantGrants(usualGrants);
  });
  afterAll(() => store.casework.close());

  it('are kept whole, with who recorded them and when set by the database, and are in the audit', async () => {
    const id = await add(practitioner, 'A1');
    expect(await shares.find(asking(practitioner), id)).toEqual({ ...record('A1'), shareRecordId: id, from: 'early-help', decidedBy: 'practitioner', recordedBy: 'practitioner', recordedAt: governedStart, followUps: [], reviews: [] });
    const [event] = await listAuditEvents(store.casework.db, { subjectId: id, limit: 5 });
    expect(event).toMatchObject({ actorId: 'practitioner', actorAgency: 'early-help', action: 'share.record', outcome: 'done', subjectIds: [id, 'A1'], purpose: 'early-help' });
    const outside = await add(practitioner, 'A1', { decision: 'withhold', to: { other: 'A county outside the partnership' }, ground: [], items: [], consent: 'refused', decidedBy: 'manager' });
    expect(await shares.find(asking(practitioner), outside)).toMatchObject({ to: { other: 'A county outside the partnership' }, decidedBy: 'manager', consentWhy: null });
  });

  it('are not kept where the audit does not tell of them', async () => {
    const bare = asReader(store.casework.db, practitioner, 'early-help', clock, (transaction) =>
      transaction.insertInto('share_record').values({ decision: 'share', person_key: 'A2', items: [], what: 'x', to_agency: 'hospital', to_other: null, purpose: 'early-help', ground: ['p'], reasons: 'x', consent: 'given', consent_why: null, decided_on: '2026-12-01' }).execute());
    await expect(bare).rejects.toMatchObject(refused);
    expect(await listed(governance, 'A2')).toBe(0);
  });

  it.each<[string, Partial<NewShareRecord>]>([
    ['shared on no ground', { ground: [] }],
    ['shared without consent, and why is not said', { consent: 'not-sought' }],
    ['shared against a refusal, and why is not said', { consent: 'refused' }],
    ['withheld without asking, and why is not said', { decision: 'withhold', consent: 'not-sought' }],
    ['given to one\'s own agency', { to: { agency: 'early-help' } }],
    ['decided tomorrow', { decidedOn: '2026-12-02' }],
    ['without reasons', { reasons: '' }],
  ])('are not kept where they are %s', async (_, over) => {
    await expect(shares.add(asking(practitioner), record('A3', over))).rejects.toMatchObject({ code: '23514' });
    expect(await listed(governance, 'A3')).toBe(0);
  });

  it('are recorded by those whose work is with people and by governance leads, from a known agency', async () => {
    for (const who of [{ ...practitioner, role: 'analyst' as const }, { ...practitioner, role: 'signatory' as const }, { ...practitioner, agency: '' }]) expect(await shares.add(asking(who), record('A4'))).toEqual({ ok: false });
    for (const who of [coordinator, practitioner, governance, { ...practitioner, role: 'referrer' as const }]) expect((await shares.add(asking(who), record('A4'))).ok).toBe(true);
  });

  it('are read by who recorded them, their agency\'s coordinators and governance leads, and by nobody else', async () => {
    const id = await add(practitioner, 'B1');
    expect([await seen(practitioner, id), await seen(coordinator, id), await seen(governance, id, null)]).toEqual([true, true, true]);
    // Their own without a purpose; a coordinator, whose are others' too, states one.
    expect([await seen(practitioner, id, null), await seen(coordinator, id, null)]).toEqual([true, false]);
    for (const who of [outsider, nurse, { ...practitioner, userId: 'colleague' }, { ...practitioner, role: 'analyst' as const }, { ...practitioner, agency: 'housing' }]) {
      expect([await seen(who, id), await listed(who, 'B1')]).toEqual([false, 0]);
    }
    expect(await store.casework.db.selectFrom('share_record').select('share_record_id').execute()).toEqual([]);
  });

  it('are read by those who were given the information and work with the person; not what was withheld from them, nor what was made of it', async () => {
    await withNurse('B2');
    const [shared, withheld, elsewhere] = [await add(practitioner, 'B2'), await add(practitioner, 'B2', { decision: 'withhold' }), await add(practitioner, 'B2', { to: { agency: 'police' } })];
    await shares.followUp(asking(practitioner), { shareRecordId: shared, kind: 'outcome', text: 'Sent by secure email' });
    await shares.review(asking(governance, null), { shareRecordId: shared, outcome: 'sound', note: 'Necessary' });
    expect(await shares.find(asking(nurse), shared)).toMatchObject({ reasons: 'The nurse plans a visit', followUps: [], reviews: [] });
    expect([await seen(nurse, withheld), await seen(nurse, elsewhere), await seen(nurse, shared, null), await seen({ ...nurse, userId: 'other-nurse' }, shared)]).toEqual([false, false, false, false]);
    expect(await shares.list(asking(nurse), { limit: 10 })).toMatchObject([{ shareRecordId: shared, reviewed: null }]);
    expect(await shares.followUp(asking(nurse), { shareRecordId: shared, kind: 'outcome', text: 'x' })).toEqual({ ok: false });
  });

  it('get outcomes and corrections beside them, from the agency that decided', async () => {
    const id = await add(practitioner, 'C1');
    expect(await shares.followUp(asking(practitioner), { shareRecordId: id, kind: 'outcome', text: 'Sent' })).toMatchObject({ ok: true });
    expect(await shares.followUp(asking(coordinator), { shareRecordId: id, kind: 'correction', text: 'It was the younger child' })).toMatchObject({ ok: true });
    expect(await shares.followUp(asking(governance), { shareRecordId: id, kind: 'correction', text: 'x' })).toEqual({ ok: false });
    const file = await shares.find(asking(governance, null), id);
    expect(file!.followUps.map(({ kind, by }) => `${kind} ${by}`).toSorted()).toEqual(['correction coordinator', 'outcome practitioner']);
    expect((await listAuditEvents(store.casework.db, { subjectId: id, limit: 5 })).map(({ action }) => action)).toEqual(['share.correction', 'share.outcome', 'share.record']);
  });

  it('are reviewed by a governance lead who neither took nor recorded them', async () => {
    const [id, own, decided] = [await add(practitioner, 'D1'), await add(governance, 'D1'), await add(practitioner, 'D1', { decidedBy: 'governance' })];
    expect(await listed(governance, 'D1', true)).toBe(1);
    const review = (who: Reader, shareRecordId: string, purpose: string | null = null) => shares.review(asking(who, purpose), { shareRecordId, outcome: 'not-sound', note: 'More was sent than was needed' });
    for (const [who, which] of [[coordinator, id], [practitioner, id], [governance, own], [governance, decided], [governance, unknown], [governance, 'x']] as const) expect(await review(who, which, 'early-help')).toEqual({ ok: false });
    expect(await review(governance, id)).toMatchObject({ ok: true });
    expect(await review({ ...governance, userId: 'second-lead' }, own)).toMatchObject({ ok: true });
    expect(await listed(governance, 'D1', true)).toBe(0);
    expect(await shares.find(asking(practitioner), id)).toMatchObject({ reviews: [{ outcome: 'not-sound', note: 'More was sent than was needed', by: 'governance', at: governedStart }] });
    expect(await shares.list(asking(practitioner), { limit: 100 })).toContainEqual(expect.objectContaining({ shareRecordId: id, reviewed: 'not-sound' }));
  });

  it('about a sealed person are for the keepers alone, those from before the seal too', async () => {
    const before = await add(practitioner, 'E1');
    const sealed = await sealSubject(store.casework.db, clock, { reader: governance, personKey: 'E1', ground: 'domestic-abuse', whomToRing: 'Duty manager', keepers: ['coordinator'] });
    if (!sealed.ok) throw new Error('Not sealed');
    expect([await seen(practitioner, before), await seen(governance, before), await seen(coordinator, before)]).toEqual([false, false, true]);
    expect(await shares.add(asking(practitioner), record('E1'))).toEqual({ ok: false });
    expect(await shares.followUp(asking(practitioner), { shareRecordId: before, kind: 'outcome', text: 'x' })).toEqual({ ok: false });
    const during = await add(coordinator, 'E1');
    expect(await seen(governance, during)).toBe(false);
    await liftSeal(store.casework.db, clock, { reader: governance, sealedSubjectId: sealed.sealedSubjectId, reason: 'Asked for' });
    expect([await seen(practitioner, before), await seen(governance, during)]).toEqual([true, true]);
  });

  const seal = async (personKey: string) => {
    const sealed = await sealSubject(store.casework.db, clock, { reader: governance, personKey, ground: 'domestic-abuse', whomToRing: 'Duty manager', keepers: ['coordinator', 'second-lead'] });
    if (!sealed.ok) throw new Error('Not sealed');
    return () => liftSeal(store.casework.db, clock, { reader: governance, sealedSubjectId: sealed.sealedSubjectId, reason: 'Asked for' });
  };
  const secondLead: Reader = { ...governance, userId: 'second-lead' };

  it('about a person who was sealed after a merge are for the keepers alone, those under the key from before it too', async () => {
    const before = await add(practitioner, 'M1-OLD');
    const lift = await seal('M1');
    for (const who of [practitioner, governance]) expect([await seen(who, before), await listed(who, 'M1-OLD'), await listed(who, 'M1-OLD', true)]).toEqual([false, 0, 0]);
    expect(await shares.add(asking(practitioner), record('M1-OLD'))).toEqual({ ok: false });
    expect(await shares.followUp(asking(practitioner), { shareRecordId: before, kind: 'outcome', text: 'x' })).toEqual({ ok: false });
    expect(await shares.review(asking(governance, null), { shareRecordId: before, outcome: 'sound', note: 'x' })).toEqual({ ok: false });
    for (const who of [coordinator, secondLead]) expect([await seen(who, before), await listed(who, 'M1-OLD')]).toEqual([true, 1]);
    expect(await shares.followUp(asking(coordinator), { shareRecordId: before, kind: 'outcome', text: 'Sent' })).toMatchObject({ ok: true });
    expect(await shares.review(asking(secondLead, null), { shareRecordId: before, outcome: 'sound', note: 'Necessary' })).toMatchObject({ ok: true });
    await lift();
    expect(await shares.find(asking(practitioner), before)).toMatchObject({ followUps: [{ text: 'Sent' }], reviews: [{ by: 'second-lead' }] });
  });

  it('about a person who was sealed before a merge are recorded and read by the keepers alone under the new key', async () => {
    const early = await add(practitioner, 'N1');
    const lift = await seal('N1-OLD');
    for (const who of [practitioner, governance]) {
      expect(await shares.add(asking(who), record('N1'))).toEqual({ ok: false });
      expect([await seen(who, early), await listed(who, 'N1')]).toEqual([false, 0]);
    }
    const during = await add(coordinator, 'N1');
    expect([await seen(practitioner, during), await seen(governance, during), await seen(coordinator, during), await listed(coordinator, 'N1')]).toEqual([false, false, true, 2]);
    await lift();
    expect([await seen(governance, during), await listed(practitioner, 'N1')]).toEqual([true, 1]);
  });

  it('that are hidden leave no gap in a page, and none is left out or told twice from page to page', async () => {
    const keys = ['M1-OLD', 'Q1', 'M1-OLD', 'Q2', 'M1', 'M1-OLD', 'Q3'];
    for (const key of keys) await add(practitioner, key);
    const pages = async (waiting: boolean) => {
      const ids: string[] = [];
      for (let after: { at: number; id: string } | undefined; ;) {
        const page = await shares.list(asking(governance), { limit: 2, waiting, ...(after ? { after } : {}) });
        ids.push(...page.map(({ shareRecordId }) => shareRecordId));
        const last = page.at(-1);
        if (page.length < 2 || !last) return ids;
        after = { at: last.recordedAt, id: last.shareRecordId };
      }
    };
    const all = [await pages(false), await pages(true)];
    const hidden = new Set((await shares.list(asking(governance), { limit: 500 })).filter(({ personKey }) => personKey.startsWith('M1')).map(({ shareRecordId }) => shareRecordId));
    expect(hidden.size).toBeGreaterThanOrEqual(4);
    const lift = await seal('M1');
    const open = [await pages(false), await pages(true)];
    expect(open).toEqual(all.map((ids) => ids.filter((id) => !hidden.has(id))));
    for (const ids of [...all, ...open]) expect(new Set(ids).size).toBe(ids.length);
    await lift();
  });

  it('are never changed or removed, by the application or by the owner', async () => {
    const id = await add(practitioner, 'F1');
    for (const statement of [`update share_record set reasons = 'x' where share_record_id = '${id}'`, `delete from share_record where share_record_id = '${id}'`, `update share_record set sealed = true`]) {
      await expect(asReader(store.casework.db, governance, null, clock, (transaction) => sql.raw(statement).execute(transaction))).rejects.toMatchObject(refused);
    }
    await expect(store.asOwner(`update share_record set reasons = 'x' where share_record_id = '${id}'`)).rejects.toThrow(/never changed or removed/);
    await expect(store.asOwner(`delete from share_record where share_record_id = '${id}'`)).rejects.toThrow(/never changed or removed/);
  });

  it.each([
    ['another agency', "insert into share_record (decision, person_key, items, what, from_agency, to_agency, purpose, ground, reasons, consent, decided_on) values ('share', 'G', '{}', 'x', 'police', 'hospital', 'early-help', '{p}', 'x', 'given', '2026-12-01')"],
    ['another recorder', "insert into share_follow_up (share_record_id, kind, text, recorded_by) values (gen_random_uuid(), 'outcome', 'x', 'coordinator')"],
    ['a look at the seal', 'select sealed from share_record'],
  ])('cannot be had with %s', async (_, statement) => {
    await expect(asReader(store.casework.db, practitioner, 'early-help', clock, (transaction) => sql.raw(statement).execute(transaction))).rejects.toMatchObject(refused);
  });

  it('that are hidden answer like those that are not there, in words too', async () => {
    const id = await add(practitioner, 'H1');
    const faultOf = (statement: string) => asReader(store.casework.db, outsider, 'early-help', clock, (transaction) => sql.raw(statement).execute(transaction)).then(() => 'none', ({ code, message, detail }: { code: string; message: string; detail?: string }) => ({ code, message, detail }));
    for (const into of ["share_follow_up (share_record_id, kind, text) values ('ID', 'outcome', 'x')", "share_review (share_record_id, outcome, note) values ('ID', 'sound', 'x')"]) {
      const [hidden, absent] = [await faultOf(`insert into ${into.replace('ID', id)}`), await faultOf(`insert into ${into.replace('ID', unknown)}`)];
      expect(hidden).toEqual(absent);
      expect(hidden).toMatchObject(refused);
    }
  });

  it('are listed page by page, the newest first', async () => {
    for (let n = 0; n < 5; n += 1) await add(practitioner, `L${n}`);
    const first = await shares.list(asking(coordinator), { limit: 2 });
    const last = first.at(-1)!;
    const second = await shares.list(asking(coordinator), { limit: 2, after: { at: last.recordedAt, id: last.shareRecordId } });
    expect(new Set([...first, ...second].map(({ shareRecordId }) => shareRecordId)).size).toBe(4);
  });
});
