// Two records side by side: which fields a reviewer sees, in which order, how each is written, and what differs, in words and letter by letter.

import { markDifferences, markOf, type FieldMark, type ReviewRecord, type TextPart } from '../../linkage/index.ts';
import { presentDate } from '../frame/date-words.ts';

export interface FieldRow {
  label: string;
  left: TextPart[] | null;
  right: TextPart[] | null;
  mark: FieldMark;
}

const grouped = (value: string, sizes: number[]): string => {
  const digits = value.replaceAll(/\s/g, '');
  if (digits.length !== sizes.reduce((sum, size) => sum + size, 0)) return value;
  let at = 0;
  return sizes.map((size) => digits.slice(at, (at += size))).join(' ');
};

/** `coded`: one of a few words, whose letters say nothing. */
const fields: readonly { column: string; label: string; write?: (value: string) => string; coded?: true }[] = [
  { column: 'forename', label: 'Forename' },
  { column: 'middle_names', label: 'Middle names' },
  { column: 'surname', label: 'Surname' },
  { column: 'birth_date', label: 'Date of birth', write: presentDate },
  { column: 'born_about', label: 'Born about', write: (value) => value },
  { column: 'sex', label: 'Sex', write: (value) => ({ M: 'Male', F: 'Female' })[value] ?? value, coded: true },
  { column: 'address', label: 'Address' },
  { column: 'postcode', label: 'Postcode' },
  { column: 'other_postcodes', label: 'All postcodes' },
  { column: 'nhs_number', label: 'NHS number', write: (value) => grouped(value, [3, 3, 4]) },
  { column: 'upn', label: 'Pupil number (UPN)' },
  { column: 'phone', label: 'Telephone' },
  { column: 'email', label: 'E-mail' },
  { column: 'ethnicity', label: 'Ethnicity (not compared)', coded: true },
];

/** The rows of the table; fields that neither record holds are left out, but for those that say most about a person. */
export function presentFields(left: ReviewRecord, right: ReviewRecord): FieldRow[] {
  const always = new Set(['forename', 'surname', 'birth_date', 'postcode']);
  return fields.flatMap(({ column, label, write = (value: string) => value, coded }): FieldRow[] => {
    const [a, b] = [left, right].map(({ values }) => values[column] ?? null).map((value) => (value === null ? null : write(value)));
    const mark = markOf(a!, b!);
    if (mark === 'Not recorded' && !always.has(column)) return [];
    // A list of one postcode says what the postcode says.
    if (column === 'other_postcodes' && ![a, b].some((value) => value?.includes(','))) return [];
    const whole = (value: string | null): TextPart[] | null => (value === null ? null : [{ text: value, differs: false }]);
    const [leftParts, rightParts] = a && b && !coded ? markDifferences(a, b) : [whole(a!), whole(b!)];
    return [{ label, left: leftParts, right: rightParts, mark }];
  });
}

export interface GroupFieldRow {
  label: string;
  /** For each group, its different values, those of most records first; empty where none is recorded. */
  cells: { text: string; records: number; of: number }[][];
  mark: FieldMark | 'Partly the same';
}

/** How the values of the first group stand to those of the others, taken together. */
function groupMark([first = [], ...others]: string[][]): GroupFieldRow['mark'] {
  const rest = [...new Set(others.flat())];
  const one = (values: string[]) => (values.length === 0 ? null : values[0]!);
  if (first.length <= 1 && rest.length <= 1) return markOf(one(first), one(rest));
  if (first.length === 0 || rest.length === 0) return 'Recorded once';
  const shared = first.filter((value) => rest.includes(value)).length;
  if (shared === first.length && shared === rest.length) return 'Same';
  if (shared > 0) return 'Partly the same';
  return first.some((value) => rest.some((other) => markOf(value, other) === 'Written differently')) ? 'Written differently' : 'Different';
}

/** The rows of a table of groups of records side by side, such as the two parts of a person. */
export function presentFieldGroups(groups: readonly (readonly ReviewRecord[])[]): GroupFieldRow[] {
  return fields.flatMap(({ column, label, write = (value: string) => value }): GroupFieldRow[] => {
    const cells = groups.map((records) => {
      const values = records.flatMap(({ values: held }) => (held[column] ? [write(held[column])] : []));
      return [...Map.groupBy(values, (value) => value)].map(([text, list]) => ({ text, records: list.length, of: records.length })).toSorted((a, b) => b.records - a.records || (a.text < b.text ? -1 : 1));
    });
    if (cells.every((cell) => cell.length === 0) || (column === 'other_postcodes' && !cells.flat().some(({ text }) => text.includes(',')))) return [];
    return [{ label, cells, mark: groupMark(cells.map((cell) => cell.map(({ text }) => text))) }];
  });
}

/** One line that tells records apart in a list: "William Ash, born 1 February 1980". */
export function recordLine({ values }: ReviewRecord): string {
  const name = [values.forename, values.surname].filter(Boolean).join(' ') || 'No name recorded';
  const born = values.birth_date ? `, born ${presentDate(values.birth_date)}` : values.born_about ? `, born about ${values.born_about}` : '';
  return `${name}${born}${values.postcode ? `, ${values.postcode}` : ''}`;
}
