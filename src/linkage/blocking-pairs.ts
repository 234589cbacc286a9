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
  /** Records of the three largest blocks, the largest first. */
  largestBlocks: number[];
}

/** The members of a rule's blocks, sorted by block. */
export interface Sorted {
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

/** The members of all blocks, sorted; made once and given to what asks about the same rule. */
export function membersOf(rule: RuleBlocks): Sorted {
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
      if (length === l.length) {
        l = grow(l);
        r = grow(r);
      }
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

/**
 * The largest size of block, `maxBlock` at most, with which a rule gives no more than `most` pairs. A large block says little of its pairs: the
 * more records share a name, the less the name speaks for one person, so large blocks are what a rule can best do without.
 */
export function fittingBlock(sorted: Sorted, maxBlock: number, most: number): number {
  let all = 0;
  let largest = 0;
  eachBlock(sorted, (from, to) => {
    const size = to - from;
    if (size > maxBlock) return;
    all += (size * (size - 1)) / 2;
    if (size > largest) largest = size;
  });
  if (all <= most) return maxBlock;
  const pairs = new Float64Array(largest + 1);
  eachBlock(sorted, (from, to) => {
    const size = to - from;
    if (size <= maxBlock) pairs[size]! += (size * (size - 1)) / 2;
  });
  let sum = 0;
  for (let size = 2; size <= largest; size += 1) {
    sum += pairs[size]!;
    if (sum > most) return Math.max(2, size - 1);
  }
  return maxBlock;
}

/** Largest blocks whose sizes are told. */
const mostNamed = 3;

/** Counts a rule's blocks and pairs; blocks larger than `maxBlock` are refused. */
export function countBlocks(sorted: Sorted, maxBlock: number): RuleSizes {
  const sizes: RuleSizes = { blocks: 0, pairs: 0, refusedBlocks: 0, refusedPairs: 0, largestBlock: 0, largestBlocks: [] };
  eachBlock(sorted, (from, to) => {
    const size = to - from;
    const pairs = (size * (size - 1)) / 2;
    sizes.blocks += 1;
    if (sizes.largestBlocks.length < mostNamed || size > sizes.largestBlocks.at(-1)!) sizes.largestBlocks = [...sizes.largestBlocks, size].toSorted((a, b) => b - a).slice(0, mostNamed);
    if (size > maxBlock) {
      sizes.refusedBlocks += 1;
      sizes.refusedPairs += pairs;
    } else sizes.pairs += pairs;
  });
  sizes.largestBlock = sizes.largestBlocks[0] ?? 0;
  return sizes;
}

/** The further blocks of a rule that puts records into several: a record's own lie from start[record] on, 0 for those that were refused. */
interface FurtherBlocks {
  slot: number;
  mark: number;
  start: Int32Array;
  further: Int32Array;
}

/**
 * What the rules have given so far. The blocks of a record lie side by side, one slot a rule (0 where it has none or it was refused) and a last
 * one with the marks of the rules in which it has further blocks: a pair is looked up in two places of memory, not in two for each rule.
 */
export interface GivenBlocks {
  /** Rules that have given. */
  rules: number;
  readonly stride: number;
  readonly rows: Int32Array;
  readonly lists: FurtherBlocks[];
}

/** Nothing given yet, with room for so many records and rules. */
export const nothingGiven = (records: number, rules: number): GivenBlocks => ({ rules: 0, stride: rules + 1, rows: new Int32Array(records * (rules + 1)), lists: [] });

/** Whether two records share a block of a list rule, the first block of both left out. */
function sharesFurther({ rows, stride }: GivenBlocks, { slot, start, further }: FurtherBlocks, a: number, b: number): boolean {
  const [one, other] = [rows[a * stride + slot]!, rows[b * stride + slot]!];
  const [fromA, toA, fromB, toB] = [start[a]!, start[a + 1]!, start[b]!, start[b + 1]!];
  for (let i = fromA; i < toA; i += 1) {
    const here = further[i]!;
    if (here === 0) continue;
    if (here === other) return true;
    for (let j = fromB; j < toB; j += 1) if (further[j] === here) return true;
  }
  if (one > 0) for (let j = fromB; j < toB; j += 1) if (further[j] === one) return true;
  return false;
}

function isGiven(given: GivenBlocks, a: number, b: number): boolean {
  const { rows, stride, rules, lists } = given;
  const [atA, atB] = [a * stride, b * stride];
  for (let slot = 0; slot < rules; slot += 1) {
    const block = rows[atA + slot]!;
    if (block !== 0 && block === rows[atB + slot]) return true;
  }
  const marks = rows[atA + stride - 1]! | rows[atB + stride - 1]!;
  if (marks === 0) return false;
  for (const list of lists) if ((marks & list.mark) !== 0 && sharesFurther(given, list, a, b)) return true;
  return false;
}

/** The smallest block of a list rule that two records share. */
function smallestShared({ rows, stride }: GivenBlocks, { slot, start, further }: FurtherBlocks, a: number, b: number): number {
  const other = rows[b * stride + slot]!;
  let least = 2 ** 31;
  const consider = (here: number) => {
    if (here === 0 || here >= least) return;
    if (other === here) least = here;
    for (let j = start[b]!; j < start[b + 1]!; j += 1) if (further[j] === here) least = here;
  };
  consider(rows[a * stride + slot]!);
  for (let i = start[a]!; i < start[a + 1]!; i += 1) consider(further[i]!);
  return least;
}

/** Puts the rule's blocks into the next slot, those of more than `maxBlock` members left out. Returns its further blocks where it has any. */
function placeBlocks(rule: RuleBlocks, sorted: Sorted, maxBlock: number, given: GivenBlocks): FurtherBlocks | undefined {
  const { rows, stride, rules: slot } = given;
  const refused = new Set<number>();
  eachBlock(sorted, (from, to) => {
    if (to - from > maxBlock) refused.add(sorted.block[from]!);
  });
  for (let record = 0; record < rule.block.length; record += 1) {
    const block = rule.block[record]!;
    rows[record * stride + slot] = refused.size > 0 && refused.has(block) ? 0 : block;
  }
  const { record: records, block: blocks } = rule.further;
  if (records.length === 0) return undefined;
  const mark = 1 << (given.lists.length % 31);
  const start = new Int32Array(rule.block.length + 1);
  for (const record of records) {
    start[record + 1]! += 1;
    rows[record * stride + stride - 1]! |= mark;
  }
  for (let record = 1; record < start.length; record += 1) start[record]! += start[record - 1]!;
  const next = start.slice();
  const further = new Int32Array(records.length);
  for (let i = 0; i < records.length; i += 1) further[next[records[i]!]!++] = refused.has(blocks[i]!) ? 0 : blocks[i]!;
  return { slot, mark, start, further };
}

/** Adds the pairs of a rule that no earlier rule gives, smaller record first, and keeps its blocks in `given` for the rules that follow. */
export function givePairs(rule: RuleBlocks, sorted: Sorted, maxBlock: number, given: GivenBlocks, pairs: GrowingPairs): void {
  const list = placeBlocks(rule, sorted, maxBlock, given);
  const hasMore = (record: number) => list !== undefined && list.start[record] !== list.start[record + 1];
  eachBlock(sorted, (from, to) => {
    if (to - from > maxBlock) return;
    const here = sorted.block[from]!;
    for (let i = from; i < to; i += 1) {
      const a = sorted.record[i]!;
      for (let j = i + 1; j < to; j += 1) {
        const b = sorted.record[j]!;
        if (a === b || isGiven(given, a, b)) continue;
        // Two records that share several blocks of one rule are given by the smallest of them.
        if (list !== undefined && (hasMore(a) || hasMore(b)) && smallestShared(given, list, a, b) !== here) continue;
        pairs.add(Math.min(a, b), Math.max(a, b));
      }
    }
  });
  if (list) given.lists.push(list);
  given.rules += 1;
}

/** Pairs of a rule, whole blocks in the order of their numbers, while no more than `limit` pairs are taken. */
export function samplePairs(sorted: Sorted, maxBlock: number, limit: number): GrowingPairs {
  const pairs = growPairs();
  const { record } = sorted;
  let taken = 0;
  eachBlock(sorted, (from, to) => {
    const size = to - from;
    if (size > maxBlock) return;
    taken += (size * (size - 1)) / 2;
    if (taken > limit) return;
    for (let i = from; i < to; i += 1) {
      const a = record[i]!;
      for (let j = i + 1; j < to; j += 1) {
        const b = record[j]!;
        if (a < b) pairs.add(a, b);
        else pairs.add(b, a);
      }
    }
  });
  return pairs;
}
