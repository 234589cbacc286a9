import { expect, test } from 'vitest';
import { shortSnapshotId } from './frame.ts';

test('the short name of a snapshot tells the builds of the same apart', () => {
  expect(['0123456789abcdef', '0123456789abcdef-2', 'one'].map(shortSnapshotId)).toEqual(['01234567', '01234567-2', 'one']);
});
