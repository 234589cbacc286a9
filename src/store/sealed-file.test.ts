// Sealed files: the same bytes again with their key, whole, by parts and as a stream; anything changed, moved or cut is noticed.

import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, describe, expect, it } from 'vitest';
import { keyFromText, type FileKey } from './home-key.ts';
import { openSealedParts, readSealedFile, sealedFileKeyId, sealFile, sealStream, unsealStream, writeSealedFile } from './sealed-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'headwater-sealed-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const [one, two] = ['1', '2'].map((digit) => keyFromText(digit.repeat(64))!) as [FileKey, FileKey];
const part = 65_536;

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
  it.each([0, 1, 100, part - 1, part, part + 1, 3 * part, 3 * part + 7])('of %d bytes gives them back, however it is written and read', async (size) => {
    const plain = bytesOf(size);
    writeSealedFile(at('a'), plain, one);
    const streamed = await buffer(inPieces(plain, 10_007).pipe(sealStream(one)));
    writeFileSync(at('b'), streamed);
    writeFileSync(at('plain'), plain);
    sealFile(at('plain'), at('c'), one);
    for (const name of ['a', 'b', 'c']) {
      expect(readSealedFile(at(name), [two, one]).equals(plain)).toBe(true);
      expect((await buffer(inPieces(readFileSync(at(name)), 33_333).pipe(unsealStream([one], at(name))))).equals(plain)).toBe(true);
      expect(sealedFileKeyId(at(name))).toBe(one.id);
    }
    const parts = openSealedParts(at('a'), [one]);
    expect(parts.size).toBe(size);
    for (const [from, to] of [[0, size], [size >> 1, size], [size >> 2, size >> 1]] as const) expect(parts.read(from, to).equals(plain.subarray(from, to))).toBe(true);
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
    sealFile(at('a'), at('a'), two, [one]);
    expect(readSealedFile(at('a'), [two]).toString()).toBe('Thistlewood');
    expect(() => readSealedFile(at('a'), [one])).toThrow('is needed');
  });

  it('that was changed, cut short, lengthened or put together from others is refused', async () => {
    const plain = bytesOf(3 * part + 100);
    writeSealedFile(at('a'), plain, one);
    const sealed = readFileSync(at('a'));
    const head = 48;
    const block = part + 16;
    const swapped = Buffer.concat([sealed.subarray(0, head), sealed.subarray(head + block, head + 2 * block), sealed.subarray(head, head + block), sealed.subarray(head + 2 * block)]);
    const flipped = (place: number) => Buffer.from(sealed).fill(sealed[place]! ^ 1, place, place + 1);
    const harmed = [flipped(20), flipped(head + 5), flipped(sealed.length - 1), sealed.subarray(0, head + block), sealed.subarray(0, head + 3 * block), sealed.subarray(0, sealed.length - 1), sealed.subarray(0, head), sealed.subarray(0, 20), Buffer.concat([sealed, Buffer.from('x')]), swapped];
    for (const bytes of harmed) {
      writeFileSync(at('harmed'), bytes);
      await expect(buffer(inPieces(bytes, 50_000).pipe(unsealStream([one], at('harmed'))))).rejects.toThrow('This encrypted file is damaged or cut short');
      if (sealedFileKeyId(at('harmed')) !== undefined) expect(() => readSealedFile(at('harmed'), [one])).toThrow('This encrypted file is damaged or cut short');
    }
  });

  it('leaves nothing aside', () => {
    expect(readdirSync(folder).filter((name) => name.endsWith('.sealing'))).toEqual([]);
  });
});
