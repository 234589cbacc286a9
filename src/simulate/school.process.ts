// Schools: who is on which roll in each academic year, spells of absence, suspensions and exclusions. A pupil's number is made at the first school,
// under an authority number that no authority has (000).

import { createRandom, upnCheckLetter } from '../core/index.ts';
import type { AgencyRecords } from './agency-records.ts';
import { ageOn, dateText, dayOf, partsOf, weekdayOf } from './calendar.ts';
import { ageShape } from './person-sampler.ts';
import type { People } from './people.ts';
import { dwellingOf } from './people.ts';
import type { County } from './county.ts';
import { uniformOf } from './record-noise.ts';
import type { MonthlyProcess, World } from './world.ts';
import { pickWeighted } from './world.ts';

export interface PupilNumbers {
  upnOf(person: number): string;
  /** Curriculum year on a day: 0 reception to 11; below 0 or above 11 not at these schools. */
  yearOf(person: number, day: number): number;
  /** The school that serves the person in a curriculum year. */
  schoolOf(person: number, curriculumYear: number): number;
}

/** 1 September that begins the academic year of a day. */
export function academicStart(day: number): number {
  const { year, month } = partsOf(day);
  return dayOf(month >= 9 ? year : year - 1, 9, 1);
}

export function createPupilNumbers(county: County, people: People): PupilNumbers {
  const numbers = new Int32Array(people.birth.length).fill(-1);
  const homeSchool = new Int32Array(people.birth.length * 2).fill(-1);
  const serials = new Map<number, number>();
  const schoolOf = (person: number, curriculumYear: number): number => {
    const phase = curriculumYear <= 6 ? 0 : 1;
    let school = homeSchool[person * 2 + phase]!;
    if (school >= 0) return school;
    const area = county.dwellingArea[dwellingOf(people, person)]!;
    const roll = uniformOf(11, person, phase);
    if (roll < 0.009) school = county.special;
    else if (roll < 0.012 && phase === 1) school = county.alternative;
    else {
      const list = phase === 0 ? county.primaryOf : county.secondaryOf;
      school = roll < 0.82 ? list[area]! : list[Math.floor(uniformOf(12, person, phase) * list.length)]!;
    }
    homeSchool[person * 2 + phase] = school;
    return school;
  };
  return {
    schoolOf,
    yearOf: (person, day) => ageOn(people.birth[person]!, academicStart(day)) - 4,
    upnOf(person) {
      if (numbers[person] === -1) {
        const entered = partsOf(people.birth[person]!).year + 4;
        const establishment = Number(county.schools[schoolOf(person, 0)]!.establishment);
        let key = establishment * 100 + (entered % 100);
        while ((serials.get(key) ?? 0) >= 999) key += 100;
        const serial = (serials.get(key) ?? 0) + 1;
        serials.set(key, serial);
        numbers[person] = key * 1000 + serial;
      }
      const digits = numbers[person]!;
      const twelve = `000${String(digits).padStart(9, '0')}`;
      return `${upnCheckLetter(twelve)}${twelve}`;
    },
  };
}

const authorisedCodes = { I: 0.72, M: 0.17, C: 0.07, R: 0.03, T: 0.01 };
const unauthorisedCodes = { O: 0.58, G: 0.2, U: 0.16, N: 0.06 };
const reasons = { 'Persistent disruptive behaviour': 0.5, 'Verbal abuse or threatening behaviour against an adult': 0.16, 'Physical assault against a pupil': 0.15, 'Verbal abuse or threatening behaviour against a pupil': 0.05, 'Physical assault against an adult': 0.05, 'Drug and alcohol related': 0.04, Damage: 0.02, 'Weapon or prohibited item': 0.02, Bullying: 0.01 };

interface Roll {
  person: number[];
  school: number[];
  year: number[];
}

export interface SchoolProcess extends MonthlyProcess {
  /** Pupils of a school on the latest roll, and how many have free meals. */
  counts(school: number): { pupils: number; freeMeals: number };
}

function specialNeeds(world: World, person: number): 'none' | 'support' | 'plan' {
  const { support, plan } = world.pack.schools;
  const roll = uniformOf(13, person, 1) / Math.exp(0.45 * world.people.adversity[person]! + (world.people.sex[person] === 1 ? 0.3 : -0.3));
  return roll < plan * 0.85 ? 'plan' : roll < (plan + support) * 0.85 ? 'support' : 'none';
}

function hasFreeMeals(world: World, person: number): boolean {
  const { people, county } = world;
  const area = county.areas[county.dwellingArea[dwellingOf(people, person)]!]!;
  const score = 1.1 * people.householdAdversity[people.household[person]!]! + 2.6 * (area.deprivation - 0.5) + 0.6 * (uniformOf(14, people.household[person]!, 2) - 0.5);
  return score > 1.05;
}

export function createSchoolProcess(world: World, education: AgencyRecords, numbers: PupilNumbers): SchoolProcess {
  const random = createRandom(world.seed, 'schools');
  const { people, county, calendar, writer, pack, names, namesPack } = world;
  const roll: Roll = { person: [], school: [], year: [] };
  const pupils = new Int32Array(county.schools.length);
  const freeMeals = new Int32Array(county.schools.length);
  let used = new Set<string>();
  const takeRoll = (day: number) => {
    roll.person.length = 0;
    roll.school.length = 0;
    roll.year.length = 0;
    pupils.fill(0);
    freeMeals.fill(0);
    const start = academicStart(day);
    const academicYear = `${partsOf(start).year}-${String((partsOf(start).year + 1) % 100).padStart(2, '0')}`;
    for (let person = 0; person < people.count; person += 1) {
      if (people.from[person]! > day || people.until[person]! <= day) continue;
      const year = numbers.yearOf(person, day);
      if (year < 0 || year > 11) continue;
      const school = numbers.schoolOf(person, year);
      roll.person.push(person);
      roll.school.push(school);
      roll.year.push(year);
      const meals = hasFreeMeals(world, person);
      pupils[school]! += 1;
      if (meals) freeMeals[school]! += 1;
      const held = education.findRecord(person);
      const record = held >= 0 ? education.recordFor(person) : education.newRecord(person);
      const written = education.write(record, day, 'short');
      const language = namesPack.heritages[names.heritages[people.heritage[person]!]!]!.broad === 'White' && people.heritage[person]! < 2 ? 'English' : uniformOf(15, person, 4) < 0.45 ? 'English' : 'Other than English';
      const entered = year <= 6 ? start - year * 365 : start - (year - 7) * 365;
      writer.row('school-roll', world.month, [
        academicYear, county.schools[school]!.urn, written.id, written.forename, written.middle, written.surname, written.birth, written.sex, written.ethnicity, written.address, written.postcode, year,
        meals, specialNeeds(world, person), language, dateText(Math.max(academicStart(entered), people.from[person]! > calendar.firstDay ? people.from[person]! : 0)), null,
      ]);
    }
  };
  const writeSpell = (i: number, first: number, days: number, code: string) => {
    const person = roll.person[i]!;
    const key = `${person} ${first} ${code}`;
    if (used.has(key)) return;
    used.add(key);
    let last = first;
    let count = 1;
    for (let day = first + 1; count < days && day < first + 60; day += 1) {
      if (!calendar.isSchoolDay(day)) continue;
      last = day;
      count += 1;
    }
    const sessions = days === 1 && random.chance(0.3) ? 1 : count * 2;
    writer.row('school-absence', world.month, [numbers.upnOf(person), county.schools[roll.school[i]!]!.urn, dateText(first), dateText(Math.min(last, calendar.endDay - 1)), sessions, code]);
  };
  const absences = (schoolDays: number[]) => {
    if (schoolDays.length === 0) return;
    let total = 0;
    const daily = Float64Array.from(schoolDays, (day) => (total += weekdayOf(day) === 5 ? pack.schools.fridayFactor : weekdayOf(day) === 1 ? 1.05 : 0.95));
    const perMonth = (pack.schools.spellsPerYear * schoolDays.length) / 190;
    for (let i = 0; i < roll.person.length; i += 1) {
      const person = roll.person[i]!;
      if (people.until[person]! <= calendar.monthStart[world.month + 1]!) continue;
      const adverse = Math.exp(0.22 * people.adversity[person]!) * (roll.year[i]! >= 7 ? 1.22 : 0.86) * (specialNeeds(world, person) === 'none' ? 0.95 : 1.2);
      const weight = people.weight.absence[person]! * adverse;
      for (let n = random.poisson(perMonth * weight); n > 0; n -= 1) {
        const first = schoolDays[random.pickIndex(daily)]!;
        const days = 1 + Math.min(19, Math.floor(random.exponential(0.9 * Math.sqrt(weight))));
        const unauthorised = random.chance(Math.min(0.85, pack.schools.unauthorised * Math.sqrt(weight)));
        writeSpell(i, first, days, pickWeighted(random.next(), unauthorised ? unauthorisedCodes : authorisedCodes));
      }
    }
  };
  const suspensions = (schoolDays: number[]) => {
    if (schoolDays.length === 0) return;
    let total = 0;
    const day = schoolDays[0]!;
    const cumulative = Float64Array.from(roll.person, (person) => {
      const present = people.until[person]! > calendar.monthStart[world.month + 1]!;
      const need = specialNeeds(world, person) === 'none' ? 0.7 : 2.2;
      return (total += present ? people.weight.suspension[person]! * ageShape('suspension', people.sex[person]!, ageOn(people.birth[person]!, day)) * need * Math.exp(0.25 * people.adversity[person]!) : 0);
    });
    const mean = (pack.schools.suspensionsPerHundred / 100) * roll.person.length * (schoolDays.length / 190);
    for (let n = random.poisson(mean); n > 0; n -= 1) {
      const i = random.pickIndex(cumulative);
      if (!random.chance(world.plants.suspensionFactor(roll.school[i]!))) continue;
      const permanent = random.chance(pack.schools.exclusionsPerHundred / pack.schools.suspensionsPerHundred);
      const first = random.pick(schoolDays);
      const key = `${roll.person[i]} ${first} ${permanent ? 'permanent' : 'suspension'}`;
      if (used.has(key)) continue;
      used.add(key);
      const days = 1 + Math.min(9, Math.floor(random.exponential(1.2)));
      writer.row('school-suspension', world.month, [numbers.upnOf(roll.person[i]!), county.schools[roll.school[i]!]!.urn, permanent ? 'permanent' : 'suspension', dateText(first), permanent ? null : days * 2, pickWeighted(random.next(), reasons)]);
      if (!permanent) writeSpell(i, first, days, 'E');
    }
  };
  return {
    counts: (school) => ({ pupils: pupils[school]!, freeMeals: freeMeals[school]! }),
    month() {
      const from = calendar.monthStart[world.month]!;
      const to = calendar.monthStart[world.month + 1]!;
      used = new Set();
      if (world.month === 0 || partsOf(from).month === 9) takeRoll(Math.max(from, academicStart(from) + 30));
      const schoolDays: number[] = [];
      for (let day = from; day < to; day += 1) if (calendar.isSchoolDay(day)) schoolDays.push(day);
      absences(schoolDays);
      suspensions(schoolDays);
    },
  };
}
