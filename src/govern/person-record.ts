// A person's record as one reader may have it: of every row that agencies hold about the person, the columns that the decision allows, with the
// clause that allows each. Pure. Page, print, file and API are all made from what this gives; what is left out leaves no trace.

import type { CellCorrection } from './accepted-correction.ts';
import { decide } from './access-decision.ts';
import { writeBasis, writeClauseRef } from './clause-basis.ts';
import type { AccessRequest, Decision, Reader, Refusal } from './access-request.ts';
import type { Relation } from './agreement.ts';
import type { GrantIndex } from './grant-index.ts';

/** A row that an agency holds about a person, found by lineage. */
export interface HeldRow {
  personKey: string;
  feed: string;
  load: string;
  line: number;
  /** The row keeps it in every load and every snapshot. */
  rowKey: string;
  file: string;
  loadedAt: string;
  /** By column of the feed. */
  values: Readonly<Record<string, string | null>>;
  /** Keys of other people whom the row is about too, as where several were at one incident. */
  others: readonly string[];
}

export interface RecordColumn {
  name: string;
  label: string;
  /** As the feed's contract has it, such as date or code. */
  type: string;
  identifying: boolean;
  /** What it says of who somebody is, such as surname or local_id. */
  person?: string | undefined;
  codes?: readonly string[] | undefined;
  codeTitles?: Readonly<Record<string, string>> | undefined;
}

export interface RecordFeed {
  feed: string;
  title: string;
  /** Code of the agency that holds it. */
  holder: string;
  columns: readonly RecordColumn[];
}

/** How a reader stands to a person. */
export interface Standing {
  relation: Relation;
  subject: NonNullable<AccessRequest['subject']>;
  /** Of a seal; null where there is none, or the reader's work does not need to know. */
  whomToRing: string | null;
}

/** What is known of the reader themselves. */
export interface OwnPerson {
  /** As the identity provider gives it, such as "Samuel Adeyemi". */
  name: string;
  /** Where it gives one: the number and postcode of their home. */
  address?: string | undefined;
}

export interface Asking {
  index: GrantIndex;
  who: Reader;
  /** As stated; null where none is. */
  purpose: string | null;
  at: number;
  /** The reader themselves, so that a look at their own record is noted; see ownRecordFlags. */
  own?: OwnPerson;
}

export type Allowed = Extract<Decision, { allowed: true }>;

export interface ShownCell {
  column: RecordColumn;
  value: string;
  by: Allowed;
  /** Where an accepted correction is about it. */
  correction?: CellCorrection;
}

export interface ShownRow extends Pick<HeldRow, 'feed' | 'load' | 'line' | 'rowKey' | 'file' | 'loadedAt'> {
  /** Of the first day or time that is shown; null where none is. */
  date: string | null;
  cells: ShownCell[];
}

export interface ShownFeed {
  feed: RecordFeed;
  /** Newest first. */
  rows: ShownRow[];
  /** What allows it, each once. */
  by: Allowed[];
}

export type ItemDecisions = ReadonlyMap<string, Decision>;

/** One decision for each column of a feed: the same for all of a person's rows of it. */
export function decideFeed({ index, who, purpose, at }: Asking, { relation, subject }: Standing, { feed, holder, columns }: RecordFeed): ItemDecisions {
  return new Map(columns.map(({ name }) => [name, decide(index, { who, relation, purpose, item: { key: `${feed}/${name}`, form: 'identified', holder }, subject, at })]));
}

/** Whether the reader may see anything at all of whoever they stand so to. Where not, no row need be read. */
export function maySeeAny(asking: Asking, standing: Standing, feeds: readonly RecordFeed[]): boolean {
  return feeds.some((feed) => [...decideFeed(asking, standing, feed).values()].some(({ allowed }) => allowed));
}

/**
 * What of the rows is shown, by agency and feed in the order of `feeds`.
 *
 * @param isSealed whether another person's record is sealed to the reader: what identifies is then left out of rows that are about them too
 */
export function showRecord(asking: Asking, standing: Standing, { feeds, rows, isSealed }: { feeds: readonly RecordFeed[]; rows: readonly HeldRow[]; isSealed: (personKey: string) => boolean }): ShownFeed[] {
  const shown: ShownFeed[] = [];
  for (const feed of feeds) {
    const own = rows.filter((row) => row.feed === feed.feed);
    if (own.length === 0) continue;
    const decisions = decideFeed(asking, standing, feed);
    const kept = own.map((row) => showRow(row, feed, decisions, row.others.some(isSealed))).filter(({ cells }) => cells.length > 0);
    if (kept.length > 0) shown.push({ feed, rows: kept.toSorted(newestFirst), by: allowedOnce(kept) });
  }
  return shown;
}

function showRow(row: HeldRow, { columns }: RecordFeed, decisions: ItemDecisions, sealedOther: boolean): ShownRow {
  const cells = columns.flatMap((column): ShownCell[] => {
    const [by, value] = [decisions.get(column.name), row.values[column.name] ?? null];
    if (!by?.allowed || value === null || (sealedOther && column.identifying)) return [];
    return [{ column, value, by }];
  });
  const { feed, load, line, rowKey, file, loadedAt } = row;
  return { feed, load, line, rowKey, file, loadedAt, date: cells.find(({ column }) => isDated(column))?.value ?? null, cells };
}

/** A day or time on which something happened; when somebody was born is none. */
export const isDated = ({ type, person }: RecordColumn): boolean => (type === 'date' || type === 'datetime' || type === 'month') && person === undefined;

function newestFirst(a: ShownRow, b: ShownRow): number {
  if (a.date !== b.date) return a.date === null ? 1 : b.date === null ? -1 : a.date < b.date ? 1 : -1;
  return a.load < b.load ? 1 : a.load > b.load ? -1 : b.line - a.line;
}

const nameOf = (by: Allowed): string => (by.by === 'clause' ? writeClauseRef(by.clause) : by.by);

function allowedOnce(rows: readonly ShownRow[]): Allowed[] {
  return [...new Map(rows.flatMap(({ cells }) => cells.map(({ by }) => [nameOf(by), by] as const)))].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, by]) => by);
}

/** What allowed it, for the audit. */
export const basisOfRecord = (shown: readonly ShownFeed[]): string => writeBasis(shown.flatMap(({ by }) => by.map(nameOf)));

/** From the one that falls shortest to the nearest miss. */
const byNearness: readonly Refusal[] = ['score-of-a-person', 'no-purpose', 'no-agreement', 'not-recipient', 'not-for-purpose', 'not-this-item', 'not-in-this-form', 'relation-needed', 'not-yet', 'power-not-in-force', 'lapsed', 'sealed'];

/** The refusal that comes nearest to being none: it says best what is in the way. */
export const nearestOf = <T extends { reason: Refusal }>(refused: readonly T[]): T | undefined => refused.toSorted((a, b) => byNearness.indexOf(b.reason) - byNearness.indexOf(a.reason))[0];

/** The nearest of the reasons why nothing is shown. */
export function nearestRefusal(asking: Asking, standing: Standing, feeds: readonly RecordFeed[]): Refusal {
  const refused = feeds.flatMap((feed) => [...decideFeed(asking, standing, feed).values()].flatMap((decision) => (decision.allowed ? [] : [decision])));
  return nearestOf(refused)?.reason ?? 'no-agreement';
}
