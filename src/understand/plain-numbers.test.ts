import { describe, expect, it } from 'vitest';
import { capital, perCent, round, smallNumber, writeMonth, writeNumber } from './plain-numbers.ts';

describe('numbers in sentences', () => {
  it('write shares as whole per cents, and never as all or nothing where they are not', () => {
    expect([0.724, 0.004, 0.998, 0, 1].map(perCent)).toEqual(['72 per cent', 'less than 1 per cent', 'more than 99 per cent', '0 per cent', '100 per cent']);
  });

  it('write small numbers in words, large ones with commas, and months by name', () => {
    expect([smallNumber(3), smallNumber(11), writeNumber(45_230), capital('three'), writeMonth('2025-03-01'), round(0.126, 2)]).toEqual(['three', '11', '45,230', 'Three', 'March 2025', 0.13]);
  });
});
