// The rows of a made-up county for tests: 12 areas, 24 months, 600 residents at 250 addresses, police, ambulance, hospital, school and council feeds.
// Planted: mental health is few incidents and much time; violence rises with deprivation; a few addresses call much; one feed stops for two months.

import { latLngToCell } from 'h3-js';
import { createRandom, type Random } from '../../src/core/index.ts';
import type { LakeRow, LakeRows } from './lake-builder.ts';

const monthCount = 24;
const areaCount = 12;

const kinds = [
  { category: 'burglary', demand: 'crime', share: 5, minutes: 90, harm: 241.96 },
  { category: 'violence-with-injury', demand: 'crime', share: 8, minutes: 120, harm: 365 },
  { category: 'violence-without-injury', demand: 'crime', share: 10, minutes: 70, harm: 10 },
  { category: 'shoplifting', demand: 'crime', share: 7, minutes: 40, harm: 1 },
  { category: 'asb-nuisance', demand: 'anti-social-behaviour', share: 12, minutes: 25, harm: 1 },
  { category: 'concern-for-safety', demand: 'welfare', share: 20, minutes: 60, harm: null },
  { category: 'concern-for-safety', demand: 'mental-health', share: 8, minutes: 260, harm: null },
  { category: 'suspicious-circumstances', demand: 'welfare', share: 10, minutes: 30, harm: null },
  { category: 'domestic-incident', demand: 'vulnerability', share: 9, minutes: 80, harm: null },
  { category: 'missing-person', demand: 'vulnerability', share: 3, minutes: 200, harm: null },
  { category: 'collision-damage', demand: 'transport', share: 6, minutes: 35, harm: null },
  { category: 'abandoned-call', demand: 'welfare', share: 2, minutes: 5, harm: null },
] as const;

interface Home {
  place_id: string;
  area: number;
  longitude: number;
  latitude: number;
  cell: string;
  weight: number;
}

const householdOf = ({ place_id }: Home) => `H${place_id.slice(1)}`;
const areaCode = (index: number) => `E0199${String(index + 1).padStart(4, '0')}`;
const monthDate = (index: number) => `${2023 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}-01`;

export interface CountyOptions {
  seed?: number;
  /** Police incidents; other feeds are in proportion. */
  incidents?: number;
}

/** Rows for openTestLake. */
export function sampleCounty({ seed = 1, incidents = 6000 }: CountyOptions = {}): LakeRows {
  const random = createRandom(seed, 'sample-county');
  const homes = makeHomes(random);
  const people = makePeople(random, homes);
  const households = Map.groupBy(people, ({ household_id }) => household_id);
  const cumulative = homes.map(((sum) => (home) => (sum += home.weight))(0));
  const event: LakeRow[] = [];
  const involvement: LakeRow[] = [];
  const kindCumulative = kinds.map(((sum) => (kind) => (sum += kind.share))(0));
  for (let n = 0; n < incidents; n += 1) {
    const kind = kinds[random.pickIndex(kindCumulative)]!;
    const home = homes[random.pickIndex(cumulative)]!;
    const row = eventRow(random, { feed: 'police-incident', agency: 'police', kind: 'incident', n, category: kind.category, demand: kind.demand, home });
    event.push({ ...row, minutes: random.chance(0.96) ? Math.round(random.gamma(2, kind.minutes / 2)) : null, harm_days: kind.harm, flags: kind.demand === 'mental-health' ? ['mental-health'] : [] });
    addPeople(random, households.get(householdOf(home))!, row.event_id as string, involvement);
    if (kind.demand === 'crime') event.push({ ...row, event_id: `S${n}`, feed: 'police-uk-street', kind: 'crime', hour: null, weekday: null, started_at: null, minutes: null, harm_days: kind.harm, cell: home.cell });
  }
  for (let n = 0; n < incidents / 4; n += 1) {
    const home = homes[random.below(homes.length)]!;
    const row = eventRow(random, { feed: 'ambulance-call', agency: 'ambulance', kind: 'ambulance-call', n, category: random.chance(0.2) ? 'ambulance-assault' : 'ambulance-fall', demand: 'welfare', home });
    event.push({ ...row, minutes: 70 });
  }
  for (let n = 0; n < incidents / 20; n += 1) {
    const home = homes[random.pickIndex(cumulative)]!;
    const row = eventRow(random, { feed: 'istv-assault', agency: 'hospital', kind: 'ed-assault', n, category: 'ed-assault', demand: 'vulnerability', home });
    event.push(random.chance(0.5) ? row : { ...row, place_id: null, area_code: null, cell: null, longitude: null, latitude: null });
  }
  for (let n = 0; n < incidents / 30; n += 1) {
    const home = homes[random.below(homes.length)]!;
    const row = eventRow(random, { feed: 'asb-complaint', agency: 'council', kind: 'asb-complaint', n, category: 'complaint-noise', demand: 'anti-social-behaviour', home });
    if (row.month !== '2023-07-01' && row.month !== '2023-08-01') event.push(row);
  }
  return { event, involvement, person: people, place: homes.map(placeRow), area: Array.from({ length: areaCount }, (_, index) => areaRow(index)), ...qualityRows(event) };
}

function makeHomes(random: Random): Home[] {
  return Array.from({ length: 250 }, (_, index) => {
    const area = index % areaCount;
    const longitude = 0.1 + (area % 4) * 0.02 + random.next() * 0.015;
    const latitude = 52.4 + Math.floor(area / 4) * 0.012 + random.next() * 0.009;
    return { place_id: `P${index}`, area, longitude, latitude, cell: latLngToCell(latitude, longitude, 9), weight: random.gamma(0.25, 1) * (1 + area / 3) + 0.02 };
  });
}

function makePeople(random: Random, homes: Home[]): LakeRow[] {
  return Array.from({ length: 600 }, (_, index) => {
    const home = homes[index % homes.length]!;
    return {
      person_id: `R${index}`,
      birth_year: 1935 + random.below(85),
      sex: random.chance(0.51) ? 'F' : 'M',
      ethnicity: random.pick(['White', 'White', 'White', 'Asian', 'Black', 'Mixed']),
      area_code: areaCode(home.area),
      household_id: householdOf(home),
    };
  });
}

/** Some of those living there, or nobody. */
function addPeople(random: Random, living: LakeRow[], eventId: string, into: LakeRow[]): void {
  if (random.chance(0.3)) return;
  into.push({ event_id: eventId, person_id: living[0]!.person_id!, role: 'victim', agency: 'police' });
  if (living.length > 1 && random.chance(0.4)) into.push({ event_id: eventId, person_id: random.pick(living.slice(1)).person_id!, role: 'suspect', agency: 'police' });
}

interface EventOf {
  feed: string;
  agency: string;
  kind: string;
  n: number;
  category: string;
  demand: string;
  home: Home;
}

function eventRow(random: Random, { feed, agency, kind, n, category, demand, home }: EventOf): LakeRow {
  const month = monthDate(random.below(monthCount));
  const day = 1 + random.below(28);
  const known = random.chance(0.9);
  const hour = Math.min(23, Math.floor(24 * Math.sqrt(random.next())));
  const date = `${month.slice(0, 8)}${String(day).padStart(2, '0')}`;
  const weekday = ((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
  return {
    event_id: `${feed}-${n}`,
    feed,
    agency,
    kind,
    category,
    demand_type: demand,
    flags: [],
    started_at: `${date} ${String(known ? hour : 0).padStart(2, '0')}:00:00`,
    month,
    weekday,
    hour: known ? hour : null,
    time_precision: known ? 'hour' : 'day',
    place_id: home.place_id,
    area_code: areaCode(home.area),
    cell: home.cell,
    longitude: home.longitude,
    latitude: home.latitude,
    minutes: null,
    harm_days: null,
  };
}

function placeRow({ place_id, area, cell, longitude, latitude }: Home): LakeRow {
  return { place_id, kind: 'address', name: null, area_code: areaCode(area), cell, longitude, latitude };
}

function areaRow(index: number): LakeRow {
  const [x, y] = [0.1 + (index % 4) * 0.02, 52.4 + Math.floor(index / 4) * 0.012];
  const ring = [[x, y], [x + 0.02, y], [x + 0.02, y + 0.012], [x, y + 0.012], [x, y]];
  const ward = Math.floor(index / 4);
  return {
    area_code: areaCode(index),
    area_name: `Sample area ${String(index + 1).padStart(2, '0')}`,
    ward_code: `E0599000${ward + 1}`,
    ward_name: ['North', 'Middle', 'South'][ward]!,
    authority_code: 'E06999001',
    authority_name: 'Sample council',
    population: 1400 + ((index * 137) % 300),
    deprivation_score: 5 + index * 4,
    deprivation_decile: 10 - Math.floor((index * 10) / areaCount),
    longitude: x + 0.01,
    latitude: y + 0.006,
    geometry: JSON.stringify({ type: 'Polygon', coordinates: [ring] }),
  };
}

function qualityRows(event: LakeRow[]): LakeRows {
  const cadence: Record<string, string> = { 'police-incident': 'weekly', 'police-uk-street': 'monthly', 'ambulance-call': 'monthly', 'istv-assault': 'monthly', 'asb-complaint': 'monthly' };
  const feeds = [...new Set(event.map((row) => row.feed as string))];
  const of = (feed: string) => event.filter((row) => row.feed === feed);
  return {
    feed_quality: feeds.map((feed, index) => ({
      feed,
      agency: of(feed)[0]!.agency!,
      cadence: cadence[feed] ?? 'monthly',
      files: 2 + index,
      rows: of(feed).length + 10 + index * 7 + 4,
      accepted: of(feed).length,
      quarantined: 10 + index * 7,
      repeated: 4,
      superseded: 0,
      first_date: '2023-01-01',
      last_date: '2024-12-28',
      last_loaded_at: index === 2 ? '2024-10-20 09:00:00' : '2025-01-08 09:00:00',
    })),
    column_quality: feeds.flatMap((feed) =>
      (['hour', 'place_id', 'minutes'] as const).map((column) => ({
        feed,
        column_name: column,
        label: { hour: 'Hour', place_id: 'Place', minutes: 'Minutes' }[column],
        filled: of(feed).filter((row) => row[column] !== null).length,
        rows: of(feed).length,
      })),
    ),
    quarantine_reason: feeds.flatMap((feed, index) => [
      { feed, column_name: 'started_at', reason: 'Not a date', rows: 6 + index * 4 },
      { feed, column_name: 'category', reason: 'Not in the list of codes', rows: 4 + index * 3 },
    ]),
    linkage_quality: [
      { group_kind: 'all', group_name: 'All', records: 1500, people: 600, true_pairs: 1800, found_pairs: 1750, correct_pairs: 1720, recall_low: 0.944, recall_high: 0.966, precision_low: 0.973, precision_high: 0.991, unlinkable_records: 30, single_agency_people: 150 },
      { group_kind: 'sex', group_name: 'F', records: 770, people: 306, true_pairs: 930, found_pairs: 900, correct_pairs: 885, recall_low: 0.935, recall_high: 0.965, precision_low: 0.972, precision_high: 0.993, unlinkable_records: 16, single_agency_people: 75 },
      { group_kind: 'sex', group_name: 'M', records: 730, people: 294, true_pairs: 870, found_pairs: 850, correct_pairs: 835, recall_low: 0.942, recall_high: 0.974, precision_low: 0.97, precision_high: 0.992, unlinkable_records: 14, single_agency_people: 75 },
      { group_kind: 'ethnicity', group_name: 'White', records: 800, people: 310, true_pairs: 1000, found_pairs: 985, correct_pairs: 975, recall_low: 0.96, recall_high: 0.985, precision_low: 0.98, precision_high: 0.997, unlinkable_records: 12, single_agency_people: 80 },
      { group_kind: 'ethnicity', group_name: 'Asian', records: 400, people: 170, true_pairs: 460, found_pairs: 430, correct_pairs: 415, recall_low: 0.865, recall_high: 0.93, precision_low: 0.94, precision_high: 0.985, unlinkable_records: 14, single_agency_people: 45 },
    ],
  };
}
