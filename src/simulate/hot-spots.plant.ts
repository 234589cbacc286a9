// Plants hot spots: street points where disorder is many times commoner than elsewhere, for the whole period or fading, and names the place that only
// looks like one because many people live there. Also the points nearest a point, for patrols.

import { createRandom } from '../core/index.ts';
import type { World } from './world.ts';

export interface HotSpot {
  name: string;
  kind: 'persistent' | 'fading' | 'many-residents';
  point: number;
  neighbours: number[];
}

/** Street points within a distance of one, nearest first, without itself. */
export function pointsNear(world: World, point: number, metres: number): number[] {
  const { points } = world.county;
  const centre = points[point]!;
  return points
    .map((other, index) => ({ index, distance: Math.hypot(other.x - centre.x, other.y - centre.y) }))
    .filter(({ index, distance }) => index !== point && distance <= metres)
    .toSorted((a, b) => a.distance - b.distance || a.index - b.index)
    .map(({ index }) => index);
}

export interface HotSpotPlan {
  spots: HotSpot[];
  month(): void;
}

export function plantHotSpots(world: World): HotSpotPlan {
  const random = createRandom(world.seed, 'hot spots');
  const { county, pack, places, calendar, truth } = world;
  const { persistent, timesMean, neighbourTimes, radiusMetres, fadedBy } = pack.planted.hotSpots;
  const mean = places.pointWeight.reduce((sum, weight) => sum + weight, 0) / places.pointWeight.length;
  const ordinary = county.points.map((_, index) => index).filter((index) => county.areas[county.points[index]!.area]!.town >= 0 && !county.areas[county.points[index]!.area]!.crowded);
  const spots: HotSpot[] = [];
  const far = (index: number) => spots.every((spot) => Math.hypot(county.points[spot.point]!.x - county.points[index]!.x, county.points[spot.point]!.y - county.points[index]!.y) > 600);
  for (let tries = 0; spots.length < persistent + 1 && tries < 5000; tries += 1) {
    const point = random.pick(ordinary);
    if (!far(point)) continue;
    const fading = spots.length === persistent;
    spots.push({ name: fading ? 'F1' : `H${spots.length + 1}`, kind: fading ? 'fading' : 'persistent', point, neighbours: pointsNear(world, point, radiusMetres) });
  }
  const usual = Float64Array.from(places.pointWeight);
  const fadeMonths = Math.max(1, calendar.months * fadedBy);
  const towers = county.areas.find((area) => area.crowded);
  if (towers) {
    const first = county.dwellingPoint[county.areaStart[towers.index]!]!;
    spots.push({ name: 'R1', kind: 'many-residents', point: first, neighbours: [] });
  }
  for (const spot of spots) {
    const { x, y, area, name } = county.points[spot.point]!;
    truth.row('hot-spot', [spot.name, spot.kind, name, county.areas[area]!.code, county.longitude(x), county.latitude(y), radiusMetres, spot.kind === 'many-residents' ? 1 : timesMean, spot.kind === 'fading' ? Math.round(fadeMonths) : null]);
  }
  truth.plant('hotSpots', { ...pack.planted.hotSpots, meaning: 'the point has timesMean times the mean weight of a street point, its neighbours within radiusMetres neighbourTimes; a fading spot falls in a straight line to its usual weight by fadedBy of the period; many-residents has ordinary rates and more residents', list: 'hot-spot.csv' });
  return {
    spots,
    month() {
      places.pointWeight.set(usual);
      for (const spot of spots) {
        if (spot.kind === 'many-residents') continue;
        const strength = spot.kind === 'fading' ? Math.max(0, 1 - world.month / fadeMonths) : 1;
        const raise = (point: number, times: number) => { places.pointWeight[point] = usual[point]! + Math.max(0, mean * times - usual[point]!) * strength; };
        raise(spot.point, timesMean);
        for (const neighbour of spot.neighbours) raise(neighbour, neighbourTimes);
      }
      places.refresh();
    },
  };
}
