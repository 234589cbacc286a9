// What people found when they looked at a signal of the audit: rows that are added and never changed. It is in the audit in the same transaction, or it
// is not kept. Nobody says so of their own signals.

import type { Clock } from '../core/index.ts';
import { auditActor, recordAuditEvent, type Casework } from '../store/index.ts';
import type { Reader } from './access-request.ts';
import type { AuditSignalCode } from './audit-signal-rules.ts';

export const signalOutcomes = ['expected', 'follow-up'] as const;
export type SignalOutcome = (typeof signalOutcomes)[number];

/** Which signal is meant. */
export interface SignalName {
  rule: AuditSignalCode;
  actorId: string;
  day: string;
}

export interface SignalReview extends SignalName {
  outcome: SignalOutcome;
  /** What was found, in words. */
  note: string;
  reviewedBy: string;
  /** Milliseconds since the epoch. */
  reviewedAt: number;
}

export interface SignalReviews {
  /** Of signals from the first day on, the newest first. */
  list(from: string): Promise<SignalReview[]>;
  /** Refused for the reviewer's own signals. */
  add(review: SignalName & { outcome: SignalOutcome; note: string }, by: Reader): Promise<{ ok: boolean }>;
}

export const longestNote = 1000;

export function storeSignalReviews(db: Casework['db'], clock: Clock): SignalReviews {
  return {
    async list(from) {
      const rows = await db.selectFrom('audit_signal_review').selectAll().where('day', '>=', from).orderBy('audit_signal_review_id', 'desc').execute();
      return rows.map((row) => ({ rule: row.rule as AuditSignalCode, actorId: row.actor_id, day: row.day, outcome: row.outcome, note: row.note, reviewedBy: row.reviewed_by, reviewedAt: row.reviewed_at.getTime() }));
    },
    async add({ rule, actorId, day, outcome, note }, by) {
      const event = { ...auditActor(by), action: 'audit-signal.review', subjectKind: 'audit-signal', subjectIds: [`${day} ${rule}`, actorId] };
      if (by.userId === actorId) {
        await recordAuditEvent(db, clock, { ...event, outcome: 'refused' });
        return { ok: false };
      }
      await db.transaction().execute(async (transaction) => {
        await transaction.insertInto('audit_signal_review').values({ rule, actor_id: actorId, day, outcome, note: note.trim(), reviewed_by: by.userId, reviewed_at: new Date(clock.now()) }).execute();
        await recordAuditEvent(transaction, clock, { ...event, outcome: 'done' });
      });
      return { ok: true };
    },
  };
}
