import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../../../test/support/browser.ts';
import { follow } from '../../../test/support/browser-visit.ts';
import { openTestLake, type TestLake } from '../../../test/support/lake-builder.ts';
import { sampleCounty } from '../../../test/support/sample-county.ts';
import { openTestServer, signedInAs, type TestServer } from '../../../test/support/web-server.ts';
import { fixedClock } from '../../core/index.ts';
import { createQuestions } from '../../understand/index.ts';
import { understandRoutes } from './understand.routes.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const addresses = ['/understand/demand', '/understand/demand?agency=police&category=burglary&from=2024-01', '/understand/demand?from=2019-01&to=2019-02', '/understand/repeat-demand', '/understand/data-quality'];
/** Drawn for the width at which they are opened. */
const mapAddresses = ['/understand/places', '/understand/places?by=hexagon&layer=demand&layer=istv-assault'];
let lake: TestLake;
let server: TestServer;
let browser: Browser;
let origin: string;
let cookie: string;

beforeAll(async () => {
  lake = await openTestLake(sampleCounty());
  server = await openTestServer({ questions: createQuestions({ clock: fixedClock('2025-01-10T09:00:00Z') }), lake: () => lake }, [understandRoutes]);
  cookie = (await signedInAs(server, 'analyst')).cookie;
  await server.app.listen({ port: 0, host: '127.0.0.1' });
  origin = `http://localhost:${(server.app.server.address() as AddressInfo).port}`;
  browser = await openBrowser();
});

afterAll(async () => {
  await browser.close();
  await server.app.close();
  lake.close();
});

async function visit(address: string, options: { width?: number; script?: boolean; before?: (page: Page) => Promise<unknown> } = {}): Promise<{ page: Page; context: BrowserContext; complaints: string[] }> {
  const context = await browser.newContext({ viewport: { width: options.width ?? 1280, height: 900 }, javaScriptEnabled: options.script ?? true, bypassCSP: false });
  const [name, value] = cookie.split('=') as [string, string];
  await context.addCookies([{ name, value, url: origin }]);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => void (message.type() === 'error' && complaints.push(message.text())));
  page.on('pageerror', (error) => void complaints.push(error.message));
  page.on('request', (request) => void (new URL(request.url()).origin !== origin && !request.url().startsWith('blob:') && !request.url().startsWith('data:') && complaints.push(request.url())));
  await options.before?.(page);
  await page.goto(origin + address);
  await page.waitForLoadState('networkidle');
  return { page, context, complaints };
}

/** Axe is run through the debugging protocol, so the page's own content policy stays as strict as it is. */
async function violations(page: Page): Promise<string[]> {
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axe);
  return page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')))`);
}

/** As it is now, at a width. */
async function checkAt(page: Page, width: number, complaints: string[]): Promise<void> {
  expect(await violations(page), `at ${width}`).toEqual([]);
  expect(complaints, `at ${width}`).toEqual([]);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
}

it.each(addresses)('%s has nothing for axe to find at 1280 and 375 pixels, keeps the content policy, and does not scroll sideways', async (address) => {
  const { page, context, complaints } = await visit(address);
  await page.evaluate(`document.querySelectorAll('details').forEach((each) => { each.open = true; })`);
  for (const width of [1280, 375]) {
    await page.setViewportSize({ width, height: 900 });
    await checkAt(page, width, complaints);
  }
  await context.close();
});

describe.each([1280, 375])('at %i pixels', (width) => {
  it.each(mapAddresses)('%s has nothing for axe to find, keeps the content policy, and does not scroll sideways', async (address) => {
    const { page, context, complaints } = await visit(address, { width });
    await page.evaluate(`document.querySelectorAll('details').forEach((each) => { each.open = true; })`);
    await checkAt(page, width, complaints);
    await context.close();
  });

  it('one of the two widths of each chart is shown, the other is in no accessibility tree', async () => {
    const { page, context } = await visit('/understand/demand', { width });
    const shown = await page.evaluate(`[...document.querySelectorAll('.hw-chart')].map((figure) => [...figure.querySelectorAll('svg[role=img]')].filter((svg) => svg.checkVisibility()).length)`);
    expect(shown).toEqual([1, 1, 1, 1]);
    await context.close();
  });
});

it('nothing moves while a page loads', async () => {
  for (const address of ['/understand/demand', '/understand/places']) {
    const { page, context } = await visit(address, {
      before: (page) => page.addInitScript(`window.moved = 0; new PerformanceObserver((list) => { for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved += entry.value; }).observe({ type: 'layout-shift', buffered: true });`),
    });
    await page.waitForTimeout(1000);
    expect(await page.evaluate('window.moved'), address).toBeLessThan(0.02);
    await context.close();
  }
});

it('without script, filters and sorting work by form and link', async () => {
  const { page, context } = await visit('/understand/demand?measure=hours', { script: false });
  await page.click('.hw-filter summary');
  await page.selectOption('#category', 'burglary');
  await follow(page.locator('.hw-filter button'));
  expect(new URL(page.url()).searchParams.get('category')).toBe('burglary');
  expect(new URL(page.url()).searchParams.get('measure')).toBe('hours');
  await follow(page.locator('#by-demand th:nth-child(2) a'));
  expect(new URL(page.url()).searchParams.get('sort')).toBe('by-demand.events.desc');
  expect(new URL(page.url()).searchParams.get('category')).toBe('burglary');
  await context.close();
});

it('with script, a table sorts in place', async () => {
  const { page, context } = await visit('/understand/demand');
  await page.click('#by-demand th:nth-child(2) button');
  const read = () => page.locator('#by-demand tbody tr td:nth-child(2)').allTextContents();
  const events = (await read()).map((text) => Number(text.replaceAll(',', '')));
  expect(events).toEqual(events.toSorted((a, b) => a - b));
  expect(await page.locator('#by-demand tfoot th').textContent()).toBe('All');
  await context.close();
});

describe('the map that can be moved', () => {
  it('comes over the drawn map and answers to the keyboard with the place in the middle', async () => {
    const { page, context, complaints } = await visit('/understand/places');
    await page.waitForSelector('.hw-map--live', { timeout: 30_000 });
    expect(await page.locator('.hw-map__box > svg').getAttribute('aria-hidden')).toBe('true');
    await page.focus('.maplibregl-canvas');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.maplibregl-popup');
    expect(await page.locator('.maplibregl-popup').textContent()).toMatch(/Sample area \d\d[\d.]+ per 1,000 residents a year/);
    expect(await page.locator('.hw-map__spoken').textContent()).toMatch(/^In the middle: Sample area/);
    await page.keyboard.press('Escape');
    expect(await page.locator('.maplibregl-popup').count()).toBe(0);
    expect(complaints).toEqual([]);
    await context.close();
  });

  it.each([
    ['WebGL is missing', (page: Page) => page.addInitScript('HTMLCanvasElement.prototype.getContext = () => null')],
    ['its library fails', (page: Page) => page.route('**/maplibre-gl.mjs', (route) => route.abort())],
    ['its shapes fail', (page: Page) => page.route('**/places.geojson*', (route) => route.fulfill({ status: 500 }))],
  ])('leaves the drawn map where %s', async (_, before) => {
    const { page, context } = await visit('/understand/places', { before });
    await page.waitForTimeout(500);
    expect(await page.locator('.hw-map--live').count()).toBe(0);
    expect(await page.locator('.hw-map__live').count()).toBe(0);
    expect(await page.locator('.hw-map__box > svg').isVisible()).toBe(true);
    expect(await page.locator('.hw-map__box > svg').getAttribute('aria-hidden')).toBeNull();
    await context.close();
  });

  it('is loaded on the places page alone', async () => {
    const { page, context } = await visit('/understand/demand');
    expect(await page.evaluate(`performance.getEntriesByType('resource').filter((entry) => /map/.test(entry.name)).length`)).toBe(0);
    await context.close();
  });
});

it('printed, filters and links are left out and every table is there', async () => {
  const { page, context } = await visit('/understand/demand');
  await page.emulateMedia({ media: 'print' });
  expect(await page.locator('.hw-filter__details').isVisible()).toBe(false);
  expect(await page.locator('.hw-actions').first().isVisible()).toBe(false);
  expect(await page.locator('#by-category').isVisible()).toBe(true);
  expect(await page.locator('.hw-source').isVisible()).toBe(true);
  await context.close();
});
