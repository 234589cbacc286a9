// Two tables that are each safe may not be safe together: all residents less all males are all females. For each cell that
// two published tables have in common, what the difference of the two figures tells about those in the one and not the other.
// Cell by cell: the equations within each table are not used here.

import type { Table } from '../core/index.ts';
import { dimensionsOf, type DisclosureSpec, type TableRow } from './disclosure-cells.ts';
import { leastHidden, protectedRange, rangeOfShown, type CountRange, type DisclosureRule } from './disclosure-rule.ts';

export interface RevealedDifference extends CountRange {
  /** Row of the first table, and of the second. */
  rowA: number;
  rowB: number;
  column: string;
  /** The difference can be told exactly. */
  exact: boolean;
}

/**
 * Differences between two published tables that tell of a small count more than the rule's own sign would.
 *
 * @param a the table of the larger group, such as all residents
 * @param b the table of a part of that group, such as males
 * @param spec its `keys` (default: its dimensions) say which rows of the two belong together
 * @returns one entry for each small difference that a reader can narrow down; empty where the two are safe together
 * @example
 * auditDifference(everyone, males, rule, { counts: [{ column: 'people' }], dimensions: ['age_band'] });
 */
export function auditDifference(a: Table, b: Table, rule: DisclosureRule, spec: DisclosureSpec): RevealedDifference[] {
  const keys = spec.keys ?? dimensionsOf(a, spec);
  const keyOf = (row: TableRow) => JSON.stringify(keys.map((key) => row[key] ?? null));
  const places = new Map(b.rows.map((row, i) => [keyOf(row), i]));
  const protectedCounts = protectedRange(rule);
  const found: RevealedDifference[] = [];
  a.rows.forEach((row, rowA) => {
    const rowB = places.get(keyOf(row));
    if (rowB === undefined) return;
    for (const { column } of spec.counts) {
      const whole = rangeOfCell(a, rowA, column, rule);
      const part = rangeOfCell(b, rowB, column, rule);
      if (!whole || !part) continue;
      const low = Math.max(0, whole.low - part.high);
      const high = whole.high - part.low;
      // Zero is no one; above the rule's range is not small; the whole of the rule's range is what its sign would say.
      const small = low >= rule.lowMin && high <= protectedCounts.high;
      if (small && high - low < protectedCounts.high - protectedCounts.low) found.push({ rowA, rowB, column, low, high, exact: low === high });
    }
  });
  return found;
}

function rangeOfCell(table: Table, row: number, column: string, rule: DisclosureRule): CountRange | undefined {
  const shown = table.rows[row]![column] ?? null;
  if (typeof shown === 'number') return rangeOfShown(rule, shown);
  return table.suppressed.includes(`${row}:${column}`) ? { low: leastHidden(rule), high: Infinity } : undefined;
}
