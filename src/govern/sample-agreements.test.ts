import { beforeAll, describe, expect, it } from 'vitest';
import { memoryAgreements } from '../../test/support/memory-agreements.ts';
import { fixedClock, type Role } from '../core/index.ts';
import { decide } from './access-decision.ts';
import type { AccessRequest } from './access-request.ts';
import type { Relation } from './agreement.ts';
import { readAgreementPacks } from './agreement-packs.ts';
import type { AgreementRegister } from './agreement-register.ts';
import { agreementStatus } from './agreement-state.ts';
import { startOfBritishDay } from './british-day.ts';
import { indexGrants, type GrantIndex } from './grant-index.ts';
import { seedSampleAgreements } from './sample-agreements.ts';

const packs = readAgreementPacks(undefined);
const clock = fixedClock('2026-11-28T09:00:00Z');
const readers = [
  ['analyst', 'violence-reduction-unit'], ['referrer', 'police'], ['hub-coordinator', 'early-help'], ['lead-practitioner', 'early-help'], ['commissioner', 'council'],
  ['governance-lead', 'council'], ['board-member', 'police-and-crime-commissioner'], ['panel-member', 'scrutiny-panel'], ['signatory', 'police'],
] as const satisfies [Role, string][];

describe('the sample agreements', () => {
  let register: AgreementRegister;
  let index: GrantIndex;
  beforeAll(async () => {
    register = memoryAgreements(clock, packs);
    await seedSampleAgreements(register, clock, packs);
    index = indexGrants(await register.grants());
  });

  const ask = (role: Role, agency: string, purpose: string, holder: string, key: string, form: 'pseudonymised' | 'identified', given: Partial<AccessRequest> = {}) =>
    decide(index, { who: { userId: 'u', role, agency }, relation: 'none', purpose, item: { key, form, holder }, subject: form === 'identified' ? { sealed: false, keeper: false, brokenUntil: null } : null, at: clock.now(), ...given });

  it('are live, began a month ago and end in eleven', async () => {
    const states = (await register.list()).map((agreement) => agreementStatus(agreement, clock.now()));
    expect(states.map(({ state, content: { title, startsOn, endsOn } }) => [state, title, startsOn, endsOn]).toSorted()).toEqual([
      ['live', 'Early help for families', '2026-10-28', '2027-10-27'],
      ['live', 'Understand demand and harm together', '2026-10-28', '2027-10-27'],
    ]);
  });

  it('are made once', async () => {
    expect(await seedSampleAgreements(register, clock, packs)).toEqual([]);
    expect(await register.list()).toHaveLength(2);
  });

  it('give every feed that is not public, without names, to those who understand demand, and to nobody else', () => {
    const feeds = [...packs.feeds.values()].filter(({ holder }) => holder !== 'public');
    const may = readers.filter(([role, agency]) =>
      feeds.every(({ feed, holder, columns }) => columns.filter(({ identifying }) => !identifying).every(({ name }) => ask(role, agency, 'understand-demand', holder, `${feed}/${name}`, 'pseudonymised').allowed)),
    );
    expect(may.map(([role]) => role)).toEqual(['analyst', 'hub-coordinator', 'commissioner', 'governance-lead', 'board-member']);
    expect(readers.filter(([role, agency]) => ask(role, agency, 'understand-demand', 'hospital', 'istv-assault/ASSAULT METHOD', 'pseudonymised').allowed)).toHaveLength(5);
    expect(ask('panel-member', 'scrutiny-panel', 'account-to-public', 'police', 'police-incident/closing_code', 'pseudonymised').allowed).toBe(true);
  });

  it('give nobody a name for understanding demand', () => {
    const names = [...packs.feeds.values()].flatMap(({ feed, holder, columns }) => columns.filter(({ identifying }) => identifying).map(({ name }) => ({ key: `${feed}/${name}`, holder })));
    for (const [role, agency] of readers) {
      for (const { key, holder } of names.filter((each) => each.holder !== 'public')) {
        expect(ask(role, agency, 'understand-demand', holder, key, 'pseudonymised').allowed || ask(role, agency, 'understand-demand', holder, key, 'identified').allowed, `${role} ${key}`).toBe(false);
      }
    }
  });

  it.each([
    ['hub-coordinator', 'education', 'school-absence/sessions', 'member', true],
    ['lead-practitioner', 'education', 'school-absence/sessions', 'member', true],
    ['lead-practitioner', 'education', 'school-absence/sessions', 'agency', false],
    ['lead-practitioner', 'education', 'school-absence/code', 'lead', false],
    ['hub-coordinator', 'treatment', 'treatment-episode/substance', 'lead', false],
    ['lead-practitioner', 'treatment', 'treatment-episode/substance', 'lead', true],
    ['lead-practitioner', 'treatment', 'treatment-episode/substance', 'member', false],
    ['lead-practitioner', 'police', 'police-incident/summary', 'lead', false],
    ['hub-coordinator', 'early-help', 'case/plan', 'agency', true],
    ['hub-coordinator', 'early-help', 'case/plan', 'none', false],
  ] as const)('for helping a family early, a %s has of %s the item %s as %s: %s', (role, holder, key, relation: Relation, allowed) => {
    expect(ask(role, 'early-help', 'early-help', holder, key, 'identified', { relation }).allowed).toBe(allowed);
  });

  it('give names and dates of birth for the review of links to three roles, and nothing of what happened', () => {
    const may = (key: string, holder: string) => readers.filter(([role, agency]) => ask(role, agency, 'record-linkage', holder, key, 'identified').allowed).map(([role]) => role);
    expect(may('police-involvement/surname', 'police')).toEqual(['hub-coordinator', 'lead-practitioner', 'governance-lead']);
    expect(may('police-involvement/role', 'police')).toEqual([]);
    expect(may('treatment-episode/substance', 'treatment')).toEqual([]);
  });

  it('go dark on the day after their last', () => {
    const at = startOfBritishDay('2027-10-28');
    const asked = (when: number) => ask('analyst', 'violence-reduction-unit', 'understand-demand', 'police', 'police-incident/closing_code', 'pseudonymised', { at: when });
    expect(asked(at - 1)).toMatchObject({ allowed: true, clause: { clause: 1 } });
    expect(asked(at)).toMatchObject({ allowed: false, reason: 'lapsed' });
  });
});
