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

/** Pairs of a component's records by their places among them. */
export interface PlacedPairs {
  size: number;
  left: Int32Array;
  right: Int32Array;
  /** In bits. */
  weight: ArrayLike<number>;
  /** The weight from which a pair is more likely one person than not; 0 where absent. */
  least?: number;
}

export interface SettledParts {
  /** For each place, the first place of its cluster. */
  part: Int32Array;
  /** Whether the records of a pair, by its number among the pairs, are in one cluster. */
  isTogether(pair: number): boolean;
  /**
   * What the component says of the records of a pair, in bits: inside a cluster the sum of votes with which their parts were joined (more than 0),
   * across clusters the sum of votes between the two.
   */
  supportOf(pair: number): number;
}

export interface ClusteredComponent extends SettledParts {
  /** The records seen, in their order. */
  records: number[];
  /** For each of them, the smallest record of its cluster. */
  first: number[];
}

/**
 * Clusters the records of one component.
 * @param pairs all compared pairs inside the component, in any order
 * @param single for each thing of which a person has at most one, the value's number for a record, or -1
 * @param settled what reviewers decided about pairs inside the component, which outranks weights, conflicts and single values
 * @returns the clusters, and what the component says of each of its pairs
 */
export function settleComponent(pairs: ComponentPairs, single: ((record: number) => number)[], settled?: SettledPairs): ClusteredComponent {
  const { records, left, right, placeOf } = placesOf(pairs, settled);
  const placed = (held: SettledPairs['same'] = []) => held.map(([a, b]) => [placeOf(a), placeOf(b)] as const);
  const parts = settleParts({ size: records.length, left, right, weight: pairs.weight }, single.map((valueOf) => Int32Array.from(records, valueOf)), { same: placed(settled?.same), different: placed(settled?.different) });
  return { ...parts, records, first: records.map((_, place) => records[parts.part[place]!]!) };
}

/** As `settleComponent`, where the places of the records are known: `values` and `settled` go by them too. */
export function settleParts({ size, left, right, weight, least = 0 }: PlacedPairs, values: Int32Array[], settled?: SettledPairs): SettledParts {
  const votes = openVotes(size);
  for (let i = 0; i < left.length; i += 1) votes.set(left[i]!, right[i]!, voteOf(weight[i]!, least));
  for (const [a, b] of settled?.different ?? []) votes.set(a, b, forbidden);
  const joined = openJoins(size);
  // Of two parts the one with the smaller first record keeps its place, and so names the cluster.
  const join = (keep: number, gone: number, weight: number) => {
    joined.join(keep, gone, weight);
    votes.merge(keep, gone);
    for (const held of values) if (held[keep]! < 0) held[keep] = held[gone]!;
  };
  for (const [a, b] of settled?.same ?? []) {
    const [one, other] = [joined.partOf(a), joined.partOf(b)];
    if (one !== other) join(Math.min(one, other), Math.max(one, other), cap);
  }
  const partners = openPartners(size, votes);
  for (let place = 0; place < size; place += 1) if (joined.partOf(place) === place) partners.find(place);
  for (let keep = partners.best(); keep >= 0; keep = partners.best()) {
    const { record: gone, weight } = partners.of(keep);
    if (values.some((held) => held[keep]! >= 0 && held[gone]! >= 0 && held[keep] !== held[gone])) {
      votes.set(keep, gone, forbidden);
      partners.find(keep);
      continue;
    }
    join(keep, gone, weight);
    partners.follow(keep, gone);
  }
  const part = joined.parts();
  return {
    part,
    isTogether: (pair) => part[left[pair]!] === part[right[pair]!],
    supportOf: (pair) => {
      const [one, other] = [left[pair]!, right[pair]!];
      if (part[one] === part[other]) return joined.weightBetween(one, other);
      const sum = votes.of(part[one]!, part[other]!);
      return Number.isNaN(sum) ? 0 : sum;
    },
  };
}

/** The records of a component in their order, and the place of each among them; of each pair the two places. */
function placesOf({ l, r }: ComponentPairs, settled: SettledPairs | undefined): { records: number[]; left: Int32Array; right: Int32Array; placeOf(record: number): number } {
  const seen = new Set<number>();
  // Most pairs have the left record of the one before.
  for (let i = 0; i < l.length; i += 1) {
    if (i === 0 || l[i] !== l[i - 1]) seen.add(l[i]!);
    seen.add(r[i]!);
  }
  for (const pair of [...(settled?.same ?? []), ...(settled?.different ?? [])]) for (const record of pair) seen.add(record);
  const records = [...seen].sort((a, b) => a - b);
  const places = new Map<number, number>();
  for (let place = 0; place < records.length; place += 1) places.set(records[place]!, place);
  const [left, right] = [new Int32Array(l.length), new Int32Array(l.length)];
  for (let i = 0; i < l.length; i += 1) {
    left[i] = i > 0 && l[i] === l[i - 1] ? left[i - 1]! : places.get(l[i]!)!;
    right[i] = places.get(r[i]!)!;
  }
  return { records, left, right, placeOf: (record) => places.get(record)! };
}

/** Sums of votes between parts, each way; NaN where there are none. */
interface Votes {
  of(a: number, b: number): number;
  set(a: number, b: number, weight: number): void;
  /** The part `keep` has the votes of both; `gone` is no part any more. */
  merge(keep: number, gone: number): void;
  /** Calls `visit` for each part that `a` has votes with. */
  each(a: number, visit: (b: number, weight: number) => void): void;
}

/** Components of more records have a table of those votes alone that there are: a square of as many takes 32 MB. */
const largestWhole = 2000;

const openVotes = (size: number): Votes => (size <= largestWhole ? wholeVotes(size) : sparseVotes(size));

const sumOf = (held: number, weight: number): number => {
  if (Number.isNaN(held)) return Math.max(forbidden, weight);
  return held <= forbidden || weight <= forbidden ? forbidden : Math.max(forbidden, held + weight);
};

/** A square of sums; what a part that is gone had stays in it, unread. */
function wholeVotes(size: number): Votes {
  const table = new Float64Array(size * size).fill(Number.NaN);
  const parts = new Int32Array(size);
  for (let part = 0; part < size; part += 1) parts[part] = part;
  let count = size;
  const set = (a: number, b: number, weight: number) => {
    table[a * size + b] = weight;
    table[b * size + a] = weight;
  };
  return {
    of: (a, b) => table[a * size + b]!,
    set,
    merge: (keep, gone) => {
      const place = parts.indexOf(gone);
      parts.copyWithin(place, place + 1, count);
      count -= 1;
      for (let i = 0; i < count; i += 1) {
        const other = parts[i]!;
        const weight = table[gone * size + other]!;
        if (other !== keep && !Number.isNaN(weight)) set(keep, other, sumOf(table[keep * size + other]!, weight));
      }
    },
    each: (a, visit) => {
      const row = a * size;
      for (let i = 0; i < count; i += 1) {
        const weight = table[row + parts[i]!]!;
        if (!Number.isNaN(weight)) visit(parts[i]!, weight);
      }
    },
  };
}

function sparseVotes(size: number): Votes {
  const rows = Array.from({ length: size }, () => new Map<number, number>());
  const set = (a: number, b: number, weight: number) => {
    rows[a]!.set(b, weight);
    rows[b]!.set(a, weight);
  };
  return {
    of: (a, b) => rows[a]!.get(b) ?? Number.NaN,
    set,
    merge: (keep, gone) => {
      rows[keep]!.delete(gone);
      for (const [other, weight] of rows[gone]!) {
        if (other === keep) continue;
        rows[other]!.delete(gone);
        set(keep, other, sumOf(rows[keep]!.get(other) ?? Number.NaN, weight));
      }
      rows[gone]!.clear();
    },
    each: (a, visit) => {
      for (const [b, weight] of rows[a]!) visit(b, weight);
    },
  };
}

/** Which parts were joined, in which order and by which votes. */
function openJoins(size: number): { join(keep: number, gone: number, weight: number): void; partOf(place: number): number; parts(): Int32Array; weightBetween(a: number, b: number): number } {
  const into = new Int32Array(size).fill(-1);
  const order = new Int32Array(size).fill(size);
  const weights = new Float64Array(size);
  let joins = 0;
  return {
    join: (keep, gone, weight) => {
      into[gone] = keep;
      order[gone] = joins;
      weights[gone] = weight;
      joins += 1;
    },
    partOf: (place) => {
      let part = place;
      while (into[part]! >= 0) part = into[part]!;
      return part;
    },
    parts: () => {
      // What a part was joined into stands before it.
      const part = new Int32Array(size);
      for (let place = 0; place < size; place += 1) part[place] = into[place]! < 0 ? place : part[into[place]!]!;
      return part;
    },
    // The join that brought the two together: each climbs to what it was joined into, the earlier join first.
    weightBetween: (a, b) => {
      let [one, other, weight] = [a, b, cap];
      while (one !== other) {
        const first = order[one]! < order[other]! ? one : other;
        weight = weights[first]!;
        if (first === one) one = into[one]!;
        else other = into[other]!;
      }
      return weight;
    },
  };
}

/** For each part, the later part with the largest sum of votes above 0; of equals the first. */
function openPartners(size: number, votes: Votes): { find(part: number): void; best(): number; of(part: number): { record: number; weight: number }; follow(keep: number, gone: number): void } {
  const partner = new Int32Array(size).fill(-1);
  const sum = new Float64Array(size);
  const find = (part: number) => {
    let [best, most] = [-1, 0];
    votes.each(part, (other, weight) => {
      if (other > part && (weight > most || (weight === most && best >= 0 && other < best))) [best, most] = [other, weight];
    });
    partner[part] = best;
    sum[part] = most;
  };
  return {
    find,
    of: (part) => ({ record: partner[part]!, weight: sum[part]! }),
    best: () => {
      let best = -1;
      for (let part = 0; part < size; part += 1) if (partner[part]! >= 0 && (best < 0 || sum[part]! > sum[best]!)) best = part;
      return best;
    },
    /** Once `gone` is a part of `keep`. */
    follow: (keep, gone) => {
      partner[gone] = -1;
      find(keep);
      votes.each(keep, (other, weight) => {
        const held = partner[other]!;
        const had = held === gone || held === keep;
        // What was no less than all others and has only grown needs no search.
        if (other < keep && weight > 0 && (held < 0 || weight > sum[other]! || (weight === sum[other] && (had || keep < held)))) {
          partner[other] = keep;
          sum[other] = weight;
        } else if (had) find(other);
      });
    },
  };
}

function voteOf(weight: number, least: number): number {
  if (weight <= forbidden) return forbidden;
  const over = weight - least;
  return over < 0 ? Math.max(-cap, over * against) : Math.min(cap, over);
}
