// One question on a page: the fields that it shows, what was sent read back into them, and what is wrong with it. What was typed is kept
// whatever happens; a name that the page did not show is refused.

import { Problem } from '../../core/index.ts';
import { realDay, type FieldProblem } from './sent-fields.ts';

export interface Choice {
  value: string;
  text: string;
  hint?: string;
}

type ChoiceItem = Choice & { checked: boolean; id: string };

interface Shown {
  name: string;
  label: string;
  hint?: string;
  error?: string;
}

export type FormField =
  | (Shown & { kind: 'text' | 'area'; value: string; longest: number })
  | (Shown & { kind: 'radios' | 'checkboxes'; items: ChoiceItem[] })
  | (Shown & { kind: 'groups'; groups: { label: string; items: ChoiceItem[] }[] })
  | (Shown & { kind: 'file'; accept: string })
  | (Shown & { kind: 'date'; parts: { day: string; month: string; year: string } });

/** What a form sent: read only by the names that its page shows. */
export interface Sent {
  text(name: string): string;
  list(name: string): string[];
}

const badForm = () => new Problem('usage', { what: 'This form holds something that its page does not ask for', todo: 'Go back to the page, load it again, and answer there.' });

/** A Problem where the body holds a name that is not expected, or a text twice. */
export function readSent(body: unknown, names: readonly string[]): Sent {
  const held = new Map(Object.entries((body ?? {}) as Record<string, unknown>));
  for (const [name, value] of held) {
    const fine = typeof value === 'string' || (Array.isArray(value) && value.every((item) => typeof item === 'string'));
    if (!fine || (name !== 'form-token' && !names.includes(name))) throw badForm();
  }
  const list = (name: string) => [...new Set([held.get(name) ?? []].flat() as string[])];
  return {
    list,
    text(name) {
      const value = held.get(name) ?? '';
      if (typeof value !== 'string') throw badForm();
      return value.replaceAll('\r\n', '\n').trim();
    },
  };
}

/** A field together with its value, where it is right. */
export interface Read<T> {
  field: FormField;
  value: T | undefined;
}

export interface TextAsked extends Pick<Shown, 'name' | 'label' | 'hint'> {
  kind?: 'text' | 'area';
  longest: number;
  missing: string;
  /** As kept so far. */
  stored: string | undefined;
}

const counted = (count: number) => count.toLocaleString('en-GB');

export function askText(sent: Sent | null, { kind = 'text', missing, stored, ...asked }: TextAsked): Read<string> {
  const value = sent ? sent.text(asked.name) : (stored ?? '');
  const wrong = value === '' ? missing : value.length > asked.longest ? `${asked.label.replace(/\?$/, '')}: use ${counted(asked.longest)} characters or fewer. You have ${counted(value.length)}` : undefined;
  return { field: { ...asked, kind, value, ...(sent && wrong ? { error: wrong } : {}) }, value: wrong ? undefined : value };
}

export interface ChoiceAsked<T extends string> extends Pick<Shown, 'name' | 'label' | 'hint'> {
  choices: readonly (Choice & { value: T })[];
  missing: string;
}

const idOf = (name: string, place: number) => (place === 0 ? name : `${name}-${place + 1}`);
const unknownChoice = 'Choose only from the list';

export function askOne<T extends string>(sent: Sent | null, { choices, missing, stored, ...asked }: ChoiceAsked<T> & { stored: T | undefined }): Read<T> {
  const value = sent ? sent.text(asked.name) : stored;
  const known = choices.find((choice) => choice.value === value)?.value;
  const wrong = known ? undefined : value ? unknownChoice : missing;
  const items = choices.map((choice, place) => ({ ...choice, checked: choice.value === value, id: idOf(asked.name, place) }));
  return { field: { ...asked, kind: 'radios', items, ...(sent && wrong ? { error: wrong } : {}) }, value: known };
}

/** Several of a list; none is right only where `missing` is null. */
export function askSome<T extends string>(sent: Sent | null, { choices, missing, stored, ...asked }: Omit<ChoiceAsked<T>, 'missing'> & { missing: string | null; stored: readonly string[] }): Read<T[]> {
  const values = sent ? sent.list(asked.name) : stored;
  const known = choices.filter((choice) => values.includes(choice.value)).map(({ value }) => value);
  const wrong = sent && values.length > known.length ? unknownChoice : known.length === 0 && missing !== null ? missing : undefined;
  const items = choices.map((choice, place) => ({ ...choice, checked: values.includes(choice.value), id: idOf(asked.name, place) }));
  return { field: { ...asked, kind: 'checkboxes', items, ...(sent && wrong ? { error: wrong } : {}) }, value: wrong ? undefined : known };
}

/** As askSome, with the choices under headings of their own. */
export function askGroups(sent: Sent | null, { groups, stored, missing, ...asked }: Pick<Shown, 'name' | 'label' | 'hint'> & { groups: readonly { label: string; choices: readonly Choice[] }[]; stored: readonly string[]; missing: string }): Read<string[]> {
  const all = groups.flatMap(({ choices }) => choices);
  const { field, value } = askSome(sent, { ...asked, choices: all, stored, missing });
  const items = new Map((field.kind === 'checkboxes' ? field.items : []).map((item) => [item.value, item]));
  return { field: { ...asked, kind: 'groups', groups: groups.map(({ label, choices }) => ({ label, items: choices.map((choice) => items.get(choice.value)!) })), ...(field.error ? { error: field.error } : {}) }, value };
}

/** Names of the three parts of a date. */
export const dateNames = (name: string): string[] => ['day', 'month', 'year'].map((part) => `${name}-${part}`);

export function askDate(sent: Sent | null, { stored, example, ...asked }: Pick<Shown, 'name' | 'label' | 'hint'> & { stored: string | undefined; example: string }): Read<string> {
  const [year = '', month = '', day = ''] = (stored ?? '').split('-');
  const parts = sent ? { day: sent.text(`${asked.name}-day`), month: sent.text(`${asked.name}-month`), year: sent.text(`${asked.name}-year`) } : { day: day.replace(/^0/, ''), month: month.replace(/^0/, ''), year };
  const value = realDay(parts);
  const what = `${asked.label.replace(/^./, (letter) => letter.toLowerCase())}`;
  const wrong = value ? undefined : Object.values(parts).every((part) => part === '') ? `Enter the ${what}, like ${example}` : `The ${what} must be a real date, like ${example}`;
  return { field: { ...asked, kind: 'date', parts, ...(sent && wrong ? { error: wrong } : {}) }, value };
}

/** Where the error summary leads for each field that is wrong. */
export function problemsOf(fields: readonly FormField[]): FieldProblem[] {
  return fields.flatMap((field) => (field.error ? [{ text: field.error, href: `#${field.kind === 'date' ? `${field.name}-day` : field.name}` }] : []));
}

/** Names that a form with these fields may send. */
export const namesOf = (fields: readonly FormField[]): string[] => fields.flatMap((field) => (field.kind === 'date' ? dateNames(field.name) : [field.name]));
