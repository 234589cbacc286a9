// Under the sample partnership's agreements, in a real browser, with script and without: an analyst says what they are doing, sees pages made of all
// feeds, changes their purpose; the agreement ends while the page is open, and the next click is dark and says why.

import type { FastifyInstance } from 'fastify';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemorySessions, systemClock } from '../../src/core/index.ts';
import { readAgreementPacks, seedSampleAgreements, type AgreementRegister } from '../../src/govern/index.ts';
import { followLake, type AuditEvent, type Home } from '../../src/store/index.ts';
import { createQuestions, readCategories } from '../../src/understand/index.ts';
import { createWebServer, samplePassword } from '../../src/web/index.ts';
import { findAccessibilityFaults } from '../support/browser.ts';
import { openVisits, type Visits } from '../support/browser-visit.ts';
import { freePort } from '../support/free-port.ts';
import { memoryAgreements } from '../support/memory-agreements.ts';
import { builtHome } from '../support/sample-home.ts';

const lead = { userId: 'sample-governance-lead', role: 'governance-lead', agency: 'council' } as const;
let home: Home;
let lake: Awaited<ReturnType<typeof followLake>>;
let opened: { app: FastifyInstance; visits: Visits; origin: string; register: AgreementRegister; figures: string; audited: AuditEvent[] };

/** A server of its own for each group: agreements end in them. */
async function openServer(): Promise<typeof opened> {
  const register = memoryAgreements(systemClock);
  const [figures] = await seedSampleAgreements(register, systemClock, readAgreementPacks(undefined));
  const audited: AuditEvent[] = [];
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const app = await createWebServer({
    agreements: register, version: '0.1.0', partnership: home.settings.partnership, simulated: true, questions: createQuestions({ localPacks: home.packs, clock: systemClock }), lake: () => lake.current(),
    sessions: createMemorySessions(), audit: { record: async (event) => void audited.push(event), list: async () => [] }, checkStore: async () => true, identity: { kind: 'sample' },
    cookieSecret: 'a cookie secret for tests, forty characters', baseUrl: origin, clock: systemClock, categories: readCategories(home.packs), contact: { name: 'the data team', email: 'data@example.org' },
    limits: { requests: 100_000, signIns: 100_000, passwords: 100_000 },
  });
  await app.listen({ port, host: '127.0.0.1' });
  return { app, visits: await openVisits(origin), origin, register, figures: figures!, audited };
}

beforeAll(async () => {
  home = await builtHome();
  lake = await followLake(home);
});
afterAll(() => lake?.close());

/** Signs in and stops where the service first asks for something. */
async function signInOnly(page: Page, name: string, path: string): Promise<void> {
  await page.goto(opened.origin + path);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel(name).check();
  await page.getByLabel('Sample password', { exact: true }).fill(samplePassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.pathname === '/purpose' || url.pathname === new URL(path, opened.origin).pathname);
}

/** axe at both widths, and nothing wider than the screen. */
async function check(page: Page): Promise<void> {
  for (const width of [1280, 375]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await findAccessibilityFaults(page), `${page.url()} at ${width}`).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - window.innerWidth'), `${page.url()} at ${width}`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}

const textOf = async (page: Page, selector: string) => ((await page.locator(selector).first().textContent()) ?? '').replaceAll(/\s+/g, ' ').trim();

describe.each([{ how: 'with script', javaScriptEnabled: true }, { how: 'without script', javaScriptEnabled: false }])('an analyst, $how', ({ javaScriptEnabled }) => {
  beforeAll(async () => {
    opened = await openServer();
  });
  afterAll(async () => {
    await opened.visits.close();
    await opened.app.close();
  });

  test('states a purpose once, sees pages, changes it, and is told why the same page is dark when the agreement ends', async () => {
    await opened.visits.withPage({ javaScriptEnabled }, async (page) => {
      await signInOnly(page, 'Priya Nair', '/understand/demand');
      await page.getByRole('heading', { level: 1, name: 'What are you doing now?' }).waitFor();
      if (javaScriptEnabled) await check(page);
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('link', { name: 'Choose what you are doing now' }).click();
      if (javaScriptEnabled) await check(page);
      await page.getByLabel('Understand demand and harm').check();
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.waitForURL(`${opened.origin}/understand/demand`);
      expect(await textOf(page, '.hw-question__answer')).toMatch(/\d+ per cent of [\d,]+ incidents/);
      expect(await textOf(page, '.headwater-purpose')).toContain('Understand demand and harm');
      expect(await page.getByRole('heading', { name: 'Not in this number' }).count()).toBe(0);

      await page.getByRole('link', { name: 'Places' }).click();
      await page.waitForURL(`${opened.origin}/understand/places`);
      await page.getByRole('link', { name: /^Change what you are doing/ }).click();
      await page.getByLabel('Find out what works').check();
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.waitForURL(`${opened.origin}/understand/places`);
      expect(await textOf(page, '.headwater-purpose')).toContain('Find out what works');
      expect(opened.audited.at(-1)).toMatchObject({ purpose: 'evaluation', basis: `${opened.figures}/1/2` });

      await opened.register.end(opened.figures, lead, 'A new one takes its place');
      expect((await page.reload())?.status()).toBe(403);
      await page.getByRole('heading', { level: 1, name: 'You cannot see this now' }).waitFor();
      expect(await textOf(page, 'main')).toMatch(/The agreement “Understand demand and harm together” lapsed on \d+ \w+ \d{4}: it was ended\./);
      expect(await textOf(page, 'header')).not.toContain('Find out what works');
      if (javaScriptEnabled) await check(page);
      expect(opened.audited.at(-1)).toMatchObject({ outcome: 'refused', subjectIds: ['places'], purpose: 'evaluation', basis: 'lapsed' });

      // Published crimes need no agreement: who takes the purpose back sees them alone, and what is missing.
      await page.getByRole('link', { name: 'See published data alone' }).click();
      if (javaScriptEnabled) await check(page);
      await page.getByRole('button', { name: 'See published data alone' }).click();
      await page.waitForURL(`${opened.origin}/understand/places`);
      expect(await textOf(page, '.govuk-inset-text')).toMatch(/^You see published data alone\./);
      expect(await textOf(page, '.hw-source__left-out')).toContain('Police incidents');
      if (javaScriptEnabled) await check(page);
      expect((await page.goto(`${opened.origin}/linkage`))?.status()).toBe(403);
    });
  });
});
