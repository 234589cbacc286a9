// Which clusters are doubtful, and which of their pairs would a reviewer's answer help most? From the graph of a cluster's links: a bridge
// (one link alone holds two parts together; Tarjan 1974), few of the possible links, many records, and pairs inside that contradict.

export const doubtReasons = ['contradiction', 'cut', 'bridge', 'sparse', 'large', 'threshold'] as const;

export type DoubtReason = (typeof doubtReasons)[number];

export interface DoubtfulPair {
  l: number;
  r: number;
  reason: DoubtReason;
}

export interface ClusterPairs {
  /** Sorted: the pairs of one cluster stand together. */
  cluster: ArrayLike<number>;
  l: ArrayLike<number>;
  r: ArrayLike<number>;
  /** In bits over the threshold: from nought upwards a link. */
  weight: ArrayLike<number>;
}

/** A cluster of this many records or more is looked at for its size alone. */
export const largeCluster = 15;
/** A cluster with a smaller share of its possible links is sparse. */
export const sparseDensity = 0.5;
/** A pair inside a cluster that weighs this much against, in bits, contradicts it. */
const against = -6;

/**
 * At most one pair for each reason of each cluster of three records or more.
 * @returns pairs in the order of the clusters
 * @example findDoubtfulPairs({ cluster: [1, 1], l: [1, 2], r: [2, 3], weight: [3, 5] }) // both links are bridges: the weaker, 1–2
 */
export function findDoubtfulPairs(pairs: ClusterPairs): DoubtfulPair[] {
  const found: DoubtfulPair[] = [];
  for (let from = 0; from < pairs.cluster.length; ) {
    let to = from + 1;
    while (to < pairs.cluster.length && pairs.cluster[to] === pairs.cluster[from]) to += 1;
    found.push(...findInCluster(pairs, from, to));
    from = to;
  }
  return found;
}

function findInCluster({ l, r, weight }: ClusterPairs, from: number, to: number): DoubtfulPair[] {
  const members = new Set<number>();
  const links: number[] = [];
  let worst = -1;
  for (let at = from; at < to; at += 1) {
    members.add(l[at]!).add(r[at]!);
    if (weight[at]! >= 0) links.push(at);
    if (weight[at]! <= against && (worst < 0 || weight[at]! < weight[worst]!)) worst = at;
  }
  if (members.size < 3) return [];
  const weakest = (edges: number[]) => edges.reduce((least, at) => (weight[at]! < weight[least]! ? at : least), edges[0]!);
  const found = new Map<number, DoubtReason>();
  const note = (at: number | undefined, reason: DoubtReason) => {
    if (at !== undefined && at >= 0 && !found.has(at)) found.set(at, reason);
  };
  note(worst, 'contradiction');
  // Of n records with a bridge between them, n − 1 at most hang together otherwise: more links leave no room for one.
  const mayHaveBridge = links.length <= ((members.size - 1) * (members.size - 2)) / 2 + 1;
  const bridges = mayHaveBridge ? findBridges(links.map((at) => [l[at]!, r[at]!] as const)).map((index) => links[index]!) : [];
  if (bridges.length > 0) note(weakest(bridges), 'bridge');
  const density = links.length / ((members.size * (members.size - 1)) / 2);
  if (links.length > 0 && density < sparseDensity) note(weakest(links), 'sparse');
  if (links.length > 0 && members.size >= largeCluster) note(weakest(links), 'large');
  return [...found].map(([at, reason]) => ({ l: l[at]!, r: r[at]!, reason }));
}

/** Positions of the edges whose removal parts what they join, without recursion (a cluster may be a long chain). */
export function findBridges(edges: readonly (readonly [number, number])[]): number[] {
  const next = new Map<number, { to: number; edge: number }[]>();
  for (const [edge, [a, b]] of edges.entries()) {
    for (const [one, other] of [[a, b], [b, a]] as const) {
      const held = next.get(one);
      if (held) held.push({ to: other, edge });
      else next.set(one, [{ to: other, edge }]);
    }
  }
  const order = new Map<number, number>();
  const low = new Map<number, number>();
  const bridges: number[] = [];
  for (const start of next.keys()) {
    if (order.has(start)) continue;
    const path = [{ node: start, by: -1, at: 0 }];
    order.set(start, order.size);
    low.set(start, order.get(start)!);
    while (path.length > 0) {
      const here = path.at(-1)!;
      const step = next.get(here.node)![here.at];
      here.at += 1;
      if (step === undefined) {
        path.pop();
        const above = path.at(-1);
        if (above) {
          low.set(above.node, Math.min(low.get(above.node)!, low.get(here.node)!));
          if (low.get(here.node)! > order.get(above.node)!) bridges.push(here.by);
        }
      } else if (!order.has(step.to)) {
        order.set(step.to, order.size);
        low.set(step.to, order.get(step.to)!);
        path.push({ node: step.to, by: step.edge, at: 0 });
      } else if (step.edge !== here.by) {
        low.set(here.node, Math.min(low.get(here.node)!, order.get(step.to)!));
      }
    }
  }
  return bridges.toSorted((a, b) => a - b);
}
