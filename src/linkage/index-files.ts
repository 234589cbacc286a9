// Files of typed arrays and of lines: written once, opened without parsing. What is small is read whole; long lists and lines are read
// at their place, where the system's cache serves them, so that an open index holds little memory. Each may lie encrypted.

import { closeSync, fstatSync, openSync, readSync, writeFileSync } from 'node:fs';
import { openSealedParts, sealedFileKeyId, type FileKey } from '../store/index.ts';

type Numbers = Float64Array | Int32Array | Float32Array | Uint32Array;

export function writeArray(path: string, values: Numbers): void {
  writeFileSync(path, new Uint8Array(values.buffer, values.byteOffset, values.byteLength), { mode: 0o600 });
}

export function readArray<T extends Numbers>(path: string, make: new (buffer: ArrayBuffer) => T, keys: readonly FileKey[] = []): T {
  const file = openParts(path, keys);
  try {
    const bytes = new Uint8Array(file.size);
    file.readInto(bytes, 0);
    return new make(bytes.buffer);
  } finally {
    file.close();
  }
}

export interface PartFile {
  size: number;
  /** Bytes from one place to another. */
  read(from: number, to: number): Buffer;
  /** Fills an array with the bytes from the given place on. */
  readInto(bytes: Uint8Array, from: number): void;
  close(): void;
}

/** A file of which parts are read. */
export function openParts(path: string, keys: readonly FileKey[] = []): PartFile {
  if (sealedFileKeyId(path) !== undefined) return openSealedParts(path, keys);
  const handle = openSync(path, 'r');
  const readAll = (into: Uint8Array, from: number): void => {
    for (let length = 0; length < into.length; ) {
      const read = readSync(handle, into, length, into.length - length, from + length);
      if (read === 0) throw new Error('A file of the index is shorter than it was');
      length += read;
    }
  };
  return {
    size: fstatSync(handle).size,
    read: (from, to) => {
      const buffer = Buffer.allocUnsafe(to - from);
      readAll(buffer, from);
      return buffer;
    },
    readInto: readAll,
    close: () => closeSync(handle),
  };
}

/** Where each of a file's lines begins, and where the file ends. Throws where it does not hold as many lines as expected. */
export function lineEnds(path: string, lines: number): Float64Array {
  const ends = new Float64Array(lines + 1);
  const file = openParts(path);
  let found = 0;
  try {
    const room = 1 << 22;
    for (let from = 0; from < file.size; from += room) {
      const part = file.read(from, Math.min(from + room, file.size));
      for (let at = part.indexOf(10); at >= 0; at = part.indexOf(10, at + 1)) {
        found += 1;
        ends[found] = from + at + 1;
      }
    }
  } finally {
    file.close();
  }
  if (found !== lines || ends[lines] !== file.size) throw new Error(`${path} holds ${found} lines instead of ${lines}`);
  return ends;
}

/** The place of a value in a sorted array, or -1. */
export function findSorted(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const at = sorted[middle]!;
    if (at === value) return middle;
    if (at < value) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
