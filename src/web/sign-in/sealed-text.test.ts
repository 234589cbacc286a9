import { expect, test } from 'vitest';
import { createSealer } from './sealed-text.ts';

const secret = 'a secret of at least thirty-two characters';

test('Sealed text opens with the same secret and purpose', () => {
  const sealer = createSealer(secret, 'sign-in');
  expect(sealer.open(sealer.seal('state and nonce'))).toBe('state and nonce');
  expect(sealer.seal('a')).not.toBe(sealer.seal('a'));
});

test('Text that was changed, or sealed for another purpose, does not open', () => {
  const sealer = createSealer(secret, 'sign-in');
  const sealed = Buffer.from(sealer.seal('state and nonce'), 'base64url');
  sealed[sealed.length - 1]! ^= 1;
  expect(sealer.open(sealed.toString('base64url'))).toBeUndefined();
  expect(sealer.open(createSealer(secret, 'other').seal('x'))).toBeUndefined();
  expect(sealer.open('')).toBeUndefined();
  expect(sealer.open('not sealed at all, but long enough to hold a tag')).toBeUndefined();
});
