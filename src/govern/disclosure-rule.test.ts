import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Problem } from '../core/index.ts';
import { isTooSmall, presentRule, protectedRange, rangeOfShown, readDisclosureRule, roundCount, ruleForFeeds } from './disclosure-rule.ts';

const names = ['default', 'cell-keys', 'nhs-hes', 'opensafely', 'midpoint-6', 'local-authority-under-5', 'children-in-need'];
const local = { dir: '' };
beforeAll(() => {
  local.dir = mkdtempSync(join(tmpdir(), 'packs-'));
});
afterAll(() => rmSync(local.dir, { recursive: true, force: true }));

function problemOf(yaml: string): Problem {
  writeFileSync(join(local.dir, 'disclosure.yaml'), yaml);
  try {
    readDisclosureRule(local.dir);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
  throw new Error('The pack was accepted');
}

const own = (changes: string) => `rule: ours
rules:
  ours:
    title: Ours
    lowMin: 1
    lowMax: 9
    roundBase: 10
    source: Our agreement
    date: 2026-01-01
${changes}`;

describe('readDisclosureRule', () => {
  it('reads the rule that is chosen by default: 1 to 7 hidden, others to the nearest 5, zero shown', () => {
    const { value, sha256 } = readDisclosureRule(undefined);
    expect(value).toMatchObject({ name: 'default', lowMin: 1, lowMax: 7, roundBase: 5, showZero: true, secondary: true });
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each(names)('reads %s with its source and date', (name) => {
    const { value } = readDisclosureRule(undefined, name);
    expect(value.name).toBe(name);
    expect(value.source.length).toBeGreaterThan(10);
    expect(value.date).toMatch(/^\d{4}-\d\d-\d\d$/);
  });

  it("takes a partnership's own pack instead", () => {
    writeFileSync(join(local.dir, 'disclosure.yaml'), own(''));
    expect(readDisclosureRule(local.dir).value).toMatchObject({ name: 'ours', lowMax: 9, roundBase: 10, secondary: true });
  });

  it('says which rules there are where the one asked for is missing', () => {
    expect(() => readDisclosureRule(undefined, 'none')).toThrow(/no disclosure rule called "none".*local-authority-under-5/);
  });

  it('names the file and line of a mistake', () => {
    expect(problemOf(own('    lowMix: 3\n')).message).toMatch(/disclosure\.yaml:\d+/);
    expect(problemOf(own('').replace('lowMax: 9', 'lowMax: -1')).message).toMatch(/lowMax.*disclosure\.yaml:6/);
    expect(problemOf(own('').replace('lowMin: 1', 'lowMin: 12')).message).toContain('at least lowMin');
    expect(problemOf(own('').replace('lowMax: 9', 'lowMax: 2')).message).toContain('would be rounded to 0');
  });
});

describe('a shown figure', () => {
  it.each(names)('stands for exactly the counts that are shown so, under %s', (name) => {
    const rule = readDisclosureRule(undefined, name).value;
    fc.assert(
      fc.property(fc.nat(300), fc.nat(300), (count, other) => {
        fc.pre(!isTooSmall(rule, count));
        const shown = roundCount(rule, count);
        const { low, high } = rangeOfShown(rule, shown);
        const looksAlike = !isTooSmall(rule, other) && roundCount(rule, other) === shown;
        expect(other >= low && other <= high).toBe(looksAlike);
      }),
      { numRuns: 500 },
    );
  });

  it('is never nearer than half the base to a hidden count', () => {
    const rule = readDisclosureRule(undefined).value;
    expect(rangeOfShown(rule, 10)).toEqual({ low: 8, high: 12 });
    expect(rangeOfShown(rule, 0)).toEqual({ low: 0, high: 0 });
    expect(protectedRange(rule)).toEqual({ low: 1, high: 7 });
  });

  it('hides zero with the small counts where the rule says so', () => {
    const rule = { ...readDisclosureRule(undefined).value, showZero: false };
    expect([0, 7, 8].map((count) => isTooSmall(rule, count))).toEqual([true, true, false]);
    expect(protectedRange(rule)).toEqual({ low: 0, high: 7 });
  });
});

describe('presentRule', () => {
  it('puts each rule into words', () => {
    const words = (name: string) => presentRule(readDisclosureRule(undefined, name).value);
    expect(words('default')).toBe('Counts from 1 to 7 are not shown. Other counts are rounded to the nearest 5. Some larger counts are not shown either, so that a hidden count cannot be worked out.');
    expect(words('cell-keys')).toContain('First each count is changed a little at random, always alike for the same records, so parts need not add up to their total.');
    expect(words('midpoint-6')).toBe('Counts are shown as the middle of their group of 6. Totals are the sum of the counts shown.');
    expect(words('local-authority-under-5')).toContain('Counts from 1 to 4 are not shown.');
    expect(presentRule({ ...readDisclosureRule(undefined).value, lowMax: 0, roundBase: 1, perturbation: undefined })).toBe('Counts are shown as they are.');
  });
});

describe('noise in a rule', () => {
  it('is in cell-keys alone: the default and the rules that reproduce another body’s stay exact', () => {
    expect(names.filter((name) => readDisclosureRule(undefined, name).value.perturbation)).toEqual(['cell-keys']);
  });

  it('needs totals of their own and a variance that it can have', () => {
    expect(problemOf(own('    totals: sum\n    perturbation: { most: 8, variance: 5, smallVariance: 5 }')).message).toContain('perturbation needs totals: own');
    expect(problemOf(own('    perturbation: { most: 2, variance: 1, smallVariance: 5 }')).message).toContain('cannot vary so much');
  });
});

describe('ruleForFeeds', () => {
  const shipped = readDisclosureRule(undefined).value;
  const rule = { ...shipped, openFeeds: ['police-uk-street', 'police-uk-outcomes'] };

  it('protects every feed unless a partnership lists it as published', () => {
    expect(ruleForFeeds(shipped, ['police-uk-street'])).toBe(shipped);
  });

  it('shows published feeds as they are, and says so', () => {
    const open = ruleForFeeds(rule, ['police-uk-street', 'police-uk-outcomes']);
    expect([1, 7, 23].map((count) => [isTooSmall(open, count), roundCount(open, count)])).toEqual([[false, 1], [false, 7], [false, 23]]);
    expect(presentRule(open)).toBe('These data are published already, so counts are shown as they are.');
  });

  it('keeps the rule for any other feed, for a mixture, and for no feed', () => {
    for (const feeds of [['police-incident'], ['police-uk-street', 'police-incident'], []]) expect(ruleForFeeds(rule, feeds)).toBe(rule);
  });
});
