// Which column is the forename, the date of birth, the postcode? By what the values are, with the heading as a further sign where the values
// allow two readings. Each answer comes with its reason. Limits: headings in English, British and Australian habits of writing.

import type { ColumnProfile } from './column-profile.store.ts';

export type ColumnRole =
  | 'forename' | 'middle_names' | 'surname' | 'full_name' | 'birth_date' | 'born_about' | 'sex' | 'address' | 'postcode'
  | 'nhs_number' | 'upn' | 'phone' | 'email' | 'number' | 'words' | 'not used';

export interface RecognisedColumn {
  column: string;
  role: ColumnRole;
  reason: string;
  /** For dates: formats to try, in order. */
  formats?: string[];
}

const mostWords = 6;
const mostNumbers = 3;
const percent = (share: number) => `${Math.round(share * 100)} per cent`;

interface Work {
  left: ColumnProfile[];
  found: RecognisedColumn[];
}

function take(work: Work, profile: ColumnProfile | undefined, role: ColumnRole, reason: string): void {
  if (!profile) return;
  work.left = work.left.filter((one) => one !== profile);
  work.found.push({ column: profile.name, role, reason, ...(role === 'birth_date' ? { formats: profile.formats } : {}) });
}

/** The column with the largest score above `least`; the first of equals. */
function best(columns: ColumnProfile[], score: (profile: ColumnProfile) => number, least: number): ColumnProfile | undefined {
  let found: ColumnProfile | undefined;
  let top = least;
  for (const column of columns) {
    const value = score(column);
    if (value > top) [found, top] = [column, value];
  }
  return found;
}

const says = (profile: ColumnProfile, pattern: RegExp): boolean => pattern.test(profile.name.toLowerCase().replace(/[\s.-]+/g, '_'));

/**
 * Gives each column a role.
 * @param profiles the columns but those of id, source and truth, in the order of the file
 * @returns one entry a column; a role other than `words`, `number`, `address` and `not used` is given once
 */
export function recogniseColumns(profiles: ColumnProfile[]): RecognisedColumn[] {
  const work: Work = { left: profiles, found: [] };
  for (const profile of profiles) {
    if (profile.filled === 0) take(work, profile, 'not used', 'holds nothing');
    else if (profile.distinct === 1 && profile.filled > 1) take(work, profile, 'not used', 'holds one value only');
    else if (profile.ethnicity >= 0.6 || says(profile, /ethnic|religion|^race$/)) take(work, profile, 'not used', 'ethnicity and religion are not compared: they are recorded unevenly');
    else if (says(profile, /^(cluster|label|person_key|true_?id)(_id)?$/)) take(work, profile, 'not used', 'its heading says that it holds the answer');
  }
  takeIssued(work);
  takeDates(work);
  takeSex(work);
  takeNames(work);
  takeHome(work);
  takeOthers(work);
  const order = new Map(profiles.map((profile, index) => [profile.name, index]));
  return work.found.toSorted((a, b) => order.get(a.column)! - order.get(b.column)!);
}

function takeIssued(work: Work): void {
  const one = (role: ColumnRole, share: (profile: ColumnProfile) => number, least: number, words: string) => {
    const found = best(work.left, share, least);
    if (found) take(work, found, role, `${percent(share(found))} of values are ${words}`);
  };
  one('email', (p) => p.email, 0.7, 'e-mail addresses');
  one('upn', (p) => p.upn, 0.8, 'pupil numbers with a right check letter');
  // One number in eleven has a right check digit by chance.
  one('nhs_number', (p) => p.nhs, 0.8, 'NHS numbers with a right check digit');
  const telephone = best(work.left, (p) => (p.date > 0.5 ? 0 : p.phone + (says(p, /phone|mobile|^tel/) && p.whole + p.phone > 0.5 ? 0.5 : 0)), 0.65);
  take(work, telephone, 'phone', `${percent(telephone?.phone ?? 0)} of values are written like telephone numbers`);
}

function takeDates(work: Work): void {
  const dates = work.left.filter((p) => p.date >= 0.6);
  const birth = best(dates, (p) => {
    if (says(p, /birth|dob|born/)) return 1000 + p.date;
    if (says(p, /death|died|visit|admi|record|creat|updat|start|end|seen|observ|arriv|load|modif|valid|event/)) return 0;
    return p.spread;
  }, 10);
  take(work, birth, 'birth_date', `${percent(birth?.date ?? 0)} of values are dates (${birth?.formats[0] ?? ''}), over ${Math.round(birth?.spread ?? 0)} years`);
  for (const other of dates) if (other !== birth) take(work, other, 'not used', 'holds dates that are not dates of birth');
  const years = work.left.filter((p) => p.year >= 0.9 && p.distinct >= 2);
  const born = years.find((p) => says(p, /birth|born|yob/));
  take(work, born, 'born_about', `${percent(born?.year ?? 0)} of values are years, and the heading says birth`);
  for (const other of years) if (other !== born && other.oneLength > 0.95 && !says(other, /post|zip/)) take(work, other, 'not used', 'holds years that are not years of birth');
}

function takeSex(work: Work): void {
  const sex = best(work.left, (p) => (p.distinct > 8 ? 0 : p.sex + (says(p, /sex|gender/) ? p.numberSex : 0)), 0.85);
  take(work, sex, 'sex', 'its few values are words for sex');
}

const headings = {
  forename: /^((fore|first|given|christian)_?names?|fname|given|first)(_\d)?$/,
  surname: /^((sur|last|family)_?names?|lname|last|family)(_\d)?$/,
  middle: /^(middle|second_fore|other)_?(names?|initials?)?$/,
  full: /^((full|whole|person|patient|client|display|complete)_?name|name|first_and_surname)$/,
};

function takeNames(work: Work): void {
  const named = () => work.left.filter((p) => p.letters >= 0.75 && p.length <= 60);
  const whole = named().filter((p) => (p.twoWords >= 0.6 && (p.forename >= 0.3 || says(p, headings.full))) || (says(p, headings.full) && p.twoWords >= 0.3));
  const single = () => named().filter((p) => !whole.includes(p) && p.distinct > 2);
  const forename = best(single(), (p) => (says(p, headings.middle) ? 0 : p.forename - p.surname / 2 + (says(p, headings.forename) ? 0.3 : 0)), 0.24);
  if (forename) take(work, forename, 'forename', nameReason(forename, headings.forename, `${percent(forename.forename)} of values are known forenames`));
  const surname = best(single(), (p) => (says(p, headings.middle) ? 0 : p.surname - p.forename / 2 - (p.top > 0.1 && p.filled > 100 ? 0.2 : 0) + (says(p, headings.surname) ? 0.3 : 0)), 0.08);
  if (surname) take(work, surname, 'surname', nameReason(surname, headings.surname, `${percent(surname.surname)} of values are known surnames`));
  const middle = best(single(), (p) => (says(p, headings.middle) ? 1 : forename && (p.forename >= 0.35 || p.initial > 0.5) ? p.forename + p.initial : 0), 0.3);
  take(work, middle, 'middle_names', middle && says(middle, headings.middle) ? 'its heading says so' : 'further forenames or initials');
  for (const [index, profile] of whole.toSorted((a, b) => b.filled - a.filled).entries()) {
    if (index === 0 && !(forename && surname)) take(work, profile, 'full_name', `${percent(profile.twoWords)} of values are two words or more, ${percent(profile.forename)} begin with a known forename`);
    else take(work, profile, 'not used', 'repeats the names of other columns');
  }
}

const nameReason = (profile: ColumnProfile, heading: RegExp, reason: string): string => (says(profile, heading) ? `${reason}, and the heading says so` : reason);

function takeHome(work: Work): void {
  const short = (p: ColumnProfile) => p.whole > 0.9 && p.oneLength > 0.9 && p.length >= 4 && p.length <= 5 && p.distinct >= 20 && p.distinct < p.filled * 0.8;
  const postcode = best(work.left, (p) => p.postcode + (says(p, /post_?code|zip/) && p.length <= 10 ? 0.7 : 0) + (short(p) ? 0.4 : 0), 0.39);
  take(work, postcode, 'postcode', (postcode?.postcode ?? 0) > 0.5 ? `${percent(postcode!.postcode)} of values are written like postcodes` : 'short codes of one length that many records share');
  const lines = work.left.filter((p) => p.street >= 0.35 || (says(p, /address|street/) && p.street >= 0.1 && p.letters < 1));
  const main = best(lines, (p) => p.street, 0);
  if (main) {
    const at = work.left.indexOf(main);
    const houses = work.left.filter((p) => p.house >= 0.8 && p.oneLength < 0.95 && (says(p, /house|street|flat|building|number/) || work.left.indexOf(p) === at - 1));
    for (const house of houses) take(work, house, 'address', 'house numbers');
    take(work, main, 'address', `${percent(main.street)} of values hold a word such as road or street`);
  }
}

function takeOthers(work: Work): void {
  let words = 0;
  let numbers = 0;
  for (const profile of work.left) {
    const ratio = profile.distinct / profile.filled;
    if (profile.filled > 50 && ratio > 0.999) take(work, profile, 'not used', 'differs in every record');
    else if (profile.decimal > 0.3) take(work, profile, 'not used', 'holds measurements');
    else if (profile.code >= 0.8 && ratio >= 0.2 && profile.oneLength >= 0.4 && numbers < mostNumbers) {
      numbers += 1;
      take(work, profile, 'number', 'codes that few records share');
    } else if (profile.whole > 0.5) take(work, profile, 'not used', 'holds counts or small numbers');
    else if (profile.letters >= 0.6 && profile.length <= 40 && profile.distinct >= 2 && ratio < 0.7 && words < mostWords) {
      words += 1;
      take(work, profile, 'words', `words that records share (${profile.distinct} different ones among ${profile.filled})`);
    } else take(work, profile, 'not used', 'nothing that tells one person from another was recognised');
  }
}
