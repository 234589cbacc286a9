// An analyst works through the Understand pages of a small simulated partnership, simulated, loaded, linked and built here, in a real
// browser: filters, sorting, files, maps, with script and without; who may and may not; what a first visit weighs and whether it moves.

import type { FastifyInstance } from 'fastify';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemorySessions, systemClock } from '../../src/core/index.ts';
import { listFeeds } from '../../src/ingest/index.ts';
import { followLake } from '../../src/store/index.ts';
import { createQuestions, readCategories } from '../../src/understand/index.ts';
import { createWebServer } from '../../src/web/index.ts';
import { agreementForAll } from '../support/agreement-for-all.ts';
import { findLayoutShift, isOfMap, watchPage } from '../support/browser.ts';
import { checkPage, follow, largeScreen, openVisits, smallScreen, type Visits } from '../support/browser-visit.ts';
import { freePort } from '../support/free-port.ts';
import { builtHome } from '../support/sample-home.ts';

let visits: Visits;
let app: FastifyInstance;
let lake: Awaited<ReturnType<typeof followLake>>;
let origin: string;
/** The analyst's session, for the tests that begin signed in. */
let signedIn: Awaited<ReturnType<BrowserContext['storageState']>>;
const withPage: Visits['withPage'] = (...given) => visits.withPage(...given);
const signInAs: Visits['signInAs'] = (...given) => visits.signInAs(...given);

beforeAll(async () => {
  const home = await builtHome();
  lake = await followLake(home);
  const categories = readCategories(home.packs);
  const port = await freePort();
  origin = `http://localhost:${port}`;
  app = await createWebServer({
    agreements: await agreementForAll(systemClock),
    version: '0.1.0',
    partnership: home.settings.partnership,
    simulated: true,
    questions: createQuestions({ localPacks: home.packs, clock: systemClock }),
    lake: () => lake.current(),
    sessions: createMemorySessions(),
    checkStore: async () => true,
    identity: { kind: 'sample' },
    cookieSecret: 'a cookie secret for tests, forty characters',
    baseUrl: origin,
    clock: systemClock,
    feeds: listFeeds(home.packs).map(({ feed, title, agency, cadence, source }) => ({ id: feed, title, agency, cadence, source: source.name })),
    categories,
    limits: { requests: 100_000, signIns: 100_000, passwords: 100_000 },
  });
  await app.listen({ port, host: '127.0.0.1' });
  visits = await openVisits(origin);
  await withPage({}, async (page) => {
    await signInAs(page, 'Priya Nair');
    signedIn = await page.context().storageState();
  });
});

afterAll(async () => {
  await visits?.close();
  await app?.close();
  lake?.close();
});

const words = async (page: Page, selector: string): Promise<string> => ((await page.locator(selector).first().textContent()) ?? '').replaceAll(/\s+/g, ' ').trim();
const column = async (page: Page, table: string, at: number): Promise<number[]> =>
  (await page.locator(`#${table} tbody tr > :nth-child(${at})`).allTextContents()).map((text) => Number(text.replaceAll(',', '')));

async function download(page: Page, name: string): Promise<string> {
  const waiting = page.waitForEvent('download');
  await page.getByRole('link', { name }).first().click();
  const chunks: Buffer[] = [];
  for await (const chunk of await (await waiting).createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** axe at both widths, all that is folded away open, and nothing wider than the screen. */
async function check(page: Page): Promise<void> {
  await page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })');
  await checkPage(page);
}

async function openFilters(page: Page): Promise<void> {
  if ((await page.locator('.hw-filter__details').getAttribute('open')) === null) await page.getByText('Change what is shown').click();
}

async function chooseFilters(page: Page): Promise<void> {
  await openFilters(page);
  await page.locator('input[name="agency"][value="police"]').check();
  await page.getByLabel('From', { exact: true }).selectOption({ index: 2 });
  await page.getByRole('button', { name: 'Show this' }).click();
  await page.waitForURL(/agency=police/);
}

describe.each([{ how: 'with script', javaScriptEnabled: true }, { how: 'without script', javaScriptEnabled: false }])('an analyst, $how', ({ javaScriptEnabled }) => {
  test('reads demand, filters it by agency and period, sorts it, and takes the table away', async () => {
    await withPage({ javaScriptEnabled }, async (page) => {
      await signInAs(page, 'Priya Nair', '/understand/demand');
      const before = await words(page, '.hw-question__answer');
      expect(before).toMatch(/\d+ per cent of [\d,]+ incidents/);
      await chooseFilters(page);
      const address = new URL(page.url());
      expect(address.searchParams.get('from')).toMatch(/^\d{4}-\d\d$/);
      expect(await words(page, '.hw-question__answer')).not.toBe(before);
      expect(await words(page, '.hw-filter__summary')).toMatch(/^Showing Police, all types of event/);

      const heading = page.locator('#by-demand thead th').nth(1);
      if (javaScriptEnabled) await heading.locator('button').click();
      else await follow(heading.locator('a'));
      const events = await column(page, 'by-demand', 2);
      expect(events.length).toBeGreaterThan(2);
      const order = (await heading.getAttribute('aria-sort')) === 'ascending' ? 1 : -1;
      expect(events).toEqual(events.toSorted((a, b) => order * (a - b)));
      expect(new URL(page.url()).searchParams.get('agency')).toBe('police');

      const total = await words(page, '#by-demand tfoot td');
      const lines = (await download(page, 'Download this table (CSV)')).trim().split('\r\n');
      expect(lines[0]).toMatch(/^demand,events,share,/);
      expect(lines).toHaveLength(events.length + 2);
      expect(lines.at(-1)!.split(',').slice(0, 2)).toEqual(['All', total.replaceAll(',', '')]);
      if (javaScriptEnabled) await check(page);
    });
  });

  test('goes on to repeats by address, person and household', async () => {
    await withPage({ javaScriptEnabled, storageState: signedIn }, async (page) => {
      await page.goto(origin + '/understand/demand');
      await page.getByRole('link', { name: 'Repeat demand' }).click();
      await page.waitForURL(`${origin}/understand/repeat-demand`);
      for (const [value, noun] of [['address', 'addresses'], ['person', 'people'], ['household', 'households']] as const) {
        await openFilters(page);
        await page.getByLabel('Count by').selectOption(value);
        await page.getByRole('button', { name: 'Show this' }).click();
        await page.waitForURL(new RegExp(`by=${value}|repeat-demand$`));
        await page.getByRole('heading', { level: 2, name: `How few ${noun} make how much` }).waitFor();
        expect(await words(page, '.hw-question__answer')).toContain(`of ${noun}`);
        if (javaScriptEnabled) await check(page);
      }
    });
  });

  test('sees places by area and by hexagon, two layers side by side', async () => {
    await withPage({ javaScriptEnabled, storageState: signedIn }, async (page) => {
      await page.goto(origin + '/understand/places');
      expect(await page.locator('.hw-map').count()).toBe(1);
      if (javaScriptEnabled) {
        await page.locator('.hw-map--live').waitFor();
        await check(page);
      } else expect(await page.locator('.hw-map__box > svg').isVisible()).toBe(true);
      await page.goto(`${origin}/understand/places?by=hexagon&layer=demand&layer=police-uk-street`);
      expect(await page.locator('.hw-map').count()).toBe(2);
      await page.getByText('The numbers as a table').first().click();
      expect(await words(page, '#layer-1 tbody th')).toMatch(/^Near \S/);
      expect(await words(page, '#layer-1 tbody td')).toMatch(/^8[0-9a-f]{14}$/);
      const counts = (await column(page, 'layer-1', 3)).filter((count) => !Number.isNaN(count));
      expect(counts.length).toBeGreaterThan(5);
      expect(counts).toEqual(counts.toSorted((a, b) => b - a));
      if (javaScriptEnabled) await check(page);
    });
  });

  test('judges the data, linkage by group among them, and reads how it is worked out', async () => {
    await withPage({ javaScriptEnabled, storageState: signedIn }, async (page) => {
      await page.goto(origin + '/understand/data-quality');
      await page.getByRole('heading', { name: 'How well are records joined to people?' }).waitFor();
      await page.locator('summary', { hasText: 'The numbers as a table' }).last().click();
      const groups = await page.locator('#linkage tbody th').allTextContents();
      expect(new Set(groups.map((text) => text.trim())).size).toBeGreaterThan(2);
      if (javaScriptEnabled) await check(page);
      await follow(page.getByRole('link', { name: 'How this is worked out' }));
      await page.getByRole('heading', { level: 1, name: 'Data quality' }).waitFor();
      if (javaScriptEnabled) await check(page);
      await follow(page.getByRole('link', { name: 'disclosure control' }));
      await page.getByRole('heading', { level: 1, name: 'Disclosure control' }).waitFor();
    });
  });
});

test('A scrutiny panel member is refused demand and may judge the data; a board member may read both', async () => {
  await withPage({}, async (page) => {
    await signInAs(page, 'Yusuf Rahman');
    expect((await page.goto(`${origin}/understand/demand`))?.status()).toBe(403);
    await page.getByRole('heading', { name: 'You may not see this page' }).waitFor();
    expect((await page.goto(`${origin}/understand/data-quality`))?.status()).toBe(200);
    expect(await page.getByRole('link', { name: 'Repeat demand' }).count()).toBe(0);
  });
  await withPage({}, async (page) => {
    await signInAs(page, 'Margaret Thorne');
    for (const path of ['/understand/demand', '/understand/data-quality']) expect((await page.goto(origin + path))?.status()).toBe(200);
  });
});

describe('a first visit', () => {
  test.each([['/', largeScreen], ['/understand/demand', largeScreen], ['/understand/repeat-demand', largeScreen], ['/understand/places', smallScreen], ['/understand/data-quality', smallScreen]])('%s weighs no more than 300 kB and does not move', async (path, viewport) => {
    await withPage({ storageState: signedIn, viewport }, async (page) => {
      const watch = await watchPage(page, (url) => !isOfMap(url));
      await page.goto(origin + path, { waitUntil: 'networkidle' });
      const shift = await findLayoutShift(page);
      expect(watch.bytes()).toBeGreaterThan(20_000);
      expect(watch.bytes(), `${path} in bytes`).toBeLessThanOrEqual(300_000);
      expect(shift, `${path} moved`).toBeLessThanOrEqual(0.02);
      expect(watch.faults).toEqual([]);
    });
  });
});
