// `headwater start`: from nothing to a served partnership, and again; a taken port; a graceful stop.

import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findCurrentManifest, listWaitingRows, openHome, takeLock } from '../src/store/index.ts';
import { freePort } from './support/free-port.ts';
import { runCommand, runCommandHere, startCommand } from './support/run-command.ts';
import { giveStore, newFolder } from './support/sample-home.ts';

const home = join(newFolder('start'), 'home');
const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

async function started(port: number): Promise<{ child: ChildProcess; said: string }> {
  const child = startCommand(['start', '--people', '1000', '--months', '6'], { env: { HEADWATER_HOME: home, PORT: String(port) } });
  running.push(child);
  let said = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.includes('Stop it with')) resolve();
    });
    child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('exit', (code) => reject(new Error(`ended with ${code}: ${said}`)));
  });
  return { child, said };
}

async function waitFor(met: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !met(); await new Promise((resolve) => setTimeout(resolve, 20))) if (Date.now() > end) throw new Error('waited in vain');
}

/** Builds of a new file, killed at two points and then left to finish: meanwhile the server answers from the last good snapshot, and then from the new one. */
async function killBuildsBeside(port: number): Promise<void> {
  const served = async (): Promise<string> => {
    const health = await fetch(`http://localhost:${port}/health`);
    expect(health.status).toBe(200);
    return ((await health.json()) as { snapshot: { id: string } }).snapshot.id;
  };
  const last = await served();
  const file = join(newFolder('new-file'), 'premises.csv');
  writeFileSync(file, 'premises_ref,name,kind,address,postcode,longitude,latitude,lsoa,closes_at\nNEW-1,The Late Arrival,pub,,,,,,23:30\n');
  expect((await runCommandHere(['ingest', 'licensed-premises', file, '--home', home])).code).toBe(0);
  let answers = 0;
  for (const killAfter of [700, 2000]) {
    const building = runCommand(['build', '--home', home], { killAfter });
    for (let ended = false; !ended; answers += 1) {
      ended = await Promise.race([building.then(() => true), new Promise<false>((resolve) => setTimeout(() => resolve(false), 100))]);
      expect(await served()).toBe(last);
    }
    expect((await building).signal).toBe('SIGKILL');
  }
  expect(answers).toBeGreaterThan(4);
  expect((await runCommandHere(['build', '--home', home])).code).toBe(0);
  const built = findCurrentManifest(openHome(home))!.id;
  expect(built).not.toBe(last);
  for (const end = Date.now() + 20_000; (await served()) !== built; await new Promise((resolve) => setTimeout(resolve, 100))) if (Date.now() > end) throw new Error('The server does not follow the new snapshot.');
}

const stop = (child: ChildProcess, ...signals: NodeJS.Signals[]) =>
  new Promise<number | null>((resolve) => {
    child.removeAllListeners('exit');
    child.on('exit', resolve);
    for (const signal of signals) child.kill(signal);
  });

describe('start', () => {
  it('simulates, loads, links, builds and serves, then stops when asked; the second time it serves what is there', async () => {
    const port = await freePort();
    const first = await started(port);
    expect(first.said).toMatch(/records are [\d,]+ people \(pairs F1 0\.\d{3}/);
    expect(first.said).toContain(`at http://localhost:${port}`);
    expect(first.said).toContain('sample-analyst');
    const health = await fetch(`http://localhost:${port}/health`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ snapshot: { id: expect.stringMatching(/^[0-9a-f]{16}$/) } });
    for (const command of ['start', 'serve']) {
      const ran = await runCommand([command], { env: { HEADWATER_HOME: home, PORT: '0' } });
      expect([ran.code, ran.stdout]).toEqual([5, '']);
      expect(ran.stderr).toMatch(new RegExp(`^headwater: Another Headwater process \\(number ${first.child.pid}, since [^)]+\\) is using "store" in this home \\(.*\\)\\. Use what it serves, or stop it first\\.[^\\n]*\\n$`));
    }
    // What it loaded and built came into the audit when it began to serve; what a command does beside it waits for its end.
    const waiting = () => listWaitingRows(openHome(home)).rows.map(({ action }) => action);
    await waitFor(() => waiting().length === 0);
    expect((await runCommandHere(['ask', 'demand', '--home', home])).code).toBe(0);
    expect(waiting()).toEqual(['question.ask']);
    expect(await stop(first.child, 'SIGTERM')).toBe(0);
    expect(waiting()).toEqual([]);

    const second = await started(port);
    await killBuildsBeside(port);
    // Ctrl-C comes twice: from the terminal, and from what started the process.
    expect(await stop(second.child, 'SIGINT', 'SIGINT')).toBe(0);
  }, 180_000);

  it('says in one line that the port is taken, and what to do', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, 'localhost', resolve));
    const { port } = blocker.address() as AddressInfo;
    try {
      const ran = await runCommand(['serve'], { env: { HEADWATER_HOME: home, PORT: String(port) } });
      expect(ran.code).toBe(5);
      expect(ran.stderr).toBe(`headwater: Port ${port} is taken by another program (localhost:${port}). Stop that program, or choose another port with PORT=${port + 1} or --port ${port + 1}.\n`);
      const fresh = join(newFolder('start-taken'), 'home');
      const start = await runCommand(['start'], { env: { HEADWATER_HOME: fresh, PORT: String(port) } });
      expect([start.code, start.stdout, start.stderr]).toEqual([5, '', ran.stderr]);
      expect(readdirSync(join(fresh, 'data')), 'nothing was simulated').toEqual([]);
    } finally {
      blocker.close();
    }
  });

  it.each(['loads', 'build'])('says before any work that another process has the %s of this home', async (name) => {
    const busy = join(newFolder('start-busy'), 'home');
    expect((await runCommandHere(['init', busy])).code).toBe(0);
    await giveStore(openHome(busy));
    const release = takeLock(join(busy, 'locks'), name);
    try {
      const ran = await runCommand(['start'], { env: { HEADWATER_HOME: busy, PORT: '0' } });
      expect([ran.code, ran.stdout]).toEqual([5, '']);
      expect(ran.stderr).toContain(`is using "${name}" in this home`);
    } finally {
      release();
    }
  });

  it('two at once on a new home: one does the work, the other says so', async () => {
    const fresh = join(newFolder('start-twice'), 'home');
    const first = startCommand(['start', '--people', '1000', '--months', '6'], { env: { HEADWATER_HOME: fresh, PORT: '0' } });
    running.push(first);
    await waitFor(() => existsSync(join(fresh, 'store', 'store.lock')));
    // It holds still meanwhile: what it makes is not looked at.
    if (process.platform !== 'win32') first.kill('SIGSTOP');
    const second = await runCommand(['start', '--people', '1000', '--months', '6'], { env: { HEADWATER_HOME: fresh, PORT: '0' } });
    expect([second.code, second.stdout]).toEqual([5, '']);
    first.kill('SIGKILL');
  });

  it('says what is wrong with a network address that is none of this computer', async () => {
    const ran = await runCommand(['serve'], { env: { HEADWATER_HOME: home, PORT: '0', HOST: '192.0.2.1' } });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toBe('headwater: This computer has no such network address (192.0.2.1:0). Set HOST to an address of this computer, or leave it out.\n');
  });

  it('says what is wrong with a port that is none', async () => {
    const ran = await runCommand(['serve'], { env: { HEADWATER_HOME: home, PORT: 'eighty' } });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('PORT is "eighty"');
  });
});
