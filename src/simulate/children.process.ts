// Early help episodes and children's social care contacts: police and schools refer most, families share risk, many come back within the year.

import { createRandom } from '../core/index.ts';
import { ageOn, dateText } from './calendar.ts';
import type { Incident } from './incident.feed.ts';
import { FOREVER, experiences, membersOf } from './people.ts';
import type { MonthlyProcess, World } from './world.ts';
import { pickWeighted } from './world.ts';

export interface ChildrenProcess extends MonthlyProcess {
  /** A domestic or welfare incident with children may become a contact. */
  consider(incident: Incident): void;
}

const needOf: Record<(typeof experiences)[number], string> = {
  'parental-conflict': 'parental-conflict', 'domestic-abuse': 'domestic-abuse', 'substance-use': 'substance-use', 'mental-health': 'mental-health', 'parent-in-prison': 'parent-in-prison', neglect: 'neglect',
  'physical-abuse': 'domestic-abuse', 'emotional-abuse': 'parental-conflict', 'sexual-abuse': 'mental-health', bereavement: 'bereavement',
};
const otherNeeds = ['school-attendance', 'behaviour', 'housing', 'income', 'young-carer'];

interface Waiting {
  day: number;
  child: number;
  source: string;
}

export function createChildrenProcess(world: World, upnOf: (person: number) => string): ChildrenProcess {
  const random = createRandom(world.seed, 'children');
  const { pack, writer, people, calendar, sampler } = world;
  const social = world.records['social-care'];
  const early = world.records['early-help'];
  const contacts: Waiting[][] = Array.from({ length: calendar.months + 1 }, () => []);
  const episodes: Waiting[][] = Array.from({ length: calendar.months + 1 }, () => []);
  let contactNumber = 0;
  let episodeNumber = 0;
  const put = (list: Waiting[][], entry: Waiting) => {
    let month = world.month;
    while (month < calendar.months && calendar.monthStart[month + 1]! <= entry.day) month += 1;
    if (month < calendar.months) list[month]!.push(entry);
  };
  const drawChild = (): number => {
    const day = calendar.monthStart[world.month]!;
    for (let tries = 0; tries < 60; tries += 1) {
      const person = sampler.draw(random, 'welfare');
      const household = people.household[person]!;
      const children = people.householdKind[household]! > 8 ? [person] : membersOf(people, household);
      const found = children.filter((member) => people.until[member] === FOREVER && people.birth[member]! <= day && ageOn(people.birth[member]!, day) < 18);
      if (found.length > 0) return random.pick(found);
    }
    return -1;
  };
  const writeContact = ({ day, child, source }: Waiting) => {
    contactNumber += 1;
    const written = social.write(social.recordFor(child), day, 'short');
    const bits = people.experienceBits[child]!;
    const has = (name: (typeof experiences)[number]) => (bits & (1 << experiences.indexOf(name))) !== 0;
    const factors = [
      (has('domestic-abuse') || random.chance(0.12)) && random.chance(0.8) ? 'domestic-abuse' : '', has('substance-use') && random.chance(0.5) ? 'alcohol' : '', has('substance-use') && random.chance(0.5) ? 'drugs' : '',
      has('mental-health') && random.chance(0.8) ? 'mental-health' : '', has('neglect') && random.chance(0.8) ? 'neglect' : '', random.chance(0.03) ? 'exploitation' : '', random.chance(0.03) ? 'missing' : '',
      random.chance(0.04) ? 'self-harm' : '', random.chance(0.03) ? 'young-carer' : '', random.chance(0.015) ? 'gangs' : '',
    ].filter(Boolean).join(';');
    const outcome = random.chance(pack.children.noFurtherAction) ? (random.chance(0.65) ? 'no-further-action' : 'advice') : pickWeighted(random.next(), { 'early-help': 0.32, assessment: 0.56, 'strategy-discussion': 0.12 });
    const age = ageOn(people.birth[child]!, day);
    writer.row('social-care-contact', world.month, [
      `SC${String(contactNumber).padStart(6, '0')}`, written.id, dateText(day), source,
      pickWeighted(random.next(), { 'abuse-or-neglect': 0.5, disability: 0.08, 'parental-illness': 0.04, 'family-stress': 0.1, 'family-dysfunction': 0.16, behaviour: 0.04, 'low-income': 0.02, 'absent-parenting': 0.02, other: 0.04 }),
      factors, outcome, written.nhsNumber, age >= 4 && random.chance(0.5) ? upnOf(child) : '', written.forename, written.middle, written.surname, written.birth, written.sex, written.ethnicity, written.address, written.postcode,
    ]);
    if (outcome === 'early-help') put(episodes, { day: day + 3 + random.below(18), child, source: 'social-care' });
    if (random.chance(pack.children.reReferral)) put(contacts, { day: day + 1 + Math.floor(random.next() * 365), child, source: pickWeighted(random.next(), { police: 0.4, school: 0.25, health: 0.2, individual: 0.15 }) });
  };
  const writeEpisode = ({ day, child, source }: Waiting) => {
    episodeNumber += 1;
    const written = early.write(early.recordFor(child), day, 'short');
    const needs = new Set<string>();
    experiences.forEach((name, i) => {
      if ((people.experienceBits[child]! & (1 << i)) !== 0 && random.chance(0.6)) needs.add(needOf[name]);
    });
    for (const need of otherNeeds) if (random.chance(0.22)) needs.add(need);
    const started = random.chance(0.85) ? day + 3 + random.below(25) : -1;
    const closed = started < 0 ? day + 14 + random.below(20) : started + 30 + Math.floor(random.gamma(2.5, 60));
    const isClosed = closed < calendar.endDay;
    writer.row('early-help-episode', world.month, [
      `EH${String(episodeNumber).padStart(6, '0')}`, written.id, `F${String(people.household[child]! + 1).padStart(6, '0')}`, dateText(day), started < 0 || started >= calendar.endDay ? null : dateText(started), isClosed ? dateText(closed) : null, source,
      pickWeighted(random.next(), { 2: 0.62, 3: 0.34, 1: 0.04 }), [...needs].join(';'),
      isClosed ? (started < 0 ? 'Consent declined' : pickWeighted(random.next(), { 'Needs met': 0.55, 'Family disengaged': 0.17, 'Stepped up to social care': 0.1, 'Taken over by one agency': 0.12, 'Moved away': 0.06 })) : null,
      written.forename, written.surname, written.birth, written.sex, written.ethnicity, written.address, written.postcode, written.phone, written.email,
    ]);
  };
  return {
    consider(incident) {
      const vulnerable = incident.flags.includes('domestic') || incident.flags.includes('missing');
      if (!vulnerable && !incident.flags.includes('mental-health')) return;
      for (const party of incident.parties) {
        if (party.role !== 'child' && party.role !== 'missing-person') continue;
        if (people.until[party.person] !== FOREVER || ageOn(people.birth[party.person]!, Math.floor(incident.reported / 1440)) > 17) continue;
        if (random.chance(0.3)) put(contacts, { day: Math.floor(incident.reported / 1440) + 1 + random.below(3), child: party.person, source: 'police' });
        else if (random.chance(0.06)) put(episodes, { day: Math.floor(incident.reported / 1440) + 4 + random.below(10), child: party.person, source: 'police' });
      }
    },
    month() {
      const children = world.population * 0.21;
      const first = calendar.monthStart[world.month]!;
      const length = calendar.monthStart[world.month + 1]! - first;
      const contactMean = (pack.children.contactsPerThousand * 0.5 * children) / 12_000;
      for (let n = random.poisson(contactMean); n > 0; n -= 1) {
        const child = drawChild();
        if (child >= 0) contacts[world.month]!.push({ day: first + random.below(length), child, source: pickWeighted(random.next(), { school: 0.36, health: 0.22, individual: 0.15, police: 0.08, housing: 0.05, 'other-authority': 0.06, anonymous: 0.05, other: 0.03 }) });
      }
      const episodeMean = (pack.children.earlyHelpPerThousand * 0.76 * children) / 12_000;
      for (let n = random.poisson(episodeMean); n > 0; n -= 1) {
        const child = drawChild();
        if (child >= 0) episodes[world.month]!.push({ day: first + random.below(length), child, source: pickWeighted(random.next(), { school: 0.5, health: 0.2, family: 0.16, housing: 0.06, other: 0.08 }) });
      }
      for (const entry of contacts[world.month]!.splice(0).toSorted((a, b) => a.day - b.day)) if (people.until[entry.child] === FOREVER) writeContact(entry);
      for (const entry of episodes[world.month]!.splice(0).toSorted((a, b) => a.day - b.day)) if (people.until[entry.child] === FOREVER) writeEpisode(entry);
    },
  };
}
