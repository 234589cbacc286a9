// A person signs in, looks around and signs out, in a real browser: with scripts and without, by keyboard alone, on a small screen.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roles } from '../../src/core/index.ts';
import { samplePassword, sampleUsers } from '../../src/web/index.ts';
import { findAccessibilityFaults, findLayoutShift, watchPage } from '../support/browser.ts';
import { follow, largeScreen, openVisits, smallScreen, type Visits } from '../support/browser-visit.ts';
import { freePort } from '../support/free-port.ts';
import { openTestServer, signedInAs, type TestServer } from '../support/web-server.ts';

let visits: Visits;
let server: TestServer;
let origin: string;
const withPage: Visits['withPage'] = (...given) => visits.withPage(...given);
const signInAs: Visits['signInAs'] = (...given) => visits.signInAs(...given);

beforeAll(async () => {
  const port = await freePort();
  origin = `http://localhost:${port}`;
  server = await openTestServer({ baseUrl: origin });
  await server.app.listen({ port, host: '127.0.0.1' });
  visits = await openVisits(origin);
});
afterAll(async () => {
  await visits?.close();
  await server?.app.close();
});

describe.each([
  { how: 'with scripts', options: {} },
  { how: 'without scripts', options: { javaScriptEnabled: false } },
  { how: 'on a small screen', options: { viewport: smallScreen } },
  { how: 'on a small screen without scripts', options: { viewport: smallScreen, javaScriptEnabled: false } },
])('$how', ({ options }) => {
  test('An analyst gets to the page they asked for, moves on, and signs out', async () => {
    await withPage(options, async (page) => {
      await signInAs(page, 'Priya Nair', '/understand/demand?from=2025-01');
      expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('What is demand?');
      await follow(page.getByRole('link', { name: 'Repeat demand' }));
      await page.getByRole('heading', { level: 1, name: 'How much demand comes back?' }).waitFor();
      await follow(page.getByRole('link', { name: 'Headwater' }));
      await page.getByText('The answer to places is 42').waitFor();
      await follow(page.getByRole('button', { name: 'Sign out' }));
      await page.getByRole('heading', { name: 'You have signed out' }).waitFor();
      await page.goto(`${origin}/understand/demand`);
      expect(new URL(page.url()).pathname).toBe('/sign-in');
    });
  });
});

test('After signing out, the back button shows nothing of what was there, nor does a tab that stayed open lead on', async () => {
  await withPage({}, async (page) => {
    await signInAs(page, 'Priya Nair', '/understand/demand');
    const tab = await page.context().newPage();
    await tab.goto(`${origin}/understand/repeat-demand`);
    await follow(page.getByRole('button', { name: 'Sign out' }));
    await page.getByRole('heading', { name: 'You have signed out' }).waitFor();
    await page.goBack();
    await page.waitForURL(/\/sign-in\?return-to=/);
    expect(await page.textContent('body')).not.toContain('The answer to');
    await tab.getByRole('link', { name: 'Places' }).click();
    await tab.waitForURL(/\/sign-in\?return-to=/);
    await tab.goBack();
    await tab.waitForURL(/\/sign-in\?return-to=/);
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

/** axe on a screen, and nothing wider than it; a small one is also tried narrower. */
async function check(page: Page, viewport: typeof largeScreen, path: string): Promise<void> {
  const faults = await findAccessibilityFaults(page);
  expect(faults, path).toEqual([]);
  for (const width of viewport === smallScreen ? [320, smallScreen.width] : [largeScreen.width]) {
    await page.setViewportSize({ ...viewport, width });
    const overflow = await page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
    expect(overflow, `${path} is wider than ${width} pixels`).toBeLessThanOrEqual(0);
  }
}

describe.each([{ name: 'large', viewport: largeScreen }, { name: 'small', viewport: smallScreen }])('every page of the frame on a $name screen', ({ viewport }) => {
  const before = ['/sign-in', '/sign-in?problem=too-late', '/accessibility', '/cookies', '/signed-out', '/nothing'];
  const after = ['/', '/help', '/help/sources', '/help/glossary', '/accessibility', '/cookies', '/nothing', '/understand/demand'];

  test('It is accessible, fits, and asks nothing of any other machine', async () => {
    await withPage({ viewport }, async (page) => {
      const watch = await watchPage(page);
      for (const path of before) {
        await page.goto(origin + path);
        await check(page, viewport, path);
      }
      await page.goto(`${origin}/sign-in/start`);
      await check(page, viewport, 'choose a user');
      await follow(page.getByRole('button', { name: 'Sign in' }));
      await page.getByRole('heading', { name: 'There is a problem' }).waitFor();
      await check(page, viewport, 'choose a user, refused');
      await signInAs(page, 'Priya Nair');
      for (const path of after) {
        await page.goto(origin + path);
        await check(page, viewport, path);
      }
      expect(watch.faults).toEqual([]);
    });
  });
});

test('The start page of every role is accessible and fits on a large and on a small screen', async () => {
  await withPage({ viewport: largeScreen }, async (page) => {
    // One of each role: signatories differ by their agency alone.
    for (const { name, role } of roles.map((role) => sampleUsers.find((user) => user.role === role)!)) {
      const [cookie, value] = (await signedInAs(server, role)).cookie.split('=');
      await page.context().addCookies([{ name: cookie!, value: value!, url: origin }]);
      await page.goto(origin);
      expect(await page.textContent('header')).toContain(name);
      for (const viewport of [largeScreen, smallScreen]) {
        await page.setViewportSize(viewport);
        await check(page, viewport, `start page of ${name}`);
      }
      await page.setViewportSize(largeScreen);
    }
  });
});

test('On a small screen the menu is folded before its script comes, and its links show where that never does', async () => {
  await withPage({ viewport: smallScreen }, async (page) => {
    await page.route(/headwater\.js/, (route) => route.abort());
    await signInAs(page, 'Priya Nair');
    const link = page.getByRole('link', { name: 'Understand' });
    expect(await link.isVisible()).toBe(false);
    await page.evaluate('for (const each of document.getAnimations()) each.finish()');
    expect(await link.isVisible()).toBe(true);
  });
});

test('On a small screen the menu opens by a press and leads on', async () => {
  await withPage({ viewport: smallScreen }, async (page) => {
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
      expect(await findLayoutShift(page), path).toBe(0);
    }
  });
});
