// Which pairs share a block? Each rule's blocks by radix sort over typed arrays; a pair that an earlier rule gives is passed over, so that
// each pair comes once without a table of all pairs.

/** The blocks of one rule: for each record the number of its block (above 0), or 0. */
export interface RuleBlocks {
  block: Int32Array;
  /** Further blocks of records that a list puts into several: record and block, side by side. */
  further: { record: Int32Array; block: Int32Array };
}

export interface RuleSizes {
  blocks: number;
  pairs: number;
  refusedBlocks: number;
  refusedPairs: number;
  largestBlock: number;
  /** A record of the largest block. */
  largestMember: number;
}

/** The members of a rule's blocks, sorted by block. */
interface Sorted {
  block: Int32Array;
  record: Int32Array;
}

const radixBits = 11;

/** Sorts by block, stable, least digit first. */
function sortByBlock(block: Int32Array<ArrayBuffer>, record: Int32Array<ArrayBuffer>): Sorted {
  let [keys, members] = [block, record];
  let [nextKeys, nextMembers] = [new Int32Array(keys.length), new Int32Array(keys.length)];
  for (let shift = 0; shift < 31; shift += radixBits) {
    const places = new Int32Array((1 << radixBits) + 1);
    for (let i = 0; i < keys.length; i += 1) places[((keys[i]! >>> shift) & ((1 << radixBits) - 1)) + 1]! += 1;
    for (let digit = 1; digit < places.length; digit += 1) places[digit]! += places[digit - 1]!;
    for (let i = 0; i < keys.length; i += 1) {
      const place = places[(keys[i]! >>> shift) & ((1 << radixBits) - 1)]!++;
      nextKeys[place] = keys[i]!;
      nextMembers[place] = members[i]!;
    }
    [keys, nextKeys, members, nextMembers] = [nextKeys, keys, nextMembers, members];
  }
  return { block: keys, record: members };
}

function membersOf(rule: RuleBlocks): Sorted {
  let length = rule.further.record.length;
  for (const block of rule.block) if (block > 0) length += 1;
  const [block, record] = [new Int32Array(length), new Int32Array(length)];
  let place = 0;
  for (let member = 0; member < rule.block.length; member += 1) {
    const own = rule.block[member]!;
    if (own === 0) continue;
    block[place] = own;
    record[place] = member;
    place += 1;
  }
  block.set(rule.further.block, place);
  record.set(rule.further.record, place);
  return sortByBlock(block, record);
}

/** Pairs in two columns that grow. */
export interface GrowingPairs {
  add(l: number, r: number): void;
  /** The pairs so far, not copied. */
  columns(): { l: Int32Array; r: Int32Array };
}

export function growPairs(): GrowingPairs {
  let [l, r] = [new Int32Array(1 << 14), new Int32Array(1 << 14)];
  let length = 0;
  const grow = (from: Int32Array) => {
    const grown = new Int32Array(from.length * 2);
    grown.set(from);
    return grown;
  };
  return {
    add: (a, b) => {
      if (length === l.length) [l, r] = [grow(l), grow(r)];
      l[length] = a;
      r[length] = b;
      length += 1;
    },
    columns: () => ({ l: l.subarray(0, length), r: r.subarray(0, length) }),
  };
}

/** Calls `visit` for each block of two members or more, with the bounds of its members. */
function eachBlock(sorted: Sorted, visit: (from: number, to: number) => void): void {
  for (let from = 0; from < sorted.block.length; ) {
    let to = from + 1;
    while (to < sorted.block.length && sorted.block[to] === sorted.block[from]) to += 1;
    if (to - from > 1) visit(from, to);
    from = to;
  }
}

/** Counts a rule's blocks and pairs; blocks larger than `maxBlock` are refused. */
export function countBlocks(rule: RuleBlocks, maxBlock: number): RuleSizes {
  const sizes: RuleSizes = { blocks: 0, pairs: 0, refusedBlocks: 0, refusedPairs: 0, largestBlock: 0, largestMember: -1 };
  const sorted = membersOf(rule);
  eachBlock(sorted, (from, to) => {
    const size = to - from;
    const pairs = (size * (size - 1)) / 2;
    sizes.blocks += 1;
    if (size > sizes.largestBlock) [sizes.largestBlock, sizes.largestMember] = [size, sorted.record[from]!];
    if (size > maxBlock) {
      sizes.refusedBlocks += 1;
      sizes.refusedPairs += pairs;
    } else sizes.pairs += pairs;
  });
  return sizes;
}

/** What earlier rules have given: the block of each record by each of them, refused blocks left out. */
export interface GivenRule {
  block: Int32Array;
  further: Map<number, number[]>;
}

const shares = (given: GivenRule, a: number, b: number): boolean => {
  const [one, other] = [given.block[a]!, given.block[b]!];
  if (one > 0 && one === other) return true;
  if (given.further.size === 0) return false;
  const [more, others] = [given.further.get(a), given.further.get(b)];
  if (more && other > 0 && more.includes(other)) return true;
  if (others && one > 0 && others.includes(one)) return true;
  return more !== undefined && others !== undefined && more.some((block) => others.includes(block));
};

/**
 * Adds the pairs of a rule that no earlier rule gives, smaller record first.
 * @returns the rule as given, to pass to the rules that follow
 */
export function givePairs(rule: RuleBlocks, maxBlock: number, earlier: GivenRule[], pairs: GrowingPairs): GivenRule {
  const sorted = membersOf(rule);
  const block = Int32Array.from(rule.block);
  const further = new Map<number, number[]>();
  for (let i = 0; i < rule.further.record.length; i += 1) {
    const held = further.get(rule.further.record[i]!);
    if (held) held.push(rule.further.block[i]!);
    else further.set(rule.further.record[i]!, [rule.further.block[i]!]);
  }
  const forget = (member: number, refused: number) => {
    if (block[member] === refused) block[member] = 0;
    const held = further.get(member);
    if (held) further.set(member, held.filter((one) => one !== refused));
  };
  eachBlock(sorted, (from, to) => {
    if (to - from > maxBlock) for (let i = from; i < to; i += 1) forget(sorted.record[i]!, sorted.block[from]!);
  });
  const given: GivenRule = { block, further };
  eachBlock(sorted, (from, to) => {
    if (to - from > maxBlock) return;
    const here = sorted.block[from]!;
    for (let i = from; i < to; i += 1) {
      const a = sorted.record[i]!;
      for (let j = i + 1; j < to; j += 1) {
        const b = sorted.record[j]!;
        if (a === b || earlier.some((before) => shares(before, a, b))) continue;
        // Two records that share several blocks of one rule are given by the smallest of them.
        if (further.size > 0 && (further.has(a) || further.has(b)) && smallestShared(given, a, b) !== here) continue;
        pairs.add(Math.min(a, b), Math.max(a, b));
      }
    }
  });
  return given;
}

function smallestShared(given: GivenRule, a: number, b: number): number {
  const of = (record: number) => [given.block[record]!, ...(given.further.get(record) ?? [])].filter((block) => block > 0);
  const others = of(b);
  return of(a).filter((block) => others.includes(block)).reduce((least, block) => Math.min(least, block), 2 ** 31);
}

/** Pairs of a rule, whole blocks in the order of their numbers, while no more than `limit` pairs are taken. */
export function samplePairs(rule: RuleBlocks, maxBlock: number, limit: number): GrowingPairs {
  const sorted = membersOf(rule);
  const pairs = growPairs();
  let taken = 0;
  eachBlock(sorted, (from, to) => {
    const size = to - from;
    if (size > maxBlock) return;
    taken += (size * (size - 1)) / 2;
    if (taken > limit) return;
    for (let i = from; i < to; i += 1) for (let j = i + 1; j < to; j += 1) pairs.add(Math.min(sorted.record[i]!, sorted.record[j]!), Math.max(sorted.record[i]!, sorted.record[j]!));
  });
  return pairs;
}
