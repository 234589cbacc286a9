import { describe, expect, test } from 'vitest';
import { fakeLake, fakeQuestion, openTestServer, signedInAs } from '../../../test/support/web-server.ts';
import { roles, roleTitles } from '../../core/index.ts';
import { findStaleWarning } from './start.page.ts';
import { startWork } from './start-work.ts';

describe('the start page', () => {
  test.each(roles)('It tells a %s what is here for their work and what is not', async (role) => {
    const server = await openTestServer();
    const { cookie } = await signedInAs(server, role);
    const { body } = await server.app.inject({ url: '/', headers: { cookie } });
    expect(body).toContain(roleTitles[role]);
    expect(body).toContain(startWork[role].lead);
    for (const sentence of startWork[role].notYet) expect(body).toContain(sentence.replaceAll('’', '’'));
    expect(body).toContain('Data as at');
    expect(body).toContain('31 October 2026');
    await server.app.close();
  });

  test('It says why nothing is shown of a snapshot that does not list its feeds, and not that there is none', async () => {
    const server = await openTestServer({ lake: () => ({ ...fakeLake, hasTable: () => false }) });
    const { cookie } = await signedInAs(server, 'analyst');
    const { statusCode, body } = await server.app.inject({ url: '/', headers: { cookie } });
    expect(statusCode).toBe(200);
    expect(body).toContain('The data cannot be shown yet');
    expect(body).toContain('npx headwater build --force');
    expect(body).not.toMatch(/There is no data yet|No snapshot has been built|The answer to|Data as at/);
    await server.app.close();
  });

  test('It answers each question in a sentence, once for each snapshot', async () => {
    let asked = 0;
    let snapshot = fakeLake.snapshot;
    const plain = fakeQuestion('demand', 'What is demand?');
    const counted = { ...plain, answer: (...given: Parameters<typeof plain.answer>) => ((asked += 1), plain.answer(...given)) };
    const server = await openTestServer({ questions: [counted], lake: () => ({ ...fakeLake, snapshot }) });
    const { cookie } = await signedInAs(server, 'analyst');
    const open = async () => (await server.app.inject({ url: '/', headers: { cookie } })).body;
    expect(await open()).toContain('The answer to demand is 42, between 40 and 44.');
    await open();
    expect(asked).toBe(1);
    snapshot = { ...snapshot, id: 'another' };
    await open();
    expect(asked).toBe(2);
    await server.app.close();
  });

  test('A question that fails does not take the page with it, and is asked again', async () => {
    const plain = fakeQuestion('demand', 'What is demand?');
    let working = false;
    const server = await openTestServer({ questions: [{ ...plain, answer: (...given) => (working ? plain.answer(...given) : Promise.reject(new Error('Anthea Person'))) }] });
    const { cookie } = await signedInAs(server, 'analyst');
    const first = await server.app.inject({ url: '/', headers: { cookie } });
    expect(first.statusCode).toBe(200);
    expect(first.body).toContain('This could not be worked out just now');
    expect(server.log.join('')).toContain('a question could not be answered');
    expect(server.log.join('')).not.toContain('Anthea');
    working = true;
    expect((await server.app.inject({ url: '/', headers: { cookie } })).body).toContain('The answer to demand');
    await server.app.close();
  });
});

test('Old data are warned of, but not invented data, whose time stands still', () => {
  const now = Date.parse('2026-11-24T09:00:00Z');
  const snapshot = { id: 'a', builtAt: '2026-11-23T00:00:00Z', dataTo: '2026-08-26' };
  expect(findStaleWarning(now, snapshot, false)).toBe('The newest data are of 26 August 2026, 90 days ago. Nothing later is on any page.');
  expect(findStaleWarning(now, snapshot, true)).toBeNull();
  expect(findStaleWarning(now, { ...snapshot, dataTo: '2026-10-31' }, false)).toBeNull();
  expect(findStaleWarning(now, { ...snapshot, dataTo: null }, false)).toBeNull();
});
