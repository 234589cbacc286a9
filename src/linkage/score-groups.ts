// How well are the records of each group linked? From records in the order of their clusters, and again in that of their persons, in typed arrays:
// a query would sort and join them anew for every kind of group. A pair belongs to a group where either record does: n records make n(n − 1)/2
// pairs, and pairs(n) − pairs(n − g) of them touch a group that has g of the n.

/** A number of 62 bits for each record in two halves; a negative first half stands for none. */
export interface Halves {
  high: Int32Array;
  low: Int32Array;
}

/** Records, those of one unit (a cluster or a person) side by side, and among these those of one other unit (a person or a cluster). */
export interface OrderedRecords {
  unit: Halves;
  other: Halves;
  /** For each kind of group the group of each record: numbers, of which no two kinds share one. */
  group: readonly Int32Array[];
}

/** Pairs of one group: those that share the unit (x), those of them that share the other unit too (c), and the sums over the units of their products. */
export interface PairSums {
  x: number;
  c: number;
  xx: number;
  xc: number;
  cc: number;
}

export interface RecordSums {
  records: number;
  units: number;
  unlinkable: number;
  /** Units whose records are all of one agency. */
  singleAgency: number;
}

const pairs = (n: number): number => (n * (n - 1)) / 2;

interface Tally {
  add(number: number, by: number): void;
  /** Gives each number with its count, and begins anew. */
  drain(visit: (number: number, count: number) => void): void;
}

/** Counts numbers below `size`; the time grows with those that come alone. */
function createTally(size: number): Tally {
  const counts = new Float64Array(size);
  const seen = new Int32Array(size);
  let length = 0;
  return {
    add: (number, by) => {
      if (counts[number] === 0) seen[length++] = number;
      counts[number]! += by;
    },
    drain: (visit) => {
      for (let i = 0; i < length; i += 1) {
        const number = seen[i]!;
        visit(number, counts[number]!);
        counts[number] = 0;
      }
      length = 0;
    },
  };
}

/** Where the run of one number that begins at `from` ends. */
function endOfRun({ high, low }: Halves, from: number, limit: number): number {
  let end = from + 1;
  while (end < limit && high[end] === high[from] && low[end] === low[from]) end += 1;
  return end;
}

/** The sums of `groups` groups. Records without an other unit count for nothing. */
export function sumPairs({ unit, other, group }: OrderedRecords, groups: number): PairSums[] {
  const sums = Array.from({ length: groups }, (): PairSums => ({ x: 0, c: 0, xx: 0, xc: 0, cc: 0 }));
  const correct = new Float64Array(groups);
  const [inCell, inUnit] = [createTally(groups), createTally(groups)];
  let size = 0;
  const endCell = (g: number, m: number): void => {
    inUnit.add(g, m);
    correct[g]! += pairs(size) - pairs(size - m);
  };
  const endUnit = (g: number, m: number): void => {
    const x = pairs(size) - pairs(size - m);
    const c = correct[g]!;
    correct[g] = 0;
    const sum = sums[g]!;
    sum.x += x;
    sum.c += c;
    sum.xx += x * x;
    sum.xc += x * c;
    sum.cc += c * c;
  };
  for (let from = 0; from < unit.high.length; ) {
    const to = endOfRun(unit, from, unit.high.length);
    let known = 0;
    for (let cell = from; cell < to; ) {
      const end = endOfRun(other, cell, to);
      if (other.high[cell]! >= 0) {
        for (const of of group) for (let i = cell; i < end; i += 1) inCell.add(of[i]!, 1);
        size = end - cell;
        known += size;
        inCell.drain(endCell);
      }
      cell = end;
    }
    size = known;
    inUnit.drain(endUnit);
    from = to;
  }
  return sums;
}

/** What `groups` groups hold, whether or not their records have an other unit. `agency` and `unlinkable` (1 or 0) have a place for each record. */
export function sumRecords({ unit, group }: OrderedRecords, { agency, unlinkable }: { agency: Int32Array; unlinkable: Int32Array }, groups: number): RecordSums[] {
  const sums = Array.from({ length: groups }, (): RecordSums => ({ records: 0, units: 0, unlinkable: 0, singleAgency: 0 }));
  const inUnit = createTally(groups);
  let single = 1;
  const endUnit = (g: number, n: number): void => {
    const sum = sums[g]!;
    sum.records += n;
    sum.units += 1;
    sum.singleAgency += single;
  };
  for (let from = 0; from < unit.high.length; ) {
    const to = endOfRun(unit, from, unit.high.length);
    single = 1;
    for (let i = from; i < to; i += 1) if (agency[i] !== agency[from]) single = 0;
    for (const of of group) {
      for (let i = from; i < to; i += 1) {
        inUnit.add(of[i]!, 1);
        if (unlinkable[i] === 1) sums[of[i]!]!.unlinkable += 1;
      }
    }
    inUnit.drain(endUnit);
    from = to;
  }
  return sums;
}
