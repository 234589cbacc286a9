// Where events happen: at somebody's home, at a street point, at licensed premises or in a town centre, each with lasting differences between places.

import type { Random } from '../core/index.ts';
import { createRandom } from '../core/index.ts';
import type { County } from './county.ts';
import type { PremisesKind } from './county-places.ts';

export interface EventPlace {
  x: number;
  y: number;
  area: number;
  /** The street point to which published crime is moved. */
  point: number;
  /** Dwelling, or -1. */
  dwelling: number;
  /** Premises, or -1. */
  premises: number;
  text: string;
  postcode: string;
}

export interface EventPlaces {
  home(dwelling: number): EventPlace;
  street(random: Random): EventPlace;
  streetIn(random: Random, area: number): EventPlace;
  centre(random: Random, town?: number): EventPlace;
  atPremises(random: Random, kinds: readonly PremisesKind[]): EventPlace;
  atPoint(random: Random, point: number): EventPlace;
  school(school: number): EventPlace;
  /** Weight of each street point for disorder in the street; a hot spot is a point with a raised weight. */
  pointWeight: Float64Array;
  /** To be called after weights change. */
  refresh(): void;
  /** A dwelling, more often where more deprived, for burglary. */
  dwelling(random: Random): number;
}

export function createEventPlaces(seed: number, county: County): EventPlaces {
  const random = createRandom(seed, 'lasting places');
  const central = new Set(county.centrePoints.flat());
  const pointWeight = Float64Array.from(county.points, (point, index) => (random.gamma(0.6, 1 / 0.6) + 0.05) * (0.35 + 1.6 * county.areas[point.area]!.deprivation) * (central.has(index) ? 5 : 1) * (/^[A-Z]\w+ (Area|Station)$|Supermarket|Space/.test(point.name) ? 1.6 : 1));
  const accumulate = (weights: ArrayLike<number>, length: number) => {
    let total = 0;
    return Float64Array.from({ length }, (_, i) => (total += weights[i]!));
  };
  let points = accumulate(pointWeight, pointWeight.length);
  let dwellingTotal = 0;
  const dwellingCumulative = Float64Array.from({ length: county.dwellings }, (_, d) => (dwellingTotal += random.gamma(0.8, 1) * (0.5 + county.areas[county.dwellingArea[d]!]!.deprivation)));
  const premisesByKinds = new Map<string, { items: number[]; cumulative: Float64Array }>();
  const premisesOf = (kinds: readonly PremisesKind[]) => {
    const key = kinds.join();
    let found = premisesByKinds.get(key);
    if (!found) {
      const items = county.premises.map((_, i) => i).filter((i) => kinds.includes(county.premises[i]!.kind));
      const boost = (i: number) => county.premises[i]!.weight * (county.premises[i]!.kind === 'club' ? 5 : 1);
      found = { items, cumulative: accumulate(items.map(boost), items.length) };
      premisesByKinds.set(key, found);
    }
    return found;
  };
  const atPoint = (draws: Random, point: number): EventPlace => {
    const where = county.points[point]!;
    return {
      x: where.x + draws.normal() * 14, y: where.y + draws.normal() * 14, area: where.area, point, dwelling: -1, premises: -1,
      text: `${where.name}, ${county.areas[where.area]!.locality}`, postcode: '',
    };
  };
  const streetIn = (draws: Random, area: number) => {
    const from = county.areaPoints[area]!;
    return atPoint(draws, from + draws.below(county.areaPoints[area + 1]! - from));
  };
  const townCumulative = accumulate(county.centrePoints.map((list) => list.length), county.centrePoints.length);
  return {
    pointWeight,
    refresh: () => { points = accumulate(pointWeight, pointWeight.length); },
    home: (dwelling) => ({
      x: county.dwellingX[dwelling]!, y: county.dwellingY[dwelling]!, area: county.dwellingArea[dwelling]!, point: county.dwellingPoint[dwelling]!, dwelling, premises: -1,
      text: county.addressOf(dwelling), postcode: county.postcodeOf(dwelling),
    }),
    street: (draws) => atPoint(draws, draws.pickIndex(points)),
    streetIn,
    centre: (draws, town) => atPoint(draws, draws.pick(county.centrePoints[town ?? draws.pickIndex(townCumulative)]!)),
    atPremises(draws, kinds) {
      const { items, cumulative } = premisesOf(kinds);
      const index = items[draws.pickIndex(cumulative)]!;
      const site = county.premises[index]!;
      return { x: site.x, y: site.y, area: site.area, point: site.point, dwelling: -1, premises: index, text: `${site.name}, ${site.address}`, postcode: site.postcode };
    },
    atPoint,
    school(index) {
      const school = county.schools[index]!;
      return { x: school.x, y: school.y, area: school.area, point: county.areaPoints[school.area]!, dwelling: -1, premises: -1, text: school.name, postcode: '' };
    },
    dwelling: (draws) => draws.pickIndex(dwellingCumulative),
  };
}
