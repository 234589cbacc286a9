// The SQL of keeping and destroying records that are neither cases nor loaded files: decisions to share, requests for access with their answers, corrections.
// Who may see and do what the database says by itself; see migrations/0025-destroy-records.sql and 0026.

import { sql } from 'kysely';
import type { RecordKind, RecordRowKind } from '../store/index.ts';
import type { ReaderTransaction } from './reader-transaction.store.ts';
import type { Because } from './retention-decisions.ts';
import { proposed, type Hindrance, type Proposal } from './retention.store.ts';

/** A record without anything that was written in it. Times are milliseconds since the epoch. */
export interface RetainedRecord {
  kind: RecordKind;
  recordId: string;
  personKey: string;
  /** The agency whose it is; "partnership" of a request for access. */
  holder: string;
  /** Of a correction: the feed and the row whose fact it is about. */
  feed: string | null;
  rowKey: string | null;
  recordedAt: number;
  lastAt: number;
  /** When what it was about was over: of a decision to share, what was last added. Null where it is not over. */
  endedAt: number | null;
  /** Something still stands that needs it: a case about the person, a request without an answer, a report without a decision. */
  open: boolean;
  keepUntil: string | null;
  reviewedAt: number | null;
  held: boolean;
  proposalId: string | null;
}

interface RecordRow {
  record_id: string;
  person_key: string;
  holder: string;
  feed: string | null;
  row_key: string | null;
  recorded_at: Date;
  last_at: Date;
  ended_at: Date | null;
  open: boolean;
  keep_until: string | null;
  reviewed_at: Date | null;
  held: boolean;
  destruction_proposal_id: string | null;
}

/** The oldest first: those that ended before a moment, or the one whose id is given. None but for leads who may know of them. */
export async function listRetainedRecords(db: ReaderTransaction, kind: RecordKind, asked: { endedBefore: number; most: number } | { recordId: string }): Promise<RetainedRecord[]> {
  const { recordId, endedBefore, most } = 'recordId' in asked ? { recordId: asked.recordId, endedBefore: 0, most: 1 } : { recordId: null, ...asked };
  const { rows } = await sql<RecordRow>`select * from retention_records(${kind}::text, ${recordId}::uuid, ${new Date(endedBefore)}::timestamptz, ${most}::int)`.execute(db);
  return rows.map((row) => ({
    kind, recordId: row.record_id, personKey: row.person_key, holder: row.holder, feed: row.feed, rowKey: row.row_key, recordedAt: row.recorded_at.getTime(), lastAt: row.last_at.getTime(), endedAt: row.ended_at?.getTime() ?? null,
    open: row.open, keepUntil: row.keep_until, reviewedAt: row.reviewed_at?.getTime() ?? null, held: row.held, proposalId: row.destruction_proposal_id,
  }));
}

/** Those of the keys under which there is a case. */
export async function listCaseKeys(db: ReaderTransaction, keys: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`select key from retention_case_keys(${[...keys]}::text[]) as key`.execute(db);
  return new Set(rows.map(({ key }) => key));
}

/** What the record consists of, by kind. */
export async function countRecordRows(db: ReaderTransaction, { kind, recordId }: { kind: RecordKind; recordId: string }): Promise<{ kind: RecordRowKind; rows: number }[]> {
  const { rows } = await sql<{ kind: RecordRowKind; rows: number | string }>`select * from retention_record_counts(${kind}::text, ${recordId}::uuid)`.execute(db);
  return rows.map((row) => ({ kind: row.kind, rows: Number(row.rows) }));
}

/** A decision to keep a record. */
export interface RecordReview extends Because {
  /** The last day. */
  keepUntil: string;
  by: string;
  at: number;
}

/** The newest first. */
export async function listRecordReviews(db: ReaderTransaction, recordId: string): Promise<RecordReview[]> {
  const rows = await db.selectFrom('retention_review').selectAll().where('record_id', '=', recordId).orderBy('reviewed_at', 'desc').orderBy('retention_review_id').execute();
  return rows.map((row) => ({ schedule: row.schedule, dueOn: row.due_on, reason: row.reason, keepUntil: row.keep_until, by: row.reviewed_by, at: row.reviewed_at.getTime() }));
}

/** As of a case. */
export interface RecordProposal extends Omit<Proposal, 'caseId'> {
  kind: RecordKind;
  recordId: string;
}

/** Of records that are not destroyed, the newest first; of one where its id is given. */
export async function listRecordProposals(db: ReaderTransaction, recordId?: string): Promise<RecordProposal[]> {
  let query = db.selectFrom('destruction_proposal as p').leftJoin('destruction_refusal as x', 'x.destruction_proposal_id', 'p.destruction_proposal_id').selectAll('p').select(['x.reason as refused_why', 'x.refused_by', 'x.refused_at'])
    .where('p.record_id', 'is not', null).where((e) => e.not(e.exists(e.selectFrom('destruction_certificate as c').select('c.record_id').whereRef('c.record_id', '=', 'p.record_id')))).orderBy('p.proposed_at', 'desc').orderBy('p.destruction_proposal_id');
  if (recordId !== undefined) query = query.where('p.record_id', '=', recordId);
  return (await query.execute()).map((row) => ({ ...proposed(row), kind: row.record_kind!, recordId: row.record_id!, refusal: row.refused_at === null ? null : { reason: row.refused_why!, by: row.refused_by!, at: row.refused_at.getTime() } }));
}

interface OfRecord {
  kind: RecordKind;
  recordId: string;
}

export async function addRecordReview(db: ReaderTransaction, { kind, recordId, schedule, dueOn, reason, keepUntil }: OfRecord & Because & { keepUntil: string }): Promise<string> {
  const { retention_review_id } = await db.insertInto('retention_review').values({ record_kind: kind, record_id: recordId, schedule, due_on: dueOn, reason, keep_until: keepUntil }).returning('retention_review_id').executeTakeFirstOrThrow();
  return retention_review_id;
}

export async function addRecordProposal(db: ReaderTransaction, { kind, recordId, schedule, scheduleWords, dueOn, reason }: OfRecord & Because & { scheduleWords: string }): Promise<string> {
  const { destruction_proposal_id } = await db.insertInto('destruction_proposal').values({ record_kind: kind, record_id: recordId, schedule, schedule_words: scheduleWords, due_on: dueOn, reason }).returning('destruction_proposal_id').executeTakeFirstOrThrow();
  return destruction_proposal_id;
}

/** Why a record may not be destroyed now; null where it may. `keys`: every key that its person is or was known by. */
export async function findRecordHindrance(db: ReaderTransaction, { kind, recordId, keys }: OfRecord & { keys: readonly string[] }): Promise<Hindrance | null> {
  const { rows } = await sql<{ hindrance: Hindrance | null }>`select record_hindrance(${kind}::text, ${recordId}::uuid, ${[...keys]}::text[]) as hindrance`.execute(db);
  return rows[0]!.hindrance;
}
