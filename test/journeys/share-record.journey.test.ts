// A decision to share in a real browser, without script: a lead practitioner comes from a person's record, is told what the law needs more, records it
// and adds what became of it; an information governance lead finds it among those to be reviewed and reviews it.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRecordFeeds } from '../../src/build/index.ts';
import { systemClock } from '../../src/core/index.ts';
import { openPeople, openShareRecords, readAgreementPacks, seedSampleAgreements } from '../../src/govern/index.ts';
import { storeAudit } from '../../src/store/index.ts';
import { checkPage, follow, openVisitedServer, type VisitedServer } from '../support/browser-visit.ts';
import { openGovernedStore, timeSql, type GovernedStore } from '../support/governed-store.ts';
import { memoryAgreements } from '../support/memory-agreements.ts';
import { heldRow, memoryPeople } from '../support/people-server.ts';
import { quickStores } from '../support/stores.ts';

const key = 'P00000000000000a1';
let store: GovernedStore;
let server: VisitedServer;
let address: string;

beforeAll(async () => {
  store = await openGovernedStore(quickStores(), systemClock);
  const { db } = store.casework;
  const packs = readAgreementPacks(undefined);
  const register = memoryAgreements(systemClock, packs);
  await seedSampleAgreements(register, systemClock, packs);
  await store.asOwner(`insert into case_file (person_key, holder, lead_user, lead_agency, opened_at) values ('${key}', 'early-help', 'sample-lead-practitioner', 'early-help', ${timeSql(systemClock.now())})`);
  const source = memoryPeople([heldRow(key, 'early-help-episode', 2, { episode_ref: 'E1', requested_on: '2026-05-01', level: '3', forename: 'Ada', surname: 'Quill' })]);
  server = await openVisitedServer({
    audit: storeAudit(db, systemClock), agreements: register, agreementPacks: packs, people: openPeople(db, systemClock, { source, feeds: readRecordFeeds(undefined) }), shareRecords: openShareRecords(db, systemClock, { source }),
  });
}, 120_000);

afterAll(async () => {
  await server?.close();
  await store?.casework.close();
});

const as = (name: string, path: string, use: (page: Page) => Promise<void>, javaScriptEnabled = false) => server.visits.as(name, path, use, { javaScriptEnabled });
const mainText = async (page: Page) => ((await page.textContent('main')) ?? '').replaceAll(/\s+/g, ' ');

test('a decision to share is recorded, added to, and reviewed by somebody else', async () => {
  await as('Daniel Whitlock', `/people/${key}`, async (page) => {
    await follow(page.getByRole('link', { name: 'Record a decision to share' }));
    expect(await page.getByLabel('The person’s key').inputValue()).toBe(key);
    await page.getByLabel('To share information', { exact: true }).check();
    await page.getByLabel('What information?').fill('That the family has had help since May');
    await page.getByLabel('Schools and education').check();
    await page.getByLabel('Help a family early').check();
    await page.getByLabel('Public task', { exact: true }).check();
    await page.getByLabel('Why was this decided?').fill('The school asked before a meeting about attendance');
    await page.getByLabel('Asked, and they agreed', { exact: true }).check();
    await page.getByLabel('Day', { exact: true }).fill('1');
    await page.getByLabel('Month', { exact: true }).fill('11');
    await page.getByLabel('Year', { exact: true }).fill('2026');
    await follow(page.getByRole('button', { name: 'Record the decision' }));
    expect(await mainText(page)).toContain('does not stand alone');
    await page.getByLabel('Co-operation to improve well-being').check();
    await page.getByRole('button', { name: 'Record the decision' }).click();
    await page.waitForURL(/done=recorded/);
    expect(await mainText(page)).toContain('It has not been reviewed yet.');
    await page.getByLabel('What became of it, or what is wrong in the record?').fill('Told the head teacher by telephone');
    await page.getByRole('button', { name: 'Add what became of it' }).click();
    await page.waitForURL(/done=outcome/);
    address = new URL(page.url()).pathname;
  });
  await as('Samuel Adeyemi', '/govern/share-records', async (page) => {
    await follow(page.getByRole('link', { name: 'Those to be reviewed' }));
    await follow(page.locator(`a[href="${address}"]`));
    await page.getByLabel('It was right', { exact: true }).check();
    await page.getByLabel('In your words').fill('Necessary, and no more than was needed');
    await page.getByRole('button', { name: 'Record the review' }).click();
    await page.waitForURL(/done=reviewed/);
  });
  await as('Daniel Whitlock', address, async (page) => {
    expect(await mainText(page)).toContain('Necessary, and no more than was needed');
  });
  await as('Priya Nair', '/', async (page) => {
    expect((await page.goto(server.origin + address))?.status()).toBe(403);
    expect(await page.content()).not.toContain(key);
  });
}, 120_000);

test('its pages have no fault that axe finds, and fit a phone', async () => {
  await as('Daniel Whitlock', `/govern/share-records/new?person=${key}`, async (page) => {
    await checkPage(page);
    await follow(page.getByRole('button', { name: 'Record the decision' }));
    await page.getByRole('alert').waitFor();
    await checkPage(page);
    await page.goto(server.origin + address);
    await checkPage(page);
  }, true);
  await as('Samuel Adeyemi', '/govern/share-records', async (page) => {
    await checkPage(page);
    await page.goto(server.origin + address);
    await follow(page.getByRole('button', { name: 'Record the review' }));
    await checkPage(page);
  }, true);
}, 120_000);
