// Which records hang together by links in threes and more, which pairs among them were never compared, and which pairs are each component's?
// Over typed arrays: to ask the query engine for them takes a join and two sorts more.

/** Components of three records or more, in the order of their smallest records. */
export interface Components {
  count: number;
  /** The records of component c, in their order, lie in `member` from `start[c]` to `start[c + 1]`. */
  member: Int32Array;
  start: Int32Array;
  /** For each record the number of its component, or -1, and its place among that component's records. */
  of: Int32Array;
  place: Int32Array;
}

/**
 * @param root for each record the smallest record that hangs together with it
 * @example componentsOf(Int32Array.of(0, 1, 0, 0, 1)) // one of 0, 2 and 3
 */
export function componentsOf(root: Int32Array): Components {
  const size = new Int32Array(root.length);
  for (const first of root) size[first]! += 1;
  let [count, members] = [0, 0];
  const of = new Int32Array(root.length).fill(-1);
  for (let record = 0; record < root.length; record += 1) {
    if (size[root[record]!]! < 3) continue;
    of[record] = root[record] === record ? count++ : of[root[record]!]!;
    members += 1;
  }
  const start = new Int32Array(count + 1);
  for (const component of of) if (component >= 0) start[component + 1]! += 1;
  for (let component = 0; component < count; component += 1) start[component + 1]! += start[component]!;
  const [member, place, held] = [new Int32Array(members), new Int32Array(root.length), new Int32Array(count)];
  for (let record = 0; record < root.length; record += 1) {
    const component = of[record]!;
    if (component < 0) continue;
    place[record] = held[component]!++;
    member[start[component]! + place[record]!] = record;
  }
  return { count, member, start, of, place };
}

export interface WeighedInside {
  l: Int32Array;
  r: Int32Array;
  weight: Float64Array;
}

/** Those of the pairs whose two records are in one component. */
export function pairsInside({ of }: Components, pairs: WeighedInside): WeighedInside {
  const inside = new Int32Array(pairs.l.length);
  let length = 0;
  for (let i = 0; i < pairs.l.length; i += 1) {
    const component = of[pairs.l[i]!]!;
    if (component >= 0 && component === of[pairs.r[i]!]) inside[length++] = i;
  }
  const [l, r, weight] = [new Int32Array(length), new Int32Array(length), new Float64Array(length)];
  for (let i = 0; i < length; i += 1) {
    l[i] = pairs.l[inside[i]!]!;
    r[i] = pairs.r[inside[i]!]!;
    weight[i] = pairs.weight[inside[i]!]!;
  }
  return { l, r, weight };
}

/** The pairs inside components of at most `largest` records that are in none of the given parts (l before r, both in one component). */
export function missingPairs({ count, member, start, of, place }: Components, given: readonly { l: Int32Array; r: Int32Array }[], largest: number): { l: Int32Array; r: Int32Array } {
  // One bit for each two records of a component.
  const from = new Float64Array(count + 1);
  let missing = 0;
  for (let component = 0; component < count; component += 1) {
    const size = start[component + 1]! - start[component]!;
    if (size <= largest) missing += (size * (size - 1)) / 2;
    from[component + 1] = from[component]! + (size <= largest ? Math.ceil((size * size) / 8) : 0);
  }
  const seen = new Uint8Array(from[count]!);
  for (const { l, r } of given) {
    for (let i = 0; i < l.length; i += 1) {
      const component = of[l[i]!]!;
      const size = start[component + 1]! - start[component]!;
      if (size > largest) continue;
      const bit = place[l[i]!]! * size + place[r[i]!]!;
      seen[from[component]! + (bit >> 3)]! |= 1 << (bit & 7);
      missing -= 1;
    }
  }
  const [l, r] = [new Int32Array(missing), new Int32Array(missing)];
  let length = 0;
  for (let component = 0; component < count; component += 1) {
    const size = start[component + 1]! - start[component]!;
    if (size > largest) continue;
    for (let a = 0; a < size; a += 1) {
      for (let b = a + 1; b < size; b += 1) {
        const bit = a * size + b;
        if ((seen[from[component]! + (bit >> 3)]! & (1 << (bit & 7))) !== 0) continue;
        l[length] = member[start[component]! + a]!;
        r[length] = member[start[component]! + b]!;
        length += 1;
      }
    }
  }
  return { l, r };
}


/** Pairs by component: those of component c lie from `start[c]` to `start[c + 1]`, each with the places of its two records. */
export interface GroupedPairs {
  start: Int32Array;
  left: Int32Array;
  right: Int32Array;
  weight: Float64Array;
}

/** Groups the pairs of the components that are wanted. */
export function groupByComponent({ count, of, place }: Components, parts: readonly WeighedInside[], wanted: (component: number) => boolean): GroupedPairs {
  const start = new Int32Array(count + 1);
  for (const { l } of parts) for (const record of l) start[of[record]! + 1]! += 1;
  for (let component = 0; component < count; component += 1) start[component + 1] = start[component]! + (wanted(component) ? start[component + 1]! : 0);
  const length = start[count]!;
  const next = start.slice();
  const [left, right, weight] = [new Int32Array(length), new Int32Array(length), new Float64Array(length)];
  for (const part of parts) {
    for (let i = 0; i < part.l.length; i += 1) {
      const component = of[part.l[i]!]!;
      if (start[component] === start[component + 1]) continue;
      const at = next[component]!++;
      left[at] = place[part.l[i]!]!;
      right[at] = place[part.r[i]!]!;
      weight[at] = part.weight[i]!;
    }
  }
  return { start, left, right, weight };
}
