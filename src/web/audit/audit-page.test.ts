import { parseHTML } from 'linkedom';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { formToken, get, openJar, openTestServer, plainPages, post, signedInAs, signIn, statePurpose, type TestServer } from '../../../test/support/web-server.ts';
import type { AuditEvent, RecordedAuditEvent } from '../../store/index.ts';
import { auditRoutes } from './audit.page.ts';
import type { AuditTrail } from './audit-trail.ts';

let server: TestServer;
let kept: RecordedAuditEvent[];
let broken: boolean;

/** A trail in memory that filters as the store does. */
const trail: AuditTrail = {
  record: async (event: AuditEvent) => {
    if (broken) throw new Error('the disk is full of secrets');
    kept.push({ ...event, auditEventId: kept.length + 1, occurredAt: Date.parse('2026-11-24T09:05:00Z') });
  },
  list: async ({ actorId, subjectId, before, limit }) =>
    kept.toReversed().filter((event) => (!actorId || event.actorId === actorId) && (!subjectId || event.subjectIds?.includes(subjectId)) && (before === undefined || event.auditEventId < before)).slice(0, limit),
};

beforeEach(async () => {
  await server?.app.close();
  [kept, broken] = [[], false];
  server = await openTestServer({ audit: trail }, [plainPages, auditRoutes]);
});
afterAll(() => server.app.close());

const openAs = async (role: 'analyst' | 'governance-lead' | 'referrer', url: string, method: 'GET' | 'HEAD' = 'GET') => {
  const { cookie } = await signedInAs(server, role, { userId: role });
  return server.app.inject({ url, method, headers: { cookie } });
};
const lines = () => kept.map(({ actorId, action, outcome, subjectIds }) => [actorId, action, outcome, ...(subjectIds ?? [])].join(' '));
const rowsOf = (html: string) => [...parseHTML(html).document.querySelectorAll('tbody tr')].map((row) => [...row.querySelectorAll('td')].map((cell) => cell.textContent?.trim() ?? ''));

describe('the web keeps', () => {
  test('each page opened and each answer taken, but not filters, nor pages that hold nothing', async () => {
    for (const url of ['/', '/help', '/understand/demand?area=E01990001', '/api/questions/demand']) await openAs('analyst', url);
    await openAs('analyst', '/understand/demand', 'HEAD');
    expect(lines()).toEqual(['analyst page.open done demand', 'analyst page.export done demand', 'analyst page.open done demand']);
    expect(JSON.stringify(kept)).not.toContain('E01990001');
  });

  test('the shapes that a page’s own map asks for as its opening, and as a file where they are asked for in another way', async () => {
    await server.app.close();
    server = await openTestServer({ audit: trail }, [(app, deps) => void app.get('/understand/places.geojson', { preHandler: deps.requirePage('places') }, () => ({})), auditRoutes]);
    const { cookie } = await signedInAs(server, 'analyst', { userId: 'analyst' });
    const ways: Record<string, string>[] = [{ 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-dest': 'document', 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-dest': 'empty', 'sec-fetch-site': 'cross-site' }, {}];
    for (const way of ways) expect((await server.app.inject({ url: '/understand/places.geojson', headers: { cookie, ...way } })).statusCode).toBe(200);
    expect(lines()).toEqual(['analyst page.open done places', ...Array.from({ length: 3 }, () => 'analyst page.export done places')]);
  });

  test('each refusal', async () => {
    expect((await openAs('referrer', '/understand/demand')).statusCode).toBe(403);
    expect((await openAs('analyst', '/govern/audit')).statusCode).toBe(403);
    expect(lines()).toEqual(['referrer page.open refused demand', 'analyst page.open refused audit']);
  });

  test('each sign-in and sign-out', async () => {
    const jar = openJar();
    await signIn(server.app, jar, 'analyst');
    const page = await get(server.app, jar, '/');
    await post(server.app, jar, '/sign-out', { 'form-token': formToken(page.body) });
    expect(kept.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual(['session.start done', 'session.end done']);
  });

  test('and shows nothing where it cannot keep it', async () => {
    broken = true;
    const response = await openAs('analyst', '/understand/demand');
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toMatch(/The answer to|secrets/);
    const jar = openJar();
    expect((await signIn(server.app, jar, 'analyst')).response.statusCode).toBe(500);
    expect(jar.get('headwater')).toBeUndefined();
  });
});

describe('the page of the audit', () => {
  test('says who did what, newest first, and that it was opened', async () => {
    await openAs('analyst', '/understand/demand');
    await openAs('referrer', '/understand/places');
    const { body, statusCode } = await openAs('governance-lead', '/govern/audit');
    expect(statusCode).toBe(200);
    expect(rowsOf(body).map((row) => row.slice(1))).toEqual([
      ['governance-lead', 'Opened a page', 'Audit', 'Done', 'Keep records linked rightly', ''],
      ['referrer', 'Opened a page', 'Places', 'Refused', 'Keep records linked rightly', ''],
      ['analyst', 'Opened a page', 'Demand', 'Done', 'Keep records linked rightly', 'Clause 1 of version 1'],
    ]);
  });

  test('names its table before it says that the table scrolls', async () => {
    const { document } = parseHTML((await openAs('governance-lead', '/govern/audit')).body);
    const [heading, hint, region] = [document.querySelector('#audit-caption')!, document.querySelector('.hw-scroll__hint')!, document.querySelector('.hw-scroll')!];
    expect([heading.tagName, heading.nextElementSibling === hint, hint.nextElementSibling === region]).toEqual(['H2', true, true]);
    for (const named of [region, region.querySelector('table')!]) expect(named.getAttribute('aria-labelledby')).toBe(heading.id);
  });

  test('says for what and why in words, with a link to the agreement of each clause', async () => {
    const record = (why: Pick<AuditEvent, 'purpose' | 'basis'>) => trail.record({ actorId: 'u1', action: 'page.open', outcome: 'done', subjectKind: 'page', subjectIds: ['demand'], ...why });
    for (const why of [{ purpose: 'evaluation', basis: 'a-1/2/3 a-9/1/1' }, { basis: 'open-data' }, { purpose: 'gone-from-the-pack', basis: 'lapsed' }, { basis: 'a/b' }]) await record(why);
    const { body } = await openAs('governance-lead', '/govern/audit');
    expect(rowsOf(body).slice(1).map((row) => row.slice(5))).toEqual([['', 'a/b'], ['gone-from-the-pack', 'The agreement has lapsed'], ['', 'Published data'], ['Find out what works', 'Clause 3 of version 2Clause 1 of version 1']]);
    expect(body).toContain('<a class="govuk-link" href="/govern/agreements/a-1">Clause 3 of version 2</a>');
  });

  test('shows what one person did, a page at a time', async () => {
    for (let n = 0; n < 60; n += 1) await trail.record({ actorId: n % 6 === 0 ? 'a<b>' : 'u1', action: 'page.open', outcome: 'done', subjectKind: 'page', subjectIds: ['demand'] });
    const first = await openAs('governance-lead', '/govern/audit');
    expect(rowsOf(first.body)).toHaveLength(50);
    const older = parseHTML(first.body).document.querySelector('a[rel=next]')!.getAttribute('href')!;
    expect(rowsOf((await openAs('governance-lead', older)).body)).toHaveLength(11);
    const their = [...parseHTML(first.body).document.querySelectorAll('tbody a')].find((link) => link.textContent === 'a<b>')!.getAttribute('href')!;
    expect(their).toMatch(/^\/govern\/audit\?by=\d+$/);
    const one = await openAs('governance-lead', their);
    expect(rowsOf(one.body)).toHaveLength(10);
    expect(one.body).not.toContain('a<b>');
    expect((await openAs('governance-lead', `${their}&before=1`)).body).toContain('This person did nothing before then.');
    // Not everybody's rows instead: the reader would take them for the person's.
    for (const wrong of ['before=x', 'by=1&by=2', 'by=', 'by=nobody', 'by=999', `by=${encodeURIComponent('a<b>')}`, `by=${'1'.repeat(16)}`]) {
      const refused = await openAs('governance-lead', `/govern/audit?${wrong}`);
      expect(refused.statusCode).toBe(400);
      expect(refused.body).toContain('This address asks the audit for something that is not known here');
    }
  });

  test('finds who saw a record by a form, keeps that search, and puts no id in an address', async () => {
    await trail.record({ actorId: 'u7', action: 'link-pair.view', outcome: 'done', subjectKind: 'source-record', subjectIds: ['police:77', 'housing:3'] });
    const jar = openJar();
    await signIn(server.app, jar, 'governance-lead');
    await statePurpose(server.app, jar);
    const page = await get(server.app, jar, '/govern/audit');
    const send = (record: string) => post(server.app, jar, '/govern/audit', { 'form-token': formToken(page.body), record });
    const found = await send('police:77');
    expect(rowsOf(found.body).map((row) => row.slice(1, 4))).toEqual([[expect.any(String), 'Searched the audit for a record', 'police:77'], ['u7', 'Opened a pair of records', 'police:77housing:3']]);
    expect(found.body).not.toMatch(/href="[^"]*police/);
    const nothing = await send('   ');
    expect(nothing.statusCode).toBe(400);
    expect(nothing.body).toContain('Enter the id of a record');
    const long = await send('9'.repeat(201));
    expect(long.statusCode).toBe(400);
    expect(long.body).toContain('Enter the id of one record, 200 characters or fewer');
    expect(long.body).toContain(`value="${'9'.repeat(201)}"`);
    expect((await post(server.app, jar, '/govern/audit', { record: 'police:77' })).statusCode).toBe(403);
  });
});
