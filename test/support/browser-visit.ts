// Visits to a running server in a real browser: the server, a page in a context of its own, the steps of signing in as a sample user, and what every
// page must be.

import type { FastifyInstance } from 'fastify';
import type { BrowserContextOptions, Cookie, Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { createMemorySessions, systemClock } from '../../src/core/index.ts';
import { createWebServer, samplePassword, type WebOptions } from '../../src/web/index.ts';
import { findAccessibilityFaults, openBrowser } from './browser.ts';
import { freePort } from './free-port.ts';
import { fakeLake, fakeQuestions } from './web-server.ts';

export interface Visits {
  /** Gives a page that shares nothing with any other, and closes it afterwards. */
  withPage(options: BrowserContextOptions, use: (page: Page) => Promise<void>): Promise<void>;
  /** From an address that asks for a sign-in, by the sample user's name, to that address; on the way they state the first purpose that agreements give them. */
  signInAs(page: Page, name: string, path?: string): Promise<void>;
  /** A visit of a sample user from that address, without script where nothing else is said. Who has signed in here before goes on in that session. */
  as(name: string, path: string, use: (page: Page) => Promise<void>, options?: BrowserContextOptions): Promise<void>;
  close(): Promise<void>;
}

export const largeScreen = { width: 1280, height: 900 };
export const smallScreen = { width: 375, height: 700 };

export async function openVisits(origin: string): Promise<Visits> {
  const browser = await openBrowser();
  // To sign in takes five pages: more than most visits. What they do in a visit, such as to state another purpose, stands in the next.
  const sessions = new Map<string, Cookie[]>();
  const withPage: Visits['withPage'] = async (options, use) => {
    const context = await browser.newContext({ viewport: largeScreen, ...options });
    try {
      await use(await context.newPage());
    } finally {
      await context.close();
    }
  };
  return {
    withPage,
    signInAs: (page, name, path = '/') => signInOn(page, origin, name, path),
    as: (name, path, use, options) => withPage({ javaScriptEnabled: false, ...options }, async (page) => {
      await page.context().addCookies(sessions.get(name) ?? []);
      await signInOn(page, origin, name, path);
      await use(page);
      sessions.set(name, await page.context().cookies());
    }),
    close: () => browser.close(),
  };
}

export interface VisitedServer {
  app: FastifyInstance;
  origin: string;
  visits: Visits;
  /** Ends the visits, then the server. */
  close(): Promise<void>;
}

/** The whole server on a port of its own, with sample users, and a browser that visits it. */
export async function openVisitedServer(given: Partial<WebOptions>): Promise<VisitedServer> {
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const app = await createWebServer({
    version: '0.1.0', partnership: 'Fenmarch', simulated: true, questions: fakeQuestions, lake: () => fakeLake, sessions: createMemorySessions(), checkStore: async () => true, identity: { kind: 'sample' },
    cookieSecret: 'a cookie secret for tests, forty characters', baseUrl: origin, clock: systemClock, limits: { requests: 100_000, signIns: 100_000, passwords: 100_000 }, ...given,
  });
  await app.listen({ port, host: '127.0.0.1' });
  const visits = await openVisits(origin);
  return {
    app, origin, visits,
    close: async () => {
      await visits.close();
      await app.close();
    },
  };
}

/** axe at both widths, and nothing wider than the screen; a picture of each where a folder is given. */
export async function checkPage(page: Page, { name = page.url(), pictures }: { name?: string; pictures?: string } = {}): Promise<void> {
  for (const width of [1280, 375]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await findAccessibilityFaults(page), `${name} at ${width}`).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth'), `${name} at ${width}`).toBeLessThanOrEqual(0);
    if (pictures !== undefined) await page.screenshot({ path: `${pictures}/${name}-${width}.png`, fullPage: true });
  }
  await page.setViewportSize(largeScreen);
}

/** Follows a link or presses a button, and waits for the page that comes: a click alone returns while the page before still stands. */
export async function follow(target: Locator): Promise<void> {
  await Promise.all([target.page().waitForEvent('load'), target.click()]);
}

/** Signs in on a page where that is asked for, and stops where the service first asks for something. */
export async function signInOnly(page: Page, origin: string, name: string, path: string, password = samplePassword): Promise<void> {
  await page.goto(origin + path);
  if (new URL(page.url()).pathname !== '/sign-in') return;
  await follow(page.getByRole('button', { name: 'Sign in' }));
  await page.getByLabel(name).check();
  await page.getByLabel('Sample password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL((url) => url.href === origin + path || url.pathname === '/purpose');
}

/** Signs in on a page; see Visits. Over data that is not simulated the password is that of the home. */
export async function signInOn(page: Page, origin: string, name: string, path = '/', password = samplePassword): Promise<void> {
  await signInOnly(page, origin, name, path, password);
  if (new URL(page.url()).pathname !== '/purpose') {
    const stating = page.getByRole('link', { name: 'State your purpose' });
    if ((await stating.count()) === 0) return;
    await follow(stating);
  }
  await page.getByRole('radio').first().check();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(origin + path);
}
