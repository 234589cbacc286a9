// What the processes ask of everything that is put into the county on purpose. With nothing planted every answer is "nothing".

import type { Random } from '../core/index.ts';
import type { Calendar } from './calendar.ts';
import type { EventPlace } from './event-place.ts';
import type { SimulationPack } from './simulation.pack.ts';

export interface Plants {
  beginMonth(): void;
  /** What a patrol does to something about to happen. */
  meetPatrol(random: Random, place: EventPlace, at: number): 'none' | 'prevented' | EventPlace;
  patrolVisits(): { point: number; at: number }[];
  /** Changes how an incident is recorded after the practice changed. */
  recode(incident: { opening: string; closing: string; reported: number }): void;
  /** Counts a call about or by a person. */
  countCall(person: number): void;
  /** Multiplies how often a person calls. */
  callFactor(person: number): number;
  /** True where somebody arrested joins the diversion programme. */
  divert(person: number, at: number, custodyRef: string): boolean;
  suspensionFactor(school: number): number;
  /** More disorder than usual in some areas this month. */
  peak(): { areas: number[]; factor: number } | undefined;
  /** Whether a feed sends nothing for a day. */
  isStopped(feed: string, day: number): boolean;
}

export const noPlants: Plants = {
  beginMonth() {},
  meetPatrol: () => 'none',
  patrolVisits: () => [],
  recode() {},
  countCall() {},
  callFactor: () => 1,
  divert: () => false,
  suspensionFactor: () => 1,
  peak: () => undefined,
  isStopped: () => false,
};

/** From when an agency writes ethnicity in codes; before, in words. */
export function codesChangedIn(pack: SimulationPack, calendar: Calendar): number {
  return Math.floor(calendar.months * pack.planted.codeChange.at);
}
