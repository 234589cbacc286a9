// Which records share most with a query? Each shared value counts log2 of its rarity (inverse document frequency: Spärck Jones 1972), and of
// a group of values that say the same, such as a date, its month and its year, only the rarest. Groups are taken from the rarest on; once
// enough records are ahead of what the lists to come can give, records not yet seen are left out, and those seen that cannot catch up are
// given up (as in max-score ranking: Turtle and Flood 1995), which changes nothing in the result.

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
/** More than the sums of a record's scores, kept in single precision, can be off. */
const slack = 1 / 64;
/** A list is looked through where it is at most so many times as long as there are records to look up in it. */
const longerBy = 8;

/** @param read the records of a list, each once and in their order, until the next is read */
export function createCandidateFinder(records: number, read: (list: PostingList) => Int32Array): CandidateFinder {
  /** One more than a record's place among those seen; 0 where it is not seen. What is known of the seen stands close together. */
  const placeOf = new Int32Array(records);
  const seen = new Int32Array(records);
  const score = new Float32Array(records);
  /** The group that it was counted in last. */
  const counted = new Uint8Array(records);
  const histogram = new Uint32Array(bins);
  const bitsOf = ({ start, end }: PostingList) => Math.log2(records / (end - start));
  let size = 0;

  const addAll = (ids: Int32Array, bits: number, group: number, open: boolean): void => {
    for (let i = 0; i < ids.length; i += 1) {
      const record = ids[i]!;
      const place = placeOf[record]! - 1;
      if (place >= 0) {
        if (counted[place] === group) continue;
        counted[place] = group;
        score[place]! += bits;
      } else if (open) {
        seen[size] = record;
        score[size] = bits;
        counted[size] = group;
        size += 1;
        placeOf[record] = size;
      }
    }
  };

  /** The same for the records seen alone. */
  const addSeen = (ids: Int32Array, bits: number, group: number): void => {
    for (let place = 0; place < size; place += 1) {
      if (counted[place] === group || !holds(ids, seen[place]!)) continue;
      counted[place] = group;
      score[place]! += bits;
    }
  };

  /** A score that at least `most` of the seen records reach, to a step; 0 where fewer are seen. */
  const reached = (most: number): number => {
    if (size <= most) return 0;
    histogram.fill(0);
    for (let place = 0; place < size; place += 1) histogram[Math.min(bins - 1, Math.floor(score[place]! * steps))]! += 1;
    let bin = bins - 1;
    for (let above = histogram[bin]!; above < most; above += histogram[bin]!) bin -= 1;
    return bin / steps;
  };

  /** Whether at least `most` of the seen records have more. */
  const ahead = (most: number, bits: number): boolean => {
    let above = 0;
    for (let place = 0; place < size && above < most; place += 1) if (score[place]! > bits) above += 1;
    return above === most;
  };

  /** Forgets the seen records whose score is below. */
  const keepFrom = (least: number): void => {
    let kept = 0;
    for (let place = 0; place < size; place += 1) {
      const record = seen[place]!;
      if (score[place]! < least) {
        placeOf[record] = 0;
        continue;
      }
      if (kept < place) placeOf[record] = kept + 1;
      seen[kept] = record;
      score[kept] = score[place]!;
      counted[kept] = counted[place]!;
      kept += 1;
    }
    size = kept;
  };

  return {
    find: (groups, most) => {
      size = 0;
      let open = true;
      let highest = 0;
      let last = 0;
      for (const { list, group, left } of inOrder(groups, bitsOf)) {
        // No record has more than `highest`: while that is not enough to be ahead, none need be looked at.
        open &&= highest <= left || !ahead(most, left + slack);
        // Records given up stay unseen, since no list opens the search again.
        if (!open && size > most) keepFrom(reached(most) - left - slack);
        const ids = read(list);
        if (!open && size * longerBy < ids.length) addSeen(ids, bitsOf(list), group);
        else addAll(ids, bitsOf(list), group, open);
        if (group !== last) highest += bitsOf(list);
        last = group;
      }
      keepFrom(reached(most));
      const best = Array.from(seen.subarray(0, size), (record, place) => ({ record, score: score[place]! })).toSorted((a, b) => b.score - a.score || a.record - b.record).slice(0, most);
      keepFrom(Infinity);
      return best.map(({ record }) => record);
    },
  };
}

/** The lists from the rarest group on, its rarest first, with what each and those after it can give to a record at most. */
function inOrder(groups: readonly (readonly PostingList[])[], bitsOf: (list: PostingList) => number): { list: PostingList; group: number; left: number }[] {
  const ordered = groups
    .map((lists) => lists.toSorted((a, b) => a.end - a.start - (b.end - b.start) || a.start - b.start))
    .filter((lists) => lists.length > 0)
    .toSorted((a, b) => bitsOf(b[0]!) - bitsOf(a[0]!) || a[0]!.start - b[0]!.start);
  return ordered.flatMap((lists, g) => {
    const later = ordered.slice(g + 1).reduce((sum, group) => sum + bitsOf(group[0]!), 0);
    return lists.map((list) => ({ list, group: g + 1, left: bitsOf(list) + later }));
  });
}

function holds(sorted: Int32Array, value: number): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === value;
}
