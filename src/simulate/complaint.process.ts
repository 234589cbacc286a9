// Complaints of anti-social behaviour to the council, which cluster at some homes and blocks; with summer, holidays and light evenings.

import { createRandom } from '../core/index.ts';
import { timeText } from './calendar.ts';
import { FOREVER, dwellingOf } from './people.ts';
import type { EventPlace } from './event-place.ts';
import type { MonthlyProcess, World } from './world.ts';
import { monthlyMean, pickWeighted } from './world.ts';

const mix = { noise: 0.46, harassment: 0.16, rubbish: 0.17, vandalism: 0.09, 'drugs-alcohol': 0.12 };

export function createComplaintProcess(world: World): MonthlyProcess {
  const random = createRandom(world.seed, 'complaints');
  const { pack, writer, county, sampler, places, people } = world;
  const council = world.records.council;
  let number = 0;
  const troubled: number[] = [];
  return {
    month() {
      const rows: { at: number; person: number; kind: string; place: EventPlace }[] = [];
      for (let n = random.poisson(monthlyMean(world, pack.complaints.perThousand, 'youth-street')); n > 0; n -= 1) {
        const person = sampler.draw(random, 'caller');
        if (people.until[person] !== FOREVER) continue;
        const kind = pickWeighted(random.next(), mix);
        let place: EventPlace;
        if (kind === 'noise' || kind === 'harassment') {
          const again = troubled.length > 30 && random.chance(0.45);
          const dwelling = again ? random.pick(troubled) : dwellingOf(people, sampler.draw(random, 'perpetrator'));
          if (!again) troubled.push(dwelling);
          place = places.home(dwelling);
        } else place = places.street(random);
        rows.push({ at: world.time.draw(random, kind === 'noise' ? 'home-evening' : 'office-hours'), person, kind, place });
      }
      rows.sort((a, b) => a.at - b.at);
      for (const { at, person, kind, place } of rows) {
        if (world.plants.isStopped('asb-complaint', Math.floor(at / 1440))) continue;
        number += 1;
        const named = random.chance(0.88);
        const written = named ? council.write(council.recordFor(person), Math.floor(at / 1440)) : undefined;
        writer.row('asb-complaint', world.month, [
          `AC${String(number).padStart(6, '0')}`, timeText(at), kind, written?.id, written?.forename, written?.surname, written?.phone, written?.email, written?.postcode,
          place.text, place.postcode, county.longitude(place.x), county.latitude(place.y), county.areas[place.area]!.code,
          pickWeighted(random.next(), { 'Advice given': 0.45, 'Warning letter': 0.2, 'No further action': 0.2, Mediation: 0.07, 'Acceptable behaviour contract': 0.05, 'Passed to police': 0.03 }),
        ]);
      }
    },
  };
}
