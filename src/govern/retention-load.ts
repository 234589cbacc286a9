// Files that agencies sent, as whoever decides how long they are kept sees them: a file with its feed, its days and its fingerprint, never its content.
// The clocks of its agency's schedules start at its newest row, since nobody in it was born later. What had not ended then, had not when it was loaded.

import { findRetentionDue, type RetentionDue, type RetentionFacts } from './retention-due.ts';
import type { RetentionSchedule } from './retention-schedule.ts';

export interface HeldFile {
  /** The id of its load, FEED/NNNNNN-SHA12. */
  load: string;
  feed: string;
  /** Null where the packs do not name its feed any more. */
  agency: string | null;
  /** Anyone may have these data already. */
  published: boolean;
  /** As the agency named it. */
  file: string;
  sha256: string;
  rows: number;
  /** Its load, and those of its rows that were tried again later. */
  parts: readonly string[];
  /** Milliseconds since the epoch. */
  loadedAt: number;
  /** Days of its first and newest row, as 2026-11-24; the day on which it was loaded where a row has none. */
  firstOn: string;
  lastOn: string;
  /** Rows without a day that can be read. */
  undated: number;
  /** The day on which it was loaded. */
  loadedOn: string;
  /** Rows of something that had not ended when the file was loaded, such as a tenancy. */
  running: number;
}

export interface LoadFiles {
  /** Files that are held, in the order of feeds and loads; days are read for these agencies alone. One file where its load is given. */
  list(asked: { agencies: ReadonlySet<string>; load?: string }): Promise<HeldFile[]>;
  /**
   * Has `keep` make the certificate while nothing is loaded or built, and removes the file where it did. Returns what `keep` returns.
   * Throws a Problem of kind "busy" where something is being loaded, built or backed up.
   */
  destroy(file: HeldFile, keep: () => Promise<boolean>): Promise<boolean>;
  /** The id of the snapshot that is served. */
  servedSnapshot(): string | undefined;
}

/** How long a file was kept by decision; null where nobody decided. */
export type KeptFile = Pick<RetentionFacts, 'reviewed' | 'keepUntil'>;

/**
 * What is due of a file at a moment; undefined where nothing is, or no schedule is about its agency, or anyone may have it.
 *
 * @example
 * findLoadDue([{ ...tenancies, years: 6 }], { ...file, lastOn: '2015-03-01' }, { reviewed: null, keepUntil: null }, now)?.since; // '2021-03-02'
 */
export function findLoadDue(schedules: readonly RetentionSchedule[], { lastOn, loadedOn, running, published }: Pick<HeldFile, 'lastOn' | 'loadedOn' | 'running' | 'published'>, kept: KeptFile, at: number): RetentionDue | undefined {
  if (published) return undefined;
  const noonOf = (day: string) => Date.parse(`${day}T12:00:00Z`);
  const newest = noonOf(lastOn);
  const ended = running > 0 ? Math.max(newest, noonOf(loadedOn)) : newest;
  return findRetentionDue(schedules, { recorded: newest, lastRecorded: newest, closed: ended, left: ended, ended, birthDate: null, ...kept }, at);
}

/** What else may hold copies of a file that is destroyed: kept with its certificate, as true then. */
export const otherCopiesOfFile = (snapshot: string | undefined): readonly string[] => [
  ...(snapshot === undefined ? [] : [`The snapshot ${snapshot}, which is served, holds records made of its rows until the next build (npx headwater build), which also removes earlier snapshots that hold them.`]),
  'Backups made before this day hold the file until they are removed. A backup that is restored brings it back: where the casework was restored with it, it must be destroyed again.',
  'A later file in which the agency sent the same rows again has them too, as it came, until its own time is over. Where an earlier file has an earlier state of a row, that state stands again after the next build.',
  'The copy from which the file was loaded lies where it was put, until somebody removes it. Extracts, prints and exports that people took are wherever people put them. The agency that sent the file keeps its own record by its own schedule.',
  'The audit keeps who did what, by ids and never with content. Corrections keep what they say of a row, and decisions about links name it by its id. Of people who had records in this file alone, the key is kept, which the next build marks as gone.',
];
