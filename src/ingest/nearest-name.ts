// Which known names are most like one that is not known: by edits (Damerau–Levenshtein, adjacent swaps counted once) over folded text.

function fold(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** The number of insertions, deletions, changes and swaps of neighbours between two words. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(last[j]! + 1, row[j - 1]! + 1, last[j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, before[j - 2]! + 1);
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length]!;
}

/** At most three names within 40 per cent of edits and not much farther than the nearest, the nearest first; a name that holds or is held by the other counts as near. */
export function nearestNames(name: string, known: readonly string[]): string[] {
  const folded = fold(name);
  return known
    .map((candidate) => {
      const other = fold(candidate);
      const held = folded.length > 2 && other.length > 2 && (other.includes(folded) || folded.includes(other));
      const share = editDistance(folded, other) / Math.max(folded.length, other.length, 1);
      return { candidate, share: held ? Math.min(share, 0.39) : share };
    })
    .filter((item) => item.share < 0.4)
    .toSorted((a, b) => a.share - b.share || a.candidate.localeCompare(b.candidate))
    .filter((item, _i, [nearest]) => item.share <= nearest!.share + 0.2)
    .slice(0, 3)
    .map((item) => item.candidate);
}
