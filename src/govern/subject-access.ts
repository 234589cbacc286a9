// A request to see what is held about oneself: who asked when, what was done about it, by when it must be answered, and how it stands. The time limit is the
// ICO's: one month from the day on which the request and what shows who asks were there, to the same date of the next month; the last day of that
// month where it has no such date; the next working day where that is none. Two months more for what is complex, told within the first. Pure.

import { workingDayFrom } from '../core/index.ts';
import { addMonths } from './british-day.ts';

export const askedByWhom = ['person', 'representative'] as const;
export type AskedBy = (typeof askedByWhom)[number];

/** How it was checked who asks. */
export const identityWays = ['documents', 'known', 'questions'] as const;
export type IdentityWay = (typeof identityWays)[number];

export const closingWays = ['withdrawn', 'not-the-person', 'unfounded', 'excessive'] as const;
export type ClosingWay = (typeof closingWays)[number];

export interface AccessStep<Code extends string = string> {
  code: Code;
  /** The day, such as "2026-11-28". */
  on: string;
  words: string;
  by: string;
  at: number;
}

export interface AccessRelease {
  subjectAccessReleaseId: string;
  /** What was held, decided and in the audit at this moment: milliseconds since the epoch, and the last row of the audit. */
  asAt: number;
  auditTo: number;
  document: { sha256: string; bytes: number };
  rows: { sha256: string; bytes: number };
  by: string;
  at: number;
}

export interface SubjectAccessFile {
  subjectAccessId: string;
  personKey: string;
  askedOn: string;
  askedBy: AskedBy;
  /** How it was checked that somebody else may ask; null where the person asks. */
  authority: string | null;
  openedBy: string;
  openedAt: number;
  identity: AccessStep<IdentityWay> | null;
  extension: AccessStep | null;
  closing: AccessStep<ClosingWay> | null;
  /** The newest first. */
  releases: AccessRelease[];
}

export type AccessState = 'identity' | 'open' | 'released' | 'closed';

export interface AccessClock {
  state: AccessState;
  /** Until it is known who asks, no time runs: null. */
  dueOn: string | null;
  /** Until when it must be said that it takes two months more; null where no time runs. */
  extendBy: string | null;
  overdue: boolean;
}

/** The day by which a request must be answered whose time began on that day. */
export function dueDay(from: string, months: 1 | 3 = 1): string {
  return workingDayFrom(addMonths(from, months));
}

/**
 * How a request stands on a day.
 *
 * @example
 * clockOf(file, '2026-12-01'); // { state: 'open', dueOn: '2026-12-29', extendBy: '2026-12-29', overdue: false }
 */
export function clockOf({ askedOn, identity, extension, closing, releases }: SubjectAccessFile, today: string): AccessClock {
  const from = identity === null ? null : identity.on > askedOn ? identity.on : askedOn;
  const dueOn = from === null ? null : dueDay(from, extension === null ? 1 : 3);
  const state: AccessState = closing ? 'closed' : releases.length > 0 ? 'released' : identity === null ? 'identity' : 'open';
  return { state, dueOn, extendBy: from === null ? null : dueDay(from), overdue: state === 'open' && dueOn !== null && today > dueOn };
}
