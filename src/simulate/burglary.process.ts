// Burglary with near repeats: some burglaries set off others close by within days (Townsley et al. 2003; Johnson et al. 2007), as a branching process.

import { createRandom } from '../core/index.ts';
import { timeText } from './calendar.ts';
import type { IncidentFeed } from './incident.feed.ts';
import type { IncidentMaker } from './incident.process.ts';
import type { MonthlyProcess, World } from './world.ts';
import { monthlyMean } from './world.ts';

interface Offspring {
  dwelling: number;
  at: number;
  parent: { ref: string };
  days: number;
  metres: number;
}

/** Dwellings in a grid of squares, to find those near a point. */
export function createDwellingGrid(x: Float32Array, y: Float32Array, side: number) {
  const cells = new Map<string, number[]>();
  const key = (cx: number, cy: number) => `${cx} ${cy}`;
  for (let d = 0; d < x.length; d += 1) {
    const cell = key(Math.floor(x[d]! / side), Math.floor(y[d]! / side));
    const list = cells.get(cell);
    if (list) list.push(d);
    else cells.set(cell, [d]);
  }
  return (px: number, py: number, radius: number): number[] => {
    const found: number[] = [];
    for (let cx = Math.floor((px - radius) / side); cx <= Math.floor((px + radius) / side); cx += 1) {
      for (let cy = Math.floor((py - radius) / side); cy <= Math.floor((py + radius) / side); cy += 1) {
        for (const d of cells.get(key(cx, cy)) ?? []) if (Math.hypot(x[d]! - px, y[d]! - py) <= radius) found.push(d);
      }
    }
    return found;
  };
}

export function createBurglaryProcess(world: World, feed: IncidentFeed, maker: IncidentMaker): MonthlyProcess {
  const random = createRandom(world.seed, 'burglary');
  const { pack, places, county, calendar, truth } = world;
  const { offspring, distanceMetres, days, sameDwelling } = pack.burglary;
  const near = createDwellingGrid(county.dwellingX, county.dwellingY, distanceMetres);
  const share = offspring;
  let waiting: Offspring[] = [];
  const add = (dwelling: number | undefined, at: number | undefined, parent?: Offspring) => {
    const incident = maker.make('burglary', { ...(dwelling === undefined ? {} : { place: places.home(dwelling) }), ...(at === undefined ? {} : { at }) });
    if (!incident) return;
    const self = { ref: '' };
    const { place } = incident;
    incident.recorded = (ref) => {
      self.ref = ref;
      if (parent) truth.row('near-repeat', [ref, timeText(incident.started), county.longitude(place.x), county.latitude(place.y), parent.parent.ref, parent.days.toFixed(2), parent.metres.toFixed(0)]);
    };
    feed.add(incident);
    if (place.dwelling < 0) return;
    for (let n = random.poisson(share); n > 0; n -= 1) {
      let delay = random.exponential(days / 2.5);
      while (delay > days) delay = random.exponential(days / 2.5);
      const target = random.chance(sameDwelling) ? place.dwelling : random.pick(near(place.x, place.y, distanceMetres * Math.sqrt(random.next())));
      if (target === undefined) continue;
      waiting.push({ dwelling: target, at: incident.started + Math.floor(delay * 1440), parent: self, days: delay, metres: Math.hypot(county.dwellingX[target]! - place.x, county.dwellingY[target]! - place.y) });
    }
  };
  return {
    month() {
      const end = calendar.monthStart[world.month + 1]! * 1440;
      const ordinary = random.poisson(monthlyMean(world, pack.incidents.rates['burglary']! * (1 - share * 0.8), 'overnight', 'burglary'));
      for (let i = 0; i < ordinary; i += 1) add(undefined, undefined);
      for (;;) {
        const due = waiting.filter((entry) => entry.at < end);
        if (due.length === 0) break;
        waiting = waiting.filter((entry) => entry.at >= end);
        for (const entry of due) if (entry.at >= calendar.monthStart[world.month]! * 1440) add(entry.dwelling, entry.at, entry);
      }
    },
  };
}
