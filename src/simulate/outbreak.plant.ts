// Plants an outbreak: some weeks of knife injuries in a few neighbouring areas, beside the ordinary ones.

import { createRandom } from '../core/index.ts';
import { dateText, weekdayOf } from './calendar.ts';
import { startMonth } from './programmes.plant.ts';
import type { ViolenceProcess } from './violence.process.ts';
import type { MonthlyProcess, World } from './world.ts';

export function plantOutbreak(world: World, violence: ViolenceProcess): MonthlyProcess {
  const random = createRandom(world.seed, 'outbreak');
  const { pack, county, calendar, places, sampler, truth } = world;
  const { at, weeks, areas: wanted, perWeek, police, emergencyDepartment, ambulance } = pack.planted.outbreak;
  const town = county.areas.filter((area) => area.town === 0 && area.deprivation > 0.4);
  const centre = random.pick(town);
  const areas = county.areas.toSorted((a, b) => Math.hypot(a.x - centre.x, a.y - centre.y) - Math.hypot(b.x - centre.x, b.y - centre.y)).slice(0, wanted);
  let first = calendar.monthStart[startMonth(world, at)]!;
  while (weekdayOf(first) !== 1) first += 1;
  truth.plant('outbreak', { ...pack.planted.outbreak, from: dateText(first), to: dateText(first + weeks * 7 - 1), areaCodes: areas.map((area) => area.code), meaning: 'knife injuries in the street, perWeek in all areas together, beside the ordinary ones; each enters each list with these chances', list: 'hidden-violence.csv, column outbreak' });
  return {
    month() {
      const [from, to] = [calendar.monthStart[world.month]!, calendar.monthStart[world.month + 1]!];
      for (let week = 0; week < weeks; week += 1) {
        const count = random.poisson(perWeek);
        for (let i = 0; i < count; i += 1) {
          const day = first + week * 7 + random.pickIndex([0.1, 0.2, 0.3, 0.42, 0.62, 0.86, 1]);
          const minute = (17 + random.below(7)) * 60 + random.below(60);
          const area = random.pick(areas);
          if (day < from || day >= to) continue;
          violence.add({ at: day * 1440 + minute, setting: 'street', person: sampler.draw(random, 'victim'), place: places.streetIn(random, area.index), method: 'sharp object', outbreak: true, lists: { police, emergencyDepartment, ambulance } });
        }
      }
    },
  };
}
