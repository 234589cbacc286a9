import { describe, expect, it } from 'vitest';
import { chooseThreshold, suggestThreshold, thresholdWords, wrongAt, type SettledCount } from './reviewed-threshold.ts';

const row = (step: number, same: number, different: number): SettledCount => ({ step, reviewed_same: same, reviewed_different: different });

/** People say that what the model finds a little more likely than not is mostly two people. */
const stricter = [row(-2, 0, 15), row(0, 2, 20), row(1, 3, 12), row(2, 20, 2), row(3, 30, 1)];

describe('the threshold that settled pairs name', () => {
  it('is the nearest good one to the usual, and says how many lie on the wrong side of either', () => {
    expect(wrongAt(stricter, 0)).toBe(35);
    expect(wrongAt(stricter, 2)).toBe(8);
    expect(chooseThreshold(stricter, 0.5)).toEqual({ threshold: 0.8, usual: 0.5, enough: true, same: 55, different: 50, wrong: 8, wrongUsual: 35 });
  });

  it('stays where it is while the usual one is as good, within one standard error', () => {
    const balanced = [row(-3, 2, 40), row(-1, 8, 7), row(0, 9, 6), row(2, 40, 2)];
    expect(chooseThreshold(balanced, 0.5)).toMatchObject({ threshold: 0.5, enough: true, wrong: 18, wrongUsual: 18 });
  });

  it('takes the higher of two that are as near', () => {
    const hole = [row(-2, 30, 0), row(-1, 0, 30), row(0, 30, 0), row(1, 0, 30)];
    expect(chooseThreshold([row(-1, 40, 0), row(0, 0, 40), row(-3, 0, 200), row(3, 200, 0)], 0.5).threshold).toBe(2 / 3);
    expect(chooseThreshold(hole, 0.5).enough).toBe(true);
  });

  it('never leaves the range from which pairs are asked about, whatever pairs of clusters say', () => {
    expect(chooseThreshold([row(3, 0, 60), row(9, 0, 30), row(12, 40, 0)], 0.5).threshold).toBeCloseTo(16 / 17, 12);
  });

  it('stays where too few are settled, or too few of one answer', () => {
    expect(chooseThreshold([row(1, 0, 30), row(2, 19, 0)], 0.5)).toMatchObject({ threshold: 0.5, enough: false });
    expect(chooseThreshold([row(1, 0, 90), row(2, 9, 0)], 0.5)).toMatchObject({ threshold: 0.5, enough: false, same: 9, different: 90 });
    expect(chooseThreshold([], 0.5)).toEqual({ threshold: 0.5, usual: 0.5, enough: false, same: 0, different: 0, wrong: 0, wrongUsual: 0 });
  });

  it('is suggested as a range from twenty pairs on', () => {
    expect(suggestThreshold(stricter)).toEqual({ low: 2, high: 2, wrong: 8, reviewed: 105 });
    expect(suggestThreshold([row(0, 10, 9)])).toBeUndefined();
  });
});

describe('the words for it', () => {
  it('say which threshold was used and why', () => {
    expect(thresholdWords(0.8, chooseThreshold(stricter, 0.5))).toBe("Records are linked from a probability of 0.8, which people's decisions name: of the 105 settled pairs that have a weight, 8 lie on its wrong side and 35 on that of 0.5.");
    expect(thresholdWords(0.5, chooseThreshold([row(-3, 0, 40), row(2, 40, 0)], 0.5))).toBe('Records are linked from a probability of 0.5: by the 80 settled pairs that have a weight, no other threshold is clearly better (0 lie on its wrong side).');
    expect(thresholdWords(0.5, chooseThreshold([row(2, 9, 1)], 0.5))).toMatch(/of 0\.5: headwater\.yaml asks .* takes 50 settled pairs, 10 of them as one person and 10 as two people, and there are 9 as one person and 1 as two\.$/);
    expect(thresholdWords(0.9, undefined)).toBe('Records are linked from a probability of 0.9, as headwater.yaml says.');
    expect(thresholdWords(0.5, undefined)).toBeUndefined();
  });
});
