// Some hundred people with records in several agencies, for tests: drawn from a seed, with slips and gaps.

import { createRandom } from '../core/index.ts';
import type { Duck } from '../store/index.ts';
import { writeTinyPeople } from './tiny-people.fixture.ts';

export const forenames = ['Margaret', 'Peggy', 'Robert', 'Bob', 'Kamil', 'Agnieszka', 'Daniel', 'Amina', 'Oswin', 'Petra', 'Colin', 'Joan'];
const surnames = ['Thistlewood', 'Smith', 'Okonkwo', "O'Brien", 'Kaminski', 'Khan', 'Smith-Jones', 'van der Berg', 'Ravensdale', 'Marsh'];

/** Records of people, one to three each, with slips and gaps. */
export function makeRows(people: number): Record<string, string | null>[] {
  const random = createRandom(7, 'random people');
  const pick = <T>(values: readonly T[]): T => values[random.below(values.length)]!;
  const two = (n: number) => String(n).padStart(2, '0');
  const made: Record<string, string | null>[] = [];
  for (let person = 0; person < people; person += 1) {
    const birth = `${1940 + random.below(80)}-${two(1 + random.below(12))}-${two(1 + random.below(28))}`;
    const base = {
      forename: pick(forenames), middle_names: random.next() < 0.3 ? pick(forenames) : null, surname: pick(surnames), birth_date: birth, sex: pick(['M', 'F']),
      address: `${1 + random.below(90)} ${pick(['Quay Lane', 'Mill Road', 'Fen View', 'Sluice Street'])}`, postcode: `FM${1 + random.below(9)} ${1 + random.below(9)}AB`,
      phone: `016329${10000 + random.below(89999)}`, email: `person${person}@example.org`,
    };
    for (let copy = 0; copy <= random.below(3); copy += 1) {
      const other: Record<string, string | null> = { ...base };
      if (random.next() < 0.2) other.surname = base.surname.replace('s', 'z');
      if (random.next() < 0.2) other.birth_date = `${birth.slice(0, 8)}${two(1 + random.below(28))}`;
      for (const column of ['postcode', 'address', 'phone', 'email', 'middle_names']) if (random.next() < 0.4) other[column] = null;
      made.push({ source_id: `a${copy}:${String(person).padStart(4, '0')}`, agency: `a${copy}`, local_id: String(person), ...other });
    }
  }
  return made;
}

/** Makes the table source_record of the rows. */
export async function writeRows(duck: Duck, rows: Record<string, string | null>[]): Promise<void> {
  await writeTinyPeople(duck, []);
  await duck.run(`INSERT INTO source_record BY NAME SELECT d.* FROM (SELECT unnest(from_json($rows::JSON, '[{"source_id":"VARCHAR","agency":"VARCHAR","local_id":"VARCHAR","forename":"VARCHAR","middle_names":"VARCHAR","surname":"VARCHAR","birth_date":"DATE","sex":"VARCHAR","address":"VARCHAR","postcode":"VARCHAR","phone":"VARCHAR","email":"VARCHAR"}]')) AS d)`, { rows: JSON.stringify(rows) });
}
