// Where does a text tell of somebody else? Found by what agencies know of the people around a person: their names, in full, in part and with a slip, and
// their numbers and addresses; by titles before a name; by telephone numbers and addresses of email that are not the person's own; and by words that
// somebody added. It finds too much rather than too little: a person decides each. Whom no record knows, it cannot find by name. Pure.

/** By what it says of who somebody is, such as surname or phone, as agencies recorded it. */
export type IdentityValues = Readonly<Record<string, readonly string[]>>;

export interface KnownOther {
  personKey: string;
  values: IdentityValues;
}

export interface PeopleAround {
  own: IdentityValues;
  others: readonly KnownOther[];
  /** By "load line": rows about the person that are about others too; `theirs` where the row's own names and numbers are somebody else's. */
  shared: ReadonlyMap<string, 'too' | 'theirs'>;
}

export type FoundKind = 'name' | 'title' | 'number' | 'word';

export interface FoundOther {
  start: number;
  end: number;
  kind: FoundKind;
}

const nameFields = ['forename', 'middle_names', 'surname'];
/** What leads to somebody: not what many share, such as their sex or age. */
const numberFields = ['nhs_number', 'upn', 'phone', 'email', 'address', 'postcode', 'local_id', 'household_ref'];
/** What the record says of who somebody is, by which they can be found in a text. */
export const identityFields: readonly string[] = [...nameFields, ...numberFields];
const letters = /[\p{L}\p{M}]+(?:['’\-‐][\p{L}\p{M}]+)*/gu;
const titleWords = ['mr', 'mrs', 'ms', 'miss', 'mx', 'dr', 'master', 'cllr', 'pc', 'dc', 'ps', 'sgt', 'insp', 'prof', 'rev', 'nan', 'nana', 'uncle', 'aunt', 'auntie', 'grandma', 'grandad'];
const titles = new RegExp(String.raw`\b(?:${titleWords.map((word) => `[${word[0]!.toUpperCase()}${word[0]}]${word.slice(1)}|${word.toUpperCase()}`).join('|')})\.?[ \u00a0]+\p{Lu}[\p{L}\p{M}'’-]*(?:[ \u00a0]+\p{Lu}[\p{L}\p{M}'’-]*)*`, 'gu');
const phones = /(?<![\p{L}\p{N}]|\p{N}-)(?:\+?44[\s-]?(?:\(0\))?|\(?0)[\d][\d\s()-]{7,14}\d(?![\p{L}\p{N}])/gu;
const emails = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;

/** "O’Brien" and "OBRIEN" are one. */
const plain = (text: string): string => text.normalize('NFD').replaceAll(/[\p{M}'’\-‐]/gu, '').toLowerCase();
const withoutPossessive = (token: string): string => token.replace(/['’]s$/i, '');
const tokensOf = (text: string): string[] => [...text.matchAll(letters)].flatMap(([token]) => [plain(token), ...token.split(/[-‐]/).map(plain)]).filter((token) => token.length > 1);
const digitsOf = (text: string): string => text.replaceAll(/\D/g, '').replace(/^44/, '0');

export interface OtherFinder {
  find(text: string): FoundOther[];
  /** By what agencies know of the others alone. */
  findKnown(text: string): FoundOther[];
  /** Whether a number, an address, a name or a date of birth is the person’s own. */
  isOwn(value: string): boolean;
}

export function openOtherFinder({ own, others }: Pick<PeopleAround, 'own' | 'others'>, words: readonly string[] = []): OtherFinder {
  const namesOf = (values: IdentityValues) => nameFields.flatMap((field) => (values[field] ?? []).flatMap(tokensOf));
  const ownNames = new Set(namesOf(own));
  const names = new Set(others.flatMap(({ values }) => namesOf(values)).filter((name) => !ownNames.has(name)));
  const long = [...names].filter((name) => name.length >= 5);
  const ownNumbers = new Set(numberFields.flatMap((field) => (own[field] ?? []).map(squeezed)));
  const numbers = new Set(others.flatMap(({ values }) => numberFields.flatMap((field) => values[field] ?? [])).filter((value) => squeezed(value).length >= 4 && !ownNumbers.has(squeezed(value))));
  const isName = (token: string): boolean => names.has(token) || (token.length >= 5 && !ownNames.has(token) && long.some((name) => oneSlipApart(name, token)));
  const [soughtNumbers, soughtWords] = [[...numbers].map((value) => seek(value, 'number')), words.map((word) => seek(word, 'word'))];
  const ownPhones = new Set((own.phone ?? []).map(digitsOf));
  const ownEmails = new Set((own.email ?? []).map((each) => each.toLowerCase()));
  const born = new Set(own.birth_date ?? []);
  const isOwnName = (value: string): boolean => {
    const tokens = tokensOf(value);
    return tokens.length > 0 && /^[\p{L}\p{M}'’\-‐ ]+$/u.test(value.trim()) && tokens.every((token) => ownNames.has(token));
  };
  const findSought = (text: string, sought: readonly ReturnType<typeof seek>[]): FoundOther[] => {
    const flat = squeezed(text);
    return sought.flatMap(({ flatly, kind, pattern }) => (flat.includes(flatly) ? spansWithoutAccents(text, pattern(), kind) : []));
  };
  return {
    isOwn: (value) => ownNumbers.has(squeezed(value)) || born.has(value) || isOwnName(value),
    findKnown: (text) => joined([...findNames(text, isName, ownNames), ...findSought(text, soughtNumbers)]),
    find(text) {
      const found: FoundOther[] = [
        ...findNames(text, isName, ownNames),
        ...spansOf(text, titles, 'title'),
        ...findSought(text, [...soughtNumbers, ...soughtWords]),
        ...spansOf(text, phones, 'number').filter(({ start, end }) => !ownPhones.has(digitsOf(text.slice(start, end)))),
        ...spansOf(text, emails, 'number').filter(({ start, end }) => !ownEmails.has(text.slice(start, end).toLowerCase())),
      ];
      return joined(found);
    },
  };
}

/** Looked for closely only in a text that has its letters and digits in a row. */
function seek(value: string, kind: FoundKind): { flatly: string; kind: FoundKind; pattern: () => RegExp } {
  let made: RegExp | undefined;
  return { flatly: squeezed(value), kind, pattern: () => (made ??= loose(value)) };
}

/** In the text without its accents, where it is written in it: "Zoe" is found in "Zoë". */
function spansWithoutAccents(text: string, pattern: RegExp, kind: FoundKind): FoundOther[] {
  let bare = '';
  const at: number[] = [];
  for (const { 0: letter, index } of text.matchAll(/\P{M}\p{M}*/gu)) {
    const written = letter.normalize('NFD').replaceAll(/\p{M}/gu, '');
    for (let place = 0; place < written.length; place += 1) at.push(index);
    bare += written;
  }
  at.push(text.length);
  return [...bare.matchAll(pattern)].map(({ 0: match, index }) => ({ start: at[index]!, end: at[index + match.length]!, kind }));
}

const spansOf = (text: string, pattern: RegExp, kind: FoundKind): FoundOther[] => [...text.matchAll(pattern)].map(({ 0: match, index }) => ({ start: index, end: index + match.length, kind }));

/** Names one after the other are one find, and so is the person's own surname behind somebody else's first name. */
function findNames(text: string, isName: (token: string) => boolean, ownNames: ReadonlySet<string>): FoundOther[] {
  const found: FoundOther[] = [];
  for (const { 0: raw, index } of text.matchAll(letters)) {
    const token = withoutPossessive(raw);
    const last = found.at(-1);
    const follows = last !== undefined && /^[ \u00a0-]+$/.test(text.slice(last.end, index));
    const parts = [plain(token), ...token.split(/[-‐]/).map(plain)];
    const named = parts.some(isName);
    if (follows && (named || ownNames.has(plain(token)))) last.end = index + token.length;
    else if (named) found.push({ start: index, end: index + token.length, kind: 'name' });
  }
  return found;
}

const squeezed = (value: string): string => plain(value).replaceAll(/[^\p{L}\p{N}]/gu, '');

/** A value without its accents, however it is written in capitals, however its parts and its digits are spaced and hyphened, and with a mark within its words. */
function loose(value: string): RegExp {
  const written = (text: string) =>
    [...text.matchAll(/\p{L}+|\p{N}/gu)].map(([part]) => [...part].join('[\'’‐-]?')).join('[^\\p{L}\\p{N}]{0,3}');
  return new RegExp(`(?<![\\p{L}\\p{N}])${written(value.normalize('NFD').replaceAll(/\p{M}/gu, ''))}(?![\\p{L}\\p{N}])`, 'giu');
}

/** Finds that touch or lie in each other are one, of the first kind. */
function joined(found: readonly FoundOther[]): FoundOther[] {
  const out: FoundOther[] = [];
  for (const each of found.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = out.at(-1);
    if (last && each.start < last.end) last.end = Math.max(last.end, each.end);
    else out.push({ ...each });
  }
  return out;
}

/** One letter more, less, other, or two changed about. */
function oneSlipApart(a: string, b: string): boolean {
  if (a === b || Math.abs(a.length - b.length) > 1) return a === b;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
  return (left.length <= 1 && right.length <= 1) || (left.length === 2 && left[0] === right[1] && left[1] === right[0]);
}
