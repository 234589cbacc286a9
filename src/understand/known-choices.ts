// Which filters and options of a question are known here. An answer to a misspelt choice would be an answer to another question.

import type { Filters, LakeReader } from '../core/index.ts';
import { readCatalogue } from './catalogue.ts';
import type { Categories } from './categories.ts';

/** The options of each question: their words, or `any` where a feed, layer or list is named. */
export const questionOptions: Readonly<Record<string, Readonly<Record<string, readonly string[] | 'any'>>>> = {
  demand: { measure: ['events', 'hours', 'harm'], feed: 'any' },
  'repeat-demand': { by: ['address', 'person', 'household', 'area'], feed: 'any' },
  places: { layer: 'any', by: ['area', 'hexagon'], measure: ['rate', 'count'], size: ['small', 'medium', 'large'], feed: 'any' },
  'data-quality': { feed: 'any' },
  linkage: {},
};

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
