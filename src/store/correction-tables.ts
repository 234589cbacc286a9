// The tables of corrections as Kysely sees them. The database gives them to information governance leads alone, and fills in who did what and when; what
// others may have of them comes by functions; see migrations/0017-corrections.sql.

import type { ColumnType } from 'kysely';

/** Set by the database. */
type Filled<T> = ColumnType<T, never, never>;
type Fixed<T> = ColumnType<T, T, never>;

export interface CorrectionTables {
  correction: CorrectionTable;
  correction_decision: CorrectionDecisionTable;
  correction_notice: CorrectionNoticeTable;
  correction_acknowledgement: CorrectionAcknowledgementTable;
}

export interface CorrectionTable {
  correction_id: Fixed<string>;
  person_key: Fixed<string>;
  holder: Fixed<string>;
  feed: Fixed<string>;
  row_key: Fixed<string>;
  column_name: Fixed<string>;
  load: Fixed<string>;
  line: Fixed<number>;
  file: Fixed<string>;
  wrong_value: Fixed<string>;
  right_value: Fixed<string | null>;
  evidence: Fixed<string>;
  asked_by: Fixed<'person' | 'practitioner' | 'agency'>;
  fact_since: Fixed<Date>;
  reported_by: Filled<string>;
  reported_agency: Filled<string>;
  reported_at: Filled<Date>;
}

export interface CorrectionDecisionTable {
  correction_id: Fixed<string>;
  outcome: Fixed<'accepted' | 'refused'>;
  reason: Fixed<string>;
  decided_by: Filled<string>;
  decided_at: Filled<Date>;
}

export interface CorrectionNoticeTable {
  correction_notice_id: Filled<string>;
  correction_id: Filled<string>;
  person_key: Filled<string>;
  user_id: Filled<string>;
  via: Filled<string[]>;
  last_at: Filled<Date>;
  made_at: Filled<Date>;
}

export interface CorrectionAcknowledgementTable {
  correction_notice_id: Fixed<string>;
  acknowledged_by: Filled<string>;
  acknowledged_at: Filled<Date>;
}
