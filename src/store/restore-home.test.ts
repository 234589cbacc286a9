// What a power cut right after a restore may take: nothing, since who was told that it is done may throw the backup away. And what a backup that
// swells may: nothing either.

import { once, type EventEmitter } from 'node:events';
import { createWriteStream, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterAll, expect, it } from 'vitest';
import { stepsOnDisk } from '../../test/support/stub-files.ts';
import { silentProgress } from '../core/index.ts';
import { backUpHome } from './backup-home.ts';
import { homeKeys, keyFromText, type FileKey } from './home-key.ts';
import { openHome } from './home.ts';
import { restoreHome } from './restore-home.ts';
import { rotateKeys } from './rotate-keys.ts';
import { sealStream } from './sealed-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'headwater-restore-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const zeros = Buffer.alloc(1024 ** 2);
const bombSize = 520;

/** A sealed archive that swells: by an entry of this name, or after its last one. */
async function writeBomb(path: string, key: FileKey, entry: string | undefined): Promise<void> {
  const tar = pack();
  const content = async function* () {
    yield* tar as AsyncIterable<Buffer>;
    for (let n = 0; n < bombSize; n += 1) yield zeros;
  };
  const writing = pipeline(entry === undefined ? content : tar, createZstdCompress(), sealStream(key), createWriteStream(path));
  tar.entry({ name: 'headwater-backup.json' }, JSON.stringify({ format: 1, backup: 'one', partnership: 'Little Fenmarch' }));
  if (entry !== undefined) {
    const sink = tar.entry({ name: entry, size: bombSize * zeros.length });
    for (let n = 0; n < bombSize; n += 1) if (!sink.write(zeros)) await once(sink as unknown as EventEmitter, 'drain');
    sink.end(null);
  }
  tar.finalize();
  await writing;
}

it.each([['a file', 'data/zeros.csv'], ['the list of its files', 'headwater-hashes.json'], ['what follows its last entry', undefined]])('a small backup that swells by %s is refused with its size as the reason, and leaves nothing', async (_what, entry) => {
  const key = keyFromText('ab'.repeat(32))!;
  const file = join(folder, 'bomb.backup');
  await writeBomb(file, key, entry);
  expect(statSync(file).size).toBeLessThan(200_000);
  const before = readdirSync(folder).toSorted();
  await expect(restoreHome(file, join(folder, 'swollen'), { keys: [key], progress: silentProgress })).rejects.toMatchObject({ kind: 'badInput', details: { what: 'This backup unpacks to more than 200 times its size, as no home does, so that nothing of it was restored', where: file } });
  expect(readdirSync(folder).toSorted()).toEqual(before);
});

it('a restored home’s files and folders are on the disk under their names before the home has its place', async () => {
  const dir = join(folder, 'home');
  for (const path of ['attachments', 'store/data/pg_wal/archive_status']) mkdirSync(join(dir, path), { recursive: true });
  writeFileSync(join(dir, 'headwater.yaml'), 'partnership: Little Fenmarch\nsimulated: true\n');
  writeFileSync(join(dir, 'attachments', 'note'), 'Thistlewood');
  const home = openHome(dir);
  rotateKeys(home, silentProgress);
  const file = join(folder, 'county.backup');
  await backUpHome(home, { file, withoutLanding: false, about: { backup: 'one', madeAt: '2026-11-24T09:00:00Z', version: '0.0.0', snapshot: null }, progress: silentProgress });
  const place = join(folder, 'restored');
  const aside = join(folder, '.restored.restoring');
  const steps = await stepsOnDisk(() => restoreHome(file, place, { keys: homeKeys(home)!.all, progress: silentProgress }));
  const placed = steps.indexOf(`rename ${aside} ${place}`);
  expect(placed).toBeGreaterThan(0);
  const entries = readdirSync(place, { recursive: true, withFileTypes: true });
  expect(entries.map(({ name }) => name)).toEqual(expect.arrayContaining(['note', 'archive_status', 'headwater.yaml']));
  for (const { parentPath } of entries) expect(steps.slice(0, placed)).toContain(`sync ${parentPath.replace(place, aside)}`);
  expect(steps.slice(placed)).toContain(`sync ${folder}`);
});
