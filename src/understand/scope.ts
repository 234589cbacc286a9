// Turns filters into what is counted: feeds, months and areas, the values to bind, and notes on what could not be found.
// A value that nobody knows makes an empty answer with a note, never an error.

import type { Filters, LakeReader } from '../core/index.ts';
import { readCatalogue, type Catalogue, type Series } from './catalogue.ts';
import type { Categories } from './categories.ts';
import { chooseFeeds } from './demand-feeds.ts';
import { writeMonth } from './plain-numbers.ts';

export interface Scope {
  catalogue: Catalogue;
  feeds: string[];
  /** Series that the feeds, agencies and categories leave. */
  series: Series[];
  /** Number of the first and last month asked for, where asked. */
  from: number | null;
  to: number | null;
  filters: Filters;
  /** The type of demand, where only one is wished. */
  demand: string | undefined;
  /** For statements as they are shown: names in place of numbers. */
  shown?: true;
  /** By the numbers of areas, where areas were chosen: the place in the filter's list of what names each, its authority, else its ward, else itself. Noise goes by these, so a longer list has more of it. */
  blocks: ReadonlyMap<number, number> | undefined;
  /** Why these feeds, and which values of filters nobody knows. */
  notes: string[];
  /** Why nothing can be found, where that is already certain. */
  empty: string | undefined;
}

export interface ScopeWish {
  filters: Filters;
  /** The option `feed`, joined by commas. */
  feed?: string | undefined;
  /** Only this type of demand. */
  demand?: string | undefined;
}

export function monthNumber(month: string): number {
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1;
}

/** "2025-03" of a month's number. */
export function monthOf(number: number): string {
  return `${Math.floor(number / 12)}-${String((number % 12) + 1).padStart(2, '0')}`;
}

export function splitList(value: string | undefined): string[] {
  return (value ?? '').split(',').map((item) => item.trim()).filter((item) => item !== '');
}

/** Works out what a question counts. */
export async function resolveScope(lake: LakeReader, categories: Categories, wish: ScopeWish): Promise<Scope> {
  const catalogue = await readCatalogue(lake);
  const { filters } = wish;
  const wanted = splitList(wish.feed);
  const choice = chooseFeeds(catalogue.series, { feeds: wanted, agencies: filters.agency, categories: filters.category });
  const agencyFits = (each: Series) => filters.agency.length === 0 || (each.agency !== null && filters.agency.includes(each.agency));
  const categoryFits = (each: Series) => filters.category.length === 0 || (each.category !== null && filters.category.includes(each.category));
  const demandFits = (each: Series) => wish.demand === undefined || each.demand_type === wish.demand;
  const series = catalogue.series.filter((each) => choice.feeds.includes(each.feed) && agencyFits(each) && categoryFits(each) && demandFits(each));
  const unknown = unknownValues(catalogue, categories, filters, wanted);
  const from = filters.from === undefined ? null : monthNumber(filters.from);
  const to = filters.to === undefined ? null : monthNumber(filters.to);
  return {
    catalogue,
    feeds: [...new Set(series.map((each) => each.feed))],
    series,
    from,
    to,
    filters,
    demand: wish.demand,
    blocks: filters.area.length === 0 ? undefined : blocksOf(catalogue, filters.area),
    notes: [choice.why, ...unknown],
    empty: emptyReason({ catalogue, series, filters, unknown, from, to }),
  };
}

function blocksOf({ areas }: Catalogue, named: readonly string[]): Map<number, number> {
  const places = new Map(named.toReversed().map((code, index) => [code, named.length - index]));
  return new Map(areas.flatMap(({ area_id, authority_code, ward_code, area_code }) => {
    const place = [authority_code, ward_code, area_code].map((code) => places.get(code ?? '')).find((each) => each !== undefined);
    return place === undefined ? [] : [[area_id, place] as const];
  }));
}

function unknownValues(catalogue: Catalogue, categories: Categories, filters: Filters, feeds: readonly string[]): string[] {
  const agencies = new Set([...categories.agencies.keys(), ...catalogue.series.map((each) => each.agency)]);
  const kinds = new Set([...categories.categories.keys(), ...catalogue.series.map((each) => each.category)]);
  const known = new Set([...categories.feeds.keys(), ...catalogue.series.map((each) => each.feed)]);
  return [
    ...filters.agency.filter((code) => !agencies.has(code)).map((code) => `No agency here is called "${code}".`),
    ...filters.category.filter((code) => !kinds.has(code)).map((code) => `No category here is called "${code}".`),
    ...filters.area.filter((code) => !catalogue.areaCodes.has(code)).map((code) => `No area here is called "${code}".`),
    ...feeds.filter((feed) => !known.has(feed)).map((feed) => `No feed here is called "${feed}".`),
  ];
}

interface Found {
  catalogue: Catalogue;
  series: readonly Series[];
  filters: Filters;
  unknown: readonly string[];
  from: number | null;
  to: number | null;
}

function emptyReason({ catalogue, series, filters, unknown, from, to }: Found): string | undefined {
  if (catalogue.series.length === 0) return 'Nothing can be counted yet, because no feed with events has been loaded. Load one, such as police incidents, and build again.';
  if (from !== null && to !== null && from > to) return `Nothing can be counted, because the period ends (${filters.to}) before it starts (${filters.from}). Change one of the months.`;
  if (filters.area.length > 0 && filters.area.every((code) => !catalogue.areaCodes.has(code))) return `Nothing can be counted: ${unknown.join(' ')} Choose another area.`;
  if (series.length > 0) return undefined;
  if (unknown.length > 0) return `Nothing can be counted: ${unknown.join(' ')} Choose another value, or take the filter away.`;
  return 'Nothing can be counted, because no loaded feed holds this choice of agency and category. Choose another, or load a feed that has it.';
}

/** Why a choice that could have events has none, and what would help. */
export function nothingFound(scope: Scope): string {
  if (scope.empty) return scope.empty;
  const firsts = scope.series.flatMap((each) => each.first_month ?? []).toSorted();
  const lasts = scope.series.flatMap((each) => each.last_month ?? []).toSorted();
  const held = firsts.length > 0 ? ` The feeds hold ${writeMonth(firsts[0]!)} to ${writeMonth(lasts.at(-1)!)}.` : '';
  return `Nothing was found for this choice of period, area, agency and category.${held} Choose a longer period or more areas.`;
}
