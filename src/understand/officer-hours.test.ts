import { describe, expect, it } from 'vitest';
import { readDisclosureRule } from '../govern/index.ts';
import { hoursOf, stepOf } from './officer-hours.ts';

const rule = readDisclosureRule(undefined, 'cell-keys').value;
const { perturbation: _, ...plain } = rule;
const row = (key: number, minutes: number, longest: number, timed = 40) => ({ feed_id: 1, block: 0, category: null, events: timed, key, before: 0, before_key: 0, timed, minutes, longest });
const plainly = { rule: plain, byCategory: false };
const noisily = { rule, byCategory: false };

describe('hoursOf', () => {
  it('is the mean of the group times its count as shown', () => {
    expect(hoursOf(plainly, [row(1, 40 * 90, 100)], 50)).toEqual({ value: 76, hidden: false });
  });

  it('has no figure where the count has none, where few have minutes, and where one event is more than half', () => {
    expect(hoursOf(plainly, [row(1, 3600, 100)], null)).toEqual({ value: null, hidden: true });
    expect(hoursOf(plainly, [row(1, 300, 100, 5)], 40)).toEqual({ value: null, hidden: true });
    expect(hoursOf(plainly, [row(1, 3600, 1900)], 40)).toEqual({ value: null, hidden: true });
    expect(hoursOf(plainly, [row(1, 0, 0, 0)], 40)).toEqual({ value: null, hidden: false });
    expect(hoursOf(plainly, [], 0)).toEqual({ value: 0, hidden: false });
  });

  it('moves by at least half of the longest event and at most all of it, before rounding, and always alike', () => {
    const [sum, longest] = [40 * 600, 1200];
    const moved = Array.from({ length: 300 }, (_, key) => Number(hoursOf(noisily, [row(key * 211, sum, longest)], 40).value) - sum / 60);
    for (const each of moved) {
      expect(Math.abs(each)).toBeGreaterThanOrEqual(longest / 60 / 2 - 10);
      expect(Math.abs(each)).toBeLessThanOrEqual(longest / 60 + 10);
    }
    expect(moved.some((each) => each < 0) && moved.some((each) => each > 0)).toBe(true);
    expect(hoursOf(noisily, [row(7, sum, longest)], 40)).toEqual(hoursOf(noisily, [row(7, sum, longest)], 40));
  });
});

it('stepOf is the least of 1, 2, 5, 10 … that is as much as the longest event', () => {
  expect([0.2, 1, 1.5, 2, 3, 5, 7, 12, 40, 130].map(stepOf)).toEqual([1, 1, 2, 2, 5, 5, 10, 20, 50, 200]);
});
