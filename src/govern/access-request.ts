// The words of a decision about access: who asks for what about whom, and what is answered.

import type { Role } from '../core/index.ts';
import type { Form, Relation } from './agreement.ts';

/** "feed/column" of a feed or "case/section" of a case. */
export type ItemKey = string;

export interface Reader {
  userId: string;
  role: Role;
  /** Code of the reader's agency. */
  agency: string;
}

export interface AccessRequest {
  who: Reader;
  /** Of the reader to the subject; `none` for figures about many. */
  relation: Relation;
  /** As stated by the reader for the task; null where none is. */
  purpose: string | null;
  item: { key: ItemKey; form: Form; /** The agency that holds it. */ holder: string };
  /** Only for items about one person. */
  subject: { sealed: boolean; /** The reader is named as one of those who may open the seal. */ keeper: boolean; /** Until when the reader broke the glass for this person; null where not. */ brokenUntil: number | null } | null;
  /** Milliseconds since the epoch. */
  at: number;
}

/** The clause that allows. */
export interface ClauseRef {
  agreementId: string;
  version: number;
  /** From 1, in the agreement's order. */
  clause: number;
}

export const refusals = [
  'score-of-a-person',
  'sealed',
  'no-purpose',
  'no-agreement',
  'not-recipient',
  'not-for-purpose',
  'not-this-item',
  'not-in-this-form',
  'relation-needed',
  'not-yet',
  'lapsed',
  'power-not-in-force',
] as const;
export type Refusal = (typeof refusals)[number];

export type Decision =
  | { allowed: true; by: 'clause'; clause: ClauseRef }
  | { allowed: true; by: 'open-data' }
  | { allowed: true; by: 'broken-glass'; until: number }
  | { allowed: false; reason: Refusal; /** The clause that comes nearest, where one does. */ clause?: ClauseRef };

/** One line of what live and lapsed agreements give: flat, so that the database can hold the same. */
export interface Grant extends ClauseRef {
  agency: string;
  role: Role;
  purpose: string;
  holder: string;
  item: ItemKey;
  form: Form;
  relation: Relation;
  /** Milliseconds since the epoch: from the later of agreement and power, and before the earlier end. Null: no end, or never signed. */
  from: number;
  to: number;
  /** What ends it. */
  endedBy: 'agreement' | 'power';
}
