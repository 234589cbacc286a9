// Runs a suite of tests on both engines of the casework store: PGlite always, and a real PostgreSQL server. Each place is
// its own folder or database, removed after its suite.

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from 'vitest';
import type { CaseworkOptions } from '../../src/store/index.ts';
import { copyFolder } from './copy-folder.ts';
import { askDoor } from './door.ts';
import { administer as administerServer, startPostgres, type PostgresServer } from './postgres.ts';

/** Where a store is: give it to openCasework. */
export type Place = Pick<CaseworkOptions, 'folder' | 'url'>;

export interface StoresUnderTest {
  dialect: 'pglite' | 'postgres';
  /** A place without a store. */
  emptyPlace(): Promise<Place>;
  /** A place where every migration is still to run: a store without any, where that is quicker than making one. */
  unmigratedPlace(): Promise<Place>;
  /** A place with a migrated store where that is quicker than making one. */
  readyPlace(): Promise<Place>;
}

export interface ServerUnderTest extends StoresUnderTest {
  /** The address of a place as a new login, without rights of its own. */
  asNewLogin(url: string): Promise<{ url: string; login: string; password: string }>;
}

export function describeStores(name: string, suite: (stores: StoresUnderTest) => void): void {
  describe(`${name} on PGlite`, () => suite(pgliteStores()));
  describePostgres(`${name} on PostgreSQL`, suite);
}

/** PostgreSQL's programs are had for every system but one. */
const withoutServer = platform() === 'win32' && !process.env.DATABASE_URL;

/** For what only a server has: logins, several processes, a network. */
export function describePostgres(name: string, suite: (stores: ServerUnderTest) => void): void {
  describe.skipIf(withoutServer)(name, () => suite(postgresStores()));
}

/** PGlite alone, for suites about its folder. */
export function pgliteStores(): StoresUnderTest {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });
  const emptyPlace = async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headwater-store-'));
    folders.push(folder);
    return { folder };
  };
  const copyOf = (name: 'pglite' | 'pglite-unmigrated') => async () => {
    const place = await emptyPlace();
    const template = await askDoor(name);
    if (template !== undefined) copyFolder(template, place.folder);
    return place;
  };
  return { dialect: 'pglite', emptyPlace, unmigratedPlace: copyOf('pglite-unmigrated'), readyPlace: copyOf('pglite') };
}

/** The engine that answers soonest here, for tests of what is above the store: each statement is tested on both by its own. */
export const quickStores = (): StoresUnderTest => (withoutServer ? pgliteStores() : postgresStores());

function postgresStores(): ServerUnderTest {
  const databases: string[] = [];
  const logins: string[] = [];
  afterAll(async () => {
    for (const database of databases) await administer(`drop database if exists ${database} with (force)`);
    for (const login of logins) await administer(`drop role if exists ${login}`);
  });
  const asNewLogin = async (url: string) => {
    const [login, password] = [`headwater_test_${randomBytes(6).toString('hex')}`, randomBytes(8).toString('hex')];
    logins.push(login);
    await administer(`create role ${login} login password '${password}'`);
    const address = new URL(url);
    [address.username, address.password] = [login, password];
    return { url: address.href, login, password };
  };
  const newPlace = async (template?: string) => {
    const database = `headwater_test_${randomBytes(6).toString('hex')}`;
    databases.push(database);
    await administer(`create database ${database}${template === undefined ? '' : ` template ${template} strategy file_copy`}`);
    const url = new URL(await postgresUrl());
    url.pathname = `/${database}`;
    return { url: url.href };
  };
  const emptyPlace = () => newPlace();
  const readyPlace = async () => newPlace(await askDoor('postgres-migrated'));
  return { dialect: 'postgres', emptyPlace, unmigratedPlace: emptyPlace, readyPlace, asNewLogin };
}

/** Runs a statement on the server as a login that may do everything. */
export async function administer(sql: string, url?: string): Promise<Record<string, unknown>[]> {
  return administerServer(sql, url ?? (await postgresUrl()));
}

let ownServer: Promise<PostgresServer> | undefined;

/** The server of the run; where a run has none, this worker starts its own, which ends with it. */
async function postgresUrl(): Promise<string> {
  const url = await askDoor('postgres');
  if (url !== undefined) return url;
  ownServer ??= startPostgres();
  return (await ownServer).url;
}
