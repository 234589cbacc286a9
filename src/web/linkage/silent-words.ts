// Why the model says nothing of a comparison, in words that a reviewer can check against the two records: who does not give it, or that
// it is given and is not counted. Never a guess: where the records alone do not tell, the words say no more than is certain.

import type { PairParts, ReviewRecord } from '../../linkage/index.ts';

/** What each comparison of the person preset reads of a record; one filled column is enough. */
const columnsOf: Readonly<Record<string, readonly string[]>> = {
  Forename: ['forename'],
  Surname: ['surname'],
  'Middle name': ['middle_names'],
  'Date of birth': ['birth_date', 'born_about'],
  Sex: ['sex'],
  Home: ['address', 'postcode'],
  'NHS number': ['nhs_number'],
  UPN: ['upn'],
  Telephone: ['phone'],
  'E-mail': ['email'],
};

/** Levels of the forename that speak of the surname too, which then says nothing of its own. */
const countedWithForename: Readonly<Record<string, string>> = {
  'Forename and surname are swapped': 'with which it is swapped',
  "One's forename is the other's surname": "since one's forename is the other's surname",
};

const countedSex = new Set(['M', 'F']);

/** The words for a comparison without a level, such as "Telephone: only record A gives it". */
export function silentWords(label: string, { left, right, parts }: { left: ReviewRecord; right: ReviewRecord; parts: PairParts }): string {
  const columns = columnsOf[label];
  if (!columns) return `${label}: not counted`;
  const gives = ({ values }: ReviewRecord): boolean => columns.some((column) => values[column]);
  if (!gives(left) && !gives(right)) return `${label}: neither record gives it`;
  if (!gives(left) || !gives(right)) return `${label}: only record ${gives(left) ? 'A' : 'B'} gives it`;
  const sex = left.values.sex;
  if (label === 'Sex' && sex && countedSex.has(sex) && sex === right.values.sex) return 'Sex: the same, but not counted, since the same forename mostly gives it';
  const counted = label === 'Surname' ? parts.comparisons.map(({ level }) => countedWithForename[level ?? '']).find((words) => words !== undefined) : undefined;
  if (counted) return `Surname: counted with the forename, ${counted}`;
  return `${label}: given by both, but not in a way that can be compared`;
}
