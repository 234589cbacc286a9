// Everything that the pages and the commands may do about merges and splits, over one home and its casework store: read them, undo one,
// withdraw an undo before a build has followed it. What is undone is written to the file that a build reads.

import { addPersonUndo, listLinkDecisions, listPersonUndos, withdrawPersonUndo, type AuditWhy, type Casework, type Home } from '../store/index.ts';
import { publishDecisions } from './link-review-service.ts';
import type { EventFilter } from './person-event.sql.ts';
import { openPersonEvents, type EventRecord, type PersonEvent, type PersonEventReader } from './person-event.store.ts';
import { planUndo, type UndoPlan, type UndoRefusal } from './person-undo.ts';

export interface UndoRequest {
  reason: string;
  /** The person's id at the identity provider, or what the command line was given. */
  by: string;
  /** What its row of the audit says beside who and what. */
  why?: AuditWhy;
}

export type UndoResult =
  | { ok: true; event: PersonEvent; records: EventRecord[]; pairs: number }
  | { ok: false; refusal: UndoRefusal | { why: 'unknown' }; event?: PersonEvent };

export type WithdrawResult = { ok: true; event: PersonEvent; records: EventRecord[] } | { ok: false; refusal: { why: 'unknown' } | { why: 'no-undo'; by?: number }; event?: PersonEvent };

export interface PersonEventService {
  events: Pick<PersonEventReader, 'records' | 'findPairId' | 'where'>;
  /** The newest first. */
  list(filter: EventFilter): Promise<PersonEvent[]>;
  /** Months with merges, splits and moves, the latest first; those that are left out are not counted. */
  months(without?: readonly number[]): Promise<{ month: string; events: number }[]>;
  /** Of each merge, split and move the keys of people whom it concerns, so that those sealed to a reader can be left out. */
  people(): Promise<ReadonlyMap<number, readonly string[]>>;
  /** An event with its records, and whether it may be undone now. */
  find(event: number): Promise<{ event: PersonEvent; records: EventRecord[]; plan: UndoPlan } | undefined>;
  /** Keeps the undo with its row of the audit: both, or neither. A refusal is the caller's to audit. */
  undo(event: number, request: UndoRequest): Promise<UndoResult>;
  /** Takes back an undo that no build has followed yet; audited as `undo` is. */
  withdraw(event: number, request: UndoRequest): Promise<WithdrawResult>;
  close(): Promise<void>;
}

/** Opens the events of a home; a Problem comes at the first question where there is no snapshot. */
export function openPersonEventService(home: Home, { db, clock }: Pick<Casework, 'db' | 'clock'>): PersonEventService {
  const events = openPersonEvents(home);
  const standing = async () => (await listPersonUndos(db)).filter(({ withdrawn }) => !withdrawn);
  const find = async (number: number) => {
    const event = await events.find(number, await standing());
    if (!event) return undefined;
    const records = await events.recordsOf(number);
    return { event, records, plan: planUndo({ event, records, decisions: await listLinkDecisions(db), followed: await events.followed() }) };
  };
  return {
    events,
    list: async (filter) => events.list(filter, await standing()),
    months: (without) => events.months(without),
    people: () => events.people(),
    find,
    undo: async (number, { reason, by, why }) => {
      const found = await find(number);
      if (!found) return { ok: false, refusal: { why: 'unknown' } };
      const { event, records, plan } = found;
      if (!plan.ok) return { ok: false, refusal: plan.refusal, event };
      const { build, kind, oldKey, newKey } = event;
      const made = await addPersonUndo(db, clock, { event: number, build, kind: kind as 'merge', oldKey: oldKey!, newKey: newKey!, reason, decidedBy: by, pairs: plan.pairs, audited: auditOf('undo', { by, why, records }) });
      if (made === undefined) return { ok: false, refusal: { why: 'waiting' }, event };
      await publishDecisions(home, db);
      return { ok: true, event, records, pairs: plan.pairs.length };
    },
    withdraw: async (number, { reason, by, why }) => {
      const found = await find(number);
      if (!found) return { ok: false, refusal: { why: 'unknown' } };
      const { event, records } = found;
      const undo = (await standing()).find((each) => each.event === number && each.build === event.build);
      const followedBy = (await events.followed()).get(number);
      if (!undo || followedBy !== undefined) return { ok: false, refusal: { why: 'no-undo', ...(followedBy === undefined ? {} : { by: followedBy }) }, event };
      if ((await withdrawPersonUndo(db, clock, { undo, reason, decidedBy: by, audited: auditOf('withdraw', { by, why, records }) })) === undefined) return { ok: false, refusal: { why: 'no-undo' }, event };
      await publishDecisions(home, db);
      return { ok: true, event, records };
    },
    close: () => events.close(),
  };
}

const auditOf = (act: 'undo' | 'withdraw', { by, why, records }: { by: string; why: AuditWhy | undefined; records: readonly EventRecord[] }) => ({
  actorId: by, action: `person-event.${act}`, outcome: 'done' as const, ...(records.length > 0 ? { subjectKind: 'source-record', subjectIds: records.map(({ sourceId }) => sourceId) } : {}), ...why,
});
