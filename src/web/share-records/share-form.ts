// The questions about a decision to share or to withhold, read back into a record. Everything that was typed is kept on the page, whatever is wrong.

import { britishDayOf, consents, shareDecisions, type AgreementPacks, type Consent, type NewShareRecord, type ShareDecision } from '../../govern/index.ts';
import { powerChoices, type AgreementVocabulary } from '../agreements/agreement-vocabulary.ts';
import { askDate, askGroups, askOne, askSome, askText, type Choice, type FormField, type Sent } from '../form/step-form.ts';
import type { FieldProblem } from '../form/sent-fields.ts';

export const decisionWords: Record<ShareDecision, string> = { share: 'Shared', withhold: 'Not shared' };
export const consentWords: Record<Consent, string> = { given: 'Asked, and they agreed', refused: 'Asked, and they did not agree', 'not-sought': 'Not asked' };

export interface ShareForm {
  fields: FormField[];
  /** Absent where something is wrong. The person is still to be looked up. */
  record?: NewShareRecord;
}

interface Given {
  packs: AgreementPacks;
  vocabulary: AgreementVocabulary;
  /** Code of the agency whose decision it is. */
  from: string;
  now: number;
  personKey: string;
}

const anotherBody = 'another-body';

/** The fields as they stand before anything is sent, or as they were sent with what is wrong. */
export function readShareForm(sent: Sent | null, { packs, vocabulary, from, now, personKey }: Given): ShareForm {
  const today = britishDayOf(now);
  const decision = askOne(sent, { name: 'decision', label: 'What was decided?', missing: 'Choose what was decided', stored: undefined, choices: shareDecisions.map((value) => ({ value, text: { share: 'To share information', withhold: 'Not to share information' }[value] })) });
  const person = askText(sent, { name: 'person', label: 'The person’s key', hint: 'It stands at the end of their record, such as P0123456789abcdef', longest: 100, missing: 'Enter the person’s key', stored: personKey });
  const what = askText(sent, { kind: 'area', name: 'what', label: 'What information?', hint: 'What was asked for, and what was shared of it. Do not write out the information itself', longest: 2000, missing: 'Enter what information it is about', stored: undefined });
  const items = askSome(sent, { name: 'items', label: 'Which of these records does it come from?', hint: 'Choose all that apply, or none where it is not in Headwater', missing: null, stored: [], choices: itemChoices(vocabulary, from) });
  const to = askOne(sent, { name: 'to', label: 'Who asked for it, or was to have it?', missing: 'Choose who asked for it, or was to have it', stored: undefined, choices: [...vocabulary.parties.filter((code) => code !== from).map((code) => ({ value: code, text: vocabulary.agencies.get(code)! })), { value: anotherBody, text: 'Another body, outside the partnership' }] });
  const other = askText(sent, { name: 'other', label: 'Name of the other body', hint: 'Only where it is outside the partnership', longest: 300, missing: 'Enter the name of the other body', stored: undefined });
  const purpose = askOne(sent, { name: 'purpose', label: 'For which purpose?', missing: 'Choose the purpose', stored: undefined, choices: [...packs.purposes.values()].filter(({ identified }) => identified).map(({ code, title, says }) => ({ value: code, text: title, hint: says })) });
  const ground = askGroups(sent, { name: 'ground', label: 'Which legal powers were relied on?', hint: 'Choose each that was relied on. Where it was not shared, you may choose none.', missing: 'Choose at least one power: what is shared needs a legal basis', stored: [], groups: powerChoices(vocabulary) });
  const reasons = askText(sent, { kind: 'area', name: 'reasons', label: 'Why was this decided?', hint: 'What made it necessary or not, and why no more and no less', longest: 4000, missing: 'Enter why this was decided', stored: undefined });
  const consent = askOne(sent, { name: 'consent', label: 'Was the person asked whether they agree?', missing: 'Choose whether the person was asked', stored: undefined, choices: consents.map((value) => ({ value, text: consentWords[value] })) });
  const why = askText(sent, { kind: 'area', name: 'why', label: 'Why without their agreement?', hint: 'Needed where they were not asked, or where it was shared although they did not agree', longest: 2000, missing: 'Enter why it was decided without their agreement', stored: undefined });
  const by = askText(sent, { name: 'by', label: 'Who decided?', hint: 'Leave empty where you did. Otherwise their sign-in, or their office where they have none', longest: 200, missing: '', stored: undefined });
  const day = askDate(sent, { name: 'day', label: 'Day of the decision', example: '27 3 2026', stored: undefined });

  const withheld = decision.value === 'withhold';
  const needsWhy = consent.value === 'not-sought' || (consent.value === 'refused' && !withheld);
  settle(other, sent?.text('other') === '' && to.value !== anotherBody);
  settle(ground, withheld && (sent?.list('ground').length ?? 0) === 0, []);
  settle(why, sent?.text('why') === '' && !needsWhy);
  settle(by, sent?.text('by') === '');
  if (day.value !== undefined && day.value > today) {
    day.field.error = 'The day of the decision must be today or in the past';
    day.value = undefined;
  }
  if (sent && other.value && to.value !== undefined && to.value !== anotherBody) other.field.error = 'Choose “Another body” above, or leave this empty';

  const fields = [decision, person, what, items, to, other, purpose, ground, reasons, consent, why, by, day].map(({ field }) => field);
  if (!sent || fields.some(({ error }) => error !== undefined)) return { fields };
  return {
    fields,
    record: {
      decision: decision.value!, personKey: person.value!, items: items.value!, what: what.value!, to: to.value === anotherBody ? { other: other.value! } : { agency: to.value! }, purpose: purpose.value!,
      ground: ground.value!, reasons: reasons.value!, consent: consent.value!, consentWhy: why.value ?? null, decidedOn: day.value!, ...(by.value === undefined ? {} : { decidedBy: by.value }),
    },
  };
}

/** Leaves an answer out that is not needed. */
function settle<T>(read: { field: FormField; value: T | undefined }, notNeeded: boolean, value?: T): void {
  if (!notNeeded) return;
  delete read.field.error;
  read.value = value;
}

function itemChoices({ feeds, sections }: AgreementVocabulary, from: string): (Choice & { value: string })[] {
  return [
    ...[...feeds.values()].filter(({ agency }) => agency === from).map(({ feed, title }) => ({ value: feed, text: title })),
    ...[...sections].filter(([section]) => section !== 'lead').map(([section, title]) => ({ value: `case/${section}`, text: `A case: ${title.replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase())}` })),
  ];
}

/** Names a field as wrong after it was read. */
export function fault(fields: readonly FormField[], name: string, text: string): FieldProblem {
  const field = fields.find((each) => each.name === name);
  if (field) field.error = text;
  return { href: `#${name}`, text };
}
