// The county's own feeds: area profile and boundaries, schools and licensed premises, counted from the people who live there on the first day.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asProblem } from '../core/index.ts';
import { ageOn } from './calendar.ts';
import type { Calendar } from './calendar.ts';
import type { County } from './county.ts';
import { tenures } from './county-streets.ts';
import type { FeedWriter, WrittenFile } from './feed.writer.ts';
import type { People } from './people.ts';
import { membersOf } from './people.ts';
import type { NamesPack } from './simulation.pack.ts';

/** English index of deprivation 2025: score at each tenth of areas from the least deprived (Ministry of Housing, Communities and Local Government). */
const scoreAtTenth = [0.2, 5.5, 8.4, 11.1, 14.1, 17.4, 21.5, 26.6, 33.5, 44.9, 89.9];
const ENGLISH_AREAS = 33_755;

export function deprivationScore(share: number): number {
  const at = Math.min(9.999, share * 10);
  const low = scoreAtTenth[Math.floor(at)]!;
  return low + (scoreAtTenth[Math.floor(at) + 1]! - low) * (at % 1);
}

const ageBands = [16, 25, 35, 50, 65, 200];
const broadOrder = ['Asian', 'Black', 'Mixed', 'White', 'Other'];

export function writeAreaProfile(writer: FeedWriter, county: County, people: People, calendar: Calendar, names: NamesPack, heritages: string[]): void {
  const ages = county.areas.map(() => Array.from({ length: 6 }, () => 0));
  const broad = county.areas.map(() => Array.from({ length: 5 }, () => 0));
  const homes = county.areas.map(() => ({ all: 0, social: 0, crowded: 0 }));
  for (let p = 0; p < people.count; p += 1) {
    const area = county.dwellingArea[people.householdDwelling[people.household[p]!]!]!;
    const age = ageOn(people.birth[p]!, calendar.firstDay);
    ages[area]![ageBands.findIndex((limit) => age < limit)]! += 1;
    broad[area]![broadOrder.indexOf(names.heritages[heritages[people.heritage[p]!]!]!.broad)]! += 1;
  }
  for (let d = 0; d < county.dwellings; d += 1) {
    const household = people.dwellingHousehold[d]!;
    if (household < 0) continue;
    const home = homes[county.dwellingArea[d]!]!;
    home.all += 1;
    if (tenures[county.dwellingTenure[d]!] === 'social-rent') home.social += 1;
    if (membersOf(people, household).length >= 6 && county.dwellingKind[d]! < 2) home.crowded += 1;
  }
  county.areas.forEach((area, a) => {
    const residents = ages[a]!.reduce((sum, n) => sum + n, 0) || 1;
    const ward = county.wards[area.ward]!;
    const council = county.councils[area.council]!;
    const rank = Math.max(1, Math.round((1 - area.deprivation) * ENGLISH_AREAS));
    writer.row('area-profile', 0, [
      area.code, area.name, ward.name, ward.code, council.name, council.code, Math.min(10, Math.floor((1 - area.deprivation) * 10) + 1), rank, deprivationScore(area.deprivation).toFixed(3),
      (0.02 + 0.42 * area.deprivation ** 1.6).toFixed(3), (0.02 + 0.24 * area.deprivation ** 1.6).toFixed(3), ...ages[a]!, ...broad[a]!.map((n) => (n / residents).toFixed(5)),
      (homes[a]!.crowded / Math.max(1, homes[a]!.all)).toFixed(5), (homes[a]!.social / Math.max(1, homes[a]!.all)).toFixed(5),
    ]);
  });
}

export function writeSchools(writer: FeedWriter, county: County, pupilsOf: (school: number) => { pupils: number; freeMeals: number }): void {
  county.schools.forEach((school, s) => {
    const { pupils, freeMeals } = pupilsOf(s);
    const area = county.areas[school.area]!;
    writer.row('school', 0, [
      school.urn, '000', county.councils[area.council]!.name, school.establishment, school.name, school.type, /cademy/.test(school.type) ? 'Academies' : 'Local authority maintained schools', school.phase, pupils,
      pupils > 0 ? ((100 * freeMeals) / pupils).toFixed(1) : null, null, null, area.code, null, county.longitude(school.x), county.latitude(school.y),
    ]);
  });
}

export function writePremises(writer: FeedWriter, county: County): void {
  for (const site of county.premises) {
    writer.row('licensed-premises', 0, [site.ref, site.name, site.kind, site.address, site.postcode, county.longitude(site.x), county.latitude(site.y), county.areas[site.area]!.code, site.closesAt]);
  }
}

export function writeBoundaries(out: string, county: County): WrittenFile {
  const path = join(out, 'boundary', 'boundary.geojson');
  const features = county.areas.map((area) => {
    const council = county.councils[area.council]!;
    return JSON.stringify({
      type: 'Feature',
      properties: { LSOA21CD: area.code, LSOA21NM: area.name, LAD22CD: council.code, LAD22NM: council.name },
      geometry: { type: 'Polygon', coordinates: [area.ring.map(([x, y]) => [Number(county.longitude(x)), Number(county.latitude(y))])] },
    });
  });
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `{"type":"FeatureCollection","name":"Fenmarch areas","features":[\n${features.join(',\n')}\n]}\n`);
  } catch (error) {
    throw asProblem(error, path);
  }
  return { feed: 'boundary', path, rows: county.areas.length };
}
