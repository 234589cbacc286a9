// The questions of an agreement that stand alone: its title, aims, benefits, onward use, keeping, safeguards and dates. Each is a page.

import type { AgreementContent, DraftContent } from '../../govern/index.ts';
import { onwardUseWords, partyRoleWords, type AgreementVocabulary } from './agreement-vocabulary.ts';
import { askDate, askOne, askText, type FormField, type Sent } from '../form/step-form.ts';

/** What a question makes of what was sent; `content` only where nothing is wrong. */
export interface StepAnswer<T> {
  fields: FormField[];
  value?: T;
}

export interface DraftStep {
  id: string;
  /** In the list of tasks. */
  task: string;
  title: string;
  intro?: string;
  ask(sent: Sent | null, content: DraftContent, vocabulary: AgreementVocabulary): StepAnswer<Partial<AgreementContent>>;
}

const longText = 5000;

type TextPart = 'aims' | 'benefits' | 'quality' | 'rights' | 'security' | 'breach';

function textStep(id: TextPart, { task, title, hint, missing }: { task: string; title: string; hint: string; missing: string }): DraftStep {
  return {
    id,
    task,
    title,
    ask(sent, content) {
      const { field, value } = askText(sent, { kind: 'area', name: id, label: title, hint, longest: longText, missing, stored: content[id] });
      return { fields: [field], ...(value === undefined ? {} : { value: { [id]: value } }) };
    },
  };
}

const titleStep: DraftStep = {
  id: 'title',
  task: 'Title',
  title: 'What is the agreement called?',
  ask(sent, content) {
    const { field, value } = askText(sent, { name: 'title', label: this.title, hint: 'A few words that everybody will know it by, such as “Early help for families”', longest: 200, missing: 'Enter a title', stored: content.title });
    return { fields: [field], ...(value === undefined ? {} : { value: { title: value } }) };
  },
};

const onwardUses = Object.entries(onwardUseWords).map(([value, text]) => ({ value: value as AgreementContent['onwardUse'], text }));

const onwardUseStep: DraftStep = {
  id: 'onward-use',
  task: 'Passing data on',
  title: 'May those who receive the data pass them on?',
  ask(sent, content) {
    const { field, value } = askOne(sent, { name: 'onward-use', label: this.title, hint: 'This is for all clauses of the agreement', choices: onwardUses, missing: 'Choose whether the data may be passed on', stored: content.onwardUse });
    return { fields: [field], ...(value ? { value: { onwardUse: value } } : {}) };
  },
};

const retentionStep: DraftStep = {
  id: 'retention',
  task: 'How long data are kept',
  title: 'How long may the data be kept?',
  ask(sent, content, { retention }) {
    const choices = [...retention].map(([value, { title, about }]) => ({ value, text: title, hint: about }));
    const { field, value } = askOne(sent, { name: 'retention', label: this.title, choices, missing: 'Choose how long the data may be kept', stored: content.retention });
    return { fields: [field], ...(value ? { value: { retention: value } } : {}) };
  },
};

const datesStep: DraftStep = {
  id: 'dates',
  task: 'Dates',
  title: 'When does the agreement hold?',
  intro: 'It holds from its first day, once every party has signed, to the end of its last day. Then what stands on it goes dark.',
  ask(sent, content) {
    const starts = askDate(sent, { name: 'starts', label: 'First day', stored: content.startsOn, example: '1 12 2026' });
    const review = askDate(sent, { name: 'review', label: 'Review day', hint: 'When the parties look at whether it still does what it is for', stored: content.reviewOn, example: '1 6 2027' });
    const ends = askDate(sent, { name: 'ends', label: 'Last day', stored: content.endsOn, example: '30 11 2027' });
    const fields = [starts.field, review.field, ends.field];
    if (!starts.value || !review.value || !ends.value) return { fields };
    if (ends.value < starts.value) return { fields: [starts.field, review.field, { ...ends.field, ...(sent ? { error: 'The last day must not be before the first' } : {}) }] };
    return { fields, value: { startsOn: starts.value, reviewOn: review.value, endsOn: ends.value } };
  },
};

/** In the order of the list of tasks; parties and clauses have pages of their own between them. */
export const draftSteps: readonly DraftStep[] = [
  titleStep,
  textStep('aims', { task: 'Aims', title: 'What is the sharing for?', hint: 'Say what the parties want to reach together', missing: 'Enter the aims' }),
  textStep('benefits', { task: 'Benefits', title: 'Who is better off because of it?', hint: 'People first, then the agencies', missing: 'Enter the benefits' }),
  onwardUseStep,
  retentionStep,
  textStep('quality', { task: 'Quality of data', title: 'How do the parties keep the data right?', hint: 'How mistakes are found, mended, and told to those who have relied on them', missing: 'Enter how the data are kept right' }),
  textStep('rights', { task: 'People’s rights', title: 'How can people use their rights?', hint: 'Who answers a request for access, correction or objection, and by when', missing: 'Enter how people can use their rights' }),
  textStep('security', { task: 'Security', title: 'How are the data kept safe?', hint: 'How they travel, where they lie, who can reach them', missing: 'Enter how the data are kept safe' }),
  textStep('breach', { task: 'If something goes wrong', title: 'What happens if data are lost or seen by the wrong people?', hint: 'Who tells whom, by when', missing: 'Enter what happens if something goes wrong' }),
  datesStep,
];

export interface PartyAnswer {
  agency: string;
  role: AgreementContent['parties'][number]['role'];
  contact: string;
}

/** The questions about one party; its agency is asked only where it is new. */
export function askParty(sent: Sent | null, given: { party: PartyAnswer | undefined; content: DraftContent; vocabulary: AgreementVocabulary }): StepAnswer<PartyAnswer> {
  const { party, content, vocabulary } = given;
  const taken = new Set(content.parties.map(({ agency }) => agency));
  const free = vocabulary.parties.filter((code) => !taken.has(code)).map((value) => ({ value, text: vocabulary.agencies.get(value)! }));
  const agency = party ? undefined : askOne(sent, { name: 'agency', label: 'Which agency?', choices: free, missing: 'Choose an agency', stored: undefined });
  const roleChoices = Object.entries(partyRoleWords).map(([value, text]) => ({ value: value as PartyAnswer['role'], text }));
  const role = askOne(sent, { name: 'role', label: 'What is its part?', choices: roleChoices, missing: 'Choose its part', stored: party?.role });
  const contact = askText(sent, { name: 'contact', label: 'Whom can people ask there?', hint: 'An office and its address, not a person’s name, such as “Data protection officer, dpo@police.example”', longest: 300, missing: 'Enter whom people can ask', stored: party?.contact });
  const fields = [...(agency ? [agency.field] : []), role.field, contact.field];
  const code = party?.agency ?? agency?.value;
  return { fields, ...(code && role.value && contact.value ? { value: { agency: code, role: role.value, contact: contact.value } } : {}) };
}
