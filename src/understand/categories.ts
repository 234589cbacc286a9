// What kinds of event mean: each category's title, group, demand and harm, read from the packs that a partnership may edit.
// Harm is in days of the Cambridge Crime Harm Index (Sherman, Neyroud and Neyroud 2016); a category without a weight has none, not nought.

import { z } from 'zod';
import { listPacks, readPack } from '../store/index.ts';

const categoriesSchema = z.looseObject({
  source: z.string(),
  demandByFlag: z.array(z.strictObject({ flag: z.string(), demand: z.string() })),
  demands: z.record(z.string(), z.looseObject({ title: z.string() })),
  categories: z.record(z.string(), z.looseObject({ title: z.string(), group: z.string(), demand: z.string(), harm: z.string().optional() })),
});

const harmSchema = z.strictObject({
  source: z.string(),
  date: z.coerce.string(),
  statistic: z.enum(['median', 'mean']),
  weights: z.record(z.string(), z.strictObject({ median: z.number().nonnegative(), mean: z.number().nonnegative().optional(), note: z.string().optional() })),
  demands: z.record(z.string(), z.strictObject({ days: z.number().nonnegative(), source: z.string() })),
});

const agenciesSchema = z.looseObject({ agencies: z.record(z.string(), z.looseObject({ title: z.string() })) });
const feedSchema = z.looseObject({ feed: z.string(), title: z.string(), agency: z.string(), cadence: z.string() });

export interface Category {
  code: string;
  title: string;
  group: string;
  /** The demand of the category itself, before flags. */
  demand: string;
  /** Days of harm of one event; null where the packs give no weight. */
  harmDays: number | null;
}

export interface Categories {
  categories: ReadonlyMap<string, Category>;
  demands: ReadonlyMap<string, string>;
  demandByFlag: readonly { flag: string; demand: string }[];
  harm: { statistic: 'median' | 'mean'; source: string; withoutMean: string[] };
  agencies: ReadonlyMap<string, string>;
  feeds: ReadonlyMap<string, { title: string; agency: string; cadence: string }>;
}

/**
 * Reads the packs `categories`, `harm-weights`, `agencies` and `feeds/*`; a file in `localPacks` replaces the product's.
 * Throws a Problem that names the file and line of the first mistake.
 * @example readCategories(undefined).categories.get('burglary')?.harmDays // 241.96
 */
export function readCategories(localPacks: string | undefined): Categories {
  const kinds = readPack(localPacks, 'categories', categoriesSchema).value;
  const harm = readPack(localPacks, 'harm-weights', harmSchema).value;
  const agencies = readPack(localPacks, 'agencies', agenciesSchema).value.agencies;
  const daysOf = (name: string | undefined, demand: string): number | null => {
    const weight = name === undefined ? undefined : harm.weights[name];
    if (!weight) return harm.demands[demand]?.days ?? null;
    return harm.statistic === 'mean' ? (weight.mean ?? weight.median) : weight.median;
  };
  const categories = Object.entries(kinds.categories).map(([code, { title, group, demand, harm: name }]) => ({ code, title, group, demand, harmDays: daysOf(name, demand) }));
  const feeds = listPacks(localPacks, 'feeds').map((name) => readPack(localPacks, name, feedSchema).value);
  return {
    categories: new Map(categories.map((category) => [category.code, category])),
    demands: new Map(Object.entries(kinds.demands).map(([code, { title }]) => [code, title])),
    demandByFlag: kinds.demandByFlag,
    harm: {
      statistic: harm.statistic,
      source: harm.source,
      withoutMean: Object.entries(harm.weights).flatMap(([name, weight]) => (weight.mean === undefined ? [name] : [])),
    },
    agencies: new Map(Object.entries(agencies).map(([code, { title }]) => [code, title])),
    feeds: new Map(feeds.map(({ feed, title, agency, cadence }) => [feed, { title, agency, cadence }])),
  };
}
