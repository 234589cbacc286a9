// The SQL of keeping and destroying: cases as a lead may decide about them, holds, reviews, proposals, certificates. Who may see and do what, and what must
// not be destroyed, the database says by itself; see migrations/0013-retention.sql, 0018 and 0025.

import { sql, type Selectable } from 'kysely';
import type { DestroyedCount, DestructionCertificateTable, DestructionProposalTable, LegalHoldTable, RecordKind } from '../store/index.ts';
import type { ReaderTransaction } from './reader-transaction.store.ts';

/** A case without anything that was written in it. Times are milliseconds since the epoch. */
export interface RetainedCase {
  caseId: string;
  personKey: string;
  /** The agency that holds it. */
  holder: string;
  status: 'open' | 'closed';
  openedAt: number;
  closedAt: number | null;
  /** When something was last added to it. */
  lastAt: number;
  keepUntil: string | null;
  reviewedAt: number | null;
  held: boolean;
  /** Of the proposal to destroy it that waits. */
  proposalId: string | null;
}

export const holdKinds = ['person', 'case', 'agency', 'feed'] as const;
export type HoldKind = (typeof holdKinds)[number];

export interface NewHold {
  kind: HoldKind;
  /** A person's key, a case's id, an agency's code or a feed's. */
  target: string;
  reason: string;
  /** Who or what orders it: a court, an inquiry, a request under way. */
  authority: string;
}

export interface LegalHold extends NewHold {
  holdId: string;
  /** Of a hold on a person: every key that the person had when it was placed. */
  personKeys: readonly string[];
  placedBy: string;
  placedAt: number;
  lifting: { reason: string; authority: string; by: string; at: number } | null;
}

/** One row of a case, without its content. */
export interface CaseRow {
  kind: 'case' | 'member' | 'entry' | 'attachment';
  id: string;
  section: string | null;
  agency: string;
  at: number;
  /** Bytes of its text, or of the file that it describes. */
  size: number;
  sha256: string;
}

export interface Proposal {
  proposalId: string;
  caseId: string;
  holder: string;
  schedule: string;
  scheduleWords: string;
  dueOn: string;
  reason: string;
  /** Of all that the case held then. */
  sha256: string;
  proposedBy: string;
  proposedAt: number;
  refusal: { reason: string; by: string; at: number } | null;
}

export interface Certificate extends Omit<Proposal, 'refusal' | 'caseId'> {
  number: number;
  /** What was destroyed: a case, a loaded file or a record. */
  caseId: string | null;
  record: { kind: RecordKind; id: string } | null;
  load: { load: string; feed: string; /** Its own load, and those of its rows that were tried again. */ parts: readonly string[] } | null;
  counts: readonly DestroyedCount[];
  /** Days of the first and the last row. */
  firstOn: string;
  lastOn: string;
  /** What else may hold copies, as it was said then. */
  copies: readonly string[];
  confirmedBy: string;
  confirmedAt: number;
}

/** Why something may not be destroyed now. */
export const hindrances = ['not-there', 'held', 'open', 'kept', 'changed', 'same-person'] as const;
export type Hindrance = (typeof hindrances)[number];

interface CaseRowOfStore {
  case_id: string;
  person_key: string;
  holder: string;
  status: 'open' | 'closed';
  opened_at: Date;
  closed_at: Date | null;
  last_at: Date;
  keep_until: string | null;
  reviewed_at: Date | null;
  held: boolean;
  destruction_proposal_id: string | null;
}

/** Oldest first; one case where its id is given. */
export async function listRetainedCases(db: ReaderTransaction, { caseId = null, most }: { caseId?: string | null; most: number }): Promise<RetainedCase[]> {
  const { rows } = await sql<CaseRowOfStore>`select * from retention_cases(${caseId}::uuid, ${most}::int)`.execute(db);
  return rows.map((row) => ({
    caseId: row.case_id, personKey: row.person_key, holder: row.holder, status: row.status, openedAt: row.opened_at.getTime(), closedAt: row.closed_at?.getTime() ?? null, lastAt: row.last_at.getTime(),
    keepUntil: row.keep_until, reviewedAt: row.reviewed_at?.getTime() ?? null, held: row.held, proposalId: row.destruction_proposal_id,
  }));
}

/** Every row of the case, by kind and time. */
export async function listCaseRows(db: ReaderTransaction, caseId: string): Promise<CaseRow[]> {
  const { rows } = await sql<Omit<CaseRow, 'at' | 'size'> & { at: Date; size: number | string }>`select * from retention_rows(${caseId}::uuid)`.execute(db);
  return rows.map(({ kind, id, section, agency, at, size, sha256 }) => ({ kind, id, section, agency, at: at.getTime(), size: Number(size), sha256 }));
}

/** Those that hold first, each group newest first. */
export async function listHolds(db: ReaderTransaction): Promise<LegalHold[]> {
  return (await holdsQuery(db).execute()).map(presentHold).toSorted((a, b) => Number(a.lifting !== null) - Number(b.lifting !== null));
}

export async function findHold(db: ReaderTransaction, holdId: string): Promise<LegalHold | undefined> {
  const row = await holdsQuery(db).where('h.legal_hold_id', '=', holdId).executeTakeFirst();
  return row && presentHold(row);
}

const holdsQuery = (db: ReaderTransaction) =>
  db.selectFrom('legal_hold as h').leftJoin('legal_hold_lifting as l', 'l.legal_hold_id', 'h.legal_hold_id').selectAll('h').select(['l.reason as lift_reason', 'l.authority as lift_authority', 'l.lifted_by', 'l.lifted_at']).orderBy('h.placed_at', 'desc').orderBy('h.legal_hold_id');

function presentHold(row: Selectable<LegalHoldTable> & { lift_reason: string | null; lift_authority: string | null; lifted_by: string | null; lifted_at: Date | null }): LegalHold {
  const { legal_hold_id: holdId, kind, target, person_keys: personKeys, reason, authority, placed_by: placedBy, placed_at } = row;
  return { holdId, kind, target, personKeys, reason, authority, placedBy, placedAt: placed_at.getTime(), lifting: row.lifted_at === null ? null : { reason: row.lift_reason!, authority: row.lift_authority!, by: row.lifted_by!, at: row.lifted_at.getTime() } };
}

/** Whether a lead may know of a case under a key. */
export async function knowsCaseUnder(db: ReaderTransaction, personKey: string): Promise<boolean> {
  const { rows } = await sql<{ knows: boolean }>`select retention_knows(${personKey}) as knows`.execute(db);
  return rows[0]!.knows;
}

/** `personKeys`: every key that the person has or had; none for other holds. */
export async function addHold(db: ReaderTransaction, { kind, target, reason, authority, personKeys }: NewHold & { personKeys: readonly string[] }): Promise<string> {
  const { legal_hold_id } = await db.insertInto('legal_hold').values({ kind, target, reason, authority, person_keys: [...personKeys] }).returning('legal_hold_id').executeTakeFirstOrThrow();
  return legal_hold_id;
}

export async function addLifting(db: ReaderTransaction, { holdId, reason, authority }: { holdId: string; reason: string; authority: string }): Promise<void> {
  await db.insertInto('legal_hold_lifting').values({ legal_hold_id: holdId, reason, authority }).execute();
}

interface Decided {
  caseId: string;
  schedule: string;
  dueOn: string;
  reason: string;
}

/** A decision to keep a case. */
export interface Review extends Decided {
  keepUntil: string;
  by: string;
  at: number;
}

/** Of a case, the newest first. */
export async function listReviews(db: ReaderTransaction, caseId: string): Promise<Review[]> {
  const rows = await db.selectFrom('retention_review').selectAll().where('case_id', '=', caseId).orderBy('reviewed_at', 'desc').orderBy('retention_review_id').execute();
  return rows.map((row) => ({ caseId, schedule: row.schedule, dueOn: row.due_on, reason: row.reason, keepUntil: row.keep_until, by: row.reviewed_by, at: row.reviewed_at.getTime() }));
}

export async function addReview(db: ReaderTransaction, { caseId, schedule, dueOn, reason, keepUntil }: Decided & { keepUntil: string }): Promise<string> {
  const { retention_review_id } = await db.insertInto('retention_review').values({ case_id: caseId, schedule, due_on: dueOn, reason, keep_until: keepUntil }).returning('retention_review_id').executeTakeFirstOrThrow();
  return retention_review_id;
}

export async function addProposal(db: ReaderTransaction, { caseId, schedule, scheduleWords, dueOn, reason }: Decided & { scheduleWords: string }): Promise<string> {
  const { destruction_proposal_id } = await db.insertInto('destruction_proposal').values({ case_id: caseId, schedule, schedule_words: scheduleWords, due_on: dueOn, reason }).returning('destruction_proposal_id').executeTakeFirstOrThrow();
  return destruction_proposal_id;
}

/** Refuses a proposal, or takes back one's own. */
export async function addRefusal(db: ReaderTransaction, { proposalId, reason }: { proposalId: string; reason: string }): Promise<void> {
  await db.insertInto('destruction_refusal').values({ destruction_proposal_id: proposalId, reason }).execute();
}

const proposalsQuery = (db: ReaderTransaction) =>
  db.selectFrom('destruction_proposal as p').where('p.case_id', 'is not', null).leftJoin('destruction_refusal as x', 'x.destruction_proposal_id', 'p.destruction_proposal_id').selectAll('p').select(['x.reason as refused_why', 'x.refused_by', 'x.refused_at']).orderBy('p.proposed_at').orderBy('p.destruction_proposal_id');

/** That wait for a second person, the oldest first. */
export async function listProposals(db: ReaderTransaction): Promise<Proposal[]> {
  const waiting = proposalsQuery(db).where('x.refused_at', 'is', null).where((e) => e.not(e.exists(e.selectFrom('destruction_certificate as c').select('c.case_id').whereRef('c.destruction_proposal_id', '=', 'p.destruction_proposal_id'))));
  return (await waiting.execute()).map(presentProposal);
}

export async function findProposal(db: ReaderTransaction, proposalId: string): Promise<Proposal | undefined> {
  const row = await proposalsQuery(db).where('p.destruction_proposal_id', '=', proposalId).executeTakeFirst();
  return row && presentProposal(row);
}

function presentProposal(row: Selectable<DestructionProposalTable> & { refused_why: string | null; refused_by: string | null; refused_at: Date | null }): Proposal {
  return { ...proposed(row), caseId: row.case_id!, refusal: row.refused_at === null ? null : { reason: row.refused_why!, by: row.refused_by!, at: row.refused_at.getTime() } };
}

export const proposed = (row: Pick<Selectable<DestructionProposalTable>, 'destruction_proposal_id' | 'holder' | 'schedule' | 'schedule_words' | 'due_on' | 'reason' | 'sha256' | 'proposed_by' | 'proposed_at'>) => ({
  proposalId: row.destruction_proposal_id, holder: row.holder, schedule: row.schedule, scheduleWords: row.schedule_words, dueOn: row.due_on, reason: row.reason, sha256: row.sha256, proposedBy: row.proposed_by, proposedAt: row.proposed_at.getTime(),
});

/** Why the case may not be destroyed now, but for what only its proposal tells; null where it may. */
export async function findHindrance(db: ReaderTransaction, caseId: string, keys: readonly string[]): Promise<Hindrance | null> {
  const { rows } = await sql<{ hindrance: Hindrance | null }>`select destruction_hindrance(${caseId}::uuid, ${[...keys]}::text[]) as hindrance`.execute(db);
  return rows[0]!.hindrance;
}

/**
 * Destroys what a proposal is of, and gives the number of the certificate; or why not, and then nothing has changed. Of a loaded file the certificate alone is made.
 *
 * @param given.keys every key that the person of a case or a record is or was known by
 * @param given.parts the loads that are the file's now
 */
export async function destroy(db: ReaderTransaction, { proposalId, keys = [], parts = [], copies }: { proposalId: string; keys?: readonly string[]; parts?: readonly string[]; copies: readonly string[] }): Promise<{ number: number } | { hindrance: Hindrance }> {
  const { rows } = await sql<{ outcome: Hindrance | 'done'; certificate: number | string | null }>`select * from destroy(${proposalId}::uuid, ${[...keys]}::text[], ${[...parts]}::text[], ${[...copies]}::text[])`.execute(db);
  const { outcome, certificate } = rows[0]!;
  return outcome === 'done' ? { number: Number(certificate) } : { hindrance: outcome };
}

/** The newest first. */
export async function listCertificates(db: ReaderTransaction, { most, before }: { most: number; before?: number | undefined }): Promise<Certificate[]> {
  let query = db.selectFrom('destruction_certificate').selectAll().orderBy('certificate_number', 'desc').limit(most);
  if (before !== undefined) query = query.where('certificate_number', '<', before);
  return (await query.execute()).map(presentCertificate);
}

export async function findCertificate(db: ReaderTransaction, by: { number: number } | { proposalId: string }): Promise<Certificate | undefined> {
  const query = db.selectFrom('destruction_certificate').selectAll();
  const row = await ('number' in by ? query.where('certificate_number', '=', by.number) : query.where('destruction_proposal_id', '=', by.proposalId)).executeTakeFirst();
  return row && presentCertificate(row);
}

const presentCertificate = (row: Selectable<DestructionCertificateTable>): Certificate => ({
  ...proposed(row), caseId: row.case_id, load: row.load_id === null ? null : { load: row.load_id, feed: row.feed!, parts: row.loads! }, record: row.record_id === null ? null : { kind: row.record_kind!, id: row.record_id }, number: Number(row.certificate_number), counts: row.counts, firstOn: row.first_on, lastOn: row.last_on, copies: row.copies, confirmedBy: row.confirmed_by, confirmedAt: row.confirmed_at.getTime(),
});
