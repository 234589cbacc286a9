// The scans of .ci/run: no secret stands among the files, planted ones are found, and what npm answers is read rightly.

import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { judgeAdvisories, judgeSignatures } from './support/ask-advisories.ts';
import { entropyOf, findSecrets, readReviewed, scanTexts, trackedTexts } from './support/scan-secrets.ts';

const pem = ({ privateKey }: { privateKey: KeyObject }) => privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const random = 'k8sJ2nvQ0xLmZ7RtYwB4pHcD9aFgE1iU';
/** Put together here, so that this file has none of them. */
const planted: [string, string, string][] = [
  ['a private key', pem(generateKeyPairSync('rsa', { modulusLength: 2048 })), 'privatekey'],
  ['a short private key', pem(generateKeyPairSync('ed25519')), 'privatekey'],
  ['a short private key in one line', JSON.stringify(pem(generateKeyPairSync('ed25519'))), 'privatekey'],
  ['a token of GitHub', `const x = '${'ghp'}_${random}abcd';`, 'github'],
  ['a token of npm', `//registry/:_auth=${'npm'}_${random}abcd`, 'npm'],
  ['a password in an address', `${'postgres'}://web:${random}@db.example.org/headwater`, 'database-connection-string'],
  ['a secret of a program', `const options = { ${'cookieSecret'}: '${random}' };`, 'high-entropy'],
  ['a secret of a shell', `export ${'HEADWATER_API_KEY'}=${random}\n`, 'high-entropy'],
  ['a password of JSON', `{ "${'password'}": "${random}" }`, 'high-entropy'],
];

it.each(planted)('%s is found, on its line', async (_, text, rule) => {
  const found = await findSecrets('planted.ts', `// line 1\n// line 2\n${text}\n`);
  expect(found.map((each) => each.rule)).toContain(rule);
  expect(found.find((each) => each.rule === rule)!.line).toBe(3);
  expect(JSON.stringify(found)).not.toContain(random);
});

it.each(["const token = formToken(response.body);", `password: 'headwater-sample-people'`, `secretOf: 'homeSecretForCookies'`, 'access_key: access_grant_agreement', `token: \`\${part}\``, `const secret = '${'a'.repeat(40)}';`])('%s is no secret', async (text) => {
  expect(await findSecrets('plain.ts', text)).toEqual([]);
});

it('a reviewed finding is passed over in its own file alone, and a list that has grown old is said', async () => {
  const [, text] = planted[4]!;
  const mark = (await findSecrets('a.ts', text))[0]!.mark;
  const reviewed = [{ file: 'a.ts', mark, why: 'It is made up for this test' }];
  expect(await scanTexts([{ file: 'a.ts', text }], reviewed)).toEqual({ found: [], stale: [] });
  expect(await scanTexts([{ file: 'b.ts', text }], reviewed)).toMatchObject({ found: [{ file: 'b.ts' }], stale: reviewed });
});

it('the files of this repository hold no secret', async () => {
  const texts = trackedTexts(resolve(import.meta.dirname, '..'));
  expect(texts.length).toBeGreaterThan(500);
  expect(await scanTexts(texts, readReviewed())).toEqual({ found: [], stale: [] });
});

it('random text has more bits for each letter than words', () => {
  expect(entropyOf('aaaa')).toBe(-0);
  expect(entropyOf('0123456789abcdef')).toBe(4);
  expect(entropyOf(random)).toBeGreaterThan(entropyOf('the cookie of a session'));
});

const report = (severities: Record<string, string>) =>
  JSON.stringify({ auditReportVersion: 2, vulnerabilities: Object.fromEntries(Object.entries(severities).map(([name, severity]) => [name, { name, severity, range: '<2.0.0' }])), metadata: { vulnerabilities: { info: 0, low: 0, moderate: 0, high: Object.values(severities).filter((each) => each === 'high').length, critical: 0, total: 0 } } });

it('an advisory of high or critical severity is a finding, a lesser one is not', () => {
  expect(judgeAdvisories(report({}))).toMatchObject({ outcome: 'clean' });
  expect(judgeAdvisories(report({ pad: 'moderate' }))).toMatchObject({ outcome: 'clean' });
  expect(judgeAdvisories(report({ pad: 'high', lid: 'critical' }))).toEqual({ outcome: 'found', lines: [expect.stringContaining('pad: high, versions <2.0.0'), expect.stringContaining('lid: critical')] });
});

it.each(['', 'half a te', '[]', '{"message":"405 Method Not Allowed","statusCode":405,"error":{"summary":"","detail":""}}', '{"auditReportVersion":2}'])('a registry that answers %j could not be asked: neither clean nor a finding', (stdout) => {
  expect(judgeAdvisories(stdout).outcome).toBe('not-asked');
  expect(judgeSignatures(stdout).outcome).toBe('not-asked');
});

it('a package that is not what its publisher signed is a finding; one without a signature is counted', () => {
  expect(judgeSignatures('{"invalid":[],"missing":[{"name":"pad"}]}')).toEqual({ outcome: 'clean', lines: ['Signatures: none is wrong, 1 package has none.'] });
  expect(judgeSignatures('{"invalid":[{"name":"pad","version":"1.0.0"}],"missing":[]}')).toEqual({ outcome: 'found', lines: ['pad 1.0.0 is not what its publisher signed. Do not run it.'] });
});
