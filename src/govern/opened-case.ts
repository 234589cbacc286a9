// A case as one reader has it open, and what became of an act in it.

import type { CaseAttachment, CaseEntry, CaseFile, CaseMember, CaseStanding } from './governed-case.store.ts';
import type { Allowed } from './person-record.ts';

/** Of a case, what this reader may have of it. */
export interface OpenedCase extends CaseStanding {
  caseId: string;
  personKey: string;
  /** Absent where they may not have that there is a case and who leads it. */
  file: CaseFile | undefined;
  members: CaseMember[];
  entries: CaseEntry[];
  attachments: CaseAttachment[];
  /** What allows a part of it: a section of an agency. */
  by(section: string, holder: string): Allowed | undefined;
  /** All that allows what is shown, for the audit. */
  basis: string;
}

export type CaseOutcome = { ok: true; caseId: string } | { ok: false };
