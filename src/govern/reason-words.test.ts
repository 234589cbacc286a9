import { expect, test } from 'vitest';
import { hasEnoughWords } from './reason-words.ts';

test('five words of two letters or more are a reason; numbers, signs and single letters are none', () => {
  for (const text of ['A child may come to harm', 'Ärztin fürchtet für die Tochter', 'one\ntwo  three\tfour five']) expect(hasEnoughWords(text), text).toBe(true);
  for (const text of ['', 'need to see this', 'a b c d e f g', '1 2 3 4 5 66 77', 'please !! 1 2 3 now']) expect(hasEnoughWords(text), text).toBe(false);
});
