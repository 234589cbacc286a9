// How well are the records of each group linked? From typed arrays in one pass over the clusters and one over the persons, since a query over
// millions of records would sort and join them anew for every kind of group. A pair belongs to a group where either record does: n records make
// n(n − 1)/2 pairs, and pairs(n) − pairs(n − g) of them touch a group that has g of the n.

/** One place per record. */
export interface ScoredRecords {
  /** The cluster of each record. */
  key: Numbered;
  /** The true person of each record, -1 where it is not known. */
  person: Numbered;
  /** A number for each agency, from 0. */
  agency: Int32Array;
  /** 1 where a record holds too little to be linked by, 0 elsewhere. */
  unlinkable: Int32Array;
}

export interface Numbered {
  of: Int32Array;
  count: number;
}

/** Sums of one group; `t`, `f` and `c` are its true, found and correct pairs, doubled letters the sums of their products over persons (tt, tc, cc) and clusters (ff, fc, kk). */
export interface GroupSums {
  records: number;
  people: number;
  unlinkable: number;
  singleAgency: number;
  t: number;
  f: number;
  c: number;
  tt: number;
  tc: number;
  cc: number;
  ff: number;
  fc: number;
  kk: number;
}

/** Numbers values, given in two halves of 31 bits, from 0 in the order in which they first come. A negative first half stands for none: -1. */
export function numberValues(high: Int32Array, low: Int32Array): Numbered {
  let size = 1024;
  while (size < high.length * 2) size *= 2;
  const slots = new Int32Array(size).fill(-1);
  const of = new Int32Array(high.length);
  // A value's place is that of the first record with it.
  const first: number[] = [];
  for (let record = 0; record < high.length; record += 1) {
    if (high[record]! < 0) {
      of[record] = -1;
      continue;
    }
    let slot = (Math.imul(high[record]!, 0x9e3779b1) ^ low[record]!) & (size - 1);
    for (;;) {
      const held = slots[slot]!;
      if (held === -1) {
        slots[slot] = first.length;
        of[record] = first.length;
        first.push(record);
        break;
      }
      if (high[first[held]!] === high[record] && low[first[held]!] === low[record]) {
        of[record] = held;
        break;
      }
      slot = (slot + 1) & (size - 1);
    }
  }
  return { of, count: first.length };
}

/** Records by unit, and of one unit in the order given: those of unit u lie from `start[u]` to `start[u + 1]`. Records without a unit are left out. */
function sortByUnit(records: Int32Array, { of, count }: Numbered): { start: Int32Array; member: Int32Array } {
  const start = new Int32Array(count + 1);
  for (const record of records) if (of[record]! >= 0) start[of[record]! + 1]! += 1;
  for (let unit = 0; unit < count; unit += 1) start[unit + 1]! += start[unit]!;
  const member = new Int32Array(start[count]!);
  const next = start.slice();
  for (const record of records) if (of[record]! >= 0) member[next[of[record]!]!++] = record;
  return { start, member };
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

interface Touching {
  x: Float64Array;
  c: Float64Array;
  xx: Float64Array;
  xc: Float64Array;
  cc: Float64Array;
}

/** By group, over the units: pairs x of each unit that touch the group, those of them c that share the other unit too, and the sums of their products. */
function sumTouching({ start, member }: { start: Int32Array; member: Int32Array }, other: Int32Array, group: Int32Array, groups: number): Touching {
  const sums: Touching = { x: new Float64Array(groups), c: new Float64Array(groups), xx: new Float64Array(groups), xc: new Float64Array(groups), cc: new Float64Array(groups) };
  const correct = new Float64Array(groups);
  const [inCell, inUnit] = [createTally(groups), createTally(groups)];
  for (let unit = 0; unit + 1 < start.length; unit += 1) {
    const [from, to] = [start[unit]!, start[unit + 1]!];
    for (let cell = from; cell < to; ) {
      const shared = other[member[cell]!];
      let end = cell;
      for (; end < to && other[member[end]!] === shared; end += 1) inCell.add(group[member[end]!]!, 1);
      const all = end - cell;
      inCell.drain((g, m) => {
        inUnit.add(g, m);
        correct[g]! += pairs(all) - pairs(all - m);
      });
      cell = end;
    }
    const all = to - from;
    inUnit.drain((g, m) => {
      const x = pairs(all) - pairs(all - m);
      const c = correct[g]!;
      correct[g] = 0;
      sums.x[g]! += x;
      sums.c[g]! += c;
      sums.xx[g]! += x * x;
      sums.xc[g]! += x * c;
      sums.cc[g]! += c * c;
    });
  }
  return sums;
}

/** Gives a function that sums the records by any kind of group: `group` holds a number below `groups` for each record. */
export function createGroupSums({ key, person, agency, unlinkable }: ScoredRecords): (group: Int32Array, groups: number) => GroupSums[] {
  const all = Int32Array.from(key.of, (_, record) => record);
  const known = all.filter((record) => person.of[record]! >= 0);
  const byKey = sortByUnit(all, key);
  const persons = sortByUnit(sortByUnit(known, key).member, person);
  const keys = sortByUnit(persons.member, key);
  const single = new Uint8Array(key.count).fill(1);
  for (let unit = 0; unit < key.count; unit += 1) for (let i = byKey.start[unit]! + 1; i < byKey.start[unit + 1]!; i += 1) if (agency[byKey.member[i]!] !== agency[byKey.member[i - 1]!]) single[unit] = 0;
  return (group, groups) => {
    const [records, people, without, singleAgency] = [new Float64Array(groups), new Float64Array(groups), new Float64Array(groups), new Float64Array(groups)];
    const inKey = createTally(groups);
    for (let unit = 0; unit < key.count; unit += 1) {
      for (let i = byKey.start[unit]!; i < byKey.start[unit + 1]!; i += 1) {
        const record = byKey.member[i]!;
        inKey.add(group[record]!, 1);
        without[group[record]!]! += unlinkable[record]!;
      }
      inKey.drain((g, n) => {
        records[g]! += n;
        people[g]! += 1;
        singleAgency[g]! += single[unit]!;
      });
    }
    const ofPersons = sumTouching(persons, key.of, group, groups);
    const ofKeys = sumTouching(keys, person.of, group, groups);
    return Array.from({ length: groups }, (_, g) => ({
      records: records[g]!, people: people[g]!, unlinkable: without[g]!, singleAgency: singleAgency[g]!,
      t: ofPersons.x[g]!, f: ofKeys.x[g]!, c: ofPersons.c[g]!,
      tt: ofPersons.xx[g]!, tc: ofPersons.xc[g]!, cc: ofPersons.cc[g]!, ff: ofKeys.xx[g]!, fc: ofKeys.xc[g]!, kk: ofKeys.cc[g]!,
    }));
  };
}
