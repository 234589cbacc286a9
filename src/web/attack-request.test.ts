// Requests that somebody else's page, a stolen cookie or a wrong address would make: forged forms, sessions fixed beforehand, redirects elsewhere, other
// methods, frames, caches. Each is refused, and does nothing.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attachmentIds, caseIds, known, openAttackServer, type Attacker, type AttackServer } from '../../test/support/attack-server.ts';
import { follow, formToken, get, openJar, post } from '../../test/support/web-server.ts';
import { samplePassword } from './sample-identity/sample-user.ts';

let at: AttackServer;
let lead: Attacker;
let other: Attacker;

beforeAll(async () => {
  at = await openAttackServer();
  lead = await at.as('governance-lead', 'Council');
  other = await at.as('governance-lead', 'Council', { userId: 'other' });
}, 120_000);
afterAll(() => at?.close());

const endAddress = () => `/govern/agreements/${at.agreementId}/end`;
const consent = { reason: 'It is no longer needed', confirm: 'yes' };
const endings = async () => (await at.register.find(at.agreementId))!.events.filter(({ kind }) => kind === 'ended').length;

describe('a forged form', () => {
  test('without a token, with another browser’s, with half of one or with one sent elsewhere does nothing', async () => {
    const [own, foreign] = [await lead.token(), await other.token()];
    for (const token of [null, '', foreign, own.slice(0, -1), `${own}x`, own.split('-')[0]!, 'undefined', '__proto__']) {
      expect((await lead.post(endAddress(), consent, { token })).statusCode, String(token)).toBe(403);
    }
    expect((await lead.post(`${endAddress()}?form-token=${own}`, consent, { token: null })).statusCode).toBe(403);
    for (const headers of [{ 'csrf-token': own }, { 'x-csrf-token': own }, { 'xsrf-token': own }, { 'x-xsrf-token': own }] as Record<string, string>[]) expect((await lead.post(endAddress(), consent, { token: null, headers })).statusCode).toBe(403);
    expect((await lead.post(endAddress(), [['form-token', own], ['form-token', own], ...Object.entries(consent)], { token: null })).statusCode).toBe(403);
    expect(await endings()).toBe(0);
  });

  test.each([{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }])('from another site (%j) does nothing even with the right token', async (headers) => {
    expect((await lead.post(endAddress(), consent, { headers: headers as Record<string, string> })).statusCode).toBe(403);
    expect(await endings()).toBe(0);
  });

  test.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'application/xml', 'application/x-www-form-urlencoded-x', 'application/x-ndjson', ''])('sent as %j is not read', async (type) => {
    const token = await lead.token();
    const bodies = [JSON.stringify({ 'form-token': token, ...consent }), new URLSearchParams({ 'form-token': token, ...consent }).toString(), `--x\r\ncontent-disposition: form-data; name="form-token"\r\n\r\n${token}\r\n--x--`];
    for (const payload of bodies) {
      const response = await at.app.inject({ method: 'POST', url: endAddress(), headers: { cookie: lead.jar.header('/'), ...(type === '' ? {} : { 'content-type': type }) }, payload });
      expect([403, 415], type).toContain(response.statusCode);
    }
    expect(await endings()).toBe(0);
  });

  test('takes no field that its page does not have', async () => {
    expect((await lead.post(endAddress(), { ...consent, by: 'somebody', agency: 'police', at: '2020-01-01' })).statusCode).toBe(400);
    expect((await lead.post(endAddress(), [...Object.entries(consent), ['reason', 'Another']])).statusCode).toBe(400);
    expect(await endings()).toBe(0);
  });
});

describe('methods', () => {
  test.each(['PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const)('%s does nothing at any address, whatever else is said of the method', async (method) => {
    for (const url of ['/', '/people', `/people/${known}`, `/api/people/${known}`, endAddress(), '/govern/audit', '/sign-out', '/purpose']) {
      const response = await at.app.inject({ method, url: `${url}?_method=POST`, headers: { cookie: lead.jar.header('/'), 'x-http-method-override': 'POST', 'x-http-method': 'POST', 'x-method-override': 'POST', 'content-type': 'application/x-www-form-urlencoded' }, payload: `form-token=${await lead.token()}&confirm=yes&reason=x&_method=POST` });
      expect([404, 405], `${method} ${url}`).toContain(response.statusCode);
      expect(response.headers['access-control-allow-origin']).toBeUndefined();
    }
    expect((await lead.get('/')).statusCode).toBe(200);
  });

  test('GET changes nothing: what a form does, an address does not', async () => {
    const query = new URLSearchParams({ 'form-token': await lead.token(), ...consent, purpose: 'record-linkage', act: 'lift', decision: 'same' }).toString();
    for (const url of [endAddress(), '/purpose', `/govern/seals/${at.sealId}`, `/linkage/review/${at.review.idOf(1)}`, '/govern/agreements/new']) await lead.get(`${url}?${query}`);
    expect((await lead.get('/sign-out')).statusCode).toBeGreaterThanOrEqual(404);
    expect([await endings(), at.review.rows.length, (await lead.get('/')).statusCode]).toEqual([0, 0, 200]);
    expect((await lead.get('/govern/seals')).body).toContain(at.sealId);
  });

  test('HEAD tells no more than GET, and is audited as it is', async () => {
    const reader = await at.as('lead-practitioner', 'Early help', { purpose: 'early-help' });
    at.audited.splice(0);
    const head = await at.app.inject({ method: 'HEAD', url: `/people/${known}`, headers: { cookie: reader.jar.header('/') } });
    expect([head.statusCode, head.body]).toEqual([200, '']);
    expect(at.audited.map(({ action, subjectIds }) => [action, subjectIds])).toContainEqual(['person.view', [known]]);
    const hidden = await at.app.inject({ method: 'HEAD', url: '/people/P0000000000000003', headers: { cookie: reader.jar.header('/') } });
    const missing = await at.app.inject({ method: 'HEAD', url: '/people/P00000000000000ff', headers: { cookie: reader.jar.header('/') } });
    expect([hidden.statusCode, hidden.headers['content-length']]).toEqual([missing.statusCode, missing.headers['content-length']]);
  });
});

describe('signing in', () => {
  const signInAs = async (jar = openJar(), returnTo = '/') => {
    const { response, path } = await follow(at.app, jar, `/sign-in/start?return-to=${encodeURIComponent(returnTo)}`);
    const posted = await post(at.app, jar, path, { 'form-token': formToken(response.body), user: 'sample-analyst', password: samplePassword });
    return { jar, resumed: await get(at.app, jar, String(posted.headers.location)) };
  };

  test('gives a new secret: one that somebody planted before never becomes a session, and a live one is ended', async () => {
    const jar = openJar();
    jar.set('headwater', 'A'.repeat(43));
    const { resumed } = await signInAs(jar);
    await get(at.app, jar, String(resumed.headers.location));
    expect(jar.get('headwater')).not.toBe('A'.repeat(43));
    expect((await at.app.inject({ url: '/help', headers: { cookie: `headwater=${'A'.repeat(43)}` } })).statusCode).toBe(303);
    const victim = await at.as('governance-lead', 'Council', { userId: 'victim' });
    victim.jar.set('headwater', victim.secret);
    const again = await signInAs(victim.jar);
    await get(at.app, victim.jar, String(again.resumed.headers.location));
    expect((await at.app.inject({ url: '/help', headers: { cookie: `headwater=${victim.secret}` } })).statusCode).toBe(303);
  });

  test('the answer of the provider is good once, for the browser that asked, with the state that it was given', async () => {
    const { jar, resumed } = await signInAs();
    const callback = String(resumed.headers.location);
    const url = new URL(callback, 'http://localhost:8080');
    expect((await get(at.app, openJar(), callback)).headers.location).toBe('/sign-in?problem=too-late');
    const swapped = new URL(url);
    swapped.searchParams.set('state', 'another');
    const copy = openJar();
    copy.set('headwater-sign-in', jar.get('headwater-sign-in')!);
    expect((await get(at.app, copy, swapped.pathname + swapped.search)).headers.location).toBe('/sign-in?problem=refused');
    expect((await get(at.app, jar, callback)).headers.location).toBe('/');
    expect((await get(at.app, copy, callback)).headers.location).not.toBe('/');
  });

  test.each(['https://evil.example', '//evil.example', '/\\evil.example', '/\t/evil.example', 'http:evil.example', 'javascript:alert(1)', '/%2f%2fevil.example/..//', '/..//evil.example', '\\\\evil.example', '/sign-out', ' //evil.example', '/\u0000/evil.example', 'data:text/html,x', '/@evil.example', '.evil.example'])('never leads on to %j', async (target) => {
    const encoded = encodeURIComponent(target);
    const places = [(await lead.get(`/sign-in?return-to=${encoded}`)).headers.location, (await lead.post('/purpose', { purpose: 'record-linkage', 'return-to': target })).headers.location];
    for (const place of places.filter((each) => each !== undefined)) {
      const led = new URL(String(place), 'http://localhost:8080');
      expect(led.origin, String(place)).toBe('http://localhost:8080');
      expect(String(place)).not.toMatch(/^[/\\]{2}|[\r\n\t]/);
      expect(led.pathname).not.toBe('/sign-out');
    }
    for (const url of [`/sign-in?return-to=${encoded}`, `/purpose?return-to=${encoded}`]) {
      const { body } = await get(at.app, url.startsWith('/purpose') ? lead.jar : openJar(), url);
      for (const [, href] of body.matchAll(/(?:href|action|formaction)="([^"]*)"/g)) expect(href, url).not.toMatch(/^(?:https?:|javascript:|data:|\/\/|[/\\]{2})/i);
    }
  });

  test('the host of a request decides no address: not of a redirect, nor of a page', async () => {
    for (const headers of [{ host: 'evil.example' }, { host: 'localhost:8080', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', forwarded: 'host=evil.example' }] as Record<string, string>[]) {
      for (const url of ['/sign-in', '/sign-in/start', '/', '/api/openapi.json', '/sample-identity/.well-known/openid-configuration']) {
        const response = await at.app.inject({ url, headers });
        expect(`${String(response.headers.location ?? '')} ${response.body}`, url).not.toContain('evil.example');
      }
    }
  });
});

describe('what a browser or a proxy may do with a page', () => {
  const personal = ['/', '/people', `/people/${known}`, `/people/${known}/record.csv`, `/api/people/${known}`, `/cases/${caseIds.known}`, `/cases/${caseIds.known}/attachments/${attachmentIds.known}`, '/purpose', '/help', '/nothing', '/people/P00000000000000ff', '/understand/demand', '/sign-in'];

  test.each(personal)('%s: it is not kept, not framed, not sniffed, and no script of another place runs', async (url) => {
    const reader = await at.as('lead-practitioner', 'Early help', { purpose: 'early-help' });
    const { headers, body } = await reader.get(url, { 'accept-encoding': 'identity' });
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-frame-options']).toBe('DENY');
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['content-security-policy']).not.toMatch(/unsafe|\*/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('same-origin');
    expect(headers.etag).toBeUndefined();
    expect(headers['x-powered-by'] ?? headers.server).toBeUndefined();
    expect(body).not.toMatch(/<script(?![^>]*\bsrc="\/assets\/)[^>]*>|\son\w+="|javascript:/i);
  });

  test('a file of a record is for keeping by whoever asked, never shown by a browser as a page', async () => {
    const reader = await at.as('lead-practitioner', 'Early help', { purpose: 'early-help' });
    const csv = await reader.get(`/people/${known}/record.csv`);
    expect(csv.headers['content-type']).toContain('text/csv');
    expect(csv.headers['content-disposition']).toMatch(/^attachment; filename="[\w-]+\.csv"$/);
    for (const line of csv.body.split('\r\n')) for (const cell of line.split(',')) expect(cell.replace(/^"/, '')).not.toMatch(/^[=+@\t]/);
  });

  test('so is a file of a case, whose content runs nothing', async () => {
    const reader = await at.as('lead-practitioner', 'Early help', { purpose: 'early-help' });
    const { statusCode, headers } = await reader.get(`/cases/${caseIds.known}/attachments/${attachmentIds.known}`);
    expect([statusCode, headers['content-type'], headers['content-security-policy']]).toEqual([200, 'application/pdf', "default-src 'none'; frame-ancestors 'none'; sandbox"]);
    expect(headers['content-disposition']).toMatch(/^attachment; filename="[\w.-]+"; filename\*=UTF-8''[\w.%-]+$/);
  });

  test('assets alone may be kept, and hold nothing of anybody', async () => {
    const { body } = await lead.get('/');
    for (const [, url] of body.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)) {
      const { headers } = await at.app.inject({ url: url! });
      expect(headers['cache-control']).toContain('immutable');
      expect(headers['set-cookie']).toBeUndefined();
    }
  });

  test('every cookie is out of reach of scripts and of other sites', async () => {
    const responses = [await at.app.inject({ url: '/sign-in' }), await at.app.inject({ url: '/sign-in/start' }), await at.app.inject({ url: '/people', headers: { cookie: lead.jar.header('/') } })];
    const cookies = responses.flatMap(({ headers }) => [headers['set-cookie'] ?? []].flat());
    expect(cookies.length).toBeGreaterThan(1);
    for (const cookie of cookies) {
      expect(cookie).toMatch(/; HttpOnly/i);
      expect(cookie).toMatch(/; SameSite=Lax/i);
      expect(cookie).not.toMatch(/; Domain=/i);
    }
  });
});
