// Which records share most with a query? Each shared value counts log2 of its rarity (inverse document frequency: Spärck Jones 1972), and of
// a group of values that say the same, such as a date, its month and its year, only the rarest. Groups are taken from the rarest on; once
// enough records are ahead of what the groups to come can give, records not yet seen are left out (as in max-score ranking: Turtle and
// Flood 1995), which changes nothing in the result.

/** A list of records, by its place among all. */
export interface PostingList {
  start: number;
  end: number;
}

export interface CandidateFinder {
  /** The `most` records that share most, the best first; ties in the order of the records. */
  find(groups: readonly (readonly PostingList[])[], most: number): number[];
}

/** Scores are told apart to a sixteenth of a bit where the best are picked. */
const steps = 16;
const bins = 16 * 256;

/** @param read the records of a list, each once, until the next is read */
export function createCandidateFinder(records: number, read: (list: PostingList) => Int32Array): CandidateFinder {
  const score = new Float32Array(records);
  const counted = new Uint8Array(records);
  const seen = new Int32Array(records);
  const histogram = new Uint32Array(bins);
  const bitsOf = ({ start, end }: PostingList) => Math.log2(records / (end - start));
  let size = 0;

  const add = (list: PostingList, group: number, open: boolean): void => {
    const bits = bitsOf(list);
    const ids = read(list);
    for (let i = 0; i < ids.length; i += 1) {
      const record = ids[i]!;
      const last = counted[record]!;
      if (last === group || (last === 0 && !open)) continue;
      if (last === 0) {
        seen[size] = record;
        size += 1;
      }
      counted[record] = group;
      score[record]! += bits;
    }
  };

  /** A score that at least `most` of the seen records reach, to a step; 0 where fewer are seen. */
  const reached = (most: number): number => {
    if (size <= most) return 0;
    histogram.fill(0);
    for (let i = 0; i < size; i += 1) histogram[Math.min(bins - 1, Math.floor(score[seen[i]!]! * steps))]! += 1;
    let bin = bins - 1;
    for (let above = histogram[bin]!; above < most; above += histogram[bin]!) bin -= 1;
    return bin / steps;
  };

  return {
    find: (groups, most) => {
      const ordered = groups
        .map((lists) => lists.toSorted((a, b) => a.end - a.start - (b.end - b.start) || a.start - b.start))
        .filter((lists) => lists.length > 0)
        .toSorted((a, b) => bitsOf(b[0]!) - bitsOf(a[0]!) || a[0]!.start - b[0]!.start);
      size = 0;
      let open = true;
      for (const [g, lists] of ordered.entries()) {
        const left = ordered.slice(g).reduce((sum, group) => sum + bitsOf(group[0]!), 0);
        open &&= reached(most) <= left;
        for (const list of lists) add(list, g + 1, open);
      }
      const least = reached(most);
      const chosen: number[] = [];
      for (let i = 0; i < size; i += 1) {
        const record = seen[i]!;
        if (score[record]! >= least) chosen.push(record);
      }
      const best = chosen.map((record) => ({ record, score: score[record]! })).toSorted((a, b) => b.score - a.score || a.record - b.record).slice(0, most);
      for (let i = 0; i < size; i += 1) {
        score[seen[i]!] = 0;
        counted[seen[i]!] = 0;
      }
      return best.map(({ record }) => record);
    },
  };
}
