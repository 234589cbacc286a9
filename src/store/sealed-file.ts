// Any file encrypted at rest: landing files, attachments, the search's index, backups. AES-256-GCM in parts, each bound to its place and the
// last one marked, so that a part that is changed, moved, missing or left over is noticed; any part can be read without the others. Each file has
// a key of its own, made from the home's key and a random number at its head, which also says how large its parts are. A home without a key has plain files.

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { Problem } from '../core/index.ts';
import { makeFolder, readWhole, syncFolder, writeAll } from './folder.ts';
import { keyFor, type FileKey } from './home-key.ts';

/** Large parts for files that are read from end to end, small ones where a few bytes are read here and there: a part is opened whole. */
export type PartSize = 'large' | 'small';

/** What a file begins with says the size of its parts. Every part is proven together with the head, so that none can be read as of another size. */
const partSizes = { large: { magic: Buffer.from('HWSEAL1\n'), bytes: 65_536 }, small: { magic: Buffer.from('HWSEAL2\n'), bytes: 4096 } } as const;
const magicSize = 8;
const tagSize = 16;
/** Plain bytes that are sealed and written at once. */
const roomSize = 65_536;
/** Magic, key id and random number. */
const headSize = magicSize + 8 + 32;

interface PartCipher {
  head: Buffer;
  key: Buffer;
  /** Plain bytes of each part but the last. */
  partSize: number;
}

const cipherOf = ({ secret }: FileKey, head: Buffer): PartCipher => ({
  head,
  key: Buffer.from(hkdfSync('sha256', secret, head.subarray(magicSize + 8), 'headwater sealed file', 32)),
  partSize: partSizes[partSizeIn(head)!].bytes,
});

const newHead = ({ id }: FileKey, parts: PartSize): Buffer => Buffer.concat([partSizes[parts].magic, Buffer.from(id, 'hex'), randomBytes(32)]);

/** The key is this file's alone, so that place and end make each nonce another. */
function nonceOf(part: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12);
  nonce.writeBigUInt64BE(BigInt(part), 0);
  nonce.writeUInt8(last ? 1 : 0, 11);
  return nonce;
}

function sealPart({ head, key }: PartCipher, plain: Buffer, part: number, last: boolean): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(part, last)).setAAD(head);
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
}

/** Throws where the part is not as it was sealed. */
function openPart({ head, key }: PartCipher, sealed: Buffer, part: number, last: boolean): Buffer {
  const end = sealed.length - tagSize;
  if (end < 0) throw new RangeError('The file is cut short');
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(part, last)).setAAD(head);
  decipher.setAuthTag(sealed.subarray(end));
  const plain = decipher.update(sealed.subarray(0, end));
  // Proves the part; this cipher holds no bytes back.
  decipher.final();
  return plain;
}

const damaged = (path: string, cause?: unknown) => new Problem('badInput', { what: 'This encrypted file is damaged or cut short', where: path, todo: 'Take it from a backup.', cause });

/** Undefined where this is no head of a sealed file. */
const partSizeIn = (head: Buffer): PartSize | undefined => (['large', 'small'] as const).find((parts) => head.subarray(0, magicSize).equals(partSizes[parts].magic));
const keyIdOf = (head: Buffer): string => head.subarray(magicSize, magicSize + 8).toString('hex');

/** The id of the key that a file was sealed with; undefined where it is no sealed file. */
export function sealedFileKeyId(path: string): string | undefined {
  const head = findHead(path);
  return head && keyIdOf(head);
}

/** How large the parts of a sealed file are; undefined where it is no sealed file. */
export function sealedPartSize(path: string): PartSize | undefined {
  const head = findHead(path);
  return head && partSizeIn(head);
}

function findHead(path: string): Buffer | undefined {
  const handle = openSync(path, 'r');
  try {
    if (fstatSync(handle).size < headSize) return undefined;
    const head = readWhole(handle, 0, headSize);
    return partSizeIn(head) && head;
  } finally {
    closeSync(handle);
  }
}

/** A stream that seals what passes through it. */
export function sealStream(key: FileKey): Transform {
  const head = newHead(key, 'large');
  const cipher = cipherOf(key, head);
  const { partSize } = cipher;
  let held: Buffer = Buffer.alloc(0);
  let part = 0;
  let begun = false;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      if (!begun) this.push(head);
      begun = true;
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      // A full part is kept back until more comes, since the last one is marked.
      let at = 0;
      for (; held.length - at > partSize; at += partSize) this.push(sealPart(cipher, held.subarray(at, at + partSize), part++, false));
      held = held.subarray(at);
      done();
    },
    flush(done) {
      if (!begun) this.push(head);
      this.push(sealPart(cipher, held, part, true));
      done();
    },
  });
}

/** A stream that opens what was sealed. Each part is given on once it is proven; `path` names the file where it is not. */
export function unsealStream(keys: readonly FileKey[], path: string): Transform {
  let cipher: PartCipher | undefined;
  let held: Buffer = Buffer.alloc(0);
  let part = 0;
  const take = (stream: Transform, chunk: Buffer): void => {
    held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
    if (!cipher) {
      if (held.length < headSize) return;
      const head = Buffer.from(held.subarray(0, headSize));
      if (!partSizeIn(head)) throw new Problem('badInput', { what: 'This is not an encrypted file of Headwater', where: path, todo: 'Check the name of the file.' });
      cipher = cipherOf(keyFor(keys, keyIdOf(head), path), head);
      held = held.subarray(headSize);
    }
    const { partSize } = cipher;
    let at = 0;
    for (; held.length - at > partSize + tagSize; at += partSize + tagSize) stream.push(openPart(cipher, held.subarray(at, at + partSize + tagSize), part++, false));
    held = held.subarray(at);
  };
  const attempt = (done: TransformCallback, work: () => void): void => {
    try {
      work();
    } catch (error) {
      return done(error instanceof Problem ? error : damaged(path, error));
    }
    done();
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      attempt(done, () => take(this, chunk));
    },
    flush(done) {
      attempt(done, () => {
        if (!cipher) throw damaged(path);
        this.push(openPart(cipher, held, part, true));
      });
    },
  });
}

export interface SealedParts {
  /** Bytes of the plain file. */
  size: number;
  /** Bytes from one place to another; throws a Problem where they are not as they were sealed. */
  read(from: number, to: number): Buffer;
  /** Fills an array with the bytes from the given place on; throws as `read` does. */
  readInto(bytes: Uint8Array, from: number): void;
  close(): void;
}

/** Opens a sealed file of which parts are read. */
export function openSealedParts(path: string, keys: readonly FileKey[]): SealedParts {
  const handle = openSync(path, 'r');
  try {
    const length = fstatSync(handle).size;
    const head = readWhole(handle, 0, Math.min(headSize, length));
    if (head.length < headSize || !partSizeIn(head) || length < headSize + tagSize) throw damaged(path);
    const cipher = cipherOf(keyFor(keys, keyIdOf(head), path), head);
    const { partSize } = cipher;
    const parts = Math.ceil((length - headSize) / (partSize + tagSize));
    const size = length - headSize - parts * tagSize;
    // One room for every part as it lies in the file: a search reads hundreds.
    const room = Buffer.allocUnsafe(partSize + tagSize);
    const readPart = (part: number): Buffer => {
      const at = headSize + part * (partSize + tagSize);
      return openPart(cipher, readWhole(handle, at, Math.min(partSize + tagSize, length - at), room), part, part === parts - 1);
    };
    // The part read last is kept: what is read next often lies in it.
    let kept: { part: number; plain: Buffer } | undefined;
    const plainPart = (part: number): Buffer => {
      if (kept?.part !== part) kept = { part, plain: readPart(part) };
      return kept.plain;
    };
    const readInto = (bytes: Uint8Array, from: number): void => {
      try {
        // An empty file has one part too, which is proven.
        if (size === 0) plainPart(0);
        for (let done = 0; done < bytes.length; ) {
          const part = Math.floor((from + done) / partSize);
          const start = from + done - part * partSize;
          const piece = plainPart(part).subarray(start, start + bytes.length - done);
          if (piece.length === 0) throw new RangeError('The file is shorter than asked');
          bytes.set(piece, done);
          done += piece.length;
        }
      } catch (error) {
        throw damaged(path, error);
      }
    };
    return {
      size,
      read: (from, to) => {
        const bytes = Buffer.allocUnsafe(to - from);
        readInto(bytes, from);
        return bytes;
      },
      readInto,
      close: () => closeSync(handle),
    };
  } catch (error) {
    closeSync(handle);
    throw error;
  }
}

/** The plain bytes of a file, sealed or not. For small files: all of it is held in memory. */
export function readSealedFile(path: string, keys: readonly FileKey[]): Buffer {
  if (sealedFileKeyId(path) === undefined) return readFileSync(path);
  const parts = openSealedParts(path, keys);
  try {
    return parts.read(0, parts.size);
  } finally {
    parts.close();
  }
}

/** Writes a file aside, sealed where there is a key, and renames it into place; both are on the disk when this returns. */
export function writeSealedFile(path: string, content: Uint8Array | string, key: FileKey | undefined): void {
  const plain = Buffer.from(content);
  replaceFile(path, (handle) => (key ? writeSealed(handle, key, { parts: 'large', size: plain.length, read: (from, to) => plain.subarray(from, to) }) : void writeAll(handle, plain)));
  syncFolder(dirname(path));
}

export interface SealOptions {
  /** As the source's where not said, and large where that is plain. */
  parts?: PartSize | undefined;
  /** The keys that may open the source where it is sealed. */
  opening?: readonly FileKey[];
}

/** Seals a plain file, or a sealed one anew, into another place or its own. */
export function sealFile(from: string, to: string, key: FileKey, { parts, opening = [] }: SealOptions = {}): void {
  const before = sealedPartSize(from);
  if (before !== undefined) {
    const source = openSealedParts(from, opening);
    try {
      replaceFile(to, (handle) => writeSealed(handle, key, { parts: parts ?? before, size: source.size, read: source.read }));
    } finally {
      source.close();
    }
    return;
  }
  const source = openSync(from, 'r');
  try {
    const { size } = fstatSync(source);
    replaceFile(to, (handle) => writeSealed(handle, key, { parts: parts ?? 'large', size, read: (start, end) => readWhole(source, start, end - start) }));
  } finally {
    closeSync(source);
  }
}

interface PlainSource {
  parts: PartSize;
  size: number;
  read(from: number, to: number): Buffer;
}

function writeSealed(handle: number, key: FileKey, { parts, size, read }: PlainSource): void {
  const head = newHead(key, parts);
  const cipher = cipherOf(key, head);
  const { partSize } = cipher;
  const last = Math.max(0, Math.ceil(size / partSize) - 1);
  const partsAtOnce = roomSize / partSize;
  writeAll(handle, head);
  for (let first = 0; first <= last; first += partsAtOnce) {
    const from = first * partSize;
    const plain = read(from, Math.min(size, from + roomSize));
    const sealed: Buffer[] = [];
    for (let part = first; part <= last && part < first + partsAtOnce; part += 1) sealed.push(sealPart(cipher, plain.subarray((part - first) * partSize, (part - first + 1) * partSize), part, part === last));
    writeAll(handle, Buffer.concat(sealed));
  }
}

/** What a crash leaves aside ends with this. */
export const asideEnding = '.sealing';

/** Writes aside, makes it durable and renames it into place; leaves nothing aside where it fails. */
export function replaceFile(path: string, fill: (handle: number) => void): void {
  const aside = `${path}${asideEnding}`;
  makeFolder(dirname(path));
  try {
    const handle = openSync(aside, 'w', 0o600);
    try {
      fill(handle);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(aside, path);
  } finally {
    if (existsSync(aside)) rmSync(aside, { force: true });
  }
}
