import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { describeStores } from '../../test/support/stores.ts';
import { listAuditEvents, openCasework, recordAuditEvent, verifyAudit, type Casework } from '../store/index.ts';
import type { Grant } from './access-request.ts';
import { agreementStatus } from './agreement-state.ts';
import { readAgreementPacks, type AgreementPacks } from './agreement-packs.ts';
import type { AgreementRegister } from './agreement-register.ts';
import { storeAgreements } from './agreement.store.ts';
import { reader, sampleContent } from './sample-content.fixture.ts';

const packs = readAgreementPacks(undefined);
const forbidden = { code: '42501' };
const lead = reader('governance-lead', 'police');
const signatories = ['police', 'violence-reduction-unit', 'early-help'].map((agency) => reader('signatory', agency));

describeStores('the register of agreements', (stores) => {
  let casework: Casework;
  let register: AgreementRegister;
  let now = 0;
  const clock = { now: () => now };
  const other = () => storeAgreements(casework.db, clock, { packs });

  beforeAll(async () => {
    casework = await openCasework({ ...(await stores.readyPlace()), clock });
  });
  afterAll(() => casework.close());
  beforeEach(async () => {
    now = Date.parse('2026-11-28T09:00:00Z');
    register = await other();
  });

  const begin = async (given = {}) => {
    const outcome = await register.draft(sampleContent(given), lead);
    if (!outcome.ok) throw new Error(JSON.stringify(outcome));
    return outcome.agreementId;
  };
  const beginLive = async (given = {}) => {
    const agreementId = await begin(given);
    for (const signatory of signatories) expect(await register.sign(agreementId, 1, signatory)).toEqual({ ok: true });
    return agreementId;
  };
  const stateOf = async (agreementId: string, by = register) => agreementStatus((await by.find(agreementId))!, now);
  const actions = async (agreementId: string) => (await listAuditEvents(casework.db, { subjectId: agreementId, limit: 50 })).map(({ action, outcome, actorId }) => `${action} ${outcome} ${actorId}`).toReversed();
  const stored = async (agreementId: string): Promise<Grant[]> =>
    (await casework.db.selectFrom('access_grant').selectAll().where('agreement_id', '=', agreementId).orderBy('access_grant_id').execute()).map((row) => ({
      agreementId: row.agreement_id, version: row.version, clause: row.clause, agency: row.agency, role: row.role as Grant['role'], purpose: row.purpose, holder: row.holder, item: row.item,
      form: row.form as Grant['form'], relation: row.relation as Grant['relation'], from: row.valid_from.getTime(), to: row.valid_to === null ? Infinity : row.valid_to.getTime(), endedBy: row.ended_by as Grant['endedBy'],
    }));
  const given = async (agreementId: string, by = register) => (await by.grants()).filter((grant) => grant.agreementId === agreementId);

  it('keeps what was done in its order, and gives access once all have signed', async () => {
    const agreementId = await begin();
    expect(await given(agreementId)).toEqual([]);
    await register.sign(agreementId, 1, signatories[0]!);
    expect(await stateOf(agreementId)).toMatchObject({ state: 'signing', missing: ['violence-reduction-unit', 'early-help'] });
    await register.sign(agreementId, 1, signatories[1]!);
    expect(await stored(agreementId)).toEqual([]);
    now += 60_000;
    await register.sign(agreementId, 1, signatories[2]!);
    expect(await stateOf(agreementId)).toMatchObject({ state: 'live', from: now });
    const agreement = (await register.find(agreementId))!;
    expect(agreement.events.map(({ kind }) => kind)).toEqual(['drafted', 'signed', 'signed', 'signed']);
    expect(agreement.events[0]).toMatchObject({ content: sampleContent(), by: lead.userId, at: now - 60_000 });
    const grants = await given(agreementId);
    expect(grants.length).toBeGreaterThan(10);
    expect(await stored(agreementId)).toEqual(grants);
    expect(await actions(agreementId)).toEqual(['agreement.draft done governance-lead-police', ...signatories.map(({ userId }) => `agreement.sign done ${userId}`)]);
  });

  it('goes dark at once when a party withdraws, in the database too', async () => {
    const agreementId = await beginLive();
    now += 60_000;
    expect(await register.withdraw(agreementId, signatories[1]!, ' We need it no longer ')).toEqual({ ok: true });
    expect(await stateOf(agreementId)).toMatchObject({ state: 'lapsed', lapse: 'withdrawn' });
    expect((await register.find(agreementId))!.events.at(-1)).toMatchObject({ kind: 'withdrawn', reason: 'We need it no longer' });
    expect(new Set((await given(agreementId)).map(({ to }) => to))).toEqual(new Set([now]));
    expect(await stored(agreementId)).toEqual(await given(agreementId));
    expect(await register.sign(agreementId, 1, signatories[1]!)).toMatchObject({ ok: false, reason: 'lapsed' });
    expect(await register.end(agreementId, lead, 'Again')).toMatchObject({ ok: false, reason: 'lapsed' });
    expect((await actions(agreementId)).slice(-3)).toEqual(['agreement.withdraw done signatory-violence-reduction-unit', 'agreement.sign refused signatory-violence-reduction-unit', 'agreement.end refused governance-lead-police']);
  });

  it('refuses what somebody may not do, keeps nothing of it, and notes the refusal', async () => {
    const agreementId = await begin();
    const stranger = reader('signatory', 'housing');
    const before = await register.list();
    expect(await register.draft(sampleContent(), reader('analyst', 'police'))).toMatchObject({ ok: false, reason: 'not-a-governance-lead' });
    expect(await register.draft(sampleContent(), reader('governance-lead', 'housing'))).toMatchObject({ ok: false, reason: 'not-your-agency' });
    expect(await register.redraft(agreementId, sampleContent(), reader('governance-lead', 'housing'))).toMatchObject({ ok: false, reason: 'not-your-agency' });
    expect(await register.sign(agreementId, 1, stranger)).toMatchObject({ ok: false, reason: 'not-your-agency' });
    expect(await register.sign(agreementId, 1, lead)).toMatchObject({ ok: false, reason: 'not-a-signatory' });
    expect(await register.withdraw(agreementId, stranger, 'No')).toMatchObject({ ok: false, reason: 'not-your-agency' });
    expect(await register.withdraw(agreementId, signatories[0]!, '  ')).toMatchObject({ ok: false, reason: 'content-faulty', findings: [{ path: ['reason'] }] });
    expect(await register.end(agreementId, signatories[0]!, 'No')).toMatchObject({ ok: false, reason: 'not-a-governance-lead' });
    expect(await register.sign('a-ffffffffffff', 1, signatories[0]!)).toMatchObject({ ok: false, reason: 'not-found' });
    expect(await register.find("a-1' or true --")).toBeUndefined();
    expect(await register.draft(sampleContent({ endsOn: '2026-01-01' }), lead)).toMatchObject({ ok: false, reason: 'content-faulty' });
    expect(await register.draft({ ...sampleContent(), parties: [] } as never, lead)).toMatchObject({ ok: false, reason: 'content-faulty', findings: [{ path: ['parties'] }] });
    expect(await register.list()).toEqual(before);
    expect(await actions(agreementId)).toContain('agreement.sign refused signatory-housing');
    const last = await listAuditEvents(casework.db, { actorId: 'analyst-police', limit: 1 });
    expect(last).toMatchObject([{ action: 'agreement.draft', outcome: 'refused', subjectIds: [] }]);
  });

  it('counts both of two signatures that are made at once', async () => {
    const agreementId = await begin();
    const second = await other();
    const outcomes = await Promise.all([register.sign(agreementId, 1, signatories[0]!), second.sign(agreementId, 1, signatories[1]!), register.sign(agreementId, 1, signatories[2]!)]);
    expect(outcomes).toEqual([{ ok: true }, { ok: true }, { ok: true }]);
    expect(await stateOf(agreementId)).toMatchObject({ state: 'live', missing: [] });
    expect(await given(agreementId, second)).toEqual(await stored(agreementId));
  });

  it('counts one signature of an agency whose signatory signs twice at once', async () => {
    const agreementId = await begin();
    const outcomes = await Promise.all([register.sign(agreementId, 1, signatories[0]!), register.sign(agreementId, 1, signatories[0]!)]);
    expect(outcomes.map((outcome) => (outcome.ok ? 'signed' : outcome.reason)).toSorted()).toEqual(['signed', 'signed-already']);
  });

  it('refuses a draft that is based on a version which is no longer the newest, and a signature of one', async () => {
    const agreementId = await begin();
    const [one, two] = await Promise.all([register.redraft(agreementId, sampleContent({ title: 'One' }), lead, 1), register.redraft(agreementId, sampleContent({ title: 'Two' }), lead, 1)]);
    expect([one, two].map((outcome) => (outcome.ok ? outcome.version : outcome.reason)).toSorted()).toEqual([2, 'version-superseded']);
    expect(await register.sign(agreementId, 1, signatories[0]!)).toMatchObject({ ok: false, reason: 'version-superseded' });
    expect(await register.sign(agreementId, 2, signatories[0]!)).toEqual({ ok: true });
  });

  it('replaces a version at the moment when the last party signs the next', async () => {
    const agreementId = await beginLive();
    const moment = (now += 3_600_000);
    await register.redraft(agreementId, sampleContent({ clauses: [sampleContent().clauses[0]!] }), lead, 1);
    await register.sign(agreementId, 2, signatories[0]!);
    await register.sign(agreementId, 2, signatories[1]!);
    expect(await stateOf(agreementId)).toMatchObject({ state: 'live', version: 1, missing: ['early-help'] });
    await register.sign(agreementId, 2, signatories[2]!);
    expect(await stateOf(agreementId)).toMatchObject({ state: 'live', version: 2 });
    const grants = await given(agreementId);
    expect(new Set(grants.map(({ version, clause, from, to }) => `${version}/${clause} ${from === moment ? 'from then' : 'before'} ${to === moment ? 'until then' : 'on'}`))).toEqual(new Set(['1/1 before until then', '1/2 before until then', '2/1 from then on']));
    expect(await stored(agreementId)).toEqual(grants);
  });

  it('shows another process what was done here, and gives the same array until something is done', async () => {
    const second = await other();
    const before = await second.grants();
    expect(await second.grants()).toBe(before);
    const agreementId = await beginLive();
    expect(await given(agreementId, second)).not.toEqual([]);
    const after = await second.grants();
    expect(await second.grants()).toBe(after);
  });

  it('keeps an ending an ending when the clock is set back behind it', async () => {
    const agreementId = await beginLive();
    now += 86_400_000;
    await register.end(agreementId, lead, 'Over');
    now -= 7_200_000;
    const open = (grants: readonly Grant[]) => grants.filter(({ from, to }) => from <= now && now < to);
    expect(open(await given(agreementId))).toEqual([]);
    expect(open(await stored(agreementId))).toEqual([]);
    expect(await stateOf(agreementId)).toMatchObject({ state: 'lapsed' });
    expect(open(await given(agreementId, await other()))).toEqual([]);
  });

  it('makes the grants anew where a start finds other packs, and a power that ended is dark', async () => {
    const agreementId = await beginLive();
    const ended: AgreementPacks = { ...packs, sha256: 'other', powers: new Map([...packs.powers].map(([code, power]) => [code, code === 'crime-and-disorder-1998-115' ? { ...power, inForceTo: '2026-11-30' } : power])) };
    const changed = await storeAgreements(casework.db, clock, { packs: ended });
    const end = Date.parse('2026-12-01T00:00:00Z');
    expect((await stored(agreementId)).filter(({ clause }) => clause === 1).every(({ to, endedBy }) => to === end && endedBy === 'power')).toBe(true);
    expect((await stored(agreementId)).filter(({ clause }) => clause === 2).every(({ endedBy }) => endedBy === 'agreement')).toBe(true);
    expect(await given(agreementId, changed)).toEqual(await stored(agreementId));
    register = await other();
    expect(await given(agreementId)).toEqual(await stored(agreementId));
  });

  it('keeps neither the act nor its grants where the audit cannot be kept', async () => {
    const agreementId = await begin();
    await register.sign(agreementId, 1, signatories[0]!);
    await register.sign(agreementId, 1, signatories[1]!);
    // An actor's id that the audit refuses, so that its row fails inside the transaction.
    await expect(register.sign(agreementId, 1, { ...signatories[2]!, userId: '' })).rejects.toMatchObject({ code: '23514' });
    expect(await stateOf(agreementId)).toMatchObject({ state: 'signing', missing: ['early-help'] });
    expect(await stored(agreementId)).toEqual([]);
  });

  it('lets the application add and read what was done, never change or remove it', async () => {
    await begin();
    for (const statement of ["update agreement_event set reason = 'x'", 'delete from agreement_event', 'truncate agreement_event', 'alter table agreement_event disable trigger keep', 'drop table access_grant']) {
      await expect(sql.raw(statement).execute(casework.db)).rejects.toMatchObject(forbidden);
    }
  });

  it.each([
    ['a version twice', "insert into agreement_event (agreement_id, kind, version, content, done_by, done_at) select agreement_id, kind, version, content, done_by, done_at from agreement_event where kind = 'drafted' limit 1", '23505'],
    ['a signature without agency', "insert into agreement_event (agreement_id, kind, version, done_by, done_at) values ('a-000000000000', 'signed', 1, 'x', now())", '23514'],
    ['an ending without reason', "insert into agreement_event (agreement_id, kind, done_by, done_at) values ('a-000000000000', 'ended', 'x', now())", '23514'],
    ['an id of another form', "insert into agreement_event (agreement_id, kind, reason, done_by, done_at) values ('police', 'ended', 'x', 'x', now())", '23514'],
  ])('the table refuses %s', async (_case, statement, code) => {
    await begin();
    await expect(sql.raw(statement).execute(casework.db)).rejects.toMatchObject({ code });
  });

  it('keeps what its last day ended when the clock is set back behind it, and gives it again once the clock is accepted', async () => {
    const open = (grants: readonly Grant[]) => grants.filter(({ from, to }) => from <= now && now < to).length;
    now += 30 * 86_400_000;
    const agreementId = await beginLive();
    const before = open(await given(agreementId));
    expect(before).toBeGreaterThan(0);
    const year = 366 * 86_400_000;
    now += year;
    await recordAuditEvent(casework.db, clock, { actorId: 'u1', action: 'session.start', outcome: 'done' });
    now -= year;
    expect(open(await given(agreementId))).toBe(before);
    const started = await other();
    expect([open(await given(agreementId, started)), open(await stored(agreementId))]).toEqual([0, 0]);
    now += year;
    expect([open(await given(agreementId, started)), open(await stored(agreementId))]).toEqual([0, 0]);
    now -= year;
    expect([open(await given(agreementId, started)), open(await stored(agreementId))]).toEqual([0, 0]);
    await recordAuditEvent(casework.db, clock, { actorId: 'operator', action: 'clock.accept', outcome: 'done' });
    now += 1000;
    const again = await other();
    expect([open(await given(agreementId, again)), open(await stored(agreementId))]).toEqual([before, before]);
  });

  it('leaves an audit that is whole', async () => {
    expect((await verifyAudit(casework.db, [])).fault).toBeUndefined();
  });
});
