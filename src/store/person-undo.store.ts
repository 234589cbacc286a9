// Undos of a build's merges and splits: added to and read, never changed. An undo and the decisions about its pairs of records are written in
// one statement, so that there is never one without the other, and never two undos of one event that both hold.

import { sql, type Kysely, type Selectable } from 'kysely';
import type { Clock } from '../core/index.ts';
import { withAudit } from './audited-act.store.ts';
import type { AuditEvent } from './casework-audit.store.ts';
import type { CaseworkTables, PersonUndoTable } from './casework-tables.ts';

/** An event of a snapshot's person_event, so that it is found again. */
export interface UndoneEvent {
  event: number;
  build: string;
  kind: 'merge' | 'split' | 'moved';
  oldKey: string;
  newKey: string;
}

export interface RecordedUndo extends UndoneEvent {
  personUndoId: number;
  reason: string;
  /** The person's id at the identity provider, or what the command line was given. */
  decidedBy: string;
  /** Milliseconds since the epoch. */
  decidedAt: number;
  /** A later row has withdrawn it. */
  withdrawn: boolean;
}

export interface NewUndo extends UndoneEvent {
  reason: string;
  decidedBy: string;
  /** What it decides; `left` is the lesser id by code points. */
  pairs: readonly { left: string; right: string; same: boolean }[];
  /** Its row of the audit, kept with it or not at all. */
  audited?: AuditEvent;
}

const taken = '23505';

/** Adds an undo with its decisions; undefined where one of this event holds already. */
export async function addPersonUndo(db: Kysely<CaseworkTables>, clock: Clock, undo: NewUndo): Promise<number | undefined> {
  const at = new Date(clock.now());
  const pairs = JSON.stringify(undo.pairs.map(({ left, right, same }) => ({ l: left, r: right, d: same ? 'same' : 'different' })));
  const add = sql<{ person_undo_id: number }>`
    with made as (
      insert into person_undo (act, event_id, build, kind, old_key, new_key, reason, decided_by, decided_at)
      select 'undo', ${undo.event}::bigint, ${undo.build}::text, ${undo.kind}::text, ${undo.oldKey}::text, ${undo.newKey}::text, ${undo.reason}::text, ${undo.decidedBy}::text, ${at}::timestamptz
      where not exists (
        select from person_undo u where u.act = 'undo' and u.event_id = ${undo.event}::bigint and u.build = ${undo.build}::text
          and not exists (select from person_undo w where w.withdraws = u.person_undo_id)
      )
      returning person_undo_id
    ), decided as (
      insert into link_decision (left_source_id, right_source_id, review_round, seat, decision, decided_by, decided_at, person_undo_id)
      select p.l, p.r, coalesce((select max(review_round) from link_decision d where d.left_source_id = p.l and d.right_source_id = p.r), 0) + 1, 1, p.d, ${undo.decidedBy}::text, ${at}::timestamptz, made.person_undo_id
      from made cross join jsonb_to_recordset(${pairs}::jsonb) as p(l text, r text, d text)
    )
    select person_undo_id from made`;
  return oneOrTaken(() => withAudit(db, clock, undo.audited, async (transaction) => (await add.execute(transaction)).rows[0]?.person_undo_id));
}

/** Withdraws an undo: the pairs stand as they did before it. Undefined where it is withdrawn already. */
export async function withdrawPersonUndo(db: Kysely<CaseworkTables>, clock: Clock, { undo, reason, decidedBy, audited }: { undo: RecordedUndo; reason: string; decidedBy: string; audited?: AuditEvent }): Promise<number | undefined> {
  const { personUndoId: withdraws, event: event_id, build, kind, oldKey: old_key, newKey: new_key } = undo;
  return oneOrTaken(() => withAudit(db, clock, audited, async (transaction) => {
    const made = await transaction.insertInto('person_undo').values({ act: 'withdraw', event_id, build, kind, old_key, new_key, withdraws, reason, decided_by: decidedBy, decided_at: new Date(clock.now()) }).returning('person_undo_id').executeTakeFirst();
    return made?.person_undo_id;
  }));
}

async function oneOrTaken(add: () => Promise<number | undefined>): Promise<number | undefined> {
  try {
    return await add();
  } catch (error) {
    if ((error as { code?: string }).code === taken) return undefined;
    throw error;
  }
}

/** Every undo, those that are withdrawn too, in the order in which they were made. */
export async function listPersonUndos(db: Kysely<CaseworkTables>): Promise<RecordedUndo[]> {
  const rows = await db.selectFrom('person_undo as u').leftJoin('person_undo as w', 'w.withdraws', 'u.person_undo_id').selectAll('u').select('w.person_undo_id as withdrawn_by').where('u.act', '=', 'undo').orderBy('u.person_undo_id').execute();
  return rows.map(present);
}

function present(row: Selectable<PersonUndoTable> & { withdrawn_by: number | null }): RecordedUndo {
  return {
    personUndoId: row.person_undo_id, event: row.event_id, build: row.build, kind: row.kind, oldKey: row.old_key, newKey: row.new_key,
    reason: row.reason, decidedBy: row.decided_by, decidedAt: row.decided_at.getTime(),
    withdrawn: row.withdrawn_by !== null,
  };
}
