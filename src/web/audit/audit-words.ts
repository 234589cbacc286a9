// The audit's codes in words, and the addresses of its page.

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
  'link-queue.view': 'Opened the queue of doubtful pairs',
  'link-pair.view': 'Opened a pair of records',
  'link-pair.decide': 'Decided a pair of records',
  'link-person.view': 'Opened the records of a person',
  'person-events.view': 'Opened the list of merges and splits',
  'person-event.view': 'Opened a merge or split',
  'person-event.undo': 'Undid a merge or split',
  'person-event.withdraw': 'Took the undo of a merge or split back',
};

/** An action that has no words yet stands as its code. */
export const auditWords = (action: string): string => words[action] ?? action;

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
