// Parquet files encrypted at rest, in Parquet's own modular encryption (AES-GCM, encrypted footer): the query engine reads them where they
// lie with the key, page by page, so that reading leaves no plain copy. The engine cannot write them soundly (docs/decisions/0012), so a plain
// file is sealed here, with the operating system's random numbers. Unsealed, it is the same file to the byte.

import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync } from 'node:fs';
import { Problem } from '../core/index.ts';
import { readWhole, writeAll } from './folder.ts';
import { keyFor, type FileKey } from './home-key.ts';
import { fieldOf, numberOf, readThrift, setField, thrift, writeThrift, type ThriftList, type ThriftStruct } from './thrift-compact.ts';

const plainMagic = Buffer.from('PAR1');
const sealedMagic = Buffer.from('PARE');
const dictionaryPage = 2;
/** Fields of Parquet's structures that are read or set here. */
const file = { rowGroups: 4 } as const;
const rowGroup = { columns: 1, fileOffset: 5, compressed: 6, ordinal: 7 } as const;
const chunk = { fileOffset: 2, meta: 3, offsetIndex: [4, 5], columnIndex: [6, 7], crypto: 8 } as const;
const meta = { compressed: 7, dataPage: 9, indexPage: 10, dictionaryPage: 11, bloom: [14, 15] } as const;
const header = { type: 1, compressed: 3 } as const;

interface Chunk {
  group: number;
  column: number;
  start: number;
  size: number;
}

/** Whether a file is plain Parquet, sealed Parquet or neither. */
export function parquetKind(path: string): 'plain' | 'sealed' | undefined {
  const handle = openSync(path, 'r');
  try {
    const magic = readWhole(handle, 0, 4);
    return magic.equals(sealedMagic) ? 'sealed' : magic.equals(plainMagic) ? 'plain' : undefined;
  } finally {
    closeSync(handle);
  }
}

/** The id of the key that a sealed file was sealed with. */
export function sealedParquetKeyId(path: string): string {
  const handle = openSync(path, 'r');
  try {
    return readCrypto(handle, path).keyId;
  } finally {
    closeSync(handle);
  }
}

function sealModule(key: Buffer, plain: Buffer): Buffer {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(12 + sealed.length + 16);
  return Buffer.concat([length, nonce, sealed, cipher.getAuthTag()]);
}

/** The plain bytes of the module at a place, and where it ends. */
function openModule(key: Buffer, bytes: Buffer, from: number): { plain: Buffer; end: number } {
  const length = bytes.readUInt32LE(from);
  const end = from + 4 + length;
  if (length < 28 || end > bytes.length) throw new RangeError('The file is cut short');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(from + 4, from + 16));
  decipher.setAuthTag(bytes.subarray(end - 16, end));
  return { plain: Buffer.concat([decipher.update(bytes.subarray(from + 16, end - 16)), decipher.final()]), end };
}

const columnsOf = (group: ThriftStruct): ThriftStruct[] => (fieldOf<ThriftList>(group, rowGroup.columns)?.items ?? []) as ThriftStruct[];
const groupsOf = (footer: ThriftStruct): ThriftStruct[] => (fieldOf<ThriftList>(footer, file.rowGroups)?.items ?? []) as ThriftStruct[];
const metaOf = (column: ThriftStruct): ThriftStruct => fieldOf<ThriftStruct>(column, chunk.meta)!;

/** The column chunks in the order in which they lie in the file. */
function chunksOf(footer: ThriftStruct): Chunk[] {
  return groupsOf(footer).flatMap((group, g) =>
    columnsOf(group).map((column, c) => {
      const about = metaOf(column);
      const starts = [meta.dataPage, meta.dictionaryPage, meta.indexPage].map((id) => numberOf(about, id) ?? 0).filter((start) => start > 0);
      return { group: g, column: c, start: Math.min(...starts), size: numberOf(about, meta.compressed)! };
    }),
  ).toSorted((a, b) => a.start - b.start);
}

/** Writes the sealed form of a plain Parquet file, on the disk when it returns. `seen` is given the plain file part by part, as it is read. */
export function sealParquet(from: string, to: string, key: FileKey, seen?: (part: Buffer) => void): void {
  const source = openSync(from, 'r');
  try {
    const target = openSync(to, 'w', 0o600);
    try {
      sealInto(source, target, key, seen);
      fsyncSync(target);
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(source);
  }
}

function sealInto(source: number, target: number, { id, parquet: key }: FileKey, seen?: (part: Buffer) => void): void {
  const size = fstatSync(source).size;
  const tail = readWhole(source, size - 8, 8);
  const footerAt = size - 8 - tail.readUInt32LE(0);
  const footer = readThrift(readWhole(source, footerAt, size - 8 - footerAt)).struct;
  seen?.(plainMagic);
  let at = writeAll(target, sealedMagic, 0);
  let end = 4;
  const moved = new Map<string, { from: number; to: number; size: number; firstPage: number }>();
  for (const each of chunksOf(footer)) {
    if (each.start !== end) throw new Error('The Parquet file has a gap between its columns');
    const plain = readWhole(source, each.start, each.size);
    seen?.(plain);
    const sealed = sealChunk(key, plain);
    moved.set(`${each.group}:${each.column}`, { from: each.start, to: at, size: sealed.bytes.length, firstPage: sealed.firstPage });
    at = writeAll(target, sealed.bytes, at);
    end += each.size;
  }
  const rest = readWhole(source, end, size - end);
  seen?.(rest);
  at = writeAll(target, sealModule(key, rest), at);
  movePlaces(footer, moved);
  writeEnding(target, at, { id, parquet: key }, writeThrift(footer));
}

/** The name of the key in plain, and the footer sealed. */
function writeEnding(target: number, at: number, { id, parquet }: Pick<FileKey, 'id' | 'parquet'>, footer: Buffer): void {
  const crypto = writeThrift({
    fields: [
      { id: 1, type: thrift.struct, value: { fields: [{ id: 1, type: thrift.struct, value: { fields: [] } }] } },
      { id: 2, type: thrift.binary, value: Buffer.from(id, 'hex') },
    ],
  });
  const sealed = sealModule(parquet, footer);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(crypto.length + sealed.length);
  writeAll(target, Buffer.concat([crypto, sealed, length, sealedMagic]), at);
}

/** Each page's header and content as modules of their own. */
function sealChunk(key: Buffer, plain: Buffer): { bytes: Buffer; firstPage: number } {
  const parts: Buffer[] = [];
  let length = 0;
  let firstPage = -1;
  for (let at = 0; at < plain.length; ) {
    const { struct, end } = readThrift(plain, at);
    const next = end + numberOf(struct, header.compressed)!;
    if (firstPage < 0 && numberOf(struct, header.type) !== dictionaryPage) firstPage = length;
    for (const part of [plain.subarray(at, end), plain.subarray(end, next)]) {
      const sealed = sealModule(key, part);
      parts.push(sealed);
      length += sealed.length;
    }
    at = next;
  }
  return { bytes: Buffer.concat(parts), firstPage: Math.max(0, firstPage) };
}

/** Puts the sealed columns' places and sizes into the footer. Indexes and Bloom filters are left out: they lie in the last module. */
function movePlaces(footer: ThriftStruct, moved: ReadonlyMap<string, { from: number; to: number; size: number; firstPage: number }>): void {
  for (const [g, group] of groupsOf(footer).entries()) {
    let total = 0;
    for (const [c, column] of columnsOf(group).entries()) {
      const place = moved.get(`${g}:${c}`)!;
      const about = metaOf(column);
      setField(about, meta.compressed, thrift.i64, BigInt(place.size));
      setField(about, meta.dataPage, thrift.i64, BigInt(place.to + place.firstPage));
      if (place.firstPage > 0) setField(about, meta.dictionaryPage, thrift.i64, BigInt(place.to));
      about.fields = about.fields.filter(({ id }) => !(meta.bloom as readonly number[]).includes(id));
      column.fields = column.fields.filter(({ id }) => ![...chunk.offsetIndex, ...chunk.columnIndex].some((gone) => gone === id));
      setField(column, chunk.crypto, thrift.struct, { fields: [{ id: 1, type: thrift.struct, value: { fields: [] } }] });
      total += place.size;
    }
    const first = moved.get(`${g}:0`)!;
    if (numberOf(group, rowGroup.fileOffset) !== undefined) setField(group, rowGroup.fileOffset, thrift.i64, BigInt(first.to));
    if (numberOf(group, rowGroup.compressed) !== undefined) setField(group, rowGroup.compressed, thrift.i64, BigInt(total));
    setField(group, rowGroup.ordinal, thrift.i16, g);
  }
}

interface Crypto {
  keyId: string;
  footerAt: number;
  /** The sealed footer. */
  footer: Buffer;
}

function readCrypto(handle: number, path: string): Crypto {
  try {
    const size = fstatSync(handle).size;
    const tail = readWhole(handle, size - 8, 8);
    if (!tail.subarray(4).equals(sealedMagic)) throw new RangeError('The file is cut short');
    const length = tail.readUInt32LE(0);
    const footerAt = size - 8 - length;
    const bytes = readWhole(handle, footerAt, length);
    const { struct, end } = readThrift(bytes);
    return { keyId: fieldOf<Buffer>(struct, 2)!.toString('hex'), footerAt, footer: bytes.subarray(end) };
  } catch (error) {
    throw damaged(path, error);
  }
}

const damaged = (path: string, cause: unknown) => new Problem('badInput', { what: 'This encrypted file is damaged', where: path, todo: 'Restore it from a backup.', cause });

/** Where the modules end, and which key they have. */
interface Sealed {
  handle: number;
  crypto: Crypto;
}

function* modulesOf({ handle, crypto }: Sealed, key: FileKey, path: string): Generator<Buffer> {
  try {
    for (let at = 4; at < crypto.footerAt; ) {
      const size = 4 + readWhole(handle, at, 4).readUInt32LE(0);
      if (at + size > crypto.footerAt) throw new RangeError('The file is cut short');
      yield openModule(key.parquet, readWhole(handle, at, size), 0).plain;
      at += size;
    }
    // What the engine reads first: proven too, though it is no part of the plain file.
    openModule(key.parquet, crypto.footer, 0);
  } catch (error) {
    throw error instanceof Problem ? error : damaged(path, error);
  }
}

/** The bytes of the plain file, part by part: the columns, and then all that came after them. Throws a Problem where any part is not as it was sealed. */
export function* unsealParquet(path: string, keys: readonly FileKey[]): Generator<Buffer> {
  const handle = openSync(path, 'r');
  try {
    const crypto = readCrypto(handle, path);
    yield plainMagic;
    yield* modulesOf({ handle, crypto }, keyFor(keys, crypto.keyId, path), path);
  } finally {
    closeSync(handle);
  }
}

/** Writes the plain file of a sealed one, for its owner alone. Throws a Problem where any part is not as it was sealed. */
export function copyUnsealed(from: string, to: string, keys: readonly FileKey[]): void {
  const target = openSync(to, 'wx', 0o600);
  try {
    for (const part of unsealParquet(from, keys)) writeAll(target, part);
  } finally {
    closeSync(target);
  }
}

/** Writes the same file sealed with another key, module by module. */
export function resealParquet(from: string, to: string, keys: readonly FileKey[], next: FileKey): void {
  const handle = openSync(from, 'r');
  try {
    const crypto = readCrypto(handle, from);
    const key = keyFor(keys, crypto.keyId, from);
    const target = openSync(to, 'w', 0o600);
    try {
      let at = writeAll(target, sealedMagic, 0);
      for (const plain of modulesOf({ handle, crypto }, key, from)) at = writeAll(target, sealModule(next.parquet, plain), at);
      writeEnding(target, at, next, openModule(key.parquet, crypto.footer, 0).plain);
      fsyncSync(target);
    } finally {
      closeSync(target);
    }
  } finally {
    closeSync(handle);
  }
}

/** SHA-256 of the plain file. */
export function plainParquetHash(path: string, keys: readonly FileKey[]): string {
  const hash = createHash('sha256');
  for (const part of unsealParquet(path, keys)) hash.update(part);
  return hash.digest('hex');
}
