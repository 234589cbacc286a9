// What was written about a person elsewhere than in cases: while links between records were reviewed, when somebody asked who is behind a pseudonym, and
// when a fact was reported as wrong. Asked for within the transaction of whoever answers the person.

import { sql } from 'kysely';
import type { HeldWords } from './subject-access-words.ts';
import type { ReaderTransaction } from './reader-transaction.store.ts';

/** By the person's keys of today and the ids of their records, until a moment (milliseconds since the epoch). */
export async function readHeldWords(transaction: ReaderTransaction, { keys, records, until }: { keys: readonly string[]; records: readonly string[]; until: number }): Promise<Omit<HeldWords, 'otherOf'>> {
  const at = new Date(until);
  const pairs = records.length === 0 ? [] : await transaction.selectFrom('link_decision').select(['link_decision_id', 'left_source_id', 'right_source_id', 'decision', 'reason', 'decided_at'])
    .where((where) => where.or([where('left_source_id', 'in', records), where('right_source_id', 'in', records)])).where('person_undo_id', 'is', null).where('decided_at', '<=', at).orderBy('decided_at', 'desc').orderBy('link_decision_id').execute();
  const undos = await transaction.selectFrom('person_undo').select(['person_undo_id', 'act', 'kind', 'old_key', 'new_key', 'reason', 'decided_at'])
    .where((where) => where.or([where('old_key', 'in', keys), where('new_key', 'in', keys)])).where('decided_at', '<=', at).orderBy('decided_at', 'desc').orderBy('person_undo_id').execute();
  const askings = await transaction.selectFrom('reidentification').select(['reidentification_id', 'agency', 'role', 'purpose', 'ground', 'person_keys', 'done_at'])
    .where(sql<boolean>`person_keys && ${[...keys]}::text[]`).where('done_at', '<=', at).orderBy('done_at', 'desc').orderBy('reidentification_id').execute();
  const reports = await transaction.selectFrom('correction as c').leftJoin('correction_decision as d', (join) => join.onRef('d.correction_id', '=', 'c.correction_id').on('d.decided_at', '<=', at))
    .select(['c.correction_id', 'c.holder', 'c.feed', 'c.row_key', 'c.column_name', 'c.wrong_value', 'c.right_value', 'c.evidence', 'c.asked_by', 'c.reported_at', 'd.outcome', 'd.reason'])
    .where('c.person_key', 'in', keys).where('c.reported_at', '<=', at).orderBy('c.reported_at', 'desc').orderBy('c.correction_id').execute();
  return { records, keys, pairs, undos, askings, reports };
}
