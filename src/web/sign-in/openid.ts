// The relying party: authorisation code with PKCE, state and nonce (OpenID Connect Core 1.0; RFC 7636), by openid-client.
// One path for every provider. The sample one lives in this process, so its requests never leave it: they are given to `fetchLocally`.

import * as openid from 'openid-client';
import { z } from 'zod';
import { Problem, roles, type Role } from '../../core/index.ts';
import { houseAndPostcode } from '../../govern/index.ts';
import type { OpenIdIdentity } from '../web-options.ts';
import type { Person } from './signed-in.ts';

export interface SignInAttempt {
  state: string;
  nonce: string;
  verifier: string;
  returnTo: string;
  startedAt: number;
}

export interface OpenIdOptions extends OpenIdIdentity {
  redirectUri: string;
  afterSignOut: string;
  /** Always ask who it is: for the sample users, so that one can follow another. */
  askEachTime: boolean;
  /** Answers requests to the issuer inside this process. */
  fetchLocally?: openid.CustomFetch;
}

export interface OpenIdClient {
  begin(returnTo: string, now: number): Promise<{ url: URL; attempt: SignInAttempt }>;
  /** The person, or null where the account has none of our roles. Throws where the answer does not belong to the attempt. */
  finish(currentUrl: URL, attempt: SignInAttempt): Promise<Person | null>;
  /** Where to send a person who signs out, so that the provider's own session ends too. */
  signOutUrl(): Promise<URL | null>;
}

const addressClaim = z.object({ formatted: z.string().max(1000).optional(), street_address: z.string().max(1000).optional(), postal_code: z.string().max(50).optional() });
const text = z.string().trim().min(1).max(200);

/** Reads the claims of an ID token; null where no claim is one of our roles. */
export function readPerson(claims: Record<string, unknown>, roleClaim = 'headwater_role', agencyClaim = 'agency'): Person | null {
  const given = [claims[roleClaim]].flat();
  const role: Role | undefined = roles.find((item) => given.includes(item));
  if (!role) return null;
  const userId = text.safeParse(claims.sub);
  if (!userId.success) return null;
  const name = text.safeParse(claims.name);
  const agency = text.safeParse(claims[agencyClaim]);
  const address = readAddress(claims.address);
  return {
    userId: userId.data,
    name: name.success ? name.data : 'Signed-in user',
    agency: agency.success ? agency.data : 'Agency not given',
    role,
    ...(address === undefined ? {} : { address }),
  };
}

/** Of the standard claim (OpenID Connect Core 1.0, 5.1.1) no more than the number and the postcode. */
function readAddress(claim: unknown): string | undefined {
  const { data } = addressClaim.safeParse(claim);
  return data && houseAndPostcode(data.street_address && data.postal_code ? `${data.street_address} ${data.postal_code}` : (data.formatted ?? ''));
}

function unreachable(issuer: string, cause: unknown): Problem {
  return new Problem('busy', { what: 'The identity provider did not answer', where: issuer, todo: 'Try again in a few minutes.', cause });
}

export function createOpenIdClient(options: OpenIdOptions): OpenIdClient {
  let known: Promise<openid.Configuration> | undefined;
  const discover = async (): Promise<openid.Configuration> => {
    const issuer = new URL(options.issuer);
    const settings: openid.DiscoveryRequestOptions = { timeout: 10 };
    if (options.fetchLocally) settings[openid.customFetch] = options.fetchLocally;
    if (issuer.protocol === 'http:') settings.execute = [openid.allowInsecureRequests];
    return openid.discovery(issuer, options.clientId, options.clientSecret, undefined, settings);
  };
  // Learnt at the first sign-in and kept; a failure is not kept, so that a provider that comes back is found.
  const configuration = async () => {
    known ??= discover();
    try {
      return await known;
    } catch (error) {
      known = undefined;
      throw unreachable(options.issuer, error);
    }
  };

  return {
    async begin(returnTo, now) {
      const config = await configuration();
      const verifier = openid.randomPKCECodeVerifier();
      const attempt = { state: openid.randomState(), nonce: openid.randomNonce(), verifier, returnTo, startedAt: now };
      const url = openid.buildAuthorizationUrl(config, {
        redirect_uri: options.redirectUri,
        scope: 'openid profile',
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(options.askEachTime ? { prompt: 'login' } : {}),
      });
      return { url, attempt };
    },
    async finish(currentUrl, attempt) {
      const config = await configuration();
      const tokens = await openid.authorizationCodeGrant(config, currentUrl, {
        pkceCodeVerifier: attempt.verifier,
        expectedState: attempt.state,
        expectedNonce: attempt.nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      const named = readPerson({ ...claims }, options.roleClaim, options.agencyClaim);
      if (named || !claims || !config.serverMetadata().userinfo_endpoint) return named;
      // Some providers keep all but the subject out of the ID token.
      const more = await openid.fetchUserInfo(config, tokens.access_token, claims.sub);
      return readPerson({ ...more, ...claims }, options.roleClaim, options.agencyClaim);
    },
    async signOutUrl() {
      const config = await configuration();
      if (!config.serverMetadata().end_session_endpoint) return null;
      return openid.buildEndSessionUrl(config, { post_logout_redirect_uri: options.afterSignOut });
    },
  };
}
