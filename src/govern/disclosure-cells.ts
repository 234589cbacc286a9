// What adds up to what in a table of counts. Inner cells are unknowns; each total, of rows, of columns or of both, is an
// equation over inner cells. A reader who knows the table's structure can solve these, so protection and audit both start here.
// A total that is not the sum of its parts (people with no known area; people counted in two areas) gets an unknown of its own.

import type { CellValue, Table } from '../core/index.ts';
import { noNoise, type Noise } from './cell-key.ts';
import { isTooSmall, type DisclosureRule } from './disclosure-rule.ts';

export type TableRow = Table['rows'][number];

/** A figure that is made from a count. */
export type Dependent =
  /** Vanishes with its count, and otherwise stays as it is: only for what cannot give the count back, such as a mean. */
  | string
  /** Vanishes with its count, and otherwise is made again from the row as it is shown: rates and shares. */
  | { column: string; from: (shown: TableRow) => CellValue };

export interface CountColumn {
  /** A column of whole counts of people or events; null where the cell does not apply. */
  column: string;
  dependents?: Dependent[];
  /** The noise of the row's count, where the rule has any: see cell-key.ts. */
  noise?: (row: TableRow) => Noise | undefined;
}

export interface DisclosureSpec {
  counts: CountColumn[];
  /** The columns whose cross makes the cells, such as area and month, or area, ward and council. Default: all that are not figures. */
  dimensions?: string[];
  /**
   * Rows that are totals of other rows. A total's value in a dimension means itself where an inner row has that value too
   * ("Luton"), and all values where none has ("All areas", or null).
   */
  totalRows?: (row: TableRow) => boolean;
  /** Columns that add up: parts first, total last, such as [["males", "females", "people"]]. */
  across?: string[][];
  /** Rows for the whole nation, for rules that leave these as they are. */
  nationalRows?: (row: TableRow) => boolean;
  /** Totals that a reader can see in another table, as rows of this table's form: they bind, though they are not in this table. */
  elsewhere?: TableRow[];
  /** Columns that say which row of one table is which row of another. Default: the dimensions. */
  keys?: string[];
  /** Sorts the protected table by what is shown, so that the order of rows does not tell hidden counts apart. */
  sortedBy?: { column: string; descending?: boolean };
}

export interface Cell {
  row: number;
  column: string;
  count: number;
  /** With its noise: what is rounded and shown. */
  noisy: number;
  /** The noise may be as much as this. */
  most: number;
  isTotal: boolean;
  /** Shown in another table: cannot be hidden here. */
  elsewhere: boolean;
  national: boolean;
}

/** True where a count is too small to be shown, or its noise makes it look so. */
export function isHidden(rule: DisclosureRule, count: number, noisy = count): boolean {
  if (isTooSmall(rule, count)) return true;
  return count > 0 && noisy !== count && noisy <= rule.lowMax;
}

/** Sum over `parts` plus `gap` (an unknown of its own, `gap.sign` +1 or −1) equals `total`; all are indices of cells. */
export interface Equation {
  /** Absent where two ways of adding up one total are set equal: then parts minus `minus` is zero. */
  total?: number;
  parts: number[];
  minus?: number[];
  gap?: { sign: 1 | -1; size: number };
}

export interface CellSystem {
  cells: Cell[];
  equations: Equation[];
  /** Index of the cell at a row and column; undefined where there is none. */
  find(row: number, column: string): number | undefined;
}

/** The dimensions of a table: as given, or every column that holds no figure. */
export function dimensionsOf(table: Table, spec: DisclosureSpec): string[] {
  if (spec.dimensions) return spec.dimensions;
  const figures = new Set(spec.counts.flatMap(({ column, dependents = [] }) => [column, ...dependents.map(dependentColumn)]));
  return table.columns.filter((column) => ['text', 'month', 'date'].includes(column.format) && !figures.has(column.name)).map((column) => column.name);
}

export function dependentColumn(dependent: Dependent): string {
  return typeof dependent === 'string' ? dependent : dependent.column;
}

/**
 * The cells of a table's count columns and the equations between them.
 *
 * @throws Error where a count is negative or not whole, or a column named in `across` is not a count
 */
export function listCells(table: Table, rule: DisclosureRule, spec: DisclosureSpec): CellSystem {
  const rows = [...table.rows, ...(spec.elsewhere ?? [])];
  const inTable = table.rows.length;
  const isTotalRow = rows.map((row, i) => i >= inTable || (spec.totalRows?.(row) ?? false));
  const ways = waysToAdd(spec);
  const cells: Cell[] = [];
  const index = new Map<string, Int32Array>();
  for (const { column } of spec.counts) index.set(column, new Int32Array(rows.length).fill(-1));

  rows.forEach((row, i) => {
    for (const { column, noise } of spec.counts) {
      const count = row[column] ?? null;
      if (count === null) continue;
      if (typeof count !== 'number' || !Number.isInteger(count) || count < 0) throw new Error(`${table.id}: ${column} of row ${i} is not a count`);
      index.get(column)![i] = cells.length;
      const isTotal = isTotalRow[i]! || ways.has(column);
      const national = rule.nationalExempt && (spec.nationalRows?.(row) ?? false);
      const { value, most } = (count > 0 && !national && noise?.(row)) || noNoise;
      cells.push({ row: i, column, count, noisy: count + value, most, isTotal, elsewhere: i >= inTable, national });
    }
  });
  const find = (row: number, column: string) => {
    const cell = index.get(column)?.[row] ?? -1;
    return cell < 0 ? undefined : cell;
  };
  return { cells, equations: listEquations(), find };

  function listEquations(): Equation[] {
    const partsOf = rowParts(rows, isTotalRow, dimensionsOf(table, spec));
    const equations: Equation[] = [];
    for (let total = 0; total < cells.length; total += 1) {
      const { row, column, isTotal } = cells[total]!;
      if (!isTotal) continue;
      const innerRows = isTotalRow[row] ? partsOf(row) : [row];
      if (innerRows.length === 0) {
        cells[total]!.isTotal = false;
        continue;
      }
      const columnWays = ways.get(column) ?? [[column]];
      const [first, ...others] = columnWays.map((columns) => innerRows.flatMap((inner) => columns.flatMap((part) => find(inner, part) ?? [])));
      equations.push(withGap(cells, total, first!));
      for (const other of others) equations.push(withGap(cells, undefined, first!, other));
    }
    return equations;
  }
}

function withGap(cells: Cell[], total: number | undefined, parts: number[], minus?: number[]): Equation {
  const sum = (list: number[]) => list.reduce((all, cell) => all + cells[cell]!.count, 0);
  const difference = (total === undefined ? sum(minus!) : cells[total]!.count) - sum(parts);
  const gap = difference === 0 ? undefined : ({ sign: difference > 0 ? 1 : -1, size: Math.abs(difference) } as const);
  return { total, parts, minus, gap };
}

/** For each column that is a total: the ways to add it up from columns that are not. */
function waysToAdd(spec: DisclosureSpec): Map<string, string[][]> {
  const counts = new Set(spec.counts.map(({ column }) => column));
  const direct = new Map<string, string[][]>();
  for (const list of spec.across ?? []) {
    const unknown = list.find((column) => !counts.has(column));
    if (unknown !== undefined) throw new Error(`across names ${unknown}, which is not among the counts`);
    const total = list.at(-1)!;
    direct.set(total, [...(direct.get(total) ?? []), list.slice(0, -1)]);
  }
  const inner = (column: string, path: string[]): string[] => {
    if (path.includes(column)) throw new Error(`across goes round in a circle at ${column}`);
    const [first] = direct.get(column) ?? [];
    return first ? first.flatMap((part) => inner(part, [...path, column])) : [column];
  };
  return new Map([...direct].map(([total, lists]) => [total, lists.map((list) => list.flatMap((part) => inner(part, [total])))]));
}

/** For a total row: the inner rows that it adds up. */
function rowParts(rows: TableRow[], isTotalRow: boolean[], dimensions: string[]): (row: number) => number[] {
  const innerRows = rows.flatMap((_, i) => (isTotalRow[i] ? [] : [i]));
  const seen = new Map(dimensions.map((name) => [name, new Set(innerRows.map((i) => rows[i]![name] ?? null))]));
  const byDimensions = new Map<string, Map<string, number[]>>();
  const keyOf = (row: number, names: string[]) => JSON.stringify(names.map((name) => rows[row]![name] ?? null));
  return (row) => {
    const fixed = dimensions.filter((name) => seen.get(name)!.has(rows[row]![name] ?? null));
    const name = fixed.join('\u0000');
    let groups = byDimensions.get(name);
    if (!groups) {
      groups = new Map<string, number[]>();
      for (const inner of innerRows) {
        const key = keyOf(inner, fixed);
        const group = groups.get(key);
        if (group) group.push(inner);
        else groups.set(key, [inner]);
      }
      byDimensions.set(name, groups);
    }
    return groups.get(keyOf(row, fixed)) ?? [];
  };
}
