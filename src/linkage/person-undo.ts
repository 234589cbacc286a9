// May an event be undone, and by which decisions? An undo is one person's: it goes against the model, never against what two people settled in
// the review, and never against another undo but the one that led to the event. What it decides: records that the event brought together are
// different people, records that it parted are the same.

import type { RecordedDecision } from '../store/index.ts';
import { reconcileDecisions, type LinkDecision } from './link-decisions.ts';
import { reviewPairs, settledDecisions } from './link-review.ts';
import type { EventRecord, PersonEvent } from './person-event.store.ts';

export type UndoRefusal =
  /** A person who is new, gone or has come back: nothing was merged, split or moved. */
  | { why: 'kind' }
  /** An undo is kept already and waits for a build. */
  | { why: 'waiting' }
  /** It is undone, by that event. */
  | { why: 'undone'; by: number }
  /** The records that moved, or those that they were joined with or parted from, are gone. */
  | { why: 'records-gone' }
  /** The records are today as they were before the event. */
  | { why: 'as-before' }
  | { why: 'too-many'; pairs: number }
  /** People settled otherwise in the review, before the event or since. */
  | { why: 'settled'; left: string; right: string; same: boolean; at: number; since: boolean; pairs: number }
  /** The undo of another event decided otherwise; `by` is the event that it led to, where a build has followed it. */
  | { why: 'other-undo'; event: number; by?: number };

export type UndoPlan = { ok: true; pairs: LinkDecision[] } | { ok: false; refusal: UndoRefusal };

/** Pairs that one undo decides at most: one person's 100 records against another's 200. */
export const mostUndonePairs = 20_000;

const byCodePoints = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * The decisions that undo an event: records that it brought together are parted, and records that it parted are joined again.
 * @example undoPairs([{ sourceId: 'b:1', side: 'moved' }, { sourceId: 'a:1', side: 'joined' }]) // [{ left: 'a:1', right: 'b:1', same: false }]
 */
export function undoPairs(records: readonly Pick<EventRecord, 'sourceId' | 'side'>[]): LinkDecision[] {
  const of = (side: string) => records.filter((record) => record.side === side).map(({ sourceId }) => sourceId);
  const pairs = (side: string, same: boolean) => of('moved').flatMap((moved) => of(side).map((other): LinkDecision => {
    const [left, right] = [moved, other].toSorted(byCodePoints) as [string, string];
    return { left, right, same };
  }));
  return [...pairs('stayed', true), ...pairs('joined', false)];
}

export interface UndoContext {
  event: PersonEvent;
  records: readonly EventRecord[];
  /** Every decision, in the order in which they were made. */
  decisions: readonly RecordedDecision[];
  /** Events that undo another, by the one that they undo. */
  followed: ReadonlyMap<number, number>;
}

/** Whether the event may be undone now, and how. */
export function planUndo({ event, records, decisions, followed }: UndoContext): UndoPlan {
  const refuse = (refusal: UndoRefusal): UndoPlan => ({ ok: false, refusal });
  if (event.kind !== 'merge' && event.kind !== 'split' && event.kind !== 'moved') return refuse({ why: 'kind' });
  if (event.undo.state === 'waiting') return refuse({ why: 'waiting' });
  if (event.undo.state === 'undone') return refuse({ why: 'undone', by: event.undo.by });
  const keysOf = (side: EventRecord['side']) => new Set(records.flatMap((record) => (record.side === side && record.personKey !== null ? [record.personKey] : [])));
  const [moved, joined, stayed] = [keysOf('moved'), keysOf('joined'), keysOf('stayed')];
  if (moved.size === 0 || joined.size + stayed.size === 0) return refuse({ why: 'records-gone' });
  const [together, apart] = [[...moved].some((key) => joined.has(key)), stayed.size > 0 && new Set([...moved, ...stayed]).size > 1];
  if (!together && !apart) return refuse({ why: 'as-before' });
  const pairs = undoPairs(records).map((pair) => ({ ...pair, undo: event.event }));
  if (pairs.length > mostUndonePairs) return refuse({ why: 'too-many', pairs: pairs.length });
  const before = settledDecisions(decisions);
  const already = new Set(reconcileDecisions(before).contradicted);
  const ruledOut = reconcileDecisions([...before, ...pairs]).contradicted.filter((decision) => !already.has(decision) && (decision.undo === undefined || decision.undo !== event.undoes));
  const settled = ruledOut.filter(({ undo }) => undo === undefined);
  if (settled.length > 0) {
    const { left, right, same } = settled.at(-1)!;
    const at = reviewPairs(decisions).find((review) => review.left === left && review.right === right)!.settled!.at;
    return refuse({ why: 'settled', left, right, same, at, since: at > Date.parse(event.at), pairs: settled.length });
  }
  const other = ruledOut.at(-1)?.undo;
  if (other !== undefined) return refuse({ why: 'other-undo', event: other, ...(followed.has(other) ? { by: followed.get(other)! } : {}) });
  return { ok: true, pairs };
}
