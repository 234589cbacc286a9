// How well does a cluster hang together? For each cluster of linked records: its size, links, density, bridges (links without which it
// falls apart), records that alone hold it together, and its diameter; doubtful are those that hang by a thread.
// Bridges and cut vertices by depth-first search (Tarjan 1974; Hopcroft and Tarjan 1973), the diameter by breadth-first search from every
// record (left out above 400 records).

export interface ClusterMeasure {
  /** The smallest record of the cluster. */
  first: number;
  size: number;
  /** Links between its records, each counted once. */
  links: number;
  /** Links over the pairs of its records: 1 where all are linked, 0 where it has one record. */
  density: number;
  bridges: number;
  /** Records without which it falls apart. */
  cutRecords: number;
  /** The longest of the shortest ways between two of its records; undefined where they do not hang together by links, or are more than 400. */
  diameter?: number;
  /** Why a reviewer should look at it; empty where nothing speaks against it. */
  doubts: ('bridge' | 'sparse' | 'long' | 'apart')[];
}

const mostForDiameter = 400;
/** Four records or more with fewer links than this share of all pairs are sparse. */
const sparse = 0.5;
const longest = 3;

/**
 * Measures clusters of two records or more.
 * @param root for each record the smallest record of its cluster
 * @param l @param r links (pairs at or above the threshold); those between clusters are left out, repeats count once
 * @returns one entry a cluster, in the order of its smallest record
 * @example measureClusters(Int32Array.of(0, 0, 0), [0, 1], [1, 2])[0] // { first: 0, size: 3, links: 2, density: 0.667, bridges: 2, cutRecords: 1, diameter: 2, doubts: ['bridge'] }
 */
export function measureClusters(root: Int32Array, l: ArrayLike<number>, r: ArrayLike<number>): ClusterMeasure[] {
  const neighbours = new Map<number, Set<number>>();
  const meet = (a: number, b: number) => {
    const held = neighbours.get(a);
    if (held) held.add(b);
    else neighbours.set(a, new Set([b]));
  };
  for (let i = 0; i < l.length; i += 1) {
    if (l[i] === r[i] || root[l[i]!] !== root[r[i]!]) continue;
    meet(l[i]!, r[i]!);
    meet(r[i]!, l[i]!);
  }
  const members = new Map<number, number[]>();
  for (const [record, first] of root.entries()) if (first !== record) (members.get(first) ?? members.set(first, [first]).get(first)!).push(record);
  return [...members].toSorted(([a], [b]) => a - b).map(([first, records]) => measure(first, records, (record) => neighbours.get(record) ?? none));
}

const none: ReadonlySet<number> = new Set();

function measure(first: number, records: number[], next: (record: number) => ReadonlySet<number>): ClusterMeasure {
  const size = records.length;
  const links = records.reduce((sum, record) => sum + next(record).size, 0) / 2;
  const density = links / ((size * (size - 1)) / 2);
  const { bridges, cutRecords, parts } = findBridges(records, next);
  const diameter = parts > 1 || size > mostForDiameter ? undefined : Math.max(...records.map((record) => farthest(record, next)));
  const doubts: ClusterMeasure['doubts'] = [];
  if (parts > 1) doubts.push('apart');
  if (size > 2 && bridges > 0) doubts.push('bridge');
  if (size >= 4 && density < sparse) doubts.push('sparse');
  if (diameter !== undefined && diameter >= longest) doubts.push('long');
  return { first, size, links, density, bridges, cutRecords, ...(diameter === undefined ? {} : { diameter }), doubts };
}

/** Depth-first search without recursion: `low` is the earliest record that a subtree reaches. */
function findBridges(records: number[], next: (record: number) => ReadonlySet<number>): { bridges: number; cutRecords: number; parts: number } {
  const found = new Map<number, number>();
  const low = new Map<number, number>();
  const cut = new Set<number>();
  let bridges = 0;
  let parts = 0;
  for (const start of records) {
    if (found.has(start)) continue;
    parts += 1;
    let branches = 0;
    found.set(start, found.size);
    low.set(start, found.get(start)!);
    const stack = [{ record: start, parent: -1, rest: next(start).values() }];
    while (stack.length > 0) {
      const top = stack.at(-1)!;
      const step = top.rest.next();
      if (!step.done) {
        const other = step.value;
        if (other === top.parent) continue;
        if (found.has(other)) low.set(top.record, Math.min(low.get(top.record)!, found.get(other)!));
        else {
          found.set(other, found.size);
          low.set(other, found.get(other)!);
          stack.push({ record: other, parent: top.record, rest: next(other).values() });
        }
        continue;
      }
      stack.pop();
      const parent = stack.at(-1);
      if (!parent) continue;
      low.set(parent.record, Math.min(low.get(parent.record)!, low.get(top.record)!));
      if (low.get(top.record)! > found.get(parent.record)!) bridges += 1;
      if (parent.record === start) branches += 1;
      else if (low.get(top.record)! >= found.get(parent.record)!) cut.add(parent.record);
    }
    if (branches > 1) cut.add(start);
  }
  return { bridges, cutRecords: cut.size, parts };
}

/** The number of steps to the record that is farthest away. */
function farthest(start: number, next: (record: number) => ReadonlySet<number>): number {
  const seen = new Set([start]);
  let border = [start];
  for (let steps = 0; ; steps += 1) {
    const beyond: number[] = [];
    for (const record of border) {
      for (const other of next(record)) {
        if (seen.has(other)) continue;
        seen.add(other);
        beyond.push(other);
      }
    }
    if (beyond.length === 0) return steps;
    border = beyond;
  }
}
