// Any file encrypted at rest: landing files, attachments, the search's index, backups. AES-256-GCM in parts of 64 KB, each bound to its place
// and the last one marked, so that a part that is changed, moved, missing or left over is noticed; any part can be read without the others.
// Each file has a key of its own, made from the home's key and a random number at its head. A home without a key has plain files.

import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { closeSync, existsSync, fstatSync, fsyncSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { Problem } from '../core/index.ts';
import { makeFolder, readWhole, syncFolder, writeAll } from './folder.ts';
import { keyFor, type FileKey } from './home-key.ts';

const magic = Buffer.from('HWSEAL1\n');
const partSize = 65_536;
const tagSize = 16;
/** Magic, key id and random number. */
const headSize = magic.length + 8 + 32;

interface PartCipher {
  head: Buffer;
  key: Buffer;
}

const cipherOf = ({ secret }: FileKey, head: Buffer): PartCipher => ({ head, key: Buffer.from(hkdfSync('sha256', secret, head.subarray(magic.length + 8), 'headwater sealed file', 32)) });

const newHead = ({ id }: FileKey): Buffer => Buffer.concat([magic, Buffer.from(id, 'hex'), randomBytes(32)]);

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

const isHead = (bytes: Buffer): boolean => bytes.length >= magic.length && bytes.subarray(0, magic.length).equals(magic);
const keyIdOf = (head: Buffer): string => head.subarray(magic.length, magic.length + 8).toString('hex');

/** The id of the key that a file was sealed with; undefined where it is no sealed file. */
export function sealedFileKeyId(path: string): string | undefined {
  const handle = openSync(path, 'r');
  try {
    if (fstatSync(handle).size < headSize) return undefined;
    const head = readWhole(handle, 0, headSize);
    return isHead(head) ? keyIdOf(head) : undefined;
  } finally {
    closeSync(handle);
  }
}

/** A stream that seals what passes through it. */
export function sealStream(key: FileKey): Transform {
  const head = newHead(key);
  const cipher = cipherOf(key, head);
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
      if (!isHead(head)) throw new Problem('badInput', { what: 'This is not an encrypted file of Headwater', where: path, todo: 'Check the name of the file.' });
      cipher = cipherOf(keyFor(keys, keyIdOf(head), path), head);
      held = held.subarray(headSize);
    }
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
  close(): void;
}

/** Opens a sealed file of which parts are read. */
export function openSealedParts(path: string, keys: readonly FileKey[]): SealedParts {
  const handle = openSync(path, 'r');
  try {
    const length = fstatSync(handle).size;
    const head = readWhole(handle, 0, Math.min(headSize, length));
    if (head.length < headSize || !isHead(head) || length < headSize + tagSize) throw damaged(path);
    const cipher = cipherOf(keyFor(keys, keyIdOf(head), path), head);
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
    return {
      size,
      read: (from, to) => {
        try {
          const pieces: Buffer[] = [];
          for (let at = from; at < to; ) {
            const part = Math.floor(at / partSize);
            const piece = plainPart(part).subarray(at - part * partSize, to - part * partSize);
            if (piece.length === 0) throw new RangeError('The file is shorter than asked');
            pieces.push(piece);
            at += piece.length;
          }
          return Buffer.concat(pieces);
        } catch (error) {
          throw damaged(path, error);
        }
      },
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
    // An empty file has one part too, which is proven.
    return parts.size === 0 ? proveEmpty(path, keys) : parts.read(0, parts.size);
  } finally {
    parts.close();
  }
}

function proveEmpty(path: string, keys: readonly FileKey[]): Buffer {
  const bytes = readFileSync(path);
  const head = bytes.subarray(0, headSize);
  try {
    return openPart(cipherOf(keyFor(keys, keyIdOf(head), path), head), bytes.subarray(headSize), 0, true);
  } catch (error) {
    throw error instanceof Problem ? error : damaged(path, error);
  }
}

/** Writes a file aside, sealed where there is a key, and renames it into place; both are on the disk when this returns. */
export function writeSealedFile(path: string, content: Uint8Array | string, key: FileKey | undefined): void {
  const plain = Buffer.from(content);
  replaceFile(path, (handle) => (key ? writeSealed(handle, key, (at) => plain.subarray(at, at + partSize), plain.length) : void writeAll(handle, plain)));
  syncFolder(dirname(path));
}

/** Seals a plain file, or a sealed one anew, into another place or its own. */
export function sealFile(from: string, to: string, key: FileKey, opening: readonly FileKey[] = []): void {
  if (sealedFileKeyId(from) !== undefined) {
    const parts = openSealedParts(from, opening);
    try {
      if (parts.size === 0) proveEmpty(from, opening);
      replaceFile(to, (handle) => writeSealed(handle, key, (at) => parts.read(at, Math.min(parts.size, at + partSize)), parts.size));
    } finally {
      parts.close();
    }
    return;
  }
  const source = openSync(from, 'r');
  try {
    const { size } = fstatSync(source);
    replaceFile(to, (handle) => writeSealed(handle, key, (at) => readWhole(source, at, Math.min(partSize, size - at)), size));
  } finally {
    closeSync(source);
  }
}

function writeSealed(handle: number, key: FileKey, read: (at: number) => Buffer, size: number): void {
  const head = newHead(key);
  const cipher = cipherOf(key, head);
  writeAll(handle, head);
  const last = Math.max(0, Math.ceil(size / partSize) - 1);
  for (let part = 0; part <= last; part += 1) writeAll(handle, sealPart(cipher, size === 0 ? Buffer.alloc(0) : read(part * partSize), part, part === last));
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
