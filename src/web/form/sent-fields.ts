// What was sent in the fields of a form or of an address, read one by one: a text, a day; and what is wrong with a field, said where it stands.

import { isRealDay } from '../../govern/index.ts';

export interface FieldProblem {
  /** Of the element to go to. */
  href: string;
  text: string;
}

/** The trimmed text of a field; empty where it was not sent, or sent twice. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');

/** "2026-11-03" from its three fields, where there is such a day. */
export function realDay({ day, month, year }: { day: string; month: string; year: string }): string | undefined {
  if (!/^\d{1,2}$/.test(day) || !/^\d{1,2}$/.test(month) || !/^\d{4}$/.test(year)) return undefined;
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isRealDay(text) ? text : undefined;
}

/** What is wrong, by the id of the field, as the components of a form take it. */
export const errorsAt = (problems: readonly FieldProblem[]): Record<string, { text: string }> => Object.fromEntries(problems.map(({ text, href }) => [href.slice(1), { text }]));
