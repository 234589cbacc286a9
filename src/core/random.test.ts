import { describe, expect, it } from 'vitest';
import { createRandom } from './random.ts';

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const draws = (n: number, draw: () => number) => Array.from({ length: n }, draw);

describe('seeded random numbers', () => {
  it('are the same for the same seed and stream, on every machine', () => {
    const random = createRandom(1, 'people');
    const again = createRandom(1, 'people');
    expect(draws(5, random.next)).toEqual(draws(5, again.next));
    expect(draws(5, createRandom(1, 'events').next)).not.toEqual(draws(5, createRandom(1, 'people').next));
    expect(createRandom(7).next()).toBe(createRandom(7, 'main').next());
  });

  it('have the mean and variance of their distributions', () => {
    const random = createRandom(42);
    const n = 40_000;
    expect(mean(draws(n, random.next))).toBeCloseTo(0.5, 1);
    const normals = draws(n, random.normal);
    expect(mean(normals)).toBeCloseTo(0, 1);
    expect(mean(normals.map((x) => x * x))).toBeCloseTo(1, 1);
    expect(mean(draws(n, () => random.gamma(0.5, 2)))).toBeCloseTo(1, 1);
    expect(mean(draws(n, () => random.gamma(4, 0.5)))).toBeCloseTo(2, 1);
    expect(mean(draws(n, () => random.poisson(3)))).toBeCloseTo(3, 1);
    expect(Math.abs(mean(draws(n, () => random.poisson(100))) - 100)).toBeLessThan(0.5);
    expect(mean(draws(n, () => random.exponential(2)))).toBeCloseTo(2, 1);
  });

  it('pick by weight', () => {
    const random = createRandom(3);
    const counts = [0, 0, 0];
    for (let i = 0; i < 30_000; i += 1) counts[random.pickIndex([1, 1, 4])]! += 1;
    expect(counts[1]).toBe(0);
    expect(counts[0]! / 30_000).toBeCloseTo(0.25, 1);
    expect(() => random.pick([])).toThrow();
  });
});
