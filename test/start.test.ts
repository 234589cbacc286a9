// `headwater start`: from nothing to a served partnership, and again; a taken port; a graceful stop.

import type { ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCommand, startCommand } from './support/run-command.ts';
import { newFolder } from './support/sample-home.ts';

const home = join(newFolder('start'), 'home');
const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill('SIGKILL');
});

async function started(port: number): Promise<{ child: ChildProcess; said: string }> {
  const child = startCommand(['start', '--people', '1000'], { env: { HEADWATER_HOME: home, PORT: String(port) } });
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

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const stop = (child: ChildProcess) =>
  new Promise<number | null>((resolve) => {
    child.removeAllListeners('exit');
    child.on('exit', resolve);
    child.kill('SIGTERM');
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
    expect(await stop(first.child)).toBe(0);

    const second = await started(port);
    expect(await stop(second.child)).toBe(0);
  }, 180_000);

  it('says in one line that the port is taken, and what to do', async () => {
    const blocker = createServer();
    await new Promise<void>((resolve) => blocker.listen(0, 'localhost', resolve));
    const { port } = blocker.address() as AddressInfo;
    try {
      const ran = await runCommand(['serve'], { env: { HEADWATER_HOME: home, PORT: String(port) } });
      expect(ran.code).toBe(5);
      expect(ran.stderr).toBe(`headwater: Port ${port} is taken by another program (localhost:${port}). Stop that program, or choose another port with PORT=8081 or --port 8081.\n`);
    } finally {
      blocker.close();
    }
  });

  it('says what is wrong with a port that is none', async () => {
    const ran = await runCommand(['serve'], { env: { HEADWATER_HOME: home, PORT: 'eighty' } });
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain('PORT is "eighty"');
  });
});
