// Vitest's global set-up: a door at which test workers ask for the run's one PostgreSQL server, for a migrated store
// of either engine to copy, and for small simulated partnerships to copy. Each is made, and its code loaded, at the first knock, so that a run
// without such tests pays nothing; they are removed after the run.

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { copyFolder } from './copy-folder.ts';
import type { HomeKind } from './make-home.ts';
import { memoryFolders } from './memory-folder.ts';

declare module 'vitest' {
  interface ProvidedContext {
    storesDoor: string;
  }
}

interface Prepared {
  /** The server's address, the template's folder, or the name of the template's database. */
  address: string;
  stop(): Promise<void>;
}

type Prepare = (name: Preparation) => Promise<Prepared>;

/** Stores that can be asked for. */
const stores = {
  postgres: async (): Promise<Prepared> => {
    const { startPostgres } = await import('./postgres.ts');
    const { url, stop } = await startPostgres();
    return { address: url, stop };
  },
  /** A migrated database of that server, which new ones are made from: to migrate takes far longer. */
  'postgres-migrated': async (prepare: Prepare): Promise<Prepared> => {
    const { openCasework } = await import('../../src/store/index.ts');
    const { administer } = await import('./postgres.ts');
    const server = (await prepare('postgres')).address;
    const [name, url] = [`headwater_template_${randomBytes(6).toString('hex')}`, new URL(server)];
    await administer(`create database ${name}`, server);
    url.pathname = `/${name}`;
    const casework = await openCasework({ url: url.href, clock: { now: () => Date.now() } });
    await casework.close();
    return { address: name, stop: async () => void (await administer(`drop database if exists ${name} with (force)`, server)) };
  },
  /** Embedded, without a migration: to make one takes far longer than to migrate it. Without the databases that PostgreSQL copies new ones from, it is half as many files to copy. */
  'pglite-unmigrated': async (): Promise<Prepared> => {
    const { openPglite } = await import('../../src/store/casework-pglite.ts');
    const prepared = templateFolder();
    const store = await openPglite(prepared.address);
    for (const sql of ['update pg_database set datistemplate = false', 'drop database template0', 'drop database template1']) await store.session.run(sql);
    store.keep();
    await store.close();
    return prepared;
  },
  pglite: async (prepare: Prepare): Promise<Prepared> => {
    const { openCasework } = await import('../../src/store/index.ts');
    const prepared = templateFolder();
    copyFolder((await prepare('pglite-unmigrated')).address, prepared.address);
    const casework = await openCasework({ folder: prepared.address, clock: { now: () => Date.now() } });
    await casework.close();
    return prepared;
  },
};

function templateFolder(): Prepared {
  const address = mkdtempSync(join(tmpdir(), 'headwater-template-'));
  return { address, stop: async () => rmSync(address, { recursive: true, force: true }) };
}

/** A sample home of a kind, with so many people and months of events. */
type SampleHome = `home/${HomeKind}/${number}/${number}`;

export type Preparation = keyof typeof stores | SampleHome;

/** Makes a sample home in a process of its own, so that the run goes on beside it. */
async function makeSampleHome(name: SampleHome): Promise<Prepared> {
  const [, kind, people, months] = name.split('/') as [string, string, string, string];
  const folder = mkdtempSync(join(tmpdir(), 'headwater-prepared-'));
  const stop = async () => rmSync(folder, { recursive: true, force: true });
  try {
    await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'make-home.ts'), kind, people, months, folder]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { address: folder, stop };
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const made = new Map<Preparation, Promise<Prepared>>();
  const prepare: Prepare = (name) => {
    const known = made.get(name);
    if (known) return known;
    const making = name in stores ? stores[name as keyof typeof stores](prepare) : makeSampleHome(name as SampleHome);
    made.set(name, making);
    return making;
  };
  const door = createServer((request, response) => {
    // No connection is kept: a worker that waited long must not reuse one that is being closed.
    response.setHeader('Connection', 'close');
    prepare(request.url!.slice(1) as Preparation).then(
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
    // A server's database goes before the server.
    const server = made.get('postgres');
    made.delete('postgres');
    for (const preparation of [...made.values(), server]) await (await preparation?.catch(() => undefined))?.stop();
    if (process.env.TMPDIR?.startsWith(memoryFolders)) rmSync(process.env.TMPDIR, { recursive: true, force: true });
  };
}
