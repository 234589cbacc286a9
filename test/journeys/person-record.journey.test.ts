// One person's record in a real browser, without script: a lead practitioner says what they are doing, finds a person of their case and sees what the
// clauses give and no more, works on a case of theirs that the coordinator closes; an analyst finds no such page; a record is sealed. How the agreement
// behind it comes and goes, and how the glass is broken, is told in agreement.journey.

import { readFileSync } from 'node:fs';
import type { FastifyInstance } from 'fastify';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHeldPeople, readRecordFeeds, type HeldPeople } from '../../src/build/index.ts';
import { createMemorySessions, systemClock } from '../../src/core/index.ts';
import { agreementStatus, openCaseDesk, openPeople, openProtection, readAgreementPacks, readerCases, seedSampleAgreements, seedSampleCases, storeAgreements, type AgreementRegister, type HeldRow } from '../../src/govern/index.ts';
import { followLake, listAuditEvents, openAttachmentFiles, openCasework, storeAudit, type Casework, type Home } from '../../src/store/index.ts';
import { createQuestions, readCategories } from '../../src/understand/index.ts';
import { createWebServer, samplePassword } from '../../src/web/index.ts';
import { smallPdf } from '../support/attachment-home.ts';
import { findAccessibilityFaults, watchPage } from '../support/browser.ts';
import { checkPage, follow, openVisits, type Visits } from '../support/browser-visit.ts';
import { freePort } from '../support/free-port.ts';
import { builtHome } from '../support/sample-home.ts';
import { quickStores } from '../support/stores.ts';

const stores = quickStores();
let home: Home;
let casework: Casework;
let held: HeldPeople;
let register: AgreementRegister;
let lake: Awaited<ReturnType<typeof followLake>>;
let app: FastifyInstance;
let visits: Visits;
let origin: string;
/** People of the sample cases; the first is looked for by name, the second is sealed, the third’s case is closed. */
let person: { key: string; rows: HeldRow[]; forename: string; surname: string; born: string };
let second: string;
let third: string;
const log: string[] = [];

beforeAll(async () => {
  home = await builtHome();
  casework = await openCasework({ ...(await stores.readyPlace()), clock: systemClock });
  held = openHeldPeople(home);
  const packs = readAgreementPacks(home.packs);
  register = await storeAgreements(casework.db, systemClock, { packs });
  await seedSampleAgreements(register, systemClock, packs);
  const keys = await held.knownTo('early-help-episode', 12);
  await seedSampleCases(casework.db, systemClock, { open: async () => keys, closed: async () => [] });
  const rows = await held.rows([keys[0]!]);
  const episode = rows.find(({ feed }) => feed === 'early-help-episode')!.values;
  person = { key: keys[0]!, rows, forename: episode.forename!, surname: episode.surname!, born: episode.date_of_birth! };
  [second, third] = [keys[1]!, keys[2]!];
  lake = await followLake(home);
  const people = openPeople(casework.db, systemClock, { source: held, feeds: readRecordFeeds(home.packs) });
  const port = await freePort();
  origin = `http://localhost:${port}`;
  app = await createWebServer({
    version: '0.1.0', partnership: home.settings.partnership, simulated: true, questions: createQuestions({ localPacks: home.packs, clock: systemClock }), lake: () => lake.current(),
    sessions: createMemorySessions(), audit: storeAudit(casework.db, systemClock), checkStore: async () => true, agreements: register, agreementPacks: packs,
    people, cases: openCaseDesk(casework.db, systemClock, { source: held, people, attachments: openAttachmentFiles(home) }), protection: openProtection(casework.db, systemClock),
    identity: { kind: 'sample' }, cookieSecret: 'a cookie secret for tests, forty characters', baseUrl: origin, clock: systemClock, log: { write: (line) => void log.push(line) },
    categories: readCategories(home.packs), limits: { requests: 100_000, signIns: 100_000, passwords: 100_000 },
  });
  await app.listen({ port, host: '127.0.0.1' });
  visits = await openVisits(origin);
}, 180_000);

afterAll(async () => {
  await visits?.close();
  await app?.close();
  lake?.close();
  await held?.close();
  await casework?.close();
});

const as: Visits['as'] = (...given) => visits.as(...given);
const mainText = async (page: Page) => ((await page.textContent('main')) ?? '').replaceAll(/\s+/g, ' ');

async function search(page: Page): Promise<void> {
  await page.goto(`${origin}/people`);
  await page.getByLabel('First name').fill(person.forename);
  await page.getByLabel('Last name').fill(person.surname);
  const [year, month, day] = person.born.split('-').map(Number) as [number, number, number];
  await page.getByLabel('Day').fill(String(day));
  await page.getByLabel('Month').fill(String(month));
  await page.getByLabel('Year').fill(String(year));
  await follow(page.getByRole('button', { name: 'Search' }));
}

/** Values of columns that no clause for early help names, and that no column which one names holds too. */
async function secrets(): Promise<string[]> {
  const contents = (await register.list()).map((agreement) => agreementStatus(agreement, systemClock.now()).content);
  const clauses = contents.flatMap((content) => content.clauses).filter(({ purpose, form }) => purpose === 'early-help' && form === 'identified');
  const isGiven = (feed: string, column: string) => clauses.some(({ items }) => items.some((item) => 'feed' in item && item.feed === feed && (item.fields === 'all' || item.fields.includes(column))));
  const cells = person.rows.flatMap(({ feed, values }) => Object.entries(values).flatMap(([column, value]) => (value === null || value.length < 8 ? [] : [{ given: isGiven(feed, column), value }])));
  const given = cells.filter((cell) => cell.given).map(({ value }) => value);
  return [...new Set(cells.filter((cell) => !cell.given).map(({ value }) => value))].filter((value) => !given.some((each) => each.includes(value)));
}

/** axe at both widths, nothing wider than the screen; and how it looks, where asked. */
async function look(page: Page, name: string): Promise<void> {
  for (const width of [1280, 375]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth'), `${name} at ${width}`).toBe(true);
    if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/${name}-${width}.png`, fullPage: true });
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

test('a lead practitioner states a purpose, searches, and sees what the clauses give and no more', async () => {
  await visits.withPage({ javaScriptEnabled: false, viewport: { width: 1280, height: 900 } }, async (page) => {
    await page.goto(`${origin}/people`);
    await follow(page.getByRole('button', { name: 'Sign in' }));
    await page.getByLabel('Daniel Whitlock').check();
    await page.getByLabel('Sample password', { exact: true }).fill(samplePassword);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.waitForURL((url) => url.pathname === '/purpose');
    await page.getByLabel('Help a family early').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(`${origin}/people`);
    await look(page, 'people');
    await search(page);
    expect(page.url()).toBe(`${origin}/people`);
    await look(page, 'people-found');
    await page.getByRole('link', { name: `${person.forename} ${person.surname}` }).first().click();
    await page.waitForURL(`${origin}/people/${person.key}`);
    const text = await mainText(page);
    expect(text).toContain('Shared under Early help for families, clause 1');
    expect(text).toContain('Early help episodes');
    const hidden = await secrets();
    expect(hidden.length).toBeGreaterThan(5);
    for (const secret of hidden) expect(text).not.toContain(secret);
    await look(page, 'person');
    if (process.env.SCREENSHOTS) {
      await page.emulateMedia({ media: 'print' });
      await page.setViewportSize({ width: 794, height: 1123 });
      await page.screenshot({ path: `${process.env.SCREENSHOTS}/person-print.png`, fullPage: true });
    }
  });
  const audited = await listAuditEvents(casework.db, { actorId: 'sample-lead-practitioner', limit: 50 });
  expect(audited.find(({ action }) => action === 'person.search')).toMatchObject({ outcome: 'done', purpose: 'early-help', subjectIds: expect.arrayContaining([person.key]) as string[] });
  expect(audited.find(({ action }) => action === 'person.view')).toMatchObject({ outcome: 'done', purpose: 'early-help', subjectIds: [person.key] });
  expect(JSON.stringify(audited)).not.toContain(person.surname);
}, 60_000);

test('an analyst finds no such page, whoever is asked for', async () => {
  await as('Priya Nair', '/understand/data-quality', async (page) => {
    expect(await page.getByRole('link', { name: 'People', exact: true }).count()).toBe(0);
    for (const path of ['/people', `/people/${person.key}`, '/people/P0000000000000000', `/people/${person.key}/record.csv`]) {
      const response = await page.goto(origin + path);
      expect(response!.status()).toBe(404);
      expect(await mainText(page)).toContain('Page not found');
    }
  });
}, 60_000);

test('a lead practitioner writes in a case from its person’s record; the hub coordinator gives it another lead and closes it with a reason', async () => {
  let address = '';
  await as('Daniel Whitlock', `/people/${third}`, async (page) => {
    await follow(page.getByRole('link', { name: 'Open case, opened on' }));
    address = page.url();
    await follow(page.getByRole('link', { name: 'Write an entry' }));
    await look(page, 'case-choose');
    await page.getByLabel('What the person says in their own words').check();
    await follow(page.getByRole('button', { name: 'Continue' }));
    await follow(page.getByRole('button', { name: 'Write the entry' }));
    expect(await mainText(page)).toContain('There is a problem');
    await page.getByLabel('What does the person say, in their own words?').fill('I want to go back to football.');
    await look(page, 'case-write');
    await page.getByRole('button', { name: 'Write the entry' }).click();
    await page.waitForURL(`${address}?done=written`);
    expect(await mainText(page)).toMatch(/What the person says in their own words Shared under Early help for families, clause 1 I want to go back to football\. sample-lead-practitioner \(you\), Early help/);
    await follow(page.getByRole('link', { name: 'Attach a file to the entry of' }).last());
    await look(page, 'case-attach');
    await page.getByLabel('Which file belongs to the entry?').setInputFiles({ name: 'drawing.svg', mimeType: 'image/svg+xml', buffer: Buffer.from('<svg/>') });
    await follow(page.getByRole('button', { name: 'Attach the file' }));
    expect(await mainText(page)).toContain('There is a problem The selected file must be a PDF, PNG, JPEG, DOCX, XLSX or TXT');
    await look(page, 'case-attach-wrong');
    await page.getByLabel('Which file belongs to the entry?').setInputFiles({ name: 'Club’s letter.pdf', mimeType: 'application/pdf', buffer: smallPdf });
    await page.getByRole('button', { name: 'Attach the file' }).click();
    await page.waitForURL(`${address}?done=attached`);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Club’s letter.pdf' }).click()]);
    expect([download.suggestedFilename(), readFileSync(await download.path()).equals(smallPdf), page.url()]).toEqual(['Club’s letter.pdf', true, `${address}?done=attached`]);
    await look(page, 'case');
    await page.goto(`${address}?done=written`);
    await page.emulateMedia({ media: 'print' });
    expect([await page.getByText('Printed by Daniel Whitlock').isVisible(), await page.getByRole('link', { name: 'Close the case' }).isVisible(), await page.getByText('The entry is written.').isVisible()]).toEqual([true, false, false]);
  });
  await as('Grace Okafor', '/cases', async (page) => {
    expect(await mainText(page)).toContain('You cannot see this now');
    await follow(page.getByRole('link', { name: 'State another purpose' }));
    await page.getByLabel('Help a family early').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(`${origin}/cases`);
    await look(page, 'cases');
    await follow(page.locator(`a[href="${address.slice(origin.length)}"]`));
    await follow(page.getByRole('link', { name: 'Change the lead' }));
    await page.getByLabel('Sign-in of the new lead').fill('sample-hub-coordinator');
    await page.getByRole('button', { name: 'Change the lead' }).click();
    await page.waitForURL(`${address}?done=lead`);
    await follow(page.getByRole('link', { name: 'Close the case' }));
    await look(page, 'case-close');
    await page.getByLabel('Why is the case closed?').fill('She is back in the team, and the school carries on.');
    await page.getByRole('button', { name: 'Close the case' }).click();
    await page.waitForURL(`${address}?done=closed`);
    expect(await mainText(page)).toContain('Why it was closedShe is back in the team, and the school carries on.');
    await page.goto(`${origin}/cases?show=mine`);
    expect(await mainText(page)).toContain('You lead no open case');
  });
  const audited = await listAuditEvents(casework.db, { subjectId: address.split('/').at(-1)!, limit: 50 });
  expect(['case.attach', 'case.open-attachment'].map((each) => audited.find(({ action }) => action === each)?.actorId)).toEqual(['sample-lead-practitioner', 'sample-lead-practitioner']);
  expect(['case.write', 'case.lead', 'case.close'].map((each) => audited.find(({ action, outcome }) => action === each && outcome === 'done')?.actorId)).toEqual(['sample-lead-practitioner', 'sample-hub-coordinator', 'sample-hub-coordinator']);
  expect(JSON.stringify(audited)).not.toContain('football');
}, 60_000);

test('a sealed record leaves whom to ring in its place', async () => {
  await as('Samuel Adeyemi', `/govern/seals/new?person=${second}`, async (page) => {
    await look(page, 'seal-new');
    await page.getByLabel('Domestic abuse').check();
    await page.getByLabel('Whom to ring').fill('the safeguarding desk on 01632 960001');
    await page.getByLabel('Keepers, by their sign-ins').fill('sample-hub-coordinator');
    await follow(page.getByRole('button', { name: 'Seal the record' }));
    expect(await mainText(page)).toContain('The record is sealed.');
    await look(page, 'seals');
    await follow(page.getByRole('link', { name: second }));
    await look(page, 'seal');
  });
  await as('Daniel Whitlock', `/people/${second}`, async (page) => {
    expect(await mainText(page)).toContain('A record exists. Ring the safeguarding desk on 01632 960001.');
    await look(page, 'sealed');
  });
}, 60_000);

test('the pages have nothing for axe to find and keep the content policy', async () => {
  const check = async (page: Page, paths: string[]) => {
    const watch = await watchPage(page);
    for (const path of paths) {
      // 400: the page itself, with what was wrong. Anything else is another page.
      expect([200, 400], path).toContain((await page.goto(origin + path))!.status());
      await checkPage(page, { name: path });
    }
    expect(watch.faults).toEqual([]);
  };
  await as('Daniel Whitlock', '/people', async (page) => {
    await search(page);
    expect(await findAccessibilityFaults(page)).toEqual([]);
    await follow(page.getByRole('button', { name: 'Search' }));
    const mine = readerCases(casework.db, systemClock, { userId: 'sample-lead-practitioner', role: 'lead-practitioner', agency: 'early-help' }, 'early-help');
    const { caseId } = (await mine.listCases({ limit: 1, personKeys: [person.key] }))[0]!;
    const entry = await mine.addEntry({ caseId, section: 'plan', text: 'A visit on Monday' });
    const attach = `/entries/${entry.ok ? entry.entryId : ''}/attach`;
    await page.goto(`${origin}/cases/${caseId}${attach}`);
    await page.getByLabel('Which file belongs to the entry?').setInputFiles({ name: 'plan.pdf', mimeType: 'application/pdf', buffer: smallPdf });
    await page.getByRole('button', { name: 'Attach the file' }).click();
    await page.waitForURL(`${origin}/cases/${caseId}?done=attached`);
    await check(page, ['/people', `/people/${person.key}`, `/people/${second}`, '/cases', ...['', attach, `${attach}?problem=too-large`, '/entries/new?section=', '/entries/new?section=worries', '/members/new'].map((more) => `/cases/${caseId}${more}`)]);
    await check(page, [`/people/${person.key}/see-more`]);
    await page.getByLabel('Why do you need to see more now?').fill('Her school rang: she has not come home');
    await page.getByLabel(/I need to see more of this record/).check();
    await page.getByRole('button', { name: 'See more for two hours' }).click();
    await page.waitForURL(`${origin}/people/${person.key}`);
    expect(await findAccessibilityFaults(page)).toEqual([]);
  }, { javaScriptEnabled: true });
  const [protection, reader] = [openProtection(casework.db, systemClock), { userId: 'x', role: 'governance-lead', agency: 'council' } as const];
  const { brokenGlassId } = (await protection.listGlass(reader, 1))[0]!;
  const { sealedSubjectId } = (await protection.listSeals(reader))[0]!;
  await as('Samuel Adeyemi', '/', (page) => check(page, ['/', '/govern/broken-glass', `/govern/broken-glass/${brokenGlassId}`, '/govern/seals', '/govern/seals/new', `/govern/seals/${sealedSubjectId}`]), { javaScriptEnabled: true });
  expect(log.join('')).not.toContain(person.surname);
}, 120_000);
