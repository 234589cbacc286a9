// The tables of people's right of access as Kysely sees them. The database gives them to information governance leads alone, and fills in who did what
// and when; see migrations/0014-subject-access.sql.

import type { ColumnType } from 'kysely';

/** Set by the database. */
type Filled<T> = ColumnType<T, never, never>;
type Fixed<T> = ColumnType<T, T, never>;

export interface SubjectAccessTables {
  subject_access: SubjectAccessTable;
  subject_access_step: SubjectAccessStepTable;
  subject_access_word: SubjectAccessWordTable;
  subject_access_choice: SubjectAccessChoiceTable;
  subject_access_exemption: SubjectAccessExemptionTable;
  subject_access_release: SubjectAccessReleaseTable;
}

export interface SubjectAccessTable {
  subject_access_id: Filled<string>;
  person_key: Fixed<string>;
  asked_on: Fixed<string>;
  asked_by: Fixed<'person' | 'representative'>;
  authority: Fixed<string | null>;
  opened_by: Filled<string>;
  opened_at: Filled<Date>;
}

export interface SubjectAccessStepTable {
  subject_access_step_id: Filled<string>;
  subject_access_id: Fixed<string>;
  kind: Fixed<'identity' | 'extension' | 'closing'>;
  code: Fixed<string>;
  on_day: Fixed<string>;
  words: Fixed<string>;
  done_by: Filled<string>;
  done_at: Filled<Date>;
}

export interface SubjectAccessWordTable {
  subject_access_word_id: Filled<number>;
  subject_access_id: Fixed<string>;
  word: Fixed<string>;
  added_by: Filled<string>;
  added_at: Filled<Date>;
}

export interface SubjectAccessChoiceTable {
  subject_access_choice_id: Filled<number>;
  subject_access_id: Fixed<string>;
  place: Fixed<string>;
  choice: Fixed<'remove' | 'keep'>;
  reason: Fixed<string>;
  decided_by: Filled<string>;
  decided_at: Filled<Date>;
}

export interface SubjectAccessExemptionTable {
  subject_access_exemption_id: Filled<number>;
  subject_access_id: Fixed<string>;
  part: Fixed<string>;
  act: Fixed<'withhold' | 'give'>;
  ground: Fixed<string>;
  words: Fixed<string>;
  decided_by: Filled<string>;
  decided_at: Filled<Date>;
}

export interface SubjectAccessReleaseTable {
  subject_access_release_id: Filled<string>;
  subject_access_id: Fixed<string>;
  as_at: Fixed<Date>;
  audit_to: Fixed<number>;
  document_sha256: Fixed<string>;
  document_bytes: Fixed<number>;
  rows_sha256: Fixed<string>;
  rows_bytes: Fixed<number>;
  released_by: Filled<string>;
  released_at: Filled<Date>;
}
