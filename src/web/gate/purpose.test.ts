import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, figuresClause, signAll } from '../../../test/support/agreement-for-all.ts';
import { agreementOf, lakeOf, lead, openGate } from '../../../test/support/gate-server.ts';
import { formToken, get, openJar, post, signedInAs, signIn, statePurpose } from '../../../test/support/web-server.ts';
import type { Role } from '../../core/index.ts';
import { auditRoutes } from '../audit/audit.page.ts';

describe('the purpose', () => {
  let server: Awaited<ReturnType<typeof openGate>>;
  beforeAll(async () => {
    server = await openGate();
    const analyst = { to: [{ agency: codeOf('Violence reduction unit'), roles: ['analyst'] as Role[] }] };
    await signAll(server.register, agreementOf(figuresClause(analyst), figuresClause({ ...analyst, purpose: 'evaluation', items: [{ feed: 'police-incident', fields: 'all' }] })));
    server.clock.move(1);
  });
  afterAll(() => server.app.close());
  const visit = async (role: Role = 'analyst') => {
    const jar = openJar();
    await signIn(server.app, jar, role);
    return jar;
  };

  test('is chosen from those that agreements give, in the pack’s words, and leads back to where one was going', async () => {
    const jar = await visit();
    const asked = await get(server.app, jar, '/understand/demand?from=2026-01');
    expect([asked.statusCode, asked.headers.location]).toEqual([303, '/purpose?return-to=%2Funderstand%2Fdemand%3Ffrom%3D2026-01']);
    const { body } = await get(server.app, jar, String(asked.headers.location));
    expect(body).toContain('What are you doing now?');
    expect([...body.matchAll(/name="purpose"[^>]*value="([^"]+)"/g)].map(([, value]) => value)).toEqual(['understand-demand', 'evaluation']);
    expect(body).toContain('See where, when and how often people come to harm or ask for help, in groups and places.');
    expect(body).not.toContain('headwater-purpose__text');
    expect((await get(server.app, jar, '/help')).body).toContain('You have not said what you are doing.');
    const stated = await post(server.app, jar, '/purpose', { 'form-token': formToken(body), purpose: 'evaluation', 'return-to': '/understand/demand?from=2026-01' });
    expect([stated.statusCode, stated.headers.location]).toEqual([303, '/understand/demand?from=2026-01']);
    expect(server.audited.at(-1)).toEqual({ actorId: 'sample-analyst', action: 'purpose.state', outcome: 'done', purpose: 'evaluation' });
    const page = await get(server.app, jar, '/understand/demand?from=2026-01');
    expect(page.statusCode).toBe(200);
    expect(page.body).toContain('<strong>Find out what works</strong>');
    expect(page.body).toMatch(/<a [^>]*href="\/purpose\?return-to=%2Funderstand%2Fdemand%3Ffrom%3D2026-01">Change/);
    expect(server.audited.at(-1)).toMatchObject({ purpose: 'evaluation', basis: expect.stringMatching(/^a-\w+\/1\/2$/) });
  });

  test('that is not given is refused and audited, whoever posts it, and changes nothing', async () => {
    const jar = await visit();
    await statePurpose(server.app, jar, 'understand-demand');
    const token = formToken((await get(server.app, jar, '/purpose')).body);
    for (const [purpose, kept] of [['early-help', 'early-help'], ['record-linkage', 'record-linkage'], ['<script>alert(1)</script>', undefined], ["' or 1=1 --", undefined], ['x'.repeat(5000), undefined]] as const) {
      const refused = await post(server.app, jar, '/purpose', { 'form-token': token, purpose, 'return-to': '/understand/demand' });
      expect(refused.statusCode).toBe(403);
      expect(refused.body).toContain('No agreement in force gives your agency and role that purpose');
      expect(refused.body).not.toContain('<script>alert');
      expect(server.audited.at(-1)).toEqual({ actorId: 'sample-analyst', action: 'purpose.state', outcome: 'refused', basis: 'not-recipient', ...(kept ? { purpose: kept } : {}) });
    }
    await get(server.app, jar, '/understand/demand');
    expect(server.audited.at(-1)).toMatchObject({ outcome: 'done', purpose: 'understand-demand' });
  });

  test('must be one: none, or two, is asked for again', async () => {
    const jar = await visit();
    const token = formToken((await get(server.app, jar, '/purpose')).body);
    const none = await post(server.app, jar, '/purpose', { 'form-token': token });
    expect([none.statusCode, none.body.includes('Choose what you are doing now'), none.body.includes('<title>Error: ')]).toEqual([400, true, true]);
    const two = await server.app.inject({ method: 'POST', url: '/purpose', headers: { host: 'localhost:8080', cookie: jar.header('/purpose'), 'content-type': 'application/x-www-form-urlencoded' }, payload: `form-token=${encodeURIComponent(token)}&purpose=evaluation&purpose=understand-demand` });
    expect(two.statusCode).toBe(400);
  });

  test('leads nowhere else', async () => {
    const jar = await visit();
    const token = formToken((await get(server.app, jar, '/purpose')).body);
    for (const elsewhere of ['https://evil.example/', '//evil.example/', '/\\evil.example', 'javascript:alert(1)', '/sign-out']) {
      expect((await get(server.app, jar, `/purpose?return-to=${encodeURIComponent(elsewhere)}`)).body).not.toContain('evil');
      expect((await post(server.app, jar, '/purpose', { 'form-token': token, purpose: 'evaluation', 'return-to': elsewhere })).headers.location).toBe('/');
    }
  });

  test('cannot be stated by another site, nor without the form’s own token', async () => {
    const jar = await visit();
    const token = formToken((await get(server.app, jar, '/purpose')).body);
    for (const [form, headers] of [[{ purpose: 'evaluation' }, {}], [{ purpose: 'evaluation', 'form-token': 'x' }, {}], [{ purpose: 'evaluation', 'form-token': token }, { 'sec-fetch-site': 'cross-site' }]] as const) {
      expect((await post(server.app, jar, '/purpose', form as unknown as Record<string, string>, headers as Record<string, string>)).statusCode).toBe(403);
    }
    expect((await get(server.app, jar, '/understand/demand')).statusCode).toBe(303);
    expect((await server.app.inject({ method: 'POST', url: '/purpose' })).statusCode).toBe(403);
    expect((await server.app.inject({ url: '/purpose' })).headers.location).toBe('/sign-in?return-to=%2Fpurpose');
  });

  test('ends with the session: whoever signs in again states it again', async () => {
    const jar = await visit();
    await statePurpose(server.app, jar, 'evaluation');
    expect((await get(server.app, jar, '/understand/demand')).statusCode).toBe(200);
    await signIn(server.app, jar, 'analyst');
    expect((await get(server.app, jar, '/understand/demand')).statusCode).toBe(303);
  });

  test('that was changed in another tab counts in every tab from the next click', async () => {
    const jar = await visit();
    await statePurpose(server.app, jar, 'understand-demand');
    await get(server.app, jar, '/understand/demand');
    expect(server.audited.at(-1)).toMatchObject({ purpose: 'understand-demand', basis: expect.stringMatching(/\/1\/1$/) });
    await statePurpose(server.app, jar, 'evaluation');
    const { body } = await get(server.app, jar, '/understand/demand');
    expect(server.audited.at(-1)).toMatchObject({ purpose: 'evaluation', basis: expect.stringMatching(/\/1\/2$/) });
    expect(body).toContain('<strong>Find out what works</strong>');
  });

  test('of someone whom no agreement names cannot be stated: the page says so, and whom to ask', async () => {
    const jar = await visit('board-member');
    const { statusCode, body } = await get(server.app, jar, '/purpose');
    expect(statusCode).toBe(200);
    expect(body).toContain('There is no purpose that you can choose');
    expect(body).toContain('No agreement in force gives data to a board member of Police and crime commissioner.');
    expect(body).toContain('mailto:data@example.org');
    expect(body).not.toContain('headwater-purpose');
    expect((await get(server.app, jar, '/understand/demand')).statusCode).toBe(403);
  });

  test('that lapsed stops counting at once: the header says so, and it cannot be stated again', async () => {
    const own = await openGate();
    const id = await signAll(own.register, agreementOf(figuresClause()));
    await signAll(own.register, agreementOf(figuresClause({ purpose: 'commissioning' })));
    own.clock.move(1);
    const { cookie } = await signedInAs(own, 'analyst', { purpose: 'understand-demand' });
    const open = async (url: string) => (await own.app.inject({ url, headers: { cookie } })).body;
    expect(await open('/help')).toContain('<strong>Understand demand and harm</strong>');
    await own.register.end(id, lead, 'Over');
    expect(await open('/help')).toContain('What you said you are doing counts no longer.');
    const choices = await open('/purpose');
    expect(choices).toContain('Agreements no longer give you the purpose “Understand demand and harm”.');
    expect(choices).not.toContain('value="understand-demand"');
    expect(await open('/understand/demand')).toContain('href="/purpose?return-to=%2Funderstand%2Fdemand">State another purpose</a>');
    await own.app.close();
  });

  test('that lapsed makes no way for other numbers: published data are shown to who takes it back, and who has another to choose cannot', async () => {
    const own = await openGate({ lake: lakeOf('police-uk-street', 'police-incident') });
    const id = await signAll(own.register, agreementOf(figuresClause({ to: [{ agency: 'violence-reduction-unit', roles: ['analyst'] }] })));
    own.clock.move(1);
    const jar = openJar();
    await signIn(own.app, jar, 'analyst');
    await statePurpose(own.app, jar, 'understand-demand');
    const takeBack = async () => post(own.app, jar, '/purpose', { 'form-token': formToken((await get(own.app, jar, '/purpose')).body), none: 'yes', 'return-to': '/understand/demand' });
    expect((await takeBack()).statusCode).toBe(400);
    await own.register.end(id, lead, 'Over');
    const dark = await get(own.app, jar, '/understand/demand');
    expect([dark.statusCode, dark.body.includes('See published data alone')]).toEqual([403, true]);
    expect((await takeBack()).headers.location).toBe('/understand/demand');
    expect(own.audited.at(-1)).toEqual({ actorId: 'sample-analyst', action: 'purpose.take-back', outcome: 'done' });
    const open = await get(own.app, jar, '/understand/demand');
    expect(open.statusCode).toBe(200);
    expect(open.body).toContain('You see published data alone. No agreement in force gives these data to an analyst of Violence reduction unit.');
    await own.app.close();
  });

  test('that is the only one and does not cover a page is not offered to be taken back, there or where it is stated', async () => {
    const own = await openGate({ lake: lakeOf('police-incident', 'early-help-episode') });
    await signAll(own.register, agreementOf(figuresClause({ to: [{ agency: 'violence-reduction-unit', roles: ['analyst'] }], items: [{ feed: 'police-incident', fields: 'all' }] })));
    own.clock.move(1);
    const { cookie } = await signedInAs(own, 'analyst', { purpose: 'understand-demand' });
    const dark = await own.app.inject({ url: '/linkage', headers: { cookie } });
    expect([dark.statusCode, dark.body.includes('You cannot see this now')]).toEqual([403, true]);
    for (const { body } of [dark, await own.app.inject({ url: '/purpose', headers: { cookie } })]) expect(body).not.toContain('See published data alone');
    const start = (await own.app.inject({ url: '/', headers: { cookie } })).body;
    expect([start.includes('Your purpose does not cover more than this.'), start.includes('State another purpose')]).toEqual([true, false]);
    await own.app.close();
  });
});

describe('pages that tell an information governance lead of people', () => {
  const pages = ['/govern/audit', '/govern/audit?before=9'];
  const open = async (given: Parameters<typeof signAll>[1] | null, purpose: string | null) => {
    const server = await openGate({ more: [auditRoutes] });
    if (given) await signAll(server.register, given);
    server.clock.move(1);
    const { cookie } = await signedInAs(server, 'governance-lead', { purpose });
    const answers = await Promise.all(pages.map((url) => server.app.inject({ url, headers: { cookie } })));
    await server.app.close();
    return { answers, audited: server.audited };
  };
  const leads = agreementOf(figuresClause({ to: [{ agency: 'council', roles: ['governance-lead'] }], purpose: 'information-governance' }));

  test('ask first for a purpose, of whom agreements give any, and keep it with what was read', async () => {
    const asked = await open(leads, null);
    expect(asked.answers.map(({ statusCode, headers }) => [statusCode, headers.location])).toEqual(pages.map((url) => [303, `/purpose?return-to=${encodeURIComponent(url)}`]));
    expect(asked.audited).toEqual([]);
    const stated = await open(leads, 'information-governance');
    expect(stated.answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect(stated.audited.map(({ action, purpose }) => [action, purpose])).toEqual([['page.open', 'information-governance'], ['page.open', 'information-governance']]);
  });

  test('are open to whom no agreement gives one: who saw whom can be read when all have lapsed', async () => {
    const { answers, audited } = await open(null, null);
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200]);
    expect(audited.map(({ purpose }) => purpose)).toEqual([undefined, undefined]);
  });
});
