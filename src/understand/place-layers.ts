// A layer is what one map shows: the usual demand, a feed, a category, a type of demand, or a feed's category written feed/category.

import type { Filters, LakeReader } from '../core/index.ts';
import { readCatalogue } from './catalogue.ts';
import type { Categories } from './categories.ts';
import { monthNumber, resolveScope, splitList, type Scope } from './scope.ts';

export interface Layer {
  /** As asked for; "demand" where nothing was. */
  token: string;
  label: string;
  scope: Scope;
  /** Years of data of its feeds within the period; 0 where there are none. */
  years: number;
}

/** More would not fit side by side. */
const mostLayers = 4;

export interface LayerChoice {
  layers: Layer[];
  notes: string[];
}

/** The layers that were asked for, the first four; the usual demand where none was. */
export async function chooseLayers(lake: LakeReader, categories: Categories, filters: Filters, options: Record<string, string>): Promise<LayerChoice> {
  const wanted = [...new Set(splitList(options.layer))];
  const tokens = wanted.length === 0 ? ['demand'] : wanted.slice(0, mostLayers);
  const layers: Layer[] = [];
  for (const token of tokens) layers.push(await layerOf(lake, categories, filters, token, options.feed));
  const notes = wanted.length > mostLayers ? [`Only the first ${mostLayers} layers are shown.`] : [];
  return { layers, notes };
}

async function layerOf(lake: LakeReader, categories: Categories, filters: Filters, token: string, feed: string | undefined): Promise<Layer> {
  const { series } = await readCatalogue(lake);
  const isFeed = (name: string) => categories.feeds.has(name) || series.some((each) => each.feed === name);
  const [first, second] = token.split('/') as [string, string | undefined];
  const feedTitle = (name: string) => categories.feeds.get(name)?.title ?? name;
  const categoryTitle = (name: string) => categories.categories.get(name)?.title ?? name;
  const finish = async (label: string, wish: Parameters<typeof resolveScope>[2]): Promise<Layer> => {
    const scope = await resolveScope(lake, categories, wish);
    return { token, label, scope, years: yearsOf(scope) };
  };
  if (token === 'demand') return finish('All demand', { filters, feed });
  if (second !== undefined) return finish(`${categoryTitle(second)}: ${feedTitle(first)}`, { filters: { ...filters, category: [second] }, feed: first });
  if (isFeed(token)) return finish(feedTitle(token), { filters, feed: token });
  const isCategory = categories.categories.has(token) || series.some((each) => each.category === token);
  if (!isCategory && categories.demands.has(token)) return finish(categories.demands.get(token)!, { filters, feed, demand: token });
  return finish(categoryTitle(token), { filters: { ...filters, category: [token] }, feed });
}

/** From the first month of the feeds to their last, within the period asked for. */
function yearsOf({ catalogue, feeds, from, to }: Scope): number {
  const own = catalogue.series.filter((each) => feeds.includes(each.feed));
  const firsts = own.flatMap((each) => (each.first_month === null ? [] : [monthNumber(each.first_month)]));
  const lasts = own.flatMap((each) => (each.last_month === null ? [] : [monthNumber(each.last_month)]));
  if (firsts.length === 0) return 0;
  const first = Math.max(Math.min(...firsts), from ?? -Infinity);
  const last = Math.min(Math.max(...lasts), to ?? Infinity);
  return Math.max(0, last - first + 1) / 12;
}
