// Pseudonyms of one purpose: HMAC-SHA-256 under a key that is derived (HKDF) from the home's pseudonym key and the purpose's code. What leaves for
// one purpose has no pseudonym in common with what leaves for another, nor with the zone that pages read. See docs/methods/pseudonyms.md.

import { createHmac, hkdfSync } from 'node:crypto';

/** What pseudonyms are of; each kind has its own, so that a person and an event of one id have nothing in common. */
export type PseudonymKind = 'person' | 'event' | 'place' | 'household';

/** Hexadecimal characters: 128 bits, so that nobody meets another's by chance or by trying. */
const length = 32;
const blockBytes = 64;

/** @param homeKey the home's pseudonym key, 64 hexadecimal characters */
export function purposeKey(homeKey: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', Buffer.from(homeKey, 'hex'), '', `headwater pseudonyms for ${purpose}`, 32));
}

export function purposePseudonym(key: Buffer, kind: PseudonymKind, id: string): string {
  return createHmac('sha256', key).update(`${kind}:${id}`).digest('hex').slice(0, length);
}

/** The key as the two blocks of HMAC (RFC 2104), in hexadecimal: values for the statements below. */
export function pseudonymBlocks(key: Buffer): { inner: string; outer: string } {
  const block = Buffer.alloc(blockBytes);
  key.copy(block);
  const under = (byte: number) => Buffer.from(block.map((each) => each ^ byte)).toString('hex');
  return { inner: under(0x36), outer: under(0x5c) };
}
