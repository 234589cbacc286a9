// The tables of keeping and destroying as Kysely sees them. The database fills in who and when, and refuses what must not be; see
// migrations/0013-retention.sql, 0023 and 0025.

import type { ColumnType } from 'kysely';

/** Set by the database. */
type Filled<T> = ColumnType<T, never, never>;
type Fixed<T> = ColumnType<T, T, never>;
type Given<T> = ColumnType<T | null, T | undefined, never>;

export interface RetentionTables {
  legal_hold: LegalHoldTable;
  legal_hold_lifting: LegalHoldLiftingTable;
  retention_review: RetentionReviewTable;
  destruction_proposal: DestructionProposalTable;
  destruction_refusal: DestructionRefusalTable;
  destruction_certificate: DestructionCertificateTable;
}

export interface LegalHoldTable {
  legal_hold_id: Filled<string>;
  kind: Fixed<'person' | 'case' | 'agency' | 'feed'>;
  target: Fixed<string>;
  person_keys: Fixed<string[]>;
  reason: Fixed<string>;
  authority: Fixed<string>;
  placed_by: Filled<string>;
  placed_at: Filled<Date>;
}

export interface LegalHoldLiftingTable {
  legal_hold_id: Fixed<string>;
  reason: Fixed<string>;
  authority: Fixed<string>;
  lifted_by: Filled<string>;
  lifted_at: Filled<Date>;
}

export interface RetentionReviewTable {
  retention_review_id: Filled<string>;
  /** One of the three: a case, the load of a file, or a record of a kind. */
  case_id: Given<string>;
  load_id: Given<string>;
  record_kind: Given<RecordKind>;
  record_id: Given<string>;
  keep_until: Fixed<string>;
  schedule: Fixed<string>;
  due_on: Fixed<string>;
  reason: Fixed<string>;
  reviewed_by: Filled<string>;
  reviewed_at: Filled<Date>;
}

export interface DestructionProposalTable {
  destruction_proposal_id: Filled<string>;
  /** One of the three: a case, a record of a kind, or the load of a file, with what is known of it. */
  case_id: Given<string>;
  record_kind: Given<RecordKind>;
  record_id: Given<string>;
  load_id: Given<string>;
  feed: Given<string>;
  loads: Given<string[]>;
  load_rows: Given<number>;
  first_on: Given<string>;
  last_on: Given<string>;
  /** Of a case or a record, and so its SHA-256: set by the database. */
  holder: ColumnType<string, string | undefined, never>;
  schedule: Fixed<string>;
  schedule_words: Fixed<string>;
  due_on: Fixed<string>;
  reason: Fixed<string>;
  sha256: ColumnType<string, string | undefined, never>;
  proposed_by: Filled<string>;
  proposed_at: Filled<Date>;
}

export interface DestructionRefusalTable {
  destruction_proposal_id: Fixed<string>;
  reason: Fixed<string>;
  refused_by: Filled<string>;
  refused_at: Filled<Date>;
}

/** Decisions to share, requests for access with their answers, and corrections. */
export const recordKinds = ['share-record', 'subject-access', 'correction'] as const;
export type RecordKind = (typeof recordKinds)[number];
/** What records consist of: of a decision to share, a request and a correction. */
export type RecordRowKind = 'decision' | 'follow-up' | 'review' | 'request' | 'step' | 'word' | 'choice' | 'exemption' | 'release' | 'report' | 'outcome' | 'notice' | 'acknowledgement';

/** How many rows of one kind, section and agency; "row": of a loaded file. */
export interface DestroyedCount {
  kind: 'case' | 'member' | 'entry' | 'attachment' | 'row' | RecordRowKind;
  section: string | null;
  agency: string;
  rows: number;
}

export interface DestructionCertificateTable {
  certificate_number: Filled<number>;
  destruction_proposal_id: Filled<string>;
  case_id: Filled<string | null>;
  load_id: Filled<string | null>;
  record_kind: Filled<RecordKind | null>;
  record_id: Filled<string | null>;
  feed: Filled<string | null>;
  loads: Filled<string[] | null>;
  holder: Filled<string>;
  schedule: Filled<string>;
  schedule_words: Filled<string>;
  due_on: Filled<string>;
  reason: Filled<string>;
  counts: Filled<DestroyedCount[]>;
  first_on: Filled<string>;
  last_on: Filled<string>;
  sha256: Filled<string>;
  copies: Filled<string[]>;
  proposed_by: Filled<string>;
  proposed_at: Filled<Date>;
  confirmed_by: Filled<string>;
  confirmed_at: Filled<Date>;
}
