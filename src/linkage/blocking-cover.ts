// Which rules reach most matches for the fewest pairs? Rules are conjunctions of keys; greedy weighted cover under a budget of pairs: take
// the rule with the most newly reached matches per pair, again and again (Bilenko, Kamath and Mooney 2006; Michelson and Knoblock 2006).
// Limits: as good as the sample of likely matches; a match that no key agrees on is reached by no rule.

export interface CoverInput {
  /** For each likely match, bit k set where its two records agree on key k (at most 30 keys). */
  agreed: Int32Array;
  /** How likely it is a match, 0 to 1. */
  weight: Float64Array;
  /** Matches that other rules reach already: 1, else 0. */
  reached: Uint8Array;
  /** For each key and likely match, a number for the value agreed on. */
  agreedValue: Int32Array[];
  /** For each key, a number for its value in each record of a sample; -1 where it has none. */
  value: Int32Array[];
  /** Of keys that hold lists, the values after the first: the record's place in the sample, and the value. */
  further: { record: Int32Array; value: Int32Array }[];
  /** Records in all for each record of the sample. */
  scale: number;
  /** Matches in all for each likely match. */
  matchScale: number;
  /** Keys that hold lists: a rule takes one of them at most. */
  lists: boolean[];
}

export interface CoverOptions {
  budget: number;
  maxBlock: number;
  /** Keys of a rule at most. */
  longest: number;
  /** Rules at most. */
  most: number;
  /** A rule must reach this share of all likely matches anew, and one match for so many pairs. */
  leastShare: number;
  pairsPerMatch: number;
}

export interface CoverRule {
  keys: number[];
  /** Estimated pairs, blocks too large left out. */
  pairs: number;
  /** Share of the likely matches that it reaches anew. */
  gain: number;
}

interface Candidate {
  mask: number;
  keys: number[];
  pairs: number;
  reaches: Int32Array;
}

const bitsOf = (mask: number): number[] => Array.from({ length: 31 }, (_, bit) => bit).filter((bit) => mask & (1 << bit));

/** All conjunctions of up to `longest` keys with at most one list. */
function conjunctions(input: CoverInput, longest: number): number[] {
  const lists = input.lists.reduce((mask, list, key) => (list ? mask | (1 << key) : mask), 0);
  let last = [0];
  const all: number[] = [];
  for (let size = 1; size <= longest; size += 1) {
    const next: number[] = [];
    for (const mask of last) {
      for (let key = 32 - Math.clz32(mask); key < input.value.length; key += 1) {
        const grown = mask | (1 << key);
        const held = grown & lists;
        if ((held & (held - 1)) === 0) next.push(grown);
      }
    }
    all.push(...next);
    last = next;
  }
  return all;
}

const start = 0x2545f491;
const mix = (hash: number, value: number): number => {
  const mixed = Math.imul(hash ^ value, 0x9e3779b1);
  return mixed ^ (mixed >>> 15);
};

/** Sizes of a rule's blocks in the sample, as an open table; then its pairs, and the matches that its blocks give. */
function measure(input: CoverInput, mask: number, maxBlock: number): Candidate {
  const keys = bitsOf(mask);
  const records = input.value[0]!.length;
  const room = 1 << (33 - Math.clz32(records));
  const slots = new Int32Array(room);
  const sizes = new Int32Array(room);
  const slotOf = (hash: number): number => {
    const wanted = hash === 0 ? 1 : hash;
    let slot = wanted & (room - 1);
    while (slots[slot] !== 0 && slots[slot] !== wanted) slot = (slot + 1) & (room - 1);
    slots[slot] = wanted;
    return slot;
  };
  for (let record = 0; record < records; record += 1) {
    if (keys.every((key) => input.value[key]![record]! >= 0)) sizes[slotOf(keys.reduce((hash, key) => mix(hash, input.value[key]![record]!), start))]! += 1;
  }
  const list = keys.find((key) => input.lists[key]);
  const further = list === undefined ? undefined : input.further[list]!;
  for (let i = 0; i < (further?.record.length ?? 0); i += 1) {
    const record = further!.record[i]!;
    if (keys.every((key) => input.value[key]![record]! >= 0)) sizes[slotOf(keys.reduce((hash, key) => mix(hash, key === list ? further!.value[i]! : input.value[key]![record]!), start))]! += 1;
  }
  let pairs = 0;
  // Pairs of a sample stand for scale² pairs; a block's size in all is that of its others in the sample, scaled, and itself.
  for (const size of sizes) if (size > 1 && (size - 1) * input.scale < maxBlock) pairs += (size * (size - 1)) / 2;
  const reaches: number[] = [];
  for (let match = 0; match < input.agreed.length; match += 1) {
    if ((input.agreed[match]! & mask) !== mask) continue;
    if (sizes[slotOf(keys.reduce((hash, key) => mix(hash, input.agreedValue[key]![match]!), start))]! * input.scale <= maxBlock + input.scale) reaches.push(match);
  }
  return { mask, keys, pairs: pairs * input.scale * input.scale, reaches: Int32Array.from(reaches) };
}

/**
 * Chooses rules by greedy cover.
 * @param input likely matches with the keys that they agree on, and a sample of the records' keys
 * @returns rules in the order in which they were taken, with their estimated pairs and gains
 */
export function coverMatches(input: CoverInput, options: CoverOptions): CoverRule[] {
  const all = input.weight.reduce((sum, weight) => sum + weight, 0);
  if (all === 0) return [];
  const reached = Uint8Array.from(input.reached);
  const open = new Map<number, number>();
  for (let match = 0; match < reached.length; match += 1) if (!reached[match]) open.set(input.agreed[match]!, (open.get(input.agreed[match]!) ?? 0) + input.weight[match]!);
  const mostGain = (mask: number): number => {
    let sum = 0;
    for (const [agreed, weight] of open) if ((agreed & mask) === mask) sum += weight;
    return sum;
  };
  const least = options.leastShare * all;
  const candidates = conjunctions(input, options.longest)
    .map((mask) => ({ mask, gain: mostGain(mask) }))
    .filter(({ gain }) => gain >= least)
    .toSorted((a, b) => b.gain - a.gain || a.mask - b.mask)
    .slice(0, 400)
    .map(({ mask }) => measure(input, mask, options.maxBlock))
    .filter(({ pairs }) => pairs <= options.budget);
  const rules: CoverRule[] = [];
  let left = options.budget;
  while (rules.length < options.most) {
    let best: { candidate: Candidate; gain: number; rate: number } | undefined;
    for (const candidate of candidates) {
      if (candidate.pairs > left) continue;
      let gain = 0;
      for (const match of candidate.reaches) if (!reached[match]) gain += input.weight[match]!;
      const rate = (gain * input.matchScale) / (candidate.pairs + 1);
      if (gain >= least && rate * options.pairsPerMatch >= 1 && (!best || rate > best.rate)) best = { candidate, gain, rate };
    }
    if (!best) break;
    for (const match of best.candidate.reaches) reached[match] = 1;
    left -= best.candidate.pairs;
    rules.push({ keys: best.candidate.keys, pairs: Math.round(best.candidate.pairs), gain: best.gain / all });
  }
  return rules;
}
