// The ids under which anything was ever kept about one person, over a home with two snapshots between which people were merged.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPersonIds, type PersonIdsReader } from '../src/linkage/index.ts';
import { followIdentified, homeAt, type IdentifiedReader } from '../src/store/index.ts';
import { mergedHome, newFolder } from './support/sample-home.ts';

let ids: PersonIdsReader;
let rows: IdentifiedReader;
let merge: { old_key: string; new_key: string };

beforeAll(async () => {
  const home = await mergedHome();
  ids = openPersonIds(home);
  rows = followIdentified(home, ['source_person', 'person_event'].map((name) => ({ zone: 'identified' as const, name })));
  [merge] = (await rows.rows<typeof merge>(`SELECT old_key, new_key FROM person_event e WHERE kind = 'merge' AND new_key IN (SELECT person_key FROM source_person) ORDER BY event_id DESC LIMIT 1`)) as [typeof merge];
}, 180_000);
afterAll(async () => {
  await ids.close();
  await rows.close();
});

test('a key of before a merge, the key of today and every record lead to the same person and the same ids', async () => {
  const now = (await ids.find(merge.new_key))!;
  const records = (await rows.rows<{ source_id: string }>('SELECT source_id FROM source_person WHERE person_key = $key ORDER BY source_id', { key: merge.new_key })).map(({ source_id }) => source_id);
  expect(now.personKey).toBe(merge.new_key);
  expect(now.keys[0]).toBe(merge.new_key);
  expect(now.keys).toContain(merge.old_key);
  expect(new Set(now.keys).size).toBe(now.keys.length);
  expect(now.records).toEqual(records);
  expect(records.length).toBeGreaterThan(1);
  for (const id of [merge.old_key, ...records]) expect(await ids.find(id)).toEqual(now);
});

test('an id that nobody has leads to nobody, whatever stands in it', async () => {
  for (const id of ['P0000000000000000', 'police:none', '', `' OR '1'='1`, '%', 'x'.repeat(200)]) expect(await ids.find(id)).toBeUndefined();
});

test('a home without a snapshot says what to do', async () => {
  const empty = openPersonIds(homeAt(newFolder('no-snapshot'), { partnership: 'Testshire', simulated: true, memoryLimit: '1GB', threads: 1 }));
  await expect(empty.find('P0000000000000000')).rejects.toMatchObject({ kind: 'notFound' });
  await empty.close();
});
