// Which allowed word was probably meant? The one with the fewest edits (a swap of neighbours counts once), where it is near enough.

/** Insertions, deletions, changes and swaps of neighbours between two words. */
function edits(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? rows[i - 2]![j - 2]! + 1 : Infinity;
      row.push(Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, change, swap));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

/** The nearest of the allowed words, at most two fifths of its letters away; undefined where none is near. */
export function nearestWord(word: string, allowed: readonly string[]): string | undefined {
  const [best] = allowed.map((one) => ({ one, share: edits(word.toLowerCase(), one.toLowerCase()) / Math.max(one.length, 1) })).toSorted((a, b) => a.share - b.share);
  return best && best.share <= 0.4 ? best.one : undefined;
}
