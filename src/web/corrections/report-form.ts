// What is asked of whoever reports a wrong fact: what is right, in the way of its column, the evidence, and who asked. What the fact says is never asked: the
// record has it.

import { correctionAskers, readRight, type CorrectionReport, type RecordColumn } from '../../govern/index.ts';
import { askDate, askOne, askSome, askText, dateNames, type FormField, type Read, type Sent } from '../form/step-form.ts';
import { presentValue } from '../people/person-view.ts';
import { askerWords } from './correction-pages.ts';

const ways = ['value', 'not-so'] as const;
/** Longer lists are typed. */
const mostChoices = 60;

/** Names that the form may send, beside those that say which fact it is. */
export const reportNames: readonly string[] = ['way', 'right', ...dateNames('right'), 'evidence', 'asked'];

const hints: Partial<Record<string, string>> = { datetime: 'For example, 27 3 2026 22:10', month: 'For example, 3 2026', list: 'Where there are several, write “; ” between', 'nhs-number': '10 digits' };

function askRight(sent: Sent | null, column: RecordColumn): Read<string> {
  const { type, codes = [] } = column;
  const asked = { name: 'right', label: 'What is right?', stored: undefined };
  const missing = 'Enter what is right';
  const choices = codes.map((value) => ({ value, text: presentValue(column, value) }));
  if (type === 'date') {
    const day = askDate(sent, { ...asked, hint: 'For example, 27 3 2012', example: '27 3 2012' });
    if (sent && day.field.error) day.field.error = isEmpty(sent, day.field) ? `${missing}, like 27 3 2012` : 'What is right must be a real date, like 27 3 2012';
    return day;
  }
  if (type === 'boolean') return askOne(sent, { ...asked, missing: 'Choose what is right', choices: [{ value: 'true', text: 'Yes' }, { value: 'false', text: 'No' }] });
  const few = choices.length > 0 && choices.length <= mostChoices;
  if (type === 'code' && few) return askOne(sent, { ...asked, missing: 'Choose what is right', choices });
  if (type === 'list' && few) {
    const { field, value } = askSome(sent, { ...asked, hint: 'All that should stand here', missing: 'Choose what is right', choices, stored: [] });
    return { field, value: value?.join('; ') };
  }
  return askText(sent, { ...asked, longest: 2000, missing, ...(hints[type] ? { hint: hints[type] } : {}) });
}

const isEmpty = (sent: Sent, field: FormField): boolean => (field.kind === 'date' ? dateNames('right').every((name) => sent.text(name) === '') : sent.list('right').every((each) => each.trim() === ''));

/** The questions, and the report where all are answered. */
export function readReportForm(sent: Sent | null, column: RecordColumn): { fields: FormField[]; report?: CorrectionReport } {
  const way = askOne(sent, { name: 'way', label: 'What is wrong?', missing: 'Choose what is wrong', stored: undefined, choices: [{ value: ways[0], text: 'It should say something else' }, { value: ways[1], text: 'It is not so, and nothing should stand here' }] });
  const right = askRight(sent, column);
  if (sent && way.value === 'not-so') {
    delete right.field.error;
    // What is chosen of a list cannot be taken back without script: it is left aside.
    if (right.field.kind !== 'radios' && !isEmpty(sent, right.field)) right.field.error = 'Leave this empty where nothing should stand here';
  }
  const read = way.value === 'value' && right.value !== undefined ? readRight(column, right.value) : undefined;
  if (read && !read.ok) right.field.error = read.says;
  const evidence = askText(sent, { kind: 'area', name: 'evidence', label: 'How do you know?', hint: 'What you saw, and who told you. Such as “Birth certificate, seen on 27 March”', longest: 4000, missing: 'Enter how you know', stored: undefined });
  const asked = askOne(sent, { name: 'asked', label: 'Who asked for it?', missing: 'Choose who asked for it', stored: undefined, choices: correctionAskers.map((value) => ({ value, text: askerWords[value] })) });
  const fields = [way, right, evidence, asked].map(({ field }) => field);
  if (!sent || fields.some(({ error }) => error !== undefined)) return { fields };
  return { fields, report: { right: read?.ok ? read.value : null, evidence: evidence.value!, askedBy: asked.value! } };
}
