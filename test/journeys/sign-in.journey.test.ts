// A person signs in, looks around and signs out, in a real browser: with scripts and without, by keyboard alone, on a small screen.
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { samplePassword, sampleUsers } from '../../src/web/index.ts';
import { findAccessibilityFaults, openBrowser, watchPage } from '../support/browser.ts';
import { openTestServer, signedInAs, type TestServer } from '../support/web-server.ts';

let browser: Browser;
let server: TestServer;
let origin: string;

/** The address must be known before the server is built, so a free port is asked for first. */
async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

beforeAll(async () => {
  const port = await freePort();
  origin = `http://localhost:${port}`;
  server = await openTestServer({ baseUrl: origin });
  await server.app.listen({ port, host: '127.0.0.1' });
  browser = await openBrowser();
});
afterAll(async () => {
  await browser?.close();
  await server?.app.close();
});

const small = { width: 375, height: 700 };
const large = { width: 1280, height: 800 };

async function withPage(options: BrowserContextOptions, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: large, ...options });
  try {
    await use(await context.newPage());
  } finally {
    await context.close();
  }
}

async function signInAs(page: Page, name: string, path = '/'): Promise<void> {
  await page.goto(origin + path);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel(name).check();
  await page.getByLabel('Sample password', { exact: true }).fill(samplePassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(origin + path);
}

describe.each([
  { how: 'with scripts', options: {} },
  { how: 'without scripts', options: { javaScriptEnabled: false } },
  { how: 'on a small screen', options: { viewport: small } },
  { how: 'on a small screen without scripts', options: { viewport: small, javaScriptEnabled: false } },
])('$how', ({ options }) => {
  test('An analyst gets to the page they asked for, moves on, and signs out', async () => {
    await withPage(options, async (page) => {
      await signInAs(page, 'Priya Nair', '/understand/demand?from=2025-01');
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('What is demand?');
      await page.getByRole('link', { name: 'Repeat demand' }).click();
      await page.getByRole('heading', { level: 1, name: 'How much demand comes back?' }).waitFor();
      await page.getByRole('link', { name: 'Headwater' }).click();
      await page.getByText('The answer to places is 42').waitFor();
      await page.getByRole('button', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'You have signed out' }).waitFor();
      await page.goto(`${origin}/understand/demand`);
      expect(new URL(page.url()).pathname).toBe('/sign-in');
    });
  });
});

test('By keyboard alone: skip link, sign-in, a mistake that takes the focus, and the way on', async () => {
  await withPage({}, async (page) => {
    await page.goto(`${origin}/help`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to main content');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    expect(((await page.evaluate('document.activeElement.textContent')) as string).trim()).toBe('Sign in');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Choose a sample user' }).waitFor();
    await page.getByLabel('Sample password', { exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
    expect(await page.evaluate('document.activeElement.className')).toContain('govuk-error-summary');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('user');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Tab');
    await page.keyboard.type(samplePassword);
    await page.keyboard.press('Enter');
    await page.waitForURL(`${origin}/help`);
    expect(await page.textContent('header')).toContain('Tom Aldridge');
  });
});

describe.each([{ name: 'large', viewport: large }, { name: 'small', viewport: small }])('every page of the frame on a $name screen', ({ viewport }) => {
  const before = ['/sign-in', '/sign-in?problem=too-late', '/accessibility', '/cookies', '/signed-out', '/nothing'];
  const after = ['/', '/help', '/help/sources', '/help/glossary', '/accessibility', '/cookies', '/nothing', '/understand/demand'];

  async function check(page: Page, path: string): Promise<void> {
    const faults = await findAccessibilityFaults(page);
    expect(faults, path).toEqual([]);
    for (const width of viewport === small ? [320, small.width] : [large.width]) {
      await page.setViewportSize({ ...viewport, width });
      const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
      expect(overflow, `${path} is wider than ${width} pixels`).toBeLessThanOrEqual(0);
    }
  }

  test('It is accessible, fits, and asks nothing of any other machine', async () => {
    await withPage({ viewport }, async (page) => {
      const watch = await watchPage(page);
      for (const path of before) {
        await page.goto(origin + path);
        await check(page, path);
      }
      await page.goto(`${origin}/sign-in/start`);
      await check(page, 'choose a user');
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
      await check(page, 'choose a user, refused');
      await signInAs(page, 'Priya Nair');
      for (const path of after) {
        await page.goto(origin + path);
        await check(page, path);
      }
      expect(watch.faults).toEqual([]);
    });
  });

  test('The start page of every role is accessible and fits', async () => {
    await withPage({ viewport }, async (page) => {
      for (const { name, role } of sampleUsers) {
        const [cookie, value] = (await signedInAs(server, role)).cookie.split('=');
        await page.context().addCookies([{ name: cookie!, value: value!, url: origin }]);
        await page.goto(origin);
        expect(await page.textContent('header')).toContain(name);
        await check(page, `start page of ${name}`);
      }
    });
  });
});

test('On a small screen the menu opens by a press and leads on', async () => {
  await withPage({ viewport: small }, async (page) => {
    await signInAs(page, 'Priya Nair');
    expect(await page.getByRole('link', { name: 'Understand' }).isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Menu' }).click();
    expect(await findAccessibilityFaults(page)).toEqual([]);
    await page.getByRole('link', { name: 'Understand' }).click();
    await page.waitForURL(`${origin}/understand/demand`);
  });
});

test('A page weighs less than 120 kilobytes the first time, and nearly nothing after', async () => {
  await withPage({}, async (page) => {
    const watch = await watchPage(page);
    await page.goto(`${origin}/sign-in`, { waitUntil: 'networkidle' });
    expect(watch.bytes()).toBeGreaterThan(10_000);
    expect(watch.bytes()).toBeLessThan(120_000);
    watch.reset();
    await page.goto(`${origin}/accessibility`, { waitUntil: 'networkidle' });
    expect(watch.bytes()).toBeLessThan(12_000);
  });
});

test('Nothing moves while a page loads', async () => {
  await withPage({}, async (page) => {
    await signInAs(page, 'Priya Nair');
    for (const path of ['/', '/help', '/understand/demand']) {
      await page.goto(origin + path, { waitUntil: 'networkidle' });
      const shift = await page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            let total = 0;
            new PerformanceObserver((list) => {
              for (const entry of list.getEntries()) total += (entry as unknown as { value: number }).value;
            }).observe({ type: 'layout-shift' as never, buffered: true });
            setTimeout(() => resolve(total), 200);
          }),
      );
      expect(shift, path).toBe(0);
    }
  });
});
