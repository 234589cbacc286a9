// Social tenancies (who holds which, whenever that or the arrears change) and treatment for drugs and alcohol.

import { createRandom } from '../core/index.ts';
import { ageOn, dateText } from './calendar.ts';
import { tenures } from './county-streets.ts';
import { FOREVER, membersOf } from './people.ts';
import type { MonthlyProcess, World } from './world.ts';
import { pickWeighted } from './world.ts';
import { uniformOf } from './record-noise.ts';

interface Tenancy {
  ref: string;
  household: number;
  tenants: number[];
  started: number;
  arrears: number;
}

export function createTenancyProcess(world: World): MonthlyProcess {
  const random = createRandom(world.seed, 'tenancies');
  const { writer, people, county, pack, calendar } = world;
  const housing = world.records.housing;
  const social = tenures.indexOf('social-rent');
  const dwellings = Int32Array.from({ length: county.dwellings }, (_, d) => d).filter((d) => county.dwellingTenure[d] === social && county.dwellingKind[d]! < 2);
  const held = new Map<number, Tenancy>();
  let number = 0;
  const arrearsOf = (household: number) => {
    const behind = random.chance(Math.min(0.9, pack.housing.arrearsShare * Math.exp(0.35 * people.householdAdversity[household]!)));
    return behind ? random.gamma(1.1, pack.housing.meanArrears / 1.1) : 0;
  };
  const write = (dwelling: number, tenancy: Tenancy, day: number, ended: number) => {
    tenancy.tenants.forEach((person, i) => {
      const record = housing.findRecord(person) >= 0 ? housing.findRecord(person) : housing.newRecord(person);
      const written = housing.write(record, day);
      writer.row('tenancy', world.month, [
        tenancy.ref, written.id, i === 0, dateText(tenancy.started), ended < 0 ? null : dateText(ended), tenancy.arrears.toFixed(2), county.uprnOf(dwelling), county.addressOf(dwelling), county.postcodeOf(dwelling),
        county.longitude(county.dwellingX[dwelling]!), county.latitude(county.dwellingY[dwelling]!), county.areas[county.dwellingArea[dwelling]!]!.code,
        written.forename, written.surname, written.birth, written.sex, written.phone, written.email,
      ]);
    });
  };
  return {
    month() {
      const day = calendar.monthStart[world.month]!;
      for (const dwelling of dwellings) {
        const household = people.dwellingHousehold[dwelling]!;
        const before = held.get(dwelling);
        if (before && before.household !== household) {
          write(dwelling, before, day, day - 1);
          held.delete(dwelling);
        }
        if (before && before.household === household && random.chance(pack.housing.changePerMonth)) {
          const arrears = arrearsOf(household);
          if (arrears !== before.arrears) write(dwelling, Object.assign(before, { arrears }), day, -1);
        }
        if (household < 0 || before?.household === household) continue;
        const tenants = membersOf(people, household).filter((member) => people.from[member]! <= day && ageOn(people.birth[member]!, day) >= 18).toReversed().slice(0, 2);
        if (tenants.length === 0) continue;
        number += 1;
        const started = world.month > 0 ? day : calendar.firstDay - 30 - Math.floor(uniformOf(5, household, 1) ** 2 * 8000);
        const tenancy = { ref: `T${String(number).padStart(6, '0')}`, household, tenants, started, arrears: arrearsOf(household) };
        held.set(dwelling, tenancy);
        write(dwelling, tenancy, day, -1);
      }
    },
  };
}

export function createTreatmentProcess(world: World): MonthlyProcess {
  const random = createRandom(world.seed, 'treatment');
  const { writer, people, pack, sampler, calendar } = world;
  const treatment = world.records.treatment;
  const back: { month: number; person: number; substance: string }[] = [];
  let number = 0;
  const write = (person: number, substance: string) => {
    number += 1;
    const first = calendar.monthStart[world.month]!;
    const referred = first + random.below(calendar.monthStart[world.month + 1]! - first);
    const started = random.chance(0.88) ? referred + 1 + Math.floor(random.exponential(9)) : -1;
    const ended = started < 0 ? referred + 30 : started + 30 + Math.floor(random.gamma(1.6, substance === 'opiates' ? 320 : 110));
    const isEnded = ended < calendar.endDay;
    const written = treatment.write(treatment.recordFor(person), referred, 'short');
    writer.row('treatment-episode', world.month, [
      `DT${String(number).padStart(6, '0')}`, written.id, dateText(referred), started < 0 || started >= calendar.endDay ? null : dateText(started), isEnded ? dateText(ended) : null, substance,
      pickWeighted(random.next(), { Self: 0.55, 'General practitioner': 0.13, 'Criminal justice': 0.16, Hospital: 0.07, 'Social care': 0.05, Other: 0.04 }),
      isEnded ? (started < 0 ? 'Did not start' : pickWeighted(random.next(), { 'Completed, free of dependency': 0.44, 'Dropped out': 0.38, 'Transferred, in custody': 0.07, 'Transferred, not in custody': 0.09, Died: 0.02 })) : null,
      written.forename, written.surname, written.birth, written.sex, written.ethnicity, written.nhsNumber, written.postcode,
    ]);
    if (random.chance(0.3)) back.push({ month: world.month + 3 + Math.floor(random.exponential(9)), person, substance });
  };
  return {
    month() {
      const adults = world.population * 0.79;
      for (let n = random.poisson((pack.treatment.perThousandAdults * adults * 0.82) / 12_000); n > 0; n -= 1) {
        const person = sampler.draw(random, 'opiates');
        if (people.until[person] === FOREVER && ageOn(people.birth[person]!, calendar.monthStart[world.month]!) >= 18) write(person, pickWeighted(random.next(), pack.treatment.mix));
      }
      for (let i = back.length - 1; i >= 0; i -= 1) {
        const entry = back[i]!;
        if (entry.month !== world.month) continue;
        back.splice(i, 1);
        if (people.until[entry.person] === FOREVER) write(entry.person, entry.substance);
      }
    },
  };
}
