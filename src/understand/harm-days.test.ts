import { describe, expect, it } from 'vitest';
import { readDisclosureRule } from '../govern/index.ts';
import { harmOf, weightsOf } from './harm-days.ts';
import type { Scope } from './scope.ts';

const rule = readDisclosureRule(undefined, 'default').value;
const weights = new Map([['robbery', 365], ['burglary', 240], ['shoplifting', 1], ['call', null], ['mixed', NaN]]);

describe('harmOf', () => {
  it('is the weight of each category times its count as shown', () => {
    expect(harmOf(rule, weights, [['robbery', 20], ['burglary', 10], ['call', 500]])).toEqual({ value: 20 * 365 + 10 * 240, hidden: false });
  });

  it('takes a hidden count as the middle of what it may be, whatever it is', () => {
    expect(harmOf(rule, weights, [['robbery', 20], ['burglary', null]])).toEqual({ value: 20 * 365 + 4 * 240, hidden: false });
  });

  it('keeps back what would be more guessed than known', () => {
    expect(harmOf(rule, weights, [['shoplifting', 100], ['robbery', null]])).toEqual({ value: null, hidden: true });
  });

  it('keeps back what has events of unlike weights, and is unknown where nothing has a weight', () => {
    expect(harmOf(rule, weights, [['robbery', 20], ['mixed', 10]])).toEqual({ value: null, hidden: true });
    expect(harmOf(rule, weights, [['call', 10]])).toEqual({ value: null, hidden: false });
  });

  it('is nought where there were no events', () => {
    expect(harmOf(rule, weights, [['robbery', 0]])).toEqual({ value: 0, hidden: false });
  });
});

it('weightsOf finds the weight of a category that all its series share', () => {
  const series = (category: string, weighed: number, weight: number | null) => ({ category, weighed, weight });
  const scope = { series: [series('robbery', 5, 365), series('robbery', 2, 365), series('call', 0, null), series('mixed', 3, 10), series('mixed', 2, 240), series('partly', 2, null)] } as unknown as Scope;
  expect(weightsOf(scope)).toEqual(new Map([['robbery', 365], ['call', null], ['mixed', NaN], ['partly', NaN]]));
});
