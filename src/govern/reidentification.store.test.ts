import { afterAll, beforeAll, expect, it } from 'vitest';
import { governedStart } from '../../test/support/governed-people.ts';
import { openGovernedStore, type GovernedStore } from '../../test/support/governed-store.ts';
import { describeStores } from '../../test/support/stores.ts';
import { listAuditEvents } from '../store/index.ts';
import { indexGrants, openReidentification, type Asking, type Grant, type PersonAnswer, type Reader, type Reidentification } from './index.ts';

const reader: Reader = { userId: 'maria', role: 'hub-coordinator', agency: 'early-help' };
const grant: Grant = {
  agreementId: 'a1', version: 1, clause: 2, agency: 'early-help', role: 'hub-coordinator', purpose: 'early-help', holder: 'police', item: 'police-involvement/surname', form: 'identified', relation: 'none',
  from: governedStart - 1000, to: governedStart + 1000, endedBy: 'agreement',
};
const [known, glass, hidden] = ['0a'.repeat(16), '0b'.repeat(16), '0c'.repeat(16)] as const;
const people: Record<string, string> = { [known]: 'P1', [glass]: 'P2', [hidden]: 'P3' };
const shownBy = (by: 'clause' | 'broken-glass'): PersonAnswer => ({
  kind: 'record', personKey: by === 'clause' ? 'P1' : 'P2', brokenUntil: null, mayBreak: false,
  feeds: [{ feed: { feed: 'police-involvement', title: 'People', holder: 'police', columns: [] }, rows: [], by: [by === 'clause' ? { allowed: true, by, clause: { agreementId: 'a1', version: 1, clause: 2 } } : { allowed: true, by, until: governedStart + 1 }] }],
});
const ground = 'The child in this row may be in danger';

describeStores('re-identification', (stores) => {
  let store: GovernedStore;
  let service: Reidentification;
  const clock = { now: () => governedStart };
  const asking: Asking = { index: indexGrants([grant]), who: reader, purpose: 'early-help', at: governedStart };
  const ask = (pseudonyms: string[], given: Partial<{ agreementId: string; ground: string; purpose: string | null }> = {}) =>
    service.reidentify({ ...asking, purpose: given.purpose === undefined ? asking.purpose : given.purpose }, { agreementId: given.agreementId ?? 'a1', ground: given.ground ?? ground, pseudonyms });

  beforeAll(async () => {
    store = await openGovernedStore(stores, clock);
    service = openReidentification(store.casework.db, clock, {
      people: {
        // As the room's own service: nothing without a grant in the index that it is asked with.
        find: async ({ index }, key) => (index.tree.size === 0 || key === 'P3' ? { kind: 'none', reason: 'not-this-item' } : shownBy(key === 'P1' ? 'clause' : 'broken-glass')),
      },
      register: { grants: async () => [grant, { ...grant, agreementId: 'a2', to: governedStart }, { ...grant, agreementId: 'a3', purpose: 'evaluation' }] },
      pseudonyms: { peopleOf: async (_purpose, asked) => new Map(asked.flatMap((each) => (people[each] ? [[each, people[each]] as const] : []))) },
    });
  });
  afterAll(() => store.casework.close());

  it('gives whom a clause gives, and answers all others alike', async () => {
    expect(await ask([known, glass, hidden, 'ff'.repeat(16)])).toEqual({ ok: true, answers: [{ pseudonym: known, personKey: 'P1' }, ...[glass, hidden, 'ff'.repeat(16)].map((pseudonym) => ({ pseudonym, personKey: null }))] });
    const events = await listAuditEvents(store.casework.db, { actorId: 'maria', limit: 2 });
    expect(events.map(({ outcome, subjectKind, subjectIds, basis, purpose }) => ({ outcome, subjectKind, subjectIds, basis, purpose }))).toEqual([
      { outcome: 'refused', subjectKind: 'pseudonym', subjectIds: [expect.any(String), glass, hidden, 'ff'.repeat(16)], basis: 'not-given', purpose: 'early-help' },
      { outcome: 'done', subjectKind: 'person', subjectIds: ['P1'], basis: 'a1/1/2', purpose: 'early-help' },
    ]);
    expect((await service.list(5))[0]).toMatchObject({ userId: 'maria', agreementId: 'a1', ground, asked: 4, given: 1 });
  });

  it('looks at the clauses of the agreement named alone, for the purpose stated', async () => {
    for (const agreementId of ['a3', 'a4']) expect(await ask([known], { agreementId })).toEqual({ ok: true, answers: [{ pseudonym: known, personKey: null }] });
    expect(await service.agreementsFor(asking)).toEqual(['a1']);
  });

  it.each([
    ['no purpose', { purpose: null }, [known], 'no-purpose'],
    ['no pseudonym', {}, [' '], 'no-pseudonym'],
    ['a name in the place of one', {}, ['Jane'], 'malformed'],
    ['too many', {}, Array.from({ length: 21 }, (_, n) => n.toString(16).padStart(32, '0')), 'too-many'],
    ['a ground of a few words', { ground: 'please !! 1 2 3 now' }, [known], 'ground-too-short'],
    ['a ground without end', { ground: 'very long '.repeat(200) }, [known], 'ground-too-long'],
  ])('is not asked with %s', async (_case, given, pseudonyms, reason) => {
    const before = (await service.list(100)).length;
    expect(await ask(pseudonyms, given)).toEqual({ ok: false, reason });
    expect(await service.list(100)).toHaveLength(before);
  });

  it('is kept for ever as it was', async () => {
    await expect(store.casework.db.updateTable('reidentification').set({ ground: 'Another' }).execute()).rejects.toMatchObject({ code: '42501' });
    await expect(store.casework.db.deleteFrom('reidentification').execute()).rejects.toMatchObject({ code: '42501' });
  });
});
