import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Table } from '../core/index.ts';
import { auditTable, isTooSmall, protectedRange, protectTable, rangeOfShown, readDisclosureRule, roundCount, type CountRange, type DisclosureRule, type DisclosureSpec } from './index.ts';

const standard = readDisclosureRule(undefined).value;
const rules: DisclosureRule[] = [
  standard,
  { ...standard, name: 'plain', roundBase: 1, lowMax: 4 },
  { ...standard, name: 'hidden-zero', showZero: false, roundBase: 3, lowMax: 3 },
  { ...standard, name: 'sums', totals: 'sum', lowMax: 5 },
];
const anyRule = fc.constantFrom(...rules);

function tableOf(rows: Table['rows'], counts = ['n']): Table {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return {
    id: 'test',
    title: 'Test',
    columns: names.map((name) => ({ name, label: name, format: counts.includes(name) ? 'count' : 'text' })),
    rows,
    suppressed: [],
  };
}

/** A list of areas in wards in a council, with a total for each, made from the areas' counts. */
function nestedTable(areas: number[][]): { table: Table; spec: DisclosureSpec } {
  const sum = (list: number[]) => list.reduce((all, count) => all + count, 0);
  const rows: Table['rows'] = areas.flatMap((list, w) => list.map((n, a) => ({ area: `a${w}${a}`, ward: `w${w}`, council: 'c', n })));
  areas.forEach((list, w) => rows.push({ area: null, ward: `w${w}`, council: 'c', n: sum(list) }));
  rows.push({ area: null, ward: null, council: 'c', n: sum(areas.flat()) });
  return { table: tableOf(rows), spec: { counts: [{ column: 'n' }], dimensions: ['area', 'ward', 'council'], totalRows: (row) => row.area === null } };
}

/** Rows crossed with columns held as count columns, with a total column and, where asked, a total row. */
function wideTable(counts: number[][], totalRow: boolean): { table: Table; spec: DisclosureSpec } {
  const names = counts[0]!.map((_, j) => `p${j}`);
  const line = (r: string, list: number[]) => ({ r, ...Object.fromEntries(list.map((n, j) => [names[j]!, n])), all: list.reduce((sum, n) => sum + n, 0) });
  const rows = counts.map((list, i) => line(`r${i}`, list));
  if (totalRow) rows.push(line('total', names.map((_, j) => counts.reduce((sum, list) => sum + list[j]!, 0))));
  return {
    table: tableOf(rows, [...names, 'all']),
    spec: { counts: [...names, 'all'].map((column) => ({ column })), dimensions: ['r'], totalRows: (row) => row.r === 'total', across: [[...names, 'all']] },
  };
}

/**
 * The attacker by brute force: tries every table of inner counts and keeps those that look the same when shown.
 * `totals` says which inner cells make each further cell. Returns the least and most of each cell over all tables kept;
 * a hidden cell in no shown total is tried up to 12.
 */
function bruteForce(inner: (number | null)[], totals: { parts: number[]; shown: number | null }[], rule: DisclosureRule): { low: number[]; high: number[] } {
  const size = inner.length + totals.length;
  const low = Array.from({ length: size }, () => Infinity);
  const high = Array.from({ length: size }, () => -Infinity);
  const least = protectedRange(rule).low;
  const looksLike = (shown: number | null, count: number) => (shown === null ? count >= least : !isTooSmall(rule, count) && roundCount(rule, count) === shown);
  const binding = rule.totals === 'sum' ? [] : totals.filter(({ shown }) => shown !== null).map(({ parts, shown }) => ({ parts, shown: shown!, most: shown! + rule.roundBase }));
  const options = inner.map((shown, i) => {
    const most = Math.min(...binding.filter(({ parts }) => parts.includes(i)).map((total) => total.most), shown === null ? Infinity : shown + rule.roundBase);
    return Array.from({ length: (most === Infinity ? 12 : most) + 1 }, (_, count) => count).filter((count) => looksLike(shown, count));
  });
  const counts = inner.map(() => 0);
  const sumOf = (parts: number[]) => parts.reduce((sum, part) => sum + counts[part]!, 0);
  const attempt = (i: number) => {
    if (binding.some(({ parts, shown, most }) => sumOf(parts) > most || (parts.at(-1)! < i && !looksLike(shown, sumOf(parts))))) return;
    if (i < inner.length) {
      for (const count of options[i]!) {
        counts[i] = count;
        attempt(i + 1);
      }
      counts[i] = 0;
      return;
    }
    const sums = totals.map(({ parts }) => sumOf(parts));
    if (rule.totals === 'own' && !totals.every(({ shown }, t) => looksLike(shown, sums[t]!))) return;
    [...counts, ...sums].forEach((count, cell) => {
      low[cell] = Math.min(low[cell]!, count);
      high[cell] = Math.max(high[cell]!, count);
    });
  };
  attempt(0);
  return { low, high };
}

/** Whether some table of whole counts looks the same and has a count of this range in this cell: a search that stops at the first. */
function isPossible(cell: number, range: CountRange, inner: (number | null)[], totals: { parts: number[]; shown: number | null }[], rule: DisclosureRule): boolean {
  const least = protectedRange(rule).low;
  const rangeOf = (shown: number | null) => (shown === null ? { low: least, high: 60 } : rangeOfShown(rule, shown));
  const ranges = inner.map((shown, i) => (i === cell ? range : rangeOf(shown)));
  const binding = rule.totals === 'sum' ? [] : totals.map(({ parts, shown }) => ({ parts, ...(shown === null ? { low: least, high: Infinity } : rangeOf(shown)) }));
  const attempt = (given: readonly CountRange[]): boolean => {
    const left = [...given];
    if (!narrow(left, binding)) return false;
    const open = left.findIndex(({ low, high }) => low < high);
    if (open === -1) return true;
    const { low, high } = left[open]!;
    for (let count = low; count <= high; count += 1) if (attempt(left.with(open, { low: count, high: count }))) return true;
    return false;
  };
  return attempt(ranges);
}

/** Narrows each cell to what the totals leave it, whatever the others are; false where they leave nothing. */
function narrow(ranges: CountRange[], totals: readonly { parts: number[]; low: number; high: number }[]): boolean {
  for (let changed = true; changed; ) {
    changed = false;
    for (const { parts, low, high } of totals) {
      const lows = parts.reduce((sum, part) => sum + ranges[part]!.low, 0);
      const highs = parts.reduce((sum, part) => sum + ranges[part]!.high, 0);
      if (lows > high || highs < low) return false;
      for (const part of parts) {
        const own = ranges[part]!;
        const next = { low: Math.max(own.low, low - (highs - own.high)), high: Math.min(own.high, high - (lows - own.low)) };
        if (next.low > next.high) return false;
        if (next.low === own.low && next.high === own.high) continue;
        ranges[part] = next;
        changed = true;
      }
    }
  }
  return true;
}

describe('protectTable against an attacker who tries every table', () => {
  const smallCount = fc.oneof(fc.nat(9), fc.nat(20));

  it('leaves every small count of a list with its total as open as the rule itself does', () => {
    fc.assert(
      fc.property(anyRule, fc.array(smallCount, { minLength: 1, maxLength: 4 }), (rule, counts) => {
        const rows = [...counts.map((n, i) => ({ area: `a${i}`, n })), { area: 'all', n: counts.reduce((sum, n) => sum + n, 0) }];
        const spec: DisclosureSpec = { counts: [{ column: 'n' }], dimensions: ['area'], totalRows: (row) => row.area === 'all' };
        check(tableOf(rows), spec, rule, [counts.map((_, i) => i)]);
      }),
      { numRuns: 150 },
    );
  });

  it('leaves every small count of a two-way table as open as the rule itself does', () => {
    fc.assert(
      fc.property(anyRule, fc.array(smallCount, { minLength: 4, maxLength: 4 }), (rule, [a, b, c, d]) => {
        const rows = [
          { r: 'x', c: 'p', n: a! },
          { r: 'x', c: 'q', n: b! },
          { r: 'y', c: 'p', n: c! },
          { r: 'y', c: 'q', n: d! },
          { r: 'x', c: null, n: a! + b! },
          { r: 'y', c: null, n: c! + d! },
          { r: null, c: 'p', n: a! + c! },
          { r: null, c: 'q', n: b! + d! },
          { r: null, c: null, n: a! + b! + c! + d! },
        ];
        const spec: DisclosureSpec = { counts: [{ column: 'n' }], dimensions: ['r', 'c'], totalRows: (row) => row.r === null || row.c === null };
        check(tableOf(rows), spec, rule, [[0, 1], [2, 3], [0, 2], [1, 3], [0, 1, 2, 3]]);
      }),
      { numRuns: 150 },
    );
  });

  it('leaves every small count of areas in wards in a council as open as the rule itself does', () => {
    fc.assert(
      fc.property(anyRule, fc.array(smallCount, { minLength: 4, maxLength: 4 }), fc.integer({ min: 1, max: 3 }), (rule, counts, cut) => {
        const { table, spec } = nestedTable([counts.slice(0, cut), counts.slice(cut)]);
        const all = [0, 1, 2, 3];
        check(table, spec, rule, [all.slice(0, cut), all.slice(cut), all]);
      }),
      { numRuns: 150 },
    );
  });

  it('leaves every small count of a table with three crossed dimensions as open as the rule itself does', () => {
    fc.assert(
      fc.property(anyRule, fc.array(smallCount, { minLength: 8, maxLength: 8 }), (rule, counts) => {
        const names = ['p', 'q'];
        const rows: Table['rows'] = counts.map((n, i) => ({ x: names[i & 1]!, y: names[(i >> 1) & 1]!, z: names[i >> 2]!, n }));
        const totals: number[][] = [];
        // Every margin: each dimension by its own value or by all.
        for (let margin = 0; margin < 27; margin += 1) {
          const wanted = [margin % 3, Math.floor(margin / 3) % 3, Math.floor(margin / 9)];
          if (!wanted.includes(2)) continue;
          const parts = counts.map((_, i) => i).filter((i) => wanted.every((value, d) => value === 2 || value === ((i >> d) & 1)));
          const [x, y, z] = wanted.map((value) => names[value] ?? null);
          rows.push({ x: x!, y: y!, z: z!, n: parts.reduce((sum, i) => sum + counts[i]!, 0) });
          totals.push(parts);
        }
        const spec: DisclosureSpec = { counts: [{ column: 'n' }], dimensions: ['x', 'y', 'z'], totalRows: (row) => row.x === null || row.y === null || row.z === null };
        const published = protectTable(tableOf(rows), rule, spec).table;
        const shown = published.rows.map((row) => row.n as number | null);
        const range = protectedRange(rule);
        counts.forEach((count, cell) => {
          if (!isTooSmall(rule, count)) return;
          expect(shown[cell]).toBeNull();
          const margins = totals.map((parts, t) => ({ parts, shown: shown[8 + t]! }));
          expect(isPossible(cell, { low: range.low, high: range.low }, shown.slice(0, 8), margins, rule)).toBe(true);
          expect(isPossible(cell, { low: range.high, high: range.high + 9 }, shown.slice(0, 8), margins, rule)).toBe(true);
        });
      }),
      { numRuns: 60 },
    );
  });

  function check(table: Table, spec: DisclosureSpec, rule: DisclosureRule, totals: number[][]): void {
    const published = protectTable(table, rule, spec).table;
    const shown = published.rows.map((row) => row.n as number | null);
    const inner = shown.slice(0, shown.length - totals.length);
    const { low, high } = bruteForce(inner, totals.map((parts, t) => ({ parts, shown: shown[inner.length + t]! })), rule);
    const range = protectedRange(rule);
    const audit = auditTable(table, published, rule, spec);
    expect(audit.revealed).toEqual([]);
    expect(auditTable(table, published, rule, spec, 'linear')).toEqual(audit);
    table.rows.forEach((row, i) => {
      if (!isTooSmall(rule, row.n as number)) return;
      expect(shown[i]).toBeNull();
      // A total of parts that are not 0 is at least their number times the least, by the rule alone.
      const certain = (totals[i - inner.length] ?? []).filter((part) => shown[part] !== 0).length * range.low;
      expect(low[i]).toBeLessThanOrEqual(Math.max(range.low, certain));
      expect(high[i]).toBeGreaterThanOrEqual(range.high);
    });
    for (const cell of audit.cells) {
      if (cell.high < Infinity) expect(cell.high).toBe(high[cell.row]);
      // Where totals are sums of what is shown, only the brute force knows that a hidden total is the sum of its hidden parts.
      if (rule.totals === 'own') expect(cell.low).toBe(low[cell.row]);
    }
  }
});

describe('protectTable', () => {
  it('hides nothing and only rounds where no count is small', () => {
    const large = fc.integer({ min: 8, max: 5000 });
    fc.assert(
      fc.property(fc.array(fc.array(fc.oneof(fc.constant(0), large), { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 8 }), fc.boolean(), (counts, totalRow) => {
        const { table, spec } = wideTable(counts, totalRow);
        const { table: published, suppressedCells } = protectTable(table, standard, spec);
        expect(suppressedCells).toBe(0);
        expect(published.suppressed).toEqual([]);
        published.rows.forEach((row, i) => {
          for (const { column } of spec.counts) {
            const shown = row[column] as number;
            expect(shown % 5).toBe(0);
            expect(Math.abs(shown - Number(table.rows[i]![column]))).toBeLessThanOrEqual(2);
          }
        });
      }),
    );
  });

  it('is safe by its own audit on wider tables of all rules', () => {
    const count = fc.oneof(fc.nat(12), fc.nat(200));
    fc.assert(
      fc.property(anyRule, fc.array(fc.array(count, { minLength: 4, maxLength: 4 }), { minLength: 2, maxLength: 9 }), fc.boolean(), (rule, counts, totalRow) => {
        const { table, spec } = wideTable(counts, totalRow);
        const { table: published, suppressedCells } = protectTable(table, rule, spec);
        const audit = auditTable(table, published, rule, spec);
        expect(audit.revealed).toEqual([]);
        expect(auditTable(table, published, rule, spec, 'linear')).toEqual(audit);
        expect(published.suppressed).toHaveLength(suppressedCells);
        published.rows.forEach((row, i) => {
          for (const { column } of spec.counts) expect(row[column] === null).toBe(published.suppressed.includes(`${i}:${column}`));
        });
      }),
      { numRuns: 200 },
    );
  });
});
