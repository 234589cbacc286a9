// Makes police incidents of every kind at the pack's rates: who, where, when, how they close, and the later calls that one call sets off
// (a branching process: each call has a Poisson number of repeats for the same person or home, after an exponential delay).

import type { Random } from '../core/index.ts';
import { createRandom } from '../core/index.ts';
import { ageOn } from './calendar.ts';
import type { EventPlace } from './event-place.ts';
import type { Incident, IncidentFeed, Party } from './incident.feed.ts';
import type { Recipe } from './incident-recipes.ts';
import { recipes } from './incident-recipes.ts';
import { FOREVER, dwellingOf, membersOf } from './people.ts';
import type { MonthlyProcess, World } from './world.ts';
import { monthlyMean, pickShare, pickWeighted } from './world.ts';
import { publishedTypes } from './crime.feed.ts';

interface Repeat {
  code: string;
  person: number;
  place: EventPlace | null;
  at: number;
}

export interface IncidentMaker {
  /** An incident of a kind; the person and place are drawn unless given. */
  make(code: string, given?: { person?: number; place?: EventPlace; at?: number; repeat?: boolean }): Incident | undefined;
}

const summaries: Record<string, string[]> = {
  home: ['Caller states there has been shouting from the address.', 'Informant concerned, no reply at the door.', 'Caller reports a disturbance at the address.', 'Call from a neighbour.'],
  street: ['Reported in the street by a passer-by.', 'Group reported, now moved on.', 'Caller will not wait at the scene.', 'Area search made.'],
};
const closingOutcomes = ['Advice given', 'No further action', 'Referred to partner', 'Officer attended', 'Resolved by telephone'];

/** Minutes of officer time: log-normal about the kind's level, with the factors of the pack. */
function officerMinutes(random: Random, world: World, code: string, recipe: Recipe, flags: string[]): number {
  const { base, spread, mentalHealth } = world.pack.incidents.officerMinutes as { base: number; spread: number; mentalHealth: number };
  const factor = (recipe.minutes ?? 1) * (flags.includes('mental-health') ? mentalHealth : 1) * (flags.includes('missing') && code !== 'missing-person' ? 1.5 : 1);
  return Math.max(2, base * factor * Math.exp(spread * random.normal() - (spread * spread) / 2));
}

function summaryOf(random: Random, world: World, place: EventPlace, parties: Party[]): string {
  const text = random.pick(summaries[place.dwelling >= 0 ? 'home' : 'street']!);
  const party = parties[0];
  if (!party || !random.chance(0.18)) return text;
  const { names, people } = world;
  return `${text} ${names.text[people.forename[party.person]!]} ${names.text[people.surname[party.person]!]} spoken to.`;
}

export function createIncidentMaker(world: World): IncidentMaker {
  const random = createRandom(world.seed, 'incidents');
  const { people, county, pack, places, sampler } = world;
  const choosePlace = (recipe: Recipe, person: number): EventPlace => {
    const where = pickWeighted(random.next(), recipe.where as Record<string, number>);
    if (where === 'home' && person >= 0) return places.home(dwellingOf(people, person));
    if (where === 'premises') return places.atPremises(random, recipe.premises ?? ['pub', 'shop']);
    if (where === 'centre') return places.centre(random);
    if (where === 'dwelling' || where === 'home') return places.home(places.dwelling(random));
    return places.street(random);
  };
  /** The other adult nearest in age, whether they may be a couple (16 years apart at most), and the children of a household. */
  const household = (person: number, day: number): { adult: number; couple: boolean; children: number[] } => {
    let adult = -1;
    let gap = Infinity;
    const children: number[] = [];
    const kind = people.householdKind[people.household[person]!]!;
    for (const member of kind > 8 ? [] : membersOf(people, people.household[person]!)) {
      if (member === person) continue;
      const apart = Math.abs(people.birth[member]! - people.birth[person]!);
      if (ageOn(people.birth[member]!, day) < 18) children.push(member);
      else if (apart < gap) [adult, gap] = [member, apart];
    }
    return { adult, couple: gap < 16 * 365, children };
  };
  const addParties = (recipe: Recipe, person: number, place: EventPlace, domestic: boolean, day: number): Party[] => {
    const parties: Party[] = [];
    const add = (other: number, role: Party['role'], childPresent?: boolean) => {
      if (other >= 0 && people.until[other] === FOREVER) parties.push({ person: other, role, childPresent });
    };
    if (person >= 0 && recipe.about) {
      add(person, recipe.about.role);
      if (recipe.selfCaller && random.chance(recipe.selfCaller)) add(person, 'caller');
    }
    if (recipe.caller && random.chance(recipe.caller)) add(sampler.draw(random, 'caller'), 'caller');
    if (domestic && person >= 0) {
      const { adult, couple, children } = household(person, day);
      if (random.chance(pack.incidents.namedSuspect['domestic']!)) add(adult >= 0 && random.chance(couple ? 0.72 : 0.3) ? adult : sampler.draw(random, 'perpetrator'), 'suspect');
      if (place.dwelling >= 0) for (const child of children) if (random.chance(0.8)) add(child, 'child', random.chance(0.7));
    } else if (recipe.suspect && random.chance(pack.incidents.namedSuspect[recipe.suspect.share]!)) {
      add(sampler.draw(random, recipe.suspect.process), 'suspect');
    }
    if (recipe.witness && random.chance(recipe.witness)) add(sampler.draw(random, 'caller'), 'witness');
    return parties;
  };
  return {
    make(code, given = {}) {
      const recipe = recipes[code];
      if (!recipe) throw new Error(`There is no recipe for incidents of ${code}`);
      const started = given.at ?? world.time.draw(random, recipe.profile);
      const day = Math.floor(started / 1440);
      const monthEnd = world.calendar.monthStart[world.month + 1]! * 1440;
      let person = given.person ?? (recipe.about ? sampler.draw(random, recipe.about.process) : -1);
      // Domestic abuse is of people of 16 and over, by law.
      for (let tries = 0; recipe.household && given.person === undefined && tries < 8 && ageOn(people.birth[person]!, day) < 16; tries += 1) person = sampler.draw(random, recipe.about!.process);
      if (person >= 0 && (people.until[person] !== FOREVER || people.birth[person]! > day)) person = given.person === undefined ? sampler.draw(random, recipe.about!.process) : -1;
      if (given.person !== undefined && person < 0) return undefined;
      let place = given.place ?? choosePlace(recipe, person);
      // A dwelling's own people are its victims.
      if (place.dwelling >= 0 && recipe.where.dwelling) {
        const resident = people.dwellingHousehold[place.dwelling]!;
        const adult = resident < 0 ? -1 : membersOf(people, resident).find((member) => ageOn(people.birth[member]!, day) >= 18) ?? -1;
        if (adult < 0) place = places.home(dwellingOf(people, person));
        else person = adult;
      }
      const flags = Object.entries(recipe.flags ?? {}).filter(([, share]) => random.chance(share)).map(([flag]) => flag);
      if (given.repeat && !flags.includes('repeat') && random.chance(0.5)) flags.push('repeat');
      if (place.premises >= 0 && ['pub', 'club'].includes(county.premises[place.premises]!.kind) && !flags.includes('licensed-premises')) flags.push('licensed-premises');
      const parties = addParties(recipe, person, place, flags.includes('domestic'), day);
      const window = recipe.spell === 'window';
      const reported = Math.min(monthEnd - 1, started + (window ? Math.floor(random.exponential(420)) : Math.floor(random.exponential(9))));
      const minutes = officerMinutes(random, world, code, recipe, flags);
      const closing = pickShare(random.next() / pack.incidents.closesOtherwise, recipe.closes ?? {}) ?? code;
      return {
        reported, started: window ? Math.max(world.calendar.monthStart[world.month]! * 1440, started - Math.floor(random.exponential(300))) : started,
        ended: window ? Math.min(reported, started + random.below(120)) : random.chance(0.7) ? Math.min(started + 5 + Math.floor(random.exponential(40)), reported + 240) : -1,
        precision: window ? 'window' : 'minute', opening: code, closing, flags, place, parties, minutes,
        grade: 1 + random.pickIndex([0.16, 0.58, 0.78, 1]),
        outcome: publishedTypes[closing] ? 'Crime recorded' : random.pick(closingOutcomes), summary: summaryOf(random, world, place, parties),
      };
    },
  };
}

const peakCodes = new Set(['asb-nuisance', 'criminal-damage-arson', 'public-order']);

/** Keeps calls that belong to later months. */
function createWaiting(world: World) {
  const byMonth: Repeat[][] = Array.from({ length: world.calendar.months }, () => []);
  return {
    add(repeat: Repeat) {
      const day = Math.floor(repeat.at / 1440);
      if (day >= world.calendar.endDay) return;
      let month = world.month;
      while (world.calendar.monthStart[month + 1]! <= day) month += 1;
      byMonth[month]!.push(repeat);
    },
    take(): Repeat | undefined {
      return byMonth[world.month]!.pop();
    },
  };
}

export function createIncidentProcess(world: World, feed: IncidentFeed, maker: IncidentMaker): MonthlyProcess {
  const random = createRandom(world.seed, 'incident counts');
  const { pack, people } = world;
  const { rates, repeats, repeatDays } = pack.incidents;
  const waiting = createWaiting(world);
  const send = (incident: Incident | undefined, code: string, repeats = true): void => {
    if (!incident) return;
    const patrol = world.plants.meetPatrol(random, incident.place, incident.started);
    if (patrol === 'prevented') return;
    if (patrol !== 'none') incident.place = patrol;
    world.plants.recode(incident);
    const callers = incident.parties.filter(({ role }) => role !== 'suspect' && role !== 'child' && role !== 'witness').map(({ person }) => person);
    for (const person of new Set(callers)) world.plants.countCall(person);
    feed.add(incident);
    if (repeats) branch(incident, code, incident.place);
  };
  const branch = (incident: Incident, code: string, place: EventPlace | null) => {
    const mean = repeats[code] ?? 0;
    const person = incident.parties[0]?.person ?? -1;
    if (mean === 0 || (person < 0 && !place)) return;
    for (let n = random.poisson(mean); n > 0; n -= 1) waiting.add({ code, person, place: random.chance(0.7) ? place : null, at: incident.started + Math.floor(random.exponential(repeatDays * 1440)) });
  };
  const patrols = () => {
    for (const { point, at } of world.plants.patrolVisits()) {
      const incident = maker.make('police-generated', { place: world.places.atPoint(random, point), at });
      if (incident) feed.add({ ...incident, outcome: 'Directed patrol', summary: 'Directed patrol.' });
    }
  };
  /** In the peak that programme D follows, each of these in its wards brings others in proportion to what is usual there. */
  const peak = (incident: Incident | undefined, code: string) => {
    const extra = world.plants.peak();
    if (!incident || !extra || !peakCodes.has(code) || !extra.areas.includes(incident.place.area)) return;
    const { area } = incident.place;
    for (let n = random.poisson(extra.factor); n > 0; n -= 1) send(maker.make(code, { place: world.places.streetIn(random, area) }), code, false);
  };
  return {
    month() {
      for (const [code, rate] of Object.entries(rates)) {
        if (code === 'burglary') continue;
        if (code === 'police-generated') patrols();
        const mean = monthlyMean(world, rate / (1 + (repeats[code] ?? 0) / Math.max(0.2, 1 - (repeats[code] ?? 0))), recipes[code]!.profile, code);
        for (let n = random.poisson(mean); n > 0; n -= 1) {
          const incident = maker.make(code);
          send(incident, code);
          peak(incident, code);
        }
      }
      for (let repeat = waiting.take(); repeat; repeat = waiting.take()) {
        if (repeat.person >= 0 && people.until[repeat.person] !== FOREVER) continue;
        const given = { at: repeat.at, repeat: true, ...(repeat.person >= 0 ? { person: repeat.person } : {}), ...(repeat.place ? { place: repeat.place } : {}) };
        send(maker.make(repeat.code, given), repeat.code);
      }
    },
  };
}
