// Ambulance calls: mostly illness by day among older people, with intoxication and assault at night; some people call again and again.

import { createRandom } from '../core/index.ts';
import { timeText } from './calendar.ts';
import type { EventPlace } from './event-place.ts';
import type { Process } from './people.ts';
import { FOREVER, dwellingOf } from './people.ts';
import type { MonthlyProcess, World } from './world.ts';
import { monthlyMean } from './world.ts';

export interface AmbulanceFeed extends MonthlyProcess {
  /** Adds one call to this month. */
  call(complaint: string, person: number, at: number, place: EventPlace): void;
}

const profiles: Record<string, string> = { 'mental-health': 'home-evening', intoxication: 'night-time', fall: 'illness-day', breathing: 'illness-day', 'chest-pain': 'illness-day', other: 'illness-day' };
const drawnBy: Record<string, Process> = { 'mental-health': 'welfare', intoxication: 'perpetrator' };

export function createAmbulanceProcess(world: World): AmbulanceFeed {
  const random = createRandom(world.seed, 'ambulance');
  const { pack, places, sampler, people, county, writer } = world;
  const records = world.records.ambulance;
  const waiting: { at: number; complaint: string; person: number; place: EventPlace }[] = [];
  const later: { month: number; complaint: string; person: number }[] = [];
  let number = 0;
  const write = ({ at, complaint, person, place }: (typeof waiting)[number]) => {
    number += 1;
    const arrived = at + 4 + Math.floor(random.exponential(22));
    const conveyed = random.chance(complaint === 'mental-health' ? 0.45 : complaint === 'fall' ? 0.5 : 0.58);
    const minutes = 25 + random.gamma(3, conveyed ? 22 : 12);
    const known = random.chance(0.94);
    const written = known ? records.write(records.recordFor(person), Math.floor(at / 1440)) : undefined;
    writer.row('ambulance-call', world.month, [
      `FA${String(number).padStart(8, '0')}`, timeText(at), timeText(arrived), timeText(arrived + Math.round(minutes)), complaint, minutes.toFixed(1), conveyed,
      written?.id, written?.nhsNumber, written?.forename, written?.surname, written?.birth, written?.age, written?.sex, written?.postcode,
      place.text, place.postcode, county.longitude(place.x), county.latitude(place.y), county.areas[place.area]!.code,
    ]);
  };
  const call: AmbulanceFeed['call'] = (complaint, person, at, place) => { waiting.push({ at, complaint, person, place }); };
  return {
    call,
    month() {
      const { mix, perThousand, repeats } = pack.ambulance;
      for (const [complaint, share] of Object.entries(mix)) {
        const profile = profiles[complaint]!;
        for (let n = random.poisson(monthlyMean(world, perThousand * share * (1 - repeats), profile)); n > 0; n -= 1) {
          const person = sampler.draw(random, drawnBy[complaint] ?? 'ambulance');
          if (people.until[person] !== FOREVER) continue;
          const place = complaint === 'intoxication' ? (random.chance(0.5) ? places.centre(random) : places.street(random)) : random.chance(0.86) ? places.home(dwellingOf(people, person)) : places.street(random);
          call(complaint, person, world.time.draw(random, profile), place);
          for (let again = random.poisson(repeats); again > 0; again -= 1) later.push({ month: world.month + Math.floor(random.exponential(1.6)), complaint, person });
        }
      }
      for (let i = later.length - 1; i >= 0; i -= 1) {
        const { month, complaint, person } = later[i]!;
        if (month > world.month) continue;
        later[i] = later.at(-1)!;
        later.pop();
        if (people.until[person] !== FOREVER) continue;
        call(complaint, person, world.time.draw(random, profiles[complaint]!), places.home(dwellingOf(people, person)));
      }
      waiting.sort((a, b) => a.at - b.at);
      for (const entry of waiting.splice(0)) write(entry);
    },
  };
}
