// Loaded files that are due, and one to decide about, in the words of the pages: its feed, name, days and fingerprint, never what is in it.

import { presentSchedule, type DueFile, type FileToDecide, type LoadOutcome, type LoadProposal, type LoadQueue, type Reader } from '../../govern/index.ts';
import { presentCount, presentDate, presentDateTime } from '../frame/date-words.ts';
import { dueWords, loadAddress, whyNot, type createWords } from './retention-pages.ts';

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
export function presentDueLoads({ due, waiting, unscheduled }: LoadQueue, { words, most, who }: { words: Words; most: number; who: Reader }) {
  const shown = due.slice(0, most);
  return {
    due: shown.map((file) => ({
      href: loadAddress(file.load), file: file.file, feed: words.feed(file.feed), agency: words.agency(file.agency), rows: presentCount(file.rows), first: presentDate(file.firstOn), last: presentDate(file.lastOn), schedule: file.due.schedule.title, since: dueWords(file), state: stateOf(file),
    })),
    more: due.length - shown.length,
    waiting: waiting.map((each: LoadProposal) => ({ href: loadAddress(each.load), feed: words.feed(each.feed), load: each.load, by: each.proposedBy, at: presentDateTime(each.proposedAt), own: each.proposedBy === who.userId })),
    unscheduled,
    ids: [...new Set([...shown.map(({ load }) => load), ...waiting.map(({ load }) => load)])],
  };
}

const stateOf = ({ held, proposed, due }: DueFile): string => (held ? 'Legal hold' : proposed ? 'Proposed, to be confirmed' : due.what === 'review' ? 'To be looked at' : 'To be decided');

const row = (label: string, lines: readonly string[]) => ({ label, lines });

export function presentFile(file: FileToDecide, { words, who }: { words: Words; who: Reader }) {
  const { due, waiting, hindrance, changed } = file;
  const own = waiting?.proposedBy === who.userId;
  const stands = due?.what === 'end' ? (hindrance ?? (changed ? 'changed' : null)) : waiting ? (hindrance ?? 'not-due') : hindrance;
  return {
    address: loadAddress(file.load), load: file.load,
    rows: [
      row('File', [file.file]), row('Feed', [words.feed(file.feed)]), row('Agency', [words.agency(file.agency)]), row('Loaded', [presentDateTime(file.loadedAt)]),
      ...(file.parts.length > 1 ? [row('Rows of it that were tried again', file.parts.slice(1))] : []),
      row('Rows', [presentCount(file.rows)]), row('First day', [presentDate(file.firstOn)]), row('Newest day', [presentDate(file.lastOn)]),
      row('Fingerprint of the file (SHA-256)', [file.sha256]),
      ...file.reviews.map((review, place) => row(place === 0 ? 'Decided to keep it' : 'Decided before', [`${presentDateTime(review.at)}, by ${review.by}, until ${presentDate(review.keepUntil)}`, ...review.reason.split('\n')])),
      ...(due
        ? [row('Schedule', [due.schedule.title, presentSchedule(due.schedule, 'load'), `Source: ${due.schedule.source}.`]), row('Its time ran from', [presentDate(due.from)]), row(due.what === 'end' ? 'Due since' : 'To be looked at since', [presentDate(due.since)])]
        : [row('Schedule', file.schedules.map((schedule) => presentSchedule(schedule, 'load')))]),
      ...(waiting ? [row('Proposed', [`${presentDateTime(waiting.proposedAt)}, by ${waiting.proposedBy}`, ...waiting.reason.split('\n')])] : []),
      ...file.refused.flatMap(({ proposedBy, refusal }) => (refusal ? [row('Proposed by ' + proposedBy + ', and refused', [`${presentDateTime(refusal.at)}, by ${refusal.by}`, ...refusal.reason.split('\n')])] : [])),
    ],
    notes: [
      ...(due && file.schedules.length > 1 ? ['Several schedules are about this agency’s records. The longest decides.'] : []),
      ...(due && !due.schedule.checked ? ['Nobody has confirmed this schedule for your partnership yet. Ask your records manager before you rely on it.'] : []),
      ...(due?.birthAssumed ? ['Everybody in the file is taken to be born on the day of its newest row: nobody was born later.'] : []),
      ...(file.undated > 0 ? [`${presentCount(file.undated)} ${file.undated === 1 ? 'row has' : 'rows have'} no day that can be read, so that the day on which the file was loaded counts.`] : []),
      ...(file.running > 0 ? [`${presentCount(file.running)} ${file.running === 1 ? 'row is' : 'rows are'} of something that had not ended when the file was loaded. A schedule that runs from an end counts from that day.`] : []),
    ],
    hindrance: stands === null ? null : whyNotLoad[stands],
    mayKeep: due !== undefined || file.standing !== undefined,
    isKept: due === undefined && file.standing !== undefined,
    mayPropose: due?.what === 'end' && hindrance === null && !waiting,
    waits: waiting !== undefined,
    own,
    mayConfirm: waiting !== undefined && !own && stands === null,
    holdHref: `/govern/retention/holds/new?kind=feed&target=${file.feed}`,
  };
}
