import { afterAll, beforeAll, expect, it } from 'vitest';
import { newAttachmentHome } from '../../test/support/attachment-home.ts';
import { openGovernedStore, type GovernedStore } from '../../test/support/governed-store.ts';
import { noLoads } from '../../test/support/memory-loads.ts';
import { describeStores } from '../../test/support/stores.ts';
import { fixedClock } from '../core/index.ts';
import { memoryPeople, heldRow } from '../../test/support/people-server.ts';
import { chooseFormerPeople, openRetention, readAgreementPacks, readerCases, seedSampleAgreements, seedSampleCases, storeAgreements, type RecordFeed } from './index.ts';

describeStores('the sample cases', (stores) => {
  const clock = fixedClock('2026-11-28T09:00:00Z');
  let store: GovernedStore;
  beforeAll(async () => {
    store = await openGovernedStore(stores, clock);
  });
  afterAll(() => store.casework.close());

  it('are begun once, under the sample agreement alone, and led by the lead practitioner; those of long ago are closed, and due', async () => {
    const { db } = store.casework;
    const chosen = { open: async () => ['P1', 'P2'], closed: async () => ['P0000000000000003'] };
    expect(await seedSampleCases(db, clock, chosen)).toBe(0);
    const packs = readAgreementPacks(undefined);
    const register = await storeAgreements(db, clock, { packs });
    await seedSampleAgreements(register, clock, packs);
    const given = await register.grants();
    // As if the start had been cut off before the open ones.
    expect(await seedSampleCases(db, clock, { ...chosen, open: async () => [] })).toBe(0);
    expect(await seedSampleCases(db, clock, chosen)).toBe(2);
    const nobody = () => Promise.reject(new Error('nobody needs to be chosen'));
    expect(await seedSampleCases(db, clock, { open: nobody, closed: nobody })).toBe(0);
    const mine = readerCases(db, clock, { userId: 'sample-lead-practitioner', role: 'lead-practitioner', agency: 'early-help' }, 'early-help');
    expect((await mine.listCases({ limit: 10, own: true, status: 'open' })).map(({ personKey, lead }) => [personKey, lead?.userId]).toSorted()).toEqual([['P1', 'sample-lead-practitioner'], ['P2', 'sample-lead-practitioner']]);
    const [old, ...more] = await mine.listCases({ limit: 10, status: 'closed' });
    expect(more).toEqual([]);
    expect([old!.personKey, new Date(old!.openedAt).getUTCFullYear(), new Date(old!.closedAt!).getUTCFullYear()]).toEqual(['P0000000000000003', 2017, 2018]);
    expect((await mine.openCase(old!.caseId))!.entries.map(({ section }) => section)).toEqual(expect.arrayContaining(['referral', 'plan', 'reviews']) as string[]);
    expect(await register.grants()).toEqual(given);
    expect((await db.selectFrom('access_grant').select('agreement_id').where('agreement_id', '=', 'sample-long-ago').execute())).toEqual([]);
    const feeds: RecordFeed[] = [{ feed: 'tenancy', title: 'Tenancies', holder: 'housing', columns: [{ name: 'date_of_birth', label: 'Date of birth', type: 'date', identifying: true, person: 'birth_date' }] }];
    const source = memoryPeople([heldRow('P0000000000000003', 'tenancy', 2, { date_of_birth: '1980-01-01' }), heldRow('P0000000000000004', 'tenancy', 3, { date_of_birth: '2001-01-01' })]);
    expect(await chooseFormerPeople({ ...source, knownTo: async () => ['P0000000000000004', 'P0000000000000003'] }, clock, { feeds, people: 2 })).toEqual(['P0000000000000003']);
    const { due } = await openRetention(db, clock, { retention: packs.retention, source, feeds, attachments: newAttachmentHome().files, loads: noLoads }).queue({ userId: 'sample-governance-lead', role: 'governance-lead', agency: 'council' });
    expect(due.map(({ caseId, due: { what } }) => [caseId, what])).toEqual([[old!.caseId, 'end']]);
  });
});
