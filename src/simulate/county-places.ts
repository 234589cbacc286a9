// Licensed premises clustered in town centres, schools by phase with the areas they serve, and the few dwellings that are homes and hostels.

import { createRandom } from '../core/index.ts';
import type { Random } from '../core/index.ts';
import type { AreaMap } from './county-areas.ts';
import type { Streets } from './county-streets.ts';
import type { SimulationPack } from './simulation.pack.ts';

export type PremisesKind = 'pub' | 'club' | 'restaurant' | 'shop' | 'other';

export interface Premises {
  ref: string;
  name: string;
  kind: PremisesKind;
  point: number;
  area: number;
  x: number;
  y: number;
  address: string;
  postcode: string;
  closesAt: string;
  /** How often things happen here, beside others of its kind. */
  weight: number;
}

export interface School {
  urn: string;
  establishment: string;
  name: string;
  phase: 'Primary' | 'Secondary' | 'Special' | 'Alternative provision';
  type: string;
  area: number;
  x: number;
  y: number;
  town: number;
}

export interface Places {
  premises: Premises[];
  schools: School[];
  /** Index of the primary and secondary school that serves each area. */
  primaryOf: Int32Array;
  secondaryOf: Int32Array;
  special: number;
  alternative: number;
  /** Street points of each town's centre. */
  centrePoints: number[][];
}

const pubFirst = 'Red White Black Golden Old Royal Jolly Three Crooked Silver'.split(' ');
const pubSecond = 'Lion Hart Swan Bargee Fleece Sluice Plough Eel Heron Anchor Windmill Wheatsheaf Pike Fenman Drover Bell Crown Kestrel'.split(' ');
const shopWords = 'Fenway Cornerstone Lowland Quayside Harvest Daybreak Marketgate Larkfield'.split(' ');
const foodWords = 'Saffron Olive Basil Pepper Juniper Tamarind Ginger Sesame Anise Bay'.split(' ');

function namePremises(random: Random, kind: PremisesKind): string {
  if (kind === 'pub') return `The ${random.pick(pubFirst)} ${random.pick(pubSecond)}`;
  if (kind === 'club') return random.pick(['Vault', 'Lumen', 'Carousel', 'Undercroft', 'Atrium', 'Mirage']);
  if (kind === 'restaurant') return `${random.pick(foodWords)} ${random.pick(['Kitchen', 'House', 'Grill', 'Bistro', 'Lounge'])}`;
  if (kind === 'shop') return `${random.pick(shopWords)} ${random.pick(['Stores', 'Express', 'Foods', 'Wines', 'Superstore'])}`;
  return random.pick(['Fenmen Social Club', 'Bowls Club', 'Assembly Rooms', 'Railway Institute']);
}

const closing: Record<PremisesKind, string[]> = {
  pub: ['23:00', '23:30', '00:00', '01:00'], club: ['03:00', '04:00'], restaurant: ['22:30', '23:00', '00:00'], shop: ['21:00', '22:00', '23:00'], other: ['23:00', '00:00'],
};

/** The dwelling nearest along its street to a street point, to lend an address and postcode. */
function dwellingNear(streets: Streets, point: number, offset: number): number {
  const area = streets.points[point]!.area;
  const [from, to] = [streets.areaStart[area]!, streets.areaStart[area + 1]!];
  for (let d = from; d < to; d += 1) if (streets.dwellingPoint[d] === point) return Math.min(to - 1, d + offset);
  return from + (offset % Math.max(1, to - from));
}

function createPremises(random: Random, pack: SimulationPack, map: AreaMap, streets: Streets, centrePoints: number[][]): Premises[] {
  const residents = map.areas.reduce((sum, area) => sum + area.population, 0);
  const count = Math.max(10, Math.round((residents / 1000) * pack.place.premisesPerThousand));
  const townShares = pack.place.towns.map((town) => town.share);
  const cumulative = townShares.map((_, t) => townShares.slice(0, t + 1).reduce((a, b) => a + b, 0));
  const clubs = Math.max(2, Math.round(count * 0.04));
  return Array.from({ length: count }, (_, i): Premises => {
    const kind: PremisesKind = i < clubs ? 'club' : (['pub', 'shop', 'restaurant', 'pub', 'shop', 'restaurant', 'pub', 'restaurant', 'shop', 'other'] as const)[i % 10]!;
    const town = kind === 'club' ? (i % 3 === 2 ? 1 : 0) : random.pickIndex(cumulative);
    const central = kind === 'club' || random.chance(kind === 'shop' ? 0.5 : 0.72);
    const area = random.pick(map.areas);
    const point = central ? random.pick(centrePoints[town]!) : streets.areaPoints[area.index]! + random.below(streets.areaPoints[area.index + 1]! - streets.areaPoints[area.index]!);
    const where = streets.points[point]!;
    const dwelling = dwellingNear(streets, point, random.below(8));
    const street = streets.streetName[streets.dwellingStreet[dwelling]!]!;
    return {
      ref: `LP${String(i + 1).padStart(5, '0')}`, name: namePremises(random, kind), kind, point, area: where.area,
      x: where.x + random.normal() * 6, y: where.y + random.normal() * 6,
      address: `${1 + random.below(90)} ${street}, ${map.areas[where.area]!.locality}`, postcode: streets.postcodes[streets.dwellingPostcode[dwelling]!]!,
      closesAt: random.pick(closing[kind]), weight: random.gamma(0.7, 1) + 0.05,
    };
  });
}

function createSchools(random: Random, pack: SimulationPack, map: AreaMap): School[] {
  const residents = map.areas.reduce((sum, area) => sum + area.population, 0);
  const primaries = Math.max(3, Math.round(residents / pack.place.residentsPerPrimary));
  const secondaries = Math.max(2, Math.round(residents / pack.place.residentsPerSecondary));
  const schools: School[] = [];
  const add = (phase: School['phase'], area: number, name: string, type: string) => {
    const site = map.areas[area]!;
    const n = schools.length + 1;
    schools.push({
      urn: String(990000 + n), establishment: String((phase === 'Primary' ? 2000 : phase === 'Secondary' ? 4000 : phase === 'Special' ? 7000 : 1100) + n),
      name, phase, type, area, x: site.x + 25 * (random.next() - 0.5), y: site.y + 25 * (random.next() - 0.5), town: site.town,
    });
  };
  const spread = (count: number) => Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) / count) * map.areas.length));
  for (const area of spread(primaries)) {
    const ward = map.wards[map.areas[area]!.ward]!.name;
    add('Primary', area, `${random.pick(['St Wendreda', 'St Pega', 'Hereward', ward, ward, map.areas[area]!.locality])} ${random.pick(['Primary School', 'Primary School', 'Church of England Primary', 'Community Primary'])}`, random.pick(['Community school', 'Academy converter', 'Voluntary controlled school']));
  }
  for (const area of spread(secondaries)) add('Secondary', area, `${map.wards[map.areas[area]!.ward]!.name} ${random.pick(['Academy', 'High School', 'College'])}`, random.pick(['Academy converter', 'Academy sponsor led', 'Community school']));
  const townAreas = map.areas.filter((area) => area.town === 0).map((area) => area.index);
  add('Special', random.pick(townAreas), 'Osier Bank School', 'Community special school');
  add('Alternative provision', random.pick(townAreas), 'The Lodeway Centre', 'Pupil referral unit');
  return schools;
}

function nearestSchool(map: AreaMap, schools: School[], phase: School['phase']): Int32Array {
  return Int32Array.from(map.areas, (area) => {
    let best = -1;
    let least = Infinity;
    schools.forEach((school, s) => {
      const distance = Math.hypot(school.x - area.x, school.y - area.y);
      if (school.phase === phase && distance < least) [best, least] = [s, distance];
    });
    return best;
  });
}

/** Makes some dwellings into care homes, children's homes and hostels. */
function openHomes(random: Random, map: AreaMap, streets: Streets): void {
  const residents = map.areas.reduce((sum, area) => sum + area.population, 0);
  const convert = (kind: number, count: number) => {
    for (let i = 0; i < count; i += 1) {
      const dwelling = random.below(streets.dwellings);
      streets.dwellingKind[dwelling] = kind;
      streets.dwellingTenure[dwelling] = 1;
    }
  };
  convert(2, Math.max(1, Math.round(residents / 6000)));
  convert(3, Math.max(1, Math.round(residents / 20000)));
  convert(4, Math.max(1, Math.round(residents / 20000)));
}

export function createPlaces(seed: number, pack: SimulationPack, map: AreaMap, streets: Streets): Places {
  const random = createRandom(seed, 'places');
  const centrePoints = map.towns.map((town) => streets.points
    .map((point, index) => ({ index, distance: Math.hypot(point.x - town.x, point.y - town.y) }))
    .toSorted((a, b) => a.distance - b.distance || a.index - b.index)
    .slice(0, 6 + Math.round(town.radius / 150))
    .map(({ index }) => index));
  openHomes(random, map, streets);
  const schools = createSchools(random, pack, map);
  return {
    premises: createPremises(random, pack, map, streets, centrePoints),
    schools,
    primaryOf: nearestSchool(map, schools, 'Primary'),
    secondaryOf: nearestSchool(map, schools, 'Secondary'),
    special: schools.findIndex((school) => school.phase === 'Special'),
    alternative: schools.findIndex((school) => school.phase === 'Alternative provision'),
    centrePoints,
  };
}
