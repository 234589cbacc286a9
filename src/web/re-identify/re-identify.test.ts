import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { agreementForAll, purposeForAll } from '../../../test/support/agreement-for-all.ts';
import { get, handClock, openJar, openTestServer, plainPages, sendForm, signedInAs, type TestServer } from '../../../test/support/web-server.ts';
import type { Role } from '../../core/index.ts';
import type { AgreementRegister, Asking, Reidentification, ReidentifyAsked, ReidentifyOutcome } from '../../govern/index.ts';
import type { AuditEvent } from '../../store/index.ts';
import { reidentifyRoutes } from './re-identify.routes.ts';

const pseudonym = 'ab'.repeat(16);
const clock = handClock();
let register: AgreementRegister;
let server: TestServer;
let agreementId: string;
let covered: boolean;
let asked: (ReidentifyAsked & { purpose: string | null; userId: string })[];
let outcome: ReidentifyOutcome;
const audited: AuditEvent[] = [];

const reidentification: Reidentification = {
  reidentify: async ({ purpose, who }: Asking, given) => {
    asked.push({ ...given, purpose, userId: who.userId });
    return outcome;
  },
  agreementsFor: async () => (covered ? [agreementId] : []),
  list: async () => [{ reidentificationId: 'r1', userId: 'maria', agency: 'early-help', role: 'hub-coordinator', purpose: purposeForAll, agreementId, ground: 'A child may be in danger', asked: 2, given: 1, at: clock.now() }],
};

beforeAll(async () => {
  register = await agreementForAll(clock);
  agreementId = (await register.list())[0]!.agreementId;
  server = await openTestServer({ agreements: register, clock, audit: { record: async (event) => void audited.push(event), list: async () => [] } }, [plainPages, (app, deps) => reidentifyRoutes(app, { ...deps, reidentification, register, agencyName: (code) => code })]);
});
afterAll(() => server.app.close());
beforeEach(() => {
  covered = true;
  asked = [];
  outcome = { ok: true, answers: [{ pseudonym, personKey: 'P0123456789abcdef' }, { pseudonym: 'cd'.repeat(16), personKey: null }] };
});

async function visit(role: Role, purpose: string | null = purposeForAll) {
  const jar = openJar();
  const { cookie } = await signedInAs(server, role, { userId: 'u7', purpose });
  jar.set('headwater', cookie.slice('headwater='.length));
  const address = '/govern/re-identify';
  return {
    open: () => get(server.app, jar, address),
    send: (form: Record<string, string>) => sendForm(server.app, jar, address, { form, from: address }),
  };
}

describe('the page that tells who a pseudonym is', () => {
  it('asks for agreement, pseudonyms and ground, and leads to the record of whom it gives', async () => {
    const page = await visit('hub-coordinator');
    expect((await page.open()).body).toContain('Which agreement gives you their records?');
    const answer = await page.send({ agreement: agreementId, pseudonyms: `${pseudonym}\r\n${'cd'.repeat(16)}`, ground: 'A child may be in danger tonight' });
    expect(answer.statusCode).toBe(200);
    expect(asked).toEqual([{ agreementId, ground: 'A child may be in danger tonight', pseudonyms: [pseudonym, 'cd'.repeat(16)], purpose: purposeForAll, userId: 'u7' }]);
    expect(answer.body).toContain('href="/people/P0123456789abcdef"');
    expect(answer.body.match(/>Not given</g)).toHaveLength(1);
  });

  it('asks nothing under an agreement that does not give the reader named records', async () => {
    const page = await visit('hub-coordinator');
    const answer = await page.send({ agreement: 'a-000000000000', pseudonyms: pseudonym, ground: 'A child may be in danger tonight' });
    expect(answer.statusCode).toBe(400);
    expect(answer.body).toContain('Choose the agreement that gives you records of named people');
    expect(asked).toEqual([]);
  });

  it('keeps in the audit that it was asked under such an agreement, and nothing else that was typed', async () => {
    covered = false;
    const refusedFor = async (purpose: string | null, agreement: string) => {
      audited.splice(0);
      await (await visit('hub-coordinator', purpose)).send({ agreement, pseudonyms: pseudonym, ground: 'A child may be in danger tonight' });
      return audited.filter(({ action }) => action === 'pseudonym.reidentify');
    };
    const refused = { actorId: 'u7', action: 'pseudonym.reidentify', outcome: 'refused' };
    const named = { subjectKind: 'agreement', subjectIds: [agreementId] };
    expect(await refusedFor(purposeForAll, agreementId)).toEqual([{ ...refused, ...named, purpose: purposeForAll, basis: 'not-recipient' }]);
    expect(await refusedFor(null, agreementId)).toEqual([{ ...refused, ...named, basis: 'no-purpose' }]);
    expect(await refusedFor(purposeForAll, 'Ada Quill')).toEqual([{ ...refused, purpose: purposeForAll, basis: 'not-recipient' }]);
    expect(await refusedFor(purposeForAll, '')).toEqual([]);
  });

  it.each([
    ['malformed', 'Enter each pseudonym whole'],
    ['ground-too-short', 'five words or more'],
    ['too-many', 'at most 20'],
  ] as const)('says what is wrong with the form: %s', async (reason, words) => {
    outcome = { ok: false, reason };
    const answer = await (await visit('lead-practitioner')).send({ agreement: agreementId, pseudonyms: pseudonym, ground: 'No' });
    expect(answer.statusCode).toBe(400);
    expect(answer.body).toContain(words);
    expect(answer.body).toMatch(/<title>Error: /);
    expect(answer.body).toContain(pseudonym);
  });

  it('says what stands in the way: no purpose, or no agreement', async () => {
    expect((await (await visit('referrer', null)).open()).body).toContain('href="/purpose?return-to=%2Fgovern%2Fre-identify"');
    covered = false;
    const { body } = await (await visit('referrer')).open();
    expect(body).toContain('No agreement in force gives you records of named people');
    expect(body).not.toContain('<textarea');
  });

  it('shows every asking with its ground to governance leads, and to nobody else', async () => {
    const { body } = await (await visit('governance-lead')).open();
    expect(body).toContain('A child may be in danger');
    expect(body).toContain('1 of 2 given');
    expect((await (await visit('hub-coordinator')).open()).body).not.toContain('A child may be in danger');
    expect((await (await visit('analyst')).open()).statusCode).toBe(403);
  });
});
