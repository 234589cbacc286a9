import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDuck, type Duck } from '../store/index.ts';
import { peopleOfRecordsSql, queueSql } from './link-review.sql.ts';
import { eventMonthsSql, eventPeopleSql, listEventsSql } from './person-event.sql.ts';

let duck: Duck;
beforeAll(async () => {
  duck = await openDuck({ threads: 1 });
  await duck.run(`
    CREATE TABLE source_person (source_id VARCHAR, person_key VARCHAR);
    INSERT INTO source_person VALUES ('a:1', 'P1'), ('b:1', 'P1'), ('c:1', 'P3'), ('d:1', 'P4');
    CREATE TABLE person_event (event_id INTEGER, build VARCHAR, happened_at TIMESTAMP, kind VARCHAR, old_key VARCHAR, new_key VARCHAR, records INTEGER, reason VARCHAR, undoes INTEGER);
    INSERT INTO person_event VALUES (1, 'b1', '2026-10-05', 'merge', 'P2', 'P1', 2, 'x', NULL), (2, 'b2', '2026-11-05', 'split', 'P1', 'P3', 1, 'x', NULL), (3, 'b2', '2026-11-05', 'gone', 'P9', NULL, 1, 'x', NULL);
    CREATE TABLE person_event_record (event_id INTEGER, source_id VARCHAR, side VARCHAR);
    INSERT INTO person_event_record VALUES (1, 'b:1', 'moved'), (1, 'd:1', 'joined'), (1, 'z:1', 'joined'), (2, 'c:1', 'moved'), (3, 'a:1', 'moved');
    CREATE TABLE link_queue (pair_id VARCHAR, left_source_id VARCHAR, right_source_id VARCHAR, reason VARCHAR, place INTEGER);
    INSERT INTO link_queue VALUES ('pair2', 'a:1', 'z:1', 'bridge', 2), ('pair1', 'b:1', 'c:1', 'threshold', 1)`);
});
afterAll(() => duck.close());

it('an event concerns the people of its keys and those to whom its records belong today', async () => {
  expect(await duck.rows(eventPeopleSql('person_event', 'person_event_record', 'source_person'))).toEqual([
    ...['P1', 'P2', 'P4'].map((person_key) => ({ event_id: 1, person_key })),
    ...['P1', 'P3'].map((person_key) => ({ event_id: 2, person_key })),
  ]);
});

it('events that are left out are neither listed nor counted by month', async () => {
  const months = async (without?: number[]) => (await duck.rows<{ month: string; events: bigint }>(eventMonthsSql('person_event', without))).map(({ month, events }) => [month, Number(events)]);
  expect([await months(), await months([]), await months([2])]).toEqual([[['2026-11', 1], ['2026-10', 1]], [['2026-11', 1], ['2026-10', 1]], [['2026-10', 1]]]);
  const listed = async (without?: number[]) => (await duck.rows<{ event_id: number }>(listEventsSql('person_event', { limit: 10, ...(without ? { without } : {}) }))).map(({ event_id }) => event_id);
  expect([await listed(), await listed([2]), await listed([1, 2])]).toEqual([[2, 1], [1], []]);
});

it('a pair of the queue names the people of its records; a record that is gone has nobody', async () => {
  expect(await duck.rows(queueSql)).toEqual([
    { pair_id: 'pair1', left_source_id: 'b:1', right_source_id: 'c:1', reason: 'threshold', left_person: 'P1', right_person: 'P3' },
    { pair_id: 'pair2', left_source_id: 'a:1', right_source_id: 'z:1', reason: 'bridge', left_person: 'P1', right_person: null },
  ]);
  expect(await duck.rows(peopleOfRecordsSql, { ids: 'd:1\nz:1\na:1' })).toEqual([{ source_id: 'a:1', person_key: 'P1' }, { source_id: 'd:1', person_key: 'P4' }]);
});
