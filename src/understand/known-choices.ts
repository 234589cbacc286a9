// Which filters and options of a question are known here. An answer to a misspelt choice would be an answer to another question.

import type { Filters, LakeReader } from '../core/index.ts';
import { readCatalogue } from './catalogue.ts';
import type { Categories } from './categories.ts';

/** What an option of a question takes: one of its own words, any feeds, or anything that a map can show. */
export type AcceptedOptions = Readonly<Record<string, readonly string[] | 'feeds' | 'layers'>>;

/** The options of each question, for commands, pages and the API alike. */
export const questionOptions = {
  demand: { measure: ['events', 'hours', 'harm'], feed: 'feeds' },
  'repeat-demand': { by: ['address', 'person', 'household', 'area'], feed: 'feeds' },
  places: { layer: 'layers', by: ['area', 'hexagon'], measure: ['rate', 'count'], size: ['small', 'medium', 'large'], feed: 'feeds' },
  'data-quality': { feed: 'feeds' },
  linkage: {},
} as const satisfies Readonly<Record<string, AcceptedOptions>>;

/** The values of each filter that neither the packs nor the snapshot know. */
export async function unknownFilters(lake: LakeReader, words: Categories, { agency, category, area }: Filters): Promise<{ agency: string[]; category: string[]; area: string[] }> {
  const { series, areaCodes } = await readCatalogue(lake);
  const agencies = new Set([...words.agencies.keys(), ...series.map((each) => each.agency)]);
  const categories = new Set([...words.categories.keys(), ...series.map((each) => each.category)]);
  return {
    agency: agency.filter((value) => !agencies.has(value)),
    category: category.filter((value) => !categories.has(value)),
    area: area.filter((value) => !areaCodes.has(value)),
  };
}
