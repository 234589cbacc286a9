// Records beside cases that are due, and one to decide about, in the words of the pages: what kind it is, whose and when, never what was written in it.

import type { DueRecord, LoadOutcome, Reader, RecordQueue, RecordToDecide } from '../../govern/index.ts';
import type { RecordKind, RecordRowKind } from '../../store/index.ts';
import { presentCount, presentDate, presentDateTime } from '../frame/date-words.ts';
import { decidedRows, presentActs, row, uncheckedNote } from './decided-rows.ts';
import { takePage, type DuePages } from './due-pages.ts';
import { dueWords, recordAddress, retentionHome, whyNot, type createWords } from './retention-pages.ts';

type Words = ReturnType<typeof createWords>;

export const recordWords: Record<RecordKind, string> = { 'share-record': 'Decision to share', 'subject-access': 'Request for access', correction: 'Correction' };

export const recordRowWords: Record<RecordRowKind, string> = {
  decision: 'The decision itself', 'follow-up': 'What became of it, and corrections', review: 'Reviews',
  request: 'The request itself', step: 'Steps', word: 'Words that were looked for', choice: 'Choices about parts that tell of others', exemption: 'Parts left out by law', release: 'Answers, by their hashes',
  report: 'The report itself', outcome: 'The decision about it', notice: 'Notices to those who relied on it', acknowledgement: 'Answers to notices',
};

export const whyNotRecord: Record<Extract<LoadOutcome, { ok: false }>['reason'], string> = {
  ...whyNot,
  held: 'A legal hold is on this record: on its person, its agency or its feed. It is not destroyed until the hold is lifted',
  open: 'It is still needed: there is a case about the person, the request is not answered or closed, nobody decided about the report, or a file that is held still has the row of the fact',
  kept: 'Somebody decided to keep the record until a later day',
  changed: 'The record, its schedule or a decision about it has changed since it was proposed. Refuse this proposal, and propose it anew',
  'not-due': 'The time for which the record is kept is not over',
  busy: 'Something else is being done now. Nothing was destroyed. Try again',
};

/** A request for access is the whole partnership's. */
export const agencyOf = (holder: string, words: Words): string => (holder === 'partnership' ? 'The partnership' : words.agency(holder));
const stateOf = ({ held, proposalId, due }: DueRecord): string => (held ? 'Legal hold' : proposalId !== null ? 'Proposed, to be confirmed' : due.what === 'review' ? 'To be looked at' : 'To be decided');

/** What the list shows, and by kind the ids of all that it names. */
export function presentDueRecords({ due, waiting, truncated }: RecordQueue, { words, who, pages }: { words: Words; who: Reader; pages: DuePages }) {
  const { shown, ...turn } = takePage(due, { list: 'records', pages, home: retentionHome });
  return {
    due: shown.map((record) => ({ href: recordAddress(record), what: recordWords[record.kind], personKey: record.personKey, agency: agencyOf(record.holder, words), recorded: presentDate(record.recordedAt), since: dueWords(record), state: stateOf(record) })),
    turn,
    waiting: waiting.map((each) => ({ href: recordAddress(each), what: recordWords[each.kind], by: each.proposedBy, at: presentDateTime(each.proposedAt), own: each.proposedBy === who.userId })),
    truncated,
    ids: [...Map.groupBy([...shown.map(({ kind, recordId, personKey }) => ({ kind, ids: [recordId, personKey] })), ...waiting.map(({ kind, recordId }) => ({ kind, ids: [recordId] }))], ({ kind }) => kind)].map(([kind, named]) => ({ kind, ids: [...new Set(named.flatMap(({ ids }) => ids))] })),
  };
}

const effects: Record<RecordKind, readonly string[]> = {
  'share-record': ['The decision, what became of it and its reviews are removed. Nobody can see any more what was shared, with whom and why.', 'Who was given the information still holds what they were given.'],
  'subject-access': ['The request, its steps and all that was decided for its answer are removed. What was handed over cannot be made or checked again.', 'The person has what was handed over.'],
  correction: ['The report, its evidence, the decision and the notices are removed. Should the same wrong fact be loaded again, nothing stands beside it.'],
};

export function presentRecord(record: RecordToDecide, { words, who }: { words: Words; who: Reader }) {
  return {
    title: 'A record to decide', noun: 'record', idLabel: 'Record', id: record.recordId,
    rows: [
      row('What', [recordWords[record.kind]]), row('Person', [record.personKey]), row('Agency', [agencyOf(record.holder, words)]), ...(record.feed === null ? [] : [row('Feed', [words.feed(record.feed)])]),
      row('Recorded', [presentDateTime(record.recordedAt)]), row('Last added to', [presentDateTime(record.lastAt)]),
      row('What would go', record.counts.map(({ kind, rows }) => `${recordRowWords[kind]}: ${presentCount(rows)}`)),
      ...decidedRows(record, 'record'),
    ],
    notes: [...(record.due && record.schedules.length > 1 ? ['Several schedules are about records of this kind. The longest decides.'] : []), ...uncheckedNote(record)],
    effects: [...effects[record.kind], 'Backups made before hold it until they are removed. The audit of it stays, by ids.'],
    ...presentActs(record, { who, whyNot: whyNotRecord }),
    holds: [
      { href: `/govern/retention/holds/new?kind=person&target=${encodeURIComponent(record.personKey)}`, text: 'Place a legal hold on the person' },
      ...(record.holder === 'partnership' ? [] : [{ href: `/govern/retention/holds/new?kind=agency&target=${record.holder}`, text: 'Place a legal hold on all that this agency holds' }]),
    ],
  };
}
