// How many links are false, where nobody knows the truth? Two answers. From the model: the mean of 1 − probability over the links, which is
// right only as far as the probabilities are (Blakely and Salmond 2002; Belin and Rubin 1995 show how far that can be off). From a column
// that took no part in linking: true links disagree on it by error alone (share e), false ones by chance (share d), so that of links that
// disagree in a share q, f = (q − e) / (d − e) are false. e is not known: it lies between 0 and the share among the surest links.
// Links that cannot be ("implausible scenarios": Harron and others 2017), such as two different NHS numbers, are the case e = 0.

export interface ModelEstimate {
  links: number;
  /** Expected share of links that are false, by the probabilities. */
  expected: number;
}

export interface CheckCounts {
  /** Links both of whose records hold the column, and those that disagree. */
  links: number;
  differing: number;
  /** The same among the surest links. */
  sureLinks: number;
  sureDiffering: number;
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

const z = 1.959964;

/** Wilson's interval of k of n. */
function wilson(k: number, n: number): { low: number; high: number } {
  if (n === 0) return { low: 0, high: 1 };
  const p = k / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/**
 * The share of false links by a column that took no part in linking.
 * @returns undefined where the column says nothing: no link holds it twice, or two strangers seldom disagree on it
 * @example estimateFalseMatches({ links: 1000, differing: 30, sureLinks: 500, sureDiffering: 5, chance: 0.5 })?.high // about .08
 */
export function estimateFalseMatches({ links, differing, sureLinks, sureDiffering, chance }: CheckCounts): CheckEstimate | undefined {
  if (links === 0 || chance < 0.05) return undefined;
  const falseOf = (q: number, e: number) => Math.min(1, Math.max(0, (q - e) / (chance - e)));
  const seen = wilson(differing, links);
  const error = Math.min(wilson(sureDiffering, sureLinks).high, chance / 2);
  const least = falseOf(differing / links, Math.min(sureDiffering / Math.max(sureLinks, 1), chance / 2));
  const most = falseOf(differing / links, 0);
  return { share: (least + most) / 2, low: falseOf(seen.low, error), high: falseOf(seen.high, 0), links, differing };
}
