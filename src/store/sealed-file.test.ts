// Sealed files: the same bytes again with their key, whole, by parts and as a stream; anything changed, moved or cut is noticed.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { keyFromText, type FileKey } from './home-key.ts';
import { openSealedParts, readSealedFile, sealedFileKeyId, sealedPartSize, sealFile, sealStream, unsealStream, writeSealedFile } from './sealed-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'headwater-sealed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const [one, two] = ['1', '2'].map((digit) => keyFromText(digit.repeat(64))!) as [FileKey, FileKey];
const part = 65_536;
const small = 4096;

function bytesOf(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  for (let i = 0; i < size; i += 1) bytes[i] = (i * 31 + (i >> 8)) & 0xff;
  return bytes;
}

/** A source that gives its bytes in pieces of odd sizes. */
const inPieces = (bytes: Buffer, size: number) => Readable.from((function* () {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
})());

describe('a sealed file', () => {
  it.each([0, 1, 100, small - 1, small, small + 1, 2 * small, part - 1, part, part + 1, 3 * part, 3 * part + 7])('of %d bytes gives them back, however it is written and read', async (size) => {
    const plain = bytesOf(size);
    writeSealedFile(at('a'), plain, one);
    const streamed = await buffer(inPieces(plain, 10_007).pipe(sealStream(one)));
    writeFileSync(at('b'), streamed);
    writeFileSync(at('plain'), plain);
    sealFile(at('plain'), at('c'), one);
    sealFile(at('plain'), at('d'), one, { parts: 'small' });
    sealFile(at('a'), at('e'), one, { parts: 'small', opening: [one] });
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      expect(readSealedFile(at(name), [two, one]).equals(plain)).toBe(true);
      expect((await buffer(inPieces(readFileSync(at(name)), 33_333).pipe(unsealStream([one], at(name))))).equals(plain)).toBe(true);
      expect(sealedFileKeyId(at(name))).toBe(one.id);
    }
    for (const name of ['a', 'd']) {
      const parts = openSealedParts(at(name), [one]);
      expect(parts.size).toBe(size);
      for (const [from, to] of [[0, size], [size >> 1, size], [size >> 2, size >> 1]] as const) {
        expect(parts.read(from, to).equals(plain.subarray(from, to))).toBe(true);
        const room = new Uint8Array(to - from + 2);
        parts.readInto(room.subarray(1, -1), from);
        expect(Buffer.from(room).equals(Buffer.concat([Buffer.alloc(1), plain.subarray(from, to), Buffer.alloc(1)]))).toBe(true);
      }
      expect(() => parts.read(0, size + 1)).toThrow('This encrypted file is damaged or cut short');
      parts.close();
    }
  });

  it('has parts of 64 KB, or of 4 KB where that is asked, and keeps their size under another key', () => {
    writeSealedFile(at('a'), bytesOf(10 * small), one);
    sealFile(at('a'), at('d'), one, { parts: 'small', opening: [one] });
    const sizes = () => ['a', 'd'].map((name) => [sealedPartSize(at(name)), readFileSync(at(name)).length]);
    const expected = [['large', 48 + 10 * small + 16], ['small', 48 + 10 * (small + 16)]];
    expect(sizes()).toEqual(expected);
    for (const name of ['a', 'd']) sealFile(at(name), at(name), two, { opening: [one] });
    expect(sizes()).toEqual(expected);
    for (const name of ['a', 'd']) expect(readSealedFile(at(name), [two]).equals(bytesOf(10 * small))).toBe(true);
    writeFileSync(at('plain'), 'nothing to hide');
    expect(sealedPartSize(at('plain'))).toBeUndefined();
  });

  it('opens the parts that are read alone: harm in another is not noticed, harm in its own is', () => {
    writeFileSync(at('plain'), bytesOf(3 * small));
    sealFile(at('plain'), at('d'), one, { parts: 'small' });
    const sealed = readFileSync(at('d'));
    const place = 48 + small + 16 + 5;
    writeFileSync(at('d'), sealed.fill(sealed[place]! ^ 1, place, place + 1));
    const parts = openSealedParts(at('d'), [one]);
    expect(parts.read(0, small).equals(bytesOf(small))).toBe(true);
    expect(() => parts.read(small - 1, small + 1)).toThrow('This encrypted file is damaged or cut short');
    expect(parts.read(2 * small, 3 * small).equals(bytesOf(3 * small).subarray(2 * small))).toBe(true);
    parts.close();
  });

  it('without a key is a plain file, which is read as it is', () => {
    writeSealedFile(at('plain'), 'nothing to hide', undefined);
    expect(readFileSync(at('plain'), 'utf8')).toBe('nothing to hide');
    expect(readSealedFile(at('plain'), [one]).toString()).toBe('nothing to hide');
    expect(sealedFileKeyId(at('plain'))).toBeUndefined();
  });

  it('shows nothing of what it holds, and is never the same twice', () => {
    writeSealedFile(at('a'), 'Thistlewood', one);
    writeSealedFile(at('b'), 'Thistlewood', one);
    expect(readFileSync(at('a')).includes('Thistlewood')).toBe(false);
    expect(readFileSync(at('a')).equals(readFileSync(at('b')))).toBe(false);
  });

  it('opens with its key alone, and names the one that is needed', () => {
    writeSealedFile(at('a'), 'Thistlewood', one);
    expect(() => readSealedFile(at('a'), [two])).toThrow(`The key ${one.id.replace(/(.{4})(?=.)/g, '$1-')} is needed`);
    sealFile(at('a'), at('a'), two, { opening: [one] });
    expect(readSealedFile(at('a'), [two]).toString()).toBe('Thistlewood');
    expect(() => readSealedFile(at('a'), [one])).toThrow('is needed');
  });

  it.each([['large', part], ['small', small]] as const)('of %s parts that was changed, cut short, lengthened or put together from others is refused', async (parts, size) => {
    const plain = bytesOf(3 * size + 100);
    writeFileSync(at('plain'), plain);
    sealFile(at('plain'), at('a'), one, { parts });
    sealFile(at('plain'), at('other'), one, { parts });
    const sealed = readFileSync(at('a'));
    const head = 48;
    const block = size + 16;
    const swapped = Buffer.concat([sealed.subarray(0, head), sealed.subarray(head + block, head + 2 * block), sealed.subarray(head, head + block), sealed.subarray(head + 2 * block)]);
    const mixed = Buffer.concat([sealed.subarray(0, head), readFileSync(at('other')).subarray(head, head + block), sealed.subarray(head + block)]);
    const flipped = (place: number) => Buffer.from(sealed).fill(sealed[place]! ^ 1, place, place + 1);
    // Said to have parts of the other size: the seventh byte tells.
    const renamed = Buffer.from(sealed).fill(parts === 'large' ? '2' : '1', 6, 7);
    const harmed = [flipped(20), flipped(head + 5), flipped(sealed.length - 1), sealed.subarray(0, head + block), sealed.subarray(0, head + 3 * block), sealed.subarray(0, sealed.length - 1), sealed.subarray(0, head), sealed.subarray(0, 20), Buffer.concat([sealed, Buffer.from('x')]), swapped, mixed, renamed];
    for (const bytes of harmed) {
      writeFileSync(at('harmed'), bytes);
      await expect(buffer(inPieces(bytes, 50_000).pipe(unsealStream([one], at('harmed'))))).rejects.toThrow('This encrypted file is damaged or cut short');
      if (sealedFileKeyId(at('harmed')) !== undefined) expect(() => readSealedFile(at('harmed'), [one])).toThrow('This encrypted file is damaged or cut short');
    }
  });

  it.each([['large', 'small'], ['small', 'large']] as const)('of %s parts that fits into one cannot be read as one of %s parts', (parts, other) => {
    writeFileSync(at('plain'), 'Thistlewood');
    sealFile(at('plain'), at('a'), one, { parts });
    const sealed = readFileSync(at('a'));
    writeFileSync(at('harmed'), sealed.fill(sealed[6] === 0x31 ? '2' : '1', 6, 7));
    expect(sealedPartSize(at('harmed'))).toBe(other);
    expect(() => readSealedFile(at('harmed'), [one])).toThrow('This encrypted file is damaged or cut short');
  });

  it('leaves nothing aside', () => {
    expect(readdirSync(folder).filter((name) => name.endsWith('.sealing'))).toEqual([]);
  });
});
