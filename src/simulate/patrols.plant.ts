// Plants programme C: patrols at hot spots in weeks drawn at random. In a patrol week some incidents in the street there do not happen, and a few of them
// happen nearby instead.

import { createRandom } from '../core/index.ts';
import type { Random } from '../core/index.ts';
import { dateText, weekdayOf } from './calendar.ts';
import type { EventPlace } from './event-place.ts';
import type { HotSpot } from './hot-spots.plant.ts';
import { pointsNear } from './hot-spots.plant.ts';
import type { World } from './world.ts';

export interface Patrols {
  /** What a patrol does to something about to happen: nothing, prevents it, or moves it. */
  meet(random: Random, place: EventPlace, at: number): 'none' | 'prevented' | EventPlace;
  /** Spots and days of this month's patrols, for the record of patrols. */
  visits(): { point: number; at: number }[];
}

interface Spot {
  name: string;
  near: Set<number>;
  around: number[];
  point: number;
  patrolled: Set<number>;
}

/** Monday of the week of a day. */
const weekOf = (day: number) => day - (weekdayOf(day) - 1);

export function plantPatrols(world: World, startDay: number, hotSpots: HotSpot[]): Patrols {
  const random = createRandom(world.seed, 'patrol weeks');
  const { pack, places, county, truth, calendar } = world;
  const { weeks, spots: wanted, effect, displaced, radiusMetres, movedWithinMetres, patrolsPerWeek } = pack.planted.programmeC;
  const chosen = hotSpots.filter((spot) => spot.kind === 'persistent').map((spot) => ({ name: spot.name, point: spot.point }));
  const order = county.points.map((_, index) => index).toSorted((a, b) => places.pointWeight[b]! - places.pointWeight[a]! || a - b);
  for (const point of order) {
    if (chosen.length >= wanted) break;
    const clear = chosen.every((other) => Math.hypot(county.points[other.point]!.x - county.points[point]!.x, county.points[other.point]!.y - county.points[point]!.y) > movedWithinMetres);
    if (clear) chosen.push({ name: `C${chosen.length + 1}`, point });
  }
  const firstWeek = weekOf(startDay + 6);
  const spots = chosen.map(({ name, point }): Spot => {
    const near = new Set([point, ...pointsNear(world, point, radiusMetres)]);
    const spot: Spot = { name, point, near, around: pointsNear(world, point, movedWithinMetres).filter((other) => !near.has(other)), patrolled: new Set() };
    const { x, y, area } = county.points[point]!;
    for (let week = 0; week < weeks; week += 1) {
      const monday = firstWeek + week * 7;
      if (monday >= calendar.endDay) break;
      const patrol = random.chance(0.5);
      if (patrol) spot.patrolled.add(monday);
      truth.row('programme-c', [name, county.areas[area]!.code, county.longitude(x), county.latitude(y), radiusMetres, dateText(monday), patrol]);
    }
    return spot;
  });
  truth.plant('programmeC', { ...pack.planted.programmeC, firstWeek: dateText(firstWeek), meaning: 'in a patrol week each incident in the street within radiusMetres of the spot fails to happen with chance -effect; a share displaced / -effect of those happens within movedWithinMetres instead', list: 'programme-c.csv' });
  const visiting = createRandom(world.seed, 'patrol visits');
  return {
    meet(draws, place, at) {
      if (place.dwelling >= 0 || place.premises >= 0) return 'none';
      const monday = weekOf(Math.floor(at / 1440));
      const spot = spots.find(({ near, patrolled }) => near.has(place.point) && patrolled.has(monday));
      if (!spot || !draws.chance(-effect)) return 'none';
      return spot.around.length > 0 && draws.chance(displaced / -effect) ? places.atPoint(draws, draws.pick(spot.around)) : 'prevented';
    },
    visits() {
      const found: { point: number; at: number }[] = [];
      const [from, to] = [calendar.monthStart[world.month]!, calendar.monthStart[world.month + 1]!];
      for (const spot of spots) {
        for (const monday of spot.patrolled) {
          for (let visit = 0; visit < patrolsPerWeek; visit += 1) {
            const day = monday + Math.floor((visit * 7) / patrolsPerWeek);
            const at = day * 1440 + (18 + visiting.below(5)) * 60 + visiting.below(60);
            if (day >= from && day < to) found.push({ point: spot.point, at });
          }
        }
      }
      return found;
    },
  };
}
