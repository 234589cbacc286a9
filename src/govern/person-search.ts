// How well a person fits what is known of somebody, by what the reader may see of them and nothing else: a value that is hidden neither finds nor
// ranks anybody, so that a search tells no more than the record that it leads to.

import type { HeldRow, RecordFeed, ShownFeed } from './person-record.ts';

/** What is known; at least one is given. */
export interface PersonQuery {
  forename?: string;
  surname?: string;
  /** 1961-04-17. */
  birthDate?: string;
  postcode?: string;
  /** An agency's own number, an NHS number or a pupil's number. */
  number?: string;
}

export const queryFields = ['number', 'surname', 'forename', 'birthDate', 'postcode'] as const satisfies (keyof PersonQuery)[];
export type QueryField = (typeof queryFields)[number];

/** `near`: a slip of a letter or two, or a date with day and month swapped. */
export type FieldFit = 'same' | 'near' | 'differs' | 'not-shown';

export interface PersonFit {
  fields: { field: QueryField; fit: FieldFit }[];
  /** From 0 to 1: how much of what was asked fits. */
  score: number;
}

const columnsOf: Record<QueryField, readonly string[]> = { number: ['local_id', 'nhs_number', 'upn', 'household_ref'], surname: ['surname'], forename: ['forename', 'middle_names'], birthDate: ['birth_date'], postcode: ['postcode'] };
/** What each is worth beside the others: how few people share one. */
const worth: Record<QueryField, number> = { number: 6, birthDate: 4, surname: 3, postcode: 3, forename: 2 };

/** A person is found where at least this much fits. */
const leastScore = 0.5;

/** How a person's shown record fits; undefined where it does not fit well enough to be found. */
export function fitPerson(query: PersonQuery, shown: readonly ShownFeed[]): PersonFit | undefined {
  const values = shownValues(shown);
  const asked = queryFields.filter((field) => query[field] !== undefined);
  const fields = asked.map((field) => ({ field, fit: fitField(field, query[field]!, columnsOf[field].flatMap((column) => values.get(column) ?? [])) }));
  const most = asked.reduce((sum, field) => sum + worth[field], 0);
  const got = fields.reduce((sum, { field, fit }) => sum + worth[field] * (fit === 'same' ? 1 : fit === 'near' ? 0.6 : 0), 0);
  const score = most === 0 ? 0 : got / most;
  return score >= leastScore ? { fields, score } : undefined;
}

/** What is shown of who the person is, by kind of column. */
export function shownValues(shown: readonly ShownFeed[]): Map<string, string[]> {
  const values = new Map<string, string[]>();
  for (const { rows } of shown) for (const { cells } of rows) for (const { column, value } of cells) {
    if (column.person !== undefined) values.set(column.person, [...new Set([...(values.get(column.person) ?? []), value])]);
  }
  return values;
}

export interface ShownFields {
  /** Kinds of column, such as surname, of which the reader is shown every value that the agency's rows hold. */
  whole: ReadonlySet<string>;
  /** Those of which a value is held and not shown: whether one fits is not to be told. */
  hidden: ReadonlySet<string>;
}

/** By agency, what of who a person is may be compared with what is asked. What the agency holds nothing of is in neither set. */
export function shownFields(rows: readonly HeldRow[], feeds: readonly RecordFeed[], shown: readonly ShownFeed[]): Map<string, ShownFields> {
  const cellOf = (row: Pick<HeldRow, 'feed' | 'load' | 'line'>, column: string) => `${row.feed} ${row.load} ${row.line} ${column}`;
  const cells = new Set(shown.flatMap((feed) => feed.rows.flatMap((row) => row.cells.map(({ column }) => cellOf(row, column.name)))));
  const feedOf = new Map(feeds.map((feed) => [feed.feed, feed]));
  const fields = new Map<string, { whole: Set<string>; hidden: Set<string> }>();
  for (const row of rows) {
    const feed = feedOf.get(row.feed);
    if (!feed) continue;
    const { whole, hidden } = fields.get(feed.holder) ?? { whole: new Set<string>(), hidden: new Set<string>() };
    fields.set(feed.holder, { whole, hidden });
    for (const { name, person } of feed.columns) {
      if (person === undefined || (row.values[name] ?? null) === null) continue;
      if (!cells.has(cellOf(row, name))) hidden.add(person);
      if (!hidden.has(person)) whole.add(person);
      else whole.delete(person);
    }
  }
  return fields;
}

const plain = (text: string) => text.normalize('NFKD').replaceAll(/[^\p{L}\p{N}]/gu, '').toLowerCase();

function fitField(field: QueryField, asked: string, held: readonly string[]): FieldFit {
  if (held.length === 0) return 'not-shown';
  const wanted = plain(asked);
  const known = held.flatMap((value) => (field === 'forename' ? [value, ...value.split(/\s+/)] : [value]).map(plain));
  if (known.includes(wanted)) return 'same';
  if (field === 'birthDate') return known.some((value) => isNearDate(wanted, value)) ? 'near' : 'differs';
  if (field === 'number') return 'differs';
  const slips = field === 'postcode' ? 1 : wanted.length <= 4 ? 1 : 2;
  return wanted.length >= 3 && known.some((value) => countSlips(wanted, value, slips) <= slips) ? 'near' : 'differs';
}

/** Both as yyyymmdd: day and month swapped, or one figure wrong. */
function isNearDate(a: string, b: string): boolean {
  const swapped = `${a.slice(0, 4)}${a.slice(6, 8)}${a.slice(4, 6)}`;
  return swapped === b || (a.length === b.length && [...a].filter((figure, place) => figure !== b[place]).length === 1);
}

/** Letters added, lost, changed or swapped with their neighbour, from one word to the other; more than `most` counts as one more than it. */
export function countSlips(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let [before, last] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j]!, before[j - 2]! + 1);
    }
    [before, last] = [last, row];
  }
  return Math.min(last[b.length]!, most + 1);
}
