// The one question of each act in a case, and what was sent read back into it. What was typed is kept on the page, whatever is wrong.

import { closingSection, openingSection, tellsScore } from '../../govern/index.ts';
import type { AgreementVocabulary } from '../agreements/agreement-vocabulary.ts';
import { askOne, askText, type FormField, type Read, type Sent } from '../form/step-form.ts';
import { createWords } from './case-pages.ts';

/** An entry is no longer than a form can send, whatever letters it is written in. */
const longestEntry = 5000;
const longestUser = 200;

interface Question {
  label: string;
  hint: string;
}

/** How each section is asked for. A partnership's own sections are asked for by their title. */
const questions: Record<string, Question> = {
  contact: { label: 'How can the person be reached, and those close to them?', hint: 'Where and when it is safe, and what is not safe.' },
  [openingSection]: { label: 'Who asked for help, and why?', hint: 'What happened, and what they hope for. No more detail than the work needs.' },
  'own-words': { label: 'What does the person say, in their own words?', hint: 'Write it as they said it, and say who said it. Do not put it into words of your own.' },
  strengths: { label: 'What goes well?', hint: 'What the person and those close to them can do, and who stands by them.' },
  worries: { label: 'What is the worry?', hint: 'In the words of whoever has it, where you can. Say what happened or what was said, not what somebody is. Never a count or a score.' },
  plan: { label: 'What is agreed with the family?', hint: 'What each will do, and what will be better when it works.' },
  actions: { label: 'What is to be done, by whom and by when?', hint: 'One thing in each entry. Nobody is reminded of it by Headwater yet.' },
  notes: { label: 'What was said and done at the visit or meeting?', hint: 'The day, who was there, and what was agreed. No more detail than the work needs.' },
  [closingSection]: { label: 'What has changed?', hint: 'What is better, what is not, and what the family says about it.' },
};
const needed: Record<string, string> = { [closingSection]: 'Enter what has changed', [openingSection]: 'Enter who asked for help, and why' };

export function askEntry(sent: Sent | null, section: string, vocabulary: AgreementVocabulary): Read<string> {
  const asked = questions[section] ?? { label: createWords(vocabulary).section(section), hint: 'No more detail than the work needs.' };
  return readText(sent, section, { ...asked, missing: needed[section] ?? 'Write the entry' });
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
