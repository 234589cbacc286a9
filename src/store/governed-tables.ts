// The governed tables as Kysely sees them: cases, seals, broken glass and decisions to share. Row by row, the database gives only what the reader of the
// transaction may have, and fills in author, agency and time by itself; see migrations/0007-govern-cases.sql
// and 0012-share-records.sql.

import type { ColumnType } from 'kysely';
import type { CorrectionTables } from './correction-tables.ts';
import type { SubjectAccessTables } from './subject-access-tables.ts';

/** Set by the database. */
type Filled<T> = ColumnType<T, never, never>;
type Fixed<T> = ColumnType<T, T, never>;

export interface GovernedTables extends CorrectionTables, SubjectAccessTables {
  case_file: CaseFileTable;
  case_member: CaseMemberTable;
  case_entry: CaseEntryTable;
  case_attachment: CaseAttachmentTable;
  sealed_subject: SealedSubjectTable;
  sealed_keeper: SealedKeeperTable;
  seal_lifting: SealLiftingTable;
  broken_glass: BrokenGlassTable;
  broken_glass_review: BrokenGlassReviewTable;
  share_record: ShareRecordTable;
  share_follow_up: ShareFollowUpTable;
  share_review: ShareReviewTable;
}

export interface CaseFileTable {
  case_id: Filled<string>;
  person_key: Fixed<string>;
  holder: Filled<string>;
  status: ColumnType<'open' | 'closed', never, 'open' | 'closed'>;
  lead_user: ColumnType<string | null, never, string | null>;
  lead_agency: ColumnType<string | null, never, string | null>;
  opened_at: Filled<Date>;
  /** When it was closed; null where it is open, or that is not known. */
  closed_at: Filled<Date | null>;
}

export interface CaseMemberTable {
  case_member_id: Filled<string>;
  case_id: Fixed<string>;
  person_key: Filled<string>;
  holder: Filled<string>;
  user_id: Fixed<string>;
  agency: Fixed<string>;
  since: Filled<Date>;
  until: ColumnType<Date | null, never, Date>;
}

export interface CaseEntryTable {
  entry_id: Filled<string>;
  case_id: Fixed<string>;
  person_key: Filled<string>;
  section: Fixed<string>;
  holder: Filled<string>;
  author: Filled<string>;
  text: Fixed<string>;
  created_at: Filled<Date>;
  /** How the text begins, in lower case. */
  search_text: Filled<string>;
}

export interface CaseAttachmentTable {
  attachment_id: Filled<string>;
  entry_id: Fixed<string>;
  case_id: Filled<string>;
  person_key: Filled<string>;
  section: Filled<string>;
  holder: Filled<string>;
  file_name: Fixed<string>;
  media_type: Fixed<string>;
  bytes: Fixed<number>;
  sha256: Fixed<string>;
  added_by: Filled<string>;
  added_at: Filled<Date>;
}

export interface SealedSubjectTable {
  sealed_subject_id: Filled<string>;
  person_key: Fixed<string>;
  ground: Fixed<'domestic-abuse' | 'protected-person' | 'staff-family' | 'other'>;
  whom_to_ring: Fixed<string>;
  sealed_by: Filled<string>;
  sealed_at: Filled<Date>;
}

export interface SealedKeeperTable {
  sealed_subject_id: Fixed<string>;
  user_id: Fixed<string>;
  added_by: Filled<string>;
  added_at: Filled<Date>;
}

export interface SealLiftingTable {
  sealed_subject_id: Fixed<string>;
  reason: Fixed<string>;
  lifted_by: Filled<string>;
  lifted_at: Filled<Date>;
}

export interface BrokenGlassTable {
  broken_glass_id: Filled<string>;
  user_id: Filled<string>;
  agency: Filled<string>;
  role: Filled<string>;
  purpose: Filled<string>;
  person_key: Fixed<string>;
  reason: Fixed<string>;
  broken_at: Filled<Date>;
  broken_until: Filled<Date>;
}

export interface BrokenGlassReviewTable {
  broken_glass_id: Fixed<string>;
  outcome: Fixed<'justified' | 'not-justified' | 'to-be-followed-up'>;
  note: Fixed<string>;
  reviewed_by: Filled<string>;
  reviewed_at: Filled<Date>;
}

export interface ShareRecordTable {
  share_record_id: Filled<string>;
  decision: Fixed<'share' | 'withhold'>;
  person_key: Fixed<string>;
  items: Fixed<string[]>;
  what: Fixed<string>;
  from_agency: Filled<string>;
  to_agency: Fixed<string | null>;
  to_other: Fixed<string | null>;
  purpose: Fixed<string>;
  ground: Fixed<string[]>;
  reasons: Fixed<string>;
  consent: Fixed<'given' | 'refused' | 'not-sought'>;
  consent_why: Fixed<string | null>;
  /** Whoever records it, where nobody is named. */
  decided_by: ColumnType<string, string | undefined, never>;
  decided_on: Fixed<string>;
  recorded_by: Filled<string>;
  recorded_at: Filled<Date>;
}

export interface ShareFollowUpTable {
  share_follow_up_id: Filled<string>;
  share_record_id: Fixed<string>;
  kind: Fixed<'outcome' | 'correction'>;
  text: Fixed<string>;
  recorded_by: Filled<string>;
  recorded_at: Filled<Date>;
}

export interface ShareReviewTable {
  share_review_id: Filled<string>;
  share_record_id: Fixed<string>;
  outcome: Fixed<'sound' | 'not-sound' | 'follow-up'>;
  note: Fixed<string>;
  reviewed_by: Filled<string>;
  reviewed_at: Filled<Date>;
}
