// The engine's functions and operators over values that are not NULL, to the same result. Texts stand as their UTF-8 bytes; integers and
// other numbers are numbers, dates their text. Patterns and the sizes of letters are known for plain letters alone.

import { EngineOnly } from './sql-expression.ts';
import { damerauDistance, hammingDistance, jaroWinklerSimilarity, levenshteinDistance } from './text-similarity.ts';

export type SqlValue = string | number | boolean | null | SqlValue[];
type Held = Exclude<SqlValue, null>;

export function typeError(what: string, value: SqlValue): never {
  throw new EngineOnly(`${what} is not known for ${Array.isArray(value) ? 'a list' : value === null ? 'NULL' : `a ${typeof value}`}`);
}

const text = (value: Held): string => (typeof value === 'string' ? value : typeError('A text', value));
const number = (value: Held): number => (typeof value === 'number' ? value : typeError('A number', value));
const truth = (value: Held): boolean => (typeof value === 'boolean' ? value : typeError('A condition', value));
const listOf = (value: Held): SqlValue[] => (Array.isArray(value) ? value : typeError('A list', value));
const integer = (value: Held): number => (Number.isSafeInteger(value) ? (value as number) : typeError('An integer', value));

// oxlint-disable-next-line no-control-regex
const plainLetters = /^[\x00-\x7f]*$/;
/** A text of plain letters. */
const plain = (value: Held): string => (plainLetters.test(text(value)) ? (value as string) : typeError('This function of letters other than plain ones', value));

/** The letters of a text, each with all its bytes. */
// oxlint-disable-next-line no-control-regex
const lettersOf = (value: string): string[] => (plainLetters.test(value) ? [...value] : (value.match(/[\x00-\x7f]|[\xc0-\xff][\x80-\xbf]*/g) ?? []));

function slice(value: string, from: number, to?: number): string {
  return plainLetters.test(value) ? value.slice(from, to) : lettersOf(value).slice(from, to).join('');
}

const alike = (a: Held, b: Held): boolean => (typeof a === typeof b && Array.isArray(a) === Array.isArray(b) ? true : typeError('A comparison with another kind', b));

function same(a: Held, b: Held): boolean {
  if (typeof a === 'string' && typeof b === 'string') return a === b;
  alike(a, b);
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  if ([...a, ...b].some((value) => typeof value !== 'string')) return typeError('A comparison of lists that hold others than texts', a);
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

const before = (a: Held, b: Held): boolean => (alike(a, b) && !Array.isArray(a) && typeof a !== 'boolean' ? a < b : typeError('An order', a));

const patterns = new Map<string, RegExp>();
/** The engine's spaces are fewer; an undecided pattern is left to it. */
function patternOf(source: Held, flags: string): RegExp {
  const key = `${flags} ${plain(source)}`;
  let pattern = patterns.get(key);
  if (!pattern) {
    if (/\.|\(\?|\\[^dbwsp]|\\$|\[\[:/.test(text(source))) throw new EngineOnly('This pattern is left to the engine');
    // Of plain letters these are the same, and quicker to look through.
    const made = text(source).replaceAll('\\p{L}', '\\p{ASCII_L}').replaceAll('\\p{M}', '').replaceAll(/\[[^\]]*\]/g, (set) => set.replaceAll('\\p{ASCII_L}', 'A-Za-z').replaceAll('\\s', ' \\t\\n\\f\\r')).replaceAll('\\p{ASCII_L}', '[A-Za-z]').replaceAll('\\s', '[ \\t\\n\\f\\r]');
    if (made.includes('\\p')) throw new EngineOnly('This pattern is left to the engine');
    pattern = new RegExp(made, flags);
    if (flags.includes('g') && pattern.test('')) throw new EngineOnly('This pattern finds what is empty');
    patterns.set(key, pattern);
  }
  pattern.lastIndex = 0;
  return pattern;
}

function replaced(value: Held, pattern: Held, by: Held, options: Held = ''): string {
  if (options !== '' && options !== 'g') return typeError('This option of regexp_replace', options);
  const put = text(by).replaceAll('$', '$$$$').replaceAll(/\\(\d)/g, '$$$1');
  return plain(value).replace(patternOf(pattern, text(options)), put);
}

function part(value: Held, sign: Held, place: Held): string {
  const parts = text(value).split(text(sign));
  const at = integer(place);
  if (at === 0 || sign === '') return typeError('This place of split_part', place);
  return (at > 0 ? parts[at - 1] : parts[parts.length + at]) ?? '';
}

function element(held: Held, place: Held): SqlValue {
  const at = integer(place);
  if (at < 1) return typeError('A place before the first', place);
  return typeof held === 'string' ? slice(held, at - 1, at) : (listOf(held)[at - 1] ?? null);
}

function cast(value: Held, type: Held): SqlValue {
  if (type === 'VARCHAR' && (typeof value === 'string' || Number.isSafeInteger(value))) return String(value);
  if (type === 'INTEGER' && Number.isSafeInteger(value)) return value;
  return typeError(`A change to ${text(type)}`, value);
}

function hamming(a: Held, b: Held): number {
  const distance = text(a) === '' ? undefined : hammingDistance(text(a), text(b));
  return distance ?? typeError('The Hamming distance of texts of two lengths or none', a);
}

const hasAny = (a: Held, b: Held): boolean => listOf(a).some((value) => value !== null && listOf(b).includes(value));
const size = (value: Held): number => (typeof value === 'string' ? (plainLetters.test(value) ? value.length : lettersOf(value).length) : listOf(value).length);

/** A sum or product of integers that the engine would refuse is no number here either. */
const whole = (value: number): number => (!Number.isInteger(value) || Math.abs(value) < 2 ** 31 ? value : typeError('A number so large', value));

export const sqlFunctions: Record<string, (...values: Held[]) => SqlValue> = {
  not: (a) => !truth(a!),
  '=': (a, b) => same(a!, b!),
  '<>': (a, b) => !same(a!, b!),
  '<': (a, b) => before(a!, b!),
  '>': (a, b) => before(b!, a!),
  '<=': (a, b) => !before(b!, a!),
  '>=': (a, b) => !before(a!, b!),
  '+': (a, b) => whole(number(a!) + number(b!)),
  '-': (a, b) => whole(number(a!) - number(b!)),
  '*': (a, b) => whole(number(a!) * number(b!)),
  '%': (a, b) => (b === 0 ? null : (integer(a!) % integer(b!)) + 0),
  '//': (a, b) => (b === 0 ? null : Math.trunc(integer(a!) / integer(b!)) + 0),
  '||': (a, b) => text(a!) + text(b!),
  element: (held, place) => element(held!, place!),
  cast: (value, type) => cast(value!, type!),
  date: (value) => value!,
  abs: (a) => Math.abs(number(a!)),
  length: (a) => size(a!),
  len: (a) => size(a!),
  left: (a, n) => (integer(n!) < 0 ? typeError('left of fewer than none', n!) : slice(text(a!), 0, integer(n!))),
  right: (a, n) => (integer(n!) < 0 ? typeError('right of fewer than none', n!) : n === 0 ? '' : slice(text(a!), -integer(n!))),
  substr: (a, from, count) => (integer(from!) < 1 ? typeError('substr from before the first', from!) : slice(text(a!), integer(from!) - 1, count === undefined ? undefined : integer(from!) - 1 + integer(count))),
  instr: (a, b) => plain(a!).indexOf(plain(b!)) + 1,
  contains: (a, b) => (Array.isArray(a) ? typeError('contains', a) : text(a!).includes(text(b!))),
  starts_with: (a, b) => text(a!).startsWith(text(b!)),
  repeat: (a, n) => text(a!).repeat(Math.max(0, integer(n!))),
  replace: (a, from, to) => (from === '' ? a! : text(a!).replaceAll(text(from!), () => text(to!))),
  lower: (a) => plain(a!).toLowerCase(),
  upper: (a) => plain(a!).toUpperCase(),
  strip_accents: (a) => plain(a!),
  trim: (a) => plain(a!).replaceAll(/^ +| +$/g, ''),
  ascii: (a) => (plain(a!) === '' ? typeError('ascii of nothing', a!) : text(a!).charCodeAt(0)),
  unicode: (a) => (a === '' ? typeError('unicode of nothing', a) : Buffer.from(text(a!), 'latin1').toString().codePointAt(0)!),
  year: (a) => Number(text(a!).slice(0, 4)),
  month: (a) => Number(text(a!).slice(5, 7)),
  day: (a) => Number(text(a!).slice(8, 10)),
  str_split: (a, sign) => (sign === '' ? typeError('str_split by nothing', sign) : text(a!).split(text(sign!))),
  split_part: (a, sign, place) => part(a!, sign!, place!),
  array_to_string: (list, sign) => listOf(list!).filter((value) => value !== null).map((value) => text(value!)).join(text(sign!)),
  list_has_any: (a, b) => hasAny(a!, b!),
  regexp_matches: (a, pattern) => patternOf(pattern!, '').test(plain(a!)),
  regexp_replace: (a, pattern, by, options) => replaced(a!, pattern!, by!, options),
  regexp_extract: (a, pattern, group) => plain(a!).match(patternOf(pattern!, ''))?.[integer(group!)] ?? '',
  regexp_extract_all: (a, pattern) => plain(a!).match(patternOf(pattern!, 'g')) ?? [],
  jaro_winkler_similarity: (a, b) => jaroWinklerSimilarity(text(a!), text(b!)),
  levenshtein: (a, b) => levenshteinDistance(text(a!), text(b!)),
  damerau_levenshtein: (a, b) => damerauDistance(text(a!), text(b!)),
  hamming: (a, b) => hamming(a!, b!),
};
