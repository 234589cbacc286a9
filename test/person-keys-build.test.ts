// People keep their keys from build to build, and so their pseudonyms.

import { cpSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openKeyHistory } from '../src/build/index.ts';
import { openPersonEvents } from '../src/linkage/index.ts';
import { findCurrentManifest, openDuck, snapshotFolder, type Home, type Manifest } from '../src/store/index.ts';
import { buildSample, builtHome, newFolder } from './support/sample-home.ts';

let home: Home;
let first: Manifest;

const build = () => buildSample(home);
const file = (manifest: Manifest, zone: 'identified' | 'pseudonymised', table: string) => join(snapshotFolder(home, manifest.id), zone, `${table}.parquet`);

async function read<T>(sql: string): Promise<T[]> {
  const duck = await openDuck();
  try {
    return await duck.rows<T>(sql);
  } finally {
    duck.close();
  }
}

beforeAll(async () => {
  home = await builtHome();
  first = findCurrentManifest(home)!;
});

describe('keys over three builds', () => {
  it('the first build has no event', () => {
    expect(first.tables.identified.person_event).toMatchObject({ rows: 0 });
    expect(first.linkage).toMatchObject({ keys: { from: null, events: {} } });
  });

  it('a feed that is taken out and put back changes no key and no pseudonym in the end, and the events tell', async () => {
    const aside = newFolder('aside');
    const kept = join(aside, 'first');
    cpSync(snapshotFolder(home, first.id), kept, { recursive: true });
    expect(readdirSync(home.loads)).toContain('police-involvement');
    renameSync(join(home.loads, 'police-involvement'), join(aside, 'police-involvement'));
    const second = (await build()).manifest;
    expect(second.linkage).toMatchObject({ keys: { from: first.id, events: { gone: expect.any(Number) } } });
    const [compared] = await read<{ stayed: number; moved: number; explained: number }>(`
      SELECT count(*) FILTER (WHERE a.person_key = b.person_key) AS stayed, count(*) FILTER (WHERE a.person_key <> b.person_key) AS moved,
        count(*) FILTER (WHERE a.person_key <> b.person_key AND e.event_id IS NOT NULL) AS explained
      FROM '${join(kept, 'identified', 'source_person.parquet')}' a JOIN '${file(second, 'identified', 'source_person')}' b USING (source_id)
      LEFT JOIN '${file(second, 'identified', 'person_event')}' e ON e.old_key = a.person_key AND e.new_key = b.person_key`);
    expect(compared!.stayed).toBeGreaterThan(50 * compared!.moved);
    expect(compared!.explained).toBe(compared!.moved);
    const parted = await read<{ old_key: string }>(`SELECT old_key FROM '${file(second, 'identified', 'person_event')}' WHERE kind = 'split'`);
    expect(parted.length).toBeGreaterThan(0);
    for (const { old_key } of parted) expect((await openKeyHistory(home)).resolve(old_key)).toBeDefined();

    // As an earlier version wrote its events: without what they undo.
    const old = file(second, 'identified', 'person_event');
    await read(`COPY (SELECT * EXCLUDE undoes FROM '${old}') TO '${old}.old' (FORMAT parquet)`);
    renameSync(`${old}.old`, old);
    const events = openPersonEvents(home);
    expect(await events.list({ limit: 1 }, [])).toMatchObject([{ undoes: null, undo: { state: 'stands' } }]);
    await events.close();

    renameSync(join(aside, 'police-involvement'), join(home.loads, 'police-involvement'));
    const { manifest: third, reused } = await build();
    expect(reused).toBe(false);
    expect(third.id).toBe(`${first.id}-2`);
    expect(findCurrentManifest(home)!.id).toBe(third.id);
    expect(third.tables.identified.source_person!.sha256).toBe(first.tables.identified.source_person!.sha256);
    expect(third.tables.pseudonymised.person!.sha256).toBe(first.tables.pseudonymised.person!.sha256);
    expect(third.tables.identified.person_event!.rows).toBeGreaterThan(second.tables.identified.person_event!.rows);

    const history = await openKeyHistory(home);
    const keys = await read<{ person_key: string }>(`SELECT DISTINCT person_key FROM '${join(kept, 'identified', 'source_person.parquet')}'`);
    expect(keys.every(({ person_key }) => history.resolve(person_key) === person_key)).toBe(true);
  }, 180_000);
});
