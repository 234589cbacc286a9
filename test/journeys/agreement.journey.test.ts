// An agreement from its first word to its last in a real browser, without script: an information governance lead writes it from a template,
// three partners sign, an analyst gains exactly what it says; a party withdraws, it has lapsed and says why.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/index.ts';
import { readAgreementPacks, storeAgreements, storeDrafts, type AgreementRegister } from '../../src/govern/index.ts';
import { listAuditEvents, openCasework, storeAudit, type Casework } from '../../src/store/index.ts';
import { follow, openVisitedServer, type VisitedServer } from '../support/browser-visit.ts';
import { findAccessibilityFaults, watchPage } from '../support/browser.ts';
import { pgliteStores } from '../support/stores.ts';

const stores = pgliteStores();
let casework: Casework;
let register: AgreementRegister;
let server: VisitedServer;
let origin: string;
let address: string;

beforeAll(async () => {
  casework = await openCasework({ ...(await stores.readyPlace()), clock: systemClock });
  const packs = readAgreementPacks(undefined);
  register = await storeAgreements(casework.db, systemClock, { packs });
  server = await openVisitedServer({ audit: storeAudit(casework.db, systemClock), agreements: register, agreementPacks: packs, agreementDrafts: storeDrafts(casework.db, systemClock) });
  ({ origin } = server);
});

afterAll(async () => {
  await server?.close();
  await casework?.close();
});

/** As a sample user, from the start page. */
const as = (name: string, use: (page: Page) => Promise<void>, width = 1280) => server.visits.as(name, '/', use, { viewport: { width, height: 900 } });

const press = (page: Page, name: string) => follow(page.getByRole('button', { name, exact: true }));
const open = (page: Page, name: string | RegExp) => follow(page.getByRole('link', { name }).first());

/** Leaves only these checked. */
async function choose(page: Page, values: string[]): Promise<void> {
  for (const box of await page.locator('main input[type=checkbox]').all()) await box.setChecked(values.includes((await box.getAttribute('value'))!));
  await press(page, 'Save and continue');
}

async function analystSees(): Promise<string> {
  let seen = '';
  await as('Priya Nair', async (page) => {
    await page.goto(`${origin}/govern/my-access`);
    seen = (await page.textContent('main')) ?? '';
  });
  return seen;
}

describe('an agreement', () => {
  test('is written from a template by an information governance lead, who may sign out in between', async () => {
    const kept = ['police', 'violence-reduction-unit', 'council'];
    await as('Samuel Adeyemi', async (page) => {
      await page.goto(`${origin}/govern/agreements`);
      expect(await page.textContent('main')).toContain('There are no agreements yet.');
      await press(page, 'Write an agreement');
      await page.getByLabel('Understand demand and harm together').check();
      await press(page, 'Begin');
      await open(page, 'Parties');
      while ((await page.getByRole('link', { name: /^Take out/ }).count()) > kept.length) {
        const links = await page.getByRole('link', { name: /^Take out/ }).evaluateAll((all) => all.map((link) => (link as unknown as { pathname: string }).pathname));
        await page.goto(origin + links.find((path) => !kept.includes(path.split('/').at(-2)!))!);
        await press(page, 'Take out');
      }
      await press(page, 'Continue');
      await open(page, 'Add or remove clauses');
      while ((await page.getByRole('link', { name: /^Remove/ }).count()) > 1) {
        await follow(page.getByRole('link', { name: /^Remove/ }).last());
        await press(page, 'Remove');
      }
      await press(page, 'Sign out');
    });
    await as('Samuel Adeyemi', async (page) => {
      await page.goto(`${origin}/govern/agreements`);
      await open(page, 'Understand demand and harm together');
      // What names an agency that is no party any more is said beside it.
      await press(page, 'Check the agreement');
      expect(await page.textContent('main')).toContain('To mend:');
      await open(page, /Change Clause 1, Whose data/);
      await choose(page, ['police']);
      await open(page, /Change Clause 1, Items/);
      await choose(page, ['police-incident']);
      await open(page, /Change Clause 1, Who may see them/);
      await choose(page, ['violence-reduction-unit']);
      const main = (await page.textContent('main'))!;
      expect(main).not.toContain('To mend:');
      expect(main).toContain('Look at this: Council neither gives nor receives anything.');
      await press(page, 'Save this agreement');
      expect(await page.textContent('main')).toContain('The version is saved.');
      address = new URL(page.url()).pathname;
    });
    expect(await analystSees()).toContain('No agreement that is in force names your role');
  });

  test('is in force when three partners have signed, and gives an analyst what it says', async () => {
    for (const [name, agency] of [['Ruth Calloway', 'Police'], ['Claire Renshaw', 'Violence reduction unit'], ['Nadia Karimi', 'Council']] as const) {
      await as(name, async (page) => {
        await page.goto(`${origin}/govern/agreements`);
        await open(page, new RegExp(`^Sign it for ${agency}`));
        await press(page, 'Sign');
        expect(await page.title()).toMatch(/^Error: /);
        await page.getByLabel(`I have read version 1, and I may sign for ${agency}`).check();
        await press(page, 'Sign');
        expect(await page.textContent('main')).toContain('You have signed.');
        expect(await page.locator('main .govuk-tag').first().textContent()).toBe(agency === 'Council' ? 'In force' : 'Being signed');
      });
    }
    expect(await analystSees()).toContain('Police incidents: all fields but those that identify');
  });

  test('is not there for an agency that is no party', async () => {
    await as('Amina Yusuf', async (page) => {
      for (const part of ['', '/document', '/data-flows', '/impact-assessment', '/sign']) expect((await page.goto(origin + address + part))!.status(), part).toBe(404);
    });
  });

  test.each([1280, 375])('has pages that fit %i pixels, keep the content policy, and have nothing for axe to find', async (width) => {
    await server.visits.withPage({ viewport: { width, height: 900 } }, async (page) => {
      await server.visits.signInAs(page, 'Samuel Adeyemi');
      const watch = await watchPage(page);
      await page.goto(`${origin}/govern/agreements/new`);
      await page.getByLabel('Early help for families').check();
      await press(page, 'Begin');
      const draft = new URL(page.url()).pathname;
      const writing = ['', '/title', '/parties', '/parties/add', '/clauses', '/clauses/c2', '/clauses/c2/powers', '/clauses/c2/fields/police-involvement', '/dates', '/check'].map((part) => draft + part);
      const reading = ['', '/document', '/data-flows', '/impact-assessment', '/end'].map((part) => address + part);
      for (const path of ['/govern/agreements', '/govern/my-access', ...reading, ...writing]) {
        expect((await page.goto(origin + path))!.status(), path).toBe(200);
        // Once: the same elements stand on a small screen.
        if (width === 1280) expect(await findAccessibilityFaults(page), path).toEqual([]);
        expect(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth'), path).toBe(true);
        if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/${path.replaceAll(/[^a-z]+/g, '-')}${width}.png`, fullPage: true });
      }
      expect(watch.faults).toEqual([]);
      await page.goto(`${origin}${draft}/discard`);
      await press(page, 'Throw away');
    });
  });

  test('lapses the moment a party withdraws, says why, and gives nothing any more', async () => {
    await as('Claire Renshaw', async (page) => {
      await page.goto(origin + address);
      await open(page, 'Withdraw Violence reduction unit');
      expect(await page.textContent('main')).toContain('data of Police to Violence reduction unit.');
      await page.getByLabel('Why does your agency withdraw?').fill('The unit closes at the end of the month');
      await page.getByLabel('I may withdraw Violence reduction unit from this agreement').check();
      await press(page, 'Withdraw');
      expect(await page.textContent('main')).toContain('The reason given: The unit closes at the end of the month.');
      expect(await page.locator('main .govuk-tag').first().textContent()).toBe('Lapsed');
    });
    expect(await analystSees()).not.toContain('Police incidents');
  });

  test('stands in the audit, act by act', async () => {
    const acts = (await listAuditEvents(casework.db, { limit: 500 })).filter(({ action }) => action.startsWith('agreement.')).toReversed();
    const id = address.split('/').at(-1)!;
    expect(acts.filter(({ outcome }) => outcome === 'done').map(({ actorId, action, subjectIds }) => [actorId, action, ...(subjectIds ?? [])])).toEqual([
      ['sample-governance-lead', 'agreement.draft', id],
      ['sample-signatory-police', 'agreement.sign', id],
      ['sample-signatory-violence-reduction-unit', 'agreement.sign', id],
      ['sample-signatory-council', 'agreement.sign', id],
      ['sample-signatory-violence-reduction-unit', 'agreement.withdraw', id],
    ]);
    expect(acts.filter(({ outcome }) => outcome === 'refused').map(({ actorId, action }) => `${actorId} ${action}`)).toEqual(Array.from({ length: 5 }, () => 'sample-signatory-scrutiny-panel agreement.open'));
  });
});
