// What the pages of a loaded file and of a record say alike: decisions to keep it, its schedule, its proposals, and what may be done now.

import { presentSchedule, type DecisionOutcome, type Reader, type RetentionDue, type RetentionSchedule, type ScheduleOf } from '../../govern/index.ts';
import { presentDate, presentDateTime } from '../frame/date-words.ts';

export interface DecidedRow {
  label: string;
  lines: readonly string[];
}

export const row = (label: string, lines: readonly string[]): DecidedRow => ({ label, lines });

interface Proposed {
  proposedBy: string;
  proposedAt: number;
  reason: string;
  refusal: { reason: string; by: string; at: number } | null;
}

export interface Decided {
  due: RetentionDue | undefined;
  schedules: readonly RetentionSchedule[];
  reviews: readonly { at: number; by: string; keepUntil: string; reason: string }[];
  standing: object | undefined;
  waiting: Proposed | undefined;
  refused: readonly Proposed[];
  changed: boolean;
  hindrance: Extract<DecisionOutcome, { ok: false }>['reason'] | null;
}

export const decidedRows = ({ due, schedules, reviews, waiting, refused }: Decided, of: ScheduleOf): DecidedRow[] => [
  ...reviews.map((review, place) => row(place === 0 ? 'Decided to keep it' : 'Decided before', [`${presentDateTime(review.at)}, by ${review.by}, until ${presentDate(review.keepUntil)}`, ...review.reason.split('\n')])),
  ...(due
    ? [row('Schedule', [due.schedule.title, presentSchedule(due.schedule, of), `Source: ${due.schedule.source}.`]), row('Its time ran from', [presentDate(due.from)]), row(due.what === 'end' ? 'Due since' : 'To be looked at since', [presentDate(due.since)])]
    : [row('Schedule', schedules.length > 0 ? schedules.map((schedule) => presentSchedule(schedule, of)) : ['None is about records of this kind'])]),
  ...(waiting ? [row('Proposed', [`${presentDateTime(waiting.proposedAt)}, by ${waiting.proposedBy}`, ...waiting.reason.split('\n')])] : []),
  ...refused.flatMap(({ proposedBy, refusal }) => (refusal ? [row('Proposed by ' + proposedBy + ', and refused', [`${presentDateTime(refusal.at)}, by ${refusal.by}`, ...refusal.reason.split('\n')])] : [])),
];

export const uncheckedNote = ({ due }: Decided): string[] => (due && !due.schedule.checked ? ['Nobody has confirmed this schedule for your partnership yet. Ask your records manager before you rely on it.'] : []);

/** What this reader may do about it now, and what stands in the way. */
export function presentActs({ due, waiting, hindrance, changed, standing }: Decided, { who, whyNot }: { who: Reader; whyNot: Record<NonNullable<Decided['hindrance']>, string> }) {
  const own = waiting?.proposedBy === who.userId;
  const stands = due?.what === 'end' ? (hindrance ?? (changed ? 'changed' : null)) : waiting ? (hindrance ?? 'not-due') : hindrance;
  return {
    hindrance: stands === null ? null : whyNot[stands],
    mayKeep: due !== undefined || standing !== undefined,
    isKept: due === undefined && standing !== undefined,
    mayPropose: due?.what === 'end' && hindrance === null && !waiting,
    waits: waiting !== undefined,
    own,
    mayConfirm: waiting !== undefined && !own && stands === null,
  };
}
