import { describe, expect, it } from 'vitest';
import { listNicknames, nicknameRoots } from './nicknames.ts';

describe('nicknames', () => {
  const roots = nicknameRoots(listNicknames());
  const agree = (a: string, b: string) => (roots.get(a) ?? [a]).some((root) => (roots.get(b) ?? [b]).includes(root));

  it.each([['bob', 'robert'], ['peggy', 'margaret'], ['mohammad', 'muhammed'], ['kasia', 'katarzyna'], ['alex', 'alexandra'], ['alex', 'alexander'], ['chris', 'christopher'], ['ayesha', 'aisha'],
    ['emeka', 'chukwuemeka'], ['faruk', 'farooq'], ['neve', 'niamh'], ['eva', 'ewa'], ['puja', 'pooja'], ['abdirahman', 'abdulrahman'], ['shelly', 'michelle']])('%s and %s are forms of one name', (a, b) => {
    expect(agree(a, b)).toBe(true);
  });

  it.each([['robert', 'richard'], ['alexander', 'alexandra'], ['daniel', 'victor']])('%s and %s are not', (a, b) => {
    expect(agree(a, b)).toBe(false);
  });

  it('keeps every full form of a short one', () => {
    expect(nicknameRoots([['alexander', 'alex'], ['alexandra', 'alex']]).get('alex')).toEqual(['alexander', 'alexandra']);
  });
});
