// An audit: what can someone who sees a protected table work out about each hidden count? For every hidden cell the least and
// most it can be, given all shown figures, their rounding, and what adds up to what. Not used to protect, but to check.
// By the flow network where the table has one (exact for whole counts, quick), by the linear programme where it has none.

import type { Table } from '../core/index.ts';
import { dimensionsOf, isHidden, listCells, type DisclosureSpec, type TableRow } from './disclosure-cells.ts';
import { isTooSmall, protectedRange, type DisclosureRule } from './disclosure-rule.ts';
import { createFlowPush, findNetwork } from './flow-network.ts';
import { knownCounts } from './known-counts.ts';
import { push } from './linear-push.ts';

export interface AuditedCell {
  /** Row of the original table. */
  row: number;
  column: string;
  /** The true count. */
  count: number;
  /** What a reader can work out: the count lies between the two. `high` is Infinity from 250 above the true count on. */
  low: number;
  high: number;
  /** The true count is one that the rule hides. */
  small: boolean;
  /** A reader can tell the count exactly. */
  exact: boolean;
  /** A small count about which a reader can tell more than the rule itself says. */
  revealed: boolean;
}

export interface Audit {
  cells: AuditedCell[];
  /** The cells that fail: empty where the table is safe. */
  revealed: AuditedCell[];
}

/**
 * What a reader of `published` can work out about the counts that it hides.
 *
 * @param original the true table
 * @param published the table as it leaves: hidden counts are null and listed in `suppressed`. Rows are matched by position,
 *   or by the spec's keys where the order differs
 * @param method "linear" uses the linear programme for every table
 * @example
 * auditTable(table, protectTable(table, rule, spec).table, rule, spec).revealed; // []
 */
export function auditTable(original: Table, published: Table, rule: DisclosureRule, spec: DisclosureSpec, method: 'quickest' | 'linear' = 'quickest'): Audit {
  const system = listCells(original, rule, spec);
  const place = matchRows(original, published, spec.keys ?? dimensionsOf(original, spec));
  const gone = new Set(published.suppressed);
  const hidden = Uint8Array.from(system.cells, ({ row, column, count, noisy, elsewhere }) =>
    (elsewhere ? isHidden(rule, count, noisy) : gone.has(`${place[row]!}:${column}`)) ? 1 : 0,
  );
  const known = knownCounts(system, rule, hidden);
  const network = method === 'quickest' ? findNetwork(known) : undefined;
  if (network) known.value = network.value;
  const flow = network && createFlowPush(network, known);
  const range = protectedRange(rule);
  const cells: AuditedCell[] = [];
  system.cells.forEach(({ row, column, count, elsewhere }, i) => {
    if (!hidden[i] || elsewhere) return;
    const low = Math.max(0, Math.ceil(reach(i, known.low[i]!) - 1e-6));
    const most = Math.floor(reach(i, count + farAbove) + 1e-6);
    const high = most >= count + farAbove ? Infinity : most;
    const small = isTooSmall(rule, count);
    cells.push({ row, column, count, low, high, small, exact: low === high, revealed: small && (low > Math.max(range.low, known.low[i]!) || high < range.high) });
  });
  return { cells, revealed: cells.filter((cell) => cell.revealed) };

  function reach(variable: number, target: number): number {
    const result = flow ? flow(variable, target, false) : push(known, variable, target, false);
    if (!result.complete) throw new Error(`${original.id}: the audit did not come to an end`);
    return result.reached;
  }
}

/** How far above the true count the audit looks. */
const farAbove = 250;

/** For each original row: its place in the published table. */
function matchRows(original: Table, published: Table, keys: string[]): number[] {
  if (original.rows.length !== published.rows.length) throw new Error(`${original.id}: the published table has another number of rows`);
  const keyOf = (row: TableRow) => JSON.stringify(keys.map((key) => row[key] ?? null));
  if (original.rows.every((row, i) => keyOf(row) === keyOf(published.rows[i]!))) return original.rows.map((_, i) => i);
  const places = new Map(published.rows.map((row, i) => [keyOf(row), i]));
  return original.rows.map((row) => {
    const place = places.get(keyOf(row));
    if (place === undefined || places.size !== published.rows.length) throw new Error(`${original.id}: rows of the published table cannot be told apart by ${keys.join(', ')}`);
    return place;
  });
}
