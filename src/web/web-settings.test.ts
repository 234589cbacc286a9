import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openTestServer } from '../../test/support/web-server.ts';
import { roles, roleTitles } from '../core/index.ts';
import { pages, pageTitles, permissions } from './permission.ts';
import { samplePassword, sampleUsers } from './sample-identity/sample-user.ts';
import { readWebSettings, webSettingNames } from './web-settings.ts';

const guide = (name: string) => readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'how-to', name), 'utf8');
const rows = (text: string, columns: number) =>
  text.split('\n').filter((line) => line.startsWith('| ')).map((line) => line.split('|').slice(1, -1).map((cell) => cell.trim())).filter((cells) => cells.length === columns);

describe('settings', () => {
  test('Nothing set: this computer alone, and sample users', () => {
    expect(readWebSettings({ PATH: '/usr/bin', HOST: '' }, 8080)).toEqual({ host: 'localhost', baseUrl: 'http://localhost:8080', trustProxy: false, contact: undefined, identity: { kind: 'sample' } });
  });

  test('The address follows the port, unless it is given', () => {
    expect(readWebSettings({}, 9090).baseUrl).toBe('http://localhost:9090');
    expect(readWebSettings({ BASE_URL: 'https://headwater.example.org/' }, 9090).baseUrl).toBe('https://headwater.example.org');
  });

  test('A provider is set up whole or not at all', () => {
    const whole = { OIDC_ISSUER: 'https://login.example.org', OIDC_CLIENT_ID: 'headwater', OIDC_CLIENT_SECRET: 's', OIDC_ROLE_CLAIM: 'groups' };
    expect(readWebSettings(whole, 8080).identity).toMatchObject({ kind: 'openid', issuer: 'https://login.example.org', roleClaim: 'groups' });
    expect(() => readWebSettings({ OIDC_ISSUER: 'https://login.example.org' }, 8080)).toThrow(/Sign-in is half set up/);
  });

  test.each([
    ['BASE_URL', 'headwater', 'the address that people type'], ['BASE_URL', 'ftp://x.example', 'the address'], ['TRUST_PROXY', 'maybe', 'true or false'],
    ['CONTACT_EMAIL', 'nobody', 'an email address'], ['OIDC_ISSUER', 'login', 'the address of your identity provider'],
  ])('%s=%s is refused with what it should be', (name, value, hint) => {
    expect(() => readWebSettings({ [name]: value }, 8080)).toThrow(new RegExp(`${name} is not right.*${hint}`));
  });

  test('Real data over plain http to other machines are refused', async () => {
    const identity = { kind: 'openid' as const, issuer: 'https://login.example.org', clientId: 'a', clientSecret: 'b' };
    await expect(openTestServer({ simulated: false, baseUrl: 'http://headwater.example.org', identity })).rejects.toThrow(/Real data need https/);
  });
});

describe('the guides say what the code does', () => {
  test('run-a-server.md names every setting', () => {
    const named = rows(guide('run-a-server.md'), 3).map(([name]) => name!).filter((name) => name.startsWith('`')).map((name) => name.replaceAll('`', ''));
    expect(named.toSorted()).toEqual([...webSettingNames, 'DATABASE_URL', 'HEADWATER_HOME', 'HEADWATER_KEY', 'HEADWATER_OLD_KEY', 'PORT'].toSorted());
  });

  test('sign-in.md has the permission table', () => {
    const table = rows(guide('sign-in.md'), 3).filter(([, claim]) => claim!.startsWith('`') && claim !== '`headwater_role`');
    const titlesFor = (role: (typeof roles)[number]) => pages.filter((page) => (permissions[role] as readonly string[]).includes(page)).map((page) => pageTitles[page]).join(', ');
    expect(table).toEqual(roles.map((role) => [roleTitles[role], `\`${role}\``, titlesFor(role)]));
  });

  test('sign-in.md has the sample users and their password', () => {
    const people = rows(guide('sign-in.md'), 3).filter(([name]) => sampleUsers.some((user) => user.name === name));
    expect(people).toEqual(sampleUsers.map((user) => [user.name, roleTitles[user.role], user.agency]));
    expect(guide('sign-in.md')).toContain(`\`${samplePassword}\``);
  });
});
