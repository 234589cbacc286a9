import { describe, expect, it } from 'vitest';
import type { PatternCounts } from './expectation-maximisation.ts';
import type { Comparison } from './linkage-settings.ts';
import { estimatePrior, findConflicts, weighPatterns, type MatchModel } from './match-model.ts';

const comparison = (name: string): Comparison => ({
  name, label: name, columns: [name], missing: 'FALSE',
  levels: [{ name: 'exact', label: 'Same', sql: 'TRUE', m: 0.9, u: 0.1 }, { name: 'different', label: 'Different', m: 0.1, u: 0.9 }],
});
const comparisons = [comparison('forename'), comparison('home')];
const model: MatchModel = { comparisons, m: [[0.9, 0.1], [0.8, 0.2]], u: [[0.01, 0.99], [0.001, 0.999]], prior: 0.0001, kin: 0 };
const patterns = (rows: number[][], counts: number[]): PatternCounts => ({ comparisons: 2, levels: Int8Array.from(rows.flat()), counts: Float64Array.from(counts) });

describe('weighPatterns', () => {
  it('adds the logarithms of the prior and of m, and apart those of u, missing levels left out', () => {
    const weights = weighPatterns(model, patterns([[0, 0], [0, -1]], [1, 1]), []);
    expect(weights.match[0]).toBeCloseTo(Math.log2(0.0001 * 0.9 * 0.8), 12);
    expect(weights.chance[0]).toBeCloseTo(Math.log2(0.9999 * 0.01 * 0.001), 12);
    expect(weights.match[1]).toBeCloseTo(Math.log2(0.0001 * 0.9), 12);
  });

  it('leaves u of a level out where the frequency of the value is added per pair', () => {
    const exact = { ...comparisons[0]!.levels[0]!, exactOn: 'forename', frequencyPower: 1 };
    const byValue = { ...model, comparisons: [{ ...comparisons[0]!, levels: [exact, comparisons[0]!.levels[1]!] }, comparisons[1]!] };
    expect(weighPatterns(byValue, patterns([[0, 1]], [1]), []).chance[0]).toBeCloseTo(Math.log2(0.9999 * 0.999), 12);
  });

  it('knows relatives: one home and another forename speak for them, not for one person', () => {
    const family: MatchModel = { ...model, kin: 0.0002, relatives: [[0.02, 0.98], [0.8, 0.2]] };
    const { match, chance, kin } = weighPatterns(family, patterns([[1, 0]], [1]), []);
    expect(kin[0]).toBeCloseTo(Math.log2(0.0002 * 0.98 * 0.8), 12);
    const probability = 2 ** match[0]! / (2 ** match[0]! + 2 ** chance[0]! + 2 ** kin[0]!);
    expect(probability).toBeLessThan(0.05);
  });
});

describe('findConflicts', () => {
  const rule = { name: 'Twins', when: { forename: ['different'], home: ['exact'] } };
  it('finds a rule whose levels all hold, unless one of the exceptions does', () => {
    expect(findConflicts(comparisons, [1, 0], [rule])).toEqual([rule]);
    expect(findConflicts(comparisons, [0, 0], [rule])).toEqual([]);
    expect(findConflicts(comparisons, [1, -1], [rule])).toEqual([]);
    expect(findConflicts(comparisons, [1, 0], [{ ...rule, unless: { home: ['exact'] } }])).toEqual([]);
  });
});

describe('estimatePrior', () => {
  it('finds the share of matches that the candidates were drawn from', () => {
    const all = 1e7;
    const matches = 1000;
    const rows = [[0, 0], [0, 1], [1, 0], [1, 1]];
    const counts = rows.map(([f, h]) => matches * model.m[0]![f!]! * model.m[1]![h!]! + (all - matches) * model.u[0]![f!]! * model.u[1]![h!]!);
    const { prior } = estimatePrior({ ...model, prior: 1e-6 }, patterns(rows, counts), all);
    expect(prior * all).toBeGreaterThan(990);
    expect(prior * all).toBeLessThan(1010);
  });
});
