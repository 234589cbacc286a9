// The rule by which counts may be shown: which are too small, how others are rounded, and what a shown figure tells a reader.
// A rule is a pack (packs/disclosure.yaml) with its source and date. Method note: docs/methods/disclosure-control.md.

import { z } from 'zod';
import { Problem } from '../core/index.ts';
import { readPack, type Pack } from '../store/index.ts';

const whole = z.number().int();

const ruleSchema = z
  .strictObject({
    title: z.string().min(1),
    lowMin: whole.min(1).max(1000),
    lowMax: whole.min(0).max(1000),
    roundBase: whole.min(1).max(1000),
    rounding: z.enum(['nearest', 'midpoint']).default('nearest'),
    showZero: z.boolean().default(true),
    secondary: z.boolean().default(true),
    totals: z.enum(['own', 'sum']).default('own'),
    nationalExempt: z.boolean().default(false),
    perturbation: z.strictObject({ most: whole.min(1).max(100), variance: z.number().positive(), smallVariance: z.number().positive() }).optional(),
    source: z.string().min(1),
    date: z.string().min(1),
  })
  .refine((rule) => rule.lowMax === 0 || rule.lowMax >= rule.lowMin, { error: 'lowMax must be 0 (nothing hidden) or at least lowMin', path: ['lowMax'] })
  .refine((rule) => rule.rounding === 'midpoint' || rule.lowMax + 1 >= rule.roundBase / 2, {
    error: 'a count just above lowMax would be rounded to 0: raise lowMax or lower roundBase',
    path: ['roundBase'],
  })
  .refine(({ perturbation, totals, lowMax }) => !perturbation || (totals === 'own' && lowMax > 0), { error: 'perturbation needs totals: own and counts that are not shown', path: ['perturbation'] })
  .refine(({ perturbation }) => !perturbation || Math.max(perturbation.variance, perturbation.smallVariance) <= (perturbation.most * (perturbation.most + 1)) / 3, {
    error: 'noise that is never more than most cannot vary so much: raise most or lower the variances',
    path: ['perturbation'],
  });

const packSchema = z.strictObject({
  rule: z.string().min(1),
  openFeeds: z.array(z.string()).default([]),
  rules: z.record(z.string(), ruleSchema),
});

export type DisclosureRule = z.infer<typeof ruleSchema> & {
  name: string;
  /** Feeds that are published already: an answer from them alone is shown as it is. */
  openFeeds?: readonly string[];
};

/** What a reader can tell about a count: it lies between the two, both included. */
export interface CountRange {
  low: number;
  high: number;
}

/**
 * Reads the rule that a partnership has chosen, or one of the pack's rules by name.
 *
 * @throws Problem where the pack is not valid, or has no rule of that name
 * @example
 * readDisclosureRule(home.packs).value.lowMax; // 7
 */
export function readDisclosureRule(localPacks: string | undefined, name?: string): Pack<DisclosureRule> {
  const pack = readPack(localPacks, 'disclosure', packSchema);
  const chosen = name ?? pack.value.rule;
  const rule = pack.value.rules[chosen];
  if (!rule) {
    throw new Problem('badInput', {
      what: `There is no disclosure rule called "${chosen}"`,
      where: pack.path,
      todo: `Choose one of: ${Object.keys(pack.value.rules).join(', ')}.`,
    });
  }
  return { ...pack, value: { name: chosen, openFeeds: pack.value.openFeeds, ...rule } };
}

/** What holds for an answer from these feeds: the rule, or nothing where all of them are published already. */
export function ruleForFeeds(rule: DisclosureRule, feeds: readonly string[]): DisclosureRule {
  const open = rule.openFeeds ?? [];
  if (feeds.length === 0 || feeds.some((feed) => !open.includes(feed))) return rule;
  return { ...shownAsTheyAre, source: rule.source, date: rule.date };
}

const shownAsTheyAre: Omit<DisclosureRule, 'source' | 'date'> = {
  name: 'open',
  title: 'Published open data, shown as they are',
  lowMin: 1,
  lowMax: 0,
  roundBase: 1,
  rounding: 'nearest',
  showZero: true,
  secondary: false,
  totals: 'own',
  nationalExempt: false,
};

/** True where the rule does not let a count be shown. */
export function isTooSmall(rule: DisclosureRule, count: number): boolean {
  if (count === 0) return !rule.showZero && rule.lowMax > 0;
  return count >= rule.lowMin && count <= rule.lowMax;
}

/**
 * A count as the rule shows it, where it is large enough to be shown.
 *
 * @example
 * roundCount(rule, 23); // 25 with base 5
 */
export function roundCount(rule: DisclosureRule, count: number): number {
  const { roundBase, rounding } = rule;
  if (count === 0) return 0;
  if (rounding === 'midpoint') return Math.ceil(count / roundBase) * roundBase - Math.floor(roundBase / 2);
  return Math.round(count / roundBase) * roundBase;
}

/** All that a shown figure tells about the count behind it, to someone who knows the rule. */
export function rangeOfShown(rule: DisclosureRule, shown: number): CountRange {
  const { roundBase, rounding } = rule;
  if (shown === 0) return { low: 0, high: 0 };
  const low = rounding === 'midpoint' ? shown + Math.floor(roundBase / 2) - roundBase + 1 : shown - Math.floor(roundBase / 2);
  const range = { low, high: low + roundBase - 1 };
  // A figure cannot stand for a count that would have been hidden.
  if (range.high > rule.lowMax && range.low <= rule.lowMax && range.low >= rule.lowMin) range.low = rule.lowMax + 1;
  return range;
}

/** What the sign for a hidden cell tells about it: no less than this. Hidden cells may also be large ones, so there is no upper end. */
export function leastHidden(rule: DisclosureRule): number {
  return rule.showZero ? rule.lowMin : 0;
}

/** The range that must stay possible for each small count: what the rule itself says, from the least to the largest hidden. */
export function protectedRange(rule: DisclosureRule): CountRange {
  return { low: leastHidden(rule), high: rule.lowMax };
}

/**
 * The rule in words, for the foot of a table.
 *
 * @example
 * presentRule(rule); // 'Counts from 1 to 7 are not shown. Other counts are rounded to the nearest 5. …'
 */
export function presentRule(rule: DisclosureRule): string {
  const sentences: string[] = rule.name === 'open' ? ['These data are published already, so counts are shown as they are.'] : [];
  if (rule.lowMax > 0) {
    const least = leastHidden(rule);
    sentences.push(least === rule.lowMax ? `Counts of ${least} are not shown.` : `Counts from ${least} to ${rule.lowMax} are not shown.`);
  }
  if (rule.roundBase > 1) {
    const counts = rule.lowMax > 0 ? 'Other counts' : 'Counts';
    sentences.push(rule.rounding === 'midpoint' ? `${counts} are shown as the middle of their group of ${rule.roundBase}.` : `${counts} are rounded to the nearest ${rule.roundBase}.`);
  }
  if (rule.lowMax > 0 && rule.secondary) sentences.push('Some larger counts are not shown either, so that a hidden count cannot be worked out.');
  if (rule.perturbation) sentences.push('First each count is changed a little at random, always alike for the same records, so parts need not add up to their total.');
  if (rule.totals === 'sum') sentences.push('Totals are the sum of the counts shown.');
  return sentences.length > 0 ? sentences.join(' ') : 'Counts are shown as they are.';
}
