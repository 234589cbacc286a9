import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/index.ts';
import { drawBinomial, expectedMinimum, logBinomialProbability } from './binomial-distribution.ts';
import { gammaLower, gammaQuantile, gammaUpper, logGamma } from './gamma-distribution.ts';
import { normalDensity, normalProbability, normalQuantile } from './normal-distribution.ts';

const near = (value: number, expected: number, relative = 1e-12) => expect(Math.abs(value / expected - 1)).toBeLessThan(relative);

// Expected values: scipy 1.17.1 (special.gammainc, gammaincc, stats.gamma.ppf, stats.norm.ppf and cdf).
describe('the gamma distribution', () => {
  it.each([
    [0.5, 0.2, 0.47291074313446196, 0.5270892568655381],
    [1, 1, 0.6321205588285577, 0.36787944117144245],
    [5, 3, 0.18473675547622787, 0.8152632445237722],
    [5, 12, 0.992399609318933, 0.007600390681066992],
    [100, 90, 0.15822098918643007, 0.84177901081357],
    [100, 130, 0.9972495916326934, 0.002750408367306518],
    [1e4, 1.01e4, 0.8413487504471796, 0.15865124955282037],
    [1e6, 1e6, 0.5001329807608725, 0.4998670192391274],
  ])('with shape %f at %f has the lower and upper probability of scipy', (a, x, lower, upper) => {
    near(gammaLower(a, x), lower, 1e-11);
    near(gammaUpper(a, x), upper, 1e-11);
  });

  it.each([
    [0.025, 1, 0.025317807984289876],
    [0.025, 5, 1.6234863901184207],
    [0.975, 6, 11.66833207932267],
    [0.975, 1, 3.6888794541139354],
    [0.001, 0.5, 7.853985746312461e-7],
    [0.025, 100, 81.36399125092314],
    [0.975, 101, 121.62679379242638],
    [0.975, 1e5, 100620.74164077373],
  ])('has the quantile of scipy at %f with shape %f', (p, a, x) => near(gammaQuantile(p, a), x, 1e-9));

  it('has a quantile that its probability gives back', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), fc.double({ min: 0.05, max: 5000, noNaN: true }), (p, a) => {
        expect(Math.abs(gammaLower(a, gammaQuantile(p, a)) - p)).toBeLessThan(1e-9);
      }),
    );
  });

  it('ends at 0 and infinity, and refuses what is not a probability', () => {
    expect(gammaQuantile(0, 3)).toBe(0);
    expect(gammaQuantile(1, 3)).toBe(Infinity);
    expect(gammaLower(3, Infinity)).toBe(1);
    expect(gammaUpper(3, 0)).toBe(1);
    expect(() => gammaQuantile(1.1, 3)).toThrow('probability');
    expect(() => gammaLower(0, 3)).toThrow('shape above 0');
  });

  it('has the logarithm of factorials', () => {
    near(Math.exp(logGamma(6)), 120, 1e-13);
    near(logGamma(0.5), Math.log(Math.sqrt(Math.PI)), 1e-13);
    // log(170!) by summation
    near(logGamma(171), Array.from({ length: 170 }, (_, i) => Math.log(i + 1)).reduce((a, b) => a + b), 1e-13);
    expect(() => logGamma(0)).toThrow('above 0');
  });
});

describe('the normal distribution', () => {
  it.each([
    [-10, 7.61985302416047e-24],
    [-5, 2.866515718791933e-7],
    [-1.96, 0.024997895148220435],
    [-0.5, 0.3085375387259869],
    [0, 0.5],
    [0.3, 0.6179114221889526],
    [1.5, 0.9331927987311419],
    [4, 0.9999683287581669],
  ])('has the probability of scipy at %f', (x, p) => near(normalProbability(x), p));

  it.each([
    [1e-10, -6.361340902404056],
    [0.001, -3.090232306167813],
    [0.025, -1.9599639845400545],
    [0.3, -0.5244005127080409],
    [0.975, 1.959963984540054],
    [0.9999, 3.719016485455709],
  ])('has the quantile of scipy at %f', (p, x) => near(normalQuantile(p), x));

  it('ends at minus and plus infinity', () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
    expect(() => normalQuantile(-0.1)).toThrow('probability');
    near(normalDensity(0), 0.3989422804014327);
  });
});

describe('the binomial distribution', () => {
  it('has probabilities that sum to 1', () => {
    const sum = Array.from({ length: 41 }, (_, m) => Math.exp(logBinomialProbability(m, 40, 0.3))).reduce((a, b) => a + b);
    expect(sum).toBeCloseTo(1, 12);
  });

  it('has the expectation of the smaller of a count and a limit, by direct summation', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), fc.double({ min: 0.001, max: 0.999, noNaN: true }), fc.double({ min: 0.1, max: 300, noNaN: true }), (n, q, limit) => {
        let direct = 0;
        for (let m = 0; m <= n; m += 1) direct += Math.min(m, limit) * Math.exp(logBinomialProbability(m, n, q));
        expect(Math.abs(expectedMinimum(limit, n, q) - direct)).toBeLessThan(1e-8);
      }),
    );
  });

  it.each([[50, 0.1], [1000, 0.4], [40, 0.95]])('draws %i trials of %f with their mean and variance', (n, q) => {
    const random = createRandom(5, `${n}`);
    const draws = Array.from({ length: 4000 }, () => drawBinomial(random, n, q));
    const mean = draws.reduce((a, b) => a + b) / draws.length;
    const variance = draws.reduce((a, b) => a + (b - mean) ** 2, 0) / draws.length;
    expect(Math.abs(mean - n * q)).toBeLessThan(5 * Math.sqrt((n * q * (1 - q)) / draws.length));
    expect(variance / (n * q * (1 - q))).toBeGreaterThan(0.9);
    expect(variance / (n * q * (1 - q))).toBeLessThan(1.1);
  });
});
