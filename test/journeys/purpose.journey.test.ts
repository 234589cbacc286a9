// Under the sample partnership's agreements, in a real browser: an analyst says what they are doing, sees pages made of all feeds, changes their purpose;
// the agreement ends while the page is open, the next click is dark and says why, and published data are still there. Without script: agreement.journey.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/core/index.ts';
import { readAgreementPacks, seedSampleAgreements, type AgreementRegister } from '../../src/govern/index.ts';
import { followLake, type AuditEvent, type Home } from '../../src/store/index.ts';
import { createQuestions, readCategories } from '../../src/understand/index.ts';
import { checkPage, follow, openVisitedServer, signInOnly, type VisitedServer } from '../support/browser-visit.ts';
import { memoryAgreements } from '../support/memory-agreements.ts';
import { builtHome } from '../support/sample-home.ts';

const lead = { userId: 'sample-governance-lead', role: 'governance-lead', agency: 'council' } as const;
let home: Home;
let lake: Awaited<ReturnType<typeof followLake>>;
let opened: VisitedServer & { register: AgreementRegister; figures: string; audited: AuditEvent[] };

async function openServer(): Promise<typeof opened> {
  const register = memoryAgreements(systemClock);
  const [figures] = await seedSampleAgreements(register, systemClock, readAgreementPacks(undefined));
  const audited: AuditEvent[] = [];
  const server = await openVisitedServer({
    agreements: register, partnership: home.settings.partnership, questions: createQuestions({ localPacks: home.packs, clock: systemClock }), lake: () => lake.current(), categories: readCategories(home.packs),
    audit: { record: async (event) => void audited.push(event), list: async () => [] }, contact: { name: 'the data team', email: 'data@example.org' },
  });
  return { ...server, register, figures: figures!, audited };
}

beforeAll(async () => {
  home = await builtHome();
  lake = await followLake(home);
  opened = await openServer();
});
afterAll(async () => {
  await opened?.close();
  lake?.close();
});

const textOf = async (page: Page, selector: string) => ((await page.locator(selector).first().textContent()) ?? '').replaceAll(/\s+/g, ' ').trim();

test('an analyst states a purpose once, sees pages, changes it, and is told why the same page is dark when the agreement ends', async () => {
  await opened.visits.withPage({}, async (page) => {
    await signInOnly(page, opened.origin, 'Priya Nair', '/understand/demand');
    await page.getByRole('heading', { level: 1, name: 'What are you doing now?' }).waitFor();
    await checkPage(page);
    await follow(page.getByRole('button', { name: 'Continue' }));
    await page.getByRole('link', { name: 'Choose what you are doing now' }).click();
    await checkPage(page);
    await page.getByLabel('Understand demand and harm').check();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.waitForURL(`${opened.origin}/understand/demand`);
    expect(await textOf(page, '.hw-question__answer')).toMatch(/\d+ per cent of [\d,]+ incidents/);
    expect(await textOf(page, '.headwater-purpose')).toContain('Understand demand and harm');
    expect(await page.getByRole('heading', { name: 'Not in this number' }).count()).toBe(0);

    await page.getByRole('link', { name: 'Places' }).click();
    await page.waitForURL(`${opened.origin}/understand/places`);
    await follow(page.getByRole('link', { name: /^Change what you are doing/ }));
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
    await checkPage(page);
    expect(opened.audited.at(-1)).toMatchObject({ outcome: 'refused', subjectIds: ['places'], purpose: 'evaluation', basis: 'lapsed' });

    // Published crimes need no agreement: who takes the purpose back sees them alone, and what is missing.
    await follow(page.getByRole('link', { name: 'See published data alone' }));
    await checkPage(page);
    await page.getByRole('button', { name: 'See published data alone' }).click();
    await page.waitForURL(`${opened.origin}/understand/places`);
    expect(await textOf(page, '.govuk-inset-text')).toMatch(/^You see published data alone\./);
    expect(await textOf(page, '.hw-source__left-out')).toContain('Police incidents');
    await checkPage(page);
    expect((await page.goto(`${opened.origin}/linkage`))?.status()).toBe(403);
  });
});
