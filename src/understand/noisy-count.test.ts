import { describe, expect, it } from 'vitest';
import { noiseOf, readDisclosureRule } from '../govern/index.ts';
import { countMonths, countOf, releaseCounted, type Keyed } from './noisy-count.ts';

const rule = readDisclosureRule(undefined, 'cell-keys').value;
const most = rule.perturbation!.most;
const keyed = (row: Partial<Keyed>): Keyed => ({ feed_id: 1, block: 0, category: null, events: 0, key: 0, before: 0, before_key: 0, ...row });

describe('countOf', () => {
  it('gives what is put together in one set the noise of that set, however its rows are cut', () => {
    const whole = countOf({ rule, byCategory: false }, [keyed({ events: 60, key: 5000 })]);
    const cut = countOf({ rule, byCategory: false }, [keyed({ category: 'a', events: 50, key: 60_000 }), keyed({ category: 'b', events: 10, key: 5000 - 60_000 + 65_536 })]);
    expect(whole).toEqual({ count: 60, noise: { value: noiseOf(rule, 60, 5000), most } });
    expect(cut).toEqual(whole);
  });

  it('gives two areas, feeds or chosen categories the noise of each, so that leaving one out always shows the same difference', () => {
    const target = keyed({ block: 3, events: 4, key: 777 });
    const differences = [11, 222, 3333, 44_444].map((key) => {
      const others = [keyed({ block: 1, events: 40, key }), keyed({ block: 2, events: 90, key: key * 2 })];
      const [more, less] = [countOf({ rule, byCategory: false }, [...others, target]), countOf({ rule, byCategory: false }, others)];
      return more.count + more.noise.value - less.count - less.noise.value;
    });
    expect(new Set(differences)).toEqual(new Set([4 + noiseOf(rule, 4, 777)]));
  });

  it('gives a period the noise until its end less that before it, and none where nothing happened in it', () => {
    const row = keyed({ events: 30, before: 100, key: 9000, before_key: 8000 });
    expect(countOf({ rule, byCategory: false }, [row]).noise).toEqual({ value: noiseOf(rule, 130, 9000) - noiseOf(rule, 100, 8000), most: 2 * most });
    expect(countOf({ rule, byCategory: false }, [keyed({ before: 100, key: 8000, before_key: 8000 })])).toEqual({ count: 0, noise: { value: 0, most: 0 } });
  });
});

it('countMonths gives months whose noise adds up to that of the period', () => {
  const rows = [3, 1, 2].map((month_id) => ({ ...keyed({ events: 20 + month_id, key: month_id * 20_001 }), month_id }));
  const months = countMonths({ rule, byCategory: false }, rows, () => 'all').get('all')!;
  const whole = countOf({ rule, byCategory: false }, [keyed({ events: 66, key: 6 * 20_001 })]);
  expect([...months.values()].reduce((sum, { noise }) => sum + noise.value, 0)).toBe(whole.noise.value);
  expect([1, 2, 3].map((month) => months.get(month)!.count)).toEqual([21, 22, 23]);
});

it('releaseCounted hides what is small and what its noise makes look small, rounds the rest, and shows nought', () => {
  const counted = (count: number, value: number) => releaseCounted(rule, { count, noise: { value, most } });
  expect([counted(0, 0), counted(5, 9), counted(12, -5), counted(12, 3), counted(12, 1)]).toEqual([0, null, null, 15, 15]);
});
