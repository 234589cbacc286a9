// The county as one thing: areas, streets, premises and schools, and the conversion of its metres to longitude and latitude.

import type { AreaMap } from './county-areas.ts';
import { createAreaMap } from './county-areas.ts';
import type { Places } from './county-places.ts';
import { createPlaces } from './county-places.ts';
import type { Streets } from './county-streets.ts';
import { createStreets, dwellingKinds } from './county-streets.ts';
import type { SimulationPack } from './simulation.pack.ts';

export interface County extends AreaMap, Streets, Places {
  longitude(x: number): string;
  latitude(y: number): string;
  /** "Flat 3, Quay Court, Fenmarch" or "14 Mill Lane, Saltmere". */
  addressOf(dwelling: number): string;
  postcodeOf(dwelling: number): string;
  uprnOf(dwelling: number): string;
}

const METRES_PER_DEGREE = 111_320;

export function createCounty(seed: number, pack: SimulationPack, people: number): County {
  const map = createAreaMap(seed, pack, people);
  const streets = createStreets(seed, pack, map);
  const places = createPlaces(seed, pack, map, streets);
  const [longitude, latitude] = pack.place.centre;
  const perDegreeEast = METRES_PER_DEGREE * Math.cos((latitude * Math.PI) / 180);
  return {
    ...map,
    ...streets,
    ...places,
    longitude: (x) => (longitude + x / perDegreeEast).toFixed(6),
    latitude: (y) => (latitude + y / METRES_PER_DEGREE).toFixed(6),
    addressOf(dwelling) {
      const street = streets.streetName[streets.dwellingStreet[dwelling]!]!;
      const { locality } = map.areas[streets.dwellingArea[dwelling]!]!;
      const number = streets.dwellingNumber[dwelling]!;
      const kind = dwellingKinds[streets.dwellingKind[dwelling]!]!;
      if (kind === 'flat') return `Flat ${((number - 1) % 9) + 1}, ${10 + Math.floor((number - 1) / 9) * 2} ${street}, ${locality}`;
      if (kind === 'care-home') return `${street.split(' ')[0]} Lodge Care Home, ${number} ${street}, ${locality}`;
      if (kind === 'childrens-home') return `${number} ${street}, ${locality}`;
      if (kind === 'hostel') return `The Haven, ${number} ${street}, ${locality}`;
      return `${number} ${street}, ${locality}`;
    },
    postcodeOf: (dwelling) => streets.postcodes[streets.dwellingPostcode[dwelling]!]!,
    uprnOf: (dwelling) => String(990_000_000_000 + dwelling * 7 + 1),
  };
}
