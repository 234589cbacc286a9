// Plants programmes A (school mentoring), B (diversion under an age), D (awareness talks after a peak, without effect) and E (plans for repeat callers).

import { createRandom } from '../core/index.ts';
import { personId } from './agency-records.ts';
import { ageOn, dateText } from './calendar.ts';
import type { Process } from './people.ts';
import { FOREVER } from './people.ts';
import type { World } from './world.ts';

/** First day of the month at a share of the period. */
export function startMonth(world: World, at: number): number {
  return Math.floor(world.calendar.months * at);
}

export interface Mentoring {
  factor(school: number): number;
}

export function plantMentoring(world: World): Mentoring {
  const random = createRandom(world.seed, 'programme A');
  const { pack, county, calendar, truth } = world;
  const { at, waves, monthsBetween, schools: share, effect } = pack.planted.programmeA;
  const mainstream = county.schools.map((_, s) => s).filter((s) => ['Primary', 'Secondary'].includes(county.schools[s]!.phase));
  const shuffled = mainstream.map((s) => ({ s, order: random.next() })).toSorted((a, b) => a.order - b.order).map(({ s }) => s);
  // Each phase gives its share, so that secondary schools, where most suspensions are, are on both sides.
  const chosen = ['Primary', 'Secondary'].flatMap((phase) => {
    const these = shuffled.filter((s) => county.schools[s]!.phase === phase);
    return these.slice(0, Math.round(these.length * share));
  });
  const starts = new Map(chosen.map((s, i) => [s, startMonth(world, at) + (i % waves) * monthsBetween]));
  for (const s of mainstream) {
    const month = starts.get(s);
    truth.row('programme-a', [county.schools[s]!.urn, county.schools[s]!.name, county.schools[s]!.phase, month === undefined || month >= calendar.months ? null : dateText(calendar.monthStart[month]!)]);
  }
  truth.plant('programmeA', { ...pack.planted.programmeA, meaning: 'suspensions of a treated school are multiplied by 1 + effect from the first of the month it starts', list: 'programme-a.csv' });
  return { factor: (school) => ((starts.get(school) ?? Infinity) <= world.month ? 1 + effect : 1) };
}

/** Multiplies the weights of some processes of a person, and puts them back. */
function createWeightChanges(world: World, processes: Process[]) {
  const held = new Map<number, { until: number; usual: number[] }>();
  return {
    has: (person: number) => held.has(person),
    apply(person: number, factor: number, until: number) {
      held.set(person, { until, usual: processes.map((process) => world.people.weight[process][person]!) });
      for (const process of processes) world.people.weight[process][person] = world.people.weight[process][person]! * factor;
    },
    expire(day: number) {
      for (const [person, { until, usual }] of held) {
        if (until > day) continue;
        processes.forEach((process, i) => { world.people.weight[process][person] = usual[i]!; });
        held.delete(person);
      }
    },
  };
}

export interface Diversion {
  month(): void;
  /** Considers somebody arrested; true where they join. */
  consider(person: number, at: number, custodyRef: string): boolean;
}

export function plantDiversion(world: World): Diversion {
  const random = createRandom(world.seed, 'programme B');
  const { pack, people, calendar, truth } = world;
  const { at, underAge, takeUp, effect, days } = pack.planted.programmeB;
  const from = calendar.monthStart[startMonth(world, at)]!;
  const changes = createWeightChanges(world, ['perpetrator', 'acquisitive']);
  truth.plant('programmeB', { ...pack.planted.programmeB, from: dateText(from), meaning: 'everyone arrested under the age from this day is eligible, takeUp of them join, and their chance of being drawn as a suspect is multiplied by 1 + effect for so many days (whole months); somebody already in it is not entered twice', list: 'programme-b.csv' });
  return {
    month: () => changes.expire(calendar.monthStart[world.month]!),
    consider(person, minute, custodyRef) {
      const day = Math.floor(minute / 1440);
      if (day < from || changes.has(person)) return false;
      const eligible = ageOn(people.birth[person]!, day) < underAge;
      const joins = random.chance(takeUp) && eligible;
      truth.row('programme-b', [personId(person), custodyRef, dateText(day), ((day - people.birth[person]!) / 365.2425).toFixed(3), eligible, joins]);
      if (joins) changes.apply(person, 1 + effect, day + days);
      return joins;
    },
  };
}

export interface CallerPlans {
  /** Multiplies how often a person calls who is not drawn by weight. */
  factor(person: number): number;
  /** Counts a call about or by a person. */
  count(person: number): void;
  month(): void;
}

export function plantCallerPlans(world: World): CallerPlans {
  const random = createRandom(world.seed, 'programme E');
  const { pack, people, calendar, truth } = world;
  const { at, lookBackMonths, perThousand, planned, effect, countedPerMonth } = pack.planted.programmeE;
  const start = startMonth(world, at);
  const firstCounted = Math.max(0, start - lookBackMonths);
  const calls = new Uint16Array(people.birth.length);
  const thisMonth = new Map<number, number>();
  let month = -1;
  const changes = createWeightChanges(world, ['welfare', 'caller', 'victim', 'missing']);
  truth.plant('programmeE', { ...pack.planted.programmeE, countedFrom: dateText(calendar.monthStart[firstCounted]!), start: dateText(calendar.monthStart[start]!), meaning: 'the people with most incidents (as caller, victim, subject or missing; no more than countedPerMonth a month count) in the months before are chosen; a random part has a plan, and how often they call is multiplied by 1 + effect from the start; the fall of the others is regression to the mean and leaving the county', list: 'programme-e.csv' });
  return {
    factor: (person) => (changes.has(person) ? 1 + effect : 1),
    count(person) {
      if (world.month < firstCounted || world.month >= start) return;
      if (month !== world.month) thisMonth.clear();
      month = world.month;
      const already = thisMonth.get(person) ?? 0;
      thisMonth.set(person, already + 1);
      if (already < countedPerMonth) calls[person]! += 1;
    },
    month() {
      if (world.month !== start || start === 0) return;
      const known = [];
      for (let p = 0; p < people.count; p += 1) if (calls[p]! > 0 && people.until[p] === FOREVER) known.push(p);
      known.sort((a, b) => calls[b]! - calls[a]! || a - b);
      const chosen = known.slice(0, Math.max(20, Math.round((world.population / 1000) * perThousand)));
      for (const person of chosen) {
        const plan = random.chance(planned);
        truth.row('programme-e', [personId(person), calls[person]!, start - firstCounted, plan, plan ? dateText(calendar.monthStart[start]!) : null]);
        if (plan) changes.apply(person, 1 + effect, FOREVER);
      }
    },
  };
}

export interface Talks {
  /** Extra disorder to make this month, as wards and their share of the usual. */
  peak(): { areas: number[]; factor: number } | undefined;
}

export function plantTalks(world: World): Talks {
  const random = createRandom(world.seed, 'programme D');
  const { pack, county, calendar, truth } = world;
  const { at, wards, peakMonths, peakFactor } = pack.planted.programmeD;
  const start = startMonth(world, at);
  const towned = county.wards.map((_, w) => w).filter((w) => county.areas.some((area) => area.ward === w && area.town >= 0));
  const chosen = towned.map((w) => ({ w, order: random.next() })).toSorted((a, b) => a.order - b.order).slice(0, wards).map(({ w }) => w);
  const areas = county.areas.filter((area) => chosen.includes(area.ward)).map((area) => area.index);
  truth.plant('programmeD', { ...pack.planted.programmeD, wardCodes: chosen.map((w) => county.wards[w]!.code), areaCodes: areas.map((a) => county.areas[a]!.code), peakFrom: dateText(calendar.monthStart[Math.max(0, start - peakMonths)]!), start: dateText(calendar.monthStart[start]!), meaning: 'anti-social behaviour and damage in these wards were peakFactor times the usual in the months before the talks, then usual again; the talks did nothing' });
  return { peak: () => (world.month >= start - peakMonths && world.month < start ? { areas, factor: peakFactor - 1 } : undefined) };
}
