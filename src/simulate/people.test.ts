import { describe, expect, it } from 'vitest';
import { ageOn, createCalendar } from './calendar.ts';
import { createCounty } from './county.ts';
import { createPeople } from './households.ts';
import { experienceBand, interceptFor, joinHousehold, leaveHousehold, membersOf, normalQuantile } from './people.ts';
import { createNameTable } from './person-names.ts';
import { createPopulationChange, type HomeSpell } from './population-change.ts';
import { readNamesPack, readSimulationPack } from './simulation.pack.ts';

const pack = readSimulationPack();
const calendar = createCalendar('2023-11', 36);

function makeCounty(seed: number) {
  const county = createCounty(seed, pack, 12_000);
  const names = createNameTable(readNamesPack(), Object.keys(pack.people.heritage));
  return { county, names, ...createPeople(seed, pack, county, names, calendar, 12_000) };
}

const { county, people, names } = makeCounty(1);

describe('people', () => {
  it('number what was asked for, to within one household', () => {
    expect(people.count).toBeGreaterThanOrEqual(12_000);
    expect(people.count).toBeLessThan(12_100);
  });

  it('live in households of one dwelling each, all of whose members are found from it', () => {
    let found = 0;
    for (let h = 0; h < people.households; h += 1) {
      const members = membersOf(people, h);
      found += members.length;
      expect(people.dwellingHousehold[people.householdDwelling[h]!]).toBe(h);
      expect(members.every((member) => people.household[member] === h)).toBe(true);
    }
    expect(found).toBe(people.count);
  });

  it('have ages near those of England (Census 2021, within about three percentage points in each band)', () => {
    const published = { 0: 17.4, 15: 18.3, 30: 20, 45: 20, 60: 15.5, 75: 8.5 };
    const bands = Object.entries(published).map(([from, share], i, all) => ({ from: Number(from), to: Number(all[i + 1]?.[0] ?? 200), share }));
    for (const { from, to, share } of bands) {
      let n = 0;
      for (let p = 0; p < people.count; p += 1) {
        const age = ageOn(people.birth[p]!, calendar.firstDay);
        if (age >= from && age < to) n += 1;
      }
      expect(Math.abs((100 * n) / people.count - share), `ages from ${from}`).toBeLessThan(3.2);
    }
  });

  it('carry names of their own heritage, sons of one name with their fathers, and twins', () => {
    let same = 0;
    let twins = 0;
    for (let h = 0; h < people.households; h += 1) {
      const members = membersOf(people, h);
      for (const a of members) {
        for (const b of members) {
          if (a < b && people.birth[a] === people.birth[b]) twins += 1;
          if (a < b && people.sex[a] === 1 && people.sex[b] === 1 && people.forename[a] === people.forename[b] && people.surname[a] === people.surname[b]) same += 1;
        }
      }
    }
    expect(twins).toBeGreaterThan(5);
    expect(same).toBeGreaterThan(5);
    const pakistani = names.heritages.indexOf('pakistani');
    const surnames = new Set<string>();
    for (let p = 0; p < people.count; p += 1) if (people.heritage[p] === pakistani) surnames.add(names.text[people.surname[p]!]!);
    expect(surnames.has('Khan')).toBe(true);
    expect(surnames.has('Nowak')).toBe(false);
  });

  it('have more adverse experiences where more deprived, and in families', () => {
    const mean = (from: number, to: number) => {
      let n = 0;
      let sum = 0;
      for (let p = 0; p < people.count; p += 1) {
        const { deprivation } = county.areas[county.dwellingArea[people.householdDwelling[people.household[p]!]!]!]!;
        if (deprivation >= from && deprivation < to) [n, sum] = [n + 1, sum + people.experienceCount[p]!];
      }
      return sum / n;
    };
    expect(mean(0.8, 1)).toBeGreaterThan(1.6 * mean(0, 0.4));
  });

  it('move, are born, die and leave, with each spell at a home recorded once', () => {
    const other = makeCounty(2);
    const spells: HomeSpell[] = [];
    const change = createPopulationChange(2, pack, other.county, other.people, other.maker, calendar, (spell) => spells.push(spell));
    for (let month = 0; month < 36; month += 1) change.step(month);
    change.finish();
    const byPerson = new Map<number, HomeSpell[]>();
    for (const spell of spells) byPerson.set(spell.person, [...(byPerson.get(spell.person) ?? []), spell]);
    expect(byPerson.size).toBe(other.people.count);
    for (const mine of byPerson.values()) for (let i = 1; i < mine.length; i += 1) expect(mine[i]!.from).toBe(mine[i - 1]!.to);
    const present = Array.from({ length: other.people.count }, (_, p) => p).filter((p) => other.people.until[p]! > calendar.endDay);
    expect(Math.abs(present.length - 12_000)).toBeLessThan(900);
    expect(other.people.count).toBeGreaterThan(12_600);
  });

  it('can leave a household and join another', () => {
    const [a, b] = [people.household[0]!, people.household[people.count - 1]!];
    const person = membersOf(people, a)[0]!;
    leaveHousehold(people, person);
    joinHousehold(people, person, b);
    expect(membersOf(people, a)).not.toContain(person);
    expect(membersOf(people, b)).toContain(person);
  });
});

describe('the numbers behind traits', () => {
  it('give the normal quantiles of published tables', () => {
    expect(normalQuantile(0.5)).toBeCloseTo(0, 3);
    expect(normalQuantile(0.975)).toBeCloseTo(1.95996, 3);
    expect(normalQuantile(0.1)).toBeCloseTo(-1.28155, 3);
  });

  it('find the intercept that gives the wanted mean', () => {
    expect(interceptFor(0.5, 1.3)).toBeCloseTo(0, 4);
    expect(interceptFor(0.1, 0)).toBeCloseTo(Math.log(0.1 / 0.9), 4);
    expect(interceptFor(0.1, 2)).toBeLessThan(Math.log(0.1 / 0.9));
  });

  it('band experiences as the study does', () => {
    expect([0, 1, 2, 3, 4, 9].map(experienceBand)).toEqual([0, 1, 2, 2, 3, 3]);
  });
});
