// What a power cut in the midst of a change of keys may leave: never files under a key that is no longer there.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { stepsOnDisk } from '../../test/support/stub-files.ts';
import { silentProgress } from '../core/index.ts';
import { listProtectedFiles } from './home-files.ts';
import { homeKeys, keyFileOf, nextKeyFileOf, openingKeys } from './home-key.ts';
import { homeAt, type Home } from './home.ts';
import { rotateKeys } from './rotate-keys.ts';
import { readSealedFile, sealedPartSize, sealFile } from './sealed-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'headwater-rotate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A home with a file in each of three folders. */
function newHome(): Home {
  const home = homeAt(mkdtempSync(join(folder, 'home-')), { partnership: 'Test', simulated: true, memoryLimit: '500MB', threads: 2 });
  for (const path of [join(home.attachments, 'note'), join(home.dir, 'decisions', 'links.json'), join(home.loads, 'tenancy', 'one', 'landing.csv')]) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, 'Thistlewood');
  }
  return home;
}

describe('changing the key', () => {
  it.each(['for the first time', 'again'])('%s makes each renamed file durable before the key before is gone', async (time) => {
    const home = newHome();
    if (time === 'again') rotateKeys(home, silentProgress);
    const steps = await stepsOnDisk(() => rotateKeys(home, silentProgress));
    const settled = steps.indexOf(`rename ${nextKeyFileOf(home)} ${keyFileOf(home)}`);
    expect(settled).toBeGreaterThan(0);
    const files = listProtectedFiles(home);
    expect(files).toHaveLength(3);
    for (const path of files) {
      const renamed = steps.findIndex((step) => step.startsWith('rename ') && step.endsWith(` ${path}`));
      expect(renamed).toBeGreaterThan(0);
      const synced = steps.indexOf(`sync ${dirname(path)}`, renamed);
      expect(synced).toBeGreaterThan(renamed);
      expect(synced).toBeLessThan(settled);
    }
    expect(steps.indexOf(`sync ${dirname(keyFileOf(home))}`, settled)).toBeGreaterThan(settled);
  });

  it('gives small parts to what a search reads line by line, whether it was plain or had large ones', () => {
    const home = newHome();
    const index = join(home.lake, 'snapshots', 'one', 'identified', 'match-index');
    mkdirSync(index, { recursive: true });
    for (const name of ['lines.txt', 'people.txt', 'key-records.i32']) writeFileSync(join(index, name), 'Thistlewood');
    const parts = () => ['lines.txt', 'people.txt', 'key-records.i32'].map((name) => sealedPartSize(join(index, name)));
    rotateKeys(home, silentProgress);
    expect(parts()).toEqual(['small', 'small', 'large']);
    sealFile(join(index, 'lines.txt'), join(index, 'lines.txt'), homeKeys(home)!.current, { parts: 'large', opening: openingKeys(home) });
    expect(parts()).toEqual(['large', 'small', 'large']);
    const before = homeKeys(home)!.current;
    rotateKeys(home, silentProgress);
    expect(parts()).toEqual(['small', 'small', 'large']);
    expect(() => readSealedFile(join(index, 'lines.txt'), [before])).toThrow('is needed');
    expect(readSealedFile(join(index, 'lines.txt'), openingKeys(home)).toString()).toBe('Thistlewood');
  });

  it('taken up again makes durable what the run that was cut off had renamed', async () => {
    const home = newHome();
    rotateKeys(home, silentProgress);
    // As if cut off at the last moment: all files are under the new key, which still waits in its own file.
    writeFileSync(nextKeyFileOf(home), `${'ab'.repeat(32)}\n`, { mode: 0o600 });
    const cutOff = () => rotateKeys(home, {
      ...silentProgress,
      at: (done) => {
        if (done === 3) throw new Error('cut off');
      },
    });
    expect(cutOff).toThrow('cut off');
    const steps = await stepsOnDisk(() => expect(rotateKeys(home, silentProgress)).toMatchObject({ resumed: true, encrypted: 0 }));
    const settled = steps.indexOf(`rename ${nextKeyFileOf(home)} ${keyFileOf(home)}`);
    for (const path of listProtectedFiles(home)) expect(steps.slice(0, settled)).toContain(`sync ${dirname(path)}`);
  });
});
