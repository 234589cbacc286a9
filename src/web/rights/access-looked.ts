// What an answer says of itself: what was looked through, how much of it is in the answer, and what is not in it and why. It counts what is released alone, so
// that nothing of what the law lets be left out shows in it.

import { counted } from '../../core/index.ts';
import { filesGiven, type AccessPack, type ShownPart } from '../../govern/index.ts';

/** As an entry of the answer. */
interface LookedEntry {
  part: string;
  heading: string;
  agency: string;
  date: null;
  facts: { label: string; value: string }[];
  source: null;
}

const countedOrNone = (n: number, one: string, many?: string): string => (n === 0 ? 'None' : counted(n, one, many));

/** One entry for each kind, in the order of the answer. */
export function lookedThrough({ shown, beyond, cut }: Pick<AccessPack, 'shown' | 'beyond' | 'cut'>): LookedEntry[] {
  const of = (...kinds: ShownPart['kind'][]) => shown.filter(({ kind }) => kinds.includes(kind)).length;
  const entry = (code: string, heading: string, here: string, more: readonly [label: string, value: string][] = []): LookedEntry => ({
    part: `looked:${code}`, heading, agency: '', date: null, source: null, facts: [{ label: 'In this answer', value: here }, ...more.map(([label, value]) => ({ label, value }))],
  });
  const files = filesGiven(shown).length;
  const attached = of('attachment');
  return [
    entry('row', 'Records of agencies', countedOrNone(of('row'), 'record'), [['Not in it', 'Records of which it is not known that they are about you']]),
    ...(beyond ? [
      entry('state', 'What agencies sent before or since', countedOrNone(of('state'), 'other state of a record', 'other states of records'), [['Not in it', 'Rows of these records that say that they are about somebody else']]),
      entry('aside', 'Rows that could not be read', countedOrNone(of('aside'), 'row'), [
        ['Looked at', `${countedOrNone(beyond.looked, 'row')} of all agencies, for your NHS number, pupil number and number at the agency, for the number of a record of yours, and for your first and last name together with your date of birth`],
        ['Not in it', 'Rows in which none of these stands as it does in your records: it cannot be told with certainty whom they are about'],
      ]),
    ] : [entry('beyond', 'What agencies sent before or since, and what could not be read', 'None', [['Not in it', 'It could not be looked through']])]),
    entry('case', 'Cases', `${countedOrNone(of('case'), 'case')}, ${countedOrNone(of('entry'), 'entry', 'entries').toLowerCase()}`),
    entry('attachment', 'Files of cases', countedOrNone(files, 'file'), attached > files ? [['Not in it', `${countedOrNone(attached - files, 'file')}: no part can be taken out of a file, and not every file can be opened`]] : []),
    entry('share', 'Decisions whether to give others information', countedOrNone(of('share'), 'decision')),
    entry('glass', 'Emergencies', countedOrNone(of('glass'), 'emergency', 'emergencies')),
    entry('correction', 'Facts reported as wrong', countedOrNone(of('correction'), 'report')),
    entry('link', 'What was written when records were compared', countedOrNone(of('link'), 'decision'), [['Not in it', 'Whose record yours was compared with']]),
    entry('asked', 'Askings who is behind a pseudonym', countedOrNone(of('asked'), 'asking')),
    entry('seen', 'Who has seen it', countedOrNone(of('seen'), 'look'), [['Not in it', `${cut ? 'The earlier part, which does not fit here. ' : ''}Looks under a key that now means somebody else, and at whole lists, such as all rows that could not be read: those are kept without saying of whom`]]),
  ];
}
