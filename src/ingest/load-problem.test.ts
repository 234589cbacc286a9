import { describe, expect, it } from 'vitest';
import { Problem } from '../core/index.ts';
import { asLoadProblem } from './load-problem.ts';

describe('what a failed load says', () => {
  it('never quotes a row that the engine quoted', () => {
    const error = asLoadProblem(new Error('Conversion Error: Could not convert string "Ada Byron" to INT\nOriginal Line: Ada,Byron,1815'), 'visits.csv') as Error;
    expect(error.message).toBe('Loading failed (visits.csv): Conversion Error: Could not convert string … to INT');
    expect(error.stack).not.toContain('Ada');
  });

  it('says what to do about memory and disk, and leaves a Problem as it is', () => {
    expect(asLoadProblem(new Error('Out of Memory Error: failed to pin block'), 'a.csv')).toMatchObject({ kind: 'storage', message: expect.stringContaining('Raise memoryLimit') });
    expect(asLoadProblem(Object.assign(new Error('write'), { code: 'ENOSPC' }), 'a.csv')).toMatchObject({ kind: 'storage', message: expect.stringContaining('The disk is full') });
    const problem = new Problem('badInput', { what: 'x' });
    expect(asLoadProblem(problem, 'a.csv')).toBe(problem);
  });
});
