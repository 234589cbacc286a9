// How many links are false, where nobody knows the truth? Two answers. From the model: the mean of 1 − probability over the links, which is
// right only as far as the probabilities are (Blakely and Salmond 2002; Belin and Rubin 1995 show how far that can be off). From a column
// that took no part in linking: true links disagree on it by error alone (share e), false ones by chance (share d), so that of links that
// disagree in a share q, f = (q − e) / (d − e) are false. e is not known: it lies between 0 and the share among the surest links.
// Links that cannot be ("implausible scenarios": Harron and others 2017), such as two different NHS numbers, are the case e = 0.

import { ratioInterval } from './score-linkage.ts';

export interface ModelEstimate {
  links: number;
  /** Expected share of links that are false, by the probabilities. */
  expected: number;
}

/** Links both of whose records hold the column, and those that disagree; with the sums of squares and products over the clusters, which are the sampled units. */
export interface CheckedLinks {
  links: number;
  differing: number;
  /** Σ links², Σ links·differing and Σ differing² over the clusters. */
  xx: number;
  xy: number;
  yy: number;
}

export interface CheckCounts {
  all: CheckedLinks;
  /** The same among the surest links. */
  sure: CheckedLinks;
  /** The share of disagreement among two records taken at random. */
  chance: number;
}

export interface CheckEstimate {
  /** The share of links that are false: the middle of the range, and the range with the uncertainty of sampling (95 per cent). */
  share: number;
  low: number;
  high: number;
  links: number;
  differing: number;
}

const intervalOf = ({ links, differing, xx, xy, yy }: CheckedLinks) => ratioInterval(differing, links, { xx, xy, yy });

/**
 * The share of false links by a column that took no part in linking. Sampling is of clusters, since links of one cluster are not
 * independent (Cochran 1977).
 * @returns undefined where the column says nothing: no link holds it twice, or two strangers seldom disagree on it
 * @example
 * const links = (n: number, differing: number) => ({ links: n, differing, xx: n, xy: differing, yy: differing });
 * estimateFalseMatches({ all: links(1000, 30), sure: links(500, 5), chance: 0.5 })?.high // .085
 */
export function estimateFalseMatches({ all, sure, chance }: CheckCounts): CheckEstimate | undefined {
  if (all.links === 0 || chance < 0.05) return undefined;
  const falseOf = (q: number, e: number) => Math.min(1, Math.max(0, (q - e) / (chance - e)));
  const seen = intervalOf(all);
  const error = Math.min(intervalOf(sure).high, chance / 2);
  const least = falseOf(all.differing / all.links, Math.min(sure.differing / Math.max(sure.links, 1), chance / 2));
  const most = falseOf(all.differing / all.links, 0);
  return { share: (least + most) / 2, low: falseOf(seen.low, error), high: falseOf(seen.high, 0), links: all.links, differing: all.differing };
}
