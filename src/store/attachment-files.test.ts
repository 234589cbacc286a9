import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newAttachmentHome, smallPdf } from '../../test/support/attachment-home.ts';
import { silentProgress } from '../core/index.ts';
import { openAttachmentFiles } from './attachment-files.ts';
import { homeKeys, keyFileOf } from './home-key.ts';
import { takeLock } from './lock.ts';
import { rotateKeys } from './rotate-keys.ts';
import { sealedFileKeyId } from './sealed-file.ts';

const [one, two] = ['0000000a-0000-4000-8000-00000000000a', '0000000b-0000-4000-8000-00000000000b'] as const;
const noRow = async () => new Set<string>();

describe('files of cases', () => {
  it('lie encrypted, for their owner alone, and come back as they were; a new key takes them along', async () => {
    const { home, files } = newAttachmentHome();
    await files.write(one, smallPdf);
    await files.settle([one]);
    const path = join(home.attachments, one);
    expect([readdirSync(home.attachments), readFileSync(path).includes('Thistlewood'), statSync(path).mode & 0o077]).toEqual([[one], false, 0]);
    expect(files.read(one)!.equals(smallPdf)).toBe(true);
    const before = sealedFileKeyId(path);
    rotateKeys(home, silentProgress);
    expect(sealedFileKeyId(path)).toBe(homeKeys(home)!.current.id);
    expect(sealedFileKeyId(path)).not.toBe(before);
    expect(files.read(one)!.equals(smallPdf)).toBe(true);
  });

  it('lie plain only where the home has no key', async () => {
    const { home } = newAttachmentHome();
    rmSync(dirname(keyFileOf(home)), { recursive: true });
    const files = openAttachmentFiles(home);
    await files.write(one, smallPdf);
    expect(readFileSync(join(home.attachments, `${one}.unsettled`)).equals(smallPdf)).toBe(true);
    expect(files.read(one)!.equals(smallPdf)).toBe(true);
  });

  it('are read under either name; what was cut off is settled where it has a row and removed where it has none', async () => {
    const { home, files } = newAttachmentHome();
    for (const id of [one, two]) await files.write(id, smallPdf);
    await files.settle([one]);
    await files.unsettle([one]);
    expect(readdirSync(home.attachments)).toEqual([`${one}.unsettled`, `${two}.unsettled`]);
    expect([one, two].map((id) => files.read(id)!.equals(smallPdf))).toEqual([true, true]);
    writeFileSync(join(home.attachments, `${two}.unsettled.sealing`), 'half');
    // What is young may be under way, also on another server.
    await files.sweep(0, noRow);
    expect(readdirSync(home.attachments)).toHaveLength(3);
    await files.sweep(Infinity, async (ids) => new Set(ids.filter((id) => id === one)));
    expect([readdirSync(home.attachments), files.read(two)]).toEqual([[one], undefined]);
    // What is settled stays, whatever database is asked.
    await files.sweep(Infinity, noRow);
    await files.remove([one]);
    expect(readdirSync(home.attachments)).toEqual([one]);
  });

  it('are not written while a backup or a change of keys runs', async () => {
    const { home, files } = newAttachmentHome();
    const release = takeLock(join(home.dir, 'locks'), 'attachments');
    await expect(files.write(one, smallPdf)).rejects.toMatchObject({ kind: 'busy' });
    expect(() => rotateKeys(home, silentProgress)).toThrow(/is using "attachments"/);
    const waiting = files.write(one, smallPdf);
    release();
    await waiting;
    expect(files.read(one)!.equals(smallPdf)).toBe(true);
  });

  it('are refused where the id is a path, and say where they are damaged', async () => {
    const { home, files } = newAttachmentHome();
    for (const id of ['../../etc/passwd', '..', '', one.toUpperCase(), `${one}/x`]) {
      await expect(files.write(id, smallPdf), id).rejects.toThrow('no id');
      expect(() => files.read(id), id).toThrow('no id');
    }
    mkdirSync(home.attachments, { recursive: true });
    await files.write(one, smallPdf);
    const path = join(home.attachments, `${one}.unsettled`);
    writeFileSync(path, readFileSync(path).fill(1, 60, 70));
    expect(() => files.read(one)).toThrow(/damaged or cut short.*Take it from a backup/);
  });
});
