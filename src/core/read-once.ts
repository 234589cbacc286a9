// What is worked out from a snapshot is worked out once.

import type { LakeReader } from './question.ts';

/**
 * Reads once for each snapshot, and for each part of one that a reader may see, and keeps what was read while it is open. What could not be read
 * is read again. Whatever else is given must not change what is read.
 */
export function readOnce<T, Rest extends unknown[] = []>(read: (lake: LakeReader, ...rest: Rest) => Promise<T>): (lake: LakeReader, ...rest: Rest) => Promise<T> {
  const held = new WeakMap<LakeReader, Promise<T>>();
  return async (lake, ...rest) => {
    const known = held.get(lake);
    if (known) return known;
    const reading = read(lake, ...rest);
    held.set(lake, reading);
    reading.catch(() => held.delete(lake));
    return reading;
  };
}
