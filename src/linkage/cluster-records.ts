// Which records are one person, when some pairs say yes and some say no? Within each connected component the clusters that have the most
// weight inside are sought greedily: join the two clusters with the largest sum of weights between them while it is positive. So a chain
// of two yeses is cut by one strong no. Pairs in conflict, and two values of a thing of which a person has one, are never joined.
// Source: greedy additive edge contraction for correlation clustering (Bansal, Blum and Chawla 2004; Keuper et al. 2015). A heuristic.

export interface ComponentPairs {
  /** Records of each pair, any order. */
  l: ArrayLike<number>;
  r: ArrayLike<number>;
  /** Weight in bits: positive where the pair is more likely one person than not. */
  weight: ArrayLike<number>;
}

/** Pairs of records that reviewers settled. */
export interface SettledPairs {
  same: readonly (readonly [number, number])[];
  different: readonly (readonly [number, number])[];
}

/** In bits: no single pair may outvote all others together. */
const cap = 12;
/**
 * A pair's weight against counts by this share: a slip in one record speaks against it in every one of its pairs, though it is one slip.
 * Chosen once over four data sets together (docs/methods/linkage.md); between a quarter and a half the scores differ little.
 */
const against = 1 / 3;
/** The weight of a pair in conflict. */
export const opposed = -1e3;
/** The weight of a pair in an absolute conflict. */
export const forbidden = -1e6;

export interface ClusteredComponent {
  /** For each record seen, the smallest record of its cluster. */
  cluster: Map<number, number>;
  /**
   * What the component says of two records, in bits: inside a cluster the sum of votes with which their parts were joined (more than 0), across
   * clusters the sum of votes between the two.
   */
  supportOf(a: number, b: number): number;
}

/** For each record seen, the smallest record of its cluster: see `settleComponent`. */
export const clusterComponent = (pairs: ComponentPairs, single: ((record: number) => number)[], settled?: SettledPairs): Map<number, number> => settleComponent(pairs, single, settled).cluster;

/**
 * Clusters the records of one component.
 * @param pairs all compared pairs inside the component, sorted by l and r for a fixed order of sums
 * @param single for each thing of which a person has at most one, the value's number for a record, or -1
 * @param settled what reviewers decided about pairs inside the component, which outranks weights, conflicts and single values
 * @returns the clusters, and what the component says of any two of its records
 */
export function settleComponent(pairs: ComponentPairs, single: ((record: number) => number)[], settled?: SettledPairs): ClusteredComponent {
  const joins = new Map<number, { into: number; order: number; weight: number }>();
  const links = new Map<number, Map<number, number>>();
  const linksOf = (record: number) => {
    let held = links.get(record);
    if (!held) links.set(record, (held = new Map()));
    return held;
  };
  for (let i = 0; i < pairs.l.length; i += 1) {
    const weight = voteOf(pairs.weight[i]!);
    linksOf(pairs.l[i]!).set(pairs.r[i]!, weight);
    linksOf(pairs.r[i]!).set(pairs.l[i]!, weight);
  }
  for (const [a, b] of settled?.different ?? []) {
    linksOf(a).set(b, forbidden);
    linksOf(b).set(a, forbidden);
  }
  for (const pair of settled?.same ?? []) for (const record of pair) linksOf(record);
  const cluster = new Map<number, number>([...links.keys()].map((record) => [record, record]));
  const members = new Map<number, number[]>([...links.keys()].map((record) => [record, [record]]));
  const values = new Map<number, number[]>([...links.keys()].map((record) => [record, single.map((valueOf) => valueOf(record))]));
  const join = (keep: number, gone: number, weight: number) => {
    joins.set(gone, { into: keep, order: joins.size, weight });
    contract(links, keep, gone);
    values.set(keep, values.get(keep)!.map((value, index) => (value >= 0 ? value : values.get(gone)![index]!)));
    for (const record of members.get(gone)!) cluster.set(record, keep);
    members.get(keep)!.push(...members.get(gone)!);
    members.delete(gone);
  };
  for (const [a, b] of settled?.same ?? []) {
    const [one, other] = [cluster.get(a)!, cluster.get(b)!];
    if (one !== other) join(Math.min(one, other), Math.max(one, other), cap);
  }
  const partners = new Map<number, Partner | undefined>([...links.keys()].map((record) => [record, bestPartner(links, record)]));
  for (;;) {
    let best: [number, number, number] | undefined;
    for (const [a, partner] of partners) {
      if (partner && (best === undefined || partner.weight > best[2] || (partner.weight === best[2] && a < best[0]))) best = [a, partner.record, partner.weight];
    }
    if (!best) break;
    const [keep, gone, weight] = best;
    if (contradict(values.get(keep)!, values.get(gone)!)) {
      links.get(keep)!.set(gone, forbidden);
      links.get(gone)!.set(keep, forbidden);
      partners.set(keep, bestPartner(links, keep));
      continue;
    }
    join(keep, gone, weight);
    partners.delete(gone);
    partners.set(keep, bestPartner(links, keep));
    for (const [other, sum] of links.get(keep)!) {
      const partner = partners.get(other);
      if (partner && (partner.record === gone || partner.record === keep)) partners.set(other, bestPartner(links, other));
      else if (other < keep && sum > 0 && (!partner || sum > partner.weight || (sum === partner.weight && keep < partner.record))) partners.set(other, { record: keep, weight: sum });
    }
  }
  return { cluster, supportOf: (a, b) => (cluster.get(a) === cluster.get(b) ? joinedWith(joins, a, b) : (links.get(cluster.get(a)!)?.get(cluster.get(b)!) ?? 0)) };
}

interface Partner {
  record: number;
  weight: number;
}

/** The later record with the largest sum of votes above 0; of equals the smallest. */
function bestPartner(links: Map<number, Map<number, number>>, record: number): Partner | undefined {
  let best: Partner | undefined;
  for (const [other, weight] of links.get(record)!) {
    if (other < record || weight <= 0) continue;
    if (best === undefined || weight > best.weight || (weight === best.weight && other < best.record)) best = { record: other, weight };
  }
  return best;
}

/** The weight of the join that brought two records of one cluster together: each climbs to what it was joined into, the earlier join first. */
function joinedWith(joins: Map<number, { into: number; order: number; weight: number }>, a: number, b: number): number {
  let [one, other, weight] = [a, b, cap];
  while (one !== other) {
    const [up, across] = [joins.get(one), joins.get(other)];
    const first = !across || (up && up.order < across.order) ? up! : across;
    if (first === up) one = first.into;
    else other = first.into;
    weight = first.weight;
  }
  return weight;
}

function voteOf(weight: number): number {
  if (weight <= forbidden) return forbidden;
  return weight < 0 ? Math.max(-cap, weight * against) : Math.min(cap, weight);
}

const contradict = (a: number[], b: number[]): boolean => a.some((value, index) => value >= 0 && b[index]! >= 0 && value !== b[index]);

function contract(links: Map<number, Map<number, number>>, keep: number, gone: number): void {
  const kept = links.get(keep)!;
  kept.delete(gone);
  for (const [other, weight] of links.get(gone)!) {
    if (other === keep) continue;
    const sum = Math.max(forbidden, (kept.get(other) ?? 0) + weight);
    const total = (kept.get(other) ?? 0) <= forbidden || weight <= forbidden ? forbidden : sum;
    kept.set(other, total);
    const back = links.get(other)!;
    back.delete(gone);
    back.set(keep, total);
  }
  links.delete(gone);
}
