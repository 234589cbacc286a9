import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { listAuditEvents } from '../store/index.ts';
import { coordinator, governance, governedStart, nurse, outsider, practitioner, usualGrants } from '../../test/support/governed-people.ts';
import { openGovernedStore, type GovernedStore } from '../../test/support/governed-store.ts';
import { describePostgres, describeStores } from '../../test/support/stores.ts';
import { addKeeper, asReader, casesWithin, findSealNotice, findSubject, liftSeal, listSeals, readerCases, sealSubject, type Reader } from './index.ts';

const clock = { now: () => governedStart };
let store: GovernedStore;
const cases = (reader: Reader) => readerCases(store.casework.db, clock, reader, 'early-help');
const seal = (personKey: string, keepers: [string, ...string[]], reader = governance) => sealSubject(store.casework.db, clock, { reader, personKey, ground: 'domestic-abuse', whomToRing: 'Duty manager', keepers });
async function caseOf(personKey: string): Promise<string> {
  const started = await cases(coordinator).startCase(personKey);
  if (!started.ok) throw new Error('No case');
  await cases(coordinator).addEntry({ caseId: started.caseId, section: 'plan', text: `Plan of ${personKey}` });
  return started.caseId;
}

describeStores('a seal', (stores) => {
  beforeAll(async () => {
    store = await openGovernedStore(stores, clock);
  });
  beforeEach(() => store.plantGrants(usualGrants));
  afterAll(() => store.casework.close());

  it('leaves the record to its keepers, as far as a clause lets them, until it is lifted', async () => {
    const caseId = await caseOf('S1');
    await cases(coordinator).addMember(caseId, { userId: 'practitioner', agency: 'early-help' });
    const sealed = await seal('S1', ['practitioner', 'outsider']);
    if (!sealed.ok) throw new Error('Not sealed');
    expect(await cases(coordinator).openCase(caseId)).toBeUndefined();
    expect((await cases(practitioner).openCase(caseId))!.entries).toHaveLength(1);
    expect(await cases(outsider).openCase(caseId)).toBeUndefined();
    expect(await cases(coordinator).addEntry({ caseId, section: 'plan', text: 'More' })).toEqual({ ok: false, reason: 'refused' });
    expect(await cases(coordinator).searchEntries({ personKey: 'S1', limit: 5 })).toEqual([]);
    expect(await liftSeal(store.casework.db, clock, { reader: coordinator, sealedSubjectId: sealed.sealedSubjectId, reason: 'No longer needed' })).toEqual({ ok: false, reason: 'refused' });
    expect(await liftSeal(store.casework.db, clock, { reader: governance, sealedSubjectId: sealed.sealedSubjectId, reason: 'No longer needed' })).toMatchObject({ ok: true });
    expect((await cases(coordinator).openCase(caseId))!.entries).toHaveLength(1);
  });

  it('holds for a case and an entry that come after it', async () => {
    await seal('S2', ['coordinator']);
    const caseId = await caseOf('S2');
    await cases(coordinator).addMember(caseId, { userId: 'practitioner', agency: 'early-help' });
    expect((await cases(coordinator).openCase(caseId))!.entries).toHaveLength(1);
    expect(await cases(practitioner).openCase(caseId)).toBeUndefined();
  });

  it('is set by a governance lead, who names others as keepers', async () => {
    expect(await seal('S3', ['practitioner'], coordinator)).toEqual({ ok: false, reason: 'refused' });
    expect(await seal('S3', ['governance'])).toEqual({ ok: false, reason: 'refused' });
    const sealed = await seal('S3', ['practitioner']);
    if (!sealed.ok) throw new Error('Not sealed');
    expect(await addKeeper(store.casework.db, clock, { reader: practitioner, sealedSubjectId: sealed.sealedSubjectId, userId: 'nurse' })).toEqual({ ok: false, reason: 'refused' });
    expect(await addKeeper(store.casework.db, clock, { reader: governance, sealedSubjectId: sealed.sealedSubjectId, userId: 'nurse' })).toMatchObject({ ok: true });
    const listed = async (reader: Reader) => (await listSeals(store.casework.db, clock, reader)).filter(({ personKey }) => personKey === 'S3').length;
    expect([await listed(governance), await listed(practitioner), await listed(nurse), await listed(coordinator)]).toEqual([1, 1, 1, 0]);
  });

  it('is in the audit by the person’s key when it is set, widened and lifted', async () => {
    const sealed = await seal('S9', ['practitioner']);
    if (!sealed.ok) throw new Error('Not sealed');
    const { sealedSubjectId } = sealed;
    await addKeeper(store.casework.db, clock, { reader: governance, sealedSubjectId, userId: 'nurse' });
    await liftSeal(store.casework.db, clock, { reader: governance, sealedSubjectId, reason: 'No longer needed' });
    const events = await listAuditEvents(store.casework.db, { subjectId: 'S9', limit: 10 });
    expect(events.map(({ action, subjectIds }) => [action, subjectIds])).toEqual([['seal.lift', [sealedSubjectId, 'S9']], ['seal.add-keeper', [sealedSubjectId, 'S9']], ['seal.set', [sealedSubjectId, 'S9']]]);
  });

  it('set twice leaves the record to those who keep both', async () => {
    const caseId = await caseOf('S4');
    await seal('S4', ['coordinator']);
    expect(await cases(coordinator).openCase(caseId)).toBeDefined();
    await seal('S4', ['practitioner']);
    expect(await cases(coordinator).openCase(caseId)).toBeUndefined();
  });

  it('tells whom to ring, to those whose work may need it, and nothing to others', async () => {
    await seal('S5', ['practitioner']);
    const told = (reader: Reader, purpose: string | null = 'early-help') => asReader(store.casework.db, reader, purpose, clock, (transaction) => findSealNotice(transaction, 'S5'));
    expect(await told(outsider)).toEqual({ whomToRing: 'Duty manager' });
    expect(await told(outsider, null)).toBeUndefined();
    expect(await told({ ...outsider, role: 'analyst' })).toBeUndefined();
    const subject = (reader: Reader, personKey: string) => asReader(store.casework.db, reader, 'early-help', clock, (transaction) => findSubject(transaction, personKey));
    expect(await subject(outsider, 'S5')).toEqual({ sealed: true, keeper: false, brokenUntil: null });
    expect(await subject(practitioner, 'S5')).toEqual({ sealed: true, keeper: true, brokenUntil: null });
    expect(await subject(outsider, 'nobody')).toEqual({ sealed: false, keeper: false, brokenUntil: null });
  });
});

describePostgres('a seal among readers at one moment', (stores) => {
  beforeAll(async () => {
    store = await openGovernedStore(stores, clock);
    await store.plantGrants(usualGrants);
  });
  afterAll(() => store.casework.close());

  it('waits for an entry that is being added, and holds for it', async () => {
    const caseId = await caseOf('S6');
    let sealing: Promise<unknown> | undefined;
    await asReader(store.casework.db, coordinator, 'early-help', clock, async (transaction) => {
      await casesWithin(transaction, clock).addEntry({ caseId, section: 'plan', text: 'Added meanwhile' });
      sealing = seal('S6', ['practitioner']);
      await new Promise((resolve) => {
        setTimeout(resolve, 200);
      });
    });
    expect(await sealing).toMatchObject({ ok: true });
    expect(await cases(coordinator).searchEntries({ personKey: 'S6', limit: 5 })).toEqual([]);
  });

  it('holds for a case that is being started', async () => {
    let sealing: Promise<unknown> | undefined;
    await asReader(store.casework.db, coordinator, 'early-help', clock, async (transaction) => {
      await casesWithin(transaction, clock).startCase('S7');
      sealing = seal('S7', ['practitioner']);
      await new Promise((resolve) => {
        setTimeout(resolve, 200);
      });
    });
    expect(await sealing).toMatchObject({ ok: true });
    expect((await cases(coordinator).listCases({ limit: 50 })).some(({ personKey }) => personKey === 'S7')).toBe(false);
  });
});
