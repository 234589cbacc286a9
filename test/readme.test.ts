// The README's commands, run as they stand, on the real files of a county where they are at hand.

import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { openVisits, signInOn } from './support/browser-visit.ts';
import { freePort } from './support/free-port.ts';
import { openHome } from '../src/store/index.ts';
import { giveStore, newFolder } from './support/sample-home.ts';

const root = resolve(import.meta.dirname, '..');
const readme = readFileSync(join(root, 'README.md'), 'utf8');
const commands = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap((match) => match[1]!.trim().split('\n'));

const county = join(root, '..', 'shared', 'data');
/** Nothing on the page is counted from outcomes, and a test of loading reads the whole file: their first rows stand for it. */
const outcomes = 'police_bedfordshire/bedfordshire-outcomes-2021-05_2024-04.csv.gz';
const countyFiles = [
  'police_bedfordshire/bedfordshire-street-2021-05_2024-04.csv.gz',
  'police_bedfordshire/bedfordshire-stop-and-search-2021-05_2024-04.csv.gz',
  'area/bedfordshire_lsoa21_profile.csv',
  'geo/bedfordshire-lsoa21.geojson',
  'area/schools_gias_2025-05_beds_leics_neighbours.csv.gz',
];
const headwater = `'${process.execPath}' '${join(root, 'bin', 'headwater.js')}'`;

/** Serves by the README's own command, and visits a page as the sample's analyst with the password that is printed. */
async function atServed(folder: string, command: string, path: string, use: (page: Page) => Promise<void>): Promise<void> {
  const port = await freePort();
  const served = spawn('sh', ['-c', `exec ${command.replace('npx headwater', headwater)}`], { cwd: folder, env: { ...process.env, PORT: String(port), BASE_URL: '' } });
  try {
    let said = '';
    await new Promise<void>((resolve, reject) => {
      for (const stream of [served.stdout, served.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()).includes('Stop it with') && resolve());
      served.on('exit', (code) => reject(new Error(`ended with ${code}: ${said}`)));
    });
    const origin = `http://localhost:${port}`;
    const visits = await openVisits(origin);
    try {
      await visits.withPage({ javaScriptEnabled: false }, async (page) => {
        await signInOn(page, origin, 'Priya Nair', path, /the password of each is "(\w+)"/.exec(said)![1]!);
        await use(page);
      });
    } finally {
      await visits.close();
    }
  } finally {
    const ended = new Promise((resolve) => served.on('exit', resolve));
    served.kill('SIGTERM');
    await ended;
  }
}

const haveCounty = [...countyFiles, outcomes].every((file) => existsSync(join(county, file)));

describe('the README', () => {
  it('is at most 100 lines and links only to what is there', () => {
    expect(readme.split('\n').length).toBeLessThanOrEqual(101);
    const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1]!);
    expect(links.length).toBeGreaterThan(10);
    expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
  });

  it('names only scripts and commands that exist', () => {
    const scripts = Object.keys((JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: object }).scripts);
    for (const command of commands) {
      const [tool, word, name] = command.split(' ');
      if (tool === 'npm' && word === 'run') expect(scripts).toContain(name);
      else if (tool === 'npm') expect(['ci', ...scripts]).toContain(word);
      else expect([tool, word]).toEqual(['npx', 'headwater']);
    }
  });

  it.skipIf(!haveCounty)('loads a real county with its own commands, which then stands on its page (left out where the county’s files are not at hand)', async () => {
    const folder = newFolder('readme');
    mkdirSync(join(folder, 'files'));
    for (const file of countyFiles) symlinkSync(join(county, file), join(folder, 'files', basename(file)));
    writeFileSync(join(folder, 'files', basename(outcomes)), gzipSync(gunzipSync(readFileSync(join(county, outcomes))).toString('latin1').split('\n').slice(0, 2001).join('\n'), { level: 1 }));
    for (const command of commands.filter((line) => line.startsWith('npx headwater') && !line.includes(' serve '))) {
      const ran = spawnSync('sh', ['-c', command.replace('npx headwater', headwater)], { cwd: folder, encoding: 'utf8' });
      expect(`${command}: ${ran.stderr}`).toBe(`${command}: `);
      expect(ran.status).toBe(0);
      if (command.includes(' ask ')) expect(ran.stdout).toMatch(/Five per cent of areas hold 23 per cent/);
    }
    // That a server makes its store from nothing is shown where the sample starts.
    await giveStore(openHome(join(folder, 'county')));
    await atServed(folder, commands.find((line) => line.includes(' serve '))!, '/understand/places', async (page) => {
      expect(await page.locator('main').innerText()).toMatch(/Luton 023C has the highest rate, 859 recorded crimes and incidents per 1,000 residents a year.*4 per cent have no place and are on no map/s);
      // One shape for each of the county's areas.
      expect(await page.locator('svg path title').count()).toBe(417);
    });
  }, 180_000);

  it('runs by npx from a checkout', () => {
    expect(execFileSync('npx', ['headwater', '--help'], { cwd: root, encoding: 'utf8' })).toContain('Usage: headwater');
  });
});
