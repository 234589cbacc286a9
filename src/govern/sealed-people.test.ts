import { afterAll, beforeAll, expect, it } from 'vitest';
import { coordinator, governance, governedStart, practitioner } from '../../test/support/governed-people.ts';
import { openGovernedStore, type GovernedStore } from '../../test/support/governed-store.ts';
import { memoryPeople, heldRow } from '../../test/support/people-server.ts';
import { describeStores } from '../../test/support/stores.ts';
import { liftSeal, sealSubject, type Reader } from './index.ts';
import { listClosedKeys } from './person-standing.store.ts';
import { findSealedTo } from './sealed-people.ts';

const clock = { now: () => governedStart };
/** OLD-1 and OLD-2 were merged into P1; OLD-9 means nobody any more. */
const source = memoryPeople(['P1', 'P2', 'P3'].map((key) => heldRow(key, 'early-help-episode', 2, {})), { 'OLD-1': 'P1', 'OLD-2': 'P1', 'OLD-9': 'P9' });
const keeper: Reader = { ...practitioner, userId: 'keeper' };

describeStores('who of many is sealed to a reader', (stores) => {
  let store: GovernedStore;
  const seal = async (personKey: string, keepers: [string, ...string[]] = ['keeper']) => {
    const sealed = await sealSubject(store.casework.db, clock, { reader: governance, personKey, ground: 'domestic-abuse', whomToRing: 'Duty manager', keepers });
    if (!sealed.ok) throw new Error('Not sealed');
    return () => liftSeal(store.casework.db, clock, { reader: governance, sealedSubjectId: sealed.sealedSubjectId, reason: 'Over' });
  };
  const ask = async (who: Reader, keys: readonly string[], purpose: string | null = 'early-help') => [...(await findSealedTo(store.casework.db, { who, purpose, at: governedStart }, { source, keys }))].toSorted();

  beforeAll(async () => {
    store = await openGovernedStore(stores, clock);
  });
  afterAll(() => store.casework.close());

  it('is nobody where no seal holds, and where nobody is asked for', async () => {
    expect(await ask(practitioner, ['P1', 'P2', 'OLD-1', 'OLD-9', 'unknown'])).toEqual([]);
    expect(await ask(practitioner, [])).toEqual([]);
  });

  it('is whoever is sealed, with and without a purpose, but not to the keeper', async () => {
    const lift = await seal('P2');
    expect(await ask(practitioner, ['P1', 'P2', 'P3'])).toEqual(['P2']);
    expect(await ask(governance, ['P1', 'P2', 'P2'], null)).toEqual(['P2']);
    expect(await ask(keeper, ['P1', 'P2', 'P3'])).toEqual([]);
    await lift();
    expect(await ask(practitioner, ['P2'])).toEqual([]);
  });

  it('follows a merge: a seal under one key closes the person under each of their keys', async () => {
    const lift = await seal('OLD-1');
    expect(await ask(practitioner, ['P1', 'P2', 'OLD-1', 'OLD-2'])).toEqual(['OLD-1', 'OLD-2', 'P1']);
    expect(await ask(practitioner, ['OLD-2'])).toEqual(['OLD-2']);
    expect(await ask(keeper, ['P1', 'OLD-1', 'OLD-2'])).toEqual([]);
    const liftNew = await seal('P1', ['coordinator']);
    expect([await ask(keeper, ['OLD-1', 'P1']), await ask(coordinator, ['OLD-2'])]).toEqual([['OLD-1', 'P1'], ['OLD-2']]);
    await lift();
    expect([await ask(keeper, ['OLD-1']), await ask(coordinator, ['OLD-1', 'OLD-2', 'P1'])]).toEqual([['OLD-1'], []]);
    await liftNew();
    expect(await ask(practitioner, ['OLD-1', 'OLD-2', 'P1'])).toEqual([]);
  });

  it('keeps the seal of a key that means nobody any more', async () => {
    const lift = await seal('OLD-9');
    expect(await ask(practitioner, ['OLD-9', 'P1'])).toEqual(['OLD-9']);
    await lift();
  });

  it('is everybody where nobody reads', async () => {
    const closed = await store.casework.db.transaction().execute((transaction) => listClosedKeys(transaction, ['P1', 'P2']));
    expect([...closed].toSorted()).toEqual(['P1', 'P2']);
  });
});
