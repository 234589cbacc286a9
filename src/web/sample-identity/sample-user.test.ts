import { describe, expect, test } from 'vitest';
import { memoryAgreements } from '../../../test/support/memory-agreements.ts';
import { fixedClock, roles } from '../../core/index.ts';
import { agreementStatus, findAgencyCode, readAgreementPacks, seedSampleAgreements } from '../../govern/index.ts';
import { sampleUsers } from './sample-user.ts';

const packs = readAgreementPacks(undefined);
const clock = fixedClock('2026-11-28T09:00:00Z');

describe('the sample users', () => {
  test('There is one for each role, each with a name and an id of its own, from an agency that the partnership knows', () => {
    expect(new Set(sampleUsers.map(({ role }) => role))).toEqual(new Set(roles));
    expect(new Set(sampleUsers.map(({ id }) => id)).size).toBe(sampleUsers.length);
    expect(new Set(sampleUsers.map(({ name }) => name)).size).toBe(sampleUsers.length);
    expect(sampleUsers.filter(({ agency }) => findAgencyCode(packs.agencies, agency) === undefined)).toEqual([]);
  });

  test('Two are information governance leads, of two agencies, so that one may confirm what the other proposes to destroy', () => {
    const leads = sampleUsers.filter(({ role }) => role === 'governance-lead');
    expect(leads).toHaveLength(2);
    expect(new Set(leads.map(({ agency }) => agency)).size).toBe(2);
  });

  test('The sample agreements are drafted and signed by sample users of the agencies that they sign for', async () => {
    const register = memoryAgreements(clock, packs);
    await seedSampleAgreements(register, clock, packs);
    const agreements = await register.list();
    expect(agreements).toHaveLength(2);
    for (const agreement of agreements) {
      expect(agreementStatus(agreement, clock.now()).state).toBe('live');
      for (const event of agreement.events) {
        const user = sampleUsers.find(({ id }) => id === event.by)!;
        expect(user.role).toBe(event.kind === 'signed' ? 'signatory' : 'governance-lead');
        if (event.kind === 'signed') expect(findAgencyCode(packs.agencies, user.agency)).toBe(event.agency);
      }
    }
  });
});
