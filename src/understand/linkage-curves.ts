// How right and how complete would links be at another threshold? From counts of pairs by weight: where the truth is known, against it;
// where reviewers settled pairs, against those; and always as the model itself expects. Limits: pairs by themselves, before clusters are
// made of them; reviewed pairs are the doubtful ones, so their shares say where the threshold should lie, not how good all links are.

import { lookedAtThresholds, wrongAt } from '../linkage/index.ts';
import { wilsonInterval } from '../stats/index.ts';
import type { WeightCountRow } from './linkage-question.sql.ts';

export interface ThresholdPoint {
  /** In bits: links weigh at least this. */
  bits: number;
  probability: number;
  precision: number | null;
  recall: number | null;
}

export interface ReviewedPoint extends ThresholdPoint {
  precisionLow: number | null;
  precisionHigh: number | null;
  /** Settled pairs on the wrong side of the threshold. */
  wrong: number;
}

export const probabilityOf = (bits: number): number => 1 / (1 + 2 ** -bits);

const share = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

const sumFrom = (rows: readonly WeightCountRow[], bits: number, of: (row: WeightCountRow) => number): number => rows.filter(({ step }) => step >= bits).reduce((sum, row) => sum + of(row), 0);

/** What the model expects of itself, of the pairs compared. */
export function expectedCurve(rows: readonly WeightCountRow[]): ThresholdPoint[] {
  const all = sumFrom(rows, -Infinity, (row) => row.expected);
  return lookedAtThresholds.map((bits) => {
    const found = sumFrom(rows, bits, (row) => row.expected);
    return { bits, probability: probabilityOf(bits), precision: share(found, sumFrom(rows, bits, (row) => row.pairs)), recall: share(found, all) };
  });
}

/** Against the truth, over all true pairs, also those that were never compared. */
export function truthCurve(rows: readonly WeightCountRow[], truePairs: number): ThresholdPoint[] {
  return lookedAtThresholds.map((bits) => {
    const found = sumFrom(rows, bits, (row) => row.true_pairs);
    return { bits, probability: probabilityOf(bits), precision: share(found, sumFrom(rows, bits, (row) => row.known_pairs)), recall: share(found, truePairs) };
  });
}

/** Against the pairs that reviewers settled. */
export function reviewedCurve(rows: readonly WeightCountRow[]): ReviewedPoint[] {
  const allSame = sumFrom(rows, -Infinity, (row) => row.reviewed_same);
  return lookedAtThresholds.map((bits) => {
    const [same, different] = [sumFrom(rows, bits, (row) => row.reviewed_same), sumFrom(rows, bits, (row) => row.reviewed_different)];
    const interval = same + different > 0 ? wilsonInterval(same, same + different) : null;
    return { bits, probability: probabilityOf(bits), precision: share(same, same + different), recall: share(same, allSame), precisionLow: interval?.low ?? null, precisionHigh: interval?.high ?? null, wrong: wrongAt(rows, bits) };
  });
}
