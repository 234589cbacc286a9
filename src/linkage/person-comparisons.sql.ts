// How do two records of people agree? Comparison templates for names, dates, homes, identifiers and contacts, as levels in SQL over
// the prepared records `l` and `r` and the similarities `s`. Starting m and u are orders of magnitude from published linkage
// studies (Newcombe 1988; Winkler 1990; Blakely and Salmond 2002); training replaces them.

import type { Comparison, ComparisonLevel } from './linkage-settings.ts';

const both = (column: string) => `l.${column} IS NULL OR r.${column} IS NULL`;
/**
 * A test that is made only where a cheap one holds. AND alone would make both for every pair: the engine works out both sides of an AND,
 * but the branches of a CASE only for the rows that reach them.
 */
const onlyWhere = (cheap: string, costly: string): string => `(CASE WHEN ${cheap} THEN ${costly} ELSE FALSE END)`;
/** Each name is near the other's other name. */
const swapped = onlyWhere(
  'l.forename_letter = r.surname_letter AND l.surname_letter = r.forename_letter AND l.forename <> r.forename',
  onlyWhere('jaro_winkler_similarity(l.forename, r.surname) >= 0.88', 'jaro_winkler_similarity(l.surname, r.forename) >= 0.88'),
);
/** A record's only name stands in the forename's column and is, or is near, the other's surname. */
const lone = [['l', 'r'], ['r', 'l']].map(([a, b]) => onlyWhere(`${a}.surname IS NULL AND ${a}.forename_letter = ${b}.surname_letter`, `jaro_winkler_similarity(${a}.forename, ${b}.surname) >= 0.92`)).join(' OR ');
/** One's forename is, or is near, the other's surname: names written in the other order, of which the other has changed or is left out. */
const crossed = [['l', 'r'], ['r', 'l']].map(([a, b]) => onlyWhere(`${a}.forename_letter = ${b}.surname_letter AND l.forename <> r.forename AND length(${a}.forename) > 1`, `jaro_winkler_similarity(${a}.forename, ${b}.surname) >= 0.92`)).join(' OR ');
/** One slip in a name of two to five letters, after its first: Jaro and Winkler's measure, made for longer names, calls Ali and Ai as far apart as Ali and Bo. */
const shortSlip = (column: 'forename' | 'surname'): string =>
  onlyWhere(`l.${column}_letter = r.${column}_letter AND least(length(l.${column}), length(r.${column})) >= 2 AND greatest(length(l.${column}), length(r.${column})) <= 5`, `damerau_levenshtein(l.${column}, r.${column}) = 1`);
/** One is a form of the other by the nicknames, or holds the other whole. */
const variant = `${onlyWhere('l.forename_forms IS NOT NULL AND r.forename_forms IS NOT NULL', 'list_has_any(l.forename_forms, r.forename_forms)')} OR (length(l.forename) >= 4 AND contains(r.forename, l.forename)) OR (length(r.forename) >= 4 AND contains(l.forename, r.forename))`;
const similarity = (column: string) => `CASE WHEN l.${column} <> r.${column} THEN jaro_winkler_similarity(l.${column}, r.${column}) END`;

/** Forename: exact, swapped with the surname, an only name that is the other's surname, a form of the same name, near, the other's middle name, similar, initial, different. */
export function forenameComparison(): Comparison {
  return {
    name: 'forename',
    label: 'Forename',
    columns: ['forename', 'forename_forms', 'forename_sounds', 'forename_letter', 'middle', 'surname', 'surname_letter'],
    missing: both('forename'),
    similarities: { forename: similarity('forename'), swapped, lone, crossed },
    levels: [
      { name: 'exact', label: 'Same forename', sql: 'l.forename = r.forename', m: 0.84, u: 0.006, exactOn: 'forename', frequencyPower: 1 },
      { name: 'swapped', label: 'Forename and surname are swapped', sql: 's.swapped', m: 0.005, u: 1e-6 },
      { name: 'lone', label: "One's only name is the other's surname", sql: 's.lone', m: 0.005, u: 0.001 },
      { name: 'variant', label: 'Forms of one forename', sql: variant, m: 0.05, u: 0.004 },
      { name: 'near', label: 'Forenames differ by a slip', sql: 's.forename >= 0.92', m: 0.04, u: 0.002 },
      { name: 'middle', label: "One's forename is the other's middle name", sql: 'l.forename = r.middle OR r.forename = l.middle', m: 0.01, u: 0.002 },
      { name: 'crossed', label: "One's forename is the other's surname", sql: 's.crossed', m: 0.003, u: 0.0005 },
      { name: 'initial', label: 'Initial agrees', sql: '(length(l.forename) = 1 OR length(r.forename) = 1) AND l.forename_letter = r.forename_letter', m: 0.01, u: 0.001 },
      { name: 'similar', label: 'Forenames are similar', sql: `s.forename >= 0.82 OR (l.forename_sounds = r.forename_sounds) OR ${shortSlip('forename')}`, m: 0.015, u: 0.01 },
      { name: 'different', label: 'Forenames differ', m: 0.03, u: 0.97 },
    ],
  };
}

/** Surname: exact, one part shared, near, similar, different between women or girls (marriage, a parent's name), different. */
export function surnameComparison(): Comparison {
  return {
    name: 'surname',
    label: 'Surname',
    columns: ['surname', 'surname_sounds', 'surname_letter', 'sex'],
    missing: `${both('surname')} OR (l.surname <> r.surname AND (s.swapped OR s.crossed))`,
    similarities: { surname: similarity('surname') },
    levels: [
      { name: 'exact', label: 'Same surname', sql: 'l.surname = r.surname', m: 0.86, u: 0.001, exactOn: 'surname', frequencyPower: 1 },
      { name: 'part', label: 'Surnames share a part', sql: onlyWhere("contains(l.surname, ' ') OR contains(r.surname, ' ')", "list_has_any(str_split(l.surname, ' '), str_split(r.surname, ' '))"), m: 0.015, u: 0.0003 },
      { name: 'near', label: 'Surnames differ by a slip', sql: 's.surname >= 0.92', m: 0.045, u: 0.002 },
      { name: 'similar', label: 'Surnames are similar', sql: `s.surname >= 0.84 OR l.surname_sounds = r.surname_sounds OR ${shortSlip('surname')}`, m: 0.02, u: 0.01 },
      { name: 'changed', label: 'Surnames differ, of women or girls', sql: "coalesce(l.sex, r.sex) = 'F' AND coalesce(r.sex, l.sex) = 'F'", m: 0.04, u: 0.25 },
      { name: 'different', label: 'Surnames differ', m: 0.02, u: 0.736 },
    ],
  };
}

/** Middle name: exact, initial or a form of it, different. */
export function middleNameComparison(): Comparison {
  return {
    name: 'middle_names',
    label: 'Middle name',
    columns: ['middle'],
    missing: both('middle'),
    levels: [
      { name: 'exact', label: 'Same middle name', sql: 'l.middle = r.middle', m: 0.85, u: 0.02, exactOn: 'middle', frequencyPower: 1 },
      { name: 'initial', label: "Middle name's initial agrees", sql: 'l.middle[1] = r.middle[1]', m: 0.1, u: 0.06 },
      { name: 'different', label: 'Middle names differ', m: 0.05, u: 0.92 },
    ],
  };
}

/**
 * One holds a year reckoned from an age, which is that of birth or, before the year's birthday, the next: by how many years at most it is off the
 * other's. Two ages may be a year further apart.
 */
const ageOff = (years: number): string =>
  `(l.birth IS NULL OR r.birth IS NULL) AND (CASE WHEN l.birth IS NULL AND r.birth IS NULL THEN abs(l.birth_year - r.birth_year) <= ${years + 1} WHEN l.birth IS NULL THEN l.birth_year - r.birth_year BETWEEN ${-years} AND ${years + 1} ELSE r.birth_year - l.birth_year BETWEEN ${-years} AND ${years + 1} END)`;

/**
 * Date of birth as yyyymmdd: exact, day and month swapped, one digit, a default day of the right year, age agrees, two digits, year,
 * different, a generation apart. Common dates (1 January) weigh little, since u follows the date's own frequency.
 */
export function birthDateComparison(): Comparison {
  return {
    name: 'birth_date',
    label: 'Date of birth',
    needs: ['birth_year'],
    columns: ['birth', 'birth_text', 'birth_year'],
    missing: both('birth_year'),
    similarities: { digits: 'CASE WHEN l.birth <> r.birth THEN hamming(l.birth_text, r.birth_text) END' },
    levels: [
      { name: 'exact', label: 'Same date of birth', sql: 'l.birth = r.birth', m: 0.9, u: 0.00004, exactOn: 'birth', frequencyPower: 1 },
      { name: 'swapped', label: 'Day and month are swapped', sql: 'l.birth // 10000 = r.birth // 10000 AND l.birth % 100 = (r.birth // 100) % 100 AND r.birth % 100 = (l.birth // 100) % 100', m: 0.012, u: 0.00003 },
      { name: 'digit', label: 'One digit or one year off', sql: 's.digits = 1 OR (l.birth % 10000 = r.birth % 10000 AND abs(l.birth_year - r.birth_year) = 1)', m: 0.03, u: 0.0006 },
      { name: 'default', label: 'Year or month agrees, one has a default day', sql: '(l.birth // 10000 = r.birth // 10000 AND (l.birth % 10000 = 101 OR r.birth % 10000 = 101)) OR (l.birth // 100 = r.birth // 100 AND (l.birth % 100 = 1 OR r.birth % 100 = 1))', m: 0.012, u: 0.0003 },
      { name: 'age', label: 'Age agrees with the date', sql: ageOff(0), m: 0.025, u: 0.003 },
      { name: 'age_near', label: 'Age is one year off the date', sql: ageOff(1), m: 0.003, u: 0.003 },
      { name: 'digits', label: 'Two digits differ', sql: 's.digits = 2', m: 0.01, u: 0.006 },
      { name: 'year', label: 'Year agrees', sql: 'l.birth_year = r.birth_year', m: 0.003, u: 0.01 },
      { name: 'different', label: 'Dates differ', sql: 'abs(l.birth_year - r.birth_year) <= 11', m: 0.006, u: 0.25 },
      { name: 'generation', label: 'A generation apart', m: 0.002, u: 0.73 },
    ],
  };
}

/** Sex: same or different. Says nothing where the forename is the same, since that mostly gives the sex: it would be counted twice. */
export function sexComparison(): Comparison {
  return {
    name: 'sex',
    label: 'Sex',
    columns: ['sex', 'forename'],
    missing: `${both('sex')} OR (l.sex = r.sex AND l.forename = r.forename)`,
    levels: [
      { name: 'exact', label: 'Same sex', sql: 'l.sex = r.sex', m: 0.99, u: 0.5 },
      { name: 'different', label: 'Sex differs', m: 0.01, u: 0.5 },
    ],
  };
}

/** Home: address and postcode as one comparison, so that they are not counted twice; then a former home, a slip, sector and district. */
export function homeComparison(): Comparison {
  const inOne = 'l.postcode = r.postcode';
  const levels: ComparisonLevel[] = [
    { name: 'address', label: 'Same address', sql: `${inOne} AND s.street >= 0.88`, m: 0.5, u: 0.00002, exactOn: 'address_key', frequencyPower: 1 },
    { name: 'postcode', label: 'Same postcode', sql: `${inOne} AND (l.street IS NULL OR r.street IS NULL)`, m: 0.1, u: 0.00004, exactOn: 'postcode', frequencyPower: 1 },
    { name: 'address_only', label: 'Same house and street, postcode differs or is missing', sql: 's.street >= 0.93 AND l.house IS NOT NULL', m: 0.04, u: 0.00004 },
    { name: 'neighbour', label: 'Same postcode, another address', sql: inOne, m: 0.03, u: 0.00004, exactOn: 'postcode', frequencyPower: 1 },
    { name: 'former', label: 'One has lived where the other does', sql: onlyWhere('l.postcodes IS NOT NULL OR r.postcodes IS NOT NULL', 'list_has_any(coalesce(l.postcodes, [l.postcode]), coalesce(r.postcodes, [r.postcode]))'), m: 0.04, u: 0.0001 },
    { name: 'near', label: 'Postcodes differ by a slip', sql: 's.postcode = 1', m: 0.03, u: 0.0004 },
    { name: 'sector', label: 'Same postcode sector', sql: 'l.sector = r.sector', m: 0.04, u: 0.005 },
    { name: 'district', label: 'Same postcode district', sql: 'l.district = r.district', m: 0.08, u: 0.04 },
    { name: 'different', label: 'Different homes', m: 0.14, u: 0.95 },
  ];
  return {
    name: 'home',
    label: 'Home',
    needs: ['postcode', 'street'],
    columns: ['postcode', 'postcodes', 'sector', 'district', 'house', 'street', 'address_key'],
    missing: '(l.postcode IS NULL OR r.postcode IS NULL) AND (l.street IS NULL OR r.street IS NULL)',
    similarities: {
      street: 'CASE WHEN l.house = r.house OR (l.house IS NULL AND r.house IS NULL) THEN (CASE WHEN l.street = r.street OR starts_with(l.street, r.street) OR starts_with(r.street, l.street) THEN 1.0 ELSE jaro_winkler_similarity(l.street, r.street) END) END',
      // A slip in one half leaves the other half as it is.
      postcode: 'CASE WHEN l.postcode <> r.postcode AND (l.district = r.district OR right(l.postcode, 3) = right(r.postcode, 3) OR l.district IS NULL OR r.district IS NULL) THEN levenshtein(l.postcode, r.postcode) END',
    },
    levels,
  };
}

/** An issued number, of which a person has one: same or different. */
export function identifierComparison(name: string, label: string): Comparison {
  return {
    name,
    label,
    columns: [name],
    missing: both(name),
    levels: [
      { name: 'exact', label: `Same ${label}`, sql: `l.${name} = r.${name}`, m: 0.99, u: 1e-8, exactOn: name, sharedShare: 0.002 },
      { name: 'different', label: `Different ${label}`, m: 0.01, u: 1 },
    ],
  };
}

/** A number that is typed and so may hold slips, such as a client number: same, one character off, different. */
export function typedNumberComparison(name: string, label: string): Comparison {
  return {
    name,
    label,
    columns: [name],
    missing: both(name),
    similarities: { [name]: `CASE WHEN l.${name} <> r.${name} THEN damerau_levenshtein(l.${name}, r.${name}) END` },
    levels: [
      { name: 'exact', label: `Same ${label}`, sql: `l.${name} = r.${name}`, m: 0.9, u: 1e-5, exactOn: name, frequencyPower: 1 },
      { name: 'near', label: `${label} one character off`, sql: `s.${name} = 1`, m: 0.06, u: 1e-4 },
      { name: 'different', label: `Different ${label}`, m: 0.04, u: 1 },
    ],
  };
}

/** Telephone: same, one digit off, different. Shared telephones weigh less, since u follows the number's own frequency. */
export function phoneComparison(): Comparison {
  return {
    name: 'phone',
    label: 'Telephone',
    columns: ['phone'],
    missing: both('phone'),
    similarities: { phone: 'CASE WHEN l.phone <> r.phone AND length(l.phone) = length(r.phone) THEN hamming(l.phone, r.phone) END' },
    levels: [
      { name: 'exact', label: 'Same telephone', sql: 'l.phone = r.phone', m: 0.6, u: 0.00001, exactOn: 'phone', frequencyPower: 1 },
      { name: 'near', label: 'Telephone one digit off', sql: 's.phone = 1', m: 0.02, u: 0.001 },
      { name: 'different', label: 'Different telephone', m: 0.38, u: 0.999 },
    ],
  };
}

/** E-mail: same, near or the same name at another provider, different. */
export function emailComparison(): Comparison {
  return {
    name: 'email',
    label: 'E-mail',
    columns: ['email'],
    missing: both('email'),
    similarities: { email: "CASE WHEN l.email <> r.email AND abs(length(l.email) - length(r.email)) <= 2 AND regexp_replace(l.email, '[^0-9]', '', 'g') = regexp_replace(r.email, '[^0-9]', '', 'g') THEN levenshtein(l.email, r.email) END" },
    levels: [
      { name: 'exact', label: 'Same e-mail', sql: 'l.email = r.email', m: 0.7, u: 0.00001, exactOn: 'email', frequencyPower: 1 },
      { name: 'name', label: 'Same name at another provider', sql: "split_part(l.email, '@', 1) = split_part(r.email, '@', 1)", m: 0.04, u: 0.0001 },
      { name: 'near', label: 'E-mails differ by a slip or two', sql: 's.email <= 2', m: 0.1, u: 0.002 },
      { name: 'different', label: 'Different e-mail', m: 0.16, u: 0.998 },
    ],
  };
}

/** Any other words that describe a person, such as a town or an occupation: same, near, similar, different. */
export function wordsComparison(name: string, label: string): Comparison {
  return {
    name,
    label,
    columns: [name],
    missing: both(name),
    similarities: { [name]: similarity(name) },
    levels: [
      { name: 'exact', label: `Same ${label}`, sql: `l.${name} = r.${name}`, m: 0.7, u: 0.05, exactOn: name, frequencyPower: 1 },
      { name: 'near', label: `${label} differs by a slip`, sql: `s.${name} >= 0.88`, m: 0.1, u: 0.01 },
      { name: 'different', label: `Different ${label}`, m: 0.2, u: 0.94 },
    ],
  };
}
