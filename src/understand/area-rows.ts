// Counts by area with what the catalogue knows of each: every area of the choice, those without events too, and events without an area.

import type { Area } from './catalogue.ts';
import type { Keyed } from './noisy-count.ts';
import type { AreaCount } from './places.sql.ts';
import type { Scope } from './scope.ts';

/** One area, feed and, where categories are chosen, category. All that is of the area is null for events without one. */
export interface AreaRow extends Keyed, Pick<Area, 'population' | 'deprivation_score' | 'deprivation_decile'> {
  area_code: string | null;
  area_name: string | null;
  /** False where the code is not one of the partnership's areas. */
  known: boolean | null;
}

const nowhere = { area_code: null, area_name: null, known: null, population: null, deprivation_score: null, deprivation_decile: null };
const none: Keyed = { feed_id: 0, block: 0, category: null, events: 0, key: 0, before: 0, before_key: 0 };

/** In the order of the areas' codes, events without an area last. Areas of others are there where they have events. */
export function areaRows({ catalogue, blocks }: Pick<Scope, 'catalogue' | 'blocks'>, counts: readonly AreaCount[]): AreaRow[] {
  const countsOf = Map.groupBy(counts, ({ area_id }) => area_id);
  const chosen = blocks ? catalogue.areas.filter(({ area_id }) => blocks.has(area_id)) : catalogue.areas;
  return [...chosen.flatMap((area) => rowsOf(area, countsOf.get(area.area_id) ?? [none])), ...rowsOf(nowhere, countsOf.get(null) ?? [])];
}

function rowsOf({ area_code, area_name, known, population, deprivation_score, deprivation_decile }: Area | typeof nowhere, counts: readonly Keyed[]): AreaRow[] {
  return counts
    .filter(({ events }) => known === true || events > 0)
    .map(({ feed_id, block, category = null, events, key, before, before_key }) => ({ area_code, area_name, known, population, deprivation_score, deprivation_decile, feed_id, block, category, events, key, before, before_key }));
}
