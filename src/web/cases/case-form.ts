// The one question of each act in a case, and what was sent read back into it. What was typed is kept on the page, whatever is wrong.

import { closingSection, openingSection, tellsScore } from '../../govern/index.ts';
import type { AgreementVocabulary } from '../agreements/agreement-vocabulary.ts';
import { askOne, askText, type FormField, type Read, type Sent } from '../form/step-form.ts';
import { createWords, type CasePagesDeps } from './case-pages.ts';

/** An entry is no longer than a form can send, whatever letters it is written in. */
const longestEntry = 5000;
const longestUser = 200;

interface Question {
  label: string;
  hint: string;
}

const needed: Record<string, string> = { [closingSection]: 'Enter what has changed', [openingSection]: 'Enter who asked for help, and why' };

export function askEntry(sent: Sent | null, section: string, { packs, vocabulary }: Pick<CasePagesDeps, 'packs' | 'vocabulary'>): Read<string> {
  const { ask, hint } = packs.sections.get(section) ?? {};
  return readText(sent, section, { label: ask ?? createWords(vocabulary).section(section), hint: hint ?? 'No more detail than the work needs.', missing: needed[section] ?? 'Write the entry' });
}

export const askReason = (sent: Sent | null): Read<string> => readText(sent, closingSection, {
  label: 'Why is the case closed?', hint: 'What was reached, what the family says, and whom they can ring if they need help again. It is kept among the reviews.', missing: 'Enter why the case is closed',
});

function readText(sent: Sent | null, section: string, asked: Question & { missing: string }): Read<string> {
  const read = askText(sent, { kind: 'area', name: 'text', longest: longestEntry, stored: undefined, ...asked });
  if (read.value === undefined || !tellsScore(section, read.value)) return read;
  return { field: { ...read.field, error: 'Write what was said or what happened, not a count or a score of it' }, value: undefined };
}

export function askSection(sent: Sent | null, sections: readonly string[], vocabulary: AgreementVocabulary): Read<string> {
  const words = createWords(vocabulary);
  return askOne(sent, { name: 'section', label: 'What do you want to write about?', missing: 'Choose what you want to write about', stored: undefined, choices: sections.map((value) => ({ value, text: words.section(value) })) });
}

export interface WorkerForm {
  fields: FormField[];
  value: { userId: string; agency: string } | undefined;
}

/** Somebody who works on a case: by their sign-in, since nothing else names users. */
export function askWorker(sent: Sent | null, vocabulary: AgreementVocabulary, { agency, whose }: { agency: string; whose: string }): WorkerForm {
  const user = askText(sent, { name: 'user', label: `Sign-in of ${whose}`, hint: 'As their agency’s account has it. Ask them if you are not sure: nobody else must be let in', longest: longestUser, missing: `Enter the sign-in of ${whose}`, stored: undefined });
  const of = askOne(sent, { name: 'agency', label: 'Which agency do they work for?', missing: 'Choose the agency that they work for', stored: agency, choices: vocabulary.parties.map((value) => ({ value, text: vocabulary.agencies.get(value) ?? value })) });
  return { fields: [user.field, of.field], value: user.value === undefined || of.value === undefined ? undefined : { userId: user.value, agency: of.value } };
}
