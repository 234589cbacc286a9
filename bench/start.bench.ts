// What somebody waits for who tries the product: the first start of the sample partnership from an empty home, the next ones, and what a first visit
// to each Understand page weighs and moves in a real browser.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLayoutShift, isOfMap, openBrowser, watchPage } from '../test/support/browser.ts';
import { signInOn } from '../test/support/browser-visit.ts';
import { freePort } from '../test/support/free-port.ts';
import { median, seconds, type Benchmark, type Measure } from './benchmark.ts';

const root = join(import.meta.dirname, '..');
const nextStarts = 3;
const pages = ['demand', 'repeat-demand', 'places', 'data-quality'];
const screens = [{ name: 'large', width: 1280, height: 900 }, { name: 'small', width: 375, height: 700 }];

export const benchmark: Benchmark = {
  name: 'start',
  about: 'the first and the next starts of Fenmarch; weight and layout shift of a first visit to each page',
  long: true,
  run: async () => {
    const home = mkdtempSync(join(tmpdir(), 'headwater-start-'));
    const port = await freePort();
    let server: ChildProcess | undefined;
    const start = () => seconds(async () => (server = await startServer(home, port)));
    try {
      const first = await start();
      const next: number[] = [];
      for (let n = 0; n < nextStarts; n += 1) {
        await stop(server!);
        next.push(await start());
      }
      return [
        { what: 'first start, 60,000 people, 36 months', value: first, unit: 's', limit: 90 },
        { what: `next start, median of ${nextStarts}`, value: median(next), unit: 's', limit: 5 },
        ...await measureVisits(`http://localhost:${port}`),
      ];
    } finally {
      if (server) await stop(server);
      rmSync(home, { recursive: true, force: true });
    }
  },
};

async function startServer(home: string, port: number): Promise<ChildProcess> {
  const { BASE_URL: _base, DATABASE_URL: _url, ...env } = process.env;
  const child = spawn(process.execPath, [join(root, 'bin', 'headwater.js'), 'start'], { env: { ...env, HEADWATER_HOME: home, PORT: String(port) }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Stop it with')) resolve();
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('exit', (code) => reject(new Error(`The start ended with ${code}: ${said.slice(-500)}`)));
  });
  child.removeAllListeners('exit');
  return child;
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const ended = once(server, 'exit');
  server.kill('SIGTERM');
  await ended;
}

async function measureVisits(origin: string): Promise<Measure[]> {
  const browser = await openBrowser();
  try {
    const signing = await browser.newContext();
    await signInOn(await signing.newPage(), origin, 'Priya Nair', '/help');
    const { cookies } = await signing.storageState();
    const measures: Measure[] = [];
    for (const { name, ...viewport } of screens) {
      for (const path of pages) {
        const context = await browser.newContext({ viewport });
        await context.addCookies(cookies);
        const page = await context.newPage();
        const watch = await watchPage(page, (url) => !isOfMap(url));
        await page.goto(`${origin}/understand/${path}`, { waitUntil: 'networkidle' });
        const shift = await findLayoutShift(page);
        measures.push({ what: `${path}, ${name} screen, first visit`, value: watch.bytes() / 1000, unit: 'kB', limit: 300 }, { what: `${path}, ${name} screen, layout shift`, value: shift, unit: '', limit: 0 });
        await context.close();
      }
    }
    return measures;
  } finally {
    await browser.close();
  }
}
