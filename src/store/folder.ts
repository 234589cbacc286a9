// Makes a folder and those above it, and new files in it; writes and reads whole what the system may take or give in pieces. Node's own recursive
// way reports a read-only disk as "no such file"; this names the real reason.

import { randomBytes } from 'node:crypto';
import { closeSync, constants, copyFileSync, fsyncSync, linkSync, mkdirSync, openSync, readSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Makes the folder where it is missing. Throws the operating system's error of the first step that fails. */
export function makeFolder(path: string, mode = 0o700): void {
  if (isFolder(path)) return;
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'EEXIST' && isFolder(path)) return;
    if (code !== 'ENOENT' || dirname(path) === path) throw error;
    makeFolder(dirname(path), mode);
    mkdirSync(path, { mode });
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Writes every byte, at a place or where the file stands, and returns the place after them. The system may take fewer at once and say so by a number alone. */
export function writeAll(handle: number, content: string | Uint8Array, at?: number): number {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  for (let written = 0; written < bytes.length; ) written += writeSync(handle, bytes, written, bytes.length - written, at === undefined ? null : at + written);
  return (at ?? 0) + bytes.length;
}

/** Reads as many bytes as asked for, into the start of `room` where it is given. Throws a RangeError where the file has fewer. */
export function readWhole(handle: number, from: number, length: number, room?: Buffer): Buffer {
  const buffer = room ? room.subarray(0, length) : Buffer.allocUnsafe(length);
  for (let read = 0; read < length; ) {
    const more = readSync(handle, buffer, read, length - read, from + read);
    if (more === 0) throw new RangeError('The file is cut short');
    read += more;
  }
  return buffer;
}

/**
 * Writes a file that must not be there yet, for its owner alone, and gives it its name once it is whole; it and its place are on the disk when this
 * returns. Throws the operating system's error; EEXIST where the file is there.
 */
export function writeNewFile(path: string, content: string): void {
  makeFolder(dirname(path));
  const aside = `${path}.${randomBytes(4).toString('hex')}.new`;
  try {
    const handle = openSync(aside, 'wx', 0o600);
    try {
      writeAll(handle, content);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    nameOnce(aside, path);
  } finally {
    rmSync(aside, { force: true });
  }
  syncFolder(dirname(path));
}

/** A disk for carrying about, where a key may lie, cannot have two names for a file: it gets a copy. */
function nameOnce(aside: string, path: string): void {
  try {
    linkSync(aside, path);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    copyFileSync(aside, path, constants.COPYFILE_EXCL);
    syncFolder(path);
  }
}

/** Makes the names in a folder durable, or what is in a file, where the file system can. */
export function syncFolder(path: string): void {
  let handle: number | undefined;
  try {
    handle = openSync(path, 'r');
    fsyncSync(handle);
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'EISDIR', 'EBADF', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
