// Somebody asks what is held about them, over the whole sample partnership, in a real browser without script: an information governance lead opens the request,
// checks who asks, decides what tells of others, leaves a part out, and releases the answer, which holds nothing that leads to anybody else.

import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHeldPeople, openLinkedPeople, openRowsBeyond, readRecordFeeds, type HeldPeople, type LinkedPeople, type RowsBeyondReader } from '../../src/build/index.ts';
import { systemClock } from '../../src/core/index.ts';
import { openPeople, openSubjectAccess, readAccessExemptions, readAgreementPacks, seedSampleAgreements, type PeopleAround } from '../../src/govern/index.ts';
import { openPersonIds, type PersonIdsReader } from '../../src/linkage/index.ts';
import { storeAudit } from '../../src/store/index.ts';
import { checkPage, follow, largeScreen, openVisitedServer, type VisitedServer } from '../support/browser-visit.ts';
import { openGovernedStore, timeSql, type GovernedStore } from '../support/governed-store.ts';
import { memoryAgreements } from '../support/memory-agreements.ts';
import { builtHome } from '../support/sample-home.ts';
import { quickStores } from '../support/stores.ts';

let store: GovernedStore;
let server: VisitedServer;
let held: HeldPeople;
let linked: LinkedPeople;
let beyond: RowsBeyondReader;
let ids: PersonIdsReader;
let around: PeopleAround;
let key: string;
let address: string;

/** Of the people whom early help knows, the one around whom agencies know most others. */
async function findSomebody(): Promise<string> {
  const some = await held.knownTo('early-help-episode', 12);
  const counts = await Promise.all(some.map(async (each) => ({ each, others: (await held.rows([each])).flatMap(({ others }) => others).length })));
  return counts.toSorted((a, b) => b.others - a.others)[0]!.each;
}

beforeAll(async () => {
  const home = await builtHome();
  [held, linked, beyond, ids] = [openHeldPeople(home), openLinkedPeople(home), openRowsBeyond(home), openPersonIds(home)];
  key = await findSomebody();
  around = await linked.around(key);
  store = await openGovernedStore(quickStores(), systemClock);
  const { db } = store.casework;
  const packs = readAgreementPacks(undefined);
  const register = memoryAgreements(systemClock, packs);
  await seedSampleAgreements(register, systemClock, packs);
  await store.asOwner(`insert into case_file (person_key, holder, lead_user, lead_agency, opened_at) values ('${key}', 'early-help', 'sample-lead-practitioner', 'early-help', ${timeSql(systemClock.now())});
    insert into case_entry (case_id, section, holder, author, text, created_at) select case_id, 'worries', 'early-help', 'sample-lead-practitioner', 'Mrs Zebulonova next door rang on 01632 960777 about the noise', opened_at from case_file`);
  server = await openVisitedServer({
    audit: storeAudit(db, systemClock), agreements: register, agreementPacks: packs, people: openPeople(db, systemClock, { source: held, feeds: readRecordFeeds(undefined) }),
    subjectAccess: {
      desk: openSubjectAccess(db, systemClock, { source: held, feeds: readRecordFeeds(undefined), around: (each, also) => linked.around(each, also), beyond, idsOf: async ({ personKey, ever }) => [...ever, ...((await ids.find(personKey))?.records ?? [])], register }),
      keyOf: async (id) => (await ids.find(id))?.personKey, exemptions: readAccessExemptions(undefined),
    },
  });
}, 300_000);

afterAll(async () => {
  await server?.close();
  await store?.casework.close();
  for (const each of [held, linked, beyond, ids]) await each?.close();
});

/** Screenshots, where a folder is asked for. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  for (const width of [1280, 375]) {
    await page.setViewportSize({ width, height: 1400 });
    await page.screenshot({ path: join(folder, `${name}-${width}.png`) });
    await page.evaluate('scrollTo(0, document.body.scrollHeight / 2)');
    await page.screenshot({ path: join(folder, `${name}-${width}-middle.png`) });
    await page.evaluate('scrollTo(0, 0)');
  }
  await page.setViewportSize(largeScreen);
}

async function check(page: Page, name: string): Promise<void> {
  await checkPage(page, { name });
  await picture(page, name);
}

const as = (use: (page: Page) => Promise<void>, options: BrowserContextOptions = {}) => server.visits.as('Samuel Adeyemi', '/govern/subject-access', async (page) => {
  page.setDefaultTimeout(60_000);
  await use(page);
}, options);

async function fillDate(page: Page, iso: string): Promise<void> {
  const [year, month, day] = iso.split('-') as [string, string, string];
  for (const [label, value] of [['Day', String(Number(day))], ['Month', String(Number(month))], ['Year', year]] as const) await page.getByLabel(label, { exact: true }).fill(value);
}

/** Goes through page after page: what was read is kept, all else removed. */
async function decideAll(page: Page): Promise<number> {
  let pages = 0;
  for (; pages < 60; pages += 1) {
    await page.goto(`${address}/others`);
    if ((await page.getByText('To decide', { exact: true }).count()) === 0) return pages;
    for (const item of await page.locator('.hw-rights__item').all()) {
      if ((await item.getByText('To decide', { exact: true }).count()) === 0) continue;
      const read = (await item.getByText('A text to read').count()) > 0;
      await item.getByLabel(read ? 'Keep' : 'Remove', { exact: true }).check();
      if (read) await item.getByLabel('Why', { exact: true }).fill('Read: nothing else in it tells of anybody');
    }
    await page.getByRole('button', { name: 'Keep these decisions' }).click();
    await page.waitForURL(/done=decided/);
  }
  return pages;
}

test('somebody is answered what is held about them, and nothing of anybody else', async () => {
  const today = new Date().toISOString().slice(0, 10);
  await as(async (page) => {
    await follow(page.getByRole('button', { name: 'Open a request' }));
    await page.getByLabel('Who is it about?').fill(key);
    await page.getByLabel('The person', { exact: true }).check();
    await fillDate(page, today);
    await page.getByRole('button', { name: 'Open the request' }).click();
    await page.waitForURL(/done=opened/);
    address = page.url().replace('?done=opened', '');
    expect(address).not.toContain(key);
    await page.getByLabel('Documents were seen, such as a passport').check();
    await fillDate(page, today);
    await page.getByRole('button', { name: 'Record the check' }).click();
    await page.waitForURL(/done=identity/);
    expect(await page.getByText('to decide').count()).toBe(1);
    expect(await page.getByRole('button', { name: 'Release the answer' }).count()).toBe(0);
    await page.goto(`${address}/others`);
    await page.getByLabel('Name or word').fill('next door');
    await page.getByRole('button', { name: 'Look for it' }).click();
    await page.waitForURL(/done=words/);
    expect(await decideAll(page)).toBeGreaterThan(0);
    await page.goto(address);
    await page.getByRole('button', { name: 'Release the answer' }).click();
    await page.waitForURL(/done=release/);
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download the document' }).click()]);
    const document = readFileSync(await download.path(), 'utf8');
    const rows = await (await page.request.get(`${address}/answer.csv`)).text();
    for (const text of [document, rows]) expectNothingOfOthers(text);
    expect(document).toContain('What agencies hold about you');
  }, { acceptDownloads: true });
}, 300_000);

/** Nothing that leads to one person: whole names, numbers, and what was planted. */
function expectNothingOfOthers(text: string): void {
  const flat = text.toLowerCase();
  const ownWords = new Set(['forename', 'middle_names', 'surname'].flatMap((field) => around.own[field] ?? []).map((name) => name.toLowerCase()));
  const ownNumbers = new Set(Object.values(around.own).flat().map((value) => value.toLowerCase()));
  const whole = around.others.flatMap(({ values }) => (values.forename ?? []).flatMap((forename) => (values.surname ?? []).map((surname) => `${forename} ${surname}`.toLowerCase()))).filter((name) => name.split(' ').some((part) => !ownWords.has(part)));
  const numbers = around.others.flatMap(({ values }) => ['nhs_number', 'upn', 'phone', 'email', 'local_id'].flatMap((field) => values[field] ?? [])).filter((value) => value.length > 4 && !ownNumbers.has(value.toLowerCase()));
  expect(whole.length + numbers.length).toBeGreaterThan(10);
  expect([...whole, ...numbers].filter((each) => flat.includes(each.toLowerCase()))).toEqual([]);
  for (const planted of ['zebulonova', '960777', 'next door']) expect(flat).not.toContain(planted);
}

test('its pages have no fault that axe finds, fit a phone, and print', async () => {
  await as(async (page) => {
    await check(page, 'list');
    for (const [name, more] of [['request', ''], ['others', '/others'], ['answer', '/answer'], ['leave-out', '/leave-out?part=feed%3Aearly-help-episode']] as const) {
      await page.goto(address + more);
      await check(page, name);
    }
    const document = await (await page.request.get(`${address}/answer.html`)).text();
    // As it is opened from where it was saved, without the policy of this server's pages.
    await server.visits.withPage({ javaScriptEnabled: true }, async (saved) => {
      await saved.setContent(document);
      await check(saved, 'document');
      await saved.emulateMedia({ media: 'print' });
      await picture(saved, 'document-print');
    });
  }, { javaScriptEnabled: true });
}, 180_000);
