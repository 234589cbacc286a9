// True violence with injury, most of which no agency sees. Each event enters the police, emergency department and ambulance lists with known chances;
// whom an ambulance attends is far likelier to be in the emergency department's list. Truth keeps every event and the lists it is in.

import { createRandom } from '../core/index.ts';
import { ageOn, dateText, timeText } from './calendar.ts';
import type { EventPlace } from './event-place.ts';
import type { IncidentFeed } from './incident.feed.ts';
import type { IncidentMaker } from './incident.process.ts';
import { dwellingOf } from './people.ts';
import { personId } from './agency-records.ts';
import type { AmbulanceFeed } from './ambulance.process.ts';
import type { MonthlyProcess, World } from './world.ts';
import { monthlyMean, pickWeighted } from './world.ts';

type Setting = 'domestic' | 'night-time-economy' | 'street' | 'school' | 'workplace' | 'transport';

const profiles: Record<Setting, string> = { domestic: 'home-evening', 'night-time-economy': 'night-time', street: 'youth-street', school: 'school-day', workplace: 'shop-hours', transport: 'office-hours' };
const openings: Record<Setting, Record<string, number>> = {
  domestic: { 'violence-with-injury': 0.5, 'domestic-incident': 0.4, 'concern-for-safety': 0.1 },
  'night-time-economy': { 'violence-with-injury': 0.72, 'public-order': 0.18, 'collapse-illness-injury': 0.1 },
  street: { 'violence-with-injury': 0.72, 'asb-nuisance': 0.08, 'collapse-illness-injury': 0.1, 'public-order': 0.1 },
  school: { 'violence-with-injury': 0.9, 'concern-for-safety': 0.1 },
  workplace: { 'violence-with-injury': 0.85, 'public-order': 0.15 },
  transport: { 'violence-with-injury': 0.85, 'public-order': 0.15 },
};
const methods = { 'body part': 0.62, 'sharp object': 0.07, 'blunt object': 0.09, 'glass or bottle': 0.06, push: 0.08, other: 0.05, unknown: 0.03 };

export interface ViolentEvent {
  at: number;
  setting: Setting;
  place: EventPlace;
  person: number;
  method: string;
  outbreak: boolean;
  /** Chances of each list where they are not the usual ones. */
  lists?: { police: number; emergencyDepartment: number; ambulance: number };
}

export interface ViolenceProcess extends MonthlyProcess {
  /** Adds an event beside the ordinary ones. */
  add(event: ViolentEvent): void;
}

export function createViolenceProcess(world: World, feed: IncidentFeed, maker: IncidentMaker, ambulance: AmbulanceFeed): ViolenceProcess {
  const random = createRandom(world.seed, 'violence');
  const { pack, places, sampler, people, county, truth, writer, calendar } = world;
  const { violence } = pack;
  const hospital: { arrived: number; cells: (string | null)[] }[] = [];
  let number = 0;
  const placeFor = (setting: Setting, person: number): EventPlace => {
    if (setting === 'domestic') return places.home(dwellingOf(people, person));
    if (setting === 'night-time-economy') return random.chance(0.55) ? places.atPremises(random, ['pub', 'club']) : places.centre(random, random.chance(0.75) ? 0 : 1);
    if (setting === 'school') return places.school(county.secondaryOf[county.dwellingArea[dwellingOf(people, person)]!]!);
    if (setting === 'workplace') return places.atPremises(random, ['shop', 'restaurant', 'pub', 'other']);
    return random.chance(0.8) ? places.street(random) : places.centre(random);
  };
  const toHospital = (event: ViolentEvent) => {
    const arrived = event.at + 25 + Math.floor(random.exponential(110));
    const premises = event.place.premises >= 0 && ['pub', 'club'].includes(county.premises[event.place.premises]!.kind);
    const type = premises ? 'licensed premises' : event.setting === 'domestic' ? 'home' : event.setting === 'school' ? 'school or education' : event.setting === 'workplace' ? 'workplace' : event.setting === 'transport' ? 'public transport' : 'street or public place';
    const told = random.chance((violence.usablePlace[type] ?? violence.usablePlace['other']!) * (people.heritage[event.person] === 0 ? 1.08 : violence.usablePlaceMinority));
    const description = told ? (event.setting === 'domestic' ? `${county.streetName[county.dwellingStreet[event.place.dwelling]!]!}, ${county.areas[event.place.area]!.locality}` : event.place.text) : random.pick(['', '', 'unknown', 'not stated']);
    const monthStart = calendar.monthStart[world.month]!;
    hospital.push({
      arrived,
      cells: [dateText(monthStart), dateText(calendar.monthStart[world.month + 1]! - 1), 'FNM01', timeText(arrived), timeText(random.chance(0.4) ? Math.floor(event.at / 60) * 60 : event.at), event.method, event.method === 'other' ? 'Pushed against wall' : null, type, description],
    });
    return told;
  };
  const toPolice = (event: ViolentEvent, lists: string[]) => {
    const opening = pickWeighted(random.next(), openings[event.setting]);
    const incident = maker.make('violence-without-injury', { person: event.person, place: event.place, at: event.at });
    if (!incident) return false;
    incident.opening = opening;
    incident.closing = random.chance(0.96) ? 'violence-with-injury' : 'violence-without-injury';
    incident.outcome = 'Crime recorded';
    incident.flags = incident.flags.filter((flag) => flag !== 'domestic');
    if (event.setting === 'domestic') incident.flags.push('domestic');
    if (event.method === 'sharp object') incident.flags.push('weapon', 'knife');
    incident.minutes *= 1.6;
    incident.recorded = (ref) => truth.row('hidden-violence', [...lists, ref, event.outbreak]);
    feed.add(incident);
    return true;
  };
  const add = (event: ViolentEvent) => {
    const { lists: chances } = event;
    const patrol = event.setting === 'street' ? world.plants.meetPatrol(random, event.place, event.at) : 'none';
    if (patrol === 'prevented') return;
    if (patrol !== 'none') event.place = patrol;
    number += 1;
    const byAmbulance = random.chance(chances?.ambulance ?? violence.ambulance);
    const byHospital = random.chance(chances?.emergencyDepartment ?? (byAmbulance ? violence.emergencyDepartmentIfAmbulance : violence.emergencyDepartment));
    const byPolice = random.chance(chances?.police ?? violence.police);
    const lists = [
      `V${String(number).padStart(6, '0')}`, timeText(event.at), event.setting, county.areas[event.place.area]!.code, county.longitude(event.place.x), county.latitude(event.place.y), personId(event.person),
      String(byPolice), String(byHospital), String(byAmbulance), byHospital ? String(toHospital(event)) : '',
    ];
    if (byAmbulance) ambulance.call('assault', event.person, event.at + random.below(20), event.place);
    if (!byPolice || !toPolice(event, lists)) truth.row('hidden-violence', [...lists.slice(0, 7), 'false', ...lists.slice(8), null, event.outbreak]);
  };
  return {
    add,
    month() {
      const settings = Object.entries(violence.settings) as [Setting, number][];
      for (const [setting, share] of settings) {
        const count = random.poisson(monthlyMean(world, violence.truePerThousand * share, profiles[setting], 'violence'));
        for (let i = 0; i < count; i += 1) {
          const at = world.time.draw(random, profiles[setting]);
          let person = sampler.draw(random, 'victim');
          for (let tries = 0; tries < 8; tries += 1) {
            const age = ageOn(people.birth[person]!, world.calendar.monthStart[world.month]!);
            if (setting === 'school' ? age >= 8 && age < 17 : setting === 'domestic' ? age >= 16 : age >= 10) break;
            person = sampler.draw(random, 'victim');
          }
          add({ at, setting, person, place: placeFor(setting, person), method: pickWeighted(random.next(), methods), outbreak: false });
        }
      }
      hospital.sort((a, b) => a.arrived - b.arrived);
      for (const { cells } of hospital.splice(0)) writer.row('istv-assault', world.month, cells);
    },
  };
}
