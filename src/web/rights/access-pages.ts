// What the pages about people's right of access are given, in what words they speak, and the row of the audit that each leaves before anything is shown.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../core/index.ts';
import { britishDayOf, type AccessClock, type AccessExemptions, type AccessPack, type AgreementPacks, type AgreementRegister, type Reader, type SubjectAccess, type SubjectAccessFile } from '../../govern/index.ts';
import type { AgreementVocabulary } from '../agreements/agreement-vocabulary.ts';
import { createDoneOf } from '../form/done-words.ts';
import { presentDate, presentDateTime } from '../frame/date-words.ts';
import { readerOf } from '../gate/reader-of.ts';
import type { PageDeps } from '../page.ts';
import { notFound } from '../problem/http-problem.ts';
import { presentAnswer, type AccessAnswer } from './access-answer.ts';

export interface AccessPagesDeps extends PageDeps {
  subjectAccess: SubjectAccess;
  /** The key of the person whom a key of any snapshot, or the id of an agency's record, leads to. */
  keyOf(id: string): Promise<string | undefined>;
  exemptions: AccessExemptions;
  register: AgreementRegister;
  packs: AgreementPacks;
  /** The packs in the words of the pages. */
  vocabulary: AgreementVocabulary;
  clock: Clock;
  partnership: string;
  contact?: { name: string; email?: string } | undefined;
}

export const accessHome = '/govern/subject-access';
export const accessAddress = (subjectAccessId: string, more = ''): string => `${accessHome}/${subjectAccessId}${more}`;

export const stateWords: Record<AccessClock['state'], string> = { identity: 'Check who asks', open: 'To be answered', released: 'Answered', closed: 'Closed' };
export const identityWords = { documents: 'Documents were seen, such as a passport', known: 'Somebody who works with them knows them', questions: 'They answered what only they can know' };
export const closingWords = { withdrawn: 'They took the request back', 'not-the-person': 'It could not be shown who asks', unfounded: 'It is manifestly unfounded', excessive: 'It is manifestly excessive' };
export const askedByWords = { person: 'The person', representative: 'Somebody for them, such as a parent or a solicitor' };

export function noteAccess(deps: AccessPagesDeps, who: Reader, { action, outcome = 'done', ids, kind = 'subject-access', basis }: { action: string; outcome?: 'done' | 'refused'; ids: string[]; kind?: string; basis?: string }): Promise<void> {
  return deps.trail.record({ actorId: who.userId, action: `subject-access.${action}`, outcome, subjectKind: kind, subjectIds: ids, ...(basis === undefined ? {} : { basis }) });
}

/** What has just been done, by the code in the address. */
export const doneOf = createDoneOf({
  opened: 'The request is opened.', identity: 'Who asks is checked. The time runs.', extension: 'The time is extended. Tell the person, and why.', closing: 'The request is closed.', words: 'The word is looked for everywhere.',
  decided: 'Your decisions are kept.', withhold: 'It is left out.', give: 'It is in the answer again.', release: 'The answer is released. Download it and hand it over.',
});

type Listed = SubjectAccessFile & AccessClock;

/** A request in the words of its page; where the record is sealed to the reader, its key, days and state alone. */
export function presentRequest(file: Listed, today: string, isSealed = false) {
  const { identity, extension, closing, releases } = file;
  const step = (said: string, { on, words, by }: NonNullable<Listed['extension']>) => isSealed ? [presentDate(on)] : [`${said}, ${presentDate(on)}, by ${by}`, ...(words === '' ? [] : [words])];
  return {
    id: file.subjectAccessId, personKey: file.personKey, address: accessAddress(file.subjectAccessId), state: stateWords[file.state], overdue: file.overdue,
    asked: presentDate(file.askedOn), due: file.dueOn === null ? null : presentDate(file.dueOn),
    days: file.dueOn === null || file.state !== 'open' ? null : daysLeft(today, file.dueOn),
    rows: [
      { label: 'Person', lines: [file.personKey], code: true },
      { label: 'Asked on', lines: [presentDate(file.askedOn)] },
      ...(isSealed ? [] : [{ label: 'Who asked', lines: [askedByWords[file.askedBy], ...(file.authority === null ? [] : [file.authority])] }]),
      { label: 'Opened', lines: [isSealed ? presentDateTime(file.openedAt) : `${presentDateTime(file.openedAt)}, by ${file.openedBy}`] },
      { label: 'Who asks was checked', lines: identity ? step(identityWords[identity.code], identity) : ['Not yet. The time to answer runs from the day on which it is.'] },
      ...(extension ? [{ label: 'Two months more', lines: step('Extended', extension) }] : []),
      ...(file.dueOn === null ? [] : [{ label: 'To be answered by', lines: [presentDate(file.dueOn)] }]),
      ...(closing ? [{ label: 'Closed', lines: step(closingWords[closing.code], closing) }] : []),
      ...releases.map((release, place) => ({ label: place === 0 ? 'Released' : 'Released before', lines: isSealed ? [presentDateTime(release.at)] : [`${presentDateTime(release.at)}, by ${release.by}`, `Document: SHA-256 ${release.document.sha256}`, `Rows: SHA-256 ${release.rows.sha256}`], hash: true })),
    ],
  };
}

function daysLeft(today: string, due: string): string {
  const days = Math.round((Date.parse(due) - Date.parse(today)) / 86_400_000);
  const counted = (n: number) => `${n} ${n === 1 ? 'day' : 'days'}`;
  return days === 0 ? 'Today' : days > 0 ? `${counted(days)} left` : `${counted(-days)} late`;
}

export const todayOf = ({ clock }: AccessPagesDeps): string => britishDayOf(clock.now());

/** The answer in words. */
export function answerOf(deps: AccessPagesDeps, pack: AccessPack): AccessAnswer {
  const { packs, vocabulary, partnership, contact, gate } = deps;
  return presentAnswer(pack, { packs, vocabulary, partnership, contact, audit: { sharing: gate.sharing, agreements: new Map(), actorHref: () => '' } });
}

/** The request of an address, audited. Undefined where the answer has been sent. */
export async function openRequest(request: FastifyRequest, reply: FastifyReply, deps: AccessPagesDeps): Promise<{ who: Reader; file: Listed } | undefined> {
  const { subjectAccessId } = request.params as { subjectAccessId: string };
  const who = await readerOf(deps, request);
  const file = await deps.subjectAccess.find(who, subjectAccessId);
  await noteAccess(deps, who, { action: 'view', outcome: file ? 'done' : 'refused', ids: file ? [subjectAccessId, file.personKey] : [] });
  if (file) return { who, file };
  await deps.sendProblem(request, reply, notFound);
  return undefined;
}

/** What is held for the request of an address, audited as a look at the person. Undefined where the answer has been sent: there is none, or it is not for this reader or not now. */
export async function openPack(request: FastifyRequest, reply: FastifyReply, deps: AccessPagesDeps): Promise<{ who: Reader; pack: AccessPack } | undefined> {
  const { subjectAccessId } = request.params as { subjectAccessId: string };
  const who = await readerOf(deps, request);
  const answer = await deps.subjectAccess.pack(who, subjectAccessId);
  if (answer.kind === 'none') {
    await noteAccess(deps, who, { action: 'read', outcome: 'refused', ids: [] });
    await deps.sendProblem(request, reply, notFound);
    return undefined;
  }
  if (answer.kind === 'pack') {
    await noteAccess(deps, who, { action: 'read', kind: 'person', ids: [answer.pack.personKey] });
    return { who, pack: answer.pack };
  }
  await noteAccess(deps, who, { action: 'read', outcome: 'refused', kind: 'person', ids: [answer.file.personKey] });
  if (answer.kind === 'sealed') await deps.renderPage(reply.code(403), 'rights/access-sealed.njk', { title: 'A sealed record', whomToRing: answer.whomToRing.replace(/\.$/, ''), back: accessHome });
  else await reply.redirect(accessAddress(subjectAccessId), 303);
  return undefined;
}
