import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuck } from './duck.ts';
import { homeAt, type Home } from './home.ts';
import { followIdentified, type IdentifiedReader } from './identified-reader.ts';
import { pointAt, snapshotFolder, writeSnapshot, type Manifest } from './lake.ts';

let home: Home;
let reader: IdentifiedReader;

async function build(id: string, value: string) {
  const duck = await openDuck();
  try {
    const manifest = (tables: Manifest['tables']): Manifest => ({ id, builtAt: '2026-11-24T09:00:00Z', partnership: 'Test', code: { version: '0', sha256: '0' }, packs: {}, inputs: [], dataTo: null, tables, linkage: {}, seconds: 0 });
    await writeSnapshot(home, duck, [
      { zone: 'identified', name: 'link_pair', sql: `SELECT '${value}' AS pair_id` },
      { zone: 'identified', name: 'person', sql: "SELECT 'Thistlewood' AS surname" },
    ], manifest);
  } finally {
    duck.close();
  }
  pointAt(home, id);
}

beforeAll(() => {
  home = homeAt(mkdtempSync(join(tmpdir(), 'headwater-identified-')), { partnership: 'Test', simulated: true, memoryLimit: '1GB', threads: 1 });
  reader = followIdentified(home, [{ zone: 'identified', name: 'link_pair' }]);
});
afterAll(async () => {
  await reader.close();
  rmSync(home.dir, { recursive: true, force: true });
});

describe('the reader of the identified zone', () => {
  it('says what to do where there is no snapshot', async () => {
    await expect(reader.rows('SELECT 1')).rejects.toThrow(/There is no snapshot yet/);
  });

  it('reads the named tables of the current snapshot, and follows a swap', async () => {
    await build('one', 'a');
    expect(await reader.rows('SELECT * FROM link_pair')).toEqual([{ pair_id: 'a' }]);
    await build('two', 'b');
    expect(await reader.rows('SELECT * FROM link_pair')).toEqual([{ pair_id: 'b' }]);
    expect(await reader.snapshot()).toBe('two');
  });

  it('reads no other file, not even of the same zone, and writes nothing', async () => {
    const other = join(snapshotFolder(home, 'two'), 'identified', 'person.parquet');
    await expect(reader.rows(`SELECT * FROM read_parquet('${other}')`)).rejects.toThrow(/disabled|not allowed|Permission/i);
    await expect(reader.rows(`COPY (SELECT 1) TO '${join(home.dir, 'out.csv')}'`)).rejects.toThrow(/disabled|not allowed|Permission/i);
    await expect(reader.rows("SET enable_external_access = true")).rejects.toThrow();
  });

  it('says that a snapshot was built before the tables', async () => {
    const early = followIdentified(home, [{ zone: 'identified', name: 'link_queue' }]);
    await expect(early.rows('SELECT 1')).rejects.toThrow(/was built before the tables/);
    await early.close();
  });
});
