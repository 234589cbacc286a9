// What waits for this person, by name: agreements to sign, to have signed or to review, and what needs an information governance lead who had no part in it.
// Numbers alone: whom it is about stands on the pages that it leads to.

import type { Clock } from '../../core/index.ts';
import { agreementStatus, type AgreementRegister, type Reader, type RetentionDesk, type ShareRecords, type SubjectAccess } from '../../govern/index.ts';
import { joinWords } from '../agreements/agreement-vocabulary.ts';
import { presentDate } from '../frame/date-words.ts';
import { maySee } from '../permission.ts';

export type RetentionWork = Pick<RetentionDesk, 'listProposals' | 'queue'> & { loads: Pick<RetentionDesk['loads'], 'listProposals' | 'queue'>; records: Pick<RetentionDesk['records'], 'listProposals' | 'queue'> };

export interface WaitingSources {
  register?: AgreementRegister | undefined;
  retention?: RetentionWork | undefined;
  subjectAccess?: Pick<SubjectAccess, 'list'> | undefined;
  shareRecords?: Pick<ShareRecords, 'list'> | undefined;
}

export interface WaitingWork {
  page: string;
  href: string;
  says: string;
}

/** More are said as "at least" so many. */
const mostCounted = 99;
const those = (count: number, one: string, many: string): string => (count === 1 ? `1 ${one}` : `${count} ${many}`);

/**
 * In the order in which they stand on the start page; none where nothing waits.
 *
 * @param noteFailure what one source throws keeps neither the others nor the page from being shown
 */
export async function listWaitingWork(clock: Clock, who: Reader, sources: WaitingSources, noteFailure: (error: unknown) => void): Promise<WaitingWork[]> {
  const { register, retention, subjectAccess, shareRecords } = sources;
  const asked = [
    ...(register ? [() => findAgreements(clock, who, register)] : []),
    ...(retention && maySee(who.role, 'retention') ? [() => findProposals(who, 'case', retention.listProposals(who)), () => findProposals(who, 'file', retention.loads.listProposals(who)), () => findProposals(who, 'record', retention.records.listProposals(who)), () => findDue(who, retention)] : []),
    ...(subjectAccess && maySee(who.role, 'subject-access') ? [() => findRequests(who, subjectAccess)] : []),
    ...(shareRecords && who.role === 'governance-lead' ? [() => findDecisions(who, shareRecords)] : []),
  ];
  const found: WaitingWork[] = [];
  for (const ask of asked) {
    try {
      found.push(...(await ask()));
    } catch (error) {
      noteFailure(error);
    }
  }
  return found;
}

async function findAgreements(clock: Clock, { agency, role }: Reader, register: AgreementRegister): Promise<WaitingWork[]> {
  const [signs, writes] = [role === 'signatory', role === 'governance-lead'];
  if (!signs && !writes) return [];
  const standing = (await register.list()).map((agreement) => ({ agreement, status: agreementStatus(agreement, clock.now()) })).filter(({ status }) => status.state !== 'lapsed');
  const listed = (says: string, count: number, href = '/govern/agreements'): WaitingWork[] => (count === 0 ? [] : [{ page: 'Agreements', href, says }]);
  if (signs) {
    const mine = standing.filter(({ status }) => status.missing.includes(agency));
    return listed(`${those(mine.length, 'waits', 'wait')} for your signature`, mine.length, mine.length === 1 ? `/govern/agreements/${mine[0]!.agreement.agreementId}/sign` : undefined);
  }
  const own = standing.filter(({ status }) => status.content.parties.some((party) => party.agency === agency));
  const [unsigned, due] = [own.filter(({ status }) => status.missing.length > 0).length, own.filter(({ status }) => status.reviewDue).length];
  return [...listed(`${those(unsigned, 'is', 'are')} not signed by all parties`, unsigned), ...listed(`${those(due, 'is', 'are')} due for review`, due)];
}

async function findProposals(who: Reader, what: 'case' | 'file' | 'record', proposals: readonly { proposedBy: string }[] | Promise<readonly { proposedBy: string }[]>): Promise<WaitingWork[]> {
  const waiting = (await proposals).filter(({ proposedBy }) => proposedBy !== who.userId).length;
  return waiting === 0 ? [] : [{ page: 'Retention', href: '/govern/retention', says: `${those(waiting, `proposal to destroy a ${what} waits`, `proposals to destroy ${what}s wait`)} for a second person` }];
}

/** What somebody is to decide: not what a hold keeps, what is proposed already, or a case that is still open. */
async function findDue(who: Reader, { queue, loads, records }: RetentionWork): Promise<WaitingWork[]> {
  const [ofCases, ofFiles, ofRecords] = [await queue(who), await loads.queue(who), await records.queue(who)];
  const cases = ofCases.due.filter(({ held, proposalId, status, due }) => !held && proposalId === null && (status === 'closed' || due.what === 'review')).length;
  const files = ofFiles.due.filter(({ held, proposed }) => !held && !proposed).length;
  const ofKinds = ofRecords.due.filter(({ held, proposalId }) => !held && proposalId === null).length;
  const parts = [...(cases > 0 ? [those(cases, 'case', 'cases')] : []), ...(files > 0 ? [those(files, 'file', 'files')] : []), ...(ofKinds > 0 ? [those(ofKinds, 'record', 'records')] : [])];
  return parts.length === 0 ? [] : [{ page: 'Retention', href: '/govern/retention', says: `${joinWords(parts)} ${cases + files + ofKinds === 1 ? 'is' : 'are'} due: keep or destroy` }];
}

async function findRequests(who: Reader, subjectAccess: Pick<SubjectAccess, 'list'>): Promise<WaitingWork[]> {
  const open = (await subjectAccess.list(who)).filter(({ state }) => state === 'open' || state === 'identity');
  const [soonest] = open.flatMap(({ dueOn }) => dueOn ?? []).toSorted();
  return open.length === 0 ? [] : [{ page: 'Subject access', href: '/govern/subject-access', says: `${those(open.length, 'request is', 'requests are')} not answered${soonest === undefined ? '' : `, the first due by ${presentDate(soonest)}`}` }];
}

async function findDecisions(who: Reader, shareRecords: Pick<ShareRecords, 'list'>): Promise<WaitingWork[]> {
  const found = (await shareRecords.list({ who, purpose: null }, { limit: mostCounted + 1, waiting: true })).length;
  const says = found > mostCounted ? `more than ${mostCounted} wait for your review` : `${those(found, 'waits', 'wait')} for your review`;
  return found === 0 ? [] : [{ page: 'Decisions to share', href: '/govern/share-records?show=waiting', says }];
}
