// What adds up to what, and what follows from it for tables that are less tidy than textbooks'.
import { describe, expect, it } from 'vitest';
import type { Table } from '../core/index.ts';
import { auditTable, dimensionsOf, protectTable, readDisclosureRule, type DisclosureSpec } from './index.ts';
import { listCells } from './disclosure-cells.ts';

const standard = readDisclosureRule(undefined).value;
const plain = readDisclosureRule(undefined, 'local-authority-under-5').value;

function table(rows: Table['rows'], formats: Record<string, Table['columns'][number]['format']> = {}): Table {
  const names = Object.keys(rows[0] ?? {});
  return {
    id: 'test',
    title: 'Test',
    columns: names.map((name) => ({ name, label: name, format: formats[name] ?? (typeof rows[0]![name] === 'number' ? 'count' : 'text') })),
    rows,
    suppressed: [],
  };
}

const list = (counts: Record<string, number>): Table => table(Object.entries(counts).map(([area, n]) => ({ area, n })));
const listSpec: DisclosureSpec = { counts: [{ column: 'n' }], dimensions: ['area'], totalRows: (row) => row.area === 'all' };
const shownOf = (published: Table) => Object.fromEntries(published.rows.map((row) => [row.area, row.n]));

describe('totals', () => {
  it('hide a second count of a list where one alone could be worked out', () => {
    const { table: published } = protectTable(list({ a: 3, b: 30, c: 200, all: 233 }), plain, listSpec);
    expect(shownOf(published)).toEqual({ a: null, b: null, c: 200, all: 233 });
  });

  it('are left alone where the rule does without further protection', () => {
    const { table: published } = protectTable(list({ a: 3, b: 30, c: 200, all: 233 }), { ...plain, secondary: false }, listSpec);
    expect(shownOf(published)).toEqual({ a: null, b: 30, c: 200, all: 233 });
  });

  it('need no second count where rounding hides enough', () => {
    const { table: published } = protectTable(list({ a: 3, b: 30, c: 200, d: 91, all: 324 }), standard, listSpec);
    expect(shownOf(published)).toEqual({ a: null, b: 30, c: 200, d: 90, all: 325 });
  });

  it('protect those whom no part counts: 3 people with no known area', () => {
    const source = list({ a: 40, b: 30, all: 73 });
    const { table: published } = protectTable(source, plain, listSpec);
    expect(published.suppressed).toHaveLength(1);
    expect(protectTable(list({ a: 40, b: 30, all: 100 }), plain, listSpec).suppressedCells).toBe(0);
  });

  it('may be less than the sum of parts that overlap, such as people counted in two areas', () => {
    const source = list({ a: 3, b: 30, c: 20, all: 50 });
    const system = listCells(source, plain, listSpec);
    expect(system.equations[0]).toMatchObject({ total: 3, gap: { sign: -1, size: 3 } });
    const { table: published } = protectTable(source, plain, listSpec);
    expect(auditTable(source, published, plain, listSpec).revealed).toEqual([]);
  });

  it('that are shown in another table bind as well, and cannot be hidden', () => {
    const source = list({ a: 3, b: 30, c: 200 });
    const free = protectTable(source, plain, { ...listSpec, totalRows: undefined });
    expect(shownOf(free.table)).toEqual({ a: null, b: 30, c: 200 });
    const bound: DisclosureSpec = { ...listSpec, elsewhere: [{ area: null, n: 233 }] };
    const { table: published } = protectTable(source, plain, bound);
    expect(published.rows).toHaveLength(3);
    expect(shownOf(published)).toEqual({ a: null, b: null, c: 200 });
    expect(auditTable(source, published, plain, bound).revealed).toEqual([]);
    expect(auditTable(source, free.table, plain, bound).revealed.map((cell) => [cell.low, cell.high])).toEqual([[3, 3]]);
  });

  it('know area in ward in council by their values alone', () => {
    const rows = [
      { area: 'a1', ward: 'w1', council: 'c', n: 2 },
      { area: 'a2', ward: 'w1', council: 'c', n: 60 },
      { area: 'a3', ward: 'w2', council: 'c', n: 30 },
      { area: 'a4', ward: 'w2', council: 'c', n: 70 },
      { area: 'All', ward: 'w1', council: 'c', n: 62 },
      { area: 'All', ward: 'w2', council: 'c', n: 100 },
      { area: 'All', ward: 'All', council: 'c', n: 162 },
    ];
    const spec: DisclosureSpec = { counts: [{ column: 'n' }], dimensions: ['area', 'ward', 'council'], totalRows: (row) => row.area === 'All' };
    const { equations } = listCells(table(rows), plain, spec);
    expect(equations.map(({ total, parts }) => [total, parts])).toEqual([[4, [0, 1]], [5, [2, 3]], [6, [0, 1, 2, 3]]]);
    const { table: published } = protectTable(table(rows), plain, spec);
    expect(published.rows.map((row) => row.n)).toEqual([null, null, 30, 70, 62, 100, 162]);
  });
});

describe('columns that add up', () => {
  const rows = [
    { area: 'a', children: 3, adults: 40, men: 20, women: 23, people: 43 },
    { area: 'b', children: 60, adults: 70, men: 65, women: 65, people: 130 },
  ];
  const counts = ['children', 'adults', 'men', 'women', 'people'].map((column) => ({ column }));
  const spec: DisclosureSpec = { counts, dimensions: ['area'], across: [['children', 'adults', 'people'], ['men', 'women', 'people']] };

  it('protect a count in every way of adding up', () => {
    const { table: published } = protectTable(table(rows), plain, spec);
    expect(published.rows[0]).toEqual({ area: 'a', children: null, adults: null, men: 20, women: 23, people: 43 });
    expect(published.rows[1]).toEqual(rows[1]);
    // A table with only the total hidden would still give it back through men and women.
    const naive = { ...table(rows), rows: [{ ...rows[0]!, children: null, people: null }, rows[1]!], suppressed: ['0:children', '0:people'] };
    expect(auditTable(table(rows), naive, plain, spec).revealed.map((cell) => [cell.column, cell.low, cell.high])).toEqual([['children', 3, 3]]);
  });

  it('may be nested, and must be counts that do not go round in a circle', () => {
    const nested: DisclosureSpec = { ...spec, across: [['men', 'women', 'adults'], ['children', 'adults', 'people']] };
    const source = table([{ area: 'a', children: 3, adults: 40, men: 20, women: 20, people: 43 }]);
    const { equations, cells } = listCells(source, plain, nested);
    expect(equations.map(({ total, parts }) => [cells[total!]!.column, parts.map((part) => cells[part]!.column)])).toEqual([
      ['adults', ['men', 'women']],
      ['people', ['children', 'men', 'women']],
    ]);
    expect(() => listCells(source, plain, { ...spec, across: [['boys', 'people']] })).toThrow('boys');
    expect(() => listCells(source, plain, { ...spec, across: [['men', 'people'], ['people', 'men']] })).toThrow('circle');
  });
});

describe('figures made from counts', () => {
  const rows = [
    { area: 'a', n: 4, of: 100, mean: 2.5, share: 0.04 },
    { area: 'b', n: 23, of: 6, mean: 3.1, share: 0.5 },
    { area: 'c', n: 58, of: 203, mean: 3.3, share: 0.2857 },
    { area: 'd', n: 0, of: 91, mean: null, share: 0 },
  ];
  const share = { column: 'share', from: (row: Table['rows'][number]) => Number(row.n) / Number(row.of) };
  const spec: DisclosureSpec = { counts: [{ column: 'n', dependents: ['mean', share] }, { column: 'of', dependents: [share] }], dimensions: ['area'] };
  const source = table(rows, { mean: 'decimal', share: 'share' });
  const { table: published, suppressedCells } = protectTable(source, standard, spec);

  it('vanish with any count they are made from, and are otherwise made again from what is shown', () => {
    expect(published.rows).toEqual([
      { area: 'a', n: null, of: 100, mean: null, share: null },
      { area: 'b', n: 25, of: null, mean: 3.1, share: null },
      { area: 'c', n: 60, of: 205, mean: 3.3, share: 60 / 205 },
      { area: 'd', n: 0, of: 90, mean: null, share: 0 },
    ]);
  });

  it('are listed among the hidden cells, and the table given is left as it was', () => {
    expect(published.suppressed.toSorted()).toEqual(['0:mean', '0:n', '0:share', '1:of', '1:share']);
    expect(suppressedCells).toBe(5);
    expect(source.rows).toEqual(rows);
    expect(source.suppressed).toEqual([]);
  });
});

describe('the order of rows', () => {
  it('tells nothing of hidden counts once sorted by what is shown', () => {
    const source = list({ w: 90, z: 7, b: 11, a: 12, y: 2, x: 1 });
    const spec: DisclosureSpec = { counts: [{ column: 'n' }], dimensions: ['area'], sortedBy: { column: 'n' } };
    const { table: published } = protectTable(source, standard, spec);
    expect(published.rows.map((row) => row.area)).toEqual(['w', 'a', 'b', 'x', 'y', 'z']);
    expect(published.suppressed).toEqual(['3:n', '4:n', '5:n']);
    expect(auditTable(source, published, standard, spec).cells.map((cell) => [cell.row, cell.count])).toEqual([[1, 7], [4, 2], [5, 1]]);
    const rising = protectTable(source, standard, { ...spec, sortedBy: { column: 'n', descending: false } });
    expect(rising.table.rows.map((row) => row.area)).toEqual(['a', 'b', 'w', 'x', 'y', 'z']);
  });
});

describe('a spec', () => {
  it('takes every column without figures as a dimension unless told otherwise', () => {
    const source = table([{ area: 'a', month: '2025-01', n: 3, rate: 1 }], { month: 'month', rate: 'decimal' });
    expect(dimensionsOf(source, { counts: [{ column: 'n', dependents: ['rate'] }] })).toEqual(['area', 'month']);
  });

  it('refuses what is not a count, and columns that are not there', () => {
    expect(() => protectTable(list({ a: -1 }), standard, listSpec)).toThrow('not a count');
    expect(() => protectTable(list({ a: 1.5 }), standard, listSpec)).toThrow('not a count');
    expect(() => protectTable(list({ a: 1 }), standard, { counts: [{ column: 'm' }] })).toThrow('no column m');
    expect(() => protectTable(list({ a: 1 }), standard, { ...listSpec, sortedBy: { column: 'x' } })).toThrow('no column x');
  });

  it('leaves cells that do not apply alone, and takes an empty table', () => {
    const source = table([{ area: 'a', n: 9 }, { area: 'b', n: null }]);
    const { table: published } = protectTable(source, standard, listSpec);
    expect(published.rows).toEqual([{ area: 'a', n: 10 }, { area: 'b', n: null }]);
    expect(published.suppressed).toEqual([]);
    const empty: Table = { ...source, rows: [] };
    expect(protectTable(empty, standard, listSpec)).toEqual({ table: empty, suppressedCells: 0 });
  });
});
