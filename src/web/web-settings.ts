// What the person who runs the server may set, read from names and texts that main.ts takes from the environment. A setting that is wrong
// is a Problem that names it. docs/how-to/run-a-server.md lists the same names; a test holds the two together.

import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { Problem } from '../core/index.ts';
import type { OpenIdIdentity, SampleIdentity, WebOptions } from './web-options.ts';

const flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1');
const text = z.string().trim().min(1);

const settingsSchema = z.object({
  PORT: z.string().regex(/^\d+$/).transform(Number).pipe(z.number().int().min(1).max(65_535)).default(8080),
  HOST: text.default('127.0.0.1'),
  HEADWATER_URL: z.url({ protocol: /^https?$/ }).optional(),
  HEADWATER_SECRET: z.string().min(32).optional(),
  HEADWATER_TRUST_PROXY: flag.default(false),
  HEADWATER_CONTACT_NAME: text.optional(),
  HEADWATER_CONTACT_EMAIL: z.email().optional(),
  OIDC_ISSUER: z.url({ protocol: /^https?$/ }).optional(),
  OIDC_CLIENT_ID: text.optional(),
  OIDC_CLIENT_SECRET: text.optional(),
  OIDC_ROLE_CLAIM: text.optional(),
  OIDC_AGENCY_CLAIM: text.optional(),
  SAMPLE_PASSWORD: z.string().min(8).optional(),
});

export const webSettingNames = Object.keys(settingsSchema.shape);

const hints: Record<string, string> = {
  PORT: 'a whole number from 1 to 65535',
  HEADWATER_URL: 'the address that people type, such as https://headwater.example.org',
  HEADWATER_SECRET: '32 characters or more',
  HEADWATER_TRUST_PROXY: 'true or false',
  HEADWATER_CONTACT_EMAIL: 'an email address',
  OIDC_ISSUER: 'the address of your identity provider, such as https://login.example.org/tenant',
  SAMPLE_PASSWORD: '8 characters or more',
};

export interface WebSettings extends Pick<WebOptions, 'identity' | 'cookieSecret' | 'baseUrl' | 'trustProxy' | 'contact'> {
  port: number;
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
  return { kind: 'sample', password: settings.SAMPLE_PASSWORD };
}

/** Settings of the web server; names that are absent or empty take their defaults, a missing secret is made for this run. */
export function readWebSettings(given: Record<string, string | undefined>): WebSettings {
  const filled = Object.fromEntries(Object.entries(given).filter(([name, value]) => webSettingNames.includes(name) && value !== undefined && value !== ''));
  const result = settingsSchema.safeParse(filled);
  if (!result.success) {
    const name = String(result.error.issues[0]!.path[0]);
    throw new Problem('usage', { what: `${name} is not right`, todo: `Give it ${hints[name] ?? 'a text that is not empty'}, or leave it out.` });
  }
  const settings = result.data;
  return {
    port: settings.PORT,
    host: settings.HOST,
    baseUrl: new URL(settings.HEADWATER_URL ?? `http://localhost:${settings.PORT}`).origin,
    cookieSecret: settings.HEADWATER_SECRET ?? randomBytes(32).toString('base64url'),
    trustProxy: settings.HEADWATER_TRUST_PROXY,
    contact: settings.HEADWATER_CONTACT_NAME === undefined ? undefined : { name: settings.HEADWATER_CONTACT_NAME, email: settings.HEADWATER_CONTACT_EMAIL },
    identity: readIdentity(settings),
  };
}
