// Lets a question's tables and shares out through disclosure control: shares are made from counts as they are shown.

import type { CellValue, Table } from '../core/index.ts';
import { isTooSmall, protectTable, roundCount, type DisclosureRule, type DisclosureSpec } from '../govern/index.ts';
import { releaseCounted, type Counted } from './noisy-count.ts';
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

/** A share of 1 from released figures, to a tenth of a per cent; null where either is hidden. */
export function shareOf(part: CellValue | undefined, all: CellValue | undefined): number | null {
  return typeof part === 'number' && typeof all === 'number' && all > 0 ? round(Math.min(1, part / all), 3) : null;
}

/** A share of counts, from both as they are shown, to one in a hundred; null where so few are in it, or out of it, that it would give them away. */
export function shareOfCounted(rule: DisclosureRule, part: Counted, all: Counted): number | null {
  if (all.count <= 0 || isTooSmall(rule, all.count - part.count)) return null;
  if (part.count === 0 || part.count === all.count) return part.count === 0 ? 0 : 1;
  const share = shareOf(releaseCounted(rule, part), releaseCounted(rule, all));
  return share === null ? null : round(share, 2);
}
