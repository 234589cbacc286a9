import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fakeQuestion, follow, formToken, get, openJar, openTestServer, plainPages, post, signedInAs, signIn, type TestServer } from '../../test/support/web-server.ts';
import { Problem } from '../core/index.ts';
import { samplePassword } from './sample-identity/sample-user.ts';

const policy = /^default-src 'self';script-src 'self';style-src 'self';/;

describe('headers', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openTestServer();
  });
  afterAll(() => server.app.close());

  test.each(['/', '/sign-in', '/help', '/accessibility', '/cookies', '/nothing', '/understand/demand', '/api/questions', '/api/openapi.json', '/health', '/sample-identity/.well-known/openid-configuration'])(
    '%s carries a strict policy and is not kept',
    async (url) => {
      const { cookie } = await signedInAs(server, 'analyst');
      const { headers } = await server.app.inject({ url, headers: { cookie } });
      expect(headers['content-security-policy']).toMatch(policy);
      expect(headers['content-security-policy']).not.toMatch(/unsafe|\*|https?:/);
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['x-content-type-options']).toBe('nosniff');
      expect(headers['x-frame-options']).toBe('DENY');
      expect(headers['referrer-policy']).toBe('same-origin');
      expect(headers['cross-origin-opener-policy']).toBe('same-origin');
      expect(headers['cross-origin-resource-policy']).toBe('same-origin');
      expect(headers['permissions-policy']).toContain('geolocation=()');
      expect(headers['cache-control']).toContain('no-store');
      expect(headers['x-powered-by']).toBeUndefined();
      expect(headers['strict-transport-security']).toBeUndefined();
    },
  );

  test('No page holds an inline script, an inline style or an event handler', async () => {
    for (const url of ['/', '/help', '/help/sources', '/help/glossary', '/accessibility', '/cookies', '/sign-in', '/nothing']) {
      const { cookie } = await signedInAs(server, 'analyst');
      const { body } = await server.app.inject({ url, headers: { cookie } });
      expect(body.match(/<script(?![^>]*\bsrc=)[^>]*>/g), url).toBeNull();
      expect(body.match(/<style|\sstyle=|\son\w+=/g), url).toBeNull();
      expect(body.match(/(?:src|href)="https?:/g), url).toBeNull();
    }
  });
});

describe('over https', () => {
  test('Cookies are bound to the host and secure, and the browser is told to stay on https', async () => {
    const server = await openTestServer({ baseUrl: 'https://headwater.example.org' });
    const start = await server.app.inject({ url: '/sign-in/start' });
    expect(String(start.headers['set-cookie'])).toMatch(/^__Host-headwater-sign-in=[^;]+;.*Path=\/; HttpOnly; Secure; SameSite=Lax/);
    expect(start.headers['strict-transport-security']).toContain('max-age=31536000');
    const page = await server.app.inject({ url: '/sign-in' });
    expect(String(page.headers['set-cookie'])).toMatch(/^__Host-headwater-form=[^;]+; Path=\/; HttpOnly; Secure; SameSite=Lax/);
    const next = await server.app.inject({ url: new URL(String(start.headers.location)).pathname + new URL(String(start.headers.location)).search, headers: { host: 'headwater.example.org' } });
    for (const cookie of [next.headers['set-cookie'] ?? []].flat()) expect(cookie).toMatch(/samesite=lax; secure; httponly/i);
    await server.app.close();
  });

  test('The whole sign-in works and its session cookie is bound to the host', async () => {
    const server = await openTestServer({ baseUrl: 'https://headwater.example.org' });
    const jar = openJar();
    const { response } = await signIn(server.app, jar, 'analyst');
    expect(response.statusCode).toBe(200);
    expect(jar.get('__Host-headwater')).toMatch(/^[\w-]{43}$/);
    await server.app.close();
  });
});

describe('cookies over http', () => {
  test('The session cookie is for this service alone and out of reach of scripts', async () => {
    const server = await openTestServer();
    const jar = openJar();
    const { response, path } = await follow(server.app, jar, '/sign-in/start');
    const posted = await post(server.app, jar, path, { 'form-token': formToken(response.body), user: 'sample-analyst', password: samplePassword });
    const resumed = await get(server.app, jar, String(posted.headers.location));
    const back = await get(server.app, jar, String(resumed.headers.location));
    const cookies = [back.headers['set-cookie'] ?? []].flat();
    const session = cookies.find((cookie) => cookie.startsWith('headwater='));
    expect(session).toMatch(/^headwater=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/);
    expect(cookies.find((cookie) => cookie.startsWith('headwater-sign-in=;'))).toBeDefined();
    await server.app.close();
  });
});

describe('forms', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openTestServer();
  });
  afterAll(() => server.app.close());

  test('Without the token of this browser a form is refused and does nothing', async () => {
    const { cookie, session } = await signedInAs(server, 'analyst');
    const bare = await server.app.inject({ method: 'POST', url: '/sign-out', headers: { cookie } });
    expect(bare.statusCode).toBe(403);
    const other = openJar();
    const token = formToken((await get(server.app, other, '/sign-in')).body) || formToken((await follow(server.app, other, '/sign-in/start')).response.body);
    const crossed = await server.app.inject({ method: 'POST', url: '/sign-out', headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' }, payload: `form-token=${token}` });
    expect(crossed.statusCode).toBe(403);
    expect(crossed.body).toContain('We could not accept that form');
    expect(await server.sessions.find(session.key)).toBeDefined();
  });

  test('A form from another site is refused even with a token', async () => {
    const jar = openJar();
    const { response } = await signIn(server.app, jar, 'analyst');
    const sent = await post(server.app, jar, '/sign-out', { 'form-token': formToken(response.body) }, { 'sec-fetch-site': 'cross-site' });
    expect(sent.statusCode).toBe(403);
    expect((await get(server.app, jar, '/')).statusCode).toBe(200);
  });

  test('A token made up of lists or sent in the address is none', async () => {
    const jar = openJar();
    const { response } = await signIn(server.app, jar, 'analyst');
    const token = formToken(response.body);
    const listed = await server.app.inject({ method: 'POST', url: `/sign-out?form-token=${token}`, headers: { cookie: jar.header('/sign-out'), 'content-type': 'application/x-www-form-urlencoded' }, payload: 'form-token=a&form-token=b' });
    expect(listed.statusCode).toBe(403);
  });

  test.each(['POST', 'PUT', 'DELETE', 'PATCH'] as const)('%s changes nothing where only reading is offered', async (method) => {
    const { cookie } = await signedInAs(server, 'analyst');
    for (const url of ['/', '/understand/demand', '/api/questions/demand', '/health']) {
      const response = await server.app.inject({ method, url, headers: { cookie, 'x-http-method-override': 'GET' } });
      expect(response.statusCode).toBe(405);
      expect(response.headers.allow).toBe('GET, HEAD');
      expect(response.body).not.toContain('The answer to');
    }
  });

  test('A form that is too large, or of another kind, is refused in plain words', async () => {
    const large = await server.app.inject({ method: 'POST', url: '/sign-out', headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: `a=${'x'.repeat(70_000)}` });
    expect(large.statusCode).toBe(413);
    expect(large.body).toContain('That is too much to send at once');
    const strange = await server.app.inject({ method: 'POST', url: '/sign-out', headers: { 'content-type': 'application/xml' }, payload: '<a/>' });
    expect(strange.statusCode).toBe(415);
  });
});

describe('what comes in is never run', () => {
  const script = '<script>alert(1)</script>"\'><img src=x onerror=alert(1)>';

  test('A script in a filter is shown as text', async () => {
    const server = await openTestServer();
    const { cookie } = await signedInAs(server, 'analyst');
    const { body } = await server.app.inject({ url: `/understand/demand?area=${encodeURIComponent(script)}`, headers: { cookie } });
    expect(body).not.toContain('<script>alert');
    expect(body).not.toContain('<img src=x');
    expect(body).toContain('&lt;script&gt;alert(1)');
    const json = await server.app.inject({ url: `/api/questions/demand?area=${encodeURIComponent(script)}`, headers: { cookie } });
    expect(json.headers['content-type']).toBe('application/problem+json; charset=utf-8');
    await server.app.close();
  });

  test('A script in a name, an agency, a sentence or the partnership is shown as text', async () => {
    const server = await openTestServer({ partnership: script, questions: [fakeQuestion('demand', script, { sentence: script })], contact: { name: script } });
    const { cookie } = await signedInAs(server, 'analyst', { name: script, agency: script });
    for (const url of ['/', '/understand/demand', '/help', '/nothing']) {
      const { body } = await server.app.inject({ url, headers: { cookie } });
      expect(body, url).not.toContain('<script>alert');
      expect(body, url).not.toContain('<img src=x');
    }
    await server.app.close();
  });
});

describe('limits', () => {
  test('One person who asks too often waits; others do not', async () => {
    const server = await openTestServer({ limits: { requests: 5 } });
    const first = await signedInAs(server, 'analyst');
    const second = await signedInAs(server, 'commissioner');
    const open = async (cookie: string) => server.app.inject({ url: '/help', headers: { cookie } });
    for (let i = 0; i < 5; i += 1) expect((await open(first.cookie)).statusCode).toBe(200);
    const refused = await open(first.cookie);
    expect(refused.statusCode).toBe(429);
    expect(refused.body).toContain('Wait a minute and try again');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await open(second.cookie)).statusCode).toBe(200);
    await server.app.close();
  });

  test('Guessing addresses is limited too, and assets are not', async () => {
    const server = await openTestServer({ limits: { requests: 3 } });
    const codes = [];
    for (let i = 0; i < 5; i += 1) codes.push((await server.app.inject({ url: `/guess-${i}` })).statusCode);
    expect(codes).toEqual([404, 404, 404, 429, 429]);
    const css = /href="(\/assets\/[^"]+headwater\.css)"/.exec((await server.app.inject({ url: '/sign-in', remoteAddress: '192.0.2.9' })).body)![1]!;
    for (let i = 0; i < 6; i += 1) expect((await server.app.inject({ url: css })).statusCode).toBe(200);
    await server.app.close();
  });

  test('Passwords may be tried ten times a minute from one address', async () => {
    const server = await openTestServer({ limits: { passwords: 10 } });
    const jar = openJar();
    const { response, path } = await follow(server.app, jar, '/sign-in/start');
    const codes = [];
    for (let i = 0; i < 12; i += 1) codes.push((await post(server.app, jar, path, { 'form-token': formToken(response.body), user: 'sample-analyst', password: `guess ${i}` })).statusCode);
    expect(codes.slice(0, 10).every((code) => code === 400)).toBe(true);
    expect(codes.slice(10)).toEqual([429, 429]);
    await server.app.close();
  });

  test('Sign-ins may be begun only so often from one address', async () => {
    const server = await openTestServer({ limits: { signIns: 2 } });
    const codes = [];
    for (let i = 0; i < 4; i += 1) codes.push((await server.app.inject({ url: '/sign-in/start' })).statusCode);
    expect(codes).toEqual([303, 303, 429, 429]);
    await server.app.close();
  });
});

describe('what goes wrong', () => {
  const secret = 'Anthea Person, 14 Mill Lane, 999 123 4567';
  const failing = (error: unknown) => openTestServer({}, [plainPages, (app, deps) => void app.get('/broken', { preHandler: deps.requirePage('start') }, async () => { throw error; })]);

  test('An unforeseen error shows a reference and nothing of itself; the log has its place but not its words', async () => {
    const server = await failing(new Error(`could not convert "${secret}"`));
    const { cookie } = await signedInAs(server, 'analyst');
    const response = await server.app.inject({ url: `/broken?person=${encodeURIComponent(secret)}`, headers: { cookie } });
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('Anthea');
    const reference = /Reference: <code>([0-9a-f-]{36})<\/code>/.exec(response.body)?.[1];
    const line = server.log.map((text) => JSON.parse(text) as Record<string, unknown>).find((entry) => entry.msg === 'request failed');
    expect(line?.reqId).toBe(reference);
    expect(JSON.stringify(line)).toContain('security.test.ts');
    expect(server.log.join('')).not.toContain('Anthea');
    await server.app.close();
  });

  test.each([
    ['usage', 400], ['badInput', 400], ['notFound', 404], ['busy', 503], ['storage', 503], ['failed', 500],
  ] as const)('A problem of kind %s is answered with %i and never with its place', async (kind, status) => {
    const server = await failing(new Problem(kind, { what: 'The month is not one', where: '/srv/secret/path.csv', todo: 'Write it like 2025-01.' }));
    const { cookie } = await signedInAs(server, 'analyst');
    const response = await server.app.inject({ url: '/broken', headers: { cookie } });
    expect(response.statusCode).toBe(status);
    expect(response.body).not.toContain('/srv/secret');
    if (status === 400) expect(response.body).toContain('Write it like 2025-01.');
    await server.app.close();
  });

  test('A page that cannot even show its problem still says nothing of itself', async () => {
    const server = await openTestServer({}, [
      (app, deps) =>
        void app.get('/torn', { preHandler: deps.requirePage('start') }, async (_request, reply) => {
          reply.generateCsrf = () => { throw new Error(secret); };
          throw new Error(secret);
        }),
    ]);
    const { cookie } = await signedInAs(server, 'analyst');
    const response = await server.app.inject({ url: '/torn', headers: { cookie } });
    expect(response.statusCode).toBe(500);
    expect(response.body).toBe('Sorry, there is a problem with the service. Try again later.');
    await server.app.close();
  });

  test('Without a snapshot pages say how to build one', async () => {
    const server = await openTestServer({ lake: () => { throw new Problem('notFound', { what: 'No snapshot', where: '/home/x/lake/current.json' }); } });
    const { cookie } = await signedInAs(server, 'analyst');
    const page = await server.app.inject({ url: '/understand/demand', headers: { cookie } });
    expect(page.statusCode).toBe(503);
    expect(page.body).toContain('There is no data to show yet');
    expect(page.body).toContain('npx headwater build');
    const json = await server.app.inject({ url: '/api/questions/demand', headers: { cookie } });
    expect(json.statusCode).toBe(503);
    expect(json.json()).toMatchObject({ status: 503, title: 'There is no data to show yet' });
    const start = await server.app.inject({ url: '/', headers: { cookie } });
    expect(start.statusCode).toBe(200);
    expect(start.body).toContain('There is no data yet');
    await server.app.close();
  });

  test('Each request is one line of JSON with the route’s pattern: no query, no name, no address, no cookie', async () => {
    const server = await openTestServer();
    const jar = openJar();
    await signIn(server.app, jar, 'analyst', '/understand/demand?area=E01000001');
    await get(server.app, jar, '/api/questions/demand?category=burglary');
    await get(server.app, jar, '/nothing/999 123 4567');
    const lines = server.log.map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(lines.filter((line) => line.msg === 'request').map((line) => line.route)).toContain('/api/questions/:id');
    for (const line of lines.filter((item) => item.msg === 'request')) {
      expect(Object.keys(line).toSorted()).toEqual(['level', 'method', 'ms', 'msg', 'reqId', 'route', 'service', 'status', 'time']);
    }
    const all = server.log.join('');
    for (const word of ['E01000001', 'burglary', '999 123', '999%20123', 'Priya', 'sample-analyst', '127.0.0.1', samplePassword, jar.get('headwater')!, 'code=', 'state=']) expect(all, word).not.toContain(word);
    await server.app.close();
  });
});

test('An address with a NUL is answered once, and what it would lead to does not run', async () => {
  let ran = 0;
  const server = await openTestServer({}, [(app, deps) => void app.get('/kept/:key', { preHandler: deps.requirePage('start') }, async () => `run ${(ran += 1)}`)]);
  const { cookie } = await signedInAs(server, 'analyst');
  const open = (key: string) => server.app.inject({ url: `/kept/${key}`, headers: { cookie } });
  expect((await open('a')).body).toBe('run 1');
  const refused = await open('a%00');
  expect([refused.statusCode, refused.body.includes('Page not found')]).toEqual([404, true]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect([ran, server.log.filter((line) => !line.includes('"msg":"request"'))]).toEqual([1, []]);
  await server.app.close();
});

test('Closing lets a running request end', async () => {
  let begun = () => {};
  const started = new Promise<void>((resolve) => (begun = resolve));
  const server = await openTestServer({}, [
    (app, deps) =>
      void app.get('/slow', { preHandler: deps.requirePage('start') }, async () => {
        begun();
        await new Promise((resolve) => setTimeout(resolve, 300));
        return 'done at last';
      }),
  ]);
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = server.app.server.address() as AddressInfo;
  const { cookie } = await signedInAs(server, 'analyst');
  const answer = new Promise<{ status: number; body: string }>((resolve, reject) => {
    httpRequest({ port, host: '127.0.0.1', path: '/slow', headers: { cookie }, agent: false }, (response) => {
      let body = '';
      response.on('data', (part) => (body += String(part)));
      response.on('end', () => resolve({ status: response.statusCode!, body }));
    }).on('error', reject).end();
  });
  await started;
  await server.app.close();
  expect(await answer).toEqual({ status: 200, body: 'done at last' });
});
