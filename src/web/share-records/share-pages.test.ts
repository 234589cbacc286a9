import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { heldRow, memoryPeople, openPeopleServer, type PeopleServer, type PeopleVisitor } from '../../../test/support/people-server.ts';
import { quickStores } from '../../../test/support/stores.ts';
import { sealSubject } from '../../govern/index.ts';
import { listAuditEvents } from '../../store/index.ts';

const [child, sealed, unseen] = ['P00000000000000a1', 'P00000000000000a2', 'P00000000000000a3'] as const;
const rows = [...[child, sealed].map((key) => heldRow(key, 'early-help-episode', 2, { episode_ref: 'E1', requested_on: '2026-05-01', forename: 'Ada', surname: 'Quill' })), heldRow(unseen, 'custody-episode', 3, { custody_ref: 'C1' })];
// The clock of these tests stands at 24 November 2026.
const good = {
  decision: 'share', person: child, what: 'Which help the family has\nand since when', items: 'early-help-episode', to: 'education', purpose: 'early-help', ground: 'article-6-1-e', reasons: 'The school asked <b>before</b> a meeting',
  consent: 'given', 'day-day': '23', 'day-month': '11', 'day-year': '2026', confirm: 'yes',
};
type Form = Record<string, string>;

let at: PeopleServer;
let worker: PeopleVisitor;
let lead: PeopleVisitor;
const page = '/govern/share-records';
const record = async (by: PeopleVisitor, over: Form = {}) => (await by.send(`${page}/new`, { ...good, ...over })).headers.location ?? '';
const address = async (by: PeopleVisitor, over: Form = {}) => (await record(by, over)).replace('?done=recorded', '');
const asLead = (userId: string) => at.as('governance-lead', 'Council', { userId });
const stored = async (action: string) => (await listAuditEvents(at.store.casework.db, { limit: 300 })).filter((event) => event.action === action);

beforeAll(async () => {
  at = await openPeopleServer(quickStores(), memoryPeople(rows));
  await at.plantCases([child, sealed].map((personKey) => ({ personKey, lead: { userId: 'worker', agency: 'early-help' }, members: [{ userId: 'teacher', agency: 'education' }] })));
  await sealSubject(at.store.casework.db, at.clock, { reader: { userId: 'ig', role: 'governance-lead', agency: 'council' }, personKey: sealed, ground: 'domestic-abuse', whomToRing: 'the safeguarding desk on 01632 960001', keepers: ['keeper'] });
}, 120_000);
afterAll(() => at?.close());
beforeEach(async () => {
  at.audited.splice(0);
  worker = await at.as('lead-practitioner', 'Early help', { userId: 'worker', purpose: 'early-help' });
  lead = await asLead('lead-1');
});

describe('recording a decision to share', () => {
  test('asks what, with whom, for what, on which ground, with or without consent and why', async () => {
    const { body } = await worker.get(`${page}/new?person=${child}`);
    for (const asked of ['What was decided?', 'What information?', 'Who asked for it, or was to have it?', 'For which purpose?', 'Which legal powers were relied on?', 'Why was this decided?', 'Was the person asked whether they agree?', 'Why without their agreement?', 'Who decided?', 'Day of the decision']) expect(body).toContain(asked);
    expect(body).toContain(`value="${child}"`);
    // Its own agency's records, not those of others; figures alone are for no decision about a person.
    expect(body).toContain('value="early-help-episode"');
    for (const other of ['custody-episode', 'understand-demand']) expect(body).not.toContain(`value="${other}"`);
    // As an agreement says it: what a power needs beside it.
    expect(body).toMatch(/Needs a statutory gateway[^<]* as well\./);
    expect((await worker.get(`${page}/new?person=%22%3E%3Cscript%3E`)).body).not.toContain('<script>"');
  });

  test.each<[Form, string]>([
    [{ decision: '' }, 'Choose what was decided'], [{ decision: 'sell' }, 'Choose only from the list'], [{ person: '' }, 'Enter the person’s key'], [{ what: '' }, 'Enter what information it is about'], [{ items: 'custody-episode' }, 'Choose only from the list'],
    [{ to: '' }, 'Choose who asked for it'], [{ to: 'early-help' }, 'Choose only from the list'], [{ to: 'another-body' }, 'Enter the name of the other body'], [{ other: 'Some county' }, 'Choose “Another body” above'], [{ purpose: 'commissioning' }, 'Choose only from the list'],
    [{ ground: '' }, 'Choose only from the list'], [{ reasons: '' }, 'Enter why this was decided'], [{ reasons: 'x'.repeat(4001) }, 'use 4,000 characters or fewer'], [{ consent: '' }, 'Choose whether the person was asked'], [{ consent: 'not-sought' }, 'Enter why it was decided without their agreement'],
    [{ consent: 'refused' }, 'Enter why it was decided without their agreement'], [{ 'day-day': '25' }, 'must be today or in the past'], [{ 'day-day': '31' }, 'must be a real date'],
  ])('refuses %o, keeps what was typed and keeps nothing else', async (over, says) => {
    const response = await worker.send(`${page}/new`, { ...good, ...over });
    expect([response.statusCode, response.body.includes(says)]).toEqual([400, true]);
    if (over.what === undefined) expect(response.body).toContain('and since when');
    expect(await stored('share.record')).toEqual([]);
  });

  test('says what the law needs more before it is kept, and keeps it where that is confirmed', async () => {
    const response = await worker.send(`${page}/new`, { ...good, confirm: '' });
    expect(response.statusCode).toBe(400);
    for (const doubt of ['does not stand alone: it needs the statute that gives the task or duty', 'What is shared may hold data on health', 'I have looked at this']) expect(response.body).toContain(doubt);
    const to = await record(worker);
    expect(to).toMatch(/^\/govern\/share-records\/[0-9a-f-]{36}\?done=recorded$/);
    const { body } = await worker.get(to);
    for (const said of ['The decision is recorded.', 'Schools and education', 'Help a family early', 'The school asked &lt;b&gt;before&lt;/b&gt; a meeting', 'Public task (UK GDPR', '23 November 2026, by worker', 'To look at in the legal basis']) expect(body).toContain(said);
    expect((await stored('share.record'))[0]).toMatchObject({ actorId: 'worker', outcome: 'done', subjectIds: [to.slice(page.length + 1, page.length + 37), child], purpose: 'early-help' });
  });

  test('keeps nothing shared without a power', async () => {
    const form: Form = { ...good };
    delete form.ground;
    const response = await worker.send(`${page}/new`, form);
    expect([response.statusCode, response.body.includes('what is shared needs a legal basis')]).toEqual([400, true]);
  });

  test('keeps what was withheld, from a body outside too, with no legal basis', async () => {
    const form: Form = { ...good, decision: 'withhold', to: 'another-body', other: 'A county elsewhere', consent: 'refused', by: 'Team manager' };
    delete form.ground;
    delete form.confirm;
    const to = (await worker.send(`${page}/new`, form)).headers.location ?? '';
    const { body } = await worker.get(to);
    for (const said of ['Not shared', 'A county elsewhere', 'None was relied on', 'Asked, and they did not agree', 'by Team manager']) expect(body).toContain(said);
  });

  test('is not about someone whom the recorder may not see, answered and audited as for nobody; about a sealed person, says whom to ring', async () => {
    const answers: string[] = [];
    for (const person of [unseen, 'P0000000000000000']) {
      const response = await worker.send(`${page}/new`, { ...good, person });
      expect(response.statusCode).toBe(400);
      answers.push(response.body.replaceAll(person, 'KEY').replaceAll(/value="[\w-]{20,}"/g, ''));
      expect(at.audited.at(-1)).toMatchObject({ action: 'share.record', outcome: 'refused', subjectKind: 'person', subjectIds: [person] });
    }
    expect(answers[0]).toContain('You see nobody with this key');
    expect(answers[0]).toBe(answers[1]);
    const response = await worker.send(`${page}/new`, { ...good, person: sealed });
    expect([response.statusCode, response.body.includes('This record is sealed. Ring the safeguarding desk on 01632 960001')]).toEqual([400, true]);
    expect((await lead.send(`${page}/new`, { ...good, items: 'case/plan', person: sealed })).body).toContain('one of its keepers records it');
    expect((await lead.send(`${page}/new`, { ...good, items: 'case/plan' })).headers.location).toMatch(/done=recorded/);
  });

  test('takes only what its page asks for', async () => {
    for (const extra of [{ recorded_by: 'somebody' }, { from_agency: 'police' }] as Form[]) expect((await worker.send(`${page}/new`, { ...good, ...extra })).statusCode).toBe(400);
  });
});

describe('a decision that was recorded', () => {
  test('is read by its agency’s coordinators, by those who were given the information and work with the person, and by governance leads', async () => {
    const to = await address(worker);
    for (const [role, agency, userId, purpose] of [['hub-coordinator', 'Early help', 'coordinator', 'early-help'], ['lead-practitioner', 'Schools and education', 'teacher', 'early-help'], ['governance-lead', 'Council', 'lead-1', 'information-governance']] as const) {
      expect((await (await at.as(role, agency, { userId, purpose })).get(to)).statusCode).toBe(200);
    }
    const absent = `${page}/00000000-0000-4000-8000-000000000000`;
    for (const [role, agency, userId] of [['lead-practitioner', 'Early help', 'colleague'], ['lead-practitioner', 'Schools and education', 'other-teacher'], ['hub-coordinator', 'Housing association', 'x'], ['referrer', 'Police', 'y']] as const) {
      const visitor = await at.as(role, agency, { userId, purpose: 'early-help' });
      const [hidden, none] = [await visitor.get(to), await visitor.get(absent)];
      expect([hidden.statusCode, none.statusCode]).toEqual([404, 404]);
      expect((await visitor.get(page)).body).not.toContain(child);
      expect((await visitor.send(to, { act: 'outcome', text: 'x' })).statusCode).toBe(404);
    }
    expect(at.audited).toContainEqual(expect.objectContaining({ actorId: 'colleague', action: 'share.view', outcome: 'refused', subjectIds: [to.slice(page.length + 1)] }));
    for (const role of ['analyst', 'commissioner', 'signatory'] as const) expect((await (await at.as(role, 'Early help', { userId: role })).get(to)).statusCode).toBe(403);
  });

  test('shows those who were given the information neither what was added nor reviews, and offers them nothing to do', async () => {
    const to = await address(worker);
    await worker.send(to, { act: 'outcome', text: 'Sent by secure email' });
    const teacher = await at.as('lead-practitioner', 'Schools and education', { userId: 'teacher', purpose: 'early-help' });
    const { body } = await teacher.get(to);
    expect(body).toContain('The school asked');
    expect(body).not.toMatch(/Sent by secure email|not been reviewed|Add a correction|Record the review|To look at in the legal basis/);
    expect((await teacher.send(to, { act: 'correction', text: 'x' })).statusCode).toBe(403);
  });

  test('gets its outcome and corrections added, and is reviewed once somebody else has looked', async () => {
    const to = await address(worker);
    expect((await worker.send(to, { act: 'outcome', text: ' ' })).body).toContain('Enter what became of it, or what is wrong');
    expect((await worker.send(to, { act: 'outcome', text: 'Sent by secure email' })).headers.location).toBe(`${to}?done=outcome`);
    expect((await worker.send(to, { act: 'correction', text: 'It was the 22nd' })).headers.location).toBe(`${to}?done=correction`);
    expect((await worker.send(to, { act: 'review', outcome: 'sound', note: 'I was right' })).statusCode).toBe(403);
    const list = await lead.get(`${page}?show=waiting`);
    expect(list.body).toContain(`href="${to}"`);
    const review = (await lead.get(to)).body;
    expect(review).toMatch(/href="\/govern\/audit\?by=\d+">What the person who recorded it did/);
    expect(review).not.toMatch(/(?:href|action)="[^"]*worker/);
    for (const [form, says] of [[{ act: 'review' }, 'Choose what you found'], [{ act: 'review', outcome: 'sound' }, 'Write what you found'], [{ act: 'delete', outcome: 'x', note: 'x' }, 'There is a problem']] as [Form, string][]) {
      const response = await lead.send(to, form);
      expect([form, response.statusCode, response.body.includes(says)]).toEqual([form, 400, true]);
    }
    expect((await lead.send(to, { act: 'review', outcome: 'not-sound', note: 'More was sent than was asked for' })).headers.location).toBe(`${to}?done=reviewed`);
    expect((await lead.get(`${page}?show=waiting`)).body).not.toContain(`href="${to}"`);
    const { body } = await worker.get(to);
    for (const said of ['Sent by secure email', 'It was the 22nd', 'It was not right', 'More was sent than was asked for']) expect(body).toContain(said);
    expect((await stored('share.review'))[0]).toMatchObject({ actorId: 'lead-1', outcome: 'done' });
  });

  test('is not reviewed by whoever took or recorded it', async () => {
    const [own, decided] = [await address(lead, { items: 'case/plan' }), await address(worker, { by: 'lead-1' })];
    for (const to of [own, decided]) {
      expect((await lead.get(to)).body).toContain('Another information governance lead reviews it');
      expect((await lead.send(to, { act: 'review', outcome: 'sound', note: 'Fine' })).statusCode).toBe(403);
      expect((await (await asLead('lead-2')).send(to, { act: 'review', outcome: 'sound', note: 'Fine' })).headers.location).toBe(`${to}?done=reviewed`);
    }
  });

  test('is listed, and the list is in the audit by ids; without a purpose one sees one’s own alone', async () => {
    const to = await address(worker);
    at.audited.splice(0);
    expect((await worker.get(page)).body).toContain(`href="${to}"`);
    expect(at.audited).toContainEqual(expect.objectContaining({ action: 'share.list', outcome: 'done', subjectIds: expect.arrayContaining([to.slice(page.length + 1)]) as string[] }));
    const idle = await at.as('hub-coordinator', 'Early help', { userId: 'coordinator', purpose: null });
    const { body } = await idle.get(page);
    expect(body).toContain('You see only what you recorded yourself');
    expect(body).not.toContain(child);
    for (const query of ["?after=' or 1=1", '?after=1.x', '?show[]=waiting', '?done=constructor', '?done=__proto__', '?after=99999999999999.00000000-0000-4000-8000-000000000000']) expect((await worker.get(page + query)).statusCode).toBe(200);
  });
});
