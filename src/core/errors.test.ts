import { describe, expect, it } from 'vitest';
import { asProblem, exitCodes, Problem } from './errors.ts';

describe('problems', () => {
  it('say what, where and what to do in one line', () => {
    const problem = new Problem('badInput', { what: 'The file is empty', where: 'street.csv', todo: 'Ask for it again.' });
    expect(problem.message).toBe('The file is empty (street.csv). Ask for it again.');
    expect(problem.exitCode).toBe(exitCodes.badInput);
  });

  it('are made of a full disk and of missing permission', () => {
    const full = asProblem(Object.assign(new Error('write'), { code: 'ENOSPC' }), '/home') as Problem;
    expect(full.kind).toBe('storage');
    expect(full.message).toContain('disk is full');
    const denied = asProblem(Object.assign(new Error('open'), { code: 'EACCES' }), '/home') as Problem;
    expect(denied.message).toContain('may not write');
  });

  it('are not made of a programmer’s mistake', () => {
    const mistake = new TypeError('x is not a function');
    expect(asProblem(mistake, '/home')).toBe(mistake);
  });
});
