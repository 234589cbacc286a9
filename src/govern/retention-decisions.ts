// What is decided alike about all that may be due, a case, a loaded file or a record: to keep it until a day, to propose that it be destroyed, to refuse that.
// Each act and its row of the audit are one transaction.

import type { Clock } from '../core/index.ts';
import { auditActor, recordAuditEvent, type Casework } from '../store/index.ts';
import type { Reader } from './access-request.ts';
import { asReader, isRefusalOrTwice, type ReaderTransaction } from './reader-transaction.store.ts';
import type { RetentionDue } from './retention-due.ts';
import { presentSchedule, type ScheduleOf } from './retention-schedule.ts';
import { addRefusal, type Hindrance } from './retention.store.ts';

export type DecisionOutcome = { ok: true; id: string } | { ok: false; reason: Hindrance | 'not-due' };

/** Does it for somebody, with its row of the audit about things of a kind. Refused by the database, or by what is done: nothing is kept then. */
export type Act = (who: Reader, action: string, kind: string, work: (transaction: ReaderTransaction) => Promise<{ id: string; ids: string[] } | { hindrance: Hindrance }>) => Promise<DecisionOutcome>;

export function actsOn(db: Casework['db'], clock: Clock): Act {
  return async (who, action, kind, work) => {
    try {
      return await asReader(db, who, null, clock, async (transaction) => {
        const done = await work(transaction);
        if ('hindrance' in done) return { ok: false as const, reason: done.hindrance };
        await recordAuditEvent(transaction, clock, { ...auditActor(who), action, outcome: 'done', subjectKind: kind, subjectIds: done.ids });
        return { ok: true as const, id: done.id };
      });
    } catch (error) {
      if (isRefusalOrTwice(error)) return { ok: false, reason: 'not-there' };
      throw error;
    }
  };
}

/** What a decision rests on. */
export interface ToDecide {
  due: RetentionDue | undefined;
  /** The decision by which it is kept today: another one may take its place. */
  standing: { schedule: string; dueOn: string } | undefined;
  hindrance: Hindrance | null;
}

export interface Because {
  schedule: string;
  dueOn: string;
  reason: string;
}

export interface DecisionsGiven<Key, Found extends ToDecide> {
  act: Act;
  /** As the audit and schedules name it. */
  kind(found: Found): string;
  of: ScheduleOf;
  find(who: Reader, key: Key): Promise<Found | undefined>;
  /** Ids for the audit. */
  ids(found: Found): string[];
  addReview(transaction: ReaderTransaction, found: Found, decision: Because & { keepUntil: string }): Promise<string>;
  addProposal(transaction: ReaderTransaction, found: Found, decision: Because & { scheduleWords: string }): Promise<string>;
}

export interface Decisions<Key> {
  /** Keeps what is due, or is kept by decision already, through a day. */
  keep(who: Reader, key: Key, decision: { keepUntil: string; reason: string }): Promise<DecisionOutcome>;
  propose(who: Reader, key: Key, reason: string): Promise<DecisionOutcome>;
}

export function decisionsAbout<Key, Found extends ToDecide>({ act, kind, of, find, ids, addReview, addProposal }: DecisionsGiven<Key, Found>): Decisions<Key> {
  return {
    async keep(who, key, { keepUntil, reason }) {
      const found = await find(who, key);
      if (!found) return { ok: false, reason: 'not-there' };
      const { due, standing } = found;
      const because = due ? { schedule: due.schedule.code, dueOn: due.since } : standing && { schedule: standing.schedule, dueOn: standing.dueOn };
      if (!because) return { ok: false, reason: 'not-due' };
      return act(who, 'retention.keep', kind(found), async (transaction) => {
        const id = await addReview(transaction, found, { ...because, reason, keepUntil });
        return { id, ids: [id, ...ids(found)] };
      });
    },
    async propose(who, key, reason) {
      const found = await find(who, key);
      if (!found) return { ok: false, reason: 'not-there' };
      const { due, hindrance } = found;
      if (due?.what !== 'end') return { ok: false, reason: 'not-due' };
      if (hindrance !== null) return { ok: false, reason: hindrance };
      return act(who, 'retention.propose', kind(found), async (transaction) => {
        const id = await addProposal(transaction, found, { schedule: due.schedule.code, scheduleWords: presentSchedule(due.schedule, of), dueOn: due.since, reason });
        return { id, ids: [id, ...ids(found)] };
      });
    },
  };
}

/** Refuses the proposal that waits, or takes back one's own. */
export async function refuseWaiting<Found extends { waiting: { proposalId: string } | undefined }>(act: Act, who: Reader, found: Found | undefined, { kind, ids, reason }: { kind: string; ids: string[]; reason: string }): Promise<DecisionOutcome> {
  if (!found?.waiting) return { ok: false, reason: 'not-there' };
  const { proposalId } = found.waiting;
  return act(who, 'retention.refuse', kind, async (transaction) => {
    await addRefusal(transaction, { proposalId, reason });
    return { id: proposalId, ids: [proposalId, ...ids] };
  });
}

/** Somebody decided to keep it after it was proposed, though that day may have passed since; or its schedule is another now, or says something else. */
export const isOvertaken = ({ proposedAt, schedule, scheduleWords }: { proposedAt: number; schedule: string; scheduleWords: string }, { reviewedAt, due }: { reviewedAt: number | null; due: RetentionDue | undefined }, of: ScheduleOf): boolean =>
  (reviewedAt !== null && reviewedAt >= proposedAt) || (due !== undefined && (due.schedule.code !== schedule || presentSchedule(due.schedule, of) !== scheduleWords));

/** The longest due first, then by id. */
export const longestDueFirst = <T extends { due: RetentionDue }>(due: readonly T[], idOf: (each: T) => string): T[] =>
  due.toSorted((a, b) => (a.due.since < b.due.since ? -1 : a.due.since > b.due.since ? 1 : idOf(a) < idOf(b) ? -1 : 1));
