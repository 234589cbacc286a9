// Which records are one person, given weighed pairs and a choice of how to group them? Connected components of the links; or votes inside
// each component (cluster-records); with or without "at most one record of each source": links are then taken strongest first, and a link
// that would bring two records of one source together is left out (a greedy matching, as in Kruskal 1956 with a constraint).

import { forbidden, settleComponent } from './cluster-records.ts';
import { createSets } from './union-find.ts';

export interface WeighedPairs {
  l: Int32Array;
  r: Int32Array;
  /** In bits above the threshold: linked where at least 0. */
  weight: Float64Array;
}

export interface ClusterChoice {
  kind: 'components' | 'votes';
  /** The number of a record's source; at most one record of each in a cluster. */
  sourceOf?: (record: number) => number;
}

/** Components larger than this are never voted on: they are kept as the links make them. */
const largestVoted = 200;

/**
 * Groups records.
 * @param pairs weighed pairs, in any order
 * @returns for each record the smallest record of its cluster, and how many links were left out for the sake of one record a source
 */
export function groupRecords(records: number, pairs: WeighedPairs, choice: ClusterChoice): { root: Int32Array; leftOut: number } {
  const sets = createSets(records);
  let leftOut = 0;
  if (choice.sourceOf && choice.kind === 'components') leftOut = joinOnePerSource(pairs, choice.sourceOf, sets);
  else for (let i = 0; i < pairs.l.length; i += 1) if (pairs.weight[i]! >= 0) sets.join(pairs.l[i]!, pairs.r[i]!);
  const root = Int32Array.from({ length: records }, (_, record) => sets.rootOf(record));
  if (choice.kind === 'votes') leftOut += vote(root, pairs, choice.sourceOf);
  return { root, leftOut };
}

/** Indices of the links, the strongest first; of equal weights the smaller numbers first, so that the order of the pairs does not matter. */
function strongestFirst({ l, r, weight }: WeighedPairs): Int32Array {
  return Int32Array.from(weight.keys())
    .filter((i) => weight[i]! >= 0)
    .sort((a, b) => weight[b]! - weight[a]! || l[a]! - l[b]! || r[a]! - r[b]!);
}

function joinOnePerSource(pairs: WeighedPairs, sourceOf: (record: number) => number, sets: ReturnType<typeof createSets>): number {
  const held = new Map<number, Set<number>>();
  const sources = (root: number) => held.get(root) ?? new Set([sourceOf(root)]);
  let leftOut = 0;
  for (const i of strongestFirst(pairs)) {
    const [a, b] = [sets.rootOf(pairs.l[i]!), sets.rootOf(pairs.r[i]!)];
    if (a === b) continue;
    const [one, other] = [sources(a), sources(b)];
    if ([...other].some((source) => one.has(source))) {
      leftOut += 1;
      continue;
    }
    sets.join(a, b);
    held.set(Math.min(a, b), new Set([...one, ...other]));
    held.delete(Math.max(a, b));
  }
  return leftOut;
}

/** Cuts components of three records or more by votes; returns how many links end between clusters. */
function vote(root: Int32Array, { l, r, weight }: WeighedPairs, sourceOf?: (record: number) => number): number {
  const members = new Map<number, number[]>();
  for (const [record, first] of root.entries()) {
    if (first === record) continue;
    const held = members.get(first);
    if (held) held.push(record);
    else members.set(first, [first, record]);
  }
  const inside = new Map<number, { l: number; r: number; weight: number }[]>();
  for (let i = 0; i < l.length; i += 1) {
    const first = root[l[i]!]!;
    const size = members.get(first)?.length ?? 1;
    if (first !== root[r[i]!] || size > largestVoted || (size < 3 && !sourceOf)) continue;
    const held = inside.get(first) ?? [];
    held.push({ l: Math.min(l[i]!, r[i]!), r: Math.max(l[i]!, r[i]!), weight: weight[i]! });
    inside.set(first, held);
  }
  let parted = 0;
  for (const [first, pairs] of inside) {
    const known = pairs.toSorted((a, b) => a.l - b.l || a.r - b.r);
    const all = sourceOf ? withoutTwins(known, members.get(first)!, sourceOf) : known;
    const { records: seen, first: firsts } = settleComponent({ l: all.map((pair) => pair.l), r: all.map((pair) => pair.r), weight: all.map((pair) => pair.weight) }, []);
    for (const [place, record] of seen.entries()) root[record] = firsts[place]!;
    parted += known.filter((pair) => pair.weight >= 0 && root[pair.l] !== root[pair.r]).length;
  }
  return parted;
}

/** The pairs, with two records of one source forbidden to meet. */
function withoutTwins(pairs: { l: number; r: number; weight: number }[], members: number[], sourceOf: (record: number) => number): { l: number; r: number; weight: number }[] {
  const twins = members.flatMap((a, index) => members.slice(index + 1).filter((b) => sourceOf(a) === sourceOf(b)).map((b) => ({ l: Math.min(a, b), r: Math.max(a, b), weight: forbidden })));
  const same = (pair: { l: number; r: number }) => sourceOf(pair.l) === sourceOf(pair.r);
  return [...pairs.filter((pair) => !same(pair)), ...twins].toSorted((a, b) => a.l - b.l || a.r - b.r);
}
