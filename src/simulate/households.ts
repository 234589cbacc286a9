// Fills the county with households of the usual kinds: ages, names and heritage that fit each other, the tenure and the area.

import type { Random } from '../core/index.ts';
import { createRandom } from '../core/index.ts';
import type { Calendar } from './calendar.ts';
import { partsOf } from './calendar.ts';
import type { County } from './county.ts';
import { dwellingKinds, tenures } from './county-streets.ts';
import type { People } from './people.ts';
import { allocatePeople, createTraits, householdKinds, joinHousehold } from './people.ts';
import type { NameTable } from './person-names.ts';
import type { SimulationPack } from './simulation.pack.ts';

type Kind = (typeof householdKinds)[number];

/** How tenure changes the share of each kind of household. */
const tenureTilt: Record<(typeof tenures)[number], Partial<Record<Kind, number>>> = {
  owned: { 'lone-parent': 0.5, sharers: 0.15, single: 0.8, 'older-couple': 1.3, 'couple-adult-children': 1.3 },
  'private-rent': { 'older-single': 0.4, 'older-couple': 0.25, sharers: 4, 'lone-parent': 1.4, single: 1.3, 'couple-adult-children': 0.6 },
  'social-rent': { 'lone-parent': 2.6, 'older-couple': 0.5, 'older-single': 1.2, single: 1.25, 'couple-children': 0.75, couple: 0.6, sharers: 0.3 },
};

interface Member {
  age: number;
  sex: number;
  role: 'head' | 'partner' | 'child' | 'elder' | 'other';
  twin?: boolean;
}

export interface HouseholdMaker {
  /** Makes a household in a dwelling and returns its number; people count from `day`. */
  settle(dwelling: number, day: number, kind?: Kind): number;
  /** A baby for a mother. */
  bear(mother: number, day: number): number;
}

const between = (random: Random, low: number, high: number) => low + random.next() * (high - low);

/** Ages of the children of a parent: the first at about 28, the others 2 to 4 years apart; those over 25 have left. */
function childAges(random: Random, parentAge: number, shares: number[], twins: number): { age: number; twin: boolean }[] {
  const firstBirth = Math.max(17.5, 27.5 + 5 * random.normal());
  let age = parentAge - firstBirth;
  if (age < 0.05) age = 0.05 + random.next() * Math.max(0.5, parentAge - 18);
  if (age > 17.9) age = between(random, 9, 25);
  const ages: { age: number; twin: boolean }[] = [];
  for (let left = 1 + random.pickIndex(shares); left > 0 && age > 0.02; left -= 1) {
    ages.push({ age, twin: false });
    if (random.chance(twins)) ages.push({ age, twin: true });
    age -= 1.2 + random.gamma(2, 0.9);
  }
  return ages;
}

function agesOf(random: Random, kind: Kind, twins: number): Member[] {
  const woman = (share: number) => (random.chance(share) ? 0 : 1);
  const pair = (age: number): Member[] => {
    const sex = woman(0.5);
    const partnerAge = Math.max(18, age + random.normal() * 4 - (sex === 1 ? 2 : -2));
    return [{ age, sex, role: 'head' }, { age: partnerAge, sex: random.chance(0.015) ? sex : 1 - sex, role: 'partner' }];
  };
  const children = (parent: number, shares: number[]): Member[] => childAges(random, parent, shares, twins).map(({ age, twin }) => ({ age, sex: woman(0.488), role: 'child', twin }));
  const older = () => Math.min(101, 66 + random.gamma(1.35, 7.6));
  switch (kind) {
    case 'older-single': return [{ age: older() + 2, sex: woman(0.65), role: 'head' }];
    case 'older-couple': return pair(Math.max(66, older() - 2)).map((member) => ({ ...member, age: Math.max(60, member.age) }));
    case 'single': return [{ age: between(random, 24, 67), sex: woman(0.42), role: 'head' }];
    case 'couple': return pair(random.chance(0.26) ? between(random, 22, 40) : between(random, 46, 67));
    case 'couple-children': {
      const parents = pair(between(random, 28, 55));
      return [...parents, ...children(Math.min(...parents.map((parent) => parent.age)), [0.44, 0.84, 0.96, 1])];
    }
    case 'lone-parent': {
      const parent: Member = { age: between(random, 23, 53), sex: woman(0.88), role: 'head' };
      return [parent, ...children(parent.age, [0.55, 0.87, 0.97, 1])];
    }
    case 'couple-adult-children': {
      const parents = pair(between(random, 46, 66));
      const grown = Array.from({ length: random.chance(0.6) ? 1 : 2 }, (): Member => ({ age: Math.min(between(random, 18, 32), parents[0]!.age - 20), sex: woman(0.42), role: 'child' }));
      return [...parents, ...grown];
    }
    case 'sharers': return Array.from({ length: 2 + random.below(4) }, (): Member => ({ age: between(random, 18, 34), sex: woman(0.47), role: 'other' }));
    case 'multi-generation': {
      const parents = pair(between(random, 28, 50));
      const elders = Array.from({ length: random.chance(0.5) ? 1 : 2 }, (_, i): Member => ({ age: parents[0]!.age + between(random, 22, 32), sex: i === 0 ? woman(0.7) : 1, role: 'elder' }));
      return [...parents, ...children(Math.min(parents[0]!.age, parents[1]!.age), [0.35, 0.7, 0.9, 1]), ...elders];
    }
    case 'care-home': return Array.from({ length: 18 + random.below(24) }, (): Member => ({ age: between(random, 74, 98), sex: woman(0.7), role: 'other' }));
    case 'childrens-home': return Array.from({ length: 3 + random.below(3) }, (): Member => ({ age: between(random, 11, 17.8), sex: woman(0.45), role: 'other' }));
    case 'hostel': return Array.from({ length: 10 + random.below(10) }, (): Member => ({ age: between(random, 19, 60), sex: woman(0.2), role: 'other' }));
  }
}

export function createHouseholdMaker(seed: number, pack: SimulationPack, county: County, names: NameTable, people: People): HouseholdMaker {
  const random = createRandom(seed, 'households');
  const traits = createTraits(seed, pack);
  const ordinary = householdKinds.slice(0, 9);
  const shares = tenures.map((tenure) => {
    let total = 0;
    return Float64Array.from(ordinary, (kind) => (total += pack.people.households[kind]! * (tenureTilt[tenure][kind] ?? 1)));
  });
  const south = new Set(['pakistani', 'bangladeshi', 'indian', 'black-african'].map((name) => names.heritages.indexOf(name)));
  const mixed = names.heritages.indexOf('mixed');
  const ownName = new Set(['pakistani', 'bangladeshi', 'black-african', 'other'].map((name) => names.heritages.indexOf(name)));
  const multi = householdKinds.indexOf('multi-generation');
  const heritageOf = (area: number) => {
    let rest = random.next();
    const mix = county.areas[area]!.heritage;
    for (let h = 0; h < mix.length; h += 1) if ((rest -= mix[h]!) < 0) return h;
    return 0;
  };
  const addPerson = (household: number, day: number, birth: number, sex: number, heritage: number, surname: number): number => {
    const person = people.count;
    if (person >= people.birth.length) throw new Error('The simulated county has grown past its room');
    people.count += 1;
    const year = partsOf(birth).year;
    people.birth[person] = birth;
    people.sex[person] = sex;
    people.heritage[person] = heritage;
    people.from[person] = day;
    people.forename[person] = names.forename(random, heritage, sex, year);
    const middle = random.chance(pack.people.middleNameShare) ? names.forename(random, heritage, sex, year) : -1;
    people.middle[person] = middle === people.forename[person] ? -1 : middle;
    people.surname[person] = names.surnameFor(surname, sex);
    people.otherSurname[person] = names.surnameFor(names.surname(random, heritage), sex);
    joinHousehold(people, person, household);
    traits(people, person, county.areas[county.dwellingArea[people.householdDwelling[household]!]!]!.deprivation);
    return person;
  };
  const childSurname = (father: number, mother: number): number => {
    const line = father >= 0 ? father : mother;
    if (father >= 0 && mother >= 0 && people.surname[father] !== people.surname[mother] && random.chance(pack.people.doubleBarrelled * 4)) {
      return names.joined(people.surname[mother]!, people.surname[father]!);
    }
    return people.surname[line]!;
  };
  const nameAfter = (child: number, father: number) => {
    if (people.sex[child] === 1 && father >= 0 && random.chance(pack.people.sameNameSon)) people.forename[child] = people.forename[father]!;
  };
  const fill = (household: number, day: number, members: Member[], heritage: number, communal: boolean) => {
    let surname = names.surname(random, heritage);
    const adults: number[] = [];
    let twinBirth = 0;
    for (const member of members) {
      const birth = member.twin ? twinBirth : Math.floor(day - member.age * 365.2425 - 1);
      twinBirth = birth;
      let own = heritage;
      let name = surname;
      if (communal || member.role === 'other') {
        own = heritageOf(county.dwellingArea[people.householdDwelling[household]!]!);
        name = names.surname(random, own);
      } else if (member.role === 'partner') {
        if (random.chance(0.07)) own = heritageOf(county.dwellingArea[people.householdDwelling[household]!]!);
        const keeps = ownName.has(own) ? 0.7 : pack.people.maidenKept + 0.15;
        if (random.chance(keeps)) name = names.surname(random, own);
      } else if (member.role === 'child') {
        const father = adults.find((adult) => people.sex[adult] === 1) ?? -1;
        const mother = adults.find((adult) => people.sex[adult] === 0) ?? -1;
        name = childSurname(father, mother);
        if (adults.length === 2 && people.heritage[adults[0]!] !== people.heritage[adults[1]!]) own = mixed;
      }
      const person = addPerson(household, day, birth, member.sex, own, name);
      if (member.role === 'head') surname = people.surname[person]!;
      if (member.role === 'head' || member.role === 'partner') adults.push(person);
      if (member.role === 'child') nameAfter(person, adults.find((adult) => people.sex[adult] === 1) ?? -1);
    }
  };
  return {
    settle(dwelling, day, wanted) {
      const household = people.households;
      people.households += 1;
      people.householdDwelling[household] = dwelling;
      people.dwellingHousehold[dwelling] = household;
      const area = county.dwellingArea[dwelling]!;
      const place = dwellingKinds[county.dwellingKind[dwelling]!]!;
      const communal = place === 'care-home' || place === 'childrens-home' || place === 'hostel';
      const heritage = heritageOf(area);
      let kind: Kind = wanted ?? (communal ? place : ordinary[random.pickIndex(shares[county.dwellingTenure[dwelling]!]!)]!);
      if (!communal && south.has(heritage) && random.chance(0.09)) kind = householdKinds[multi]!;
      people.householdKind[household] = householdKinds.indexOf(kind);
      people.householdAdversity[household] = random.normal() + (kind === 'childrens-home' || kind === 'hostel' ? 2 : kind === 'lone-parent' ? 0.4 : 0) + (tenures[county.dwellingTenure[dwelling]!] === 'social-rent' ? 0.35 : -0.1);
      fill(household, day, agesOf(random, kind, pack.people.twinBirths), heritage, communal);
      return household;
    },
    bear(mother, day) {
      const household = people.household[mother]!;
      let father = -1;
      for (let p = people.householdFirst[household]!; p >= 0; p = people.next[p]!) {
        if (people.sex[p] === 1 && Math.abs(people.birth[p]! - people.birth[mother]!) < 15 * 365) father = p;
      }
      const heritage = father >= 0 && people.heritage[father] !== people.heritage[mother] ? mixed : people.heritage[mother]!;
      const baby = addPerson(household, day, day, random.chance(0.488) ? 0 : 1, heritage, childSurname(father, mother));
      nameAfter(baby, father);
      return baby;
    },
  };
}

/** The people of the county on its first day. */
export function createPeople(seed: number, pack: SimulationPack, county: County, names: NameTable, calendar: Calendar, wanted: number): { people: People; maker: HouseholdMaker } {
  const years = calendar.months / 12;
  const capacity = Math.ceil(wanted * (1.02 + 0.07 * years)) + 400;
  const people = allocatePeople(capacity, Math.ceil(county.dwellings * (1.05 + 0.06 * years)) + 100, county.dwellings);
  const maker = createHouseholdMaker(seed, pack, county, names, people);
  const random = createRandom(seed, 'settling');
  let target = 0;
  for (const area of county.areas) {
    target += area.population;
    const [from, to] = [county.areaStart[area.index]!, county.areaStart[area.index + 1]!];
    const order = Int32Array.from({ length: to - from }, (_, i) => from + i);
    for (let i = order.length - 1; i > 0; i -= 1) {
      const j = random.below(i + 1);
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    for (let i = 0; i < order.length && people.count < target; i += 1) maker.settle(order[i]!, calendar.firstDay);
  }
  return { people, maker };
}
