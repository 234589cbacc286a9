import { describe, expect, it } from 'vitest';
import { usualLimit } from './usual-limit.ts';

/** Mulberry32: the same numbers in every run. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const next = chance(20_261_128);
function poisson(mean: number): number {
  let [count, product] = [0, next()];
  while (product > Math.exp(-mean)) [count, product] = [count + 1, product * next()];
  return count;
}
/** Counts whose variance is mean + mean²/4. */
const wild = (mean: number) => poisson((-mean / 4) * Math.log(next() * next() * next() * next()));

function falseAlarmsInThousand(count: () => number, days: number): number {
  const times = 4000;
  let above = 0;
  for (let n = 0; n < times; n += 1) if (count() > usualLimit(Array.from({ length: days }, count), 0.001).limit) above += 1;
  return (above / times) * 1000;
}

describe('The limit of what is usual', () => {
  it('is the quantile of the Poisson distribution where counts vary as chance has it', () => {
    // P(X ≤ 13) = .99930, P(X ≤ 12) = .99798 for a mean of 5 (standard tables); one more since the mean itself is estimated from ten days.
    const { mean, dispersion, limit } = usualLimit([4, 6, 5, 5, 4, 6, 5, 5, 4, 6], 0.001);
    expect({ mean, dispersion }).toEqual({ mean: 5, dispersion: 1 });
    expect(limit).toBe(14);
    expect(usualLimit(Array.from({ length: 100_000 }, () => 5), 0.001).limit).toBe(13);
  });

  it('is hardly moved by one wild day before', () => {
    expect(usualLimit([4, 6, 5, 5, 4, 6, 5, 5, 4, 60], 0.001).limit).toBeLessThanOrEqual(15);
  });

  it('is higher for somebody whose days differ much, and for few days', () => {
    const steady = usualLimit([9, 10, 11, 10, 9, 11, 10, 10], 0.001);
    const uneven = usualLimit([2, 18, 5, 15, 3, 17, 8, 12], 0.001);
    expect(uneven.limit).toBeGreaterThan(steady.limit + 10);
    expect(uneven.dispersion).toBeGreaterThan(2);
    expect(usualLimit([5, 5], 0.001).limit).toBeGreaterThan(usualLimit(Array.from({ length: 28 }, () => 5), 0.001).limit);
  });

  it('is zero where there never was anything, and holds for large counts', () => {
    expect(usualLimit([0, 0, 0], 0.001).limit).toBe(0);
    const { limit } = usualLimit(Array.from({ length: 20 }, (_, n) => 100_000 + n), 0.001);
    expect(limit).toBeGreaterThan(100_900);
    expect(limit).toBeLessThan(101_200);
  });

  it('is passed on about one ordinary day in a thousand, and on at most ten where days vary greatly', () => {
    expect(falseAlarmsInThousand(() => poisson(5), 28)).toBeLessThanOrEqual(2);
    expect(falseAlarmsInThousand(() => wild(5), 28)).toBeLessThanOrEqual(10);
    expect(falseAlarmsInThousand(() => wild(5), 28)).toBeGreaterThan(0);
  });

  it('refuses what has no meaning', () => {
    expect(() => usualLimit([1], 0.001)).toThrow('two counts');
    expect(() => usualLimit([1, 2], 0.6)).toThrow('false alarms');
  });
});
