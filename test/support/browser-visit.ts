// Visits to a running server in a real browser: a page in a context of its own, and the steps of signing in as a sample user.

import type { BrowserContextOptions, Page } from 'playwright-core';
import { samplePassword } from '../../src/web/index.ts';
import { openBrowser } from './browser.ts';

export interface Visits {
  /** Gives a page that shares nothing with any other, and closes it afterwards. */
  withPage(options: BrowserContextOptions, use: (page: Page) => Promise<void>): Promise<void>;
  /** From an address that asks for a sign-in, by the sample user's name, to that address; on the way they state the first purpose that agreements give them. */
  signInAs(page: Page, name: string, path?: string): Promise<void>;
  close(): Promise<void>;
}

export const largeScreen = { width: 1280, height: 900 };
export const smallScreen = { width: 375, height: 700 };

export async function openVisits(origin: string): Promise<Visits> {
  const browser = await openBrowser();
  return {
    async withPage(options, use) {
      const context = await browser.newContext({ viewport: largeScreen, ...options });
      try {
        await use(await context.newPage());
      } finally {
        await context.close();
      }
    },
    signInAs: (page, name, path = '/') => signInOn(page, origin, name, path),
    close: () => browser.close(),
  };
}

/** Signs in on a page; see Visits. */
export async function signInOn(page: Page, origin: string, name: string, path = '/'): Promise<void> {
  await page.goto(origin + path);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel(name).check();
  await page.getByLabel('Sample password', { exact: true }).fill(samplePassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.href === origin + path || url.pathname === '/purpose');
  if (new URL(page.url()).pathname !== '/purpose') {
    const stating = page.getByRole('link', { name: 'State your purpose' });
    if ((await stating.count()) === 0) return;
    await stating.click();
  }
  await page.getByRole('radio').first().check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(origin + path);
}
