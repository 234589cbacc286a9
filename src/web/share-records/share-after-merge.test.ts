import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { heldRow, memoryPeople, openPeopleServer, type PeopleServer, type PeopleVisitor } from '../../../test/support/people-server.ts';
import { quickStores } from '../../../test/support/stores.ts';
import { Problem } from '../../core/index.ts';
import { liftSeal, sealSubject } from '../../govern/index.ts';

const [child, oldKey] = ['P00000000000000a1', 'P00000000000000a9'] as const;
// The clock of these tests stands at 24 November 2026.
const good = {
  decision: 'share', person: child, what: 'Which help the family has', items: 'early-help-episode', to: 'education', purpose: 'early-help', ground: 'article-6-1-e', reasons: 'The school asked before a meeting',
  consent: 'given', 'day-day': '23', 'day-month': '11', 'day-year': '2026', confirm: 'yes',
};
const page = '/govern/share-records';
const absent = `${page}/00000000-0000-4000-8000-000000000000`;
const lead = { userId: 'ig', role: 'governance-lead' as const, agency: 'council' };

const people = memoryPeople([heldRow(child, 'early-help-episode', 2, { episode_ref: 'E1', requested_on: '2026-05-01', forename: 'Ada', surname: 'Quill' })], { [oldKey]: child });
/** The snapshot cannot be had. */
let away = false;
let at: PeopleServer;
let worker: PeopleVisitor;
let reviewer: PeopleVisitor;
let keeper: PeopleVisitor;
let to: string;
const seal = async (personKey: string) => {
  const { db } = at.store.casework;
  const sealed = await sealSubject(db, at.clock, { reader: lead, personKey, ground: 'domestic-abuse', whomToRing: 'the safeguarding desk', keepers: ['keeper'] });
  if (!sealed.ok) throw new Error('Not sealed');
  return async () => void (await liftSeal(db, at.clock, { reader: lead, sealedSubjectId: sealed.sealedSubjectId, reason: 'Over' }));
};
const plain = (body: string) => body.replaceAll(/name="form-token" value="[^"]+"/g, '').replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'ID');

beforeAll(async () => {
  at = await openPeopleServer(quickStores(), { ...people, now: async (keys) => {
    if (away) throw new Problem('notFound', { what: 'There is no snapshot yet', todo: 'Build.' });
    return people.now(keys);
  } });
  await at.plantCases([{ personKey: child, lead: { userId: 'worker', agency: 'early-help' } }]);
  worker = await at.as('lead-practitioner', 'Early help', { userId: 'worker', purpose: 'early-help' });
  reviewer = await at.as('governance-lead', 'Council', { userId: 'lead-1' });
  keeper = await at.as('hub-coordinator', 'Early help', { userId: 'keeper', purpose: 'early-help' });
  to = ((await worker.send(`${page}/new`, good)).headers.location ?? '').replace('?done=recorded', '');
}, 120_000);
afterAll(() => at?.close());
beforeEach(() => void at.audited.splice(0));

test('A decision about somebody whose earlier key is sealed is answered as one that is not there, and the refusal is in the audit', async () => {
  expect((await worker.get(to)).statusCode).toBe(200);
  const lift = await seal(oldKey);
  for (const by of [worker, reviewer]) {
    at.audited.splice(0);
    const answers = [await by.get(to), await by.send(to, { act: 'outcome', text: 'x' }), await by.send(to, { act: 'review', outcome: 'sound', note: 'x' })];
    const none = [await by.get(absent), await by.send(absent, { act: 'outcome', text: 'x' }), await by.send(absent, { act: 'review', outcome: 'sound', note: 'x' })];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404]);
    expect(answers.map(({ body }) => plain(body))).toEqual(none.map(({ body }) => plain(body)));
    expect(at.audited).toContainEqual(expect.objectContaining({ action: 'share.view', outcome: 'refused', subjectIds: [to.slice(page.length + 1)] }));
    for (const list of [page, `${page}?show=waiting`]) expect((await by.get(list)).body).not.toContain(to);
  }
  expect((await keeper.get(to)).body).toContain('The school asked before a meeting');
  expect((await keeper.get(page)).body).toContain(`href="${to}"`);
  await lift();
  expect((await worker.get(to)).statusCode).toBe(200);
});

test('Without a snapshot nobody knows which keys mean one person: no decision is shown, and the page says so', async () => {
  away = true;
  const answers = [await worker.get(page), await worker.get(to)];
  away = false;
  for (const { body } of answers) {
    expect(body).toContain('There is no data to show yet');
    expect(body).not.toMatch(/Which help|The school asked/);
    expect(body).not.toContain(to.slice(page.length + 1));
  }
  expect((await worker.get(page)).body).toContain(`href="${to}"`);
});

test('Nobody but a keeper records a decision about them, whichever key is sealed; the refusal is in the audit', async () => {
  for (const key of [oldKey, child]) {
    const lift = await seal(key);
    for (const [by, says] of [[worker, 'This record is sealed. Ring the safeguarding desk'], [reviewer, 'one of its keepers records it']] as const) {
      at.audited.splice(0);
      const response = await by.send(`${page}/new`, { ...good, items: by === reviewer ? 'case/plan' : good.items });
      expect([response.statusCode, response.body.includes(says)]).toEqual([400, true]);
      expect(at.audited).toContainEqual(expect.objectContaining({ action: 'share.record', outcome: 'refused', subjectIds: [child] }));
    }
    await lift();
  }
});
