// The queue of doubtful pairs as one reviewer sees it: what each pair waits for, which comes next for them, how far reviewers agree.

import { reviewAgreement, reviewPairs, type DoubtReason, type PairReview, type QueuedPair } from '../../linkage/index.ts';
import type { RecordedDecision } from '../../store/index.ts';
import { writeCount, writeShare } from '../charts/number-words.ts';

export interface QueueEntry extends QueuedPair {
  review?: PairReview;
  /** Whether this person may decide it now. */
  mine: boolean;
}

const keyOf = ({ left, right }: { left: string; right: string }) => JSON.stringify([left, right]);

export function joinQueue(queue: readonly QueuedPair[], decisions: readonly RecordedDecision[], userId: string): QueueEntry[] {
  const reviews = new Map(reviewPairs(decisions).map((review) => [keyOf(review), review]));
  return queue.map((pair) => {
    const review = reviews.get(keyOf(pair));
    const open = review === undefined || review.stage === 'second' || review.stage === 'third';
    return { ...pair, ...(review ? { review } : {}), mine: open && !(review?.deciders.includes(userId) ?? false) };
  });
}

/** The next pair for this person: those that wait for a third, then for a second, then new ones, each in the queue's order; not the one just left. */
export function findNext(entries: readonly QueueEntry[], after?: string): QueueEntry | undefined {
  const mine = entries.filter((entry) => entry.mine);
  const rank = ({ review }: QueueEntry) => (review?.stage === 'third' ? 0 : review?.stage === 'second' ? 1 : 2);
  const ordered = mine.map((entry, place) => ({ entry, place })).toSorted((a, b) => rank(a.entry) - rank(b.entry) || a.place - b.place).map(({ entry }) => entry);
  const at = ordered.findIndex(({ pairId }) => pairId === after);
  return ordered[at + 1] ?? (at > 0 ? ordered[0] : at === 0 ? undefined : ordered[0]);
}

export const reasonWords: Record<DoubtReason, string> = {
  threshold: 'The model is unsure of the pair',
  contradiction: 'Two records of one person contradict each other',
  cut: 'The two agree, but were put into two people because others disagree',
  bridge: 'This link alone holds two groups of records together',
  sparse: 'Few records of the person agree with each other',
  large: 'The person has many records',
};

export interface QueueView {
  [name: string]: unknown;
  title: string;
}

export function presentQueue(entries: readonly QueueEntry[], decisions: readonly RecordedDecision[], userId: string): QueueView {
  const at = (stage: PairReview['stage'] | undefined) => entries.filter((entry) => entry.review?.stage === stage).length;
  const mine = entries.filter((entry) => entry.mine).length;
  const reasons = [...Map.groupBy(entries, ({ reason }) => reason)].map(([reason, pairs]) => ({
    words: reasonWords[reason],
    pairs: pairs.length,
    waiting: pairs.filter(({ review }) => review?.stage !== 'settled' && review?.stage !== 'unsure').length,
  })).toSorted((a, b) => b.pairs - a.pairs);
  const stages = [
    { words: 'Nobody has looked yet', pairs: at(undefined) },
    { words: 'One person has decided; a second is needed', pairs: at('second') },
    { words: 'Two did not agree; a third decides', pairs: at('third') },
    { words: 'Settled: the next build follows it', pairs: at('settled') },
    { words: 'Three people could not settle it: the model decides', pairs: at('unsure') },
  ];
  const reviewers = [...Map.groupBy(decisions.filter(({ undo }) => !undo), ({ decidedBy }) => decidedBy)].map(([id, rows]) => ({
    id, you: id === userId, decided: rows.length, third: rows.filter(({ seat }) => seat === 3).length,
  })).toSorted((a, b) => b.decided - a.decided || a.id.localeCompare(b.id));
  return { title: 'Review links', mine, waiting: at(undefined) + at('second') + at('third'), total: entries.length, reasons, stages, reviewers, agreement: presentAgreement(decisions) };
}

/** In words: "Two people agreed on 41 of 50 pairs (82%). Cohen's kappa is 0.67, between 0.48 and 0.86." Null before the first second decision. */
export function presentAgreement(decisions: readonly RecordedDecision[]): string[] | null {
  const { pairs, agreement, byChance, kappa, low, high } = reviewAgreement(decisions);
  if (pairs === 0) return null;
  const digits = (value: number) => value.toFixed(2).replace('-', '−');
  const said = [`Two people, neither knowing what the other said, agreed on ${writeCount(Math.round(agreement * pairs))} of ${writeCount(pairs)} ${pairs === 1 ? 'pair' : 'pairs'} (${writeShare(agreement)}). Chance alone would give ${writeShare(byChance)}.`];
  said.push(kappa === undefined
    ? 'Agreement beyond chance cannot be measured yet, because both have given one answer only.'
    : `Agreement beyond chance (Cohen’s kappa) is ${digits(kappa)}, between ${digits(low!)} and ${digits(high!)}; 1 is full agreement, 0 is what chance gives.${pairs < 30 ? ' With fewer than 30 pairs this is rough.' : ''}`);
  return said;
}
