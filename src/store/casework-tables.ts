// The casework store's tables as Kysely sees them. On both engines TIMESTAMPTZ is read as Date, BIGINT as a number,
// DATE as ISO text and JSONB as its value; JSONB is written as text made by JSON.stringify.

import type { ColumnType, Generated } from 'kysely';
import type { GovernedTables } from './governed-tables.ts';
import type { RetentionTables } from './retention-tables.ts';

export interface CaseworkTables extends GovernedTables, RetentionTables {
  session: SessionTable;
  audit_event: AuditEventTable;
  audit_signal_review: AuditSignalReviewTable;
  reidentification: ReidentificationTable;
  link_decision: LinkDecisionTable;
  person_undo: PersonUndoTable;
  agreement_draft: AgreementDraftTable;
  agreement_event: AgreementEventTable;
  access_grant: AccessGrantTable;
  access_grant_state: AccessGrantStateTable;
  migration: MigrationTable;
}

export interface SessionTable {
  /** SHA-256 of the cookie's secret, in hexadecimal. */
  key: string;
  data: ColumnType<unknown, string, string>;
  started_at: Date;
  idle_until: Date;
  expires_at: Date;
}

export interface AuditEventTable {
  audit_event_id: Generated<number>;
  occurred_at: Date;
  actor_id: string;
  action: string;
  outcome: 'done' | 'refused' | 'failed';
  subject_kind: string | null;
  subject_ids: string[];
  /** What the reader had said that it was for; absent where nothing was stated. */
  purpose: string | null;
  /** What allowed or refused it; see AuditEvent. */
  basis: string | null;
  /** Codes of the agency and the role that the actor had then; absent in rows from before they were kept. */
  actor_agency: string | null;
  actor_role: string | null;
  /** Codes with a space between; see AuditFlag. */
  flags: string | null;
  /** Place and hash in the audit's chain, set by the database. */
  place: ColumnType<number, never, never>;
  hash: ColumnType<Uint8Array, never, never>;
}

export interface AuditSignalReviewTable {
  audit_signal_review_id: Generated<number>;
  rule: string;
  actor_id: string;
  day: string;
  outcome: 'expected' | 'follow-up';
  note: string;
  reviewed_by: string;
  reviewed_at: Date;
}

export interface ReidentificationTable {
  reidentification_id: Generated<string>;
  user_id: string;
  agency: string;
  role: string;
  purpose: string;
  agreement_id: string;
  ground: string;
  asked: number;
  person_keys: string[];
  done_at: Date;
}

export interface LinkDecisionTable {
  link_decision_id: Generated<number>;
  left_source_id: string;
  right_source_id: string;
  review_round: number;
  seat: number;
  decision: 'same' | 'different' | 'unsure';
  reason: string | null;
  decided_by: string;
  decided_at: Date;
  /** The undo that made the decision, where one did. */
  person_undo_id: ColumnType<number | null, number | null | undefined, never>;
}

export interface PersonUndoTable {
  person_undo_id: Generated<number>;
  act: 'undo' | 'withdraw';
  event_id: number;
  build: string;
  kind: 'merge' | 'split' | 'moved';
  old_key: string;
  new_key: string;
  withdraws: number | null;
  reason: string;
  decided_by: string;
  decided_at: Date;
}

export interface AgreementDraftTable {
  agreement_draft_id: string;
  user_id: string;
  agreement_id: string | null;
  base_version: number | null;
  content: ColumnType<unknown, string, string>;
  revision: number;
  changed_at: Date;
}

export interface AgreementEventTable {
  agreement_event_id: Generated<number>;
  agreement_id: string;
  kind: 'drafted' | 'signed' | 'withdrawn' | 'ended';
  version: number | null;
  agency: string | null;
  content: ColumnType<unknown, string | null, never>;
  reason: string | null;
  done_by: string;
  done_at: Date;
}

export interface AccessGrantTable {
  access_grant_id: Generated<number>;
  agreement_id: string;
  version: number;
  clause: number;
  agency: string;
  role: string;
  purpose: string;
  holder: string;
  item: string;
  form: string;
  relation: string;
  valid_from: Date;
  valid_to: Date | null;
  ended_by: string;
}

export interface AccessGrantStateTable {
  only_row: Generated<boolean>;
  /** The last event from which the grants were made. */
  made_from: number;
  packs: string;
}

export interface MigrationTable {
  name: string;
  checksum: string;
  applied_at: Date;
}
