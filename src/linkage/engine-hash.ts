// The query engine's own hash of whole numbers and texts, without asking it (tested against it: its next version may have another). After
// MurmurHash64 (Appleby) and robin-hood hashing (Ankerl), as the engine's source has them.

const multiplier = 0xd6e8feb86659fd93n;
const uint64 = (value: bigint): bigint => BigInt.asUintN(64, value);

function mix(value: bigint): bigint {
  const once = uint64((value ^ (value >> 32n)) * multiplier);
  const twice = uint64((once ^ (once >> 32n)) * multiplier);
  return twice ^ (twice >> 32n);
}

function hashBytes(bytes: string): bigint {
  let hash = 0xe17a1465n ^ uint64(BigInt(bytes.length) * 0xc6a4a7935bd1e995n);
  const room = Buffer.alloc(Math.ceil(bytes.length / 8) * 8);
  room.write(bytes, 'latin1');
  for (let at = 0; at < room.length; at += 8) hash = uint64((hash ^ room.readBigUInt64LE(at)) * multiplier);
  return mix(hash);
}

/** @param value a whole number from 0 on, or a text as its UTF-8 bytes, one character for each */
const hashOf = (value: string | number): bigint => (typeof value === 'number' ? mix(BigInt(value)) : hashBytes(value));

/** The hash of two values, cut to 53 bits, as `hashSql` gives it. */
export function hashPair(first: string | number, second: string | number): number {
  const hash = hashOf(first);
  return Number((uint64((hash ^ (hash >> 32n)) * multiplier) ^ hashOf(second)) >> 11n);
}
