// What the pages that study the audit are given: who saw a person, what somebody did, what looks unusual. Behind it stand the store, the snapshot and
// the pack of signals.

import type { Clock } from '../../core/index.ts';
import { isRealDay, type AgreementRegister, type AuditSignalRules, type SignalReviews } from '../../govern/index.ts';
import type { PersonIdsReader } from '../../linkage/index.ts';
import type { storeAuditStudy } from '../../store/index.ts';
import type { PageDeps } from '../page.ts';

export interface AuditStudy extends ReturnType<typeof storeAuditStudy> {
  /** Under which ids a person is known; see openPersonIds. */
  people: Pick<PersonIdsReader, 'find'>;
  reviews: SignalReviews;
  rules: AuditSignalRules;
}

export interface AuditStudyDeps extends PageDeps {
  study: AuditStudy;
  /** Names the agreements behind what was allowed; by their ids where absent. */
  register?: AgreementRegister | undefined;
  clock: Clock;
  partnership: string;
  contact?: { name: string; email?: string } | undefined;
}

const longestId = 200;

/** The trimmed text of a field or an address; undefined where it is none: sent twice, longer than an id is, or with characters that nobody can type. */
export function idText(value: unknown): string | undefined {
  if (value === undefined) return '';
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text.length <= longestId && !/\p{Cc}/u.test(text) ? text : undefined;
}

/** The number of a row of the audit; undefined where the text is none. */
export const rowNumber = (value: unknown): number | undefined => (typeof value === 'string' && /^[1-9]\d{0,14}$/.test(value) ? Number(value) : undefined);

/** A day such as 2026-11-28; undefined where there is no such day. */
export const dayText = (value: unknown): string | undefined => (typeof value === 'string' && isRealDay(value) ? value : undefined);
