// What the pages of cases are given, who asks, the row of the audit that each leaves, and how a case and its sections are named.

import type { FastifyReply, FastifyRequest } from 'fastify';
import { isRowId, writeBasis, writeClauseRef, type AgreementPacks, type AgreementRegister, type Asking, type CaseDesk, type CaseFile, type OpenedCase, type People, type ShownFeed } from '../../govern/index.ts';
import type { AuditEvent } from '../../store/index.ts';
import { codeWords, createNaming, type AgreementVocabulary } from '../agreements/agreement-vocabulary.ts';
import { createDoneOf } from '../form/done-words.ts';
import type { PageDeps } from '../page.ts';
import { personAddress } from '../people/people-pages.ts';
import { nameOf, presentCellCorrection, presentValue } from '../people/person-view.ts';
import { notFound } from '../problem/http-problem.ts';

export interface CasePagesGiven extends PageDeps {
  cases: CaseDesk;
  people: Pick<People, 'namesOf'>;
  /** Names the agreements behind what is shown. */
  register: AgreementRegister;
  packs: AgreementPacks;
}

export interface CasePagesDeps extends CasePagesGiven {
  /** The packs in the words of the pages. */
  vocabulary: AgreementVocabulary;
}

export const casesHome = '/cases';
export const caseAddress = (caseId: string, more = ''): string => `${casesHome}/${caseId}${more}`;

export const askingOf = (deps: Pick<PageDeps, 'gate'>, request: FastifyRequest): Promise<Asking> => deps.gate.askingOf(request.session!);

/** In the audit before anything is shown. */
export function noteCase(deps: Pick<PageDeps, 'trail'>, { who, purpose }: Asking, event: Pick<AuditEvent, 'action' | 'outcome' | 'basis' | 'flags'> & { ids: string[] }): Promise<void> {
  const { action, outcome, ids, basis, flags } = event;
  return deps.trail.record({ actorId: who.userId, action, outcome, subjectKind: 'case', subjectIds: ids, ...(purpose === null ? {} : { purpose }), ...(basis ? { basis } : {}), ...(flags?.length ? { flags } : {}) });
}

export interface NamedPerson {
  /** Undefined where the reader is not given a name. */
  name: string | undefined;
  /** Every date of birth that is shown, each once: agencies may differ. */
  born: string[];
  /** What was found to be wrong in these, in words. */
  corrections: string[];
  /** Of their record; undefined where the reader sees none. */
  href: string | undefined;
  /** What allowed the name, for the audit. */
  basis: string;
  flags: NonNullable<AuditEvent['flags']>;
}

/** People of cases as their records name them to this reader, by the key of the case. */
export async function namePeople(deps: Pick<CasePagesDeps, 'people' | 'vocabulary'>, asking: Asking, personKeys: readonly string[]): Promise<Map<string, NamedPerson>> {
  const { agency } = createWords(deps.vocabulary);
  const records = await deps.people.namesOf(asking, [...new Set(personKeys)]);
  return new Map([...records].map(([key, { personKey, feeds, flags = [] }]) => [key, { name: nameOf(feeds), born: bornOf(feeds), corrections: correctionsOf(feeds, agency), href: personAddress(personKey), basis: basisOfNames(feeds), flags }]));
}

const naming = ['forename', 'surname', 'birth_date'];

const bornOf = (feeds: readonly ShownFeed[]): string[] =>
  [...new Set(feeds.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.filter(({ column }) => column.person === 'birth_date').map(({ column, value }) => presentValue(column, value)))))];

function correctionsOf(feeds: readonly ShownFeed[], agency: (code: string) => string): string[] {
  const said = feeds.flatMap(({ feed, rows }) => rows.flatMap(({ cells }) => cells.flatMap(({ column, value, correction }) => (correction && naming.includes(column.person ?? '') ? [`${agency(feed.holder)}, ${column.label.toLowerCase()} “${presentValue(column, value)}”: ${presentCellCorrection(column, correction)}`] : []))));
  return [...new Set(said)];
}

const basisOfNames = (feeds: readonly ShownFeed[]): string =>
  writeBasis(feeds.flatMap(({ rows }) => rows.flatMap(({ cells }) => cells.flatMap(({ column, by }) => (naming.includes(column.person ?? '') ? [by.by === 'clause' ? writeClauseRef(by.clause) : by.by] : [])))));

export const joinBasis = (...some: readonly string[]): string => writeBasis(some.flatMap((each) => each.split(' ').filter((part) => part !== '')));

export interface OpenedPage {
  asking: Asking;
  opened: OpenedCase;
  person: NamedPerson | undefined;
}

/** The case of an address, audited. Undefined where the answer has been sent: there is no such case, or none of it is the reader's. */
export async function openCase(request: FastifyRequest, reply: FastifyReply, deps: CasePagesDeps): Promise<OpenedPage | undefined> {
  const asking = await askingOf(deps, request);
  const { caseId } = request.params as { caseId: string };
  const opened = await deps.cases.find(asking, caseId);
  if (!opened) {
    await noteCase(deps, asking, { action: 'case.view', outcome: 'refused', ids: isRowId(caseId) ? [caseId] : [] });
    await deps.sendProblem(request, reply, notFound);
    return undefined;
  }
  const person = (await namePeople(deps, asking, [opened.personKey])).get(opened.personKey);
  await noteCase(deps, asking, { action: 'case.view', outcome: 'done', ids: [caseId, opened.personKey], basis: joinBasis(opened.basis, person?.basis ?? ''), flags: person?.flags });
  return { asking, opened, person };
}

/** Agencies and sections in the words of the packs. */
export function createWords(vocabulary: AgreementVocabulary) {
  return { agency: createNaming(vocabulary).agency, section: (code: string) => vocabulary.sections.get(code) ?? codeWords(code) };
}

/** Somebody of an agency, by their sign-in. */
export const userWords = (user: { userId: string; agency: string }, { who }: Pick<Asking, 'who'>, agency: (code: string) => string): string => `${user.userId}${user.userId === who.userId ? ' (you)' : ''}, ${agency(user.agency)}`;
export const leadWords = ({ lead }: Pick<CaseFile, 'lead'>, asking: Pick<Asking, 'who'>, agency: (code: string) => string): string => (lead === null ? 'Nobody yet' : userWords(lead, asking, agency));

/** What has just been done, by the code in the address. */
export const doneOf = createDoneOf({
  begun: 'The case is begun.', written: 'The entry is written.', attached: 'The file is attached.', lead: 'The case has another lead.', member: 'They work on the case now.', ended: 'They work on the case no more.', closed: 'The case is closed.',
});
