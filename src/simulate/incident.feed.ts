// Police incidents as command and control sends them, and the people in them as the force's records hold them. Incidents of a month are put in order of
// report, given their references and written; those still open at the end of the month come first as open and again, closed, in the next month's file.

import type { Random } from '../core/index.ts';
import { createRandom } from '../core/index.ts';
import { dateText, timeText } from './calendar.ts';
import type { Cell } from './csv.file.ts';
import type { CrimeFeed } from './crime.feed.ts';
import { publishedTypes } from './crime.feed.ts';
import type { EventPlace } from './event-place.ts';
import { codesChangedIn } from './plant-questions.ts';
import type { World } from './world.ts';

export interface Party {
  person: number;
  role: 'victim' | 'suspect' | 'witness' | 'caller' | 'subject' | 'child' | 'missing-person' | 'other';
  childPresent?: boolean;
}

export interface Incident {
  reported: number;
  started: number;
  /** -1 where not known. */
  ended: number;
  precision: 'minute' | 'hour' | 'day' | 'window';
  opening: string;
  closing: string;
  flags: string[];
  place: EventPlace;
  parties: Party[];
  minutes: number;
  grade: number;
  outcome: string;
  summary: string;
  /** Called once its reference and crime are known. */
  recorded?(ref: string): void;
}

export interface IncidentFeed {
  add(incident: Incident): void;
  /** Writes the month's incidents; `onWritten` sees each with its reference. */
  endMonth(onWritten: (incident: Incident, ref: string) => void): void;
}

function hideTime(random: Random, incident: Incident, midnightShare: number, hourShare: number): { started: number; precision: Incident['precision'] } {
  if (incident.precision !== 'minute') return incident;
  if (random.chance(midnightShare)) return { started: Math.floor(incident.started / 1440) * 1440, precision: 'day' };
  if (random.chance(hourShare)) return { started: Math.floor(incident.started / 60) * 60, precision: 'hour' };
  return incident;
}

export function createIncidentFeed(world: World, crimes: CrimeFeed): IncidentFeed {
  const random = createRandom(world.seed, 'incident feed');
  const { pack, county, calendar, writer } = world;
  const police = world.records.police;
  const { openAtMonthEnd, noPlaceShare, midnightShare, hourShare } = pack.incidents;
  const codesChanged = codesChangedIn(world.pack, world.calendar);
  let waiting: Incident[] = [];
  let reopened: Cell[][] = [];
  let perDay = 0;
  let day = -1;
  const refOf = (reported: number) => {
    const today = Math.floor(reported / 1440);
    if (today !== day) [day, perDay] = [today, 0];
    perDay += 1;
    return `FP-${dateText(today).replaceAll('-', '')}-${String(perDay).padStart(4, '0')}`;
  };
  const writeParties = (incident: Incident, ref: string) => {
    const today = Math.floor(incident.reported / 1440);
    const style = world.month < codesChanged ? 'short' : 'code';
    const seen = new Set<string>();
    // Command and control and the crime system each enter people; where both do, the person may stand twice in one role.
    const twice = publishedTypes[incident.closing] ? incident.parties.filter((party) => (party.role === 'victim' || party.role === 'suspect') && random.chance(pack.incidents.enteredTwice)) : [];
    for (const party of [...incident.parties, ...twice]) {
      const record = police.recordFor(party.person);
      const written = police.write(record, today, style);
      if (seen.has(written.id + party.role)) continue;
      seen.add(written.id + party.role);
      writer.row('police-involvement', world.month, [
        ref, written.id, party.role, party.childPresent ?? null, written.forename, written.middle, written.surname, written.birth, written.age, written.sex, written.ethnicity,
        written.address, written.postcode, written.phone, dateText(today),
      ]);
    }
  };
  const recordCrimes = (incident: Incident, ref: string): string => {
    if (incident.closing.startsWith('asb-')) crimes.antiSocialBehaviour(incident.place);
    if (!publishedTypes[incident.closing]) return '';
    const crimeRef = crimes.record(incident.closing, incident.place, ref);
    if (random.chance(pack.crime.secondCrime)) crimes.record(random.chance(0.7) ? incident.closing : 'criminal-damage-arson', incident.place, ref);
    return crimeRef;
  };
  const writeIncident = (incident: Incident, ref: string, monthEnd: number) => {
    const { place } = incident;
    const hidden = hideTime(random, incident, midnightShare, hourShare);
    const placed = !random.chance(noPlaceShare);
    const area = county.areas[place.area]!;
    const crimeRef = recordCrimes(incident, ref);
    const where: Cell[] = placed
      ? [place.text, place.postcode, place.dwelling >= 0 ? county.uprnOf(place.dwelling) : null, county.longitude(place.x), county.latitude(place.y), area.code, place.premises >= 0 ? county.premises[place.premises]!.ref : null]
      : [place.text, null, null, null, null, null, null];
    const start = (closing: string, minutes: number | null, crime: string, ended: number): Cell[] => [
      ref, timeText(incident.reported), timeText(hidden.started), ended < 0 ? null : timeText(ended), hidden.precision, incident.opening, closing,
      incident.flags.join(';'), incident.grade, minutes, crime,
    ];
    const end = (outcome: string): Cell[] => [...where, outcome, incident.summary];
    const recent = incident.reported > (monthEnd - openAtMonthEnd.recentDays) * 1440;
    const closed = [...start(incident.closing, Math.round(incident.minutes * 10) / 10, crimeRef, incident.ended), ...end(incident.outcome)];
    const stillOpen = world.month + 1 < calendar.months && random.chance(recent ? openAtMonthEnd.share : openAtMonthEnd.longer);
    if (!stillOpen) {
      writer.row('police-incident', world.month, closed);
      return;
    }
    writer.row('police-incident', world.month, [...start('', null, '', -1), ...end('Open')]);
    reopened.push(closed);
  };
  return {
    add: (incident) => { waiting.push(incident); },
    endMonth(onWritten) {
      for (const cells of reopened) writer.row('police-incident', world.month, cells);
      reopened = [];
      waiting.sort((a, b) => a.reported - b.reported);
      const monthEnd = calendar.monthStart[world.month + 1]!;
      for (const incident of waiting) {
        const ref = refOf(incident.reported);
        incident.recorded?.(ref);
        writeIncident(incident, ref, monthEnd);
        writeParties(incident, ref);
        onWritten(incident, ref);
      }
      waiting = [];
    },
  };
}
