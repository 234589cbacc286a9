import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRandom } from '../core/index.ts';
import { createCalendar } from './calendar.ts';
import { createWorld } from './create-world.ts';
import type { Incident } from './incident.feed.ts';
import { createIncidentMaker } from './incident.process.ts';
import { FOREVER } from './people.ts';
import { noPlants } from './plant-questions.ts';
import type { World } from './world.ts';

const dir = mkdtempSync(join(tmpdir(), 'headwater-plants-'));
const calendar = createCalendar('2023-11', 36);
const { world } = createWorld({ out: dir, people: 12_000, seed: 5 }, calendar);
const { pack, plants } = world;

afterAll(async () => {
  await world.truth.close();
  await world.writer.close();
  rmSync(dir, { recursive: true, force: true });
});

function goTo(month: number, to: World = world): void {
  to.month = month;
  to.plants.beginMonth();
  to.time.setMonth(month);
  to.sampler.setDay(calendar.monthStart[month]!);
}

const truthRows = async (list: string) => {
  await world.truth.flush();
  const [head, ...lines] = readFileSync(join(dir, 'truth', `${list}.csv`), 'utf8').trimEnd().split('\n');
  return lines.filter(Boolean).map((line) => Object.fromEntries(line.split(',').map((cell, i) => [head!.split(',')[i]!, cell])));
};

describe('plants', () => {
  beforeAll(() => goTo(0));

  it('raise hot spots for the whole period and let one fade to its usual weight', async () => {
    const spots = await truthRows('hot-spot');
    expect(spots.map((spot) => spot['kind'])).toEqual(['persistent', 'persistent', 'persistent', 'fading', 'many-residents']);
    const street = createRandom(1, 'test');
    const share = (spot: Record<string, string>) => {
      let n = 0;
      for (let i = 0; i < 20_000; i += 1) {
        const place = world.places.street(street);
        if (world.county.points[place.point]!.name === spot['street'] && world.county.areas[place.area]!.code === spot['lsoa']) n += 1;
      }
      return n / 20_000;
    };
    const usual = 1 / world.county.points.length;
    goTo(0);
    const first = spots.map(share);
    goTo(35);
    const last = spots.map(share);
    for (let i = 0; i < 3; i += 1) expect(Math.min(first[i]!, last[i]!)).toBeGreaterThan(6 * usual);
    expect(first[3]!).toBeGreaterThan(6 * usual);
    expect(last[3]!).toBeLessThan(first[3]! * 0.6);
  });

  it('prevent 12 % of what happens in the street in patrol weeks, and move a quarter of that', async () => {
    goTo(24);
    const [week] = (await truthRows('programme-c')).filter((row) => row['patrol'] === 'true');
    const spot = world.county.points.findIndex((point) => world.county.longitude(point.x) === week!['longitude'] && world.county.latitude(point.y) === week!['latitude']);
    const monday = calendar.firstDay + Math.round((Date.parse(week!['week']!) - Date.parse('2023-11-01')) / 86_400_000);
    const random = createRandom(2, 'test');
    const counts = { none: 0, prevented: 0, moved: 0 };
    for (let i = 0; i < 20_000; i += 1) {
      const met = plants.meetPatrol(random, world.places.atPoint(random, spot), (monday + 2) * 1440);
      counts[typeof met === 'string' ? met : 'moved'] += 1;
    }
    expect((counts.prevented + counts.moved) / 20_000).toBeCloseTo(0.12, 2);
    expect(counts.moved / (counts.prevented + counts.moved)).toBeCloseTo(0.25, 1);
    const home = world.places.home(0);
    expect(plants.meetPatrol(random, home, (monday + 2) * 1440)).toBe('none');
    expect(plants.meetPatrol(random, world.places.atPoint(random, spot), calendar.firstDay * 1440)).toBe('none');
  });

  it('record 30 % of anti-social behaviour under other codes from the day of the break, and none before', () => {
    const maker = createIncidentMaker(world);
    const share = (month: number) => {
      goTo(month);
      let changed = 0;
      for (let i = 0; i < 1500; i += 1) {
        const incident = maker.make('asb-nuisance') as Incident;
        plants.recode(incident);
        if (incident.opening !== 'asb-nuisance') changed += 1;
      }
      return changed / 1500;
    };
    expect(share(19)).toBe(0);
    expect(share(20)).toBeCloseTo(0.3, 1);
  });

  it('cut suspensions by 18 % in treated schools from the month they start', async () => {
    const schools = await truthRows('programme-a');
    const treated = schools.filter((school) => school['started_on']);
    expect(treated.length).toBeGreaterThan(1);
    expect(treated.length).toBeLessThan(schools.length);
    for (const school of schools) {
      const index = world.county.schools.findIndex((other) => other.urn === school['urn']);
      goTo(0);
      expect(plants.suspensionFactor(index)).toBe(1);
      goTo(35);
      expect(plants.suspensionFactor(index)).toBeCloseTo(school['started_on'] ? 0.82 : 1, 10);
    }
  });

  it('divert those under 25 on arrest, and lower their weight by a quarter for a year, then put it back', async () => {
    goTo(14);
    const day = calendar.monthStart[14]! + 3;
    const age = (person: number) => (day - world.people.birth[person]!) / 365.2425;
    const adults = Array.from({ length: world.people.count }, (_, p) => p).filter((p) => age(p) > 16 && age(p) < 40 && world.people.weight.perpetrator[p]! > 0);
    const young = adults.filter((p) => age(p) < 24.9).slice(0, 400);
    const older = adults.filter((p) => age(p) > 25.1).slice(0, 400);
    const before = young.map((p) => world.people.weight.perpetrator[p]!);
    const joined = young.map((p, i) => plants.divert(p, day * 1440, `CU${i}`));
    expect(joined.filter(Boolean).length / joined.length).toBeCloseTo(pack.planted.programmeB.takeUp, 1);
    expect(older.some((p, i) => plants.divert(p, day * 1440, `CV${i}`))).toBe(false);
    young.forEach((p, i) => expect(world.people.weight.perpetrator[p]! / before[i]!).toBeCloseTo(joined[i] ? 0.75 : 1, 5));
    goTo(27);
    young.forEach((p, i) => expect(world.people.weight.perpetrator[p]).toBe(before[i]));
    const rows = await truthRows('programme-b');
    expect(rows).toHaveLength(800);
    expect(rows.every((row) => (row['eligible'] === 'true') === Number(row['age']) < 25)).toBe(true);
  });

  it('choose the steadiest callers, give half of them plans, and lower how often those call', async () => {
    const months = pack.planted.programmeE.lookBackMonths;
    const start = Math.floor(36 * pack.planted.programmeE.at);
    for (let month = start - months; month < start; month += 1) {
      goTo(month);
      for (let person = 100; person < 200; person += 1) {
        plants.countCall(person);
        if (person < 150) plants.countCall(person);
      }
      if (month === start - 1) for (let burst = 0; burst < 200; burst += 1) plants.countCall(300);
    }
    goTo(start);
    const rows = await truthRows('programme-e');
    const chosen = rows.map((row) => Number(row['person']!.slice(1)) - 1);
    expect(chosen.every((person) => person >= 100 && person < 150)).toBe(true);
    expect(chosen).not.toContain(300);
    const planned = rows.filter((row) => row['plan'] === 'true').length;
    expect(planned).toBeGreaterThan(0);
    expect(planned).toBeLessThan(rows.length);
    rows.forEach((row, i) => expect(plants.callFactor(chosen[i]!)).toBe(row['plan'] === 'true' ? 0.85 : 1));
  });

  it('make a peak in two wards before the talks and nothing from their start', () => {
    const start = Math.floor(36 * pack.planted.programmeD.at);
    goTo(start - 1);
    expect(plants.peak()?.factor).toBeCloseTo(pack.planted.programmeD.peakFactor - 1, 10);
    expect(new Set(plants.peak()?.areas.map((area) => world.county.areas[area]!.ward)).size).toBe(2);
    goTo(start);
    expect(plants.peak()).toBeUndefined();
  });

  it('do nothing at all where nothing is planted', () => {
    const random = createRandom(4, 'test');
    expect(noPlants.meetPatrol(random, world.places.street(random), 0)).toBe('none');
    expect(noPlants.suspensionFactor(0)).toBe(1);
    expect(noPlants.divert(0, 0, '')).toBe(false);
    expect(noPlants.peak()).toBeUndefined();
    expect(noPlants.isStopped('asb-complaint', calendar.firstDay + 800)).toBe(false);
    expect(FOREVER).toBeGreaterThan(calendar.endDay);
  });
});
