// What the pages about corrections are given, in what words they speak, and the row of the audit that each leaves before anything is shown.

import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CorrectionAsker, CorrectionFile, Corrections, CorrectionView, Reader } from '../../govern/index.ts';
import { joinWords } from '../agreements/agreement-vocabulary.ts';
import { presentDate, presentDateTime } from '../frame/date-words.ts';
import { readerOf } from '../gate/reader-of.ts';
import { presentValue } from '../people/person-view.ts';
import { personAddress, type PeoplePagesDeps } from '../people/people-pages.ts';
import { notFound } from '../problem/http-problem.ts';

export interface CorrectionPagesDeps extends PeoplePagesDeps {
  corrections: Corrections;
  /** The key of the person whom a key of any snapshot, or the id of an agency's record, leads to. */
  keyOf(id: string): Promise<string | undefined>;
  contact?: { name: string; email?: string } | undefined;
}

export const correctionsHome = '/govern/corrections';
export const correctionAddress = (correctionId: string): string => `${correctionsHome}/${correctionId}`;
export const noticesHome = '/corrections';
export const noticeAddress = (noticeId: string): string => `${noticesHome}/${noticeId}`;

export const askerWords: Record<CorrectionAsker, string> = { person: 'The person, or somebody for them', practitioner: 'Somebody who works with them', agency: 'The agency that holds the record' };
const viaWords: Record<string, string> = { read: 'read the record', export: 'took the record as a file', share: 'recorded a decision to share', report: 'reported it' };
export const presentVia = (via: readonly string[]): string => joinWords(via.map((each) => viaWords[each] ?? each));
export const complaintWords = 'They can complain to the Information Commissioner’s Office (ico.org.uk, 0303 123 1113), and can go to court.';

export function noteCorrection(deps: CorrectionPagesDeps, who: Reader, { action, outcome = 'done', ids, kind = 'correction' }: { action: string; outcome?: 'done' | 'refused'; ids: string[]; kind?: string }): Promise<void> {
  return deps.trail.record({ actorId: who.userId, action: `correction.${action}`, outcome, subjectKind: kind, subjectIds: ids });
}

export const stateOf = ({ decision }: Pick<CorrectionFile, 'decision'>): string => (decision === null ? 'To be decided' : decision.outcome === 'accepted' ? 'Accepted' : 'Refused');
const known = ({ notices }: CorrectionFile) => notices.filter(({ acknowledgedAt }) => acknowledgedAt !== null).length;

export const presentListed = (file: CorrectionFile, deps: CorrectionPagesDeps) => ({
  address: correctionAddress(file.correctionId), personKey: file.personKey, reported: presentDate(file.reportedAt), state: stateOf(file), agency: deps.agencyName(file.holder),
  told: file.notices.length === 0 ? null : `${known(file)} of ${file.notices.length}`, allTold: known(file) === file.notices.length,
});

function sourceWords({ source, decision, right }: CorrectionView, agency: string): string {
  switch (source.kind) {
    case 'mended': return right === null ? `Mended: ${agency} took it out in ${source.file}, loaded on ${presentDate(source.loadedAt)}` : `Mended: ${source.file}, loaded on ${presentDate(source.loadedAt)}, says what is right`;
    case 'other': return `It says something else now: ${source.file}, loaded on ${presentDate(source.loadedAt)}. Look at the record again`;
    case 'gone': return 'The row is no longer there';
    case 'wrong': return decision?.outcome === 'accepted' ? `Not yet. Ask ${agency} to mend its own system: the next file that it sends then says what is right` : 'It still says so';
  }
}

/** A correction in the words of its page. */
export function presentCorrection(file: CorrectionView, deps: CorrectionPagesDeps) {
  const { columnOf: column, decision } = file;
  const agency = deps.agencyName(file.holder);
  const say = (value: string) => (column ? presentValue(column, value) : value);
  return {
    address: correctionAddress(file.correctionId), personHref: personAddress(file.personKey), state: stateOf(file), agency,
    rows: [
      { label: 'Person', lines: [file.personKey], code: true },
      { label: 'Fact', lines: [`${agency}: ${file.feedOf?.title ?? file.feed}, ${column?.label ?? file.column}`, `${file.file}, line ${file.line.toLocaleString('en-GB')}`] },
      { label: 'The record says', lines: [say(file.wrong)] },
      { label: 'What is right', lines: [file.right === null ? 'It is not so, and nothing stands in its place' : say(file.right)] },
      { label: 'Evidence', lines: file.evidence.split('\n') },
      { label: 'Who asked', lines: [askerWords[file.askedBy]] },
      { label: 'Reported', lines: [`${presentDateTime(file.reportedAt)}, by ${file.reportedBy} of ${deps.agencyName(file.reportedAgency)}`] },
      ...(decision ? [{ label: decision.outcome === 'accepted' ? 'Accepted' : 'Refused', lines: [`${presentDateTime(decision.at)}, by ${decision.by}`, ...decision.reason.split('\n')] }] : []),
      { label: `Mended by ${agency}`, lines: [sourceWords(file, agency)] },
    ],
    accepted: decision?.outcome === 'accepted', refused: decision?.outcome === 'refused',
    notices: file.notices.toSorted((a, b) => Number(a.acknowledgedAt !== null) - Number(b.acknowledgedAt !== null)).map(({ userId, via, lastAt, acknowledgedAt }) => ({ userId, via: presentVia(via), last: presentDateTime(lastAt), known: acknowledgedAt === null ? null : presentDateTime(acknowledgedAt) })),
  };
}

/** The correction of an address, audited. Undefined where the answer has been sent. */
export async function openCorrection(request: FastifyRequest, reply: FastifyReply, deps: CorrectionPagesDeps): Promise<{ who: Reader; file: CorrectionView } | undefined> {
  const { correctionId } = request.params as { correctionId: string };
  const who = await readerOf(deps, request);
  const file = await deps.corrections.find(who, correctionId);
  await noteCorrection(deps, who, { action: 'view', outcome: file ? 'done' : 'refused', ids: file ? [correctionId, file.personKey] : [] });
  if (file) return { who, file };
  await deps.sendProblem(request, reply, notFound);
  return undefined;
}
