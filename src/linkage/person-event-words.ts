// Merges, splits and moves in plain words, for commands and pages alike: what happened, whether it stands, why it cannot be undone.

import { counted } from '../core/index.ts';
import type { PersonEvent } from './person-event.store.ts';
import type { UndoRefusal } from './person-undo.ts';

const records = (count: number) => counted(count, 'record');

/** @example kindWords.merge // 'Merged' */
export const kindWords = { merge: 'Merged', split: 'Split', moved: 'Moved', new: 'New', gone: 'Gone', returned: 'Came back' } as const;

/** "Two people became one: 2 records moved." */
export function eventSentence({ kind, records: moved }: Pick<PersonEvent, 'kind' | 'records'>): string {
  const said = `${records(moved)} moved`;
  if (kind === 'merge') return `Two people became one: ${said}.`;
  if (kind === 'split') return `One person became two: ${said}.`;
  if (kind === 'moved') return `${records(moved)} went from one person to another.`;
  return kind === 'new' ? 'A person is new.' : kind === 'gone' ? 'A person is gone: no record is left.' : 'A person came back with the key of before.';
}

/** What an undo does, once the next build has run. */
export function undoSentence({ kind, records: moved }: Pick<PersonEvent, 'kind' | 'records'>): string {
  const [what, it] = moved === 1 ? ['the record that moved', 'it was'] : [`the ${records(moved)} that moved`, 'they were'];
  if (kind === 'split') return `The next build joins ${what} again with those that ${it} parted from, as one person with the key of before.`;
  if (kind === 'merge') return `The next build parts ${what} from those that ${it} joined with, and both people have their keys of before.`;
  return `The next build parts ${what} from those that ${it} joined with, and joins ${moved === 1 ? 'it' : 'them'} again with those that ${it} parted from.`;
}

export function undoStateWords({ undo }: Pick<PersonEvent, 'undo'>): string {
  if (undo.state === 'waiting') return 'Undone from the next build on';
  return undo.state === 'undone' ? `Undone by event ${undo.by}` : 'Stands';
}

/** Why an event cannot be undone, and what to do instead. Names no record; days are written by the caller's `day`. */
export function refusalWords(refusal: UndoRefusal, day: (at: number) => string): { what: string; todo: string } {
  switch (refusal.why) {
    case 'kind': return { what: 'Only a merge, a split or a move can be undone', todo: 'Choose one from the list of events.' };
    case 'waiting': return { what: 'It is undone already, and waits for the next build', todo: 'Build, or withdraw the undo.' };
    case 'undone': return { what: `It is undone already, by event ${refusal.by}`, todo: `To put it back, undo event ${refusal.by}.` };
    case 'records-gone': return { what: 'Its records are there no more, so nothing can be put back', todo: 'Load the files that held them again, build, and try again.' };
    case 'as-before': return { what: 'Its records are already as they were before', todo: 'Look at the later events of these people.' };
    case 'too-many': return { what: `It would take ${refusal.pairs.toLocaleString('en-GB')} decisions about pairs of records, which is too many for one undo`, todo: 'Decide the pairs that matter in the review.' };
    case 'settled': return {
      what: `People settled in the review on ${day(refusal.at)}${refusal.since ? ', since the event,' : ''} that two of its records are ${refusal.same ? 'the same person' : 'different people'}, and an undo does not outrank them`,
      todo: 'Decide that pair again in the review: two people settle it.',
    };
    case 'other-undo': return {
      what: `The undo of event ${refusal.event}, made since, decided otherwise`,
      todo: refusal.by === undefined ? `Withdraw the undo of event ${refusal.event} first.` : `Undo event ${refusal.by}, to which it led.`,
    };
  }
}
