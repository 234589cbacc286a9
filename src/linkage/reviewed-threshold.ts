// Where do the pairs that people settled say that the threshold should lie? At a threshold each settled pair lies on its right or its wrong
// side; the thresholds with the fewest on the wrong side, within one standard error, are all as good. Limits: the pairs are the doubtful
// ones, chosen and not drawn at random, so that they say where the threshold should lie and not how good all links are.

import { counted } from '../core/index.ts';

/** Settled pairs that weigh at least `step` bits and less than one bit more. */
export interface SettledCount {
  step: number;
  reviewed_same: number;
  reviewed_different: number;
}

export interface SuggestedThreshold {
  /** In bits: the least and the greatest of the good thresholds. */
  low: number;
  high: number;
  /** Settled pairs on the wrong side of the best. */
  wrong: number;
  reviewed: number;
}

export interface ReviewedThreshold {
  /** The threshold that is used, a probability. */
  threshold: number;
  /** The one without review, a probability. */
  usual: number;
  /** Whether enough pairs are settled for them to name one. */
  enough: boolean;
  same: number;
  different: number;
  /** Settled pairs on the wrong side of the threshold that is used, and of the usual one. */
  wrong: number;
  wrongUsual: number;
}

/** In bits: the thresholds that are looked at, from 1 in 1,000 to 999,999 in 1,000,000. */
export const lookedAtThresholds: readonly number[] = Array.from({ length: 31 }, (_, index) => index - 10);

/** Settled pairs from which a range is suggested. */
const fewestSuggesting = 20;
/** Settled pairs from which a build may use the threshold that they name, and of them as one person and as two. */
export const fewestUsed = { all: 50, either: 10 } as const;
/** In bits: pairs are asked about for their doubt from .05 to .95; further away too few are settled to say anything. */
const furthest = 4;

const bitsOf = (probability: number): number => Math.log2(probability / (1 - probability));
const probabilityOf = (bits: number): number => 1 / (1 + 2 ** -bits);
const sum = (rows: readonly SettledCount[], of: (row: SettledCount) => number): number => rows.reduce((all, row) => all + of(row), 0);

/** Settled pairs on the wrong side of a threshold in bits: one person below it, or two people from it on. */
export const wrongAt = (rows: readonly SettledCount[], bits: number): number => sum(rows, ({ step, reviewed_same, reviewed_different }) => (step >= bits ? reviewed_different : reviewed_same));

/** The thresholds with the fewest settled pairs on the wrong side, within one standard error of the fewest. */
function goodThresholds(rows: readonly SettledCount[], among: readonly number[]): { good: number[]; fewest: number } {
  const reviewed = sum(rows, (row) => row.reviewed_same + row.reviewed_different);
  const fewest = Math.min(...among.map((bits) => wrongAt(rows, bits)));
  const error = Math.sqrt(reviewed * (fewest / reviewed) * (1 - fewest / reviewed));
  return { good: among.filter((bits) => wrongAt(rows, bits) <= fewest + error), fewest };
}

/**
 * The range of good thresholds; undefined where fewer than 20 pairs are settled.
 * @param rows settled pairs by weight, in whole bits
 * @returns in bits, the least and the greatest
 */
export function suggestThreshold(rows: readonly SettledCount[]): SuggestedThreshold | undefined {
  const reviewed = sum(rows, (row) => row.reviewed_same + row.reviewed_different);
  if (reviewed < fewestSuggesting) return undefined;
  const { good, fewest } = goodThresholds(rows, lookedAtThresholds);
  return { low: Math.min(...good), high: Math.max(...good), wrong: fewest, reviewed };
}

/**
 * The threshold that settled pairs name: of the good ones within four bits of one half, the nearest to the usual one (of two as near, the
 * higher). The usual one stays where it is good itself, and where fewer than 50 pairs are settled, or fewer than 10 as one person or as two.
 * @param rows settled pairs by weight, in whole bits
 * @param usual a probability
 * @example chooseThreshold([], 0.5) // { threshold: 0.5, usual: 0.5, enough: false, same: 0, different: 0, wrong: 0, wrongUsual: 0 }
 */
export function chooseThreshold(rows: readonly SettledCount[], usual: number): ReviewedThreshold {
  const [same, different] = [sum(rows, (row) => row.reviewed_same), sum(rows, (row) => row.reviewed_different)];
  const wrongUsual = wrongAt(rows, bitsOf(usual));
  const stays = { threshold: usual, usual, same, different, wrong: wrongUsual, wrongUsual };
  if (same + different < fewestUsed.all || Math.min(same, different) < fewestUsed.either) return { ...stays, enough: false };
  const among = [...new Set([...lookedAtThresholds.filter((bits) => Math.abs(bits) <= furthest), bitsOf(usual)])];
  const apart = (bits: number) => Math.abs(bits - bitsOf(usual));
  const [nearest] = goodThresholds(rows, among).good.toSorted((a, b) => apart(a) - apart(b) || b - a);
  if (apart(nearest!) === 0) return { ...stays, enough: true };
  return { ...stays, threshold: probabilityOf(nearest!), wrong: wrongAt(rows, nearest!), enough: true };
}

/** A threshold as people write it: "0.5", "0.889". */
export const writeThreshold = (threshold: number): string => String(Math.round(threshold * 1000) / 1000);

/**
 * Which threshold a build used, and why, where anything but the usual one was asked for.
 * @param reviewed what the settled pairs said, where they were asked
 */
export function thresholdWords(threshold: number, reviewed: ReviewedThreshold | undefined): string | undefined {
  if (!reviewed) return threshold === 0.5 ? undefined : `Records are linked from a probability of ${writeThreshold(threshold)}, as headwater.yaml says.`;
  const { usual, enough, same, different, wrong, wrongUsual } = reviewed;
  const settled = `${counted(same + different, 'settled pair')} that ${same + different === 1 ? 'has' : 'have'} a weight`;
  if (!enough) return `Records are linked from a probability of ${writeThreshold(usual)}: headwater.yaml asks for the threshold that people's decisions name, but that takes ${fewestUsed.all} settled pairs, ${fewestUsed.either} of them as one person and ${fewestUsed.either} as two people, and there are ${same} as one person and ${different} as two.`;
  if (threshold === usual) return `Records are linked from a probability of ${writeThreshold(usual)}: by the ${settled}, no other threshold is clearly better (${wrong} lie on its wrong side).`;
  return `Records are linked from a probability of ${writeThreshold(threshold)}, which people's decisions name: of the ${settled}, ${wrong} lie on its wrong side and ${wrongUsual} on that of ${writeThreshold(usual)}.`;
}
