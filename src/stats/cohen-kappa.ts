// How far do two judges agree beyond what chance would give? Cohen's kappa of a square table, with the large-sample standard error.
// Sources: Cohen 1960; Fleiss, Cohen and Everitt 1969 (standard error where kappa is not nought). Limits: the interval is rough below
// about 30 pairs; kappa falls where nearly all are of one kind, though the judges agree.

export interface Kappa {
  pairs: number;
  /** Share of pairs on which the two agree. */
  agreement: number;
  /** The share that chance would give, from the margins. */
  byChance: number;
  /** 1 full agreement, 0 as chance would; undefined where both judges put everything into one kind. */
  kappa: number | undefined;
  standardError: number | undefined;
  /** 95 per cent, within -1 and 1. */
  low: number | undefined;
  high: number | undefined;
}

/**
 * Cohen's kappa.
 * @param table counts: `table[i][j]` pairs that the first judge put into kind i and the second into kind j
 * @returns agreement as a share, kappa, its standard error and 95 per cent interval
 * @throws Error where the table is not square
 * @example cohenKappa([[75, 1, 4], [5, 4, 1], [0, 0, 10]]).kappa // 0.676…, Fleiss 1981, table 13.1
 */
export function cohenKappa(table: readonly (readonly number[])[]): Kappa {
  if (table.some((row) => row.length !== table.length)) throw new Error('The table of two judges is not square');
  const pairs = table.flat().reduce((sum, count) => sum + count, 0);
  const none = { kappa: undefined, standardError: undefined, low: undefined, high: undefined };
  if (pairs === 0) return { pairs, agreement: 0, byChance: 0, ...none };
  const share = table.map((row) => row.map((count) => count / pairs));
  const first = share.map((row) => row.reduce((sum, value) => sum + value, 0));
  const second = share.map((_, j) => share.reduce((sum, row) => sum + row[j]!, 0));
  const agreement = share.reduce((sum, row, i) => sum + row[i]!, 0);
  const byChance = first.reduce((sum, value, i) => sum + value * second[i]!, 0);
  const left = 1 - byChance;
  if (left < 1e-12) return { pairs, agreement, byChance, ...none };
  const kappa = (agreement - byChance) / left;
  let spread = -((agreement * byChance - 2 * byChance + agreement) ** 2);
  for (const [i, row] of share.entries()) {
    for (const [j, value] of row.entries()) {
      spread += i === j ? value * (left - (first[i]! + second[i]!) * (1 - agreement)) ** 2 : (1 - agreement) ** 2 * value * (second[i]! + first[j]!) ** 2;
    }
  }
  const standardError = Math.sqrt(Math.max(0, spread) / pairs) / left ** 2;
  const reach = 1.959964 * standardError;
  return { pairs, agreement, byChance, kappa, standardError, low: Math.max(-1, kappa - reach), high: Math.min(1, kappa + reach) };
}
