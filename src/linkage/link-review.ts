// What is known of a pair from what people decided about it. Two decide without knowledge of each other; where they agree on the same or on
// different people, it is settled; else a third decides. A pair that is settled may be taken up again: a new round, which supersedes the
// last one once it settles. The undo of a merge or split is a round of its own, settled by one person, until it is withdrawn. Agreement: the first two decisions of every round, as a share and as Cohen's kappa.

import { cohenKappa, type Kappa } from '../stats/index.ts';
import type { RecordedDecision, SeatRule } from '../store/index.ts';
import type { LinkDecision } from './link-decisions.ts';

export const decisionKinds = ['same', 'different', 'unsure'] as const;

export interface PairReview {
  left: string;
  right: string;
  round: number;
  /** What the pair waits for; `unsure` where three people could not settle it. */
  stage: 'second' | 'third' | 'settled' | 'unsure';
  /** Who decided in this round. */
  deciders: string[];
  /** The settled answer of the latest round that has one; that of an earlier round holds while a new one is under way. */
  settled?: { same: boolean; at: number; decisionNumber: number; undo?: number };
}

type Seats = Pick<RecordedDecision, 'seat' | 'decision' | 'undo'>[];

/** What one round's decisions come to. */
function stageOf(round: Seats): { stage: PairReview['stage']; same?: boolean } {
  if (round[0]?.undo) return { stage: 'settled', same: round[0].decision === 'same' };
  const [first, second, third] = [1, 2, 3].map((seat) => round.find((row) => row.seat === seat)?.decision);
  if (second === undefined) return { stage: 'second' };
  if (first === second && first !== 'unsure') return { stage: 'settled', same: first === 'same' };
  if (third === undefined) return { stage: 'third' };
  return third === 'unsure' ? { stage: 'unsure' } : { stage: 'settled', same: third === 'same' };
}

/**
 * The review of every pair that somebody has decided about.
 * @param decisions in the order in which they were made
 */
export function reviewPairs(decisions: readonly RecordedDecision[]): PairReview[] {
  const numbered = decisions.map((decision, decisionNumber) => ({ ...decision, decisionNumber })).filter(({ undo }) => !undo?.withdrawn);
  return [...Map.groupBy(numbered, ({ left, right }) => JSON.stringify([left, right])).values()].map((rows) => {
    const { left, right } = rows[0]!;
    const rounds = [...Map.groupBy(rows, ({ round }) => round)].toSorted(([a], [b]) => a - b);
    const [round, latest] = rounds.at(-1)!;
    const settled = rounds.map(([, seats]) => ({ ...stageOf(seats), last: seats.at(-1)! })).findLast(({ stage }) => stage === 'settled');
    return {
      left, right, round, stage: stageOf(latest).stage, deciders: latest.map(({ decidedBy }) => decidedBy),
      ...(settled ? { settled: { same: settled.same!, at: settled.last.decidedAt, decisionNumber: settled.last.decisionNumber, ...(settled.last.undo ? { undo: settled.last.undo.event } : {}) } } : {}),
    };
  });
}

/** The settled decisions, the latest last. */
export function settledDecisions(decisions: readonly RecordedDecision[]): LinkDecision[] {
  return reviewPairs(decisions)
    .filter((review) => review.settled !== undefined)
    .toSorted((a, b) => a.settled!.decisionNumber - b.settled!.decisionNumber)
    .map(({ left, right, settled }) => ({ left, right, same: settled!.same, ...(settled!.undo === undefined ? {} : { undo: settled!.undo }) }));
}

/** The pairs that wait for another person to decide, in the order in which they were begun. */
export function openPairs(decisions: readonly RecordedDecision[]): { left: string; right: string }[] {
  return reviewPairs(decisions).filter(({ stage }) => stage === 'second' || stage === 'third').map(({ left, right }) => ({ left, right }));
}

/**
 * The next seat: nobody twice in a round, no fourth, and no third where two agree.
 * @param reopen begin a new round where the last one is over
 */
export function seatRule(reopen: boolean): SeatRule {
  return (before, decidedBy) => {
    const holding = before.filter(({ undo }) => !undo?.withdrawn);
    const round = Math.max(1, ...holding.map((row) => row.round));
    const seats = holding.filter((row) => row.round === round);
    const over = seats.length > 0 && ['settled', 'unsure'].includes(stageOf(seats).stage);
    if (over) return reopen ? { round: Math.max(...before.map((row) => row.round)) + 1, seat: 1 } : undefined;
    if (seats.some((row) => row.decidedBy === decidedBy)) return undefined;
    return { round, seat: seats.length + 1 };
  };
}

/** How far the first and the second decider agree, over all rounds: rows and columns are same, different, unsure. */
export function reviewAgreement(decisions: readonly RecordedDecision[]): Kappa {
  const table = decisionKinds.map(() => decisionKinds.map(() => 0));
  for (const rows of Map.groupBy(decisions, ({ left, right, round }) => JSON.stringify([left, right, round])).values()) {
    const [first, second] = [1, 2].map((seat) => rows.find((row) => row.seat === seat));
    if (first && second) table[decisionKinds.indexOf(first.decision)]![decisionKinds.indexOf(second.decision)]! += 1;
  }
  return cohenKappa(table);
}
