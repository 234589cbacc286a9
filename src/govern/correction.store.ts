// Corrections as the store keeps them. The database decides who has which: what was accepted, for whoever may read the row; all of them, with evidence and
// with who is told, for information governance leads, and of a sealed person for keepers; and for everybody their own notices.

import { sql, type Selectable } from 'kysely';
import type { Casework, CorrectionTable } from '../store/index.ts';
import { nameOfRow, type AcceptedCorrection, type FactRow } from './accepted-correction.ts';
import type { CorrectionAsker, CorrectionOutcome } from './correction.ts';
import type { Asking } from './person-record.ts';
import { asReader, type ReaderTransaction } from './reader-transaction.store.ts';

export interface NewCorrection extends FactRow {
  correctionId: string;
  personKey: string;
  /** Code of the agency that holds the source. */
  holder: string;
  column: string;
  load: string;
  line: number;
  file: string;
  wrong: string;
  right: string | null;
  evidence: string;
  askedBy: CorrectionAsker;
  factSince: number;
}

export interface CorrectionFile extends NewCorrection {
  reportedBy: string;
  reportedAgency: string;
  reportedAt: number;
  decision: { outcome: CorrectionOutcome; reason: string; by: string; at: number } | null;
  notices: { userId: string; via: string[]; lastAt: number; acknowledgedAt: number | null }[];
}

export interface OwnNotice {
  noticeId: string;
  personKey: string;
  /** Of 'read', 'export', 'share' and 'report'. */
  via: string[];
  outcome: CorrectionOutcome;
  madeAt: number;
  acknowledgedAt: number | null;
}

export async function insertCorrection(transaction: ReaderTransaction, given: NewCorrection): Promise<void> {
  const { correctionId, personKey, holder, feed, rowKey, column, load, line, file, wrong, right, evidence, askedBy, factSince } = given;
  await transaction
    .insertInto('correction')
    .values({ correction_id: correctionId, person_key: personKey, holder, feed, row_key: rowKey, column_name: column, load, line, file, wrong_value: wrong, right_value: right, evidence, asked_by: askedBy, fact_since: new Date(factSince) })
    .execute();
}

export async function insertDecision(transaction: ReaderTransaction, correctionId: string, { outcome, reason }: { outcome: CorrectionOutcome; reason: string }): Promise<void> {
  await transaction.insertInto('correction_decision').values({ correction_id: correctionId, outcome, reason }).execute();
}

/** Tells whoever relied on it, under these ids of the person and the row; `names`: who found them in a search or a pair of records too. */
export async function pushCorrection(transaction: ReaderTransaction, correctionId: string, { ids, names }: { ids: readonly string[]; names: boolean }): Promise<number> {
  const { rows } = await sql<{ made: number }>`select push_correction(${correctionId}::uuid, ${ids}::text[], ${names}::boolean) as made`.execute(transaction);
  return Number(rows[0]!.made);
}

export async function insertAcknowledgement(transaction: ReaderTransaction, noticeId: string): Promise<void> {
  await transaction.insertInto('correction_acknowledgement').values({ correction_notice_id: noticeId }).execute();
}

/** What was accepted about these rows until a moment, in the order in which it was. */
export async function readAccepted(transaction: ReaderTransaction, rows: readonly FactRow[], until: number): Promise<AcceptedCorrection[]> {
  const [feeds, keys] = [rows.map(({ feed }) => feed), rows.map(({ rowKey }) => rowKey)];
  const found = await sql<{ correction_id: string; feed: string; row_key: string; column_name: string; wrong_value: string; right_value: string | null; decided_at: Date }>`
    select correction_id, feed, row_key, column_name, wrong_value, right_value, decided_at from accepted_corrections(${feeds}::text[], ${keys}::text[], ${new Date(until)}::timestamptz)`.execute(transaction);
  return found.rows.map((row) => ({ correctionId: row.correction_id, feed: row.feed, rowKey: row.row_key, column: row.column_name, wrong: row.wrong_value, right: row.right_value, decidedAt: row.decided_at.getTime() }));
}

/** What was accepted about rows that a reader is shown, until a moment. */
export type FindAccepted = (asking: Pick<Asking, 'who' | 'purpose' | 'at'>, rows: readonly FactRow[], until?: number) => Promise<AcceptedCorrection[]>;

export function openAcceptedCorrections(db: Casework['db']): FindAccepted {
  return async ({ who, purpose, at }, rows, until = at) => {
    const asked = [...new Map(rows.map((row) => [nameOfRow(row), row])).values()];
    return asked.length === 0 ? [] : asReader(db, who, purpose, { now: () => at }, (transaction) => readAccepted(transaction, asked, until));
  };
}

export async function readOwnNotices(transaction: ReaderTransaction): Promise<OwnNotice[]> {
  const { rows } = await sql<{ correction_notice_id: string; person_key: string; via: string[]; outcome: CorrectionOutcome; made_at: Date; acknowledged_at: Date | null }>`
    select correction_notice_id, person_key, via, outcome, made_at, acknowledged_at from my_correction_notices()`.execute(transaction);
  return rows.map((row) => ({ noticeId: row.correction_notice_id, personKey: row.person_key, via: row.via, outcome: row.outcome, madeAt: row.made_at.getTime(), acknowledgedAt: row.acknowledged_at?.getTime() ?? null }));
}

/** The person of each that nobody decided and that somebody else than this user reported. */
export async function readPeopleWaiting(transaction: ReaderTransaction, userId: string): Promise<string[]> {
  const rows = await transaction.selectFrom('correction').select('person_key').where('reported_by', '<>', userId).where('correction_id', 'not in', transaction.selectFrom('correction_decision').select('correction_id')).execute();
  return rows.map((row) => row.person_key);
}

/** Newest first: one; or all that nobody decided, and of what was decided the newest. */
export async function readCorrections(transaction: ReaderTransaction, { correctionId, mostPast = 500 }: { correctionId?: string | undefined; mostPast?: number } = {}): Promise<CorrectionFile[]> {
  const decided = transaction.selectFrom('correction_decision').select('correction_id');
  const past = transaction.selectFrom('correction').select('correction_id').where('correction_id', 'in', decided).orderBy('reported_at', 'desc').orderBy('correction_id').limit(mostPast);
  const query = transaction.selectFrom('correction').selectAll().orderBy('reported_at', 'desc').orderBy('correction_id');
  const rows = await (correctionId === undefined ? query.where((where) => where.or([where('correction_id', 'not in', decided), where('correction_id', 'in', past)])) : query.where('correction_id', '=', correctionId)).execute();
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.correction_id);
  const decisions = new Map((await transaction.selectFrom('correction_decision').selectAll().where('correction_id', 'in', ids).execute()).map((row) => [row.correction_id, row]));
  const notices = Map.groupBy(
    await transaction
      .selectFrom('correction_notice as n').leftJoin('correction_acknowledgement as a', 'a.correction_notice_id', 'n.correction_notice_id')
      .select(['n.correction_id', 'n.user_id', 'n.via', 'n.last_at', 'a.acknowledged_at']).where('n.correction_id', 'in', ids).orderBy('n.user_id').execute(),
    (row) => row.correction_id,
  );
  return rows.map((row) => {
    const decided = decisions.get(row.correction_id);
    return {
      ...presentCorrection(row),
      decision: decided ? { outcome: decided.outcome, reason: decided.reason, by: decided.decided_by, at: decided.decided_at.getTime() } : null,
      notices: (notices.get(row.correction_id) ?? []).map((each) => ({ userId: each.user_id, via: each.via, lastAt: each.last_at.getTime(), acknowledgedAt: each.acknowledged_at?.getTime() ?? null })),
    };
  });
}

function presentCorrection(row: Selectable<CorrectionTable>): Omit<CorrectionFile, 'decision' | 'notices'> {
  return {
    correctionId: row.correction_id, personKey: row.person_key, holder: row.holder, feed: row.feed, rowKey: row.row_key, column: row.column_name, load: row.load, line: Number(row.line), file: row.file,
    wrong: row.wrong_value, right: row.right_value, evidence: row.evidence, askedBy: row.asked_by, factSince: row.fact_since.getTime(), reportedBy: row.reported_by, reportedAgency: row.reported_agency, reportedAt: row.reported_at.getTime(),
  };
}
