// The SQL of keeping and destroying loaded files: decisions, proposals, what stands in the way, certificates. Who may see and do what the database says
// by itself; see migrations/0023-destroy-loads.sql.

import { sql, type Kysely } from 'kysely';
import type { Casework } from '../store/index.ts';
import type { ReaderTransaction } from './reader-transaction.store.ts';
import type { HeldFile } from './retention-load.ts';
import { proposed, type Hindrance, type Proposal } from './retention.store.ts';

/** A decision to keep a file. */
export interface LoadReview {
  load: string;
  schedule: string;
  dueOn: string;
  reason: string;
  /** The last day. */
  keepUntil: string;
  by: string;
  at: number;
}

/** As of a case; `sha256`: of the file as it came. */
export interface LoadProposal extends Omit<Proposal, 'caseId' | 'holder'> {
  load: string;
  feed: string;
  parts: readonly string[];
  agency: string;
}

/** Whether the reader of this transaction decides about files at all. */
export async function decidesAboutLoads(db: ReaderTransaction): Promise<boolean> {
  const { rows } = await sql<{ decides: boolean | null }>`select retention_sees(null) as decides`.execute(db);
  return rows[0]!.decides === true;
}

/** The newest first; of one file where its load is given. */
export async function listLoadReviews(db: ReaderTransaction, load?: string): Promise<LoadReview[]> {
  let query = db.selectFrom('retention_review').selectAll().where('load_id', 'is not', null).orderBy('reviewed_at', 'desc').orderBy('retention_review_id');
  if (load !== undefined) query = query.where('load_id', '=', load);
  return (await query.execute()).map((row) => ({ load: row.load_id!, schedule: row.schedule, dueOn: row.due_on, reason: row.reason, keepUntil: row.keep_until, by: row.reviewed_by, at: row.reviewed_at.getTime() }));
}

/** Of files that are not destroyed, the newest first; of one where its load is given. */
export async function listLoadProposals(db: ReaderTransaction, load?: string): Promise<LoadProposal[]> {
  let query = db.selectFrom('destruction_proposal as p').leftJoin('destruction_refusal as x', 'x.destruction_proposal_id', 'p.destruction_proposal_id').selectAll('p').select(['x.reason as refused_why', 'x.refused_by', 'x.refused_at'])
    .where('p.load_id', 'is not', null).where((e) => e.not(e.exists(e.selectFrom('destruction_certificate as c').select('c.load_id').whereRef('c.load_id', '=', 'p.load_id')))).orderBy('p.proposed_at', 'desc').orderBy('p.destruction_proposal_id');
  if (load !== undefined) query = query.where('p.load_id', '=', load);
  return (await query.execute()).map((row) => ({
    ...proposed(row), load: row.load_id!, feed: row.feed!, parts: row.loads!, agency: row.holder, refusal: row.refused_at === null ? null : { reason: row.refused_why!, by: row.refused_by!, at: row.refused_at.getTime() },
  }));
}

interface Decided {
  load: string;
  schedule: string;
  dueOn: string;
  reason: string;
}

export async function addLoadReview(db: ReaderTransaction, { load, schedule, dueOn, reason, keepUntil }: Decided & { keepUntil: string }): Promise<string> {
  const { retention_review_id } = await db.insertInto('retention_review').values({ load_id: load, schedule, due_on: dueOn, reason, keep_until: keepUntil }).returning('retention_review_id').executeTakeFirstOrThrow();
  return retention_review_id;
}

export async function addLoadProposal(db: ReaderTransaction, { file, agency, schedule, scheduleWords, dueOn, reason }: Omit<Decided, 'load'> & { file: HeldFile; agency: string; scheduleWords: string }): Promise<string> {
  const { load, feed, parts, rows, firstOn, lastOn, sha256 } = file;
  const values = { load_id: load, feed, loads: [...parts], load_rows: rows, first_on: firstOn, last_on: lastOn, holder: agency, sha256, schedule, schedule_words: scheduleWords, due_on: dueOn, reason };
  const { destruction_proposal_id } = await db.insertInto('destruction_proposal').values(values).returning('destruction_proposal_id').executeTakeFirstOrThrow();
  return destruction_proposal_id;
}

/** Why a file may not be destroyed now; null where it may. */
export async function findLoadHindrance(db: ReaderTransaction, { load, feed, agency }: { load: string; feed: string; agency: string }): Promise<Hindrance | null> {
  const { rows } = await sql<{ hindrance: Hindrance | null }>`select load_hindrance(${load}::text, ${feed}::text, ${agency}::text) as hindrance`.execute(db);
  return rows[0]!.hindrance;
}

/** Keys of people under a hold: to be compared, never shown. */
export async function listHeldPersonKeys(db: ReaderTransaction): Promise<string[]> {
  const { rows } = await sql<{ key: string }>`select key from held_person_keys() as key`.execute(db);
  return rows.map(({ key }) => key);
}

/** Loads that have a certificate, whoever may see it: asked by whoever clears up. `at`: when it was made, milliseconds since the epoch. */
export async function listCertifiedLoads(db: Casework['db']): Promise<{ load: string; sha256: string; at: number }[]> {
  const { rows } = await sql<{ load_id: string; sha256: string; destroyed_at: Date }>`select * from destroyed_loads()`.execute(db as Kysely<unknown>);
  return rows.map(({ load_id: load, sha256, destroyed_at }) => ({ load, sha256, at: destroyed_at.getTime() }));
}
