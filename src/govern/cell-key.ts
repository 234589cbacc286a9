// How much noise does a count get? Cell keys: every record has a fixed secret number, the key of a set is the sum of its records' keys, and the
// noise is looked up by count and key (small counts, which hide alone, have more), so that the same set always has the same noise (Fraser and Wooton 2005; Marley and Leaver 2011; Thompson,
// Broadfoot and Elazar 2013). Noise is whole, bounded, of mean nought, as random as its variance allows (Giessing 2016); nought stays nought.

import type { DisclosureRule } from './disclosure-rule.ts';

/** Keys are sums of records' keys; only their rest by this counts. */
export const keyRange = 65_536;

export interface Noise {
  value: number;
  /** It may be as much as this, up or down. */
  most: number;
}

export const noNoise: Noise = { value: 0, most: 0 };

/**
 * The noise of one set of records: a whole number from −most to most of the rule's perturbation; 0 where the rule has none.
 *
 * @param key sum of the records' keys
 * @param salt another figure of the same records (such as "hours") has noise of its own
 * @example
 * noiseOf(rule, 0, 12_345); // 0
 */
export function noiseOf(rule: DisclosureRule, count: number, key: number, salt = 0): number {
  if (!rule.perturbation || count === 0) return 0;
  const { most, variance, smallVariance } = rule.perturbation;
  const u = uniformOf(key, count, salt);
  const table = tableOf(most, count <= rule.lowMax ? smallVariance : variance);
  return table.findIndex((upTo) => u < upTo) - most;
}

/** A factor between −1 and −½ or between ½ and 1, fixed for the set: the noise of a sum is its greatest part times this. */
export function factorOf(rule: DisclosureRule, count: number, key: number, salt: number): number {
  if (!rule.perturbation || count === 0) return 0;
  const u = uniformOf(key, count, salt);
  return u < 0.5 ? -0.5 - u : u;
}

/** Noise of sums of sets: values and bounds add up. */
export function addNoise(parts: readonly Noise[]): Noise {
  return parts.reduce((sum, { value, most }) => ({ value: sum.value + value, most: sum.most + most }), noNoise);
}

/** A number in [0, 1) from key, count and salt: neighbouring keys have nothing in common (the last steps of MurmurHash3, Appleby 2011). */
function uniformOf(key: number, count: number, salt: number): number {
  let h = Math.imul(((key % keyRange) + keyRange) % keyRange ^ Math.imul(count, 0x9e37_79b1), 0xcc9e_2d51) ^ Math.imul(salt + 1, 0x1b87_3593);
  h = Math.imul(h ^ (h >>> 16), 0x85eb_ca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2_ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

const tables = new Map<string, number[]>();

/** For each noise from −most up: the probability of it or less. */
function tableOf(most: number, variance: number): number[] {
  const name = `${most}/${variance}`;
  const known = tables.get(name);
  if (known) return known;
  const chances = noiseChances(most, variance);
  let sum = 0;
  const table = chances.map((chance) => (sum += chance));
  table[table.length - 1] = 1;
  tables.set(name, table);
  return table;
}

/**
 * The perturbation table: for each noise from −most to most its probability, proportional to exp(−λv²), with λ such that the variance is as asked.
 *
 * @throws Error where no such table has that variance
 * @example
 * noiseChances(1, 2 / 3); // [1/3, 1/3, 1/3]
 */
export function noiseChances(most: number, variance: number): number[] {
  if (variance <= 0 || variance > (most * (most + 1)) / 3 + 1e-9) throw new Error(`Noise of at most ${most} cannot have a variance of ${variance}`);
  const values = Array.from({ length: 2 * most + 1 }, (_, i) => i - most);
  const chancesAt = (lambda: number) => {
    const weights = values.map((v) => Math.exp(-lambda * v * v));
    const all = weights.reduce((sum, weight) => sum + weight, 0);
    return weights.map((weight) => weight / all);
  };
  let [low, high] = [0, 50];
  for (let step = 0; step < 100; step += 1) {
    const middle = (low + high) / 2;
    const found = chancesAt(middle).reduce((sum, chance, i) => sum + chance * values[i]! ** 2, 0);
    if (found > variance) low = middle;
    else high = middle;
  }
  return chancesAt((low + high) / 2);
}
