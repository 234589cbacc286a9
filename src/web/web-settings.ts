// What the person who runs the server may set, read from names and texts that main.ts takes from the environment. A setting that is wrong
// is a Problem that names it. docs/how-to/run-a-server.md lists the same names; a test holds the two together.

import { z } from 'zod';
import { Problem } from '../core/index.ts';
import type { OpenIdIdentity, SampleIdentity, WebOptions } from './web-options.ts';

const flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');
const text = z.string().trim().min(1);

const settingsSchema = z.object({
  HOST: text.default('localhost'),
  BASE_URL: z.url({ protocol: /^https?$/ }).optional(),
  TRUST_PROXY: flag.default(false),
  CONTACT_NAME: text.optional(),
  CONTACT_EMAIL: z.email().optional(),
  OIDC_ISSUER: z.url({ protocol: /^https?$/ }).optional(),
  OIDC_CLIENT_ID: text.optional(),
  OIDC_CLIENT_SECRET: text.optional(),
  OIDC_ROLE_CLAIM: text.optional(),
  OIDC_AGENCY_CLAIM: text.optional(),
});

export const webSettingNames = Object.keys(settingsSchema.shape);

const hints: Record<string, string> = {
  BASE_URL: 'the address that people type, such as https://headwater.example.org',
  TRUST_PROXY: 'true or false',
  CONTACT_EMAIL: 'an email address',
  OIDC_ISSUER: 'the address of your identity provider, such as https://login.example.org/tenant',
};

export interface WebSettings extends Pick<WebOptions, 'identity' | 'baseUrl' | 'trustProxy' | 'contact'> {
  host: string;
}

function readIdentity(settings: z.infer<typeof settingsSchema>): SampleIdentity | OpenIdIdentity {
  const { OIDC_ISSUER: issuer, OIDC_CLIENT_ID: clientId, OIDC_CLIENT_SECRET: clientSecret } = settings;
  if (issuer && clientId && clientSecret) {
    return { kind: 'openid', issuer, clientId, clientSecret, roleClaim: settings.OIDC_ROLE_CLAIM, agencyClaim: settings.OIDC_AGENCY_CLAIM };
  }
  if (issuer || clientId || clientSecret) {
    throw new Problem('usage', { what: 'Sign-in is half set up', where: 'OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET', todo: 'Set all three, or none for the sample users.' });
  }
  return { kind: 'sample' };
}

/** Settings of the web server on a port; names that are absent or empty take their defaults. */
export function readWebSettings(given: Record<string, string | undefined>, port: number): WebSettings {
  const filled = Object.fromEntries(Object.entries(given).filter(([name, value]) => webSettingNames.includes(name) && value !== undefined && value !== ''));
  const result = settingsSchema.safeParse(filled);
  if (!result.success) {
    const name = String(result.error.issues[0]!.path[0]);
    throw new Problem('usage', { what: `${name} is not right`, todo: `Give it ${hints[name] ?? 'a text that is not empty'}, or leave it out.` });
  }
  const settings = result.data;
  return {
    host: settings.HOST,
    baseUrl: new URL(settings.BASE_URL ?? `http://localhost:${port}`).origin,
    trustProxy: settings.TRUST_PROXY,
    contact: settings.CONTACT_NAME === undefined ? undefined : { name: settings.CONTACT_NAME, email: settings.CONTACT_EMAIL },
    identity: readIdentity(settings),
  };
}
