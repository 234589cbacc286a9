import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { follow, formToken, get, openJar, openTestServer, post, signedInAs, signIn, type TestServer } from '../../../test/support/web-server.ts';
import { createMemorySessions, roles } from '../../core/index.ts';
import { samplePassword, sampleUsers } from '../sample-identity/sample-user.ts';
import { readPerson } from './openid.ts';
import { keyOfSecret } from './signed-in.ts';

describe('signing in as a sample user', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await openTestServer();
  });
  afterAll(() => server.app.close());

  test.each(roles)('A %s signs in by the whole protocol and gets to the page that was asked for', async (role) => {
    const jar = openJar();
    const { response, path } = await signIn(server.app, jar, role, '/help/sources?a=1');
    expect(path).toBe('/help/sources?a=1');
    expect(response.statusCode).toBe(200);
    expect(response.body).toContain(sampleUsers.find((user) => user.role === role)!.name);
  });

  test('The request to the provider carries state, nonce and a PKCE challenge', async () => {
    const response = await get(server.app, openJar(), '/sign-in/start');
    const url = new URL(String(response.headers.location));
    expect(url.origin + url.pathname).toBe('http://localhost:8080/sample-identity/auth');
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    for (const name of ['state', 'nonce', 'code_challenge']) expect(url.searchParams.get(name)).toMatch(/^[\w-]{43}$/);
    expect(String(response.headers['set-cookie'])).not.toContain(url.searchParams.get('state')!);
  });

  test('A wrong password and no choice are said beside the field and in the summary', async () => {
    const jar = openJar();
    const { response, path } = await follow(server.app, jar, '/sign-in/start');
    const token = formToken(response.body);
    const empty = await post(server.app, jar, path, { 'form-token': token });
    expect(empty.statusCode).toBe(400);
    expect(empty.body).toContain('Error: Choose a sample user');
    expect(empty.body).toContain('href="#user"');
    expect(empty.body).toContain('Enter the sample password');
    const wrong = await post(server.app, jar, path, { 'form-token': token, user: 'sample-analyst', password: 'guess' });
    expect(wrong.body).toContain('The password is not right');
    expect(wrong.body).toMatch(/value="sample-analyst"\s+checked/);
    expect(wrong.body).not.toContain('guess');
    const stranger = await post(server.app, jar, path, { 'form-token': token, user: 'sample-superuser', password: samplePassword });
    expect(stranger.statusCode).toBe(400);
  });

  test('The session is new at each sign-in: what was there before is ended, never carried over', async () => {
    const jar = openJar();
    const planted = await signedInAs(server, 'analyst');
    const secret = planted.cookie.split('=')[1]!;
    jar.set('headwater', secret);
    await signIn(server.app, jar, 'referrer');
    expect(jar.get('headwater')).toMatch(/^[\w-]{43}$/);
    expect(jar.get('headwater')).not.toBe(secret);
    expect(await server.sessions.find(planted.session.key)).toBeUndefined();
  });

  test('A cookie that a stranger made up is nobody', async () => {
    const made = 'A'.repeat(43);
    const response = await server.app.inject({ url: '/', headers: { cookie: `headwater=${made}` } });
    expect(response.statusCode).toBe(303);
    expect(await server.sessions.find(keyOfSecret(made))).toBeUndefined();
  });

  test('What the store holds cannot be used as a cookie', async () => {
    const { session } = await signedInAs(server, 'analyst');
    expect((await server.app.inject({ url: '/', headers: { cookie: `headwater=${session.key}` } })).statusCode).toBe(303);
  });

  test('Signing out ends the session in the store, and the old cookie is worth nothing', async () => {
    const jar = openJar();
    const { response } = await signIn(server.app, jar, 'analyst');
    const cookie = `headwater=${jar.get('headwater')}`;
    const out = await post(server.app, jar, '/sign-out', { 'form-token': formToken(response.body) });
    expect(out.headers.location).toBe('/signed-out');
    expect((await get(server.app, jar, '/signed-out')).body).toContain('You have signed out');
    expect((await server.app.inject({ url: '/', headers: { cookie } })).statusCode).toBe(303);
  });

  test('After signing out, the next person is asked who they are', async () => {
    const jar = openJar();
    const { response } = await signIn(server.app, jar, 'analyst');
    await post(server.app, jar, '/sign-out', { 'form-token': formToken(response.body) });
    const again = await follow(server.app, jar, '/sign-in/start');
    expect(again.response.body).toContain('Choose a sample user');
  });

  test('A callback that nobody began, or with another state, signs nobody in', async () => {
    const alone = await get(server.app, openJar(), '/sign-in/callback?code=x&state=y');
    expect(alone.headers.location).toBe('/sign-in?problem=too-late');
    const jar = openJar();
    await get(server.app, jar, '/sign-in/start');
    const crossed = await get(server.app, jar, '/sign-in/callback?code=x&state=y&iss=http%3A%2F%2Flocalhost%3A8080%2Fsample-identity');
    expect(crossed.headers.location).toBe('/sign-in?problem=refused');
    expect(jar.get('headwater')).toBeUndefined();
    expect((await get(server.app, jar, '/sign-in?problem=refused')).body).toContain('The sign-in was not completed');
  });

  test('A sign-in that is left for more than ten minutes begins again', async () => {
    const jar = openJar();
    const { response, path } = await follow(server.app, jar, '/sign-in/start');
    server.clock.move(11);
    const posted = await post(server.app, jar, path, { 'form-token': formToken(response.body), user: 'sample-analyst', password: samplePassword });
    const end = await follow(server.app, jar, String(posted.headers.location));
    expect(end.path).toBe('/sign-in?problem=too-late');
  });

  test('A form of a sign-in that is not this browser’s leads back to the beginning', async () => {
    const { path } = await follow(server.app, openJar(), '/sign-in/start');
    const other = openJar();
    const page = await follow(server.app, other, '/sign-in/start');
    const response = await post(server.app, other, path, { 'form-token': formToken(page.response.body), user: 'sample-analyst', password: samplePassword });
    expect(response.headers.location).toBe('/sign-in?problem=too-late');
  });

  test('Someone signed in who opens the sign-in page goes on to where they wanted', async () => {
    const { cookie } = await signedInAs(server, 'analyst');
    const response = await server.app.inject({ url: '/sign-in?return-to=/help', headers: { cookie } });
    expect(response.headers.location).toBe('/help');
  });

  test.each(['//evil.example/x', 'https://evil.example', '/\\evil.example', '/sign-out', '%2F%2Fevil.example', '/%09/evil.example'.replace('%09', '\t'), '/..//evil.example', 'javascript:alert(1)'])('return-to %s leads nowhere else', async (target) => {
    const jar = openJar();
    const { path } = await signIn(server.app, jar, 'analyst', target);
    expect(path).toBe('/');
  });
});

test.each(['/%2F%2Fevil.example', '/%5Cevil.example', '/%252F%252Fevil.example', '/.%2Fevil.example'])('return-to %s stays a path of this service', async (target) => {
  const server = await openTestServer();
  const jar = openJar();
  const { response, path } = await signIn(server.app, jar, 'analyst', target);
  expect(new URL(path, 'http://localhost:8080').origin).toBe('http://localhost:8080');
  expect([response.statusCode, path.startsWith('//')]).toEqual([404, false]);
  await server.app.close();
});

describe('the end of a session', () => {
  test('It ends after thirty idle minutes, and use keeps it awake', async () => {
    const server = await openTestServer();
    const { cookie, session } = await signedInAs(server, 'analyst');
    const open = async () => (await server.app.inject({ url: '/help', headers: { cookie } })).statusCode;
    server.clock.move(29);
    expect(await open()).toBe(200);
    server.clock.move(29);
    expect(await open()).toBe(200);
    server.clock.move(31);
    expect(await open()).toBe(303);
    expect(await server.sessions.find(session.key)).toBeUndefined();
    await server.app.close();
  });

  test('It ends after ten hours however much it is used', async () => {
    const server = await openTestServer();
    const { cookie } = await signedInAs(server, 'analyst');
    let status = 200;
    let minutes = 0;
    while (status === 200 && minutes < 1000) {
      server.clock.move(20);
      minutes += 20;
      status = (await server.app.inject({ url: '/help', headers: { cookie } })).statusCode;
    }
    expect(minutes).toBe(600);
    await server.app.close();
  });

  test('Signing out once more, or after the session has ended, leads to the same page', async () => {
    const server = await openTestServer();
    const jar = openJar();
    const { response } = await signIn(server.app, jar, 'analyst');
    const form = { 'form-token': formToken(response.body) };
    server.clock.move(31);
    for (let i = 0; i < 2; i += 1) {
      const out = await post(server.app, jar, '/sign-out', form);
      expect([out.statusCode, out.headers.location]).toEqual([303, '/signed-out']);
    }
    await server.app.close();
  });

  test('A made-up session cookie before the true one is not searched for another', async () => {
    const server = await openTestServer();
    const { cookie } = await signedInAs(server, 'analyst');
    expect((await server.app.inject({ url: '/help', headers: { cookie: `headwater=${'A'.repeat(43)}; ${cookie}` } })).statusCode).toBe(303);
    for (const odd of ['headwater=', 'headwater=%', 'headwater=%00', `headwater=${'A'.repeat(4000)}`, 'headwater=[object Object]', '__proto__=x; headwater=constructor']) {
      expect((await server.app.inject({ url: '/help', headers: { cookie: odd } })).statusCode, odd).toBe(303);
    }
    await server.app.close();
  });

  test('The store is written at most once a minute', async () => {
    const sessions = createMemorySessions();
    let touches = 0;
    const touch = sessions.touch;
    sessions.touch = async (key, until) => {
      touches += 1;
      await touch(key, until);
    };
    const server = await openTestServer({ sessions });
    const { cookie } = await signedInAs(server, 'analyst');
    for (let i = 0; i < 5; i += 1) await server.app.inject({ url: '/help', headers: { cookie } });
    expect(touches).toBe(0);
    server.clock.move(2);
    for (let i = 0; i < 5; i += 1) await server.app.inject({ url: '/help', headers: { cookie } });
    expect(touches).toBe(1);
    await server.app.close();
  });
});

describe('the claims of a provider', () => {
  test('A role may be one text or a list', () => {
    const claims = { sub: 'u', name: 'Ann', agency: 'Police', headwater_role: 'analyst' };
    expect(readPerson({ ...claims, address: { street_address: '12 Mill Lane', locality: 'Fenmarch', postal_code: 'FE1 2AB' } })?.address).toBe('12 FE12AB');
    expect(readPerson({ ...claims, address: { formatted: '12 Mill Lane\nFenmarch\nFE1 2AB' } })?.address).toBe('12 FE12AB');
    for (const address of ['12 Mill Lane FE1 2AB', { formatted: 7 }, {}, null]) expect(readPerson({ ...claims, address })).toEqual(readPerson(claims));
    expect(readPerson({ sub: 'u', name: 'Ann', agency: 'Police', headwater_role: 'analyst' })).toEqual({ userId: 'u', name: 'Ann', agency: 'Police', role: 'analyst' });
    expect(readPerson({ sub: 'u', groups: ['staff', 'board-member'] }, 'groups')).toEqual({ userId: 'u', name: 'Signed-in user', agency: 'Agency not given', role: 'board-member' });
  });

  test('An account without one of our roles is nobody', () => {
    expect(readPerson({ sub: 'u', headwater_role: 'administrator' })).toBeNull();
    expect(readPerson({ sub: 'u' })).toBeNull();
    expect(readPerson({ headwater_role: 'analyst' })).toBeNull();
    expect(readPerson({ sub: 'u', headwater_role: { analyst: true } })).toBeNull();
  });
});

describe('sample sign-ins over real data', () => {
  test('They are refused on an open address', async () => {
    await expect(openTestServer({ simulated: false, baseUrl: 'https://headwater.example.org' })).rejects.toThrow(/Sample sign-ins are for simulated data/);
  });

  test('On this computer they work, and do not show the password', async () => {
    const server = await openTestServer({ simulated: false });
    const jar = openJar();
    const page = await follow(server.app, jar, '/sign-in/start');
    expect(page.response.body).not.toContain(samplePassword);
    expect((await signIn(server.app, openJar(), 'analyst')).response.body).toContain('Priya Nair');
    expect((await signIn(server.app, openJar(), 'analyst')).response.body).not.toContain('Simulated data');
    await server.app.close();
  });

  test.each([
    { name: 'another machine', remoteAddress: '192.0.2.7', headers: {} },
    { name: 'a proxy', remoteAddress: '127.0.0.1', headers: { 'x-forwarded-for': '192.0.2.7' } },
    { name: 'a borrowed host name', remoteAddress: '127.0.0.1', headers: { host: 'evil.example:8080' } },
  ])('Through $name they are not there', async ({ remoteAddress, headers }) => {
    const server = await openTestServer({ simulated: false });
    const response = await server.app.inject({ url: '/sample-identity/.well-known/openid-configuration', remoteAddress, headers: { host: 'localhost:8080', ...headers } });
    expect(response.statusCode).toBe(404);
    const asked = await server.app.inject({ url: '/sample-identity/choose/abc', remoteAddress, headers: { host: 'localhost:8080', ...headers } });
    expect([asked.statusCode, asked.headers.location]).toEqual([404, undefined]);
    expect(server.log.filter((line) => !line.includes('"msg":"request"'))).toEqual([]);
    await server.app.close();
  });

  test('A short cookie secret is refused', async () => {
    await expect(openTestServer({ cookieSecret: 'short' })).rejects.toThrow(/cookie secret is too short/);
  });
});
