// A home whose first encryption was cut off, or whose key is gone, is told so with what to do; never that nothing in it is encrypted.

import { spawnSync } from 'node:child_process';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommandHere } from '../../test/support/run-command.ts';
import { newFolder } from '../../test/support/sample-home.ts';
import { silentProgress } from '../core/index.ts';
import { fingerprint, nextKeyFileOf, openHome, readKeyFile, rotateKeys, type Home } from '../store/index.ts';

/** A home made before there were keys, with three files that name somebody. */
function oldHome(): Home {
  const dir = newFolder('old');
  writeFileSync(join(dir, 'headwater.yaml'), 'partnership: Test\nsimulated: true\n');
  for (const path of [join('attachments', 'note'), join('decisions', 'links.json'), join('loads', 'tenancy', '000001-0123456789ab', 'landing.csv')]) {
    mkdirSync(join(dir, path, '..'), { recursive: true });
    writeFileSync(join(dir, path), 'Thistlewood');
  }
  return openHome(dir);
}

function cutOff(home: Home, step: number): void {
  const { signal } = spawnSync(process.execPath, [join(import.meta.dirname, '..', '..', 'test', 'support', 'cut-off-process.ts'), String(step), 'rotate', home.dir]);
  expect(signal).toBe('SIGKILL');
}

const show = async (home: Home, ...more: string[]) => (await runCommandHere(['keys', 'show', '--home', home.dir, ...more])).stdout;
const keyLine = async (home: Home) => (await runCommandHere(['doctor', '--home', home.dir])).stdout.split('\n').find((line) => / key +/.test(line));

describe('keys show and doctor', () => {
  it('say of a home without a key that nothing in it is encrypted', async () => {
    const home = oldHome();
    expect(await show(home)).toContain('This home has no key: nothing in it is encrypted.');
    expect(await keyLine(home)).toMatch(/^ok +key +this home has no key, so nothing in it is encrypted/);
  });

  it.each([[1, '1 file encrypted', '2 files not'], [2, '2 files encrypted', '1 file not'], [3, '3 files encrypted', '0 files not']])('say that a first encryption was cut off at step %d, with what is and is not, and how to finish it', async (step, some, others) => {
    const home = oldHome();
    cutOff(home, step);
    const waiting = fingerprint(readKeyFile(nextKeyFileOf(home)).id);
    const shown = await show(home);
    expect(shown).toContain(`The first encryption of this home was cut off: ${some} with ${waiting}, which waits in ${nextKeyFileOf(home)}, and ${others}. What is written now is not encrypted. Keep that file, and run "npx headwater keys rotate" to finish it.`);
    expect(shown).toContain(`under ${waiting} (another key at hand)`);
    expect(shown).not.toContain('nothing in it is encrypted');
    expect(JSON.parse(await show(home, '--json'))).toMatchObject({ key: null, changing: true, waiting });
    expect(await keyLine(home)).toMatch(new RegExp(`^FAIL +key +The first encryption of this home was cut off: ${some} .*run "npx headwater keys rotate" to finish it\\.$`));
    // What they say to do does it.
    expect(await runCommandHere(['keys', 'rotate', '--home', home.dir])).toMatchObject({ code: 0, stdout: expect.stringContaining('Finished the change of keys') });
    expect(await show(home)).toContain(`  3 files under ${waiting}\n`);
    expect(await keyLine(home)).toMatch(/^ok +key +3 files encrypted/);
  });

  it('say that a key is gone where files are encrypted', async () => {
    const home = oldHome();
    rotateKeys(home, silentProgress);
    const file = join(home.keys, 'encryption.key');
    renameSync(file, join(home.dir, 'elsewhere'));
    expect(await show(home)).toContain(`3 files are encrypted, and their key is not here. What is written now is not encrypted. Put the key back into ${file} from your copy, or give it with HEADWATER_KEY.`);
    const line = await keyLine(home);
    expect(line).toMatch(/^FAIL +key +3 files are encrypted, and their key is not here/);
    expect(line).not.toContain('keys rotate');
    renameSync(join(home.dir, 'elsewhere'), file);
    expect(await keyLine(home)).toMatch(/^ok +key +3 files encrypted/);
  });
});
