// Why the audit shows something for a second look, in plain words: what was counted, what is usual, and how often chance alone does the same.

import { roleTitles } from '../../core/index.ts';
import type { AuditSignal, AuditSignalRules, SignalOutcome } from '../../govern/index.ts';
import { presentCount } from '../frame/date-words.ts';

export const outcomeTags: Record<SignalOutcome, { text: string; classes: string }> = {
  expected: { text: 'As expected', classes: 'govuk-tag--green' },
  'follow-up': { text: 'To follow up', classes: 'govuk-tag--yellow' },
};
export const openTag = { text: 'To look at', classes: 'govuk-tag--blue' };

const people = (count: number) => `${presentCount(count)} ${count === 1 ? 'person or record' : 'people and records'}`;
const times = (count: number) => (count === 1 ? 'Once' : `${presentCount(count)} times`);
const average = (mean: number) => (mean < 10 ? mean.toFixed(1) : presentCount(Math.round(mean)));

const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
function dayWords(days: readonly number[]): string {
  const sorted = [...days].toSorted((a, b) => a - b);
  const inRow = sorted.every((day, at) => at === 0 || day === sorted[at - 1]! + 1);
  return inRow && sorted.length > 2 ? `${dayNames[sorted[0]! - 1]} to ${dayNames[sorted.at(-1)! - 1]}` : sorted.map((day) => dayNames[day - 1]).join(', ');
}

/** "One ordinary day in 1,000". */
export const chanceWords = (falseAlarm: number): string => `about one ordinary day in ${presentCount(Math.round(1 / falseAlarm))}`;

export function signalSentence({ rule, count, usual, role }: AuditSignal, { hours, falseAlarm }: AuditSignalRules): string {
  const limit = usual ? `More than ${presentCount(usual.limit)} comes about by chance on ${chanceWords(falseAlarm)}.` : '';
  const roleName = role === null ? 'this role' : `the role ${(roleTitles as Record<string, string>)[role] ?? role}`;
  switch (rule) {
    case 'more-than-own-usual':
      return `They saw ${people(count)}. On their ${usual!.days} days of work before, it was ${average(usual!.mean)} on average. ${limit}`;
    case 'more-than-role-usual':
      return `They saw ${people(count)}. Others in ${roleName} saw ${average(usual!.mean)} a day on average (${usual!.people} people, ${usual!.days} days). ${limit}`;
    case 'outside-hours':
      return `${times(count)} a person’s record was shown to them outside working hours (${hours.words}, ${dayWords(hours.days)}). Bank holidays are taken as any other day.`;
    case 'broken-glass':
      return `${times(count)} they opened a record in an emergency, or read one so opened, without a clause. Each such opening is reviewed under Break-glass access.`;
    case 'no-relation':
      return `${times(count)} they saw somebody with whom no open case joins them. A clause may allow that.`;
    case 'own-name':
      return `${times(count)} a record that they saw bore their own first and last name. Many people share a name.`;
    case 'own-address':
      return `${times(count)} a record that they saw had the number and postcode of their own address.`;
    case 'many-refusals':
      return `${times(count)} they asked for something and were refused. Often that is a purpose that was not stated, or an agreement that lapsed.`;
    case 'many-exports':
      return `${times(count)} they took a file, an answer of the API or a print.`;
  }
}
