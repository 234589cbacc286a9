// A table as it may leave: small counts hidden, others rounded, totals that do not give a cell back, and figures made from
// counts made again from what is shown. Method note: docs/methods/disclosure-control.md.

import type { Table } from '../core/index.ts';
import { dependentColumn, dimensionsOf, listCells, type CellSystem, type DisclosureSpec, type TableRow } from './disclosure-cells.ts';
import { roundCount, type DisclosureRule } from './disclosure-rule.ts';
import { chooseHidden } from './secondary-suppression.ts';

export interface ProtectedTable {
  table: Table;
  /** Cells that are not shown, those made from hidden counts included. */
  suppressedCells: number;
}

/**
 * Applies a disclosure rule to a table of counts.
 *
 * @param spec which columns are counts, what is made from them, and what adds up to what
 * @returns a new table; the one given is not changed
 * @throws Error where a count is negative or not whole, or the spec names a column that is not there
 * @example
 * protectTable(table, rule, {
 *   counts: [{ column: 'events', dependents: [{ column: 'rate', from: (row) => perThousand(row.events, row.population) }] }],
 *   dimensions: ['area'],
 *   totalRows: (row) => row.area === 'All areas',
 * });
 */
export function protectTable(table: Table, rule: DisclosureRule, spec: DisclosureSpec): ProtectedTable {
  checkSpec(table, spec);
  const system = listCells(table, rule, spec);
  const hidden = chooseHidden(system, rule);
  const shown = shownCounts(system, rule, hidden);
  const rows = table.rows.map((row) => ({ ...row }));
  const suppressed = rows.map(() => [] as string[]);
  system.cells.forEach(({ row, column, elsewhere }, i) => {
    if (elsewhere) return;
    rows[row]![column] = shown[i]!;
    if (shown[i] === null) suppressed[row]!.push(column);
  });
  rows.forEach((row, i) => renewDependents(row, suppressed[i]!, spec));
  const order = spec.sortedBy ? orderOfShown(rows, spec.sortedBy, dimensionsOf(table, spec)) : rows.map((_, i) => i);
  const list = order.flatMap((from, to) => suppressed[from]!.map((column) => `${to}:${column}`));
  return { table: { ...table, rows: order.map((i) => rows[i]!), suppressed: list }, suppressedCells: list.length };
}

/** Each cell's figure as shown, null where hidden. */
function shownCounts(system: CellSystem, rule: DisclosureRule, hidden: Uint8Array): (number | null)[] {
  const shown = system.cells.map(({ count, noisy, national }, i) => (hidden[i] ? null : national ? count : roundCount(rule, noisy)));
  if (rule.totals !== 'sum') return shown;
  for (const { total, parts, gap } of system.equations) {
    // Where parts overlap, their sum would overstate the total: it is then rounded by itself, like any count.
    if (total === undefined || hidden[total] || system.cells[total]!.national || gap?.sign === -1) continue;
    let sum = gap && gap.size > rule.lowMax ? roundCount(rule, gap.size) : 0;
    for (const part of parts) sum += shown[part] ?? 0;
    // No part can be shown: 0 would be untrue.
    shown[total] = sum === 0 && system.cells[total]!.count > 0 ? null : sum;
  }
  return shown;
}

function renewDependents(row: TableRow, suppressed: string[], spec: DisclosureSpec): void {
  const gone = new Set(suppressed);
  for (const { column, dependents = [] } of spec.counts) {
    for (const dependent of dependents) {
      const name = dependentColumn(dependent);
      if (gone.has(column)) {
        row[name] = null;
        if (!suppressed.includes(name)) suppressed.push(name);
      } else if (typeof dependent !== 'string' && !suppressed.includes(name)) {
        const value = dependent.from(row);
        row[name] = typeof value === 'number' && !Number.isFinite(value) ? null : value;
      }
    }
  }
}

/** Rows by the figure shown, hidden ones last, equals by their names: nothing of the true order remains. */
function orderOfShown(rows: TableRow[], { column, descending = true }: { column: string; descending?: boolean }, dimensions: string[]): number[] {
  const name = (row: TableRow) => dimensions.map((dimension) => String(row[dimension] ?? '')).join('\u0000');
  const figure = (row: TableRow) => {
    const value = row[column] ?? null;
    if (value === null) return Infinity;
    return descending ? -Number(value) : Number(value);
  };
  return rows
    .map((row, i) => ({ i, figure: figure(row), name: name(row) }))
    .toSorted((a, b) => (a.figure === b.figure ? a.name.localeCompare(b.name, 'en-GB', { numeric: true }) : a.figure - b.figure))
    .map(({ i }) => i);
}

function checkSpec(table: Table, spec: DisclosureSpec): void {
  const names = new Set(table.columns.map((column) => column.name));
  const needed = [
    ...spec.counts.flatMap(({ column, dependents = [] }) => [column, ...dependents.map(dependentColumn)]),
    ...(spec.dimensions ?? []),
    ...(spec.sortedBy ? [spec.sortedBy.column] : []),
  ];
  const missing = needed.find((name) => !names.has(name));
  if (missing !== undefined) throw new Error(`${table.id} has no column ${missing}`);
}
