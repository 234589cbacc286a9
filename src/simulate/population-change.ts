// What changes from month to month: births, deaths, moves within the county, young adults leaving home, people leaving and arriving.
// Moves fall on the first of a month. Vacant dwellings are the only places to move to, so the county keeps its size.

import type { Random } from '../core/index.ts';
import { createRandom } from '../core/index.ts';
import type { Calendar } from './calendar.ts';
import { ageOn } from './calendar.ts';
import type { County } from './county.ts';
import { tenures } from './county-streets.ts';
import type { HouseholdMaker } from './households.ts';
import type { People } from './people.ts';
import { FOREVER, joinHousehold, leaveHousehold, membersOf } from './people.ts';
import type { SimulationPack } from './simulation.pack.ts';

export interface HomeSpell {
  person: number;
  household: number;
  dwelling: number;
  from: number;
  /** The day after the last; FOREVER where still there. */
  to: number;
}

export interface PopulationChange {
  /** Applies a month's changes; each spell at a home that ends is given to `onSpell`. */
  step(month: number): void;
  /** Gives the spells that are still open. */
  finish(): void;
}

function deathRateTable(pack: SimulationPack): Float64Array {
  const ages = Object.keys(pack.people.deathRateAt).map(Number).toSorted((a, b) => a - b);
  return Float64Array.from({ length: 121 }, (_, age) => {
    const next = ages.findIndex((a) => a > age);
    if (next === -1) return pack.people.deathRateAt[ages.at(-1)!]! * 1.08 ** (age - ages.at(-1)!);
    const [low, high] = [ages[Math.max(0, next - 1)]!, ages[next]!];
    const [a, b] = [Math.log(pack.people.deathRateAt[low]!), Math.log(pack.people.deathRateAt[high]!)];
    return Math.exp(a + ((b - a) * (age - low)) / Math.max(1, high - low));
  });
}

/** Dwellings with nobody in them, to draw from. */
function createVacancies(people: People, county: County) {
  const vacant: number[] = [];
  for (let d = 0; d < county.dwellings; d += 1) if (people.dwellingHousehold[d] === -1 && county.dwellingKind[d]! < 2) vacant.push(d);
  return {
    add: (dwelling: number) => { vacant.push(dwelling); },
    /** Takes the best of a few by nearness and tenure, or -1. */
    take(random: Random, near: number, tenure: number): number {
      let best = -1;
      let least = Infinity;
      for (let i = 0; i < 6 && vacant.length > 0; i += 1) {
        const at = random.below(vacant.length);
        const d = vacant[at]!;
        const away = near < 0 ? 0 : Math.hypot(county.dwellingX[d]! - county.dwellingX[near]!, county.dwellingY[d]! - county.dwellingY[near]!);
        const score = away * (0.5 + random.next()) + (county.dwellingTenure[d] === tenure ? 0 : 4000);
        if (score < least) [best, least] = [at, score];
      }
      if (best < 0) return -1;
      const taken = vacant[best]!;
      vacant[best] = vacant.at(-1)!;
      vacant.pop();
      return taken;
    },
  };
}

/** Gives people a home before this one, for most, so that agencies can hold addresses that are out of date. */
export function givePastHomes(seed: number, county: County, people: People): void {
  const random = createRandom(seed, 'past homes');
  for (let h = 0; h < people.households; h += 1) {
    const tenure = tenures[county.dwellingTenure[people.householdDwelling[h]!]!]!;
    if (!random.chance(tenure === 'owned' ? 0.6 : 0.85)) continue;
    const area = county.areas[county.dwellingArea[people.householdDwelling[h]!]!]!;
    const other = random.chance(0.55) ? area.index : random.below(county.areas.length);
    const from = county.areaStart[other]!;
    const dwelling = from + random.below(county.areaStart[other + 1]! - from);
    for (const person of membersOf(people, h)) {
      people.previousDwelling[person] = dwelling;
      if (tenure !== 'owned' && random.chance(0.35)) people.moves[person] = 1;
    }
  }
}

export function createPopulationChange(seed: number, pack: SimulationPack, county: County, people: People, maker: HouseholdMaker, calendar: Calendar, onSpell: (spell: HomeSpell) => void): PopulationChange {
  const random = createRandom(seed, 'population');
  const deaths = deathRateTable(pack);
  const vacancies = createVacancies(people, county);
  people.movedOn.fill(calendar.firstDay);
  const moveChance = tenures.map((tenure) => 1 - (1 - pack.people.moveRateThreeYears[tenure]) ** (1 / 36));
  const endSpell = (person: number, day: number) => {
    if (people.movedOn[person]! >= day) return;
    onSpell({ person, household: people.household[person]!, dwelling: people.householdDwelling[people.household[person]!]!, from: people.movedOn[person]!, to: day });
  };
  const startSpell = (person: number, day: number, old: number) => {
    if (old >= 0) people.previousDwelling[person] = old;
    people.movedOn[person] = day;
    people.moves[person] = Math.min(250, people.moves[person]! + 1);
  };
  const moveHousehold = (household: number, dwelling: number, day: number) => {
    const old = people.householdDwelling[household]!;
    const members = membersOf(people, household);
    for (const person of members) endSpell(person, day);
    people.dwellingHousehold[old] = -1;
    vacancies.add(old);
    people.householdDwelling[household] = dwelling;
    people.dwellingHousehold[dwelling] = household;
    for (const person of members) startSpell(person, day, old);
  };
  const leaveCounty = (household: number, day: number) => {
    const dwelling = people.householdDwelling[household]!;
    for (const person of membersOf(people, household)) {
      endSpell(person, day);
      people.until[person] = day;
      leaveHousehold(people, person);
    }
    people.dwellingHousehold[dwelling] = -1;
    vacancies.add(dwelling);
  };
  const setUpHome = (person: number, day: number) => {
    const old = people.householdDwelling[people.household[person]!]!;
    const dwelling = vacancies.take(random, old, 1);
    if (dwelling < 0 || people.households >= people.householdFirst.length) return;
    endSpell(person, day);
    leaveHousehold(people, person);
    const household = people.households;
    people.households += 1;
    people.householdDwelling[household] = dwelling;
    people.householdAdversity[household] = people.adversity[person]!;
    people.householdKind[household] = 2;
    people.dwellingHousehold[dwelling] = household;
    joinHousehold(people, person, household);
    startSpell(person, day, old);
  };
  const die = (person: number, day: number) => {
    const household = people.household[person]!;
    endSpell(person, day);
    people.until[person] = day;
    leaveHousehold(people, person);
    if (people.householdFirst[household] !== -1) return;
    const dwelling = people.householdDwelling[household]!;
    if (county.dwellingKind[dwelling]! >= 2) return;
    people.dwellingHousehold[dwelling] = -1;
    vacancies.add(dwelling);
  };
  const change = (month: number) => {
    const day = calendar.monthStart[month]!;
    const length = calendar.monthStart[month + 1]! - day;
    const settled = people.count;
    const birthChance = pack.people.birthsPerThousandWomen / 12_000;
    for (let p = 0; p < settled; p += 1) {
      if (people.until[p] !== FOREVER) continue;
      const age = ageOn(people.birth[p]!, day);
      if (random.chance(deaths[Math.max(0, Math.min(120, age))]! / 12)) die(p, day + 1 + random.below(length - 1));
      else if (people.sex[p] === 0 && age >= 17 && age < 45 && random.chance(birthChance * (age < 22 || age > 38 ? 0.5 : 1.4))) {
        const born = day + random.below(length);
        const baby = maker.bear(p, born);
        people.movedOn[baby] = born;
        if (people.previousDwelling[p]! >= 0 && random.chance(0.3)) people.previousDwelling[baby] = people.previousDwelling[p]!;
      } else if (month > 0 && age >= 18 && age < 27 && random.chance(0.004)) setUpHome(p, day);
    }
  };
  const move = (day: number) => {
    const { households } = people;
    let arrivals = 0;
    for (let h = 0; h < households; h += 1) {
      if (people.householdFirst[h] === -1) continue;
      const old = people.householdDwelling[h]!;
      if (county.dwellingKind[old]! >= 2) continue;
      const tenure = county.dwellingTenure[old]!;
      const adverse = Math.exp(0.25 * people.householdAdversity[h]!);
      if (random.chance(moveChance[tenure]! * adverse)) {
        const dwelling = vacancies.take(random, old, tenure);
        if (dwelling >= 0) moveHousehold(h, dwelling, day);
      } else if (random.chance(moveChance[tenure]! * 0.3)) {
        leaveCounty(h, day);
        arrivals += 1;
      }
    }
    for (let i = 0; i < arrivals && people.households < people.householdFirst.length - 8; i += 1) {
      const dwelling = vacancies.take(random, -1, 1);
      if (dwelling < 0) break;
      const first = people.count;
      maker.settle(dwelling, day);
      for (let p = first; p < people.count; p += 1) {
        people.movedOn[p] = day;
        people.moves[p] = 1;
      }
    }
  };
  return {
    step(month) {
      const day = calendar.monthStart[month]!;
      if (month > 0) move(day);
      change(month);
    },
    finish() {
      for (let p = 0; p < people.count; p += 1) if (people.until[p] === FOREVER) endSpell(p, FOREVER);
    },
  };
}
