import { describe, expect, it } from 'vitest';
import type { RecordedDecision } from '../store/index.ts';
import { openPairs, reviewAgreement, reviewPairs, seatRule, settledDecisions } from './link-review.ts';
import type { EventRecord, PersonEvent } from './person-event.store.ts';
import { refusalWords } from './person-event-words.ts';
import { mostUndonePairs, planUndo, undoPairs, type UndoContext, type UndoRefusal } from './person-undo.ts';

const at = '2026-11-02T09:00:00Z';
const event: PersonEvent = { event: 5, build: 'B2', at, kind: 'merge', oldKey: 'P2', newKey: 'P1', keysBefore: ['P2', 'P1'], keysAfter: ['P1'], records: 1, reason: 'new records link them', undoes: null, undo: { state: 'stands' } };
const record = (sourceId: string, side: EventRecord['side'], personKey: string | null = 'P1'): EventRecord => ({ sourceId, side, personKey });
const merged = [record('c:1', 'moved'), record('a:1', 'joined'), record('b:1', 'joined')];

const plan = (given: Partial<UndoContext> = {}) => planUndo({ event, records: merged, decisions: [], followed: new Map(), ...given });
const refusal = (given: Partial<UndoContext>) => {
  const made = plan(given);
  return made.ok ? undefined : made.refusal;
};
const decided = (left: string, right: string, decision: 'same' | 'different', decidedAt = at, undo?: RecordedDecision['undo']): RecordedDecision[] =>
  (undo ? ['u1'] : ['u1', 'u2']).map((decidedBy, i) => ({ left, right, round: undo ? 9 : 1, seat: i + 1, decision, decidedBy, decidedAt: Date.parse(decidedAt), ...(undo ? { undo } : {}) }));
const byUndo = (number: number, withdrawn = false) => ({ personUndoId: number, event: number, withdrawn });

describe('undoPairs', () => {
  it('parts what was joined and joins what was parted, the lesser id first by code points', () => {
    expect(undoPairs([record('b:1', 'moved'), record('a:1', 'joined'), record('c:1', 'stayed')])).toEqual([{ left: 'b:1', right: 'c:1', same: true }, { left: 'a:1', right: 'b:1', same: false }]);
    expect(undoPairs([record('\u{1F600}', 'moved'), record('\uFFFD', 'stayed')])[0]).toMatchObject({ left: '\uFFFD', right: '\u{1F600}' });
  });
});

describe('planUndo', () => {
  it('names the event in each decision', () => {
    expect(plan()).toEqual({ ok: true, pairs: [{ left: 'a:1', right: 'c:1', same: false, undo: 5 }, { left: 'b:1', right: 'c:1', same: false, undo: 5 }] });
  });

  it.each<[string, Partial<UndoContext>, UndoRefusal]>([
    ['a person who is new', { event: { ...event, kind: 'new' } }, { why: 'kind' }],
    ['an undo that waits', { event: { ...event, undo: { state: 'waiting', undo: { event: 5, build: 'B2', reason: 'x', decidedBy: 'u', decidedAt: 0 } } } }, { why: 'waiting' }],
    ['an event that is undone', { event: { ...event, undo: { state: 'undone', by: 7 } } }, { why: 'undone', by: 7 }],
    ['records that moved and are gone', { records: [record('c:1', 'moved', null), record('a:1', 'joined')] }, { why: 'records-gone' }],
    ['records that they were joined with and are gone', { records: [record('c:1', 'moved'), record('a:1', 'joined', null)] }, { why: 'records-gone' }],
    ['a merge whose records are apart already', { records: [record('c:1', 'moved', 'P2'), record('a:1', 'joined')] }, { why: 'as-before' }],
    ['a split whose records are together already', { event: { ...event, kind: 'split' }, records: [record('c:1', 'moved'), record('a:1', 'stayed')] }, { why: 'as-before' }],
    ['two who settled it since', { decisions: decided('a:1', 'c:1', 'same', '2026-11-03T09:00:00Z') }, { why: 'settled', left: 'a:1', right: 'c:1', same: true, at: Date.parse('2026-11-03T09:00:00Z'), since: true, pairs: 1 }],
    ['two who settled it before', { decisions: decided('a:1', 'c:1', 'same', '2026-11-01T09:00:00Z') }, { why: 'settled', left: 'a:1', right: 'c:1', same: true, at: Date.parse('2026-11-01T09:00:00Z'), since: false, pairs: 1 }],
    ['another undo', { decisions: decided('a:1', 'c:1', 'same', at, byUndo(6)), followed: new Map([[6, 8]]) }, { why: 'other-undo', event: 6, by: 8 }],
    ['another undo that no build has followed', { decisions: decided('a:1', 'c:1', 'same', at, byUndo(6)) }, { why: 'other-undo', event: 6 }],
  ])('refuses %s, in words', (_case, given, expected) => {
    expect(refusal(given)).toEqual(expected);
    const { what, todo } = refusalWords(expected, () => '3 November 2026');
    expect(what.length).toBeGreaterThan(20);
    expect(todo).toMatch(/\.$/);
  });

  it('refuses what two people settled through other records: c is x, and x is a', () => {
    expect(refusal({ decisions: [...decided('c:1', 'x:1', 'same'), ...decided('a:1', 'x:1', 'same')] })).toMatchObject({ why: 'settled' });
  });

  it('goes on where decisions agree, are ruled out already, or concern a record that is there no more beside others', () => {
    expect(plan({ decisions: decided('a:1', 'c:1', 'different') }).ok).toBe(true);
    expect(plan({ records: [...merged, record('z:1', 'joined', null)] })).toMatchObject({ ok: true, pairs: { length: 3 } });
    const ruledOut = [...decided('a:1', 'c:1', 'same'), ...decided('a:1', 'y:1', 'same'), ...decided('c:1', 'y:1', 'different')];
    expect(plan({ decisions: ruledOut }).ok).toBe(true);
  });

  it('may go against the undo that led to the event, and against one that was withdrawn', () => {
    const decisions = decided('a:1', 'c:1', 'same', at, byUndo(4));
    expect(plan({ event: { ...event, undoes: 4 }, decisions, followed: new Map([[4, 5]]) }).ok).toBe(true);
    expect(plan({ decisions: decided('a:1', 'c:1', 'same', at, byUndo(6, true)) }).ok).toBe(true);
  });

  it('has a limit', () => {
    const many = Array.from({ length: mostUndonePairs + 1 }, (_, i) => record(`a:${i}`, 'joined'));
    expect(refusal({ records: [record('z:1', 'moved'), ...many] })).toEqual({ why: 'too-many', pairs: mostUndonePairs + 1 });
  });
});

describe('an undo in the review of its pair', () => {
  const pair = { left: 'a:1', right: 'c:1' };
  const undone = (withdrawn = false): RecordedDecision => ({ ...pair, round: 2, seat: 1, decision: 'different', decidedBy: 'u9', decidedAt: 9, undo: byUndo(5, withdrawn) });

  it('settles it alone, over what was settled and begun before', () => {
    expect(settledDecisions([...decided('a:1', 'c:1', 'same'), undone()])).toEqual([{ ...pair, same: false, undo: 5 }]);
    expect(openPairs([...decided('a:1', 'c:1', 'same').slice(0, 1), undone()])).toEqual([]);
  });

  it('that is withdrawn leaves the pair as it was, settled or begun', () => {
    expect(settledDecisions([...decided('a:1', 'c:1', 'same'), undone(true)])).toEqual([{ ...pair, same: true }]);
    const begun = [...decided('a:1', 'c:1', 'same').slice(0, 1), undone(true)];
    expect(openPairs(begun)).toEqual([pair]);
    expect(seatRule(false)(begun, 'u3')).toEqual({ round: 1, seat: 2 });
    expect(reviewPairs([undone(true)])).toEqual([]);
  });

  it('is superseded by two people who decide it again, in a round that nothing had', () => {
    expect(seatRule(false)([undone()], 'u3')).toBeUndefined();
    expect(seatRule(true)([undone()], 'u3')).toEqual({ round: 3, seat: 1 });
    expect(seatRule(true)([...decided('a:1', 'c:1', 'same'), undone(true)], 'u3')).toEqual({ round: 3, seat: 1 });
    expect(settledDecisions([undone(), ...['u1', 'u2'].map((decidedBy, i): RecordedDecision => ({ ...pair, round: 3, seat: i + 1, decision: 'same', decidedBy, decidedAt: 10 }))])).toEqual([{ ...pair, same: true }]);
  });

  it('counts in no agreement of reviewers', () => {
    expect(reviewAgreement([undone()]).pairs).toBe(0);
  });
});
