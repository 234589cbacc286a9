// What the list of merges and splits reads from the identified zone: events, one event's records with the person that each belongs to today.

import { id } from '../store/index.ts';
import { eventsWithUndoesSql } from './person-key-history.sql.ts';

export interface EventFilter {
  kind?: 'merge' | 'split' | 'moved';
  /** Days, such as 2026-11-24, both included. */
  from?: string;
  to?: string;
  /** The page of events before this one. */
  before?: number;
  /** Events that name one of these keys alone. */
  keys?: readonly string[];
  /** Events that are left out. */
  without?: readonly number[];
  limit: number;
}

const shownKinds = "kind IN ('merge', 'split', 'moved')";
const without = (numbers: readonly number[] = []): string => (numbers.length === 0 ? '' : ` AND event_id NOT IN (${numbers.map(Math.trunc).join(', ')})`);

/** `kept_key` is the key with which the records that stayed are after the event: a split's old key may have been merged in the same build. */
const columnsSql = (events: string): string => `
  e.event_id, e.build, strftime(e.happened_at, '%Y-%m-%dT%H:%M:%SZ') AS happened_at, e.kind, e.old_key, e.new_key, e.records, e.reason, e.undoes,
  coalesce((SELECT any_value(m.new_key) FROM ${id(events)} m WHERE m.kind = 'merge' AND m.old_key = e.old_key AND m.build = e.build AND m.happened_at = e.happened_at), e.old_key) AS kept_key`;

/** The newest first. Parameters: those of the filter that are given; $keys joined by line ends. */
export function listEventsSql(events: string, filter: EventFilter): string {
  const where = [
    `e.${shownKinds}${without(filter.without)}`,
    ...(filter.kind ? ['e.kind = $kind'] : []),
    ...(filter.from ? ['e.happened_at >= $from::DATE'] : []),
    ...(filter.to ? ['e.happened_at < $to::DATE + 1'] : []),
    ...(filter.before === undefined ? [] : ['e.event_id < $before']),
    ...(filter.keys ? ['(e.old_key IN (SELECT unnest(string_split($keys, chr(10)))) OR e.new_key IN (SELECT unnest(string_split($keys, chr(10)))))'] : []),
  ];
  return `SELECT ${columnsSql(events)} FROM ${eventsWithUndoesSql(events)} e WHERE ${where.join(' AND ')} ORDER BY e.event_id DESC LIMIT ${Math.trunc(filter.limit)}`;
}

/** Rows {month, events}: the months in which merges, splits and moves happened, the latest first; those that are left out are not counted. */
export const eventMonthsSql = (events: string, leftOut?: readonly number[]): string => `
  SELECT strftime(happened_at, '%Y-%m') AS month, count(*) AS events FROM ${id(events)} WHERE ${shownKinds}${without(leftOut)} GROUP BY month ORDER BY month DESC`;

/** Rows {event_id, person_key}: of each merge, split and move, its keys and the people to whom its records belong today. */
export const eventPeopleSql = (events: string, eventRecords: string, people: string): string => `
  SELECT event_id, unnest([old_key, new_key]) AS person_key FROM ${id(events)} WHERE ${shownKinds}
  UNION SELECT r.event_id, p.person_key FROM ${id(eventRecords)} r JOIN ${id(people)} p USING (source_id) SEMI JOIN (SELECT event_id FROM ${id(events)} WHERE ${shownKinds}) e USING (event_id)
  ORDER BY event_id, person_key`;

/** One event of any kind. Parameter: $event. */
export const findEventSql = (events: string): string => `SELECT ${columnsSql(events)} FROM ${eventsWithUndoesSql(events)} e WHERE e.event_id = $event`;

/** Rows {source_id, side, person_key}: the records of an event; person_key is NULL where a record is gone. Parameter: $event. */
export const eventRecordsSql = (eventRecords: string, people: string): string => `
  SELECT r.source_id, r.side, p.person_key FROM ${id(eventRecords)} r LEFT JOIN ${id(people)} p USING (source_id) WHERE r.event_id = $event ORDER BY r.side, r.source_id`;

export const pairOfRecordsSql = 'SELECT pair_id FROM link_pair WHERE left_source_id = $left AND right_source_id = $right';
