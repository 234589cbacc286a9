// What the audit keeps of what allowed something: each clause once, in order, as many as its row holds, and never without a broken glass.

import { expect, it } from 'vitest';
import { writeBasis, writeClauseRef } from './clause-basis.ts';

it('names each clause once, in order, whatever order they come in', () => {
  const clauses = [{ agreementId: 'b', version: 1, clause: 2 }, { agreementId: 'a', version: 2, clause: 1 }, { agreementId: 'b', version: 1, clause: 2 }].map(writeClauseRef);
  expect(writeBasis(clauses)).toBe('a/2/1 b/1/2');
  expect(writeBasis([])).toBe('');
  expect(writeBasis(['', 'a/1/1'])).toBe('a/1/1');
});

it('holds thirty, and says a broken glass however many there are', () => {
  const many = Array.from({ length: 40 }, (_, n) => `a/1/${100 + n}`);
  expect(writeBasis(many).split(' ')).toEqual(many.slice(0, 30));
  expect(writeBasis(['broken-glass', ...many]).split(' ')).toEqual([...many.slice(0, 30), 'broken-glass']);
});
