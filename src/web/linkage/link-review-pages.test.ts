import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { nobody } from '../../../test/support/fake-people.ts';
import { fakeReview, type FakeReview } from '../../../test/support/fake-review.ts';
import { formToken, get, openJar, openTestServer, post, signedInAs, signIn, statePurpose, type TestServer } from '../../../test/support/web-server.ts';
import { linkReviewRoutes } from './link-review.routes.ts';

let server: TestServer;
let review: FakeReview;

beforeAll(async () => {
  review = fakeReview();
  server = await openTestServer({ audit: review.trail }, [(app, deps) => linkReviewRoutes(app, { ...deps, review, people: nobody })]);
});
afterAll(() => server.app.close());

const address = (n: number) => `/linkage/review/${review.idOf(n)}`;
const open = async (url: string, userId = 'u1') => {
  const { cookie } = await signedInAs(server, 'hub-coordinator', { userId });
  return server.app.inject({ url, headers: { cookie } });
};

/** Signs in by the whole protocol, so that the form's token is the browser's own. */
async function reviewer(role: 'hub-coordinator' | 'lead-practitioner' | 'governance-lead') {
  const jar = openJar();
  await signIn(server.app, jar, role);
  await statePurpose(server.app, jar);
  return {
    see: async (url: string) => (await get(server.app, jar, url)).body,
    decide: async (url: string, form: Record<string, string>) => {
      const page = await get(server.app, jar, url);
      return post(server.app, jar, url, { 'form-token': formToken(page.body), ...form });
    },
  };
}

/** The clause of the agreement for all that gives names. */
const why = { purpose: 'record-linkage', basis: expect.stringMatching(/^a-\w+\/1\/2$/) as string };

describe('the queue', () => {
  test('says how many pairs wait, and why, without a name', async () => {
    const { body } = await open('/linkage/review');
    expect(body).toContain('3 of 3 doubtful pairs of records wait');
    expect(body).toContain('The model is unsure of the pair');
    expect(body).not.toMatch(/Thistlewood|Margaret|FM1/);
    expect(review.audited.at(-1)).toMatchObject({ actorId: 'u1', action: 'link-queue.view', outcome: 'done' });
  });

  test('leads to the first pair that waits for the person', async () => {
    const response = await open('/linkage/review/next');
    expect(response.headers.location).toBe(address(1));
    expect((await open(`/linkage/review/next?after=${review.idOf(1)}`)).headers.location).toBe(address(2));
  });
});

describe('a pair', () => {
  test('shows both records, what differs in words, and the model in words, and is audited by ids alone', async () => {
    const { body, statusCode } = await open(address(1));
    expect(statusCode).toBe(200);
    expect(body).toContain('Different');
    expect(body).toContain('Same surname, which is rare here');
    expect(body).toContain('<td class="govuk-table__cell">very strongly for</td>');
    expect(body).toContain('17 April 1961');
    expect(body).toContain('999 000 0018');
    expect(review.audited.at(-1)).toEqual({ actorId: 'u1', action: 'link-pair.view', outcome: 'done', subjectKind: 'source-record', subjectIds: ['a:1', 'b:1'], ...why });
    expect(server.log.join('')).not.toMatch(/Thistlewood|Margaret|a:1/);
  });

  test('underlines the letters of a slip, and says of a rule that keeps two apart', async () => {
    const { body } = await open(address(2));
    expect(body).toContain('Mar<mark class="hw-review__differs">');
    expect(body).toContain('A rule keeps the two records apart: Twins');
  });

  test('is not audited as seen, nor shown, where it is not there', async () => {
    const before = review.audited.length;
    for (const id of ['0000000000000000', 'x', encodeURIComponent("' OR 1=1 --")]) expect((await open(`/linkage/review/${id}`)).statusCode).toBe(404);
    expect(review.audited).toHaveLength(before);
  });

  test('shows a script in a name as text', async () => {
    const { body } = await open(address(3));
    expect(body).not.toContain('<script>alert');
    expect(body).toContain('&lt;');
  });
});

test('A decision without the form’s token is none', async () => {
  const { cookie } = await signedInAs(server, 'hub-coordinator');
  const sent = await server.app.inject({ method: 'POST', url: address(1), headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' }, payload: 'decision=same' });
  expect(sent.statusCode).toBe(403);
  expect(review.rows).toEqual([]);
});

describe('double review', () => {
  test('settles a pair on which two people agree, and neither is told what the other said', async () => {
    const [first, second] = [await reviewer('hub-coordinator'), await reviewer('lead-practitioner')];
    const decided = await first.decide(address(1), { decision: 'same', reason: 'Same home and mother' });
    expect(decided.statusCode).toBe(303);
    expect(decided.headers.location).toBe(`/linkage/review/next?after=${review.idOf(1)}&done=1`);
    expect(await first.see(address(1))).toContain('You have decided this pair');
    const body = await second.see(address(1));
    expect(body).not.toContain('Same home and mother');
    expect(body).not.toMatch(/settled|Two people have looked/);
    await second.decide(address(1), { decision: 'same' });
    const settled = await second.see(address(1));
    expect(settled).toContain('People settled that these are the same person');
    expect(settled).toContain('Same home and mother');
    expect(settled).toContain('None given');
    expect(review.audited.filter(({ action }) => action === 'link-pair.decide')).toEqual([
      { actorId: 'sample-hub-coordinator', actorAgency: 'early-help', actorRole: 'hub-coordinator', action: 'link-pair.decide', outcome: 'done', subjectKind: 'source-record', subjectIds: ['a:1', 'b:1'], ...why },
      { actorId: 'sample-lead-practitioner', actorAgency: 'early-help', actorRole: 'lead-practitioner', action: 'link-pair.decide', outcome: 'done', subjectKind: 'source-record', subjectIds: ['a:1', 'b:1'], ...why },
    ]);
  });

  test('a form sent twice decides once', async () => {
    const person = await reviewer('hub-coordinator');
    await person.decide(address(2), { decision: 'different' });
    const twice = await person.decide(address(2), { decision: 'same' });
    expect(twice.statusCode).toBe(303);
    expect(review.audited.at(-1)).toMatchObject({ action: 'link-pair.decide', outcome: 'refused' });
    expect(review.rows.filter(({ left }) => left === 'a:2')).toHaveLength(1);
  });

  test('a third person decides where two do not agree, and the queue says how far people agree', async () => {
    const [second, third] = [await reviewer('lead-practitioner'), await reviewer('governance-lead')];
    await second.decide(address(2), { decision: 'unsure' });
    expect(await third.see(address(2))).toContain('Two people have looked at this pair');
    await third.decide(address(2), { decision: 'different' });
    expect(await third.see(address(2))).toContain('People settled that these are different people');
    const body = await third.see('/linkage/review');
    expect(body).toContain('agreed on 1 of 2 pairs (50%)');
    expect(body).toContain('Cohen’s kappa');
    expect(body).toContain('sample-governance-lead (you)');
  });

  test('a settled pair may be taken up again, and what was settled holds meanwhile', async () => {
    const person = await reviewer('governance-lead');
    await person.decide(address(1), { decision: 'different', again: 'yes' });
    expect(review.rows.filter(({ left }) => left === 'a:1').map(({ round, seat }) => [round, seat])).toEqual([[1, 1], [1, 2], [2, 1]]);
  });

  test('a decision that is none, or a reason that is too long, is refused in words and keeps what was written', async () => {
    const person = await reviewer('hub-coordinator');
    const none = await person.decide(address(3), { decision: 'perhaps', reason: 'They share a school' });
    expect(none.statusCode).toBe(400);
    expect(none.body).toContain('Choose whether the two records are one person');
    expect(none.body).toContain('They share a school');
    expect(none.body).toMatch(/<a href="#decision">Choose whether/);
    expect(none.body).toMatch(/id="decision-error" class="govuk-error-message"/);
    expect(none.body).not.toContain('govuk-textarea--error');
    const long = await person.decide(address(3), { decision: 'same', reason: 'x'.repeat(1001) });
    expect(long.statusCode).toBe(400);
    expect(long.body).toContain('1,000 characters or fewer');
    expect(long.body).toMatch(/<a href="#reason">/);
    expect(long.body).toContain('govuk-textarea--error');
    expect(long.body).toContain('x'.repeat(1001));
  });
});

describe('the records of a person', () => {
  test('are listed with how sure each pair is, and audited one by one', async () => {
    const { body } = await open(`${address(1)}/person?of=b`);
    expect(body).toContain('The records of this person');
    expect(body).toContain('Records 1 and 2');
    expect(review.audited.at(-1)).toMatchObject({ action: 'link-person.view', subjectKind: 'source-record', subjectIds: ['b:1', 'c:1'] });
  });
});

test('Nothing is shown where the audit cannot be written', async () => {
  review.breakAudit(true);
  const response = await open(address(1));
  expect(response.statusCode).toBe(500);
  expect(response.body).not.toContain('Thistlewood');
  review.breakAudit(false);
});
