// Which key does each person have, and what became of those of the build before? A key follows most of its records: it goes to the cluster
// that holds most of them, and of several keys a cluster keeps the one that brings it most records; a tie goes to the smallest record id.
// A key that was ever used is never given to somebody else; one that has ended comes back with more than half of the records it ever held.
// Merges, splits and the like are events, each with its records and reason, so that a reference to an old key can be followed or undone.

import { id, type Duck } from '../store/index.ts';
import type { LinkDecision } from './link-decisions.ts';
import {
  carryEventsSql, dropKeyTablesSql, eventSidesSql, eventTablesSql, freshKeysSql, heldKeysSql, keyChangesSql, keyDecisionTableSql, keyEndsSql, keyEventsSql, keyFlowsSql, keyInputsSql, keySidesSql, returnedKeysSql,
  writeEventsSql, writeKeysSql, writeSidesSql, type KeysBefore,
} from './person-keys.sql.ts';

export interface PersonKeyOptions {
  /** The table of new clusters: source_id, person_key. */
  clusters: string;
  /** The table to make: source_id, person_key; may be `clusters` itself. */
  out: string;
  /** Tables to make: the events so far and those of this build, with their records. */
  events: string;
  eventRecords: string;
  /** The build before; without it every key is new and there is no event. */
  before?: KeysBefore;
  /** Names the build in its events. */
  build: string;
  /** The time of the build, ISO 8601. */
  at: string;
  /** For reasons: what reviewers settled, the table of records (nhs_number, upn), and a table of source_id of records whose content has changed. */
  decisions?: readonly LinkDecision[];
  records?: string;
  changed?: string;
}

export type PersonEventKind = 'merge' | 'split' | 'moved' | 'new' | 'gone' | 'returned';

/**
 * Gives each cluster its key and records what happened to the keys of the build before.
 * @returns how many events of each kind this build has
 * @example await assignPersonKeys(duck, { clusters: 'source_person', out: 'source_person', events: 'person_event', eventRecords: 'person_event_record', build: 'B1', at: '2026-11-24T12:00:00Z' })
 */
export async function assignPersonKeys(duck: Duck, options: PersonKeyOptions): Promise<Partial<Record<PersonEventKind, number>>> {
  const { before, events, eventRecords } = options;
  try {
    await duck.run(keyInputsSql(options.clusters, before));
    await duck.run(heldKeysSql);
    if (before) await duck.run(returnedKeysSql(before));
    await duck.run(freshKeysSql(before));
    await duck.run(writeKeysSql(options.out));
    await duck.run(eventTablesSql(events, eventRecords));
    if (!before) return {};
    await duck.run(carryEventsSql(before, events, eventRecords));
    const { last } = await duck.one<{ last: number }>(`SELECT coalesce(max(event_id), 0) AS last FROM ${id(events)}`);
    for (const sql of [keyFlowsSql(options.out), keyEventsSql(last), keySidesSql, keyChangesSql]) await duck.run(sql);
    await writeDecisions(duck, options.decisions ?? []);
    const columns = new Set((await duck.rows<{ name: string }>('SELECT column_name AS name FROM duckdb_columns() WHERE table_name = $table', { table: options.records ?? '' })).map(({ name }) => name));
    await duck.run(writeEventsSql(events, { columns, ...(options.records ? { records: options.records } : {}), ...(options.changed ? { changed: options.changed } : {}) }), { build: options.build, at: options.at });
    await duck.run(writeSidesSql(eventRecords));
    const kinds = await duck.rows<{ kind: PersonEventKind; n: number }>('SELECT kind, count(*) AS n FROM key_event GROUP BY kind ORDER BY kind');
    return Object.fromEntries(kinds.map(({ kind, n }) => [kind, n]));
  } finally {
    await duck.run(dropKeyTablesSql);
  }
}

async function writeDecisions(duck: Duck, decisions: readonly LinkDecision[]): Promise<void> {
  await duck.run(keyDecisionTableSql);
  const both = decisions.flatMap(({ left, right, same }) => [{ a: left, b: right, same }, { a: right, b: left, same }]);
  if (both.length > 0) await duck.run(`INSERT INTO key_decision SELECT d.a, d.b, d.same FROM (SELECT unnest(from_json($rows::JSON, '[{"a":"VARCHAR","b":"VARCHAR","same":"BOOLEAN"}]')) AS d)`, { rows: JSON.stringify(both) });
}

export interface KeyHistory {
  /**
   * The key that a reference to `key` means now: itself, or the one that its records were merged into, however often.
   * Undefined where the person's records are gone. A key that no event names is taken as it is.
   */
  resolve(key: string): string | undefined;
}

/**
 * Reads a table of events, so that casework can follow old keys.
 * @example (await readKeyHistory(duck, 'person_event')).resolve('P0123456789abcdef')
 */
export async function readKeyHistory(duck: Duck, events: string): Promise<KeyHistory> {
  const ends = await duck.rows<{ event_id: number; key: string; ends: boolean; heir: string | null }>(keyEndsSql(events));
  const last = new Map(ends.map((row) => [row.key, row]));
  return {
    resolve: (key) => {
      let now: string | undefined = key;
      // Each step goes to a later event, so that it ends.
      for (let row = last.get(key); now !== undefined && row?.ends; row = now === undefined ? undefined : last.get(now)) now = row.heir ?? undefined;
      return now;
    },
  };
}

/**
 * The decisions that undo an event: records that it brought together are parted, and records that it parted are joined again.
 * Recorded as a reviewer's decisions they outrank the model, and the next build gives the old keys back.
 * @returns no decision where the event cannot be undone: a person who is new, gone or has come back
 * @example const decisions = await undoPersonEvent(duck, 'person_event_record', 12)
 */
export async function undoPersonEvent(duck: Duck, eventRecords: string, event: number): Promise<LinkDecision[]> {
  const rows = await duck.rows<{ source_id: string; side: 'moved' | 'stayed' | 'joined' }>(eventSidesSql(eventRecords), { event });
  const of = (side: string) => rows.filter((row) => row.side === side).map((row) => row.source_id);
  const pairs = (side: string, same: boolean): LinkDecision[] => of('moved').flatMap((left) => of(side).map((right) => ({ left, right, same })));
  return [...pairs('stayed', true), ...pairs('joined', false)];
}
