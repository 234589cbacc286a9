// The small areas of the county: Voronoi cells around sites that are dense in three towns and sparse between, with edges roughened by midpoint
// displacement, nested in wards and councils; how deprived each is (smooth, with sharp edges at estates) and who lives there.
// Coordinates are metres east and north of the county's centre; a local plane, good to a few metres over the county's size.

import { Delaunay } from 'd3-delaunay';
import type { Random } from '../core/index.ts';
import { createRandom } from '../core/index.ts';
import type { SimulationPack } from './simulation.pack.ts';

export interface Area {
  index: number;
  code: string;
  name: string;
  ward: number;
  council: number;
  /** Town, or -1 in the country. */
  town: number;
  locality: string;
  x: number;
  y: number;
  /** Ring of points, closed, anticlockwise. */
  ring: [number, number][];
  population: number;
  /** Share of England's areas that are less deprived, 0 to 1. */
  deprivation: number;
  estate: boolean;
  /** Holds a street of towers, and so many more residents than most. */
  crowded: boolean;
  /** Share of residents by heritage, in the pack's order. */
  heritage: number[];
}

export interface Ward {
  code: string;
  name: string;
  council: number;
}

export interface Council {
  code: string;
  name: string;
}

export interface Town {
  name: string;
  x: number;
  y: number;
  radius: number;
}

export interface AreaMap {
  areas: Area[];
  wards: Ward[];
  councils: Council[];
  towns: Town[];
}

const GOLDEN = Math.PI * (3 - Math.sqrt(5));
const townBearings: [number, number][] = [[-0.16, -0.12], [0.56, 0.36], [-0.44, 0.56]];

interface Site {
  x: number;
  y: number;
  town: number;
}

/** Sites of areas, then of the cells just outside the county, which are dropped. */
function layOutSites(random: Random, pack: SimulationPack, count: number): { sites: Site[]; inside: number; towns: Town[] } {
  const { place } = pack;
  const perTown = place.towns.map((town) => Math.max(2, Math.round(town.share * count)));
  const urban = perTown.reduce((sum, n) => sum + n, 0);
  const rural = Math.max(3, count - urban);
  const cell = (place.residentsPerArea / place.townDensity) * 1e6;
  const ruralCell = place.ruralSquareKilometresPerArea * 1e6;
  const reach = Math.sqrt((rural * ruralCell + urban * cell * 1.2) / Math.PI);
  const sites: Site[] = [];
  const towns = place.towns.map((town, t) => {
    const [bx, by] = townBearings[t]!;
    return { name: town.name, x: bx * reach, y: by * reach, radius: Math.sqrt((perTown[t]! * cell) / Math.PI) };
  });
  towns.forEach((town, t) => {
    for (let i = 0; i < perTown[t]!; i += 1) {
      const radius = town.radius * Math.sqrt((i + 0.5) / perTown[t]!);
      const jitter = Math.sqrt(cell) * 0.13;
      sites.push({ x: town.x + radius * Math.cos(i * GOLDEN) + jitter * random.normal(), y: town.y + radius * Math.sin(i * GOLDEN) + jitter * random.normal(), town: t });
    }
  });
  const outline = (angle: number) => reach * (1 + 0.1 * Math.sin(3 * angle + 1) + 0.06 * Math.sin(5 * angle));
  let gap = Math.sqrt(ruralCell) * 0.8;
  for (let tries = 0; sites.length < urban + rural; tries += 1) {
    if (tries % 200 === 199) gap *= 0.9;
    const angle = random.next() * 2 * Math.PI;
    const radius = Math.sqrt(random.next()) * outline(angle) * 0.92;
    const site = { x: radius * Math.cos(angle), y: radius * Math.sin(angle), town: -1 };
    const clear = towns.every((town) => Math.hypot(site.x - town.x, site.y - town.y) > town.radius + gap * 0.45)
      && sites.every((other) => other.town >= 0 || Math.hypot(site.x - other.x, site.y - other.y) > gap);
    if (clear) sites.push(site);
  }
  const inside = sites.length;
  const ring = Math.max(12, Math.round((2 * Math.PI * reach) / (Math.sqrt(ruralCell) * 0.9)));
  for (let i = 0; i < ring; i += 1) {
    const angle = ((i + 0.4 * (random.next() - 0.5)) / ring) * 2 * Math.PI;
    const radius = outline(angle) + Math.sqrt(ruralCell) * (0.35 + 0.15 * random.next());
    sites.push({ x: radius * Math.cos(angle), y: radius * Math.sin(angle), town: -2 });
  }
  for (const site of sites.slice(inside)) sites.push({ x: site.x * 3, y: site.y * 3, town: -2 });
  return { sites, inside, towns };
}

/** The points between two corners of a cell, the same whichever cell asks. */
function roughEdge(seed: number, from: [number, number], to: [number, number]): [number, number][] {
  const forward = from[0] < to[0] || (from[0] === to[0] && from[1] < to[1]);
  const [a, b] = forward ? [from, to] : [to, from];
  const random = createRandom(seed, `edge ${a[0]} ${a[1]} ${b[0]} ${b[1]}`);
  let points: [number, number][] = [a, b];
  for (let depth = 0; depth < 3; depth += 1) {
    const next: [number, number][] = [a];
    for (let i = 1; i < points.length; i += 1) {
      const [p, q] = [points[i - 1]!, points[i]!];
      const shift = random.normal() * 0.07;
      next.push([Math.round((p[0] + q[0]) / 2 - (q[1] - p[1]) * shift), Math.round((p[1] + q[1]) / 2 + (q[0] - p[0]) * shift)], q);
    }
    points = next;
  }
  if (!forward) points.reverse();
  return points.slice(0, -1);
}

/** Splits areas into compact groups of at most `size` by halving the longer side. */
function groupNearby(areas: Area[], size: number): Area[][] {
  if (areas.length <= size) return [areas];
  const spread = (key: 'x' | 'y') => Math.max(...areas.map((a) => a[key])) - Math.min(...areas.map((a) => a[key]));
  const key = spread('x') > spread('y') ? 'x' : 'y';
  const sorted = areas.toSorted((a, b) => a[key] - b[key]);
  const groups = Math.ceil(areas.length / size);
  const cut = Math.round((Math.floor(groups / 2) / groups) * areas.length);
  return [...groupNearby(sorted.slice(0, cut), size), ...groupNearby(sorted.slice(cut), size)];
}

const wardWords = ['Abbey', 'Bridge', 'Castle', 'Drove', 'Eastgate', 'Fosse', 'Grange', 'Harbour', 'Ivel', 'Junction', 'Kingsfield', 'Lode', 'Meadow', 'Northgate', 'Orchard', 'Priory', 'Quay', 'Riverside', 'Southgate', 'Tollgate', 'Upland', 'Victoria', 'Westgate', 'Woodside', 'Windmill', 'Staunch', 'Sluice', 'Warren'];

function nameAreas(map: AreaMap, pack: SimulationPack): void {
  let next = 1;
  map.councils.forEach((council, c) => {
    const groups = groupNearby(map.areas.filter((area) => area.council === c), pack.place.areasPerWard);
    groups.forEach((group, g) => {
      const ward = map.wards.length;
      const round = Math.floor(g / wardWords.length);
      const word = wardWords[(g * 3 + c * 7) % wardWords.length]!;
      map.wards.push({ code: `E0599${String(ward + 1).padStart(4, '0')}`, name: `${word}${round > 0 ? ` ${round + 1}` : ''}`, council: c });
      group.toSorted((a, b) => b.y - a.y).forEach((area, i) => {
        area.ward = ward;
        area.code = `E0199${String(next).padStart(4, '0')}`;
        area.name = `${council.name} ${String(g + 1).padStart(3, '0')}${String.fromCharCode(65 + i)}`;
        next += 1;
      });
    });
  });
  map.areas.sort((a, b) => (a.code < b.code ? -1 : 1));
  map.areas.forEach((area, index) => { area.index = index; });
}

/** A smooth surface over the county: a sum of broad bumps, about standard normal. */
function smoothSurface(random: Random, reach: number, width: number): (x: number, y: number) => number {
  const bumps = Array.from({ length: 24 }, () => ({ x: (random.next() * 2 - 1) * reach, y: (random.next() * 2 - 1) * reach, height: random.normal() }));
  return (x, y) => bumps.reduce((sum, bump) => sum + bump.height * Math.exp(-((x - bump.x) ** 2 + (y - bump.y) ** 2) / (2 * width * width)), 0);
}

function setDeprivation(random: Random, map: AreaMap, pack: SimulationPack, reach: number): void {
  const broad = smoothSurface(random, reach, reach / 3);
  const local = smoothSurface(random, reach, Math.max(900, reach / 10));
  const towned = map.areas.filter((area) => area.town >= 0);
  const estates = Array.from({ length: Math.max(1, Math.round(map.areas.length / 14)) }, () => random.pick(towned));
  const score = map.areas.map((area) => {
    const town = area.town >= 0 ? pack.place.towns[area.town]!.deprivation : -0.5;
    area.estate = estates.some((estate) => estate.town === area.town && Math.hypot(estate.x - area.x, estate.y - area.y) < 500);
    return town + 0.45 * broad(area.x, area.y) + 0.5 * local(area.x, area.y) + (area.estate ? 1.5 : 0) + 0.3 * random.normal();
  });
  const order = score.map((_, i) => i).toSorted((a, b) => score[a]! - score[b]!);
  order.forEach((area, rank) => { map.areas[area]!.deprivation = (rank + 0.5) / order.length; });
}

function setHeritage(random: Random, map: AreaMap, pack: SimulationPack, reach: number): void {
  const names = Object.keys(pack.people.heritage);
  const shares = names.map((name) => pack.people.heritage[name]!);
  const surfaces = names.map(() => smoothSurface(random, reach, Math.max(1200, reach / 8)));
  const diversity = map.areas.map((area) => (area.town >= 0 ? pack.place.towns[area.town]!.diversity : 0.25) * (0.5 + area.deprivation));
  const raw = map.areas.map((area, a) => names.map((_, h) => (h === 0 ? 0 : diversity[a]! * Math.exp(0.9 * surfaces[h]!(area.x, area.y)))));
  const residents = map.areas.reduce((sum, area) => sum + area.population, 0);
  const means = names.map((_, h) => map.areas.reduce((sum, area, a) => sum + raw[a]![h]! * area.population, 0) / residents);
  map.areas.forEach((area, a) => {
    const mix = names.map((_, h) => (h === 0 ? 0 : (raw[a]![h]! / means[h]!) * shares[h]!));
    const others = mix.reduce((sum, share) => sum + share, 0);
    const squeeze = others > 0.9 ? 0.9 / others : 1;
    area.heritage = mix.map((share, h) => (h === 0 ? 1 - others * squeeze : share * squeeze));
  });
}

export function createAreaMap(seed: number, pack: SimulationPack, people: number): AreaMap {
  const random = createRandom(seed, 'areas');
  const count = Math.max(pack.place.minimumAreas, Math.round(people / pack.place.residentsPerArea));
  const { sites, inside, towns } = layOutSites(random, pack, count);
  const reach = Math.max(...sites.slice(0, inside).map((site) => Math.hypot(site.x, site.y)));
  const limit = reach * 6;
  const voronoi = Delaunay.from(sites, (site) => site.x, (site) => site.y).voronoi([-limit, -limit, limit, limit]);
  const weights = Array.from({ length: inside }, () => 0.75 + 0.5 * random.next());
  const crowded = Math.min(3, inside - 1);
  weights[crowded] = 1.75;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let village = 0;
  const areas = sites.slice(0, inside).map((site, index): Area => {
    const corners = voronoi.cellPolygon(index).map(([x, y]): [number, number] => [Math.round(x), Math.round(y)]);
    const ring = corners.slice(1).flatMap((corner, i) => roughEdge(seed, corners[i]!, corner));
    ring.push(ring[0]!);
    const distances = towns.map((town, t) => Math.hypot(town.x - site.x, town.y - site.y) * (t === 0 ? 1.5 : 1));
    const council = site.town >= 0 ? site.town : distances.indexOf(Math.min(...distances));
    const { villages } = pack.place;
    const again = Math.floor(village / villages.length);
    const locality = site.town >= 0 ? towns[site.town]!.name : `${again > 0 ? ['Nether ', 'Upper ', 'New ', 'Old ', 'East ', 'West '][(again - 1) % 6] : ''}${villages[village++ % villages.length]!}`;
    return { index, code: '', name: '', ward: 0, council, town: site.town, locality, x: site.x, y: site.y, ring, population: Math.round((people * weights[index]!) / total), deprivation: 0, estate: false, crowded: index === crowded, heritage: [] };
  });
  areas[0]!.population += people - areas.reduce((sum, area) => sum + area.population, 0);
  const councils = pack.place.towns.map((town, t) => ({ code: `E0699${String(t + 1).padStart(4, '0')}`, name: town.council }));
  const map: AreaMap = { areas, wards: [], councils, towns };
  nameAreas(map, pack);
  setDeprivation(random, map, pack, reach);
  setHeritage(random, map, pack, reach);
  return map;
}
