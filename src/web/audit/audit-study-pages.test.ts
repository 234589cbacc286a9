import type { FastifyInstance } from 'fastify';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHTML } from 'linkedom';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { agreementForAll } from '../../../test/support/agreement-for-all.ts';
import { findAccessibilityFaults, watchPage } from '../../../test/support/browser.ts';
import { follow, openVisits } from '../../../test/support/browser-visit.ts';
import { freePort } from '../../../test/support/free-port.ts';
import { quickStores } from '../../../test/support/stores.ts';
import { formToken, get, openTestServer, handClock, openJar, plainPages, post, signIn, signedInAs, statePurpose, type Jar, type TestServer } from '../../../test/support/web-server.ts';
import { roles, type Role } from '../../core/index.ts';
import { addDays, readAuditSignalRules, storeSignalReviews, type AgreementRegister } from '../../govern/index.ts';
import { openCasework, recordAuditEvent, storeAudit, storeAuditStudy, type AuditEvent, type Casework } from '../../store/index.ts';
import { maySee } from '../permission.ts';
import type { AuditStudy } from './audit-study.ts';
import { auditPersonRoutes } from './audit-person.page.ts';
import { auditUnusualRoutes } from './audit-unusual.page.ts';
import { auditUserRoutes } from './audit-user.page.ts';
import { auditRoutes } from './audit.page.ts';

const [today, oldKey] = ['2026-11-24', 'P00000000000000aa'];
const person = { personKey: 'P00000000000000bb', keys: ['P00000000000000bb', oldKey], records: ['police:N1', 'housing:T9'] };
const people: AuditStudy['people'] = { find: async (id) => ([person.personKey, ...person.keys, ...person.records].includes(id) ? person : undefined) };

let casework: Casework;
let register: AgreementRegister;
let agreementId: string;
let server: TestServer;
let jar: Jar;
const clock = handClock(`${today}T09:05:00Z`);

const add = (iso: string, actorId: string, action: string, ids: string[], more: Partial<AuditEvent> = {}) =>
  recordAuditEvent(casework.db, { now: () => Date.parse(iso) }, { actorId, action, outcome: 'done', subjectKind: 'person', subjectIds: ids, actorAgency: 'early-help', actorRole: 'lead-practitioner', ...more });

const open = (store: Casework, given: Parameters<typeof openTestServer>[0] = {}) => {
  const study: AuditStudy = { ...storeAuditStudy(store.db), people, reviews: storeSignalReviews(store.db, clock), rules: readAuditSignalRules(undefined).value };
  const parts = [auditPersonRoutes, auditUserRoutes, auditUnusualRoutes].map((routes) => (app: FastifyInstance, deps: Parameters<typeof auditRoutes>[1]) => routes(app, { ...deps, study, register, clock, partnership: 'Fenmarch', contact: { name: 'the data team', email: 'data@example.org' } }));
  return openTestServer({ audit: storeAudit(store.db, clock), agreements: register, clock, ...given }, [plainPages, (app, deps) => auditRoutes(app, { ...deps, register, studied: true }), ...parts]);
};

beforeAll(async () => {
  casework = await openCasework({ ...(await quickStores().readyPlace()), clock });
  register = await agreementForAll(clock);
  ({ agreementId } = (await register.list())[0]!);
  for (let n = 1; n <= 20; n += 1) for (let each = 0; each < 3; each += 1) await add(`${addDays(today, -n)}T10:00:00Z`, 'u1', 'person.view', [`X${n}-${each}`]);
  await add('2026-11-03T09:05:00Z', 'u1', 'person.view', [oldKey], { purpose: 'early-help', basis: `${agreementId}/1/1 ${agreementId}/1/2`, flags: ['own-name'] });
  await add('2026-11-04T09:05:00Z', 'u2', 'person.export', ['police:N1'], { subjectKind: 'source-record', outcome: 'refused', basis: 'lapsed', actorAgency: 'police', actorRole: 'analyst' });
  await add('2026-11-05T22:30:00Z', 'u2', 'glass.break', ['00000000-0000-4000-8000-000000000000', person.personKey], { subjectKind: 'broken-glass', basis: 'broken-glass' });
  await add('2026-11-06T09:05:00Z', 'u3', 'person.search', [person.personKey, 'Pother'], { actorAgency: undefined as never, actorRole: undefined as never });
  for (let n = 0; n < 30; n += 1) await add(`${today}T08:00:00Z`, 'u1', 'person.view', [`Y${n}`], { basis: 'open-data' });
  await add(`${today}T08:30:00Z`, 'u1', 'person.view', ['<b>Z</b>']);
  await add(`${today}T05:00:00Z`, 'sample-governance-lead', 'person.view', ['Y1'], { actorAgency: 'council', actorRole: 'governance-lead' });
  server = await open(casework);
  jar = openJar();
  await signIn(server.app, jar, 'governance-lead');
  await statePurpose(server.app, jar);
}, 180_000);
afterAll(async () => {
  await server.app.close();
  await casework.close();
});

const send = async (url: string, form: Record<string, string>, from = '/govern/audit/person') => post(server.app, jar, url, { 'form-token': formToken((await get(server.app, jar, from)).body), ...form });
const textsOf = (html: string, selector: string) => [...parseHTML(html).document.querySelectorAll(selector)].map((each) => each.textContent!.replaceAll(/\s+/g, ' ').trim());
const cellsOf = (html: string, caption: string) => {
  const { document } = parseHTML(html);
  const table = [...document.querySelectorAll('table')].find((each) => document.querySelector(`#${each.getAttribute('aria-labelledby')}`)?.textContent === caption);
  return [...(table?.querySelectorAll('tbody tr') ?? [])].map((row) => [...row.querySelectorAll('th, td')].map((cell) => cell.textContent!.replaceAll(/\s+/g, ' ').trim()));
};
const userHref = async (id: string) => String((await send('/govern/audit/user', { user: id }, '/govern/audit/user')).headers.location);
const newest = async () => (await storeAuditStudy(casework.db).list({ limit: 1 }))[0]!;

describe('Who saw a person', () => {
  test.each([person.personKey, oldKey, 'police:N1', ' housing:T9 '])('is the same from any id that leads to them: %s', async (id) => {
    const { body, statusCode } = await send('/govern/audit/person', { id });
    expect(statusCode).toBe(200);
    const rows = cellsOf(body, 'Newest first').filter(([, who]) => /^u\d/.test(who!));
    expect(rows.map((row) => row.slice(1))).toEqual([
      ['u3', 'Searched for a person', `${person.personKey}Pother`, 'Done', '', ''],
      ['u2Lead practitioner, Early help', 'Asked to see more of a record', `00000000-0000-4000-8000-000000000000${person.personKey}`, 'Done', '', 'Break-glass access'],
      ['u2Analyst, Police', 'Took a person’s record as a file', 'police:N1', 'Refused', '', 'The agreement has lapsed'],
      ['u1Lead practitioner, Early help', 'Opened a person’s record', oldKey, 'Done', 'Help a family early', expect.stringMatching(/^.+, clause 1.+, clause 2Bears the reader’s own name$/)],
    ]);
    expect(body).toContain(`href="/govern/agreements/${agreementId}"`);
    expect(body).not.toMatch(/(href|action)="[^"]*(P0000|police:|housing:)/);
    expect(await newest()).toMatchObject({ action: 'audit.person', actorAgency: 'council', actorRole: 'governance-lead', subjectIds: [id.trim()] });
  });

  test('is told of an id that nobody has today, under that id alone', async () => {
    const { body } = await send('/govern/audit/person', { id: 'Pother' });
    expect(body).toContain('Nobody in the snapshot of today has this id.');
    expect(cellsOf(body, 'Newest first').map(([, who]) => who)).toEqual(['sample-governance-leadInformation governance lead, Council', 'u3']);
  });

  test('goes on a page at a time by forms', async () => {
    for (let n = 0; n < 60; n += 1) await add('2026-11-10T09:05:00Z', 'u9', 'person.view', ['paged']);
    const first = await send('/govern/audit/person', { id: 'paged' });
    const before = parseHTML(first.body).document.querySelector('input[name=before]')!.getAttribute('value')!;
    const second = await send('/govern/audit/person', { id: 'paged', before });
    const own = (html: string) => cellsOf(html, 'Newest first').filter(([, who]) => who!.startsWith('u9')).length;
    expect([own(first.body), own(second.body)]).toEqual([49, 11]);
    expect(parseHTML(second.body).document.querySelector('input[name=before]')).toBeNull();
  });

  test.each([['', 'Enter the id of a record or the key of a person'], ['x'.repeat(201), 'Enter one id, 200 characters or fewer'], ['P1\u0000', 'Enter one id'], ['P1\nP2', 'Enter one id']])('asks again for what is no id', async (id, problem) => {
    for (const url of ['/govern/audit/person', '/govern/audit/person/letter']) {
      const { statusCode, body } = await send(url, { id });
      expect([statusCode, body.includes(problem) || body.includes('cannot be kept') || statusCode === 400]).toEqual([400, true]);
    }
  });

  test('takes SQL and script for an id like any other, and shows it as text', async () => {
    for (const id of [`'; drop table casework.audit_event; --`, '{"a","b"}', '$1', '<script>alert(1)</script>', `P1' OR '1'='1`, '%']) {
      const { statusCode, body } = await send('/govern/audit/person', { id, before: `1' or 1=1` });
      expect([id, statusCode]).toEqual([id, 200]);
      expect(body).not.toContain('<script>alert');
      expect(cellsOf(body, 'Newest first')).toHaveLength(1);
    }
    expect((await get(server.app, jar, '/govern/audit')).statusCode).toBe(200);
  });

  test('is written for the person in plain sentences, without the names or ids of those who looked', async () => {
    const { body } = await send('/govern/audit/person/letter', { id: oldKey });
    const sentences = textsOf(body, 'ol li').filter((each) => !each.includes('governance lead'));
    expect(sentences).toEqual([
      'On 6 November 2026 at 9:05am a member of staff searched for people, and you were among those found.',
      'On 5 November 2026 at 10:30pm a lead practitioner of Early help opened your record in an emergency.',
      'On 4 November 2026 at 9:05am an analyst of Police tried to take a copy of your record and was refused.',
      expect.stringMatching(/^On 3 November 2026 at 9:05am a lead practitioner of Early help looked at your record, under the agreement “.+”, clauses 1 and 2\. Their purpose: help a family early\.$/),
    ]);
    expect(textsOf(body, 'main').join()).not.toMatch(/u1|u2|own name/);
    expect(body).toContain('data@example.org');
    expect(await newest()).toMatchObject({ action: 'audit.letter', subjectIds: [oldKey] });
  });
});

describe('What a user saw and did', () => {
  test('is found by their id in a form, and addressed by a row', async () => {
    const href = await userHref('u1');
    expect(href).toMatch(/^\/govern\/audit\/user\?row=\d+$/);
    const { body } = await get(server.app, jar, href);
    expect(textsOf(body, 'main p').join(' ')).toContain('26 October 2026 to 24 November 2026: 92 people and records seen, 0 files taken, 0 refusals, on 22 days.');
    expect(cellsOf(body, 'By day')[0]).toEqual(['24 November 2026', '31', '0', '0', '31']);
    expect(cellsOf(body, 'Whom they saw')).toHaveLength(50);
    expect(body).toContain('And 42 more, seen before these.');
    expect(body).not.toContain('<b>Z</b>');
    expect(await newest()).toMatchObject({ action: 'audit.user', subjectKind: 'user', subjectIds: ['u1'] });
    const older = parseHTML(body).document.querySelector('a[rel=next]')!.getAttribute('href')!;
    expect(cellsOf((await get(server.app, jar, older)).body, 'Each row, the newest first')).toHaveLength(42);
  });

  test('is of one period', async () => {
    const href = await userHref('u1');
    const { body } = await get(server.app, jar, `${href}&from=2026-11-03&to=2026-11-03`);
    expect(cellsOf(body, 'By day')).toEqual([['3 November 2026', '1', '0', '0', '1']]);
    expect((await get(server.app, jar, `${href}&from=2020-01-01&to=2020-01-02`)).body).toContain('nothing was done.');
    for (const [wrong, problem] of [['from=2026-11-05&to=2026-11-03', 'must not be after'], ['from=2026-02-30&to=2026-03-01', 'Enter both days'], ['from=2020-01-01&to=2026-01-01', '366 days or fewer'], [`from=1'--&to=2026-03-01`, 'Enter both days']]) {
      const refused = await get(server.app, jar, `${href}&${wrong}`);
      expect([refused.statusCode, refused.body.includes(problem!)]).toEqual([400, true]);
    }
  });

  test('of somebody unknown is nothing, and addresses that are not known are refused', async () => {
    for (const [user, problem] of [['nobody', 'Nobody with this id'], ['', 'Enter the id of a user'], [`' or 1=1 --`, 'Nobody with this id'], ['x'.repeat(300), '200 characters']]) {
      const { statusCode, body } = await send('/govern/audit/user', { user: user! }, '/govern/audit/user');
      expect([statusCode, body.includes(problem!)]).toEqual([400, true]);
    }
    for (const query of ['row=99999999', 'row=0', 'row=1%27', 'row=1&row=2', 'before=3', 'row=1&before=x']) expect([query, (await get(server.app, jar, `/govern/audit/user?${query}`)).statusCode]).toEqual([query, 400]);
  });
});

describe('What looks unusual', () => {
  test('says why, how much of it chance alone makes, and that it accuses nobody', async () => {
    const { body } = await get(server.app, jar, '/govern/audit/unusual');
    expect(textsOf(body, '.hw-audit__signal h3')).toEqual(['More people than they usually see: u1', 'People’s records outside working hours: sample-governance-lead', 'People’s records outside working hours: u1', 'People’s records outside working hours: u1']);
    expect(textsOf(body, '.hw-audit__signal')[0]).toMatch(/They saw 31 people and records\. On their 21 days of work before, it was \d\.\d on average\. More than \d+ comes about by chance on about one ordinary day in 1,000\./);
    expect(textsOf(body, 'main p').join(' ')).toMatch(/says nothing against anyone.*fewer than one of these, or a few times as many/);
    // u1 worked on a Saturday and a Sunday too.
    expect(textsOf(body, '.hw-audit__signal')[2]).toMatch(/outside working hours \(07:00 to 20:00, Monday to Friday\)/);
    expect(textsOf((await get(server.app, jar, '/govern/audit/unusual?to=2026-11-20')).body, 'h2')).toEqual(expect.arrayContaining(['15 November 2026', '14 November 2026']));
    expect((await get(server.app, jar, '/govern/audit/unusual?to=2026-13-01')).statusCode).toBe(400);
  });

  const signalHref = async (name: string) => {
    const { document } = parseHTML((await get(server.app, jar, '/govern/audit/unusual')).body);
    const found = [...document.querySelectorAll('.hw-audit__signal')].find((each) => each.querySelector('h3')!.textContent!.includes(name))!;
    return { href: [...found.querySelectorAll('a')].map((each) => each.getAttribute('href')!).find((href) => href.includes('/unusual/')), text: found.textContent! };
  };

  test('is looked into with words, which stand beside it and in the audit', async () => {
    const { href } = await signalHref('u1');
    expect(href).toMatch(/^\/govern\/audit\/unusual\/more-than-own-usual\/2026-11-24\/\d+$/);
    const empty = await send(href!, { note: ' ' }, href);
    expect(empty.statusCode).toBe(400);
    expect(empty.body).toMatch(/Say whether it is as expected.*Say in words what you found/s);
    expect((await send(href!, { outcome: 'guilty', note: 'x' }, href)).statusCode).toBe(400);
    expect((await send(href!, { outcome: 'expected', note: 'x'.repeat(1001) }, href)).statusCode).toBe(400);
    const kept = await send(href!, { outcome: 'follow-up', note: `A list of '; drop table -- <i>schools</i>` }, href);
    expect([kept.statusCode, kept.headers.location]).toEqual([303, '/govern/audit/unusual?to=2026-11-24&done=1']);
    expect(await newest()).toMatchObject({ action: 'audit-signal.review', actorRole: 'governance-lead', subjectIds: ['2026-11-24 more-than-own-usual', 'u1'] });
    const { body } = await get(server.app, jar, '/govern/audit/unusual');
    expect(textsOf(body, '.hw-audit__signal')[0]).toContain(`To follow up, wrote sample-governance-lead on 24 November 2026 at 9:05am: A list of '; drop table -- <i>schools</i>`);
    expect(body).not.toContain('<i>schools');
  });

  test('is not looked into by whom it is about, nor where there is none', async () => {
    const { href, text } = await signalHref('sample-governance-lead');
    expect(href).toBeUndefined();
    expect(text).toContain('This is about you');
    const { href: other } = await signalHref('u1');
    const own = (await storeAuditStudy(casework.db).list({ actorId: 'sample-governance-lead', limit: 1 }))[0]!.auditEventId;
    for (const url of [`/govern/audit/unusual/outside-hours/${today}/${own}`, other!.replace('more-than-own-usual', 'own-name'), other!.replace(today, '2026-11-23'), `/govern/audit/unusual/gut-feeling/${today}/1`, `/govern/audit/unusual/own-name/${today}/1'--`]) {
      expect([url, (await get(server.app, jar, url)).statusCode]).toEqual([url, 404]);
      expect((await send(url, { outcome: 'expected', note: 'x' })).statusCode).toBe(404);
    }
  });
});

describe('The pages that study the audit', () => {
  const paths = ['/govern/audit/person', '/govern/audit/user', '/govern/audit/user?row=1', '/govern/audit/unusual', `/govern/audit/unusual/outside-hours/${today}/1`];

  test.each(roles.filter((role) => !maySee(role, 'audit')))('are refused to %s, and each try is kept', async (role: Role) => {
    const { cookie } = await signedInAs(server, role, { userId: `x-${role}` });
    for (const url of paths) {
      const { statusCode, body } = await server.app.inject({ url, headers: { cookie } });
      expect([url, statusCode, textsOf(body, 'main').join().includes('u1')]).toEqual([url, 403, false]);
      expect(await newest()).toMatchObject({ actorId: `x-${role}`, actorRole: role, outcome: 'refused', subjectIds: ['audit'] });
    }
    for (const url of ['/govern/audit/person', '/govern/audit/person/letter', '/govern/audit/user', `/govern/audit/unusual/outside-hours/${today}/1`]) expect((await server.app.inject({ method: 'POST', url, headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' }, payload: 'id=P1&user=u1' })).statusCode).toBe(403);
  });

  test('ask for a sign-in, and for the token of a form', async () => {
    for (const url of paths) expect((await server.app.inject({ url })).headers.location).toMatch(/^\/sign-in/);
    expect((await post(server.app, jar, '/govern/audit/person', { id: oldKey })).statusCode).toBe(403);
  });

  test('show nothing where the audit cannot keep it', async () => {
    const broken = await open(casework, { audit: { ...storeAudit(casework.db, clock), record: async (event) => { if (event.action.startsWith('audit.')) throw new Error('the disk is full'); } } });
    const { cookie } = await signedInAs(broken, 'governance-lead');
    const { body, statusCode } = await broken.app.inject({ url: '/govern/audit/user?row=1', headers: { cookie } });
    expect([statusCode, textsOf(body, 'main').join().includes('u1')]).toEqual([500, false]);
    await broken.app.close();
  });

  test('have nothing for axe to find, keep the content policy and do not scroll sideways', async () => {
    const port = await freePort();
    const folder = process.env.SCREENSHOTS ?? mkdtempSync(join(tmpdir(), 'headwater-audit-pages-'));
    const origin = `http://localhost:${port}`;
    const shown = await open(casework, { baseUrl: origin });
    await shown.app.listen({ port, host: '127.0.0.1' });
    const visits = await openVisits(origin);
    const check = async (page: Page, name: string) => {
      expect(await findAccessibilityFaults(page), name).toEqual([]);
      for (const width of [1280, 375]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth'), `${name} at ${width}`).toBe(true);
        await page.screenshot({ path: join(folder, `audit-${name}-${width}.png`), fullPage: true });
      }
      expect(await findAccessibilityFaults(page), `${name} at 375`).toEqual([]);
      await page.setViewportSize({ width: 1280, height: 900 });
    };
    await visits.withPage({ javaScriptEnabled: true }, async (page) => {
      const watch = await watchPage(page);
      await visits.signInAs(page, 'Samuel Adeyemi', '/govern/audit');
      await check(page, 'all');
      await follow(page.getByRole('link', { name: 'Who saw a person' }));
      await page.getByLabel('Which person?').fill('police:N1');
      await follow(page.getByRole('button', { name: 'Find' }));
      await page.getByText('The ids that lead to this person').click();
      await check(page, 'person');
      await follow(page.getByRole('button', { name: 'Write it for the person' }));
      await check(page, 'letter');
      await page.emulateMedia({ media: 'print' });
      expect(await page.getByText('Read this before you hand it over').isVisible()).toBe(false);
      await page.screenshot({ path: join(folder, 'audit-letter-print.png'), fullPage: true });
      await page.emulateMedia({ media: 'screen' });
      await page.goto(origin + (await userHref('u1')));
      await check(page, 'user');
      await page.goto(`${origin}/govern/audit/unusual`);
      await check(page, 'unusual');
      await follow(page.getByRole('link', { name: /Say what you found/ }).first());
      await follow(page.getByRole('button', { name: 'Keep what I found' }));
      await check(page, 'signal');
      expect(watch.faults).toEqual([]);
    });
    await visits.close();
    await shown.app.close();
    if (!process.env.SCREENSHOTS) rmSync(folder, { recursive: true, force: true });
  }, 120_000);
});
