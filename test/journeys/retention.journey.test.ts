// Keeping and destroying in a real browser, without script: an information governance lead proposes that a case be destroyed, another looks at it, a hold
// stops it, the hold is lifted, the case is destroyed and its certificate printed. SCREENSHOTS names a folder for pictures.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readRecordFeeds } from '../../src/build/index.ts';
import { systemClock } from '../../src/core/index.ts';
import { openPeople, openRetention, readAgreementPacks, seedSampleAgreements, type RetentionDesk } from '../../src/govern/index.ts';
import { storeAudit } from '../../src/store/index.ts';
import { newAttachmentHome } from '../support/attachment-home.ts';
import { checkPage, follow, openVisitedServer, type VisitedServer } from '../support/browser-visit.ts';
import { openGovernedStore, type GovernedStore } from '../support/governed-store.ts';
import { memoryAgreements } from '../support/memory-agreements.ts';
import { memoryLoads, oldTenancies } from '../support/memory-loads.ts';
import { heldRow, memoryPeople } from '../support/people-server.ts';
import { quickStores } from '../support/stores.ts';

const key = 'P00000000000000a1';
const [first, other] = ['00000001-0000-4000-8000-000000000000', '00000002-0000-4000-8000-000000000000'] as const;
const pictures = process.env.SCREENSHOTS ?? mkdtempSync(join(tmpdir(), 'headwater-retention-'));
let store: GovernedStore;
let server: VisitedServer;
let desk: RetentionDesk;

beforeAll(async () => {
  store = await openGovernedStore(quickStores(), systemClock);
  const { db } = store.casework;
  const packs = readAgreementPacks(undefined);
  const register = memoryAgreements(systemClock, packs);
  await seedSampleAgreements(register, systemClock, packs);
  for (const caseId of [first, other]) {
    await store.asOwner(`insert into case_file (case_id, person_key, holder, status, opened_at, closed_at) values ('${caseId}', '${key}', 'early-help', 'closed', '2014-01-10 12:00Z', '2015-01-10 12:00Z');
      insert into case_entry (case_id, section, holder, author, text, created_at) values ('${caseId}', 'worries', 'early-help', 'practitioner', 'Some words', '2014-02-10 12:00Z'), ('${caseId}', 'plan', 'early-help', 'practitioner', 'More words', '2014-03-10 12:00Z')`);
  }
  await store.asOwner(`alter table share_record disable trigger user; insert into share_record (decision, person_key, items, what, from_agency, to_agency, purpose, ground, reasons, consent, decided_by, decided_on, recorded_by, recorded_at, sealed)
    values ('share', 'P00000000000000b1', '{}', 'Some words', 'early-help', 'hospital', 'early-help', '{article-6-1-e}', 'More words', 'given', 'worker', '2015-03-01', 'worker', '2015-03-01T12:00:00Z', false); alter table share_record enable trigger user`);
  const source = memoryPeople([heldRow(key, 'early-help-episode', 2, { episode_ref: 'E1', forename: 'Ada', surname: 'Quill', date_of_birth: '1980-01-01' })]);
  desk = openRetention(db, systemClock, { retention: packs.retention, source, feeds: readRecordFeeds(undefined), attachments: newAttachmentHome().files, loads: memoryLoads([oldTenancies(), oldTenancies({ load: 'tenancy/000002-0123456789ab', parts: ['tenancy/000002-0123456789ab'], file: 'tenancies-2014.csv' })]) });
  server = await openVisitedServer({
    audit: storeAudit(db, systemClock), agreements: register, agreementPacks: packs, people: openPeople(db, systemClock, { source, feeds: readRecordFeeds(undefined) }), retention: desk,
  });
}, 120_000);

afterAll(async () => {
  await server?.close();
  await store?.casework.close();
  if (process.env.SCREENSHOTS === undefined) rmSync(pictures, { recursive: true, force: true });
});

const as = (name: string, path: string, use: (page: Page) => Promise<void>, javaScriptEnabled = false) => server.visits.as(name, path, use, { javaScriptEnabled });
const mainText = async (page: Page) => ((await page.textContent('main')) ?? '').replaceAll(/\s+/g, ' ');

const check = (page: Page, name: string) => checkPage(page, { name: `retention-${name}`, pictures });

test('a case that one lead proposed is held by another, and destroyed when the hold is lifted', async () => {
  let proposal = '';
  await as('Samuel Adeyemi', `/govern/retention/cases/${first}`, async (page) => {
    await page.getByLabel('Why is it needed no more?').fill('The family moved away; the school agrees');
    await page.getByRole('button', { name: 'Propose to destroy the case' }).click();
    await page.waitForURL(/done=proposed/);
    proposal = page.url().replace('?done=proposed', '');
    expect([await mainText(page), await page.getByRole('button', { name: 'Destroy the case' }).count()]).toEqual([expect.stringContaining('You proposed this.'), 0]);
  });
  await as('Judith Penrose', '/govern/retention', async (page) => {
    expect(await mainText(page)).toContain('Proposed by sample-governance-lead.');
    await page.goto(`${server.origin}/govern/retention/holds/new?kind=case&target=${first}`);
    await page.getByLabel('By whose authority?').fill('County court, claim 12');
    await page.getByLabel('Why must it not be destroyed?').fill('A claim was made');
    await page.getByRole('button', { name: 'Place the hold' }).click();
    await page.waitForURL(/done=held/);
    await page.goto(proposal);
    expect(await mainText(page)).toContain('A legal hold is on this case.');
    expect(await page.getByRole('button', { name: 'Destroy the case' }).count()).toBe(0);
    await page.goto(`${server.origin}/govern/retention/holds`);
    await follow(page.getByRole('link', { name: `A case: ${first}` }));
    await page.getByLabel('By whose authority is it lifted?').fill('County court');
    await page.getByLabel('Why is it lifted?').fill('The claim is settled');
    await page.getByRole('button', { name: 'Lift the hold' }).click();
    await page.waitForURL(/done=lifted/);
    await page.goto(proposal);
    await page.getByLabel('I have looked at what will go').check();
    await page.getByRole('button', { name: 'Destroy the case' }).click();
    await page.waitForURL(/certificates\/1\?done=destroyed/);
    expect(await mainText(page)).toContain('by sample-governance-lead-police');
    await page.goto(`${server.origin}/govern/retention`);
    expect(await page.getByRole('link', { name: key }).count()).toBe(1);
  });
  await as('Priya Nair', '/', async (page) => {
    for (const path of ['/govern/retention', `/govern/retention/cases/${other}`, '/govern/retention/certificates/1']) expect((await page.goto(server.origin + path))?.status()).toBe(404);
    expect(await page.content()).not.toContain(key);
  });
}, 120_000);

test('a loaded file that one lead proposed is destroyed by another, and leaves a certificate', async () => {
  const load = '/govern/retention/loads/tenancy/000002-0123456789ab';
  await as('Samuel Adeyemi', '/govern/retention', async (page) => {
    await follow(page.getByRole('link', { name: 'tenancies-2014.csv' }));
    await page.getByLabel('Why is it needed no more?').fill('The association has destroyed its own');
    await page.getByRole('button', { name: 'Propose to destroy the file' }).click();
    await page.waitForURL(/done=load-proposed/);
    expect([await mainText(page), await page.getByRole('button', { name: 'Destroy the file' }).count()]).toEqual([expect.stringContaining('You proposed this.'), 0]);
  });
  await as('Judith Penrose', load, async (page) => {
    await page.getByLabel('I have looked at what will go').check();
    await page.getByRole('button', { name: 'Destroy the file' }).click();
    await page.waitForURL(/certificates\/2\?done=load-destroyed/);
    expect(await mainText(page)).toContain('The file is destroyed. This is its certificate.');
    expect((await page.goto(server.origin + load))?.status()).toBe(404);
  });
}, 120_000);

test('its pages have no fault that axe finds, fit a phone, and print', async () => {
  const lead = { userId: 'another-lead', role: 'governance-lead', agency: 'council' } as const;
  const held = await desk.placeHold(lead, { kind: 'case', target: other, reason: 'A claim was made', authority: 'County court, claim 12' });
  if (!held.ok) throw new Error(held.reason);
  await as('Samuel Adeyemi', '/govern/retention', async (page) => {
    await check(page, 'queue');
    await follow(page.getByRole('link', { name: 'tenancies-2015.csv' }));
    await check(page, 'file');
    await follow(page.getByRole('button', { name: 'Propose to destroy the file' }));
    await page.getByRole('alert').waitFor();
    await check(page, 'file-wrong');
    await page.goto(`${server.origin}/govern/retention`);
    await follow(page.getByRole('link', { name: 'Decision to share' }));
    await check(page, 'record');
    await page.goto(`${server.origin}/govern/retention`);
    await follow(page.getByRole('link', { name: key }).first());
    await check(page, 'case');
    await follow(page.getByRole('button', { name: 'Keep the case' }));
    await page.getByRole('alert').waitFor();
    await check(page, 'case-wrong');
    await page.goto(`${server.origin}/govern/retention/holds`);
    await check(page, 'holds');
    await follow(page.getByRole('link', { name: `A case: ${other}` }));
    await check(page, 'hold');
    await page.goBack();
    await follow(page.getByRole('button', { name: 'Place a legal hold' }));
    await check(page, 'hold-kind');
    await follow(page.getByRole('link', { name: /^All cases that an agency holds or wrote in/ }));
    await follow(page.getByRole('button', { name: 'Place the hold' }));
    await page.getByRole('alert').waitFor();
    await check(page, 'hold-new');
    await page.goto(`${server.origin}/govern/retention/certificates`);
    await check(page, 'certificates');
    await follow(page.getByRole('link', { name: 'Number 1' }));
    await check(page, 'certificate');
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByText('To keep it on paper').isVisible()).toBe(false);
    expect(await page.getByRole('link', { name: 'Certificates of destruction' }).isVisible()).toBe(false);
    await page.screenshot({ path: join(pictures, 'retention-certificate-print.png'), fullPage: true });
    await page.emulateMedia({ media: 'screen' });
    await desk.liftHold(lead, { holdId: held.id, reason: 'The claim is settled', authority: 'County court' });
    const proposed = await desk.propose(lead, { caseId: other, reason: 'Needed no more' });
    if (!proposed.ok) throw new Error(proposed.reason);
    await page.goto(`${server.origin}/govern/retention/proposals/${proposed.id}`);
    await check(page, 'proposal');
    await follow(page.getByRole('button', { name: 'Destroy the case' }));
    await page.getByRole('alert').waitFor();
    await check(page, 'proposal-wrong');
    await page.goto(`${server.origin}/govern/retention`);
    await check(page, 'queue-proposed');
  }, true);
}, 120_000);
