import { expect, it } from 'vitest';
import { presentFileSize } from './file-size.ts';

it('says thousands and millions of bytes, and never less than a thousand', () => {
  expect([0, 499, 12_400, 999_499, 1_000_000, 3_450_000, 2_000_000_000].map(presentFileSize)).toEqual(['1 KB', '1 KB', '12 KB', '999 KB', '1 MB', '3.5 MB', '2,000 MB']);
});
