// What reviewers decided about pairs of records: added to and read, never changed. Which round and seat a decision takes is the
// caller's rule; the table refuses a seat that is taken and a second decision of one person in one round.

import type { Kysely, Selectable } from 'kysely';
import type { Clock } from '../core/index.ts';
import { withAudit } from './audited-act.store.ts';
import type { AuditEvent } from './casework-audit.store.ts';
import type { CaseworkTables, LinkDecisionTable } from './casework-tables.ts';

export interface RecordedDecision {
  /** The lesser of the two ids, by code points. */
  left: string;
  right: string;
  round: number;
  seat: number;
  decision: 'same' | 'different' | 'unsure';
  reason?: string;
  /** The person's id at the identity provider. */
  decidedBy: string;
  /** Milliseconds since the epoch. */
  decidedAt: number;
  /** Where the undo of a merge or split decided the pair: the event of the snapshot, and whether the undo holds no more. */
  undo?: { personUndoId: number; event: number; withdrawn: boolean };
}

export type NewDecision = Omit<RecordedDecision, 'round' | 'seat' | 'decidedAt' | 'undo'>;

/** The round and seat of a new decision, from what was decided about the pair before; undefined where the person may not decide it now. */
export type SeatRule = (before: RecordedDecision[], decidedBy: string) => { round: number; seat: number } | undefined;

const seatTaken = '23505';

/** Adds a decision with its row of the audit; undefined where the rule gives no seat. Two people who decide at one moment get one seat each. */
export async function addLinkDecision(db: Kysely<CaseworkTables>, clock: Clock, given: NewDecision & { audited?: AuditEvent }, rule: SeatRule): Promise<RecordedDecision | undefined> {
  const { audited, ...decision } = given;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await withAudit(db, clock, audited, async (transaction) => {
        const place = rule(await listPairDecisions(transaction, decision), decision.decidedBy);
        if (!place) return undefined;
        const made = { ...decision, ...place, decidedAt: clock.now() };
        await transaction.insertInto('link_decision').values(rowOf(made)).execute();
        return made;
      });
    } catch (error) {
      if ((error as { code?: string }).code !== seatTaken || attempt >= 5) throw error;
    }
  }
}

/** Every decision in the order in which they were made. */
export async function listLinkDecisions(db: Kysely<CaseworkTables>): Promise<RecordedDecision[]> {
  return (await selectDecisions(db).execute()).map(present);
}

export async function listPairDecisions(db: Kysely<CaseworkTables>, { left, right }: Pick<RecordedDecision, 'left' | 'right'>): Promise<RecordedDecision[]> {
  return (await selectDecisions(db).where('d.left_source_id', '=', left).where('d.right_source_id', '=', right).execute()).map(present);
}

const selectDecisions = (db: Kysely<CaseworkTables>) =>
  db.selectFrom('link_decision as d')
    .leftJoin('person_undo as u', 'u.person_undo_id', 'd.person_undo_id')
    .leftJoin('person_undo as w', 'w.withdraws', 'u.person_undo_id')
    .selectAll('d')
    .select(['u.event_id as undone_event', 'u.reason as undo_reason', 'w.person_undo_id as withdrawn_by'])
    .orderBy('d.link_decision_id');

const rowOf = ({ left, right, round, seat, decision, reason, decidedBy, decidedAt }: RecordedDecision) => ({
  left_source_id: left, right_source_id: right, review_round: round, seat, decision, reason: reason ?? null, decided_by: decidedBy, decided_at: new Date(decidedAt),
});

type DecisionRow = Selectable<LinkDecisionTable> & { undone_event: number | null; undo_reason: string | null; withdrawn_by: number | null };

function present(row: DecisionRow): RecordedDecision {
  const reason = row.reason ?? row.undo_reason;
  return {
    left: row.left_source_id, right: row.right_source_id, round: row.review_round, seat: row.seat, decision: row.decision,
    ...(reason === null ? {} : { reason }), decidedBy: row.decided_by, decidedAt: row.decided_at.getTime(),
    ...(row.person_undo_id === null || row.undone_event === null ? {} : { undo: { personUndoId: row.person_undo_id, event: row.undone_event, withdrawn: row.withdrawn_by !== null } }),
  };
}
