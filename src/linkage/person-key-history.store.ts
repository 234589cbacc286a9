// Where is a key now? Whoever holds a key of an earlier snapshot, such as casework, asks here. A key that is in use means its person. One that
// has ended means the person with most of the records that it ever stood for; a split or a move may have taken some of them to others.

import type { SqlParams } from '../store/index.ts';
import { keyPeopleSql, undoingEventsSql, type KeyTables } from './person-key-history.sql.ts';

/** Anything that answers questions in SQL: the engine itself, or the reader of the identified zone. */
export interface RowSource {
  rows<T>(sql: string, params?: SqlParams): Promise<T[]>;
}

export interface KeyNow {
  key: string;
  /** In use: a person has this very key. Merged: its records are others' now. Gone: none of its records is left. Unknown: it was never given. */
  state: 'in-use' | 'merged' | 'gone' | 'unknown';
  /** The key that a reference to it means now; undefined where it is gone or unknown. */
  now?: string;
  /** Everybody who has records of it, those with most first; `now` first of all. */
  people: { key: string; records: number }[];
  /** Records of it that are there no more. */
  gone: number;
}

interface Row {
  key: string;
  person_key: string | null;
  records: number;
  heir: string | null;
}

/** Events that are undone: an event that undoes another counts, unless it was undone itself. */
export async function listUndoneEvents(source: RowSource, events: string): Promise<Map<number, number>> {
  const undone = new Map<number, number>();
  for (const { event_id, undoes } of await source.rows<{ event_id: number; undoes: number }>(undoingEventsSql(events))) if (!undone.has(event_id)) undone.set(undoes, event_id);
  return undone;
}

function present(key: string, rows: readonly Row[]): KeyNow {
  const people = rows.flatMap((row) => (row.person_key === null ? [] : [{ key: row.person_key, records: row.records }]));
  const gone = rows.find((row) => row.person_key === null)?.records ?? 0;
  if (rows.length === 0) return { key, state: 'unknown', people, gone };
  if (people.length === 0) return { key, state: 'gone', people, gone };
  const heir = rows[0]!.heir;
  const rank = (person: { key: string; records: number }) => (person.key === key ? Infinity : person.records + (person.key === heir ? 0.5 : 0));
  people.sort((a, b) => rank(b) - rank(a) || (a.key < b.key ? -1 : 1));
  const now = people[0]!.key;
  return { key, state: now === key ? 'in-use' : 'merged', now, people, gone };
}

/**
 * Where one key is now.
 * @example (await findKeyNow(duck, { people: 'source_person', events: 'person_event', eventRecords: 'person_event_record' }, 'P0123456789abcdef')).now
 */
export async function findKeyNow(source: RowSource, tables: KeyTables, key: string): Promise<KeyNow> {
  const undone = [...(await listUndoneEvents(source, tables.events)).keys()];
  return present(key, await source.rows<Row>(keyPeopleSql(tables, undone, true), { key }));
}

export interface KeyHistory {
  /**
   * The key that a reference to `key` means now: itself, or the person with most of its records. Undefined where the person's records are gone.
   * A key that no event names is taken as it is.
   */
  resolve(key: string): string | undefined;
}

/**
 * Reads what every key that an event names means now, so that many references can be followed at once. The rule is that of findKeyNow.
 * @example (await readKeyHistory(duck, { people: 'source_person', events: 'person_event', eventRecords: 'person_event_record' })).resolve('P0123456789abcdef')
 */
export async function readKeyHistory(source: RowSource, tables: KeyTables): Promise<KeyHistory> {
  const undone = [...(await listUndoneEvents(source, tables.events)).keys()];
  const rows = await source.rows<Row>(keyPeopleSql(tables, undone, false));
  const known = new Map([...Map.groupBy(rows, ({ key }) => key)].map(([key, list]) => [key, present(key, list).now]));
  return { resolve: (key) => (known.has(key) ? known.get(key) : key) };
}

export interface KeysOfPeople {
  /** Whom a key means now, as findKeyNow has it; a key that no event names is taken as it is. */
  now(key: string): string | undefined;
  /** Keys that mean this person now: their own, and those that were merged into it. */
  meaning(personKey: string): string[];
  /** Every key under which one of the person's records ever stood, whomever it means now. */
  ever(personKey: string): string[];
}

/** Reads the other way round what every key that an event names means: for what was kept under a key of an earlier snapshot. */
export async function readKeysOfPeople(source: RowSource, tables: KeyTables): Promise<KeysOfPeople> {
  const undone = [...(await listUndoneEvents(source, tables.events)).keys()];
  const rows = await source.rows<Row>(keyPeopleSql(tables, undone, false));
  const known = new Map([...Map.groupBy(rows, ({ key }) => key)].map(([key, list]) => [key, present(key, list).now]));
  const meaning = Map.groupBy([...known], ([, now]) => now ?? '');
  const ever = Map.groupBy(rows.filter(({ person_key }) => person_key !== null), ({ person_key }) => person_key!);
  const withOwn = (personKey: string, keys: readonly string[]) => [...new Set([personKey, ...keys])];
  return {
    now: (key) => (known.has(key) ? known.get(key) : key),
    meaning: (personKey) => withOwn(personKey, (meaning.get(personKey) ?? []).map(([key]) => key)),
    ever: (personKey) => withOwn(personKey, (ever.get(personKey) ?? []).map(({ key }) => key)),
  };
}

/** Reads what keys mean once for each snapshot. What could not be read is read again for who asks next. */
export function followKeysOfPeople(reader: RowSource & { snapshot(): Promise<string> }, tables: KeyTables): () => Promise<KeysOfPeople> {
  let kept: { snapshot: string; keys: Promise<KeysOfPeople> } | undefined;
  return async () => {
    const snapshot = await reader.snapshot();
    if (kept?.snapshot === snapshot) return kept.keys;
    const reading = { snapshot, keys: readKeysOfPeople(reader, tables) };
    kept = reading;
    reading.keys.catch(() => {
      if (kept === reading) kept = undefined;
    });
    return reading.keys;
  };
}
