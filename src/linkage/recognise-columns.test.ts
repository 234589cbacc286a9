import { describe, expect, it } from 'vitest';
import type { ColumnProfile } from './column-profile.store.ts';
import { recogniseColumns } from './recognise-columns.ts';

/** A column of words that says nothing by itself, but for what is given. */
const column = (name: string, given: Partial<ColumnProfile> = {}): ColumnProfile => ({
  name, rows: 1000, filled: 1000, distinct: 500, top: 0.01, length: 7, oneLength: 0.3, date: 0, email: 0, postcode: 0, phone: 0, nhs: 0, upn: 0, sex: 0, numberSex: 0,
  letters: 0, twoWords: 0, initial: 0, forename: 0, surname: 0, street: 0, house: 0, whole: 0, decimal: 0, year: 0, code: 0, ethnicity: 0, spread: 0, formats: [], ...given,
});
const roles = (...columns: ColumnProfile[]) => Object.fromEntries(recogniseColumns(columns).map(({ column: name, role }) => [name, role]));
const forename = (name: string, more: Partial<ColumnProfile> = {}) => column(name, { letters: 1, forename: 0.8, surname: 0.02, ...more });
const surname = (name: string, more: Partial<ColumnProfile> = {}) => column(name, { letters: 1, forename: 0.05, surname: 0.4, ...more });

describe('recogniseColumns', () => {
  it('knows names by their values, whatever the headings', () => {
    expect(roles(column('ref', { whole: 1, distinct: 1000 }), surname('a'), forename('b'))).toEqual({ ref: 'not used', a: 'surname', b: 'forename' });
  });

  it('takes a second column of forenames for middle names, and a heading that says so', () => {
    expect(roles(forename('given', { forename: 0.9 }), forename('second', { forename: 0.5 }), surname('family'))).toMatchObject({ given: 'forename', second: 'middle_names', family: 'surname' });
    expect(roles(forename('first_name'), column('middle_name', { letters: 1 }), surname('last_name'))).toMatchObject({ middle_name: 'middle_names' });
  });

  it('takes a whole name where there are no parts, and leaves it out where there are', () => {
    const whole = column('name', { letters: 1, twoWords: 0.98, forename: 0.7, surname: 0.4 });
    expect(roles(whole)).toEqual({ name: 'full_name' });
    expect(roles(forename('first_name'), surname('surname'), whole)).toMatchObject({ name: 'not used' });
  });

  it('tells the date of birth from other dates by heading, else by the spread of years', () => {
    const dates = { date: 1, formats: ['%d/%m/%Y'] };
    expect(roles(column('visit_date', { ...dates, spread: 60 }), column('dob', { ...dates, spread: 50 }))).toEqual({ visit_date: 'not used', dob: 'birth_date' });
    expect(roles(column('x', { ...dates, spread: 2 }), column('y', { ...dates, spread: 70 }))).toEqual({ x: 'not used', y: 'birth_date' });
    expect(recogniseColumns([column('dob', { ...dates, spread: 50 })])[0]!.formats).toEqual(['%d/%m/%Y']);
  });

  it('takes a year for the year of birth only where the heading says birth', () => {
    expect(roles(column('birth_year', { year: 1, whole: 1, oneLength: 1, length: 4 }), column('year', { year: 1, whole: 1, oneLength: 1, length: 4 }))).toEqual({ birth_year: 'born_about', year: 'not used' });
  });

  it('knows issued numbers, telephones and e-mail by their form', () => {
    expect(roles(column('n', { nhs: 0.98, whole: 1 }), column('u', { upn: 0.99 }), column('t', { phone: 0.95 }), column('m', { email: 0.9 }))).toEqual({ n: 'nhs_number', u: 'upn', t: 'phone', m: 'email' });
    expect(roles(column('n', { nhs: 0.09, whole: 1, distinct: 1000 }))).toEqual({ n: 'not used' });
  });

  it('knows postcodes by form, and sex by its few words, numbers only under a heading', () => {
    expect(roles(column('pc', { postcode: 0.95 }), column('s', { sex: 1, distinct: 3, letters: 1 }))).toEqual({ pc: 'postcode', s: 'sex' });
    expect(roles(column('gender', { numberSex: 1, distinct: 3, whole: 1, length: 1 }))).toEqual({ gender: 'sex' });
    expect(roles(column('flag', { numberSex: 1, distinct: 3, whole: 1, length: 1 }))).toEqual({ flag: 'not used' });
  });

  it('joins a column of house numbers to the street that follows it', () => {
    expect(roles(column('number', { house: 0.95, whole: 0.9, length: 2 }), column('line_1', { street: 0.8, letters: 0.9 }))).toEqual({ number: 'address', line_1: 'address' });
  });

  it('leaves out what is empty, holds one value, tells the answer, or is ethnicity or religion', () => {
    expect(roles(column('a', { filled: 0, distinct: 0 }), column('b', { distinct: 1 }), column('cluster', { whole: 1 }), column('e', { ethnicity: 0.9, letters: 1, distinct: 6 }), column('religion', { letters: 1, distinct: 6 }))).toEqual({ a: 'not used', b: 'not used', cluster: 'not used', e: 'not used', religion: 'not used' });
  });

  it('takes shared words and codes for further evidence, at most six and three, and nothing that differs in every record', () => {
    const words = Array.from({ length: 8 }, (_, index) => column(`town_${index}`, { letters: 1, distinct: 40 }));
    const codes = Array.from({ length: 4 }, (_, index) => column(`code_${index}`, { code: 1, distinct: 900, oneLength: 0.9 }));
    const found = Object.values(roles(...words, ...codes, column('key', { code: 1, distinct: 1000 })));
    expect(['words', 'number', 'not used'].map((role) => found.filter((one) => one === role).length)).toEqual([6, 3, 4]);
  });

  it('gives every column one role and a reason, in the order of the file', () => {
    const columns = [surname('z'), forename('y'), column('x', { date: 1, spread: 60 }), column('w')];
    const found = recogniseColumns(columns);
    expect(found.map(({ column: name }) => name)).toEqual(['z', 'y', 'x', 'w']);
    expect(found.every(({ reason }) => reason.length > 5)).toBe(true);
  });
});
