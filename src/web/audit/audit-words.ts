// The audit's codes in words, and the addresses of its page.

import type { Refusal } from '../../govern/index.ts';
import type { AuditEvent } from '../../store/index.ts';
import { pageTitles } from '../permission.ts';

const words: Record<string, string> = {
  'session.start': 'Signed in',
  'session.end': 'Signed out',
  'page.open': 'Opened a page',
  'page.export': 'Took a file or an answer of the API',
  'page.change': 'Sent a form',
  'purpose.state': 'Stated a purpose',
  'purpose.take-back': 'Took a purpose back',
  'agreement.open': 'Asked for an agreement',
  'agreement.draft': 'Wrote an agreement',
  'agreement.redraft': 'Wrote a new version of an agreement',
  'agreement.sign': 'Signed an agreement',
  'agreement.withdraw': 'Withdrew from an agreement',
  'agreement.end': 'Ended an agreement',
  'audit.search': 'Searched the audit for a record',
  'person.search': 'Searched for a person',
  'person.view': 'Opened a person’s record',
  'person.export': 'Took a person’s record as a file',
  'glass.break': 'Asked to see more of a record',
  'glass.review': 'Reviewed a broken glass',
  'seal.set': 'Sealed a record',
  'seal.add-keeper': 'Named a keeper of a sealed record',
  'seal.lift': 'Lifted a seal',
  'link-queue.view': 'Opened the queue of doubtful pairs',
  'link-pair.view': 'Opened a pair of records',
  'link-pair.decide': 'Decided a pair of records',
  'link-person.view': 'Opened the records of a person',
  'person-events.view': 'Opened the list of merges and splits',
  'person-event.view': 'Opened a merge or split',
  'person-event.undo': 'Undid a merge or split',
  'person-event.withdraw': 'Took the undo of a merge or split back',
  'key.rotate': 'Changed the key that encrypts the home',
  'backup.begin': 'Began a backup',
};

/** An action that has no words yet stands as its code. */
export const auditWords = (action: string): string => words[action] ?? action;

const reasonWords: Partial<Record<Refusal, string>> = {
  'score-of-a-person': 'A score of a person',
  sealed: 'Sealed record',
  'no-purpose': 'No purpose stated',
  'no-agreement': 'No agreement',
  'not-recipient': 'Not given to this agency and role',
  'not-for-purpose': 'Not given for the purpose',
  'not-this-item': 'Left out of the agreement',
  'not-in-this-form': 'Not given in this form',
  'relation-needed': 'Only for those who work with the person',
  'not-yet': 'The agreement has not begun',
  lapsed: 'The agreement has lapsed',
  'power-not-in-force': 'The legal power is no longer in force',
};

export interface WhyPart {
  text: string;
  /** The agreement of a clause. */
  href?: string;
}

/** What allowed or refused it, a clause with a link to its agreement. */
export function whyWords(basis: string | undefined): WhyPart[] {
  if (basis === undefined) return [];
  if (basis === 'open-data') return [{ text: 'Published data' }];
  if (basis === 'broken-glass') return [{ text: 'Broke the glass' }];
  const clauses = basis.split(' ').map((part) => /^([\w.-]+)\/(\d+)\/(\d+)$/.exec(part));
  if (!clauses.every((clause) => clause !== null)) return [{ text: reasonWords[basis as Refusal] ?? basis }];
  return clauses.map(([, agreementId, version, clause]) => ({ text: `Clause ${clause} of version ${version}`, href: `/govern/agreements/${encodeURIComponent(agreementId!)}` }));
}

export const outcomeWords = (outcome: AuditEvent['outcome']): string => ({ done: 'Done', refused: 'Refused', failed: 'Failed' })[outcome];

const mostIds = 10;

export function subjectWords(kind: string | undefined, ids: readonly string[]): string[] {
  if (kind === 'page') return ids.map((page) => (pageTitles as Record<string, string>)[page] ?? page);
  return ids.length > mostIds ? [...ids.slice(0, mostIds), `and ${ids.length - mostIds} more`] : [...ids];
}

export function auditAddress({ by, before }: { by?: string; before?: number }): string {
  const query = [...(by ? [`by=${encodeURIComponent(by)}`] : []), ...(before === undefined ? [] : [`before=${before}`])].join('&');
  return query === '' ? '/govern/audit' : `/govern/audit?${query}`;
}
