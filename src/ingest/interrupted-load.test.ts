// A load that is killed at any moment leaves either nothing or a whole load, and the next run goes on from there.

import { spawn } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/index.ts';
import { openDuck, takeLock, type Home } from '../store/index.ts';
import { fileIn, load, packIn, tally, temporaryHome, visitHeadings, visitPack } from '../../test/support/ingest-home.ts';
import { listLoads, standardise } from './index.ts';

const root = resolve(import.meta.dirname, '../..');
const script = join(root, 'test/support/ingest-process.ts');

/** Starts a load in a process of its own and kills it after so many milliseconds of work. */
async function loadAndKill(home: Home, files: string[], after: number): Promise<boolean> {
  const child = spawn(join(root, 'node_modules/.bin/node'), [script, home.dir, 'visit', ...files], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = new Promise<boolean>((done) => child.on('exit', (code) => done(code === 0)));
  await new Promise((started) => child.stdout.once('data', started));
  await Promise.race([wait(after), ended]);
  child.kill('SIGKILL');
  return ended;
}

async function eventsOf(home: Home): Promise<number> {
  const duck = await openDuck();
  try {
    return (await standardise(home, duck)).events;
  } finally {
    duck.close();
  }
}

describe('a load that is interrupted', () => {
  it('by kill -9 at random moments loses and repeats nothing', async () => {
    const home = temporaryHome();
    packIn(home, 'feeds/visit', visitPack);
    const perFile = 4000;
    const files = Array.from({ length: 6 }, (_, f) => {
      const rows = Array.from({ length: perFile }, (__, i) => `F${f}R${i},2025-04-01,${i % 10 === 0 ? 'pub' : 'home'},note,-0.4,51.9`);
      return fileIn(home, `${f}.csv`, `${visitHeadings}\n${rows.join('\n')}\n`);
    });
    const random = createRandom(7);
    let held = 0;
    for (let attempt = 0; attempt < 8; attempt += 1) {
      await loadAndKill(home, files, Math.floor(random.next() * 500));
      const loads = listLoads(home);
      expect(loads.length).toBeGreaterThanOrEqual(held);
      held = loads.length;
      for (const one of loads) {
        expect([one.rows, one.accepted, one.quarantined, one.repeated]).toEqual([perFile, perFile * 0.9, perFile * 0.1, 0]);
        expect(existsSync(join(one.folder, 'accepted.parquet')) && existsSync(join(one.folder, one.landing!))).toBe(true);
      }
      if (held > 0) expect(await eventsOf(home)).toBe(held * perFile * 0.9);
    }
    const [rows, accepted, quarantined, repeated] = tally(await load(home, 'visit', ...files));
    expect([rows, accepted, quarantined, repeated]).toEqual([6 * perFile, (6 - held) * perFile * 0.9, (6 - held) * perFile * 0.1, held * perFile]);
    expect(listLoads(home).map((one) => one.sequence)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(readdirSync(join(home.loads, 'visit'))).toHaveLength(6);
    expect(await eventsOf(home)).toBe(6 * perFile * 0.9);
  });

  it('leaves leftovers that the next load takes away', async () => {
    const home = temporaryHome();
    packIn(home, 'feeds/visit', visitPack);
    const leftover = join(home.loads, 'visit', '.incoming-1-abc');
    mkdirSync(leftover, { recursive: true });
    writeFileSync(join(leftover, 'landing.csv'), 'half');
    expect(listLoads(home)).toEqual([]);
    await load(home, 'visit', fileIn(home, 'a.csv', `${visitHeadings}\nR1,2025-04-01,,,,\n`));
    expect(readdirSync(join(home.loads, 'visit'))).toHaveLength(1);
  });

  it('by another load that holds the lock says so, and writes nothing', async () => {
    const home = temporaryHome();
    packIn(home, 'feeds/visit', visitPack);
    const release = takeLock(join(home.dir, 'locks'), 'loads');
    await expect(load(home, 'visit', fileIn(home, 'a.csv', `${visitHeadings}\nR1,2025-04-01,,,,\n`))).rejects.toMatchObject({ kind: 'busy' });
    release();
    expect(listLoads(home)).toEqual([]);
  });
});
