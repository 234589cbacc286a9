import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { newFolder } from '../../test/support/made-folders.ts';
import { Problem } from '../core/index.ts';
import { openDuck, type Duck } from './duck.ts';
import { homeAt, type Home } from './home.ts';
import { followLake, openLake } from './lake-reader.ts';
import { checkSnapshot, findCurrentManifest, isBuildOf, newSnapshotId, pointAt, pseudonymKey, snapshotFolder, tidySnapshots, writeSnapshot, type Manifest } from './lake.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  while (open.length > 0) open.pop()!.close();
});

const newHome = () => homeAt(newFolder('lake'), { partnership: 'Test', simulated: true, memoryLimit: '500MB', threads: 2 });

async function newDuck(): Promise<Duck> {
  const duck = await openDuck();
  open.push(duck);
  return duck;
}

const manifestOf = (id: string, tables: Manifest['tables']): Manifest => ({
  id,
  builtAt: '2026-11-01T09:00:00.000Z',
  partnership: 'Test',
  code: { version: '0', sha256: '0' },
  packs: {},
  inputs: [],
  dataTo: '2026-10-31',
  tables,
  linkage: {},
  seconds: 0,
});

async function build(home: Home, id: string, rows: number): Promise<Manifest> {
  const duck = await newDuck();
  const manifest = await writeSnapshot(
    home,
    duck,
    [
      { zone: 'pseudonymised', name: 'event', sql: `SELECT i AS n FROM range(${rows}) t(i) ORDER BY i` },
      { zone: 'identified', name: 'person', sql: `SELECT 'Ada' AS forename` },
    ],
    (tables) => manifestOf(id, tables),
  );
  pointAt(home, id);
  return manifest;
}

describe('the lake', () => {
  it('serves a snapshot only when it is whole', async () => {
    const home = newHome();
    expect(findCurrentManifest(home)).toBeUndefined();
    await build(home, 'one', 3);
    expect(findCurrentManifest(home)?.tables.pseudonymised.event?.rows).toBe(3);
    expect(() => pointAt(home, 'missing')).toThrow('not whole');
    expect(findCurrentManifest(home)?.id).toBe('one');
  });

  it('keeps the last snapshot when a build fails, and leaves nothing behind', async () => {
    const home = newHome();
    await build(home, 'one', 3);
    const duck = await newDuck();
    const broken = writeSnapshot(home, duck, [{ zone: 'identified', name: 'x', sql: 'SELECT * FROM nowhere' }], (tables) => manifestOf('two', tables));
    await expect(broken).rejects.toThrow(/nowhere/);
    expect(readdirSync(join(home.lake, 'snapshots'))).toEqual(['one']);
    expect(findCurrentManifest(home)?.id).toBe('one');
  });

  it('never puts a snapshot in the place of another, and names what is built again anew', async () => {
    const home = newHome();
    expect(newSnapshotId(home, 'one')).toBe('one');
    const served = await build(home, 'one', 3);
    await expect(build(home, 'one', 4)).rejects.toThrow();
    expect(await checkSnapshot(home, served)).toEqual([]);
    expect(readdirSync(join(home.lake, 'snapshots'))).toEqual(['one']);
    expect(newSnapshotId(home, 'one')).toBe('one-2');
    await build(home, 'one-2', 4);
    rmSync(snapshotFolder(home, 'one'), { recursive: true });
    expect(newSnapshotId(home, 'one')).toBe('one-3');
    expect([isBuildOf('one', 'one'), isBuildOf('one-2', 'one'), isBuildOf('onerous', 'one'), isBuildOf('one-else', 'one')]).toEqual([true, true, false, false]);
  });

  it('writes equal bytes for equal content', async () => {
    const home = newHome();
    const first = await build(home, 'one', 200_000);
    const second = await build(home, 'two', 200_000);
    expect(second.tables).toEqual(first.tables);
  });

  it('names each file that is missing or has changed', async () => {
    const home = newHome();
    const manifest = await build(home, 'one', 3);
    expect(await checkSnapshot(home, manifest)).toEqual([]);
    writeFileSync(join(snapshotFolder(home, 'one'), 'pseudonymised', 'event.parquet'), 'rubbish');
    expect(await checkSnapshot(home, manifest)).toEqual(['pseudonymised/event.parquet has changed since it was built']);
  });

  it('removes what crashes left and old snapshots, never the one that is served', async () => {
    const home = newHome();
    for (const id of ['one', 'two', 'three', 'four']) await build(home, id, 1);
    pointAt(home, 'one');
    for (const left of ['.writing-1', '.removing-zero']) mkdirSync(join(home.lake, 'snapshots', left));
    tidySnapshots(home, { keep: 2 });
    const names = readdirSync(join(home.lake, 'snapshots'));
    expect(names).toContain('one');
    expect(names).toHaveLength(2);
    tidySnapshots(home, { unwanted: () => true });
    expect(readdirSync(join(home.lake, 'snapshots'))).toEqual(['one']);
  });

  it('makes the key of the pseudonyms once, and refuses a damaged one', () => {
    const home = newHome();
    expect(pseudonymKey(home)).toBe(pseudonymKey(home));
    writeFileSync(join(home.keys, 'pseudonym.key'), 'short');
    expect(() => pseudonymKey(home)).toThrow(Problem);
  });
});

describe('the read-only lake', () => {
  it('says how to build where there is no snapshot', async () => {
    await expect(openLake(newHome())).rejects.toThrow(/headwater build/);
  });

  it('reads the pseudonymised zone and cannot reach the identified zone, write, or unlock itself', async () => {
    const home = newHome();
    await build(home, 'one', 3);
    const lake = await openLake(home);
    open.push(lake);
    expect(await lake.rows('SELECT count(*) AS n FROM event')).toEqual([{ n: 3 }]);
    const names = join(snapshotFolder(home, 'one'), 'identified', 'person.parquet');
    expect(existsSync(names)).toBe(true);
    await expect(lake.rows(`SELECT * FROM read_parquet('${names}')`)).rejects.toThrow(/Permission/i);
    await expect(lake.rows(`SELECT * FROM read_text('/etc/passwd')`)).rejects.toThrow(/Permission/i);
    await expect(lake.rows(`COPY event TO '${join(home.dir, 'out.csv')}'`)).rejects.toThrow(/Permission/i);
    await expect(lake.rows('SET enable_external_access = true')).rejects.toThrow();
    expect(lake.hasTable('person')).toBe(false);
  });

  it('moves to a new snapshot when the pointer is swapped, and running questions finish', async () => {
    const home = newHome();
    await build(home, 'one', 3);
    const handle = await followLake(home);
    open.push(handle);
    const before = handle.current();
    const running = before.rows<{ n: number }>('SELECT count(*) AS n FROM event');
    await build(home, 'two', 5);
    await handle.refresh();
    expect(await running).toEqual([{ n: 3 }]);
    expect(await handle.current().rows('SELECT count(*) AS n FROM event')).toEqual([{ n: 5 }]);
    expect(JSON.parse(readFileSync(join(home.lake, 'current.json'), 'utf8'))).toEqual({ snapshot: 'two' });
  });
});
