// The attacker asks the real questions, as often as a page lets anyone, and works on hidden counts by subtraction and by means of many
// subtractions, with the truth at hand to score it. Criterion: named to the nearest whole from 1 to 7, the attacker's estimates are no nearer
// to the truth (mean absolute error) and no more often exact than the best single number that a guesser could have named for all of them,
// by more than a tenth. Without the remedies the same attack must succeed, so that this test can fail.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestLake, type TestLake } from '../../test/support/lake-builder.ts';
import { sampleCounty } from '../../test/support/sample-county.ts';
import { createRandom, fixedClock, noFilters, type Filters, type LakeReader } from '../core/index.ts';
import { readDisclosureRule, type DisclosureRule } from '../govern/index.ts';
import { createQuestions, findQuestion } from './questions.ts';

interface Target {
  area: string;
  category: string;
  n: number;
}

const { perturbation, ...withoutNoise } = readDisclosureRule(undefined, 'cell-keys').value;
const withNoise: DisclosureRule = { ...withoutNoise, perturbation };
const clock = fixedClock('2025-01-10T00:00:00Z');

/** The same lake, which keeps what it has read: the attack asks the same of it under each rule, and only what is done to the rows differs. */
function remembering(lake: LakeReader): LakeReader {
  const read = new Map<string, Promise<Record<string, unknown>[]>>();
  return {
    ...lake,
    rows: async <T>(sql: string, params?: Parameters<LakeReader['rows']>[1]) => {
      const asked = JSON.stringify([sql, params]);
      if (!read.has(asked)) read.set(asked, lake.rows(sql, params));
      return structuredClone(await read.get(asked)!) as T[];
    },
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the attacker on the sample county', () => {
  let lake: TestLake;
  let attacked: LakeReader;
  let areas: { area: string; ward: string }[];
  let categories: string[];
  beforeAll(async () => {
    lake = await openTestLake(sampleCounty());
    attacked = remembering(lake);
    areas = await lake.rows("SELECT area_code AS area, ward_code AS ward FROM area ORDER BY area");
    categories = (await lake.rows<{ category: string }>("SELECT DISTINCT category FROM event WHERE feed = 'police-incident' ORDER BY 1")).map(({ category }) => category);
  });
  afterAll(() => lake.close());

  const smallCounts = (from: string, to: string, every: number) =>
    lake.rows<Target>(`SELECT area_code AS area, category, count(*)::INTEGER AS n FROM event WHERE feed = 'police-incident' AND month BETWEEN '${from}-01' AND '${to}-01'
      GROUP BY ALL HAVING count(*) BETWEEN 1 AND 7 ORDER BY area, category`).then((rows) => rows.filter((_, i) => i % every === 0));

  /** Figures as the page of places gives them, each asked for once. */
  function oracle(rule: DisclosureRule) {
    const question = findQuestion(createQuestions({ clock, disclosure: rule }), 'places')!;
    const known = new Map<string, Promise<number | null>>();
    return (filters: Partial<Filters>) => {
      const key = JSON.stringify(filters);
      const asked = known.get(key) ?? question.answer(attacked, { ...noFilters, ...filters }, {}).then(({ figures }) => figures.layer1_events as number | null);
      known.set(key, asked);
      return asked;
    };
  }

  /** Pairs of choices that differ by the target alone: more areas with and without its own, more categories, longer periods on both sides, its ward. */
  function* pairsOf({ area, category }: Target, period: { from?: string; to: string }): Generator<[Partial<Filters>, Partial<Filters>]> {
    const random = createRandom(3, `${area} ${category}`);
    const some = <T>(list: readonly T[], share: number) => list.filter(() => random.chance(share));
    const ward = areas.find((each) => each.area === area)!.ward;
    const sisters = areas.filter((each) => each.ward === ward && each.area !== area).map((each) => each.area);
    const others = areas.filter((each) => each.area !== area).map((each) => each.area);
    for (let i = 0; i < 6; i += 1) {
      const chosen = some(others, 0.6);
      yield [{ ...period, category: [category], area: [...chosen, area] }, { ...period, category: [category], area: chosen }];
      const kinds = some(categories.filter((each) => each !== category), 0.5);
      yield [{ ...period, area: [area], category: [...kinds, category] }, { ...period, area: [area], category: kinds }];
    }
    for (let i = 0; i < 1; i += 1) {
      const far = some(areas.filter((each) => each.ward !== ward), 0.5).map((each) => each.area);
      yield [{ ...period, category: [category], area: [ward, ...far] }, { ...period, category: [category], area: [...sisters, ...far] }];
    }
    const one = { area: [area], category: [category] };
    if (period.from !== undefined) for (const from of ['2023-01', '2023-04']) yield [{ ...one, from, to: period.to }, { ...one, from, to: '2023-06' }];
    for (const to of ['2024-06', '2024-12']) yield [{ ...one, ...period, to }, { ...one, from: '2024-01', to }];
  }

  async function attack(rule: DisclosureRule, targets: readonly Target[], period: { from?: string; to: string }): Promise<number[]> {
    const ask = oracle(rule);
    const estimates: number[] = [];
    for (const target of targets) {
      const differences: number[] = [];
      for (const [more, less] of pairsOf(target, period)) {
        const [a, b] = [await ask(more), await ask(less)];
        if (a !== null && b !== null) differences.push(a - b);
      }
      estimates.push(differences.length > 0 ? mean(differences) : 4);
    }
    return estimates;
  }

  const nearest = (estimate: number) => Math.min(7, Math.max(1, Math.round(estimate)));
  const scoreOf = (named: readonly number[], targets: readonly Target[]) => ({
    error: mean(named.map((each, i) => Math.abs(each - targets[i]!.n))),
    exact: mean(named.map((each, i) => (each === targets[i]!.n ? 1 : 0))),
  });
  /** The best that one number for all could have done. */
  const guessOf = (targets: readonly Target[]) => {
    const scores = [1, 2, 3, 4, 5, 6, 7].map((guess) => scoreOf(targets.map(() => guess), targets));
    return { error: Math.min(...scores.map(({ error }) => error)), exact: Math.max(...scores.map(({ exact }) => exact)) };
  };

  const periods: [string, { from?: string; to: string }, string][] = [
    ['within the data', { from: '2023-07', to: '2023-12' }, '2023-07'],
    ['from the start of the data', { to: '2023-12' }, '2023-01'],
  ];

  it.each(periods)('recovers hidden counts of a period %s where only rounding blurs differences, and not with noise', async (_, period, first) => {
    const targets = (await smallCounts(first, period.to, first === '2023-01' ? 1 : 3)).slice(0, 20);
    expect(targets.length).toBeGreaterThanOrEqual(10);
    const guess = guessOf(targets);
    const plain = scoreOf((await attack(withoutNoise, targets, period)).map(nearest), targets);
    expect(plain.exact).toBeGreaterThan(0.6);
    expect(plain.error).toBeLessThan(guess.error / 3);
    const noisy = scoreOf((await attack(withNoise, targets, period)).map(nearest), targets);
    expect(noisy.error).toBeGreaterThan(0.9 * guess.error);
    expect(noisy.exact).toBeLessThan(guess.exact + 0.1);
  }, 240_000);

  describe('who asks for harm with and without a category', () => {
    const period = { from: '2023-07', to: '2023-12' };
    const weights = new Map<string, number>();
    beforeAll(async () => {
      for (const row of await lake.rows<{ category: string; weight: number }>('SELECT category, any_value(weight) AS weight FROM demand_series WHERE weight IS NOT NULL GROUP BY 1 ORDER BY 1')) weights.set(row.category, row.weight);
    });
    const harmed = async () => (await smallCounts(period.from, period.to, 1)).filter(({ category }) => weights.has(category)).slice(0, 40);
    /** Light ones first: where hidden categories would be most of the harm, there is no figure. */
    const light = async () => (await harmed()).toSorted((x, y) => weights.get(x.category)! - weights.get(y.category)!).slice(0, 10);
    /** Other categories to ask for it with. */
    const chosenOf = ({ area, category }: Target) => {
      const random = createRandom(5, `${area} ${category}`);
      return Array.from({ length: 8 }, () => [...weights.keys()].filter((each) => each !== category && random.chance(0.8))).filter((list) => list.length > 0);
    };

    it.each([['with noise', withNoise], ['without noise', withoutNoise]])('learns that a hidden count stands as 4, whatever it is, %s', async (_, rule) => {
      const question = findQuestion(createQuestions({ clock, disclosure: rule as DisclosureRule }), 'demand')!;
      /** All harm that is shown, and what each other category stands for in it: its own harm, or 4 where it is hidden to protect another. */
      const harmOf = async (target: Target, category: string[]) => {
        const rows = (await question.answer(attacked, { ...noFilters, ...period, area: [target.area], category }, {})).tables[1]!.rows;
        const others = rows.filter(({ code }) => code !== 'all' && code !== target.category);
        return { all: rows.at(-1)?.harm, others: new Map(others.map(({ code, harm }) => [code, typeof harm === 'number' ? harm : 4 * weights.get(String(code))!])) };
      };
      let compared = 0;
      for (const target of await light()) {
        const weight = weights.get(target.category)!;
        for (const chosen of chosenOf(target).slice(0, 4)) {
          const [more, less] = [await harmOf(target, [...chosen, target.category]), await harmOf(target, chosen)];
          if (typeof more.all !== 'number' || typeof less.all !== 'number') continue;
          const changed = chosen.map((each) => (more.others.get(each) ?? 0) - (less.others.get(each) ?? 0)).filter((days) => days !== 0);
          const learnt = more.all - less.all - changed.reduce((sum, days) => sum + days, 0);
          // Each number shown is rounded to a whole day.
          expect(Math.abs(learnt - 4 * weight)).toBeLessThanOrEqual(1 + changed.length / 2);
          compared += 1;
        }
      }
      expect(compared).toBeGreaterThan(1);
    }, 120_000);

    it('rules out what a hidden count is not from a mean of unlike weights times the rounded count, as harm was made before', async () => {
      const figuresOf = async ({ area }: Target, chosen: readonly string[]) => {
        const list = chosen.map((each) => `'${each}'`).join(', ');
        const { n, days } = await lake.duck.one<{ n: number; days: number }>(`SELECT count(*)::INTEGER AS n, coalesce(sum(harm_days), 0)::DOUBLE AS days
          FROM event WHERE feed = 'police-incident' AND area_code = '${area}' AND month BETWEEN '2023-07-01' AND '2023-12-01' AND category IN (${list})`);
        const [shown, unit] = [Math.round(n / 5) * 5, Math.max(1, Math.round(5 * Math.max(...chosen.map((each) => weights.get(each)!))))];
        return { shown: n < 8 ? null : shown, days: Math.round(((days / n) * shown) / unit) * unit, unit };
      };
      type Figures = Awaited<ReturnType<typeof figuresOf>>;
      /** Some number of other events and some sum of their days explain all that is shown. */
      const isPossible = (x: number, weight: number, more: Figures, less: Figures) => {
        for (let n = Math.max(8, less.shown! - 2); n <= less.shown! + 2; n += 1) {
          if (Math.round((n + x) / 5) * 5 !== more.shown) continue;
          const [low, high] = [less.days - less.unit / 2, less.days + less.unit / 2].map((days) => (((days * n) / less.shown! + weight * x) / (n + x)) * more.shown!) as [number, number];
          if (low <= more.days + more.unit / 2 && high >= more.days - more.unit / 2) return true;
        }
        return false;
      };
      const left: number[] = [];
      for (const target of await harmed()) {
        let possible = [1, 2, 3, 4, 5, 6, 7];
        for (const chosen of chosenOf(target)) {
          const [more, less] = [await figuresOf(target, [...chosen, target.category]), await figuresOf(target, chosen)];
          if (more.shown !== null && less.shown !== null) possible = possible.filter((x) => isPossible(x, weights.get(target.category)!, more, less));
        }
        expect(possible).toContain(target.n);
        left.push(possible.length);
      }
      expect(left.filter((n) => n <= 4).length / left.length).toBeGreaterThan(0.5);
    }, 120_000);
  });
});
