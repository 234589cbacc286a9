// What a power cut right after a restore may take: nothing, since who was told that it is done may throw the backup away.

import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { stepsOnDisk } from '../../test/support/stub-files.ts';
import { silentProgress } from '../core/index.ts';
import { backUpHome } from './backup-home.ts';
import { homeKeys } from './home-key.ts';
import { openHome } from './home.ts';
import { restoreHome } from './restore-home.ts';
import { rotateKeys } from './rotate-keys.ts';

const folder = mkdtempSync(join(tmpdir(), 'headwater-restore-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('a restored home’s files and folders are on the disk under their names before the home has its place', async () => {
  const dir = join(folder, 'home');
  for (const path of ['attachments', 'store/data/pg_wal/archive_status']) mkdirSync(join(dir, path), { recursive: true });
  writeFileSync(join(dir, 'headwater.yaml'), 'partnership: Little Fenmarch\nsimulated: true\n');
  writeFileSync(join(dir, 'attachments', 'note'), 'Thistlewood');
  const home = openHome(dir);
  rotateKeys(home, silentProgress);
  const file = join(folder, 'county.backup');
  await backUpHome(home, { file, withoutLanding: false, about: { backup: 'one', madeAt: '2026-11-24T09:00:00Z', version: '0.0.0', snapshot: null }, storeIsServer: true, progress: silentProgress });
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
