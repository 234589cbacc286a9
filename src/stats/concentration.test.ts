import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concentrationCurve, generalisedGini, gini, topShare, topUnits } from './concentration.ts';

describe('gini and generalisedGini', () => {
  // Examples printed in the R package lorenzgini 0.1.2 (Bernasco and Steenbeek), man page of gini() and vignette.
  it('give the published values of Bernasco and Steenbeek', () => {
    expect(gini([3, 1, 1, 0, 0, 0, 0, 0, 0, 0])).toBeCloseTo(0.78, 10);
    expect(gini([10, 8, 2, 0, 0, 0, 0, 0, 0, 0])).toBeCloseTo(0.78, 10);
    expect(generalisedGini([10, 8, 2, 0, 0, 0, 0, 0, 0, 0])).toBeCloseTo(0.78, 10);
    expect(gini([5, 2, 1], { units: 10 })).toBeCloseTo(0.8, 10);
    expect(generalisedGini([5, 2, 1], { units: 10 })).toBeCloseTo(0.75, 10);
    expect(gini([10], { units: 100 })).toBeCloseTo(0.99, 10);
  });

  it('are 0 where events are spread as evenly as whole events allow', () => {
    expect(gini([4, 4, 4])).toBeCloseTo(0, 10);
    expect(generalisedGini([1, 1, 1], { units: 50 })).toBeCloseTo(0, 10);
  });

  it('are not a number where there are no events', () => {
    expect(gini([0, 0])).toBeNaN();
    expect(generalisedGini([0, 0])).toBeNaN();
  });
});

describe('topShare', () => {
  it('takes whole units unless asked to count a part of one in part', () => {
    expect(topShare([6, 2, 1, 1], 0.25)).toBe(0.6);
    expect(topShare([6, 2, 1, 1], 0.375)).toBeCloseTo(0.8, 12);
    expect(topShare([6, 2, 1, 1], 0.375, { rounding: 'part' })).toBeCloseTo(0.7, 12);
    expect(topUnits(0.05, 417)).toBe(21);
    expect(topUnits(0.05, 420)).toBe(21);
    expect(topUnits(0.05, 417, 'part')).toBeCloseTo(20.85, 12);
    expect(topShare([6, 2, 1, 1], 1)).toBe(1);
    expect(topShare([6, 2, 1, 1], 0)).toBe(0);
  });

  it('counts units without events that are not listed', () => {
    expect(topShare([6, 2, 1, 1], 0.05, { units: 20 })).toBe(0.6);
    expect(topShare([6, 2, 1, 1], 0.5, { units: 20 })).toBe(1);
  });

  it('refuses what is not a count or a share', () => {
    expect(() => topShare([1, -1], 0.5)).toThrow('not negative');
    expect(() => topShare([1, Number.NaN], 0.5)).toThrow('finite');
    expect(() => topShare([1], 5)).toThrow('share between 0 and 1');
    expect(() => topShare([1, 2, 3], 0.5, { units: 2 })).toThrow('units');
    expect(topShare([0, 0], 0.5)).toBeNaN();
  });

  it('rises with the share, never below it, and agrees with the curve at whole units', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 60 }), (counts) => {
        fc.pre(counts.some((count) => count > 0));
        let before = 0;
        for (const point of concentrationCurve(counts)) {
          const share = topShare(counts, point.units, { rounding: 'part' });
          expect(share).toBeCloseTo(point.events, 9);
          expect(share).toBeGreaterThanOrEqual(Math.max(before, point.units) - 1e-9);
          before = share;
        }
        expect(before).toBeCloseTo(1, 9);
      }),
    );
  });
});

describe('concentrationCurve', () => {
  it('starts at nothing, ends at everything, and has a point for each of few units', () => {
    expect(concentrationCurve([3, 1, 0, 0])).toEqual([
      { units: 0, events: 0 },
      { units: 0.25, events: 0.75 },
      { units: 0.5, events: 1 },
      { units: 0.75, events: 1 },
      { units: 1, events: 1 },
    ]);
    expect(concentrationCurve([0, 0])).toEqual([]);
  });

  it('keeps to about the number of points asked for, densest at the top', () => {
    const curve = concentrationCurve(Float64Array.from({ length: 60_000 }, (_, i) => (i % 97 === 0 ? 5 : 1)), { points: 200 });
    expect(curve.length).toBeGreaterThan(120);
    expect(curve.length).toBeLessThan(260);
    expect(curve[1]!.units).toBeCloseTo(1 / 60_000, 10);
    expect(curve.at(-1)).toEqual({ units: 1, events: 1 });
  });
});

const profile = '../shared/data/area/bedfordshire_lsoa21_profile.csv';
const street = '../shared/data/police_bedfordshire/bedfordshire-street-2021-05_2024-04.csv.gz';

describe.skipIf(!existsSync(profile) || !existsSync(street))('topShare on Bedfordshire (skipped where ../shared is missing)', () => {
  it('finds that the top 5 per cent of areas (21 of 417) hold 23.3 per cent of in-force records', () => {
    const counts = new Map<string, number>();
    for (const line of readFileSync(profile, 'utf8').trim().split('\n').slice(1)) counts.set(line.slice(1, 10), 0);
    for (const line of gunzipSync(readFileSync(street)).toString('utf8').split('\n').slice(1)) {
      const code = line.split(',')[7] ?? '';
      if (counts.has(code)) counts.set(code, counts.get(code)! + 1);
    }
    expect(counts.size).toBe(417);
    expect(topShare([...counts.values()], 0.05)).toBeCloseTo(0.233, 3);
  });
});
