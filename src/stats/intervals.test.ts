import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/index.ts';
import { bootstrapInterval } from './bootstrap.ts';
import { poissonInterval, poissonRate } from './poisson-interval.ts';
import { wilsonInterval } from './wilson-interval.ts';

describe('wilsonInterval', () => {
  // Newcombe 1998, table I, method 3 (to four places); further places: scipy 1.17.1, binomtest().proportion_ci('wilson').
  it.each([
    [81, 263, 0.2552885198782742, 0.36620957698280004],
    [15, 148, 0.06238639953073629, 0.16048724172330803],
    [0, 20, 0, 0.16112515805281935],
    [1, 29, 0.006113214292762667, 0.17175521879320282],
  ])('of %i in %i is the published one', (count, of, low, high) => {
    expect(wilsonInterval(count, of).low).toBeCloseTo(low, 12);
    expect(wilsonInterval(count, of).high).toBeCloseTo(high, 12);
  });

  it('holds the share itself, and mirrors it for those without the property', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), (count, rest) => {
        const of = count + rest;
        const { low, high } = wilsonInterval(count, of);
        const mirror = wilsonInterval(rest, of);
        if (of > 0) {
          expect(low).toBeLessThanOrEqual(count / of + 1e-12);
          expect(high).toBeGreaterThanOrEqual(count / of - 1e-12);
        }
        expect(mirror.low).toBeCloseTo(1 - high, 10);
      }),
    );
  });

  it('says nothing where there is no one, and refuses more than all', () => {
    expect(wilsonInterval(0, 0)).toEqual({ low: 0, high: 1 });
    expect(() => wilsonInterval(3, 2)).toThrow('between 0 and');
  });
});

describe('poissonInterval', () => {
  // Garwood 1936; places: scipy 1.17.1, chi2.ppf.
  it.each([
    [0, 0, 3.6888794541139354],
    [1, 0.025317807984289897, 5.571643390938898],
    [3, 0.6186721228956015, 8.767273069742323],
    [10, 4.7953886961324335, 18.39035604201778],
    [50, 37.110963737461866, 65.91876666433681],
    [1000, 938.9730184076952, 1063.952136016302],
  ])('of %i is the published one', (count, low, high) => {
    expect(poissonInterval(count).low).toBeCloseTo(low, 8);
    expect(poissonInterval(count).high).toBeCloseTo(high, 8);
  });

  it('takes another level', () => {
    expect(poissonInterval(10, 0.99).low).toBeCloseTo(3.716922131467116, 8);
    expect(poissonInterval(10, 0.99).high).toBeCloseTo(21.397827499654273, 8);
  });

  it('makes a rate in the unit asked for', () => {
    const { rate, low, high } = poissonRate(10, 2000, { per: 1000 });
    expect(rate).toBe(5);
    expect(low).toBeCloseTo(2.3976943, 6);
    expect(high).toBeCloseTo(9.195178, 6);
    expect(() => poissonRate(1, 0)).toThrow('exposure');
    expect(() => poissonInterval(-1)).toThrow('at least 0');
  });
});

describe('bootstrapInterval', () => {
  const mean = (sample: number[]) => sample.reduce((sum, value) => sum + value, 0) / sample.length;
  // The control group's survival times of Efron and Tibshirani 1993, table 2.1.
  const mice = [10, 27, 31, 40, 46, 50, 52, 104, 146];

  it('comes close to scipy for the mice of Efron and Tibshirani', () => {
    // scipy 1.17.1, stats.bootstrap with 9,999 resamples: percentile 33.1 to 84.6, BCa 35.8 to 91.2.
    const percentile = bootstrapInterval(createRandom(1), mice, mean, { runs: 9999, method: 'percentile' });
    expect(percentile.estimate).toBeCloseTo(56.222, 3);
    expect(Math.abs(percentile.low - 33.11)).toBeLessThan(1.5);
    expect(Math.abs(percentile.high - 84.56)).toBeLessThan(2.5);
    const bca = bootstrapInterval(createRandom(1), mice, mean, { runs: 9999 });
    expect(Math.abs(bca.low - 35.78)).toBeLessThan(1.5);
    expect(Math.abs(bca.high - 91.22)).toBeLessThan(3);
  });

  it('is the same for the same seed', () => {
    expect(bootstrapInterval(createRandom(4), mice, mean)).toEqual(bootstrapInterval(createRandom(4), mice, mean));
  });

  it('is a point where all units are alike, and refuses a single unit', () => {
    expect(bootstrapInterval(createRandom(1), [3, 3, 3], mean)).toEqual({ estimate: 3, low: 3, high: 3 });
    expect(() => bootstrapInterval(createRandom(1), [3], mean)).toThrow('two units');
  });
});
