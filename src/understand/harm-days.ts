// Days of harm of a group, from what is shown alone: for each category its weight times its count as shown. A count that is not shown stands
// as the middle of what it may be. So the days tell no more of a category than its own count in a table does. Where more than half of the days
// would be such guesses, or a category has events of unlike weights, there is no figure.

import type { CellValue } from '../core/index.ts';
import { protectedRange, type DisclosureRule } from '../govern/index.ts';
import { round } from './plain-numbers.ts';
import type { Scope } from './scope.ts';

/** The days of one event of each category; null where it has no weight, NaN where its events have unlike ones. */
export type Weights = ReadonlyMap<string, number | null>;

export function weightsOf({ series }: Scope): Weights {
  return new Map([...Map.groupBy(series, (each) => each.category ?? '')].map(([category, own]) => {
    if (own.every((each) => each.weighed === 0)) return [category, null];
    const weights = new Set(own.map((each) => each.weight));
    const [weight] = weights;
    return [category, weights.size === 1 && typeof weight === 'number' ? weight : NaN];
  }));
}

export interface Figure {
  value: number | null;
  /** Kept back, not merely unknown. */
  hidden: boolean;
}

export const unknown: Figure = { value: null, hidden: false };
export const keptBack: Figure = { value: null, hidden: true };

/**
 * @param shown the count of each category as it is shown, null where it is not
 * @example harmOf(rule, new Map([['robbery', 365]]), [['robbery', 20]]) // { value: 7300, hidden: false }
 */
export function harmOf(rule: DisclosureRule, weights: Weights, shown: readonly (readonly [string, CellValue])[]): Figure {
  const weighed = shown.filter(([category]) => typeof weights.get(category) === 'number');
  if (weighed.length === 0) return shown.length > 0 && shown.every(([, count]) => count === 0) ? { value: 0, hidden: false } : unknown;
  const { low, high } = protectedRange(rule);
  let [days, guessed] = [0, 0];
  for (const [category, count] of weighed) {
    const weight = weights.get(category)!;
    if (Number.isNaN(weight) && count !== 0) return keptBack;
    if (typeof count === 'number') days += count === 0 ? 0 : weight * count;
    else guessed += (weight * (low + high)) / 2;
  }
  return guessed > days ? keptBack : { value: round(days + guessed), hidden: false };
}
