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
  'clock.accept': 'Accepted the clock after it was put right',
  'audit.search': 'Searched the audit for a record',
  'audit.person': 'Searched the audit for a person',
  'audit.letter': 'Wrote the list of who saw a person',
  'audit.user': 'Looked at what a person did',
  'audit-signal.review': 'Looked into something unusual',
  'person.search': 'Searched for a person',
  'person.view': 'Opened a person’s record',
  'person.export': 'Took a person’s record as a file',
  'glass.break': 'Asked to see more of a record',
  'glass.review': 'Reviewed break-glass access',
  'seal.set': 'Sealed a record',
  'seal.add-keeper': 'Named a keeper of a sealed record',
  'seal.lift': 'Lifted a seal',
  'case.list': 'Opened a list of cases',
  'case.view': 'Opened a case',
  'case.begin': 'Began a case',
  'case.write': 'Wrote an entry in a case',
  'case.attach': 'Attached a file to an entry in a case',
  'case.open-attachment': 'Opened a file of a case',
  'case.lead': 'Changed the lead of a case',
  'case.add-member': 'Added somebody who works on a case',
  'case.end-member': 'Ended somebody’s work on a case',
  'case.close': 'Closed a case',
  'share.list': 'Opened the list of decisions to share',
  'share.view': 'Opened a decision to share',
  'share.record': 'Recorded a decision to share or not to',
  'share.outcome': 'Added what became of a decision to share',
  'share.correction': 'Corrected a decision to share',
  'share.review': 'Reviewed a decision to share',
  'retention.list': 'Opened the list of cases and files that are due',
  'retention.view': 'Opened a case, file, proposal, hold or certificate of retention',
  'retention.keep': 'Kept a case or a file until a later day',
  'retention.propose': 'Proposed to destroy a case or a file',
  'retention.refuse': 'Ended a proposal to destroy a case or a file',
  'retention.destroy': 'Destroyed a case or a file under a certificate',
  'retention.holds': 'Opened the list of legal holds',
  'retention.hold': 'Placed a legal hold',
  'retention.lift': 'Lifted a legal hold',
  'retention.certificates': 'Opened the list of certificates of destruction',
  'subject-access.list': 'Opened the list of subject access requests',
  'subject-access.view': 'Opened a subject access request',
  'subject-access.open': 'Wrote down a subject access request',
  'subject-access.identity': 'Wrote down who asks',
  'subject-access.extension': 'Extended the time to answer',
  'subject-access.closing': 'Closed a subject access request',
  'subject-access.read': 'Read what is held about a person, to answer them',
  'subject-access.open-file': 'Opened a file of a case, to answer a person',
  'subject-access.decide': 'Decided what tells of others',
  'subject-access.withhold': 'Left a part out of an answer',
  'subject-access.give': 'Put a part back into an answer',
  'subject-access.release': 'Released an answer to a person',
  'subject-access.export': 'Took an answer to a person as a file',
  'correction.list': 'Opened the list of corrections',
  'correction.view': 'Opened a correction',
  'correction.open': 'Looked for a fact to report as wrong',
  'correction.report': 'Reported a fact as wrong',
  'correction.accept': 'Accepted a correction',
  'correction.refuse': 'Refused a correction',
  'correction.notice': 'Read that a record was corrected',
  'correction.acknowledge': 'Said that they know of a correction',
  'extract.make': 'Made an extract for one purpose',
  'pseudonym.reidentify': 'Asked to re-identify a person',
  'link-queue.view': 'Opened the queue of doubtful pairs',
  'link-pair.view': 'Opened a pair of records',
  'link-pair.decide': 'Decided a pair of records',
  'link-person.view': 'Opened the records of a person',
  'person-events.view': 'Opened the list of merges and splits',
  'person-event.view': 'Opened a merge or split',
  'person-event.undo': 'Undid a merge or split',
  'person-event.withdraw': 'Took the undo of a merge or split back',
  'person-key.where': 'Asked which person a key means now',
  'key.rotate': 'Changed the key that encrypts the home',
  'backup.begin': 'Began a backup',
  'home.restore': 'Made this home out of a backup',
  'home.link-tables': 'Linked the home’s own tables of people',
  'feed.ingest': 'Loaded files',
  'quarantine.count': 'Counted the rows in quarantine',
  'quarantine.view': 'Looked at what was written in rows in quarantine',
  'quarantine.export': 'Took rows in quarantine as a file',
  'quarantine.retry': 'Tried rows in quarantine again',
  'lineage.view': 'Asked where a record came from',
  'snapshot.build': 'Built a snapshot',
  'question.ask': 'Asked a question from the command line',
  'audit.take-in': 'Took in what had waited: the rows after this bear their own times',
};

export const actionsInWords: readonly string[] = Object.keys(words);

/** An action that has no words yet stands as its code. */
export const auditWords = (action: string): string => words[action] ?? action;

const reasonWords: Partial<Record<string, string>> & Record<Refusal, string> = {
  'open-data': 'Published data',
  'broken-glass': 'Break-glass access',
  'not-found': 'Nobody is known by this key',
  'not-your-role': 'Not for this role',
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
  'not-given': 'Not given, whether there is somebody or not',
  held: 'A legal hold is on it',
  open: 'The case is open',
  kept: 'Kept until a later day',
  changed: 'Changed since it was proposed',
  'same-person': 'Proposed by the same person',
  'not-due': 'Not due yet',
  'not-there': 'Not there, or decided meanwhile',
};

export interface WhyPart {
  text: string;
  /** The agreement of a clause. */
  href?: string;
}

const clausePattern = /^([^/ ]+)\/(\d+)\/(\d+)$/;

/** The clauses among what allowed something. */
export function clausesOf(basis: string | undefined): { agreementId: string; version: number; clause: number }[] {
  return (basis ?? '').split(' ').flatMap((each) => {
    const [, agreementId, version, clause] = clausePattern.exec(each) ?? [];
    return agreementId === undefined ? [] : [{ agreementId, version: Number(version), clause: Number(clause) }];
  });
}

/**
 * What allowed or refused it, a clause with a link to its agreement.
 *
 * @param title of a version of an agreement, where it is known
 */
export function whyWords(basis: string | undefined, title: (agreementId: string, version: number) => string | undefined = () => undefined): WhyPart[] {
  return (basis ?? '').split(' ').filter((each) => each !== '').map((each) => {
    const [clause] = clausesOf(each);
    if (!clause) return { text: reasonWords[each] ?? each };
    const named = title(clause.agreementId, clause.version);
    return { text: named ? `${named}, clause ${clause.clause}` : `Clause ${clause.clause} of version ${clause.version}`, href: `/govern/agreements/${encodeURIComponent(clause.agreementId)}` };
  });
}

export const outcomeWords = (outcome: AuditEvent['outcome']): string => ({ done: 'Done', refused: 'Refused', failed: 'Failed' })[outcome];

const mostIds = 10;

export function subjectWords(kind: string | undefined, ids: readonly string[]): string[] {
  if (kind === 'page') return ids.map((page) => (pageTitles as Record<string, string>)[page] ?? page);
  return ids.length > mostIds ? [...ids.slice(0, mostIds), `and ${ids.length - mostIds} more`] : [...ids];
}

/** The audit, of one user alone where a row of theirs is given: an id can be a name, and stands in no address. */
export function auditAddress({ by, before }: { by?: number | undefined; before?: number }): string {
  const query = [...(by === undefined ? [] : [`by=${by}`]), ...(before === undefined ? [] : [`before=${before}`])].join('&');
  return query === '' ? '/govern/audit' : `/govern/audit?${query}`;
}

/** What a user did: named by a row of theirs, since an id can be a name. */
export function userAddress({ row, from, to, before }: { row: number; from?: string | undefined; to?: string | undefined; before?: number }): string {
  return `/govern/audit/user?${[`row=${row}`, ...(from ? [`from=${from}`] : []), ...(to ? [`to=${to}`] : []), ...(before === undefined ? [] : [`before=${before}`])].join('&')}`;
}
