import { afterAll, beforeAll, expect, it } from 'vitest';
import { openGovernedStore, type GovernedStore } from '../../test/support/governed-store.ts';
import { describeStores } from '../../test/support/stores.ts';
import { fixedClock } from '../core/index.ts';
import { readAgreementPacks, readerCases, seedSampleAgreements, seedSampleCases, storeAgreements } from './index.ts';

describeStores('the sample cases', (stores) => {
  const clock = fixedClock('2026-11-28T09:00:00Z');
  let store: GovernedStore;
  beforeAll(async () => {
    store = await openGovernedStore(stores, clock);
  });
  afterAll(() => store.casework.close());

  it('are begun once, under the sample agreement alone, and led by the lead practitioner', async () => {
    const { db } = store.casework;
    expect(await seedSampleCases(db, clock, async () => ['P1', 'P2'])).toBe(0);
    const packs = readAgreementPacks(undefined);
    await seedSampleAgreements(await storeAgreements(db, clock, { packs }), clock, packs);
    expect(await seedSampleCases(db, clock, async () => ['P1', 'P2'])).toBe(2);
    expect(await seedSampleCases(db, clock, () => Promise.reject(new Error('nobody needs to be chosen')))).toBe(0);
    const mine = await readerCases(db, clock, { userId: 'sample-lead-practitioner', role: 'lead-practitioner', agency: 'early-help' }, 'early-help').listCases({ limit: 10 });
    expect(mine.map(({ personKey, lead }) => [personKey, lead?.userId]).toSorted()).toEqual([['P1', 'sample-lead-practitioner'], ['P2', 'sample-lead-practitioner']]);
  });
});
