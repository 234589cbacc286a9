import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fitTwoClasses, type PatternCounts } from './expectation-maximisation.ts';

const vectors = join(import.meta.dirname, '../../../shared/reference/linkage/known_params_comparison_vectors.csv');

/** Level 0 is agreement, as everywhere in this module; the file has 1 for agreement. */
function readVectors(): PatternCounts {
  const [, ...lines] = readFileSync(vectors, 'utf8').trim().split('\n');
  const found = new Map<string, number>();
  for (const line of lines) {
    const key = line.split(',').slice(0, 3).join(',');
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  const levels = [...found.keys()].flatMap((key) => key.split(',').map((gamma) => 1 - Number(gamma)));
  return { comparisons: 3, levels: Int8Array.from(levels), counts: Float64Array.from(found.values()) };
}

const even = [[0.6, 0.4], [0.6, 0.4], [0.6, 0.4]];
const odd = [[0.4, 0.6], [0.4, 0.6], [0.4, 0.6]];
const options = { used: [true, true, true], share: 0.4, priorPairs: 0, maxIterations: 1000, tolerance: 1e-7 };
const all = [true, true, true];

describe.skipIf(!existsSync(vectors))('fitTwoClasses on vectors of known parameters (needs ../shared/reference)', () => {
  it('recovers m with u fixed: .7, .9 and .95, and half of the pairs', () => {
    const u = [[0.1, 0.9], [0.025, 0.975], [0.2, 0.8]];
    const fit = fitTwoClasses({ ...options, counts: readVectors(), match: { start: even, free: all }, other: { start: u, free: all.map(() => false) } });
    expect(fit.converged).toBe(true);
    expect(fit.share).toBeCloseTo(0.5, 2);
    for (const [c, m] of [0.7, 0.9, 0.95].entries()) expect(Math.abs(fit.match[c]![0]! - m)).toBeLessThan(0.01);
    expect(fit.other).toEqual(u);
  });

  it('recovers m and u together from starts far off', () => {
    const fit = fitTwoClasses({ ...options, counts: readVectors(), match: { start: even, free: all }, other: { start: odd, free: all } });
    for (const [c, m] of [0.7, 0.9, 0.95].entries()) expect(Math.abs(fit.match[c]![0]! - m)).toBeLessThan(0.01);
    for (const [c, u] of [0.1, 0.025, 0.2].entries()) expect(Math.abs(fit.other[c]![0]! - u)).toBeLessThan(0.01);
  });
});

describe('fitTwoClasses', () => {
  const counts: PatternCounts = { comparisons: 2, levels: Int8Array.from([0, 0, 1, 1, 0, -1]), counts: Float64Array.from([90, 900, 10]) };
  const start = [[0.9, 0.1], [0.9, 0.1]];
  const chance = [[0.01, 0.99], [0.01, 0.99]];

  it('leaves missing levels out: a comparison that is missing changes nothing', () => {
    const without: PatternCounts = { comparisons: 2, levels: Int8Array.from([0, -1, 1, -1]), counts: Float64Array.from([100, 900]) };
    const two = fitTwoClasses({ ...options, used: [true, true], counts: without, match: { start, free: [true, true] }, other: { start: chance, free: [false, false] } });
    const one = fitTwoClasses({ ...options, used: [true, false], counts: without, match: { start, free: [true, true] }, other: { start: chance, free: [false, false] } });
    expect(two.share).toBe(one.share);
    expect(two.match[1]).toEqual(start[1]);
  });

  it('keeps rare levels positive through the prior', () => {
    const fit = fitTwoClasses({ ...options, used: [true, true], priorPairs: 20, counts, match: { start, free: [true, true] }, other: { start: chance, free: [false, false] } });
    for (const row of fit.match) for (const value of row) expect(value).toBeGreaterThan(0);
    expect(fit.match[0]![0]! + fit.match[0]![1]!).toBeCloseTo(1, 12);
  });

  it('says that no pairs teach nothing', () => {
    const none: PatternCounts = { comparisons: 2, levels: new Int8Array(0), counts: new Float64Array(0) };
    const fit = fitTwoClasses({ ...options, used: [true, true], counts: none, match: { start, free: [true, true] }, other: { start: chance, free: [false, false] } });
    expect(fit).toMatchObject({ matches: 0, pairs: 0, iterations: 0, converged: true, match: start });
  });
});
