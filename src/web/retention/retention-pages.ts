// What the pages about keeping and destroying are given, who asks, the row of the audit that each leaves, and why something could not be done.

import type { Clock } from '../../core/index.ts';
import { isRowId, type AgreementPacks, type CaseToDecide, type DueCase, type People, type Reader, type RecordName, type RetentionDesk, type DecisionOutcome } from '../../govern/index.ts';
import { codeWords, createNaming, type AgreementVocabulary } from '../agreements/agreement-vocabulary.ts';
import { createDoneOf } from '../form/done-words.ts';
import { presentDate } from '../frame/date-words.ts';
import type { PageDeps } from '../page.ts';

export interface RetentionPagesGiven extends PageDeps {
  people: Pick<People, 'exists'>;
  retention: RetentionDesk;
  packs: AgreementPacks;
  clock: Clock;
}

export interface RetentionDeps extends RetentionPagesGiven {
  /** The packs in the words of the pages. */
  vocabulary: AgreementVocabulary;
}

/** In the audit before anything is shown; `kind` of the ids, a case's where none is named. */
export function noteRetention(deps: RetentionDeps, who: Reader, { action, outcome, ids, kind = 'case', basis }: { action: string; outcome: 'done' | 'refused'; ids: string[]; kind?: string; basis?: string }): Promise<void> {
  return deps.trail.record({ actorId: who.userId, action, outcome, subjectKind: kind, subjectIds: ids, ...(basis === undefined ? {} : { basis }) });
}

/** What was asked for, where it can be an id at all: so that the audit shows who tries ids. */
export const askedIds = (id: string): string[] => (isRowId(id) ? [id] : []);

export const retentionHome = '/govern/retention';
export const caseAddress = (caseId: string): string => `${retentionHome}/cases/${caseId}`;
export const proposalAddress = (proposalId: string): string => `${retentionHome}/proposals/${proposalId}`;
export const loadAddress = (load: string): string => `${retentionHome}/loads/${load}`;
export const recordAddress = ({ kind, recordId }: RecordName): string => `${retentionHome}/records/${kind}/${recordId}`;
export const holdAddress = (holdId: string): string => `${retentionHome}/holds/${holdId}`;
export const certificateAddress = (number: number | string): string => `${retentionHome}/certificates/${number}`;

export const whyNot: Record<Extract<DecisionOutcome, { ok: false }>['reason'], string> = {
  'not-there': 'It could not be done, and nothing was changed. Somebody else may have decided meanwhile. Load the page again',
  held: 'A legal hold is on this case. Nothing of it is destroyed until the hold is lifted',
  open: 'The case is open. Those who work on it close it first',
  kept: 'Somebody decided to keep the case until a later day',
  changed: 'The case, its schedule or a decision about it has changed since it was proposed. Refuse this proposal, and propose it anew',
  'same-person': 'You proposed this. Another information governance lead confirms it',
  'not-due': 'The time for which the case is kept is not over',
};

/** What has just been done, by the code in the address. */
export const doneOf = createDoneOf({ kept: 'The case is kept until the day that you chose.', proposed: 'The case is proposed. Another information governance lead confirms it or refuses it.', refused: 'The proposal is ended. Nothing was destroyed.', held: 'The legal hold is placed.', lifted: 'The legal hold is lifted.', destroyed: 'The case is destroyed. This is its certificate.', 'load-kept': 'The file is kept until the day that you chose.', 'load-proposed': 'The file is proposed. Another information governance lead confirms it or refuses it.', 'load-destroyed': 'The file is destroyed. This is its certificate.', 'record-kept': 'The record is kept until the day that you chose.', 'record-proposed': 'The record is proposed. Another information governance lead confirms it or refuses it.', 'record-destroyed': 'The record is destroyed. This is its certificate.' });

/** Agencies, sections and feeds in the words of the packs. */
export function createWords(vocabulary: AgreementVocabulary) {
  const naming = createNaming(vocabulary);
  return { agency: naming.agency, feed: naming.feed, section: (code: string) => vocabulary.sections.get(code) ?? codeWords(code) };
}

/** What is in doubt about the schedule that a decision rests on: for whoever proposes and whoever confirms. */
export function notesOf({ due, schedules }: CaseToDecide): string[] {
  return [
    ...(due && schedules.length > 1 ? ['Several schedules are about this agency’s cases. The longest decides.'] : []),
    ...(due && !due.schedule.checked ? ['Nobody has confirmed this schedule for your partnership yet. Ask your records manager before you rely on it.'] : []),
    ...(due?.birthAssumed ? ['No agency gives the person’s date of birth. It was taken to be the day on which the case was opened: nobody was born later.'] : []),
  ];
}

export const dueWords = ({ due }: Pick<DueCase, 'due'>): string => (due.what === 'end' ? `Since ${presentDate(due.since)}` : `To be looked at again since ${presentDate(due.since)}`);
