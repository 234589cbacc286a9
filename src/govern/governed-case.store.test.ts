import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Role } from '../core/index.ts';
import { openGovernedStore, type GovernedStore } from '../../test/support/governed-store.ts';
import { describeStores } from '../../test/support/stores.ts';
import { readerCases, type Grant, type Reader, type Relation } from './index.ts';

const start = Date.parse('2026-12-01T09:00:00Z');
const day = 24 * 60 * 60 * 1000;
const who = (userId: string, agency: string, role: Role): Reader => ({ userId, agency, role });
const coordinator = who('coordinator', 'early-help', 'hub-coordinator');
const practitioner = who('practitioner', 'early-help', 'lead-practitioner');
const nurse = who('nurse', 'hospital', 'lead-practitioner');
const outsider = who('outsider', 'housing', 'hub-coordinator');

const grant = (reader: Reader, item: string, relation: Relation, over: Partial<Grant> = {}): Grant => ({
  agreementId: 'a1', version: 1, clause: 1, agency: reader.agency, role: reader.role, purpose: 'early-help', holder: 'early-help', item: `case/${item}`, form: 'identified', relation, from: start - day, to: start + 30 * day, endedBy: 'agreement', ...over,
});

describeStores('cases as a reader may have them', (stores) => {
  let now = start;
  const clock = { now: () => now };
  let store: GovernedStore;
  const cases = (reader: Reader, purpose: string | null = 'early-help') => readerCases(store.casework.db, clock, reader, purpose);
  const grants = [
    ...['file', 'lead', 'members', 'worries', 'plan'].map((item) => grant(coordinator, item, 'agency')),
    ...['file', 'members', 'worries', 'plan'].map((item) => grant(practitioner, item, 'member')),
    grant(nurse, 'file', 'member'),
    grant(nurse, 'worries', 'member'),
    grant(nurse, 'health', 'member', { holder: 'hospital' }),
    grant(coordinator, 'health', 'lead', { holder: 'hospital' }),
  ];
  const startedCase = async (personKey: string) => {
    const started = await cases(coordinator).startCase(personKey);
    if (!started.ok) throw new Error('No case');
    return started.caseId;
  };

  beforeAll(async () => {
    store = await openGovernedStore(stores, clock);
  });
  beforeEach(async () => {
    now = start;
    await store.plantGrants(grants);
  });
  afterAll(() => store.casework.close());

  it('are worked on by those whom the clauses let, part by part', async () => {
    const caseId = await startedCase('P1');
    expect(await cases(practitioner).openCase(caseId)).toBeUndefined();
    expect(await cases(coordinator).assignLead([caseId], { userId: 'practitioner', agency: 'early-help' })).toEqual([caseId]);
    expect(await cases(coordinator).addMember(caseId, { userId: 'nurse', agency: 'hospital' })).toEqual({ ok: true });
    now += 1000;
    const worry = await cases(practitioner).addEntry({ caseId, section: 'worries', text: 'Home at night alone' });
    const plan = await cases(practitioner).addEntry({ caseId, section: 'plan', text: 'Visit on Monday' });
    const health = await cases(nurse).addEntry({ caseId, section: 'health', text: 'Sleeps badly' });
    expect([worry.ok, plan.ok, health.ok]).toEqual([true, true, true]);
    const seen = await cases(practitioner).openCase(caseId);
    expect(seen).toMatchObject({ file: { caseId, personKey: 'P1', holder: 'early-help', status: 'open', lead: { userId: 'practitioner', agency: 'early-help' }, openedAt: start } });
    expect(seen!.members).toMatchObject([{ userId: 'nurse', agency: 'hospital', since: start, until: null }]);
    expect(seen!.entries.toSorted((a, b) => (a.section < b.section ? -1 : 1))).toMatchObject([{ section: 'plan' }, { section: 'worries', author: 'practitioner', holder: 'early-help', text: 'Home at night alone', createdAt: start + 1000 }]);
    expect((await cases(nurse).openCase(caseId))!.entries.map(({ section }) => section).toSorted()).toEqual(['health', 'worries']);
    expect((await cases(coordinator).openCase(caseId))!.entries.map(({ section }) => section).toSorted()).toEqual(['plan', 'worries']);
    expect(await cases(outsider).openCase(caseId)).toBeUndefined();
    expect(await cases(coordinator, 'evaluation').openCase(caseId)).toBeUndefined();
    expect(await cases(coordinator, null).openCase(caseId)).toBeUndefined();
  });
});
