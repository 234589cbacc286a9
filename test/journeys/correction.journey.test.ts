// A wrong fact put right, over the whole sample partnership, in a real browser without script: a practitioner reports it from the record, an information
// governance lead accepts it, what is right stands beside it, and whoever had read the record is told and says that they know.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openHeldPeople, readRecordFeeds, type HeldPeople } from '../../src/build/index.ts';
import { systemClock } from '../../src/core/index.ts';
import { openAcceptedCorrections, openCorrections, openPeople, readAgreementPacks, seedSampleAgreements, storeAgreements } from '../../src/govern/index.ts';
import { openPersonIds, type PersonIdsReader } from '../../src/linkage/index.ts';
import { storeAudit } from '../../src/store/index.ts';
import { checkPage, follow, largeScreen, openVisitedServer, type VisitedServer } from '../support/browser-visit.ts';
import { openGovernedStore, timeSql, type GovernedStore } from '../support/governed-store.ts';
import { builtHome } from '../support/sample-home.ts';
import { quickStores } from '../support/stores.ts';

let store: GovernedStore;
let server: VisitedServer;
let held: HeldPeople;
let ids: PersonIdsReader;
let key: string;
/** Addresses on the way. */
let reporting: string;
let decided: string;
let told: string;

beforeAll(async () => {
  const home = await builtHome();
  [held, ids] = [openHeldPeople(home), openPersonIds(home)];
  [key] = (await held.knownTo('early-help-episode', 1)) as [string];
  store = await openGovernedStore(quickStores(), systemClock);
  const { db } = store.casework;
  const packs = readAgreementPacks(undefined);
  const register = await storeAgreements(db, systemClock, { packs });
  await seedSampleAgreements(register, systemClock, packs);
  await store.asOwner(`insert into case_file (person_key, holder, lead_user, lead_agency, opened_at) values ('${key}', 'early-help', 'sample-lead-practitioner', 'early-help', ${timeSql(systemClock.now())})`);
  const feeds = readRecordFeeds(undefined);
  const people = openPeople(db, systemClock, { source: held, feeds, corrections: openAcceptedCorrections(db) });
  server = await openVisitedServer({
    audit: storeAudit(db, systemClock), agreements: register, agreementPacks: packs, people,
    corrections: { desk: openCorrections(db, systemClock, { people, source: held, feeds, idsOf: async ({ personKey, ever }) => [...ever, ...((await ids.find(personKey))?.records ?? [])] }), keyOf: async (id) => (await ids.find(id))?.personKey },
  });
}, 300_000);

afterAll(async () => {
  await server?.close();
  await store?.casework.close();
  for (const each of [held, ids]) await each?.close();
});

/** Screenshots, where a folder is asked for. */
async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** Both widths, as far as no script is needed; only to be looked at. */
async function look(page: Page, name: string): Promise<void> {
  if (process.env.SCREENSHOTS === undefined) return;
  for (const width of [1280, 375]) {
    await page.setViewportSize({ width, height: 1100 });
    await picture(page, `${name}-${width}`);
  }
  await page.setViewportSize(largeScreen);
}

const as = (name: string, path: string, use: (page: Page) => Promise<void>, javaScriptEnabled = false) => server.visits.as(name, path, async (page) => {
  page.setDefaultTimeout(15_000);
  await use(page);
}, { javaScriptEnabled });

async function stateEarlyHelp(page: Page): Promise<void> {
  await page.goto(`${server.origin}/purpose`);
  await page.getByLabel('Help a family early').check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL((url) => url.pathname !== '/purpose');
}

const feedName = 'Early help: Early help episodes';

test('a wrong fact is reported, accepted, read beside what the file says, and known to whoever relied on it', async () => {
  await as('Daniel Whitlock', '/', async (page) => {
    await stateEarlyHelp(page);
    const read = await page.goto(`${server.origin}/people/${key}`);
    expect(read!.status()).toBe(200);
    const row = page.locator('.hw-person__feed', { hasText: 'Early help episodes' }).locator('.hw-person__row').first();
    const link = row.getByRole('link', { name: /This is wrong/ });
    reporting = (await link.getAttribute('href'))!;
    await follow(link);
    await look(page, 'fact');
    await page.getByLabel(/Requested on/).check();
    await follow(page.getByRole('button', { name: 'Continue' }));
    expect(await page.getByText(feedName).count()).toBe(1);
    await page.getByLabel('It should say something else').check();
    for (const [label, value] of [['Day', '2'], ['Month', '1'], ['Year', '2024']] as const) await page.getByLabel(label, { exact: true }).fill(value);
    await page.getByLabel('How do you know?').fill('The file of the family, seen today');
    await page.getByLabel('Somebody who works with them').check();
    await look(page, 'report');
    await page.getByRole('button', { name: 'Report it' }).click();
    await page.waitForURL(/done=reported/);
    expect(await page.getByText('It should say', { exact: false }).count()).toBe(0);
    await look(page, 'record-reported');
  });
  await as('Samuel Adeyemi', '/', async (page) => {
    await follow(page.getByRole('link', { name: 'Corrections', exact: true }).first());
    await look(page, 'list');
    await follow(page.locator('tbody a').first());
    expect(page.url()).not.toContain(key);
    await look(page, 'decide');
    await page.getByLabel('Accept it').check();
    await page.getByLabel('Why?').fill('The file was seen');
    await page.getByRole('button', { name: 'Keep this decision' }).click();
    await page.waitForURL(/done=accepted/);
    expect(await page.getByText('Not yet. Ask Early help').count()).toBe(1);
    expect(await page.getByRole('row', { name: /sample-lead-practitioner.*Not yet/ }).count()).toBe(1);
    await look(page, 'accepted');
    decided = new URL(page.url()).pathname;
  });
  await as('Daniel Whitlock', '/', async (page) => {
    await look(page, 'start');
    await follow(page.getByRole('link', { name: /A record that you relied on was corrected/ }));
    await page.getByRole('button', { name: 'I know about this' }).waitFor();
    const notice = page.url();
    told = new URL(notice).pathname;
    expect(notice).not.toContain(key);
    await look(page, 'notice');
    await follow(page.getByRole('link', { name: 'See the person’s record' }));
    expect(await page.getByText(/Corrected on .*: it should say/).count()).toBe(1);
    await look(page, 'record-corrected');
    await page.locator('.hw-person__corrected').first().scrollIntoViewIfNeeded();
    await picture(page, 'record-corrected-there');
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.hw-person__corrected').first().isVisible()).toBe(true);
    expect(await page.locator('.hw-person__wrong').first().isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
    await page.goto(notice);
    await page.getByRole('button', { name: 'I know about this' }).click();
    await page.waitForURL(/done=known/);
    await look(page, 'known');
  });
}, 120_000);

test('its pages have no fault that axe finds, and fit a phone', async () => {
  await as('Samuel Adeyemi', '/govern/corrections', async (page) => {
    await checkPage(page, { name: 'list' });
    for (const [name, path] of [['new', '/govern/corrections/new'], ['decided', decided]] as const) {
      await page.goto(server.origin + path);
      await checkPage(page, { name });
    }
  }, true);
  await as('Daniel Whitlock', '/', async (page) => {
    await stateEarlyHelp(page);
    for (const [name, path] of [['start', '/'], ['told', told], ['all', '/corrections'], ['record', `/people/${key}`], ['fact', reporting]] as const) {
      expect((await page.goto(server.origin + path))!.status()).toBe(200);
      await checkPage(page, { name });
    }
  }, true);
}, 120_000);
