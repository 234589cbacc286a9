// One pair for a reviewer: both records side by side, what the model makes of them in words and as a picture, and what may be decided.

import { chanceWords, explainParts, writeBits, type DoubtReason, type PairReview, type PersonEvent, type ReviewPair, type ReviewRecord } from '../../linkage/index.ts';
import type { RecordedDecision } from '../../store/index.ts';
import { weightWaterfallChart } from '../charts/weight-waterfall.chart.ts';
import { presentDate } from '../frame/date-words.ts';
import { presentEventRow } from './person-event-view.ts';
import { presentFields } from './review-fields.ts';
import { reasonWords } from './review-queue.ts';
import { silentWords } from './silent-words.ts';

export interface PairContext {
  pair: ReviewPair;
  review: PairReview | undefined;
  /** Every decision about the pair, shown once it is settled and nobody has to decide blind any more. */
  decisions: readonly RecordedDecision[];
  userId: string;
  reason: DoubtReason | undefined;
  agencyName(code: string): string;
  /** Merges and splits that concern the person or people of the two records. */
  events: readonly PersonEvent[];
  /** What was sent with a form that was refused, and why. */
  refused?: { reason: string; message: string; field: 'reason' | 'decision' };
  done: boolean;
}

export const longestReason = 1000;

/** What the person may do with the pair now. */
export type Standing = 'decide' | 'third' | 'decided' | 'settled' | 'unsure';

export function standingOf(review: PairReview | undefined, userId: string): Standing {
  if (review?.stage === 'settled' || review?.stage === 'unsure') return review.stage;
  if (review?.deciders.includes(userId)) return 'decided';
  return review?.stage === 'third' ? 'third' : 'decide';
}

const decisionWords = { same: 'Same person', different: 'Different people', unsure: 'Not sure' } as const;

export function presentPair({ pair, review, decisions, userId, reason, agencyName, events, refused, done }: PairContext) {
  const standing = standingOf(review, userId);
  const explained = explainParts(pair.parts, (label) => silentWords(label, pair));
  let total = 0;
  const parts = explained.map((part) => ({ ...part, ...(part.strength === 'says nothing' ? { bitsText: '–', totalText: '–' } : { bitsText: writeBits(part.bits), totalText: writeBits((total += part.bits)) }) }));
  const chance = chanceWords(pair.probability);
  const side = (record: ReviewRecord, letter: string) => ({ letter, agency: agencyName(record.agency), localId: record.localId });
  return {
    title: 'Are these two records one person?',
    error: refused !== undefined,
    pairId: pair.pairId,
    left: side(pair.left, 'A'),
    right: side(pair.right, 'B'),
    fields: presentFields(pair.left, pair.right),
    standing,
    settled: review?.settled ? (review.settled.same ? 'the same person' : 'different people') : null,
    history: standing === 'settled' || standing === 'unsure' ? decisions.map((row) => ({ round: row.round, words: decisionWords[row.decision], on: presentDate(row.decidedAt), reason: row.reason ?? null, undid: row.undo?.event ?? null, withdrawn: row.undo?.withdrawn ?? false })) : [],
    byUndo: review?.settled?.undo !== undefined,
    onePerson: pair.onePerson,
    events: events.map(presentEventRow),
    why: reason ? reasonWords[reason] : null,
    now: pair.onePerson ? 'Headwater takes them for one person now.' : 'Headwater takes them for two people now.',
    conflict: pair.parts.conflict,
    parts,
    chance,
    total: writeBits(pair.weight),
    chart: weightWaterfallChart({
      id: 'waterfall',
      title: pair.parts.conflict ? 'What agrees and what does not, before the rule that keeps them apart' : `All together: ${chance} that they are one person`,
      subtitle: 'Each bit doubles the odds that the two are one person, or halves them',
      description: `A bar for each of ${explained.length} parts of the weight, each beginning where the last ended; the total is ${writeBits(pair.weight)} bits. The table under the chart gives every part.`,
      bars: explained.filter(({ strength }) => strength !== 'says nothing').map((part) => ({ label: part.words, bits: part.bits })),
      total: pair.weight,
    }),
    refused: refused ?? null,
    longestReason,
    done,
  };
}
