import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryAgreements } from '../../test/support/memory-agreements.ts';
import { quickStores } from '../../test/support/stores.ts';
import { openCasework, type Casework } from '../store/index.ts';
import type { AgreementOutcome, AgreementRegister } from './agreement-register.ts';
import { agreementStatus } from './agreement-state.ts';
import { readAgreementPacks } from './agreement-packs.ts';
import { storeAgreements } from './agreement.store.ts';
import { reader, sampleContent } from './sample-content.fixture.ts';

const packs = readAgreementPacks(undefined);
const people = [reader('governance-lead', 'police'), reader('signatory', 'police'), reader('signatory', 'violence-reduction-unit'), reader('signatory', 'early-help'), reader('signatory', 'housing'), reader('analyst', 'police')];
const contents = [sampleContent(), sampleContent({ clauses: [sampleContent().clauses[0]!] }), sampleContent({ startsOn: '2026-12-10' }), sampleContent({ endsOn: '2026-12-20', reviewOn: '2026-12-01' }), sampleContent({ retention: 'for-ever' })];

const person = fc.constantFrom(...people);
const act = fc.oneof(
  fc.record({ kind: fc.constant('draft' as const), by: person, content: fc.constantFrom(...contents) }),
  fc.record({ kind: fc.constant('redraft' as const), by: person, content: fc.constantFrom(...contents), basedOn: fc.constantFrom(undefined, 1, 2) }),
  // All parties sign at once, so that many histories come into force.
  fc.record({ kind: fc.constant('sign-all' as const) }),
  fc.record({ kind: fc.constant('sign' as const), by: person, version: fc.constantFrom(1, 1, 2, 3) }),
  fc.record({ kind: fc.constant('withdraw' as const), by: person, reason: fc.constantFrom('No longer needed', ' ') }),
  fc.record({ kind: fc.constant('end' as const), by: person }),
  fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: -30, max: 300 }) }),
);
type Deed = typeof act extends fc.Arbitrary<infer T> ? T : never;

async function perform(register: AgreementRegister, deed: Deed, newest: string | undefined): Promise<AgreementOutcome[]> {
  const id = newest ?? 'a-000000000000';
  const version = (await register.find(id))?.events.filter(({ kind }) => kind === 'drafted').length ?? 1;
  switch (deed.kind) {
    case 'draft': return [await register.draft(deed.content, deed.by)];
    case 'redraft': return [await register.redraft(id, deed.content, deed.by, deed.basedOn)];
    case 'sign': return [await register.sign(id, deed.version, deed.by)];
    case 'sign-all': {
      const outcomes: AgreementOutcome[] = [];
      for (const by of people.slice(1, 4)) outcomes.push(await register.sign(id, version, by));
      return outcomes;
    }
    case 'withdraw': return [await register.withdraw(id, deed.by, deed.reason)];
    case 'end': return [await register.end(id, deed.by, 'Over')];
    case 'wait': return [];
  }
}

describe('the register in memory', () => {
  const stores = quickStores();
  let casework: Casework;
  let now = 0;
  const clock = { now: () => now };
  beforeAll(async () => {
    casework = await openCasework({ ...(await stores.readyPlace()), clock });
  });
  afterAll(() => casework.close());

  it('answers as the one in the store does, and gives the same, whatever is done by whom and when', async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(act, { minLength: 4, maxLength: 12 }), async (deeds) => {
        now = Date.parse('2026-11-28T09:00:00Z');
        const [memory, store] = [memoryAgreements(clock, packs), await storeAgreements(casework.db, clock, { packs })];
        const before = (await store.list()).length;
        const mine = async (register: AgreementRegister) => (register === store ? (await register.list()).slice(0, (await register.list()).length - before) : [...(await register.list())]);
        for (const deed of [{ kind: 'draft', by: people[0]!, content: contents[0]! } as const, ...deeds]) {
          if (deed.kind === 'wait') now += deed.hours * 3_600_000;
          const [inMemory, inStore] = [await perform(memory, deed, (await mine(memory))[0]?.agreementId), await perform(store, deed, (await mine(store))[0]?.agreementId)];
          const plain = (outcomes: AgreementOutcome[]) => outcomes.map((outcome) => (outcome.ok ? { ok: true } : { reason: outcome.reason }));
          expect(plain(inStore)).toEqual(plain(inMemory));
          for (const outcome of inMemory) seen.add(outcome.ok ? `${deed.kind} done` : outcome.reason);
        }
        const [held, kept] = [await mine(memory), await mine(store)];
        expect(kept.map(({ events }) => events)).toEqual(held.map(({ events }) => events));
        const [memoryGrants, storeGrants] = [await memory.grants(), await store.grants()];
        held.forEach((agreement, at) => {
          seen.add(agreementStatus(agreement, now).state);
          const rows = (grants: typeof memoryGrants, id: string) => grants.filter(({ agreementId }) => agreementId === id).map((grant) => ({ ...grant, agreementId: '' }));
          expect(rows(storeGrants, kept[at]!.agreementId)).toEqual(rows(memoryGrants, agreement.agreementId));
        });
      }),
      { numRuns: 8, seed: 20261128, endOnFailure: true },
    );
    expect([...seen]).toEqual(expect.arrayContaining(['live', 'lapsed', 'sign done', 'redraft done', 'not-a-signatory', 'not-your-agency', 'version-superseded', 'signed-already', 'lapsed', 'content-faulty']));
  });
});
