// An OpenID Connect provider inside this process, so that the sample partnership signs in by the same protocol as a real one.
// Its keys are made at each start and kept nowhere.

import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { Configuration, Provider } from 'oidc-provider';
import { createSampleAdapter } from './sample-adapter.ts';
import { findSampleUser } from './sample-user.ts';

export const samplePath = '/sample-identity';

export interface SampleProvider {
  provider: Provider;
  issuer: string;
  clientId: string;
  clientSecret: string;
}

const sampleConfiguration = (options: { https: boolean; redirectUri: string; clientId: string; clientSecret: string; refusedPage: string }): Configuration => ({
  adapter: createSampleAdapter(),
  clients: [
    {
      client_id: options.clientId,
      client_secret: options.clientSecret,
      redirect_uris: [options.redirectUri],
      response_types: ['code'],
      grant_types: ['authorization_code'],
      id_token_signed_response_alg: 'ES256',
      token_endpoint_auth_method: 'client_secret_post',
    },
  ],
  claims: { openid: ['sub'], profile: ['name', 'agency', 'headwater_role'] },
  conformIdTokenClaims: false,
  cookies: {
    keys: [randomBytes(32).toString('base64url')],
    long: { httpOnly: true, sameSite: 'lax', secure: options.https, path: samplePath },
    short: { httpOnly: true, sameSite: 'lax', secure: options.https },
  },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: false } },
  findAccount(_context, id) {
    const user = findSampleUser(id);
    if (!user) return undefined;
    return { accountId: user.id, claims: () => ({ sub: user.id, name: user.name, agency: user.agency, headwater_role: user.role }) };
  },
  interactions: { url: (_context, interaction) => `${samplePath}/choose/${interaction.uid}` },
  // The only client is Headwater itself, so nobody is asked whether it may know their name.
  async loadExistingGrant(context) {
    const { client, session, provider } = context.oidc;
    if (!client || !session?.accountId) return undefined;
    const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
    grant.addOIDCScope('openid profile');
    await grant.save();
    return grant;
  },
  jwks: { keys: [{ ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256' } as never] },
  pkce: { required: () => true },
  renderError(context) {
    context.redirect(options.refusedPage);
  },
  clientBasedCORS: () => false,
  ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 300, IdToken: 300, Interaction: 600, Session: 600 },
});

/** Loaded only where it is used, and past the package's entry, which prints a warning on Node releases that carry no LTS name yet. */
async function loadProvider(): Promise<typeof Provider> {
  const path: string = 'oidc-provider/lib/provider.js';
  return ((await import(path)) as { Provider: typeof Provider }).Provider;
}

export async function createSampleProvider(options: { baseUrl: string; redirectUri: string; refusedPage: string }): Promise<SampleProvider> {
  const ProviderClass = await loadProvider();
  const issuer = `${options.baseUrl}${samplePath}`;
  const clientId = 'headwater';
  const clientSecret = randomBytes(32).toString('base64url');
  const provider = new ProviderClass(issuer, sampleConfiguration({ ...options, clientId, clientSecret, https: issuer.startsWith('https:') }));
  provider.proxy = true;
  return { provider, issuer, clientId, clientSecret };
}
