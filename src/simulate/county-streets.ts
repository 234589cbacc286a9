// Streets, dwellings, postcodes and the street points to which published crime is moved. Streets run in rows turned to each area's own angle, around its
// middle, closer together until enough lie inside it.

import { createRandom } from '../core/index.ts';
import type { Random } from '../core/index.ts';
import type { Area, AreaMap } from './county-areas.ts';
import { uniformOf } from './record-noise.ts';
import type { SimulationPack } from './simulation.pack.ts';

export const tenures = ['owned', 'private-rent', 'social-rent'] as const;
export const dwellingKinds = ['house', 'flat', 'care-home', 'childrens-home', 'hostel'] as const;

export interface Streets {
  streetName: string[];
  streetArea: Int32Array;
  dwellings: number;
  dwellingStreet: Int32Array;
  dwellingArea: Int32Array;
  dwellingNumber: Int32Array;
  /** Index into `dwellingKinds`. */
  dwellingKind: Uint8Array;
  /** Index into `tenures`. */
  dwellingTenure: Uint8Array;
  dwellingX: Float32Array;
  dwellingY: Float32Array;
  dwellingPostcode: Int32Array;
  dwellingPoint: Int32Array;
  postcodes: string[];
  postcodeArea: Int32Array;
  points: { name: string; area: number; x: number; y: number }[];
  /** First dwelling of each area, and the end. */
  areaStart: Int32Array;
  /** First street point of each area, and the end. */
  areaPoints: Int32Array;
}

const streetWords = 'Mill Church Station Victoria Albert Manor School Park Queens Kings Chapel Windmill Orchard Meadow Rectory Willow Poplar Alder Sluice Lode Drove Staithe Heron Bittern Plover Teal Curlew Reed Sedge Osier Eel Barge Lock Towpath Wharf Granary Malting Brewery Cattle Corn Wool Saffron Lavender Clover Barley Harvest Plough Furrow Acre Glebe Abbey Priory Minster Cloister Friar Bishop Dean Bell Ringer Cross Toll Turnpike Coach Saddler Cooper Tanner Weaver Chandler Potter Fletcher Baker Butcher Fisher Gibson Hereward Cromwell Nelson Wellington Trafalgar Alma Jubilee Coronation Festival Livingstone Darwin Newton Faraday Stephenson Brunel Telford Byron Shelley Keats Milton Tennyson Clare Constable Gainsborough Turner Lime Elm Ash Beech Birch Cedar Chestnut Hawthorn Hazel Holly Larch Maple Rowan Sycamore Laburnum Magnolia Primrose Bluebell Foxglove Cowslip Campion Kestrel Falcon Swallow Swift Linnet Lark Finch'.split(' ');
const streetBefore = ['', 'Upper ', 'Lower ', 'Old ', 'New ', 'North ', 'South ', 'East ', 'West ', 'Great ', 'Little ', 'Long ', 'Far ', 'Middle ', 'High ', 'Nether '];
const streetEndings = 'Road Road Street Street Lane Close Avenue Way Drive Crescent Gardens Court Grove Terrace Place Walk'.split(' ');
const estateEndings = 'Walk Court Way Road Close Path Square'.split(' ');
const specialPoints = ['Supermarket', 'Parking Area', 'Park/Open Space', 'Petrol Station', 'Sports/Recreation Area', 'Shopping Area'];
const inward = 'ABDEFGHJLNPQRSTUWXYZ';

/** Whether a point lies inside a closed ring (even-odd rule). */
export function isInside(ring: readonly [number, number][], x: number, y: number): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
    const [xi, yi] = ring[i]!;
    const [xj, yj] = ring[j]!;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** The nth postcode of a district: "FM3 2AB". */
export function postcodeText(district: number, n: number): string {
  const sector = (Math.floor(n / 400) % 9) + 1;
  const unit = (n * 89) % 400;
  return `FM${district} ${sector}${inward[Math.floor(unit / 20)]}${inward[unit % 20]}`;
}

interface StreetLine {
  x: number;
  y: number;
  dx: number;
  dy: number;
  length: number;
}

/** Whether a street and its houses lie inside a ring. */
function streetFits(ring: readonly [number, number][], line: StreetLine): boolean {
  return [-0.5, -0.25, 0, 0.25, 0.5].every((part) => [-17, 17].every((side) =>
    isInside(ring, line.x + line.dx * line.length * part - line.dy * side, line.y + line.dy * line.length * part + line.dx * side)));
}

/** Rows of streets turned to the area's own angle, those nearest its site; closer together until enough lie inside its ring. */
function layOutStreets(random: Random, area: Area, count: number, length: number): StreetLine[] {
  const angle = random.next() * Math.PI;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const size = area.town >= 0 ? 1.45 : 1.05;
  const seed = random.below(1 << 30);
  for (let scale = size; ; scale *= 0.93) {
    const [columnGap, rowGap] = [(length + 24) * scale, 74 * scale];
    const columns = Math.ceil(650 / columnGap);
    const rows = Math.ceil(650 / rowGap);
    const found: { line: StreetLine; distance: number }[] = [];
    for (let column = -columns; column <= columns; column += 1) {
      for (let row = -rows; row <= rows; row += 1) {
        const roll = (item: number) => uniformOf(seed, column * 1000 + row, item);
        const along = (column + (row % 2) * 0.22 + (roll(1) - 0.5) * 0.08) * columnGap;
        const across = (row + (roll(2) - 0.5) * 0.25) * rowGap;
        const turn = angle + (roll(3) - 0.5) * 0.12;
        const line = { x: area.x + along * cos - across * sin, y: area.y + along * sin + across * cos, dx: Math.cos(turn), dy: Math.sin(turn), length: length * scale * (0.8 + 0.18 * roll(4)) };
        if (streetFits(area.ring, line)) found.push({ line, distance: Math.hypot(along, across) * (0.85 + 0.3 * roll(5)) });
      }
    }
    if (found.length >= count) return found.toSorted((a, b) => a.distance - b.distance).slice(0, count).map(({ line }) => line);
  }
}

interface Draft extends Streets {
  perDistrict: Map<number, number>;
}

function startDraft(map: AreaMap, counts: number[], perStreet: number): Draft {
  const dwellings = counts.reduce((sum, n) => sum + n, 0);
  const streets = counts.reduce((sum, n, a) => sum + Math.ceil((map.areas[a]!.crowded ? Math.floor(n * 0.6) : n) / perStreet), 0);
  return {
    streetName: [], streetArea: new Int32Array(streets), dwellings, dwellingStreet: new Int32Array(dwellings), dwellingArea: new Int32Array(dwellings),
    dwellingNumber: new Int32Array(dwellings), dwellingKind: new Uint8Array(dwellings), dwellingTenure: new Uint8Array(dwellings),
    dwellingX: new Float32Array(dwellings), dwellingY: new Float32Array(dwellings), dwellingPostcode: new Int32Array(dwellings), dwellingPoint: new Int32Array(dwellings),
    postcodes: [], postcodeArea: new Int32Array(0), points: [], areaStart: new Int32Array(map.areas.length + 1), areaPoints: new Int32Array(map.areas.length + 1), perDistrict: new Map(),
  };
}

/** Which postcode district an area lies in: one for each dozen areas, at most 99, numbered along the wards. */
function districtOf(area: Area, areas: number): number {
  return 1 + Math.floor((area.index * Math.min(99, Math.ceil(areas / 12))) / areas);
}

function buildStreet(draft: Draft, random: Random, area: Area, line: StreetLine, firstDwelling: number, count: number, perPostcode: number): void {
  const street = draft.streetName.length;
  const ending = area.estate ? estateEndings : streetEndings;
  // Beyond the first hundreds, "Upper Mill Lane": a larger county has more names, not the same ones more often.
  const before = streetBefore[Math.floor(street / 600) % streetBefore.length]!;
  draft.streetName.push(`${before}${streetWords[(street * 37 + 11 * Math.floor(street / streetWords.length)) % streetWords.length]} ${random.pick(ending)}`);
  draft.streetArea[street] = area.index;
  const pointCount = Math.max(1, Math.round(line.length / 110));
  const firstPoint = draft.points.length;
  for (let i = 0; i < pointCount; i += 1) {
    const part = (i + 0.5) / pointCount - 0.5;
    draft.points.push({ name: draft.streetName[street]!, area: area.index, x: line.x + line.dx * line.length * part, y: line.y + line.dy * line.length * part });
  }
  const district = districtOf(area, draft.areaStart.length - 1);
  const flats = count > 100 || random.chance(area.town >= 0 ? 0.12 + 0.15 * area.deprivation : 0.03);
  for (let i = 0; i < count; i += 1) {
    const dwelling = firstDwelling + i;
    if (i % perPostcode === 0) {
      const n = draft.perDistrict.get(district) ?? 0;
      draft.perDistrict.set(district, n + 1);
      draft.postcodes.push(postcodeText(district, n));
    }
    const side = i % 2 === 0 ? 1 : -1;
    const part = Math.min(0.999, (Math.floor(i / 2) + 0.5) / Math.ceil(count / 2));
    const along = (part - 0.5) * line.length;
    draft.dwellingStreet[dwelling] = street;
    draft.dwellingArea[dwelling] = area.index;
    draft.dwellingNumber[dwelling] = i + 1;
    draft.dwellingKind[dwelling] = flats ? 1 : 0;
    draft.dwellingX[dwelling] = line.x + line.dx * along - line.dy * side * 12;
    draft.dwellingY[dwelling] = line.y + line.dy * along + line.dx * side * 12;
    draft.dwellingPostcode[dwelling] = draft.postcodes.length - 1;
    draft.dwellingPoint[dwelling] = firstPoint + Math.min(pointCount - 1, Math.floor(part * pointCount));
  }
}

/** Tenure of each dwelling, in blocks of a street, more rented where more deprived; the county's shares are the pack's. */
function setTenure(draft: Draft, random: Random, map: AreaMap, pack: SimulationPack): void {
  const streets = draft.streetName.length;
  const social = Float64Array.from({ length: streets }, (_, s) => {
    const area = map.areas[draft.streetArea[s]!]!;
    return 2.6 * area.deprivation + (area.estate ? 1.6 : 0) + random.normal() * 0.8;
  });
  const cut = social.toSorted()[Math.floor(streets * (1 - pack.people.socialRent * 1.3))]!;
  for (let d = 0; d < draft.dwellings; d += 1) {
    const street = draft.dwellingStreet[d]!;
    const area = map.areas[draft.dwellingArea[d]!]!;
    const socialHere = social[street]! > cut ? 0.7 : 0.025;
    const privateHere = (pack.people.privateRent * (0.55 + 0.9 * area.deprivation)) / (1 - pack.people.socialRent);
    draft.dwellingTenure[d] = random.chance(socialHere) ? 2 : random.chance(privateHere) ? 1 : 0;
  }
}

export function createStreets(seed: number, pack: SimulationPack, map: AreaMap): Streets {
  const random = createRandom(seed, 'streets');
  const { dwellingsPerStreet, dwellingsPerPostcode, residentsPerDwelling, vacancy } = pack.place;
  const counts = map.areas.map((area) => Math.ceil((area.population / residentsPerDwelling) * (1 + vacancy) * 1.03));
  const draft = startDraft(map, counts, dwellingsPerStreet);
  let dwelling = 0;
  map.areas.forEach((area, a) => {
    draft.areaStart[a] = dwelling;
    draft.areaPoints[a] = draft.points.length;
    // The street of towers holds what the area has above an ordinary one.
    const ordinary = area.crowded ? Math.floor(counts[a]! * 0.6) : counts[a]!;
    const streets = Math.ceil(ordinary / dwellingsPerStreet);
    const lines = layOutStreets(random, area, streets, dwellingsPerStreet * 4.6);
    lines.forEach((line, i) => {
      const here = Math.floor(ordinary / streets) + (i < ordinary % streets ? 1 : 0) + (i === 0 ? counts[a]! - ordinary : 0);
      buildStreet(draft, random, area, line, dwelling, here, dwellingsPerPostcode);
      dwelling += here;
    });
    for (let i = 0; i < 2; i += 1) {
      const line = random.pick(lines);
      draft.points.push({ name: specialPoints[(a + i * 2) % specialPoints.length]!, area: a, x: line.x + line.dx * line.length * 0.3, y: line.y + line.dy * line.length * 0.3 });
    }
  });
  draft.areaStart[map.areas.length] = dwelling;
  draft.areaPoints[map.areas.length] = draft.points.length;
  draft.postcodeArea = new Int32Array(draft.postcodes.length);
  for (let d = 0; d < dwelling; d += 1) draft.postcodeArea[draft.dwellingPostcode[d]!] = draft.dwellingArea[d]!;
  setTenure(draft, random, map, pack);
  return draft;
}
