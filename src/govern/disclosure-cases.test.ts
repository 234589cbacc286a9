// Published examples with known answers. Each names its source.
import { describe, expect, it } from 'vitest';
import type { Table } from '../core/index.ts';
import { auditDifference, auditTable, protectTable, readDisclosureRule, roundCount, type DisclosureRule, type DisclosureSpec } from './index.ts';

const rule = (name?: string): DisclosureRule => readDisclosureRule(undefined, name).value;

/** A table of counts crossed by two dimensions, with totals. */
function crossTable(rowNames: string[], columnNames: string[], counts: number[][]): Table {
  const rows: Table['rows'] = [];
  const total = (list: number[]) => list.reduce((sum, count) => sum + count, 0);
  rowNames.forEach((r, i) => columnNames.forEach((c, j) => rows.push({ r, c, n: counts[i]![j]! })));
  rowNames.forEach((r, i) => rows.push({ r, c: 'total', n: total(counts[i]!) }));
  columnNames.forEach((c, j) => rows.push({ r: 'total', c, n: total(counts.map((row) => row[j]!)) }));
  rows.push({ r: 'total', c: 'total', n: total(counts.flat()) });
  return {
    id: 'cross',
    title: 'Cross',
    columns: [
      { name: 'r', label: 'Row', format: 'text' },
      { name: 'c', label: 'Column', format: 'text' },
      { name: 'n', label: 'Count', format: 'count' },
    ],
    rows,
    suppressed: [],
  };
}

const crossSpec: DisclosureSpec = { counts: [{ column: 'n' }], dimensions: ['r', 'c'], totalRows: (row) => row.r === 'total' || row.c === 'total' };

function hide(table: Table, names: string[]): Table {
  const rows = table.rows.map((row) => (names.includes(`${row.r}/${row.c}`) ? { ...row, n: null } : row));
  return { ...table, rows, suppressed: rows.flatMap((row, i) => (row.n === null ? [`${i}:n`] : [])) };
}

const hiddenNames = (table: Table) => table.rows.filter((row) => row.n === null).map((row) => `${row.r}/${row.c}`);

describe('the table that looks safe but is not (sdcTable, tests/testthat/test-simpleheuristic.R)', () => {
  const table = crossTable(['w', 'x', 'y', 'z'], ['a', 'b', 'c', 'd'], [
    [30, 47, 64, 89],
    [90, 124, 5, 31],
    [92, 100, 59, 85],
    [800, 991, 651, 685],
  ]);
  const suppressed = ['w/a', 'w/b', 'w/c', 'x/a', 'x/c', 'y/b', 'y/d', 'z/b', 'z/d'];
  // Nothing is rounded, and a reader knows only that no count is below 0, as in sdcTable's attack().
  const plain: DisclosureRule = { ...rule('local-authority-under-5'), showZero: false };

  it('hides two or more cells in every row and column, and yet w/b can be told exactly: 47', () => {
    const published = hide(table, suppressed);
    const { cells } = auditTable(table, published, plain, crossSpec);
    const exact = cells.filter((cell) => cell.exact).map((cell) => [`${table.rows[cell.row]!.r}/${table.rows[cell.row]!.c}`, cell.low, cell.high]);
    expect(exact).toEqual([['w/b', 47, 47]]);
    expect(cells).toHaveLength(9);
  });

  it('is safe once x/b is hidden too: w/b may then be anything from 0 to 141', () => {
    const published = hide(table, [...suppressed, 'x/b']);
    const { cells } = auditTable(table, published, plain, crossSpec);
    expect(cells.filter((cell) => cell.exact)).toEqual([]);
    const cell = cells.find(({ row }) => table.rows[row]!.r === 'w' && table.rows[row]!.c === 'b')!;
    expect([cell.low, cell.high]).toEqual([0, 141]);
  });

  it('is protected by this engine when only the small count x/c is hidden at first', () => {
    const small: DisclosureRule = { ...rule('local-authority-under-5'), lowMax: 5 };
    const { table: published } = protectTable(table, small, crossSpec);
    expect(hiddenNames(published)).toContain('x/c');
    expect(hiddenNames(published)).toHaveLength(4);
    expect(auditTable(table, published, small, crossSpec).revealed).toEqual([]);
  });
});

describe('redaction, then rounding (OpenSAFELY documentation, docs/outputs/sdc.md)', () => {
  const ages = ['21-30', '31-40', '41-50', '51+'];
  const table: Table = {
    id: 'heart',
    title: 'Heart disease',
    columns: [
      { name: 'age', label: 'Age band', format: 'text' },
      { name: 'disease', label: 'Heart disease', format: 'count' },
      { name: 'population', label: 'Population', format: 'count' },
      { name: 'share', label: 'Share', format: 'share' },
    ],
    rows: [[3, 18], [8, 23], [16, 31], [23, 44], [50, 116]].map(([disease, population], i) => ({
      age: ages[i] ?? 'Total',
      disease: disease!,
      population: population!,
      share: disease! / population!,
    })),
    suppressed: [],
  };
  const share = { column: 'share', from: (row: Table['rows'][number]) => Number(row.disease) / Number(row.population) };
  const spec: DisclosureSpec = {
    counts: [{ column: 'disease', dependents: [share] }, { column: 'population', dependents: [share] }],
    dimensions: ['age'],
    totalRows: (row) => row.age === 'Total',
  };

  it('gives the published table, its totals the sums of the rounded counts', () => {
    const { table: published, suppressedCells } = protectTable(table, rule('opensafely'), spec);
    expect(published.rows.map((row) => [row.age, row.disease, row.population])).toEqual([
      ['21-30', null, 20],
      ['31-40', 10, 25],
      ['41-50', 15, 30],
      ['51+', 25, 45],
      ['Total', 50, 120],
    ]);
    expect(published.suppressed).toEqual(['0:disease', '0:share']);
    expect(suppressedCells).toBe(2);
    expect(auditTable(table, published, rule('opensafely'), spec).revealed).toEqual([]);
  });

  it('makes shares again from the rounded counts', () => {
    const { table: published } = protectTable(table, rule('opensafely'), spec);
    expect(published.rows.map((row) => row.share)).toEqual([null, 10 / 25, 15 / 30, 25 / 45, 50 / 120]);
  });
});

describe('differencing (OpenSAFELY documentation, docs/outputs/sdc.md)', () => {
  const ages = ['21-30', '31-40', '41-50', '51+'];
  const population = (id: string, counts: [number, number][]): Table => ({
    id,
    title: id,
    columns: [
      { name: 'age', label: 'Age band', format: 'text' },
      { name: 'disease', label: 'Heart disease', format: 'count' },
      { name: 'people', label: 'Population', format: 'count' },
    ],
    rows: counts.map(([disease, people], i) => ({ age: ages[i]!, disease, people })),
    suppressed: [],
  });
  const everyone = population('everyone', [[8, 20], [10, 25], [15, 30], [25, 40]]);
  const males = population('males', [[7, 19], [5, 15], [8, 18], [13, 25]]);
  const spec: DisclosureSpec = { counts: [{ column: 'disease' }, { column: 'people' }], dimensions: ['age'] };

  it('finds that there is one woman of 21 to 30, and that she has the disease', () => {
    const found = auditDifference(everyone, males, { ...rule(), roundBase: 1 }, spec);
    const women = found.filter((cell) => everyone.rows[cell.rowA]!.age === '21-30');
    expect(women.map(({ column, low, high, exact }) => [column, low, high, exact])).toEqual([
      ['disease', 1, 1, true],
      ['people', 1, 1, true],
    ]);
    // The other numbers of women with the disease are 5, 7 and 12: the first two are small as well.
    expect(found.map(({ rowA, column, low }) => [rowA, column, low])).toEqual([[0, 'disease', 1], [0, 'people', 1], [1, 'disease', 5], [2, 'disease', 7]]);
  });

  it('finds nothing once both tables are protected by the default rule', () => {
    const a = protectTable(everyone, rule(), spec).table;
    const b = protectTable(males, rule(), spec).table;
    expect(auditDifference(a, b, rule(), spec)).toEqual([]);
  });
});

describe('midpoint 6 rounding (OpenSAFELY documentation, docs/outputs/sdc.md)', () => {
  it('shows 0 as 0, 1 to 6 as 3, 7 to 12 as 9 and 13 to 18 as 15', () => {
    const shown = Array.from({ length: 19 }, (_, count) => roundCount(rule('midpoint-6'), count));
    expect(shown).toEqual([0, 3, 3, 3, 3, 3, 3, 9, 9, 9, 9, 9, 9, 15, 15, 15, 15, 15, 15]);
  });

  it('hides nothing', () => {
    const { table, suppressedCells } = protectTable(crossTable(['w', 'x'], ['a', 'b'], [[1, 7], [0, 14]]), rule('midpoint-6'), crossSpec);
    expect(suppressedCells).toBe(0);
    expect(table.rows.map((row) => row.n)).toEqual([3, 9, 0, 15, 12, 15, 3, 24, 27]);
  });
});

describe('Hospital Episode Statistics (NHS Digital, disclosure control methodology from September 2018)', () => {
  const counts: [string, number, number][] = [['England', 1003, 3.2], ['Bedford', 0, 0], ['Luton', 7, 2.5], ['Central Bedfordshire', 8, 4.1], ['Leicester', 988, 3.1]];
  const table: Table = {
    id: 'episodes',
    title: 'Episodes',
    columns: [
      { name: 'area', label: 'Area', format: 'text' },
      { name: 'episodes', label: 'Episodes', format: 'count' },
      { name: 'share', label: 'Share of England', format: 'share' },
      { name: 'days', label: 'Mean days', format: 'decimal' },
    ],
    rows: counts.map(([area, episodes, days]) => ({ area, episodes, share: episodes / 1003, days })),
    suppressed: [],
  };
  const spec: DisclosureSpec = {
    counts: [{ column: 'episodes', dependents: [{ column: 'share', from: (row) => Number(row.episodes) / 1003 }, 'days'] }],
    dimensions: ['area'],
    nationalRows: (row) => row.area === 'England',
  };
  const { table: published } = protectTable(table, rule('nhs-hes'), spec);

  it('leaves national counts, shows 0, hides 1 to 7 and rounds the rest to the nearest 5', () => {
    expect(published.rows.map((row) => row.episodes)).toEqual([1003, 0, null, 10, 990]);
  });

  it('makes percentages from rounded counts and hides means of 1 to 7 values', () => {
    expect(published.rows.map((row) => row.share)).toEqual([1003 / 1003, 0, null, 10 / 1003, 990 / 1003]);
    expect(published.rows.map((row) => row.days)).toEqual([3.2, 0, null, 4.1, 3.1]);
    expect(published.suppressed).toEqual(['2:episodes', '2:share', '2:days']);
  });
});

describe('one cell chosen to be hidden (sdcTable, tests/testthat/test-protectTable.r on its data set microdata1)', () => {
  // Counted from the 100 persons of data-raw/microdata1.R. sdcTable numbers the cells region by region: total, male, female.
  const table = crossTable(['A', 'B', 'C', 'D'], ['male', 'female'], [[18, 2], [14, 19], [12, 10], [11, 14]]);

  it('hides three more cells, the same as OPT, HYPERCUBE, HITAS and SIMPLEHEURISTIC: A male and both of C', () => {
    expect(table.rows.at(-1)!.n).toBe(100);
    const { table: published } = protectTable(table, rule('local-authority-under-5'), crossSpec);
    expect(hiddenNames(published)).toEqual(['A/male', 'A/female', 'C/male', 'C/female']);
    expect(auditTable(table, published, rule('local-authority-under-5'), crossSpec).revealed).toEqual([]);
  });

  it('hides one more cell, not three, where rounding to the nearest 5 protects as well', () => {
    const { table: published } = protectTable(table, rule(), crossSpec);
    const { cells, revealed } = auditTable(table, published, rule(), crossSpec);
    expect(revealed).toEqual([]);
    expect(hiddenNames(published)).toEqual(['A/male', 'A/female']);
    // A is shown as 20 (18 to 22) and all women as 45, the other women as 20, 10 and 15: rounding leaves 1 to 7 and more open.
    expect(cells.map(({ low, high }) => [low, high])).toEqual([[12, 21], [1, 8]]);
  });
});
