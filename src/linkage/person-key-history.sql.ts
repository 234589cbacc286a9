// SQL of what keys mean now: which records a key ever stood for, by the events' records, and who those records are today.

import { id } from '../store/index.ts';

export interface KeyTables {
  /** source_id, person_key: the snapshot that is served. */
  people: string;
  /** person_event and person_event_record (docs/data-model.md). */
  events: string;
  eventRecords: string;
}

/** A SELECT of events; a snapshot of an earlier version has no column `undoes`. */
export const withUndoesSql = (select: string): string => `${select} UNION ALL BY NAME SELECT NULL::BIGINT AS undoes WHERE FALSE`;

export const eventsWithUndoesSql = (events: string): string => `(${withUndoesSql(`FROM ${id(events)}`)})`;

/** One row {event_id, undoes} for each event that undoes another, the latest first. */
export const undoingEventsSql = (events: string): string => `SELECT event_id, undoes FROM ${eventsWithUndoesSql(events)} WHERE undoes IS NOT NULL ORDER BY event_id DESC`;

/**
 * Rows {key, person_key, records, heir}, for keys that an event names or one key ($key) alone: in how many records of the key each person of
 * today has a share; person_key is NULL for records that are gone. A record that came to a key by an event that was undone is not the key's,
 * as long as the key is in use. `heir` is the key that it was last merged into.
 * @param undone events that are undone
 */
export function keyPeopleSql({ people, events, eventRecords }: KeyTables, undone: readonly number[], one: boolean): string {
  const isUndone = undone.length > 0 ? `event_id IN (${undone.join(', ')})` : 'FALSE';
  const asked = (key: string) => (one ? `WHERE ${key} = $key` : '');
  return `
  WITH part AS (SELECT event_id, old_key, new_key, source_id, side FROM ${id(events)} JOIN ${id(eventRecords)} USING (event_id) WHERE kind IN ('merge', 'split', 'moved', 'gone') ${one ? 'AND (old_key = $key OR new_key = $key)' : ''}),
  named AS (SELECT DISTINCT unnest([old_key, new_key]) AS key FROM ${id(events)}),
  held AS (
    SELECT old_key AS key, source_id FROM part WHERE side IN ('moved', 'stayed')
    UNION SELECT new_key, source_id FROM part WHERE side IN ('moved', 'joined') AND new_key IS NOT NULL
    UNION SELECT person_key, source_id FROM ${id(people)} ${one ? 'WHERE person_key = $key' : 'WHERE person_key IN (SELECT key FROM named)'}
  ),
  passing AS (
    SELECT new_key AS key, source_id FROM part WHERE side = 'moved' AND ${isUndone} AND new_key IN (SELECT person_key FROM ${id(people)})
    EXCEPT SELECT new_key, source_id FROM part WHERE side = 'moved' AND NOT (${isUndone})
    EXCEPT SELECT person_key, source_id FROM ${id(people)}
  ),
  merged AS (SELECT old_key AS key, arg_max(new_key, event_id) AS heir FROM ${id(events)} WHERE kind = 'merge' GROUP BY old_key)
  SELECT h.key, p.person_key, count(*) AS records, any_value(m.heir) AS heir
  FROM (FROM held EXCEPT FROM passing) h LEFT JOIN ${id(people)} p USING (source_id) LEFT JOIN merged m ON m.key = h.key ${asked('h.key')}
  GROUP BY h.key, p.person_key ORDER BY h.key, records DESC, p.person_key`;
}

/** The events that name a key, the first first. */
export const keyEventsNamingSql = (events: string): string => `
  SELECT event_id, build, strftime(happened_at, '%Y-%m-%dT%H:%M:%SZ') AS happened_at, kind, old_key, new_key, records, reason, undoes FROM ${eventsWithUndoesSql(events)}
  WHERE old_key = $key OR new_key = $key ORDER BY event_id`;
