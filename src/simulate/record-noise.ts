// How one agency writes one person down: the mistakes and habits of identity records, at the agency's shares times a factor of the person's own.
// Every choice is a hash of the record's number, so a record reads the same on every row without being kept.

import type { NamesPack, NoiseShares } from './simulation.pack.ts';
import { ageOn, dateText, dayOf, partsOf } from './calendar.ts';

/** Uniform in [0, 1) from whole numbers: the 32-bit finaliser of MurmurHash3 (Appleby), chained. */
export function uniformOf(salt: number, record: number, item: number): number {
  let h = Math.imul(salt ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(record + 0x7f4a7c15, 0xc2b2ae35);
  h ^= h >>> 15;
  h = Math.imul(h ^ Math.imul(item + 1, 0x27d4eb2f), 0x85ebca6b);
  h ^= h >>> 13;
  h = Math.imul(h, 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** What is true of the person, before the agency writes it. */
export interface Identity {
  forename: string;
  middle: string;
  surname: string;
  otherSurname: string;
  birth: number;
  sex: 'F' | 'M';
  /** Index of the person's heritage, and its texts. */
  ethnicity: string;
  otherEthnicity: string;
}

export interface WrittenIdentity {
  forename: string;
  middle: string;
  surname: string;
  /** ISO date, or empty. */
  birth: string;
  age: number | null;
  sex: string;
  ethnicity: string;
}

export interface NameVariants {
  nicknames: Map<string, string[]>;
  spellings: Map<string, string[]>;
  initials: string[];
}

export function createVariants(pack: NamesPack): NameVariants {
  const groups = (lists: string[][]) => {
    const found = new Map<string, string[]>();
    for (const list of lists) for (const name of list) found.set(name, [...(found.get(name) ?? []), ...list.filter((other) => other !== name)]);
    return found;
  };
  return { nicknames: groups(pack.nicknames), spellings: groups(pack.spellings), initials: pack.initialMiddle };
}

const alphabet = 'abcdefghijklmnopqrstuvwxyz';
const likeKeys: Record<string, string> = { a: 'se', e: 'ari', i: 'eyo', o: 'iau', u: 'yo', y: 'i', s: 'z', z: 's', c: 'k', k: 'c', m: 'n', n: 'm', v: 'w', w: 'v', f: 'v', t: 'd', d: 't', b: 'p', p: 'b', l: 'r', r: 'l', g: 'j', h: 'n' };

/** One slip of the keys: a letter changed, lost, doubled or swapped with the next; never the first. */
export function misspell(name: string, kind: number, where: number): string {
  if (name.length < 3) return name;
  const at = 1 + Math.floor(where * (name.length - 1));
  const letter = name[at]!;
  if (kind < 0.35) {
    const choices = likeKeys[letter.toLowerCase()] ?? alphabet;
    return name.slice(0, at) + choices[Math.floor(((kind * 97) % 1) * choices.length)] + name.slice(at + 1);
  }
  if (kind < 0.6) return name.slice(0, at) + name.slice(at + 1);
  if (kind < 0.75) return name.slice(0, at) + letter + name.slice(at);
  if (at + 1 >= name.length) return name.slice(0, at - 1) + letter.toLowerCase() + name[at - 1]! + name.slice(at + 1);
  return name.slice(0, at) + name[at + 1]! + letter + name.slice(at + 2);
}

function writeForename(identity: Identity, shares: NoiseShares, variants: NameVariants, chance: (item: number, share: number) => boolean, roll: (item: number) => number): string {
  let { forename } = identity;
  const spelling = variants.spellings.get(forename);
  const nicknames = variants.nicknames.get(forename);
  if (spelling && chance(1, shares.spelling)) forename = spelling[Math.floor(roll(2) * spelling.length)]!;
  else if (nicknames && chance(3, shares.forenameNickname)) forename = nicknames[Math.floor(roll(4) * nicknames.length)]!;
  if (chance(5, shares.forenameTypo)) forename = misspell(forename, roll(6), roll(7));
  return chance(8, shares.initialOnly) ? forename[0]! : forename;
}

function writeSurname(identity: Identity, shares: NoiseShares, variants: NameVariants, chance: (item: number, share: number) => boolean, roll: (item: number) => number): string {
  let { surname } = identity;
  const parts = surname.split('-');
  if (parts.length === 2 && chance(10, 0.35)) {
    const form = roll(11);
    surname = form < 0.4 ? parts[0]! : form < 0.7 ? parts[1]! : form < 0.85 ? `${parts[1]}-${parts[0]}` : parts.join(' ');
  }
  const spelling = variants.spellings.get(surname);
  if (chance(12, shares.otherSurname)) surname = identity.otherSurname;
  else if (spelling && chance(13, shares.spelling)) surname = spelling[Math.floor(roll(14) * spelling.length)]!;
  return chance(15, shares.surnameTypo) ? misspell(surname, roll(16), roll(17)) : surname;
}

function writeBirth(identity: Identity, day: number, shares: NoiseShares, chance: (item: number, share: number) => boolean, roll: (item: number) => number): { birth: string; age: number | null } {
  if (chance(20, shares.birthMissing)) return { birth: '', age: null };
  if (chance(21, shares.ageOnly)) {
    const age = Math.max(0, ageOn(identity.birth, day) + (roll(22) < 0.2 ? (roll(23) < 0.5 ? -1 : 1) : 0));
    return { birth: '', age };
  }
  const { year, month, dayOfMonth } = partsOf(identity.birth);
  const within = (birth: number) => dateText(Math.min(birth, day));
  if (chance(24, shares.birthDefault)) return { birth: within(roll(25) < 0.6 ? dayOf(year, 1, 1) : dayOf(year, month, 1)), age: null };
  if (dayOfMonth <= 12 && dayOfMonth !== month && chance(26, shares.birthSwapped * 2.6)) return { birth: within(dayOf(year, dayOfMonth, month)), age: null };
  if (chance(27, shares.birthDigit)) {
    const which = roll(28);
    if (which < 0.4) return { birth: within(dayOf(year + (roll(29) < 0.5 ? -1 : 1) * (roll(30) < 0.75 ? 1 : 10), month, Math.min(28, dayOfMonth))), age: null };
    if (which < 0.65) return { birth: within(dayOf(year, 1 + ((month - 1 + 1 + Math.floor(roll(31) * 11)) % 12), Math.min(28, dayOfMonth))), age: null };
    return { birth: within(dayOf(year, month, dayOfMonth > 10 ? dayOfMonth - 10 : dayOfMonth + (month === 2 && dayOfMonth > 8 ? 5 : 10))), age: null };
  }
  return { birth: dateText(identity.birth), age: null };
}

/** The person as the agency's record has them. `factor` multiplies the shares of mistakes (not of habits). */
export function writeIdentity(identity: Identity, day: number, salt: number, record: number, shares: NoiseShares, factor: number, variants: NameVariants): WrittenIdentity {
  const roll = (item: number) => uniformOf(salt, record, item);
  const chance = (item: number, share: number) => share > 0 && roll(item) < share * factor;
  const habit = (item: number, share: number) => share > 0 && roll(item) < share;
  let { birth, age } = writeBirth(identity, day, shares, chance, roll);
  let forename: string;
  let surname: string;
  if (chance(40, shares.unknownName)) {
    const form = roll(41);
    forename = form < 0.5 ? 'Unknown' : '';
    surname = form < 0.25 ? (identity.sex === 'M' ? 'Male' : 'Female') : 'Unknown';
    if (roll(42) < 0.6) birth = '';
  } else {
    forename = writeForename(identity, shares, variants, chance, roll);
    surname = writeSurname(identity, shares, variants, chance, roll);
    if (chance(43, shares.reordered)) [forename, surname] = [surname, forename];
  }
  let middle = habit(44, shares.noMiddle) ? '' : identity.middle;
  if (middle && roll(45) < 0.25) middle = middle[0]!;
  if (habit(46, shares.capitals)) surname = surname.toUpperCase();
  if (habit(46, shares.capitals) && roll(47) < 0.4) [forename, middle] = [forename.toUpperCase(), middle.toUpperCase()];
  const sex = chance(48, shares.sexFlipped) ? (identity.sex === 'F' ? 'M' : 'F') : roll(49) < 0.006 ? 'U' : identity.sex;
  const ethnicity = habit(50, shares.ethnicityMissing) ? '' : chance(51, shares.ethnicityOther) ? identity.otherEthnicity : identity.ethnicity;
  return { forename, middle, surname, birth, age, sex, ethnicity };
}
