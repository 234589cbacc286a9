// Vitest's global set-up for the casework store's tests: a door at which test workers ask for the run's one PostgreSQL
// server and for a migrated embedded store to copy. Both are made, and their code loaded, at the first knock, so that a run
// without such tests pays nothing; they are removed after the run.

import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    storesDoor: string;
  }
}

interface Prepared {
  /** The server's address, or the template's folder. */
  address: string;
  stop(): Promise<void>;
}

/** What can be asked for. */
const preparations = {
  postgres: async (): Promise<Prepared> => {
    const { startPostgres } = await import('./postgres.ts');
    const { url, stop } = await startPostgres();
    return { address: url, stop };
  },
  pglite: async (): Promise<Prepared> => {
    const { openCasework } = await import('../../src/store/index.ts');
    const folder = mkdtempSync(join(tmpdir(), 'headwater-template-'));
    const casework = await openCasework({ folder, clock: { now: () => Date.now() } });
    await casework.close();
    return { address: folder, stop: async () => rmSync(folder, { recursive: true, force: true }) };
  },
};

export type Preparation = keyof typeof preparations;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const made = new Map<Preparation, Promise<Prepared>>();
  const door = createServer((request, response) => {
    // No connection is kept: a worker that waited long must not reuse one that is being closed.
    response.setHeader('Connection', 'close');
    const name = request.url!.slice(1) as Preparation;
    if (!made.has(name)) made.set(name, preparations[name]());
    made.get(name)!.then(
      ({ address }) => response.end(address),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => {
    door.listen(0, '127.0.0.1', resolve);
  });
  door.unref();
  project.provide('storesDoor', `http://127.0.0.1:${(door.address() as AddressInfo).port}`);
  return async () => {
    door.close();
    door.closeAllConnections();
    for (const preparation of made.values()) await (await preparation.catch(() => undefined))?.stop();
  };
}
