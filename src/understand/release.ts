// Lets a question's tables out through disclosure control, and makes measures (hours, harm) from released counts so that they do not give
// an exact count away: a mean times the released count; for harm, also to the nearest few events of the heaviest kind.

import type { CellValue, Table } from '../core/index.ts';
import { isTooSmall, protectTable, roundCount, type DisclosureRule, type DisclosureSpec } from '../govern/index.ts';
import { round } from './plain-numbers.ts';

export interface ReleaseSpec extends Omit<DisclosureSpec, 'sortedBy'> {
  /** Sorts rows by a released figure, greatest first, totals last, so that the order does not tell hidden counts apart. */
  greatestFirst?: string;
}

/** The table as it may leave. */
export function releaseTable(table: Table, rule: DisclosureRule, spec: ReleaseSpec): Table {
  const released = protectTable(table, rule, { ...spec, ...(spec.greatestFirst && { sortedBy: { column: spec.greatestFirst } }) }).table;
  const { totalRows } = spec;
  return totalRows && spec.greatestFirst ? totalsLast(released, totalRows) : released;
}

function totalsLast(table: Table, isTotal: NonNullable<DisclosureSpec['totalRows']>): Table {
  const order = table.rows.map((row, index) => ({ index, last: isTotal(row) ? 1 : 0 })).toSorted((a, b) => a.last - b.last || a.index - b.index);
  const place = new Map(order.map(({ index }, to) => [String(index), to]));
  const suppressed = table.suppressed.map((mark) => `${place.get(mark.slice(0, mark.indexOf(':')))}${mark.slice(mark.indexOf(':'))}`);
  return { ...table, rows: order.map(({ index }) => table.rows[index]!), suppressed };
}

/** One count as it may leave; null where it is too small. */
export function releaseCount(rule: DisclosureRule, count: number): number | null {
  return isTooSmall(rule, count) ? null : roundCount(rule, count);
}

/** A mean of this many values may be shown. */
export function mayShowMean(rule: DisclosureRule, values: number): boolean {
  return values > 0 && !isTooSmall(rule, values);
}

/** A measure of a group from its released count: null where the count is hidden or too few events have the measure. */
export function scaleToReleased(rule: DisclosureRule, { sum, having, of }: { sum: number; having: number; of: number }, released: CellValue | undefined, unit = 1): number | null {
  if (released === 0 && of === 0) return 0;
  if (typeof released !== 'number' || !mayShowMean(rule, having)) return null;
  const value = (sum / of) * released;
  return round(value / unit) * unit;
}

/** A share of 1 from released figures, to a tenth of a per cent; null where either is hidden. */
export function shareOf(part: CellValue | undefined, all: CellValue | undefined): number | null {
  return typeof part === 'number' && typeof all === 'number' && all > 0 ? round(Math.min(1, part / all), 3) : null;
}

/** A share of exact counts, to one in a hundred; null where so few are in it, or out of it, that it would give them away. */
export function releaseShare(rule: DisclosureRule, part: number, all: number): number | null {
  if (all <= 0 || isTooSmall(rule, part) || isTooSmall(rule, all - part) || isTooSmall(rule, all)) return null;
  return round(part / all, 2);
}
