// What a disk takes or gives in pieces is written and read whole, or it is said; a file that must be new is there whole or not at all.

import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { canMount } from '../../test/support/run-command.ts';
import { withFiles } from '../../test/support/stub-files.ts';
import { readWhole, writeAll, writeNewFile } from './folder.ts';
import { keyFromText } from './home-key.ts';
import { homeAt, type Home } from './home.ts';
import { homeSecret, writeWhole } from './lake.ts';
import { readSealedFile, writeSealedFile } from './sealed-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'headwater-folder-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const text = 'Thistlewood, 14 Mill Lane. '.repeat(40);
const newHome = (): Home => homeAt(mkdtempSync(join(folder, 'home-')), { partnership: 'Test', simulated: true, memoryLimit: '500MB', threads: 2 });

/** A disk that takes and gives seven bytes at once. */
const inSevens = <T>(work: () => T) => withFiles(({ writeSync, readSync }) => ({
  writeSync: ((handle: number, content: string | Uint8Array, offset?: number, length?: number, at?: number | null) => {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const from = typeof content === 'string' ? 0 : (offset ?? 0);
    return writeSync(handle, bytes, from, Math.min(7, length ?? bytes.length - from), at ?? null);
  }) as typeof writeSync,
  readSync: ((handle: number, buffer: Uint8Array, offset: number, length: number, at: number) => readSync(handle, buffer, offset, Math.min(7, length), at)) as typeof readSync,
}), work);

describe('a disk that takes fewer bytes than it is given', () => {
  const key = keyFromText('ab'.repeat(32))!;
  it.each([
    ['a file that is made durable', (path: string) => writeWhole(path, text)],
    ['a file that must be new', (path: string) => writeNewFile(path, text)],
    ['a plain file of a home without a key', (path: string) => writeSealedFile(path, text, undefined)],
    ['an encrypted file', (path: string) => writeSealedFile(path, text, key)],
  ])('has %s whole in the end', async (name, write) => {
    const path = join(folder, `${name}.txt`);
    await inSevens(() => write(path));
    expect(readSealedFile(path, [key]).toString()).toBe(text);
    expect(await inSevens(() => readSealedFile(path, [key]).toString())).toBe(text);
  });

  it('has each part at its own place', async () => {
    const path = join(folder, 'placed');
    const handle = openSync(path, 'w+');
    await inSevens(() => {
      expect(writeAll(handle, 'second part', 20)).toBe(31);
      expect(writeAll(handle, 'the first, 20 bytes.', 0)).toBe(20);
      expect(readWhole(handle, 0, 31).toString()).toBe('the first, 20 bytes.second part');
      expect(() => readWhole(handle, 0, 32)).toThrow(RangeError);
    });
    closeSync(handle);
  });

  it.skipIf(!canMount)('because it fills is an error each time, and no part of a new or a replaced file gets its name', () => {
    const disk = mkdtempSync(join(folder, 'disk-'));
    const module = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
    const script = `
      import { writeNewFile } from ${module('./folder.ts')};
      import { writeSealedFile } from ${module('./sealed-file.ts')};
      import { writeWhole } from ${module('./lake.ts')};
      const [disk] = process.argv.slice(1);
      const long = 'x'.repeat(100_000);
      const told = (name, write) => { try { write(disk + '/' + name); return name + ' written'; } catch (error) { return name + ' ' + error.code; } };
      console.log([told('new', (path) => writeNewFile(path, long)), told('plain', (path) => writeSealedFile(path, long)), told('durable', (path) => writeWhole(path, long))].join(', '));`;
    const { stdout, stderr } = spawnSync('unshare', ['-rm', 'sh', '-c', `mount -t tmpfs -o size=64k tmpfs "$0" && "$1" --input-type=module -e "$2" "$0"; ls -A "$0"`, disk, process.execPath, script], { encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(stdout).toBe('new ENOSPC, plain ENOSPC, durable ENOSPC\ndurable\n');
  });
});

describe('a file that must be new', () => {
  it('never takes the place of one that is there, and leaves nothing aside', () => {
    const path = join(folder, 'only', 'once');
    writeNewFile(path, 'first');
    expect(() => writeNewFile(path, 'second')).toThrow(/EEXIST/);
    expect(readFileSync(path, 'utf8')).toBe('first');
    expect(readdirSync(join(folder, 'only'))).toEqual(['once']);
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is there where the disk cannot give a file two names', async () => {
    const path = join(folder, 'stick', 'key');
    const noLinks = () => {
      throw Object.assign(new Error('EPERM: operation not permitted, link'), { code: 'EPERM' });
    };
    await withFiles(() => ({ linkSync: noLinks }), () => writeNewFile(path, 'first'));
    await expect(withFiles(() => ({ linkSync: noLinks }), () => writeNewFile(path, 'second'))).rejects.toThrow(/EEXIST/);
    expect(readFileSync(path, 'utf8')).toBe('first');
    expect(readdirSync(join(folder, 'stick'))).toEqual(['key']);
  });
});

describe('a secret of a home', () => {
  it('whose writing failed half way is made at the next use', async () => {
    const home = newHome();
    let pieces = 0;
    await expect(withFiles(({ writeSync }) => ({
      writeSync: ((handle: number, bytes: Uint8Array, offset: number, length: number, at: number | null) => {
        pieces += 1;
        if (pieces > 2) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
        return writeSync(handle, bytes, offset, Math.min(7, length), at);
      }) as typeof writeSync,
    }), () => homeSecret(home, 'pseudonym'))).rejects.toMatchObject({ details: { what: expect.stringContaining('disk is full') } });
    expect(readdirSync(home.keys)).toEqual([]);
    const secret = homeSecret(home, 'pseudonym');
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(homeSecret(home, 'pseudonym')).toBe(secret);
  });

  it('that another process made meanwhile is the one that counts', async () => {
    const home = newHome();
    const path = join(home.keys, 'cookie.key');
    const theirs = 'cd'.repeat(32);
    const secret = await withFiles(({ linkSync }) => ({
      linkSync: (from, to) => {
        if (!existsSync(path)) writeFileSync(path, theirs);
        linkSync(from, to);
      },
    }), () => {
      mkdirSync(home.keys, { recursive: true });
      return homeSecret(home, 'cookie');
    });
    expect(secret).toBe(theirs);
    expect(readdirSync(home.keys)).toEqual(['cookie.key']);
  });
});
