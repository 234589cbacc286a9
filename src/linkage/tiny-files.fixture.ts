// Records of people with slips, of two agencies, for tests of linking files: made by a seed, with the person known.

import { createRandom } from '../core/index.ts';

export const tinyHeadings = 'ref,agency,given,family,dob,postcode,phones,height,sex,person';
const forenames = ['margaret', 'daniel', 'susan', 'imran', 'patricia', 'robert', 'aisha', 'piotr', 'chloe', 'george', 'hannah', 'kwame', 'olivia', 'liam', 'zofia', 'samuel', 'grace', 'arthur', 'priya', 'dylan'];
const surnames = ['thompson', 'hughes', 'walker', 'hussain', 'evans', 'okafor', 'kowalski', 'bennett', 'carter', 'singh', 'murphy', 'fletcher', 'ahmed', 'dawson', 'pearce', 'lambert', 'nowak', 'griffiths', 'barker', 'osborne', 'whitfield', 'marsh'];

/** Rows of CSV: `people` persons, each with one record of police and, for two of three, one of council, in which a field may be off. */
export function tinyRows(people: number, seed = 1): string[] {
  const random = createRandom(seed, 'tiny files');
  const pick = (list: string[]) => list[random.below(list.length)]!;
  const two = (n: number) => String(n).padStart(2, '0');
  const rows: string[] = [];
  for (let person = 0; person < people; person += 1) {
    const [given, family] = [pick(forenames), pick(surnames)];
    const date = { day: 1 + random.below(28), month: 1 + random.below(12), year: 1940 + random.below(70) };
    const postcode = `FM${1 + random.below(9)} ${random.below(10)}${'ABDEFGHJLNPQRSTUWXYZ'[random.below(20)]}${'ABDEFGHJLNPQRSTUWXYZ'[random.below(20)]}`;
    const phone = `07${String(100_000_000 + random.below(899_999_999))}`;
    const height = 150 + random.below(45);
    const sex = random.below(2) === 0 ? 'F' : 'M';
    rows.push([person, 'police', given, family, `${two(date.day)}/${two(date.month)}/${date.year}`, postcode, phone, height, sex, person].join(','));
    if (random.below(3) === 0) continue;
    const slip = random.below(6);
    const spelt = slip === 0 ? family.slice(0, -1) : family;
    const year = slip === 1 ? date.year + 1 : date.year;
    const phones = slip === 2 ? '' : `${phone}|07${String(100_000_000 + random.below(899_999_999))}`;
    rows.push([person, 'council', slip === 3 ? '' : given, spelt, `${two(date.day)}/${two(date.month)}/${year}`, slip === 4 ? '' : postcode, phones, height + random.below(3), sex, person].join(','));
  }
  return rows;
}
