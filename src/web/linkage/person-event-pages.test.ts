import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nobody } from '../../../test/support/fake-people.ts';
import { fakePersonEvents, type FakePersonEvents } from '../../../test/support/fake-person-events.ts';
import { fakeReview } from '../../../test/support/fake-review.ts';
import { formToken, get, openJar, openTestServer, post, signedInAs, signIn, statePurpose, type TestServer } from '../../../test/support/web-server.ts';
import type { AuditEvent } from '../../store/index.ts';
import { linkReviewRoutes } from './link-review.routes.ts';
import { presentFieldGroups } from './review-fields.ts';
import { personEventRoutes } from './person-event.routes.ts';

let server: TestServer;
let personEvents: FakePersonEvents;
const review = fakeReview();
const audited: AuditEvent[] = [];
let broken = false;

beforeAll(async () => {
  personEvents = fakePersonEvents();
  const record = async (event: AuditEvent) => {
    if (broken) throw new Error('The audit is away');
    if (event.action.startsWith('person-event')) audited.push(event);
  };
  server = await openTestServer({ audit: { record, list: async () => [] } }, [(app, deps) => personEventRoutes(app, { ...deps, personEvents, people: nobody }), (app, deps) => linkReviewRoutes(app, { ...deps, review, personEvents, people: nobody })]);
});
afterAll(() => server.app.close());

const open = async (url: string) => {
  const { cookie } = await signedInAs(server, 'hub-coordinator', { userId: 'u1' });
  return server.app.inject({ url, headers: { cookie } });
};

async function reviewer() {
  const jar = openJar();
  await signIn(server.app, jar, 'hub-coordinator');
  await statePurpose(server.app, jar);
  return async (event: number, form: Record<string, string>) => {
    const page = await get(server.app, jar, `/linkage/events/${event}`);
    return post(server.app, jar, `/linkage/events/${event}`, { 'form-token': formToken(page.body), ...form });
  };
}

/** The clause of the agreement for all that gives names. */
const why = { purpose: 'record-linkage', basis: expect.stringMatching(/^a-\w+\/1\/2$/) as string };

describe('the list of merges and splits', () => {
  test('says what happened and why, without a name, and is audited', async () => {
    const { body, statusCode } = await open('/linkage/events');
    expect(statusCode).toBe(200);
    expect(body).toContain('Two people became one: 2 records moved.');
    expect(body).toContain('Different NHS numbers.');
    expect(body).not.toMatch(/Thistlewood|Margaret/);
    expect(audited.at(-1)).toMatchObject({ actorId: 'u1', action: 'person-events.view', outcome: 'done' });
  });

  test('is narrowed by kind and month', async () => {
    const { body } = await open('/linkage/events?kind=split&month=2026-02');
    expect(personEvents.asked.at(-1)).toEqual({ kind: 'split', from: '2026-02-01', to: '2026-02-28', without: [], limit: 51 });
    expect(body).toContain('<option value="split" selected>');
    expect(body).not.toContain('Two people became one');
    expect((await open('/linkage/events?before=1&kind=merge')).body).toContain('There are no such events');
  });

  test.each(['kind=gone', 'month=2026-13', 'before=x', 'kind=merge&kind=split'])('refuses what it does not know: %s', async (query) => {
    expect((await open(`/linkage/events?${query}`)).statusCode).toBe(400);
  });
});

describe('one event', () => {
  test('shows its records side by side with keys and reason, and is audited by the ids of the records shown', async () => {
    const { body, statusCode } = await open('/linkage/events/1');
    expect(statusCode).toBe(200);
    for (const said of ['Two people became one', 'New records link them.', '>P2</code> and <code', 'Records that they were joined with', 'Colin <span class="hw-review__none">(1 of 2)', '1 record is there no more', 'both people have their keys of before']) expect(body).toContain(said);
    expect(audited.at(-1)).toEqual({ actorId: 'u1', action: 'person-event.view', outcome: 'done', subjectKind: 'source-record', subjectIds: ['b:1', 'c:1', 'a:1'], ...why });
    expect(server.log.join('')).not.toMatch(/Thistlewood|Margaret|b:1/);
  });

  test('shows a script in a name as text', async () => {
    const { body } = await open('/linkage/events/2');
    expect(body).not.toContain('<script>alert');
    expect(body).toContain('&lt;script');
  });

  test('is not found where it is not there, and nothing is audited', async () => {
    const before = audited.length;
    for (const id of ['99', 'x', '-1', '1e3']) expect((await open(`/linkage/events/${id}`)).statusCode).toBe(404);
    expect(audited).toHaveLength(before);
  });

  test('that moved nobody says that it cannot be undone', async () => {
    const { body } = await open('/linkage/events/3');
    expect(body).toContain('Only a merge, a split or a move can be undone.');
    expect(body).not.toContain('<textarea');
  });

  test('is not shown where the audit cannot be written', async () => {
    broken = true;
    const response = await open('/linkage/events/1');
    broken = false;
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('Thistlewood');
  });
});

describe('undoing an event', () => {
  test('needs a reason and a confirmation, and keeps what was written', async () => {
    const send = await reviewer();
    const none = await send(1, { act: 'undo' });
    expect(none.statusCode).toBe(400);
    expect(none.body).toContain('Enter a reason');
    expect(none.body).toContain('Confirm that the event is to be undone');
    const unsure = await send(1, { act: 'undo', reason: 'Two women of one name' });
    expect(unsure.body).toContain('>Two women of one name</textarea>');
    expect(unsure.body).not.toContain('Enter a reason');
    expect((await send(1, { act: 'undo', confirm: 'yes', reason: 'x'.repeat(1001) })).body).toContain('1,000 characters or fewer');
  });

  test('without the form’s token does nothing', async () => {
    const { cookie } = await signedInAs(server, 'hub-coordinator');
    const sent = await server.app.inject({ method: 'POST', url: '/linkage/events/1', headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' }, payload: 'act=undo&reason=x&confirm=yes' });
    expect(sent.statusCode).toBe(403);
    expect((await personEvents.find(1))!.event.undo.state).toBe('stands');
  });

  test('is kept, says that it takes effect at the next build, is audited by all ids, and can be taken back', async () => {
    const send = await reviewer();
    const sent = await send(1, { act: 'undo', reason: 'Two women of one name', confirm: 'yes' });
    expect(sent.statusCode).toBe(303);
    expect(sent.headers.location).toBe('/linkage/events/1?done=undo');
    expect(personEvents.audited.at(-1)).toEqual({ actorId: 'sample-hub-coordinator', actorAgency: 'early-help', actorRole: 'hub-coordinator', action: 'person-event.undo', outcome: 'done', subjectKind: 'source-record', subjectIds: ['b:1', 'c:1', 'a:1', 'z:1'], ...why });
    const { body } = await open('/linkage/events/1?done=undo');
    expect(body).toContain('It takes effect at the next build');
    expect(body).toContain('sample-hub-coordinator undid it on 24 November 2026: Two women of one name');
    expect((await open('/linkage/events')).body).toContain('<strong>Undone from the next build on</strong>');
    const twice = await send(1, { act: 'undo', reason: 'Again', confirm: 'yes' });
    expect(twice.headers.location).toBe('/linkage/events/1');
    expect(audited.findLast(({ action }) => action === 'person-event.undo')!.outcome).toBe('refused');
    const back = await send(1, { act: 'withdraw', reason: 'It was one woman', confirm: 'yes' });
    expect(back.headers.location).toBe('/linkage/events/1?done=withdraw');
    expect(personEvents.audited.at(-1)).toMatchObject({ action: 'person-event.withdraw', outcome: 'done', ...why });
    expect((await open('/linkage/events/1?done=withdraw')).body).toContain('The undo is taken back.');
  });

  test('is refused where two people settled otherwise, with the pair that they may decide again', async () => {
    for (const [i, decidedBy] of ['u8', 'u9'].entries()) personEvents.decisions.push({ left: 'a:1', right: 'c:1', round: 1, seat: i + 1, decision: 'same', decidedBy, decidedAt: Date.parse('2026-11-20T10:00:00Z') });
    const { body } = await open('/linkage/events/1');
    expect(body).toContain('People settled in the review on 20 November 2026, since the event, that two of its records are the same person');
    expect(body).toContain('href="/linkage/review/abcdefgh12345678"');
    const { cookie } = await signedInAs(server, 'hub-coordinator');
    expect((await server.app.inject({ url: '/linkage/events/1', headers: { cookie } })).body).not.toContain('name="act"');
  });
});

test('a pair’s page leads to the merges and splits of its people', async () => {
  const { body } = await open(`/linkage/review/${review.idOf(1)}`);
  expect(personEvents.asked.at(-1)).toEqual({ keys: ['Pa:1', 'Pb:1'], without: [], limit: 5 });
  expect(body).toContain('href="/linkage/events/2"');
});

describe('presentFieldGroups', () => {
  const record = (forename: string | null) => ({ sourceId: 'x', agency: 'police', localId: '1', personKey: 'P', values: { forename } });
  test.each([
    [[['Ann'], ['Ann', 'Ann']], 'Same'],
    [[['Ann', 'Anna'], ['Ann']], 'Partly the same'],
    [[['Ann', 'Anna'], ['Bess', 'Beth']], 'Different'],
    [[['Ann', 'Bo'], ['ann', 'Cy']], 'Written differently'],
    [[['Ann', 'Bo'], [null]], 'Recorded once'],
    [[['Ann'], ['Anna'], ['Ann']], 'Partly the same'],
  ])('%j is %s', (groups, mark) => {
    expect(presentFieldGroups(groups.map((group) => group.map(record)))[0]!.mark).toBe(mark);
  });

  test('says how many records of the group give each value', () => {
    expect(presentFieldGroups([[record('Ann'), record('Ann'), record('Bo')], [record(null)]])[0]!.cells).toEqual([[{ text: 'Ann', records: 2, of: 3 }, { text: 'Bo', records: 1, of: 3 }], []]);
    expect(presentFieldGroups([[record(null)], [record(null)]])).toEqual([]);
  });
});
