// Asking who is behind a pseudonym, in a real browser, on a large screen and, without script, on a small one: a hub coordinator asks with a ground and is led to
// the record; a governance lead reads the ground; the page has no fault that a machine can find.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/core/index.ts';
import type { Asking, ListedReidentification, Reidentification, ReidentifyAsked } from '../../src/govern/index.ts';
import { agreementForAll } from '../support/agreement-for-all.ts';
import { findAccessibilityFaults } from '../support/browser.ts';
import { follow, largeScreen, openVisitedServer, smallScreen, type VisitedServer } from '../support/browser-visit.ts';

const known = 'ab'.repeat(16);
const asked: ListedReidentification[] = [];
let server: VisitedServer;

beforeAll(async () => {
  const register = await agreementForAll(systemClock);
  const { agreementId } = (await register.list())[0]!;
  const reidentification: Reidentification = {
    reidentify: async ({ who, purpose, at }: Asking, { ground, pseudonyms }: ReidentifyAsked) => {
      asked.push({ reidentificationId: String(asked.length), ...who, purpose: purpose!, agreementId, ground, asked: pseudonyms.length, given: 1, at });
      return { ok: true, answers: pseudonyms.map((pseudonym) => ({ pseudonym, personKey: pseudonym === known ? 'P0123456789abcdef' : null })) };
    },
    agreementsFor: async ({ who }) => (who.role === 'hub-coordinator' ? [agreementId] : []),
    list: async () => asked,
  };
  server = await openVisitedServer({ questions: [], agreements: register, reidentification });
}, 120_000);

afterAll(() => server?.close());

test.each([['large', largeScreen, true], ['small', smallScreen, false]] as const)('a hub coordinator asks on a %s screen, and a governance lead reads why', async (_size, viewport, javaScriptEnabled) => {
  await server.visits.withPage({ viewport, javaScriptEnabled }, async (page) => {
    await server.visits.signInAs(page, 'Grace Okafor', '/govern/re-identify');
    await page.getByLabel('Pseudonyms').fill(`${known}\n${'cd'.repeat(16)}`);
    await page.getByLabel('Why must you know who this is?').fill('A child in this row may be in danger tonight');
    if (javaScriptEnabled) expect(await findAccessibilityFaults(page)).toEqual([]);
    await follow(page.getByRole('button', { name: 'Ask who this is' }));
    await page.getByRole('heading', { level: 1, name: 'What is given' }).waitFor();
    expect(await page.getByRole('link', { name: /Open the record/ }).getAttribute('href')).toBe('/people/P0123456789abcdef');
    expect(page.url()).toBe(`${server.origin}/govern/re-identify`);
    if (javaScriptEnabled) expect(await findAccessibilityFaults(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')).toBe(true);
  });
  await server.visits.withPage({ viewport, javaScriptEnabled }, async (page) => {
    await server.visits.signInAs(page, 'Samuel Adeyemi', '/govern/re-identify');
    await page.getByText('A child in this row may be in danger tonight').first().waitFor();
    if (javaScriptEnabled) expect(await findAccessibilityFaults(page)).toEqual([]);
  });
}, 120_000);
