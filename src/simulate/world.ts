// What every process of the simulation shares: the county, its people, time and place draws, the agencies' registers and the files.

import type { AgencyRecords, Identifiers } from './agency-records.ts';
import type { Calendar } from './calendar.ts';
import type { County } from './county.ts';
import type { EventPlaces } from './event-place.ts';
import type { EventTime } from './event-time.ts';
import type { FeedWriter } from './feed.writer.ts';
import type { People } from './people.ts';
import type { Plants } from './plant-questions.ts';
import type { NameTable } from './person-names.ts';
import type { PersonSampler } from './person-sampler.ts';
import type { NamesPack, SimulationPack } from './simulation.pack.ts';
import type { TruthFiles } from './truth.files.ts';

export interface World {
  seed: number;
  pack: SimulationPack;
  namesPack: NamesPack;
  calendar: Calendar;
  county: County;
  people: People;
  names: NameTable;
  time: EventTime;
  sampler: PersonSampler;
  places: EventPlaces;
  writer: FeedWriter;
  truth: TruthFiles;
  identifiers: Identifiers;
  records: Record<'police' | 'ambulance' | 'social-care' | 'early-help' | 'housing' | 'council' | 'treatment', AgencyRecords>;
  planted: boolean;
  plants: Plants;
  month: number;
  /** People present in this month. */
  population: number;
}

/** One kind of thing that goes on in the county, month by month. */
export interface MonthlyProcess {
  month(): void;
  /** After the last month. */
  finish?(): void;
}

/** Expected events this month of a yearly rate per 1,000 residents. */
export function monthlyMean(world: World, perThousandAYear: number, profile: string, trend?: string): number {
  return (perThousandAYear / 12_000) * world.population * world.time.level(profile) * (trend ? world.time.trend(trend) : 1);
}

/** Picks a key of a table of shares; undefined for what is left over where they sum to less than one. */
export function pickShare(roll: number, shares: Record<string, number>): string | undefined {
  let rest = roll;
  for (const [key, share] of Object.entries(shares)) if ((rest -= share) < 0) return key;
  return undefined;
}

export function pickWeighted(roll: number, weights: Record<string, number>): string {
  const entries = Object.entries(weights);
  let rest = roll * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [key, weight] of entries) if ((rest -= weight) < 0) return key;
  return entries.at(-1)![0];
}
