// Loaded files that are due, and one to decide about, in the words of the pages: its feed, name, days and fingerprint, never what is in it.

import type { DueFile, FileToDecide, LoadOutcome, LoadProposal, LoadQueue, Reader } from '../../govern/index.ts';
import { presentCount, presentDate, presentDateTime } from '../frame/date-words.ts';
import { decidedRows, presentActs, row, uncheckedNote } from './decided-rows.ts';
import { takePage, type DuePages } from './due-pages.ts';
import { dueWords, loadAddress, retentionHome, whyNot, type createWords } from './retention-pages.ts';

type Words = ReturnType<typeof createWords>;

export const whyNotLoad: Record<Extract<LoadOutcome, { ok: false }>['reason'], string> = {
  ...whyNot,
  held: 'A legal hold is on this file: on its feed, its agency or somebody of whom it has rows. It is not destroyed until the hold is lifted',
  kept: 'Somebody decided to keep the file until a later day',
  changed: 'The file, its schedule or a decision about it has changed since it was proposed. Refuse this proposal, and propose it anew',
  'not-due': 'The time for which the file is kept is not over',
  busy: 'Something is being loaded, built or backed up now. Nothing was destroyed. Try again when it has finished',
};

/** What the list shows, and the ids of all that it names. */
export function presentDueLoads({ due, waiting, unscheduled }: LoadQueue, { words, who, pages }: { words: Words; who: Reader; pages: DuePages }) {
  const { shown, ...turn } = takePage(due, { list: 'files', pages, home: retentionHome });
  return {
    due: shown.map((file) => ({
      href: loadAddress(file.load), file: file.file, feed: words.feed(file.feed), agency: words.agency(file.agency), rows: presentCount(file.rows), first: presentDate(file.firstOn), last: presentDate(file.lastOn), schedule: file.due.schedule.title, since: dueWords(file), state: stateOf(file),
    })),
    turn,
    waiting: waiting.map((each: LoadProposal) => ({ href: loadAddress(each.load), feed: words.feed(each.feed), load: each.load, by: each.proposedBy, at: presentDateTime(each.proposedAt), own: each.proposedBy === who.userId })),
    unscheduled,
    ids: [...new Set([...shown.map(({ load }) => load), ...waiting.map(({ load }) => load)])],
  };
}

const stateOf = ({ held, proposed, due }: DueFile): string => (held ? 'Legal hold' : proposed ? 'Proposed, to be confirmed' : due.what === 'review' ? 'To be looked at' : 'To be decided');

export function presentFile(file: FileToDecide, { words, who }: { words: Words; who: Reader }) {
  const { due } = file;
  return {
    title: 'A file to decide', noun: 'file', idLabel: 'Load', id: file.load,
    rows: [
      row('File', [file.file]), row('Feed', [words.feed(file.feed)]), row('Agency', [words.agency(file.agency)]), row('Loaded', [presentDateTime(file.loadedAt)]),
      ...(file.parts.length > 1 ? [row('Rows of it that were tried again', file.parts.slice(1))] : []),
      row('Rows', [presentCount(file.rows)]), row('First day', [presentDate(file.firstOn)]), row('Newest day', [presentDate(file.lastOn)]),
      row('Fingerprint of the file (SHA-256)', [file.sha256]),
      ...decidedRows(file, 'load'),
    ],
    notes: [
      ...(due && file.schedules.length > 1 ? ['Several schedules are about this agency’s records. The longest decides.'] : []),
      ...uncheckedNote(file),
      ...(due?.birthAssumed ? ['Everybody in the file is taken to be born on the day of its newest row: nobody was born later.'] : []),
      ...(file.undated > 0 ? [`${presentCount(file.undated)} ${file.undated === 1 ? 'row has' : 'rows have'} no day that can be read, so that the day on which the file was loaded counts.`] : []),
      ...(file.running > 0 ? [`${presentCount(file.running)} ${file.running === 1 ? 'row is' : 'rows are'} of something that had not ended when the file was loaded. A schedule that runs from an end counts from that day.`] : []),
    ],
    effects: [
      'The file as it came, and all its rows, are removed from what is loaded. No later build reads them.',
      'The snapshot that is served holds what was made of them until the next build.',
      'A later file in which the agency sent the same rows again still has them. Where an earlier file has an earlier state of a row, that state stands again.',
      'Backups made before hold the file until they are removed, and so does the place that it was loaded from.',
    ],
    ...presentActs(file, { who, whyNot: whyNotLoad }),
    holds: [{ href: `/govern/retention/holds/new?kind=feed&target=${file.feed}`, text: 'Place a legal hold on all files of this feed' }],
  };
}
