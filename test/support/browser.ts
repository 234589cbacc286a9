// A headless Chromium from npm alone, for browser journeys, axe and screenshots. It talks to this machine only:
// names other than localhost do not resolve, and Chromium's own services are off. Pages and WebGL are drawn in software.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { inflate } from '@sparticuz/chromium';
import { chromium, type Browser, type Page } from 'playwright-core';

const require = createRequire(import.meta.url);

/** Unpacks Chromium once for each version: aside, then renamed, so that two test workers may do it at once. */
async function unpackChromium(): Promise<string> {
  const entry = dirname(dirname(require.resolve('@sparticuz/chromium')));
  const { version } = require(join(entry, 'package.json')) as { version: string };
  const root = process.env.HEADWATER_TEST_CACHE ?? tmpdir();
  const folder = join(root, `headwater-chromium-${version}`);
  if (existsSync(join(folder, 'chromium'))) return folder;
  const aside = mkdtempSync(join(root, 'headwater-chromium-'));
  const before = process.env.TMPDIR;
  process.env.TMPDIR = aside;
  try {
    for (const name of ['chromium.br', 'fonts.tar.br', 'swiftshader.tar.br']) await inflate(join(entry, 'bin', name));
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
  try {
    renameSync(aside, folder);
  } catch (error) {
    rmSync(aside, { recursive: true, force: true });
    if (!existsSync(join(folder, 'chromium'))) throw error;
  }
  return folder;
}

const offline = [
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--disable-sync',
  '--no-pings',
  '--no-proxy-server',
];

const drawing = ['--disable-gpu', '--enable-unsafe-swiftshader', '--font-render-hinting=none'];

/** One font, Open Sans, whatever the machine has, so that pictures are alike everywhere. */
function writeFontSettings(folder: string, cache: string): string {
  const file = join(cache, 'fonts.conf');
  writeFileSync(file, `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${join(folder, 'fonts')}</dir><cachedir>${cache}</cachedir></fontconfig>`);
  return file;
}

/** Opens the browser; the caller closes it. */
export async function openBrowser(): Promise<Browser> {
  const folder = await unpackChromium();
  const cache = join(folder, 'cache');
  mkdirSync(cache, { recursive: true });
  return chromium.launch({
    executablePath: join(folder, 'chromium'),
    headless: true,
    args: [...offline, ...drawing, '--no-sandbox', '--no-zygote', '--disable-setuid-sandbox', '--disable-dev-shm-usage'],
    env: { ...process.env, XDG_CACHE_HOME: cache, FONTCONFIG_FILE: writeFontSettings(folder, cache) },
  });
}

/** What axe finds on a page against WCAG 2.2 A and AA and its best practices: "rule: element" for each; none on a good page. */
export async function findAccessibilityFaults(page: Page): Promise<string[]> {
  // At another width of the same page it is there already; to load it costs as much as to run it.
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
  const result = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { target: unknown[]; failureSummary?: string }[] }[] }> } };
    const found = await axe.run({ resultTypes: ['violations'] });
    return found.violations.flatMap((violation) => violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')} ${node.failureSummary ?? ''}`));
  });
  return result;
}

export interface Watch {
  /** Requests to anywhere but this machine, and what the content policy or a script complained of. */
  faults: string[];
  /** Bytes that came over the wire, as sent. */
  bytes(): number;
  reset(): void;
}

/**
 * Notes all that a page asks for and complains of, from now on.
 *
 * @param weighs which addresses count in `bytes`; all where absent
 */
export async function watchPage(page: Page, weighs: (url: string) => boolean = () => true): Promise<Watch> {
  const left = new Set<string>();
  const faults: string[] = [];
  let bytes = 0;
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== 'localhost' && hostname !== '127.0.0.1') faults.push(`asked for ${request.url()}`);
  });
  page.on('pageerror', (error) => faults.push(`script failed: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) faults.push(message.text());
  });
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  session.on('Network.requestWillBeSent', ({ requestId, request }) => void (weighs(request.url) || left.add(requestId)));
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => void (bytes += left.has(requestId) ? 0 : encodedDataLength));
  return { faults, bytes: () => bytes, reset: () => void (bytes = 0) };
}

/** How much of a page has moved since it began (its layout shift, 0 where nothing has), up to a moment from now. */
export function findLayoutShift(page: Page): Promise<number> {
  return page.evaluate(() => new Promise<number>((resolve) => {
    const { PerformanceObserver: Observer } = globalThis as unknown as { PerformanceObserver: new (heard: (list: { getEntries(): { value: number }[] }) => void) => { observe(what: object): void } };
    let sum = 0;
    new Observer((list) => {
      for (const { value } of list.getEntries()) sum += value;
    }).observe({ type: 'layout-shift', buffered: true });
    setTimeout(() => resolve(sum), 300);
  }));
}

/** The map's library and data are loaded after a page, which stands without them. */
export const isOfMap = (url: string): boolean => /maplibre-gl|places\.geojson/.test(url);
