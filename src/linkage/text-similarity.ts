// How alike are two texts, byte by byte, as the query engine reckons it? A text stands as its UTF-8 bytes, one character for each. The
// results are the engine's to the last digit (tested against it): Jaro 1989 and Winkler 1990, Hamming 1950, Levenshtein 1966, Damerau 1964.

/** Which bytes of the second text have been found in the first; grown where a text is longer. */
let taken = new Uint8Array(64);
let matched = new Uint8Array(64);

function jaroSimilarity(a: string, b: string): number {
  if (a.length === 0 || b.length === 0) return 0;
  const reach = Math.max(0, (Math.max(a.length, b.length) >> 1) - 1);
  if (taken.length < b.length) taken = new Uint8Array(2 * b.length);
  if (matched.length < a.length) matched = new Uint8Array(2 * a.length);
  taken.fill(0, 0, b.length);
  let common = 0;
  for (let i = 0; i < a.length; i += 1) {
    const code = a.charCodeAt(i);
    const last = Math.min(b.length - 1, i + reach);
    matched[i] = 0;
    for (let j = Math.max(0, i - reach); j <= last; j += 1) {
      if (taken[j] === 1 || b.charCodeAt(j) !== code) continue;
      taken[j] = 1;
      matched[i] = 1;
      common += 1;
      break;
    }
  }
  if (common === 0) return 0;
  let outOfOrder = 0;
  for (let i = 0, j = 0; i < a.length; i += 1) {
    if (matched[i] === 0) continue;
    while (taken[j] === 0) j += 1;
    if (a.charCodeAt(i) !== b.charCodeAt(j)) outOfOrder += 1;
    j += 1;
  }
  return (common / a.length + common / b.length + (common - (outOfOrder >> 1)) / common) / 3;
}

/** From 0 to 1; a common beginning of up to four bytes counts for more where the texts are alike. */
export function jaroWinklerSimilarity(a: string, b: string): number {
  const jaro = jaroSimilarity(a, b);
  if (jaro <= 0.7) return jaro;
  let prefix = 0;
  while (prefix < 4 && prefix < a.length && prefix < b.length && a.charCodeAt(prefix) === b.charCodeAt(prefix)) prefix += 1;
  return jaro + prefix * 0.1 * (1 - jaro);
}

/** Places at which two texts of one length differ; undefined where their lengths differ. */
export function hammingDistance(a: string, b: string): number | undefined {
  if (a.length !== b.length) return undefined;
  let differing = 0;
  for (let i = 0; i < a.length; i += 1) if (a.charCodeAt(i) !== b.charCodeAt(i)) differing += 1;
  return differing;
}

/** Insertions, deletions and changes. */
export function levenshteinDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, above[j - 1]! + (a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1)));
    above = row;
  }
  return above[b.length]!;
}

/** Insertions, deletions, changes and swaps of neighbours, between which more may change (Lowrance and Wagner 1975). */
export function damerauDistance(a: string, b: string): number {
  const most = a.length + b.length;
  const rows = [Array.from({ length: b.length + 2 }, () => most), [most, ...Array.from({ length: b.length + 1 }, (_, j) => j)]];
  const lastRow = new Map<number, number>();
  for (let i = 1; i <= a.length; i += 1) {
    const row = [most, i];
    let lastColumn = 0;
    for (let j = 1; j <= b.length; j += 1) {
      const k = lastRow.get(b.charCodeAt(j - 1)) ?? 0;
      const l = lastColumn;
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      if (same) lastColumn = j;
      row.push(Math.min(rows[i]![j]! + (same ? 0 : 1), row[j]! + 1, rows[i]![j + 1]! + 1, rows[k]![l]! + (i - k - 1) + 1 + (j - l - 1)));
    }
    rows.push(row);
    lastRow.set(a.charCodeAt(i - 1), i);
  }
  return rows[a.length + 1]![b.length + 1]!;
}
