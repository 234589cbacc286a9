// Which values of an address this snapshot and its packs know. What nobody knows is left out, and said once: pages go on with the
// rest; files and the API, which have no place for a note, refuse instead of giving numbers for another choice than was asked for.

import { filtersSchema, Problem, type Filters, type LakeReader } from '../../core/index.ts';
import type { AcceptedOptions, Categories } from '../../understand/index.ts';
import { listNamedAreas } from '../maps/area-shapes.ts';
import { readFilterChoices, type FilterChoices } from './filter-choices.ts';

const filterNames = ['agency', 'category', 'area'] as const;

export type KnownFilters = Record<(typeof filterNames)[number], ReadonlySet<string>>;

/** Something that was asked for and is not known. */
export interface LeftOut {
  /** What it was meant to be, such as "area". */
  noun: string;
  values: string[];
}

const nouns = { agency: 'agency', category: 'type of event', area: 'area', from: 'first month', to: 'last month' } as const;

export async function readKnownFilters(lake: LakeReader, words: Categories): Promise<KnownFilters> {
  const choices = await readFilterChoices(lake, words);
  const areas = await listNamedAreas(lake);
  return {
    agency: new Set([...words.agencies.keys(), ...choices.agencies.map(({ value }) => value)]),
    category: new Set([...words.categories.keys(), ...choices.categories.flatMap((group) => group.choices.map(({ value }) => value))]),
    area: new Set(areas.flatMap(({ code, wardCode, authorityCode }) => [code, wardCode ?? code, authorityCode ?? code])),
  };
}

/** The filters of a query, each value once, and what in them is not known or is not a month. */
export function keepKnownFilters(query: unknown, known: KnownFilters): { filters: Filters; leftOut: LeftOut[] } {
  const raw = (query ?? {}) as Record<string, unknown>;
  const asText = Object.fromEntries(Object.entries(raw).filter(([name]) => name in nouns).map(([name, value]) => [name, textsOf(value)]));
  const filters = filtersSchema.parse({ ...asText, from: oneOf(asText.from), to: oneOf(asText.to) });
  const leftOut: LeftOut[] = [];
  for (const name of filterNames) {
    const asked = [...new Set(filters[name])];
    filters[name] = asked.filter((value) => known[name].has(value));
    leftOut.push({ noun: nouns[name], values: asked.filter((value) => !known[name].has(value)) });
  }
  for (const name of ['from', 'to'] as const) leftOut.push({ noun: nouns[name], values: filters[name] === undefined ? (asText[name] ?? []) : [] });
  return { filters, leftOut: leftOut.filter(({ values }) => values.length > 0) };
}

/** A page's own options, each with the values that it takes. */
export function keepKnownOptions(options: Record<string, string>, accepted: AcceptedOptions, choices: FilterChoices, words: Categories): { options: Record<string, string>; leftOut: LeftOut[] } {
  const feeds = new Set([...words.feeds.keys(), ...choices.feeds.map(({ value }) => value)]);
  const categories = new Set([...words.categories.keys(), ...choices.categories.flatMap((group) => group.choices.map(({ value }) => value))]);
  const isLayer = (value: string): boolean => {
    const [feed, category, ...more] = value.split('/') as [string, ...string[]];
    if (category !== undefined) return more.length === 0 && feeds.has(feed) && categories.has(category);
    return value === 'demand' || feeds.has(value) || categories.has(value) || words.demands.has(value) || choices.demands.some((choice) => choice.value === value);
  };
  const kept: Record<string, string> = {};
  const leftOut: LeftOut[] = [];
  for (const [name, text] of Object.entries(options)) {
    const takes = accepted[name] ?? [];
    const asked = [...new Set(text.split(',').map((value) => value.trim()))].filter((value) => value !== '');
    const known = asked.filter((value) => (takes === 'feeds' ? feeds.has(value) : takes === 'layers' ? isLayer(value) : takes.includes(value)));
    const unknown = asked.filter((value) => !known.includes(value));
    // One of a few words can be chosen once; the first counts.
    const used = typeof takes === 'string' ? known : known.slice(0, 1);
    if (used.length > 0) kept[name] = used.join(',');
    if (unknown.length > 0) leftOut.push({ noun: takes === 'feeds' ? 'feed' : takes === 'layers' ? 'map' : 'choice', values: unknown });
  }
  return { options: kept, leftOut };
}

/** "area “x”, “y” and 12 more; agency “z”"; undefined where nothing was left out. */
export function listLeftOut(leftOut: readonly LeftOut[]): string | undefined {
  if (leftOut.length === 0) return undefined;
  return leftOut.map(({ noun, values }) => {
    const shown = values.slice(0, 3).map((value) => `“${presentable(value)}”`).join(', ');
    return `${noun} ${shown}${values.length > 3 ? ` and ${(values.length - 3).toLocaleString('en-GB')} more` : ''}`;
  }).join('; ');
}

/** For files and the API. */
export function refuseLeftOut(leftOut: readonly LeftOut[], { from, to }: Filters): void {
  const listed = listLeftOut(leftOut);
  if (listed !== undefined) throw new Problem('badInput', { what: `Not known here: ${listed}`, todo: 'Use the codes that the page’s filters use, and write months like 2025-01.' });
  if (from !== undefined && to !== undefined && from > to) throw new Problem('badInput', { what: 'The first month is after the last', todo: 'Give a first month that is not after the last.' });
}

function presentable(value: string): string {
  const clean = [...value.replaceAll(/[\p{C}\s]+/gu, ' ').trim()];
  if (clean.length === 0) return '?';
  return clean.length > 40 ? `${clean.slice(0, 40).join('').trimEnd()}…` : clean.join('');
}

function textsOf(value: unknown): string[] {
  return [value ?? []].flat().filter((item): item is string => typeof item === 'string' && item !== '');
}

/** A month given once; given twice it is none. */
function oneOf(values: string[] | undefined): string | undefined {
  const distinct = [...new Set(values)];
  return distinct.length > 1 ? distinct.join(', ') : distinct[0];
}
