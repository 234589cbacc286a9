// What a lead decides about a case or a file that is due: to keep it until a day, to propose that it be destroyed, to confirm a proposal or to refuse it.

import { addMonths, retentionDay } from '../../govern/index.ts';
import { askDate, askSome, askText, dateNames, readSent, type FormField } from '../form/step-form.ts';
import type { RetentionDeps } from './retention-pages.ts';

/** The most months for which something is kept by decision. */
const longestKept = 120;

export interface DecisionForms {
  keep: FormField[];
  propose: FormField[];
}

/** What is sent: to keep, or to propose; nothing where the page is only read. */
export function readDecision(body: unknown, { clock }: Pick<RetentionDeps, 'clock'>) {
  const act = (body as { act?: unknown } | null)?.act === 'keep' ? 'keep' : 'propose';
  const sent = body === null ? null : readSent(body, ['act', ...dateNames('until'), 'keep-why', 'propose-why']);
  const [toKeep, toPropose] = [act === 'keep' ? sent : null, act === 'propose' ? sent : null];
  const until = askDate(toKeep, { name: 'until', label: 'Last day on which it is kept', hint: `At most ten years from today. For example, ${example(clock.now())}`, example: example(clock.now()), stored: undefined });
  const keepWhy = askText(toKeep, { kind: 'area', name: 'keep-why', label: 'Why is it still needed?', hint: 'Do not write names of people', longest: 1000, missing: 'Enter why it is still needed', stored: undefined });
  const proposeWhy = askText(toPropose, { kind: 'area', name: 'propose-why', label: 'Why is it needed no more?', hint: 'Whom you asked, and what you looked at. It stands on the certificate. Do not write names of people', longest: 1000, missing: 'Enter why it is needed no more', stored: undefined });
  const today = retentionDay(clock);
  if (until.value !== undefined && (until.value <= today || until.value > addMonths(today, longestKept))) {
    until.field.error = 'The day must be after today, and at most ten years from today';
    until.value = undefined;
  }
  return { act, keepUntil: until.value, keepWhy: keepWhy.value, proposeWhy: proposeWhy.value, forms: { keep: [until.field, keepWhy.field], propose: [proposeWhy.field] } };
}

const example = (now: number): string => `27 3 ${new Date(now).getUTCFullYear() + 2}`;

/** What is sent about a proposal: to confirm it, or to refuse it; nothing where the page is only read. */
export function readConfirmation(body: unknown) {
  const act = (body as { act?: unknown } | null)?.act === 'confirm' ? 'confirm' : 'refuse';
  const sent = body === null ? null : readSent(body, ['act', 'confirm', 'refuse-why']);
  const confirm = askSome(act === 'confirm' ? sent : null, { name: 'confirm', label: 'Do you confirm this?', choices: [{ value: 'yes', text: 'I have looked at what will go, and it may go for good' }], missing: 'Confirm that you have looked at what will go', stored: [] });
  const refuse = askText(act === 'refuse' ? sent : null, { kind: 'area', name: 'refuse-why', label: 'Why is it not to be destroyed?', hint: 'Do not write names of people', longest: 1000, missing: 'Enter why it is not to be destroyed', stored: undefined });
  return { act, confirm: confirm.field, refuse: refuse.field, confirmed: confirm.value !== undefined, reason: refuse.value };
}
