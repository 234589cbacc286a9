// Which key does each person have, and what became of those of the build before? A key follows most of its records: it goes to the cluster
// that holds most of them, and of several keys a cluster keeps the one that brings it most records; a tie goes to the smallest record id.
// A key that was ever used is never given to somebody else; one that has ended comes back with more than half of the records it ever held.
// Where an undo takes effect, the keys go back to the records that had them before, whatever has grown since.
// Merges, splits and the like are events, each with its records and reason, so that a reference to an old key can be followed or undone.

import { id, type Duck } from '../store/index.ts';
import type { StandingUndo } from './link-decision-file.ts';
import type { LinkDecision } from './link-decisions.ts';
import {
  carryEventsSql, dropKeyTablesSql, eventTablesSql, freshKeysSql, heldKeysSql, keyChangesSql, keyDecisionTableSql, keyEventsSql, keyFlowsSql, keyInputsSql, keySidesSql, pendingUndosSql, returnedKeysSql,
  undoTablesSql, undoWishesSql, writeEventsSql, writeKeysSql, writeSidesSql, type KeysBefore,
} from './person-keys.sql.ts';
import { columnsOf } from './table-columns.store.ts';

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
  /** Undos that hold; those that an event has followed already do nothing more. */
  undos?: readonly Pick<StandingUndo, 'event' | 'build' | 'reason'>[];
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
    await duck.run(undoTablesSql);
    if (before && options.undos?.length) {
      await duck.run(pendingUndosSql(before), { rows: JSON.stringify(options.undos.map(({ event, build, reason }) => ({ event, build, reason }))) });
      await duck.run(undoWishesSql(before));
    }
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
    const columns = new Set(options.records === undefined ? [] : await columnsOf(duck, options.records));
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
  const both = decisions.flatMap(({ left, right, same, undo }) => [{ a: left, b: right, same, undo }, { a: right, b: left, same, undo }]);
  if (both.length > 0) await duck.run(`INSERT INTO key_decision SELECT d.a, d.b, d.same, d.undo FROM (SELECT unnest(from_json($rows::JSON, '[{"a":"VARCHAR","b":"VARCHAR","same":"BOOLEAN","undo":"BIGINT"}]')) AS d)`, { rows: JSON.stringify(both) });
}
