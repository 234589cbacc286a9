// What happened to people's keys, for those who may see names: the merges, splits and moves of builds, and the records of each. The reader
// holds the identified tables that this needs, and no others.

import { followIdentified, type Home, type SqlParams } from '../store/index.ts';
import { recordsSql } from './link-review.sql.ts';
import { presentRecord, type ReviewRecord } from './link-review.store.ts';
import type { StandingUndo } from './link-decision-file.ts';
import { eventMonthsSql, eventPeopleSql, eventRecordsSql, findEventSql, listEventsSql, pairOfRecordsSql, type EventFilter } from './person-event.sql.ts';
import { findKeyNow, listUndoneEvents, type KeyNow } from './person-key-history.store.ts';
import { keyEventsNamingSql, undoingEventsSql } from './person-key-history.sql.ts';
import type { PersonEventKind } from './person-keys.store.ts';

export type EventSide = 'moved' | 'stayed' | 'joined';

/** Whether an event stands: it does; an undo is kept and waits for a build; a later event undid it. */
export type UndoState = { state: 'stands' } | { state: 'waiting'; undo: StandingUndo } | { state: 'undone'; by: number };

export interface PersonEvent {
  event: number;
  /** The snapshot in whose build it happened. */
  build: string;
  /** ISO 8601, UTC. */
  at: string;
  kind: PersonEventKind;
  oldKey: string | null;
  newKey: string | null;
  keysBefore: string[];
  keysAfter: string[];
  /** How many records moved. */
  records: number;
  reason: string;
  /** The event that it undid. */
  undoes: number | null;
  undo: UndoState;
}

export interface EventRecord {
  sourceId: string;
  side: EventSide;
  /** The person that it belongs to today; null where the record is gone. */
  personKey: string | null;
}

export interface PersonEventReader {
  list(filter: EventFilter, undos: readonly StandingUndo[]): Promise<PersonEvent[]>;
  /** Months with merges, splits and moves, the latest first; those that are left out are not counted. */
  months(without?: readonly number[]): Promise<{ month: string; events: number }[]>;
  /** Of each merge, split and move the keys before and after, and the people to whom its records belong today. */
  people(): Promise<ReadonlyMap<number, readonly string[]>>;
  find(event: number, undos: readonly StandingUndo[]): Promise<PersonEvent | undefined>;
  recordsOf(event: number): Promise<EventRecord[]>;
  /** Events that undo another, by the event that they undo; the latest of several. */
  followed(): Promise<Map<number, number>>;
  /** Records with names, in the order of their ids; those that are gone are left out. */
  records(sourceIds: readonly string[]): Promise<ReviewRecord[]>;
  /** The explained pair of two records, where the snapshot has one. */
  findPairId(left: string, right: string): Promise<string | undefined>;
  where(key: string): Promise<KeyNow & { events: Omit<PersonEvent, 'keysBefore' | 'keysAfter' | 'undo'>[] }>;
  close(): Promise<void>;
}

interface Row {
  event_id: number;
  build: string;
  happened_at: string;
  kind: PersonEventKind;
  old_key: string | null;
  new_key: string | null;
  kept_key?: string | null;
  records: number;
  reason: string;
  undoes: number | null;
}

const tables = { people: 'source_person', events: 'person_event', eventRecords: 'person_event_record' };

const plainOf = (row: Row) => ({ event: row.event_id, build: row.build, at: row.happened_at, kind: row.kind, oldKey: row.old_key, newKey: row.new_key, records: row.records, reason: row.reason, undoes: row.undoes });

function keysOf({ kind, old_key, new_key, kept_key }: Row): { keysBefore: string[]; keysAfter: string[] } {
  const list = (...keys: (string | null | undefined)[]) => [...new Set(keys.filter((key): key is string => typeof key === 'string'))];
  if (kind === 'merge') return { keysBefore: list(old_key, new_key), keysAfter: list(new_key) };
  if (kind === 'split') return { keysBefore: list(old_key), keysAfter: list(kept_key, new_key) };
  return { keysBefore: kind === 'moved' ? list(old_key, new_key) : list(old_key), keysAfter: kind === 'moved' ? list(kept_key, new_key) : list(new_key) };
}

/** Opens the reader of a home; a Problem comes at the first question where there is nothing to read. */
export function openPersonEvents(home: Home): PersonEventReader {
  const reader = followIdentified(home, ['person_event', 'person_event_record', 'source_person', 'source_record', 'link_pair'].map((name) => ({ zone: 'identified' as const, name })));
  const followed = async () => {
    const rows = await reader.rows<{ event_id: number; undoes: number }>(undoingEventsSql(tables.events));
    return new Map(rows.toReversed().map(({ event_id, undoes }) => [undoes, event_id]));
  };
  const presenter = async (undos: readonly StandingUndo[]) => {
    const [undone, already] = [await listUndoneEvents(reader, tables.events), await followed()];
    return (row: Row): PersonEvent => {
      const by = undone.get(row.event_id);
      const waits = already.has(row.event_id) ? undefined : undos.find(({ event, build }) => event === row.event_id && build === row.build);
      const undo: UndoState = by !== undefined ? { state: 'undone', by } : waits ? { state: 'waiting', undo: waits } : { state: 'stands' };
      return { ...plainOf(row), ...keysOf(row), undo };
    };
  };
  let kept: { snapshot: string; people: ReadonlyMap<number, readonly string[]> } | undefined;
  return {
    followed,
    people: async () => {
      const snapshot = await reader.snapshot();
      if (kept?.snapshot === snapshot) return kept.people;
      const rows = (await reader.rows<{ event_id: number; person_key: string | null }>(eventPeopleSql(tables.events, tables.eventRecords, tables.people))).filter(({ person_key }) => person_key !== null);
      kept = { snapshot, people: new Map([...Map.groupBy(rows, ({ event_id }) => event_id)].map(([event, some]) => [event, some.map(({ person_key }) => person_key!)])) };
      return kept.people;
    },
    list: async (filter, undos) => {
      const { kind, from, to, before, keys } = filter;
      const given: SqlParams = { ...(kind ? { kind } : {}), ...(from ? { from } : {}), ...(to ? { to } : {}), ...(before === undefined ? {} : { before }), ...(keys ? { keys: keys.join('\n') } : {}) };
      return (await reader.rows<Row>(listEventsSql(tables.events, filter), given)).map(await presenter(undos));
    },
    months: (without) => reader.rows(eventMonthsSql(tables.events, without)),
    find: async (event, undos) => (await reader.rows<Row>(findEventSql(tables.events), { event })).map(await presenter(undos))[0],
    recordsOf: async (event) => (await reader.rows<{ source_id: string; side: EventSide; person_key: string | null }>(eventRecordsSql(tables.eventRecords, tables.people), { event })).map((row) => ({ sourceId: row.source_id, side: row.side, personKey: row.person_key })),
    records: async (sourceIds) => (sourceIds.length === 0 ? [] : (await reader.rows<Parameters<typeof presentRecord>[0]>(recordsSql, { ids: sourceIds.join('\n') })).map(presentRecord)),
    findPairId: async (left, right) => (await reader.rows<{ pair_id: string }>(pairOfRecordsSql, { left, right }))[0]?.pair_id,
    where: async (key) => ({ ...(await findKeyNow(reader, tables, key)), events: (await reader.rows<Row>(keyEventsNamingSql(tables.events), { key })).map(plainOf) }),
    close: () => reader.close(),
  };
}
