// A partnership's own provider, over a real socket: the same code as for the sample users, with claims in userinfo alone.
import { generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Provider as OpenIdProvider } from 'oidc-provider';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formToken, get, openJar, openTestServer, post, type Jar, type TestServer } from '../../../test/support/web-server.ts';
import { createSampleAdapter } from '../sample-identity/sample-adapter.ts';

let listener: Server;
let issuer: string;
let claims: Record<string, unknown> = {};

beforeAll(async () => {
  listener = createServer();
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  issuer = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  const path: string = 'oidc-provider/lib/provider.js';
  const { Provider } = (await import(path)) as { Provider: typeof OpenIdProvider };
  const provider = new Provider(issuer, {
    adapter: createSampleAdapter(),
    jwks: { keys: [{ ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }), use: 'sig' } as never] },
    ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: 60, Interaction: 60, Session: 60 },
    clients: [{ client_id: 'partnership', client_secret: 'a secret of the client, long enough', redirect_uris: ['http://localhost:8080/sign-in/callback'], post_logout_redirect_uris: ['http://localhost:8080/signed-out'] }],
    claims: { openid: ['sub'], profile: ['name', 'organisation', 'groups'] },
    cookies: { keys: ['a key of the provider'] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...claims }) }),
    interactions: { url: (_context, interaction) => `/log-in/${interaction.uid}` },
    async loadExistingGrant(context) {
      const grant = new context.oidc.provider.Grant({ clientId: context.oidc.client!.clientId, accountId: context.oidc.session!.accountId! });
      grant.addOIDCScope('openid profile');
      await grant.save();
      return grant;
    },
  });
  const answer = provider.callback();
  listener.on('request', (request, response) => {
    if (request.url?.startsWith('/log-in/')) void provider.interactionFinished(request, response, { login: { accountId: 'person-7' } });
    else void answer(request, response);
  });
});
afterAll(() => void listener.close());

/** What a browser does between our two addresses: follows the provider's redirects with its own cookies. */
async function throughProvider(location: string): Promise<string> {
  const cookies = new Map<string, string>();
  let next = location;
  for (let step = 0; step < 10 && next.startsWith(issuer); step += 1) {
    const response = await fetch(next, { redirect: 'manual', headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } });
    for (const cookie of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie)!;
      cookies.set(name!, value!);
    }
    next = new URL(response.headers.get('location') ?? 'about:blank', next).href;
  }
  return next;
}

const openServer = () =>
  openTestServer({
    simulated: false,
    identity: { kind: 'openid', issuer, clientId: 'partnership', clientSecret: 'a secret of the client, long enough', roleClaim: 'groups', agencyClaim: 'organisation' },
  });

async function signInThere(server: TestServer, jar: Jar) {
  const start = await get(server.app, jar, '/sign-in/start?return-to=/help');
  return get(server.app, jar, await throughProvider(String(start.headers.location)));
}

describe('a partnership’s own provider', () => {
  test('A person signs in with its claims, and signs out of both', async () => {
    claims = { name: 'Ann Other', organisation: 'Housing trust', groups: ['staff', 'commissioner'] };
    const server = await openServer();
    const jar = openJar();
    const back = await signInThere(server, jar);
    expect(back.headers.location).toBe('/help');
    const page = await get(server.app, jar, '/help');
    expect(page.body).toContain('Ann Other');
    expect(page.body).toContain('Commissioner of services, Housing trust');
    expect(String(page.headers['content-security-policy'])).toContain(`form-action 'self' ${issuer}`);
    const out = await post(server.app, jar, '/sign-out', { 'form-token': formToken(page.body) });
    const url = new URL(String(out.headers.location));
    expect(url.origin).toBe(issuer);
    expect(url.searchParams.get('post_logout_redirect_uri')).toBe('http://localhost:8080/signed-out');
    expect((await get(server.app, jar, '/help')).statusCode).toBe(303);
    await server.app.close();
  });

  test('An account without a role is told so, and gets no session', async () => {
    claims = { name: 'Ann Other', groups: ['staff'] };
    const server = await openServer();
    const jar = openJar();
    const back = await signInThere(server, jar);
    expect(back.statusCode).toBe(403);
    expect(back.body).toContain('Your account has no role here');
    expect(jar.get('headwater')).toBeUndefined();
    await server.app.close();
  });

  test('An answer used twice signs nobody in the second time', async () => {
    claims = { name: 'Ann Other', groups: ['analyst'] };
    const server = await openServer();
    const jar = openJar();
    const start = await get(server.app, jar, '/sign-in/start');
    const callback = await throughProvider(String(start.headers.location));
    const attempt = jar.get('headwater-sign-in')!;
    expect((await get(server.app, jar, callback)).headers.location).toBe('/');
    const thief = openJar();
    thief.set('headwater-sign-in', attempt);
    expect((await get(server.app, thief, callback)).headers.location).toBe('/sign-in?problem=refused');
    await server.app.close();
  });

  test('While the provider is away, people are told to try again, and signing out still works', async () => {
    const server = await openTestServer({ simulated: false, identity: { kind: 'openid', issuer: 'http://127.0.0.1:9', clientId: 'x', clientSecret: 'y' } });
    const response = await get(server.app, openJar(), '/sign-in/start');
    expect(response.statusCode).toBe(503);
    expect(response.body).toContain('Try again in a few minutes');
    await server.app.close();
  });
});
