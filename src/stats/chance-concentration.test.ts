import { describe, expect, it } from 'vitest';
import { createRandom } from '../core/index.ts';
import { chanceGini, chanceTopShare, chanceTopShares, expectedTopShares } from './chance-concentration.ts';

/** All ways in which `events` fall on `units`, one by one: the exact expectation of the top `limit` units' share. */
function enumerate(events: number, units: number, limit: number, risk = Array.from({ length: units }, () => 1)): number {
  const all = risk.reduce((sum, value) => sum + value, 0);
  const counts = Array.from({ length: units }, () => 0);
  const fall = (left: number, probability: number): number => {
    if (left === 0) {
      const sorted = counts.toSorted((a, b) => b - a);
      return probability * sorted.reduce((sum, count, i) => sum + count * Math.max(0, Math.min(1, limit - i)), 0);
    }
    let sum = 0;
    for (let unit = 0; unit < units; unit += 1) {
      counts[unit]! += 1;
      sum += fall(left - 1, (probability * risk[unit]!) / all);
      counts[unit]! -= 1;
    }
    return sum;
  };
  return fall(events, 1) / events;
}

describe('expectedTopShares', () => {
  it.each([
    [5, 5, 1.5],
    [6, 4, 1],
    [8, 5, 2],
    [8, 4, 1],
  ])('is within 1 per cent of all ways in which %i events fall on %i units (top %f)', (events, units, limit) => {
    const [share] = expectedTopShares({ events, units, rounding: 'part' }, [limit / units]);
    expect(Math.abs(share! / enumerate(events, units, limit) - 1)).toBeLessThan(0.01);
  });

  it('is within 1 per cent of all ways where units run different risks', () => {
    const risk = [1, 2, 3, 6];
    const [share] = expectedTopShares({ events: 8, units: 4, risk }, [0.25]);
    expect(Math.abs(share! / enumerate(8, 4, 1, risk) - 1)).toBeLessThan(0.01);
  });

  it('agrees with 4,000 simulated repetitions at middling size', () => {
    const random = createRandom(7, 'check');
    let sum = 0;
    for (let run = 0; run < 4000; run += 1) {
      const counts = new Float64Array(200);
      for (let i = 0; i < 300; i += 1) counts[random.below(200)]! += 1;
      counts.sort().reverse();
      for (let i = 0; i < 10; i += 1) sum += counts[i]! / 300;
    }
    expect(expectedTopShares({ events: 300, units: 200 }, [0.05])[0]).toBeCloseTo(sum / 4000, 3);
  });

  it('is the same for equal risks given and left out', () => {
    const tops = [0.01, 0.05, 0.2, 0.9];
    const plain = expectedTopShares({ events: 900, units: 400 }, tops);
    const equal = expectedTopShares({ events: 900, units: 400, risk: new Float64Array(400).fill(3) }, tops);
    for (let i = 0; i < tops.length; i += 1) expect(equal[i]).toBeCloseTo(plain[i]!, 9);
  });

  it('approximates thousands of unequal risks as well as the exact sum does hundreds', () => {
    // The same mixture of risks at two sizes: the share hardly depends on the number of units.
    const small = expectedTopShares({ events: 800, units: 400, risk: Float64Array.from({ length: 400 }, (_, i) => 1 + (i % 8)) }, [0.1]);
    const large = expectedTopShares({ events: 8000, units: 4000, risk: Float64Array.from({ length: 4000 }, (_, i) => 1 + (i % 8)) }, [0.1]);
    expect(large[0]).toBeCloseTo(small[0]!, 2);
  });

  it('comes close to the share of units as events abound, and is all events for all units', () => {
    const [few, all] = expectedTopShares({ events: 50_000_000, units: 400 }, [0.05, 1]);
    expect(few).toBeCloseTo(0.05, 3);
    expect(all).toBeCloseTo(1, 6);
    const [sparse] = expectedTopShares({ events: 50, units: 1_000_000 }, [0.05]);
    expect(sparse).toBeCloseTo(1, 3);
  });

  it('ends where no unit goes, whatever rounding leaves in the tails', () => {
    const [three] = expectedTopShares({ events: 3_000_000, units: 1_000_000 }, [0.05]);
    expect(three).toBeCloseTo(expectedTopShares({ events: 30_000, units: 10_000 }, [0.05])[0]!, 4);
    const [many] = expectedTopShares({ events: 750_000, units: 67 }, [0.05]);
    expect(many).toBeGreaterThan(4 / 67);
    expect(many).toBeLessThan(0.062);
  });

  it('counts only units with some risk', () => {
    const risk = [1, 1, 1, 1, 0, 0, 0, 0];
    const [half] = expectedTopShares({ events: 100, units: 8, risk }, [0.5]);
    expect(half).toBeCloseTo(1, 6);
  });

  it('refuses numbers out of range and answers no events with no number', () => {
    expect(() => expectedTopShares({ events: 1.5, units: 3 }, [0.1])).toThrow('whole number');
    expect(() => expectedTopShares({ events: 1, units: 0 }, [0.1])).toThrow('units');
    expect(() => expectedTopShares({ events: 1, units: 3, risk: [1] }, [0.1])).toThrow('one value for each unit');
    expect(() => expectedTopShares({ events: 1, units: 3 }, [2])).toThrow('share');
    expect(expectedTopShares({ events: 0, units: 3 }, [0.1])[0]).toBeNaN();
  });
});

describe('chanceTopShare', () => {
  it.each([
    { events: 100, units: 100 },
    { events: 4000, units: 60_000 },
    { events: 150_000, units: 417 },
    { events: 30_000, units: 3000, risk: Float64Array.from({ length: 3000 }, (_, i) => 1 + (i % 5)) },
  ])('puts its expectation inside its interval ($events events, $units units)', (chance) => {
    const { expected, low, high } = chanceTopShare(createRandom(1), chance, 0.05);
    expect(low).toBeLessThan(expected);
    expect(high).toBeGreaterThan(expected);
    expect(high - low).toBeLessThan(0.1);
  });

  it('gives each of several shares the interval that it has alone, by other repetitions', () => {
    const chance = { events: 50_000, units: 417 };
    const both = chanceTopShares(createRandom(1), chance, [0.05, 0.2]);
    for (const [i, top] of [0.05, 0.2].entries()) {
      const alone = chanceTopShare(createRandom(2), chance, top);
      expect(both[i]!.expected).toBe(alone.expected);
      expect(both[i]!.low).toBeCloseTo(alone.low, 2);
      expect(both[i]!.high).toBeCloseTo(alone.high, 2);
    }
  });

  it('is the same for the same seed', () => {
    const chance = { events: 500, units: 300 };
    expect(chanceTopShare(createRandom(3), chance, 0.1)).toEqual(chanceTopShare(createRandom(3), chance, 0.1));
  });

  it('holds the share of random events at its level: about 95 in 100', () => {
    const random = createRandom(11, 'cover');
    const { low, high } = chanceTopShare(createRandom(5), { events: 600, units: 400 }, 0.1);
    let inside = 0;
    for (let run = 0; run < 400; run += 1) {
      const counts = new Float64Array(400);
      for (let i = 0; i < 600; i += 1) counts[random.below(400)]! += 1;
      const top = counts.sort().subarray(360).reduce((sum, count) => sum + count, 0) / 600;
      if (top >= low && top <= high) inside += 1;
    }
    expect(inside / 400).toBeGreaterThan(0.92);
  });
});

describe('chanceGini', () => {
  it('gives the mean difference of Poisson counts (Ramasubban 1958: e^(−2λ)·(I₀(2λ) + I₁(2λ)))', () => {
    // scipy 1.17.1: special.ive(0, 2 * m) + special.ive(1, 2 * m) for m = 0.1, 1, 30
    expect(chanceGini(0.1)).toBeCloseTo(0.9092216751631412, 9);
    expect(chanceGini(1)).toBeCloseTo(0.5237776118026086, 9);
    expect(chanceGini(30)).toBeCloseTo(0.1027911793626386, 9);
    expect(chanceGini(0)).toBeNaN();
  });
});
