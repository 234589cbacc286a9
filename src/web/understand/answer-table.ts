// Shapes a table of an answer for the page: written cells, marks where disclosure control took a value away, and a link on each
// heading that sorts the whole table without script. Long tables show their first rows, with a link to the rest.

import type { CellValue, Column, Table } from '../../core/index.ts';
import { writeCell } from '../charts/number-words.ts';
import { writeAddress, type QuestionAddress } from './question-address.ts';

export const rowsShown = 30;

/** Words longer than this need room to stand on a few lines. */
const longText = 30;

export interface TableCell {
  text: string;
  numeric: boolean;
  /** Dates and months stay on one line. */
  whole: boolean;
  /** Needs a wider column. */
  long: boolean;
  suppressed: boolean;
  empty: boolean;
  /** The page with this area alone. */
  href?: string;
  /** For sorting by script; suppressed and empty sort last as -1. */
  sortValue: string | number;
}

export interface TableHeading {
  name: string;
  label: string;
  numeric: boolean;
  sort: 'ascending' | 'descending' | 'none';
  href: string;
}

export interface TableView {
  id: string;
  title: string;
  note?: string;
  headings: TableHeading[];
  rows: TableCell[][];
  /** Rows for all together, which stay at the foot however the rest is sorted. */
  totals: TableCell[][];
  total: number;
  /** Present where rows are left out. */
  allHref?: string;
  fewHref?: string;
  /** All rows are on the page, so a script may sort them. */
  complete: boolean;
  hasSuppressed: boolean;
  csvHref: string;
  metadataHref: string;
}

interface Row {
  values: Record<string, CellValue>;
  suppressed: Set<string>;
}

/** @param most rows shown until all are asked for; a few more are shown rather than left out */
export function presentTable(table: Table, address: QuestionAddress, most = rowsShown): TableView {
  const sort = readSort(address.view.sort, table);
  const rows = sortRows(gather(table).filter((row) => !isTotal(row, table)), sort);
  const asked = (address.view.rows ?? '').split(',');
  const short = rows.length <= most + 10;
  const all = asked.includes(table.id) || short;
  const shown = all ? rows : rows.slice(0, most);
  const stay = { hash: table.id };
  return {
    id: table.id,
    title: table.title,
    ...(table.note ? { note: table.note } : {}),
    headings: table.columns.map((column, index) => heading(column, { table, sort, address, before: table.columns[index - 1] })),
    rows: shown.map((row) => table.columns.map((column) => cell(row, column, address))),
    totals: gather(table).filter((row) => isTotal(row, table)).map((row) => table.columns.map((column) => cell(row, column, address))),
    total: rows.length,
    ...(all ? {} : { allHref: writeAddress(address, { ...stay, view: { rows: [...asked.filter(Boolean), table.id].join(',') } }) }),
    ...(all && !short ? { fewHref: writeAddress(address, { ...stay, view: { rows: asked.filter((id) => id !== table.id).join(',') } }) } : {}),
    complete: all,
    hasSuppressed: table.suppressed.length > 0,
    csvHref: writeAddress(address, { path: `${address.path}.csv`, options: { table: table.id }, view: { rows: undefined } }),
    metadataHref: writeAddress(address, { path: `${address.path}.csv-metadata.json`, options: { table: table.id }, view: { rows: undefined } }),
  };
}

/** The table's rows in the order that the address asks for, for the page and the download alike. */
export function sortedRows(table: Table, sort: string | undefined): Row[] {
  const rows = gather(table);
  return [...sortRows(rows.filter((row) => !isTotal(row, table)), readSort(sort, table)), ...rows.filter((row) => isTotal(row, table))];
}

/** The row of all together: marked by the code "all", or by its name. */
function isTotal({ values }: Row, table: Table): boolean {
  return values.code === 'all' || (values.code === undefined && values[table.columns[0]?.name ?? ''] === 'All');
}

interface Sort {
  column: string;
  down: boolean;
}

function readSort(text: string | undefined, table: Table): Sort | undefined {
  const [id, column, direction] = (text ?? '').split('.');
  return id === table.id && table.columns.some((item) => item.name === column) ? { column: column!, down: direction === 'desc' } : undefined;
}

function gather(table: Table): Row[] {
  const marks = new Map<number, Set<string>>();
  for (const mark of table.suppressed) {
    const split = mark.indexOf(':');
    const index = Number(mark.slice(0, split));
    marks.set(index, (marks.get(index) ?? new Set()).add(mark.slice(split + 1)));
  }
  return table.rows.map((values, index) => ({ values, suppressed: marks.get(index) ?? new Set() }));
}

function sortRows(rows: Row[], sort: Sort | undefined): Row[] {
  if (!sort) return rows;
  const { column, down } = sort;
  return rows.toSorted((a, b) => {
    const [first, second] = [a.values[column] ?? null, b.values[column] ?? null];
    if (first === null || second === null) return first === second ? 0 : first === null ? 1 : -1;
    const order = typeof first === 'number' && typeof second === 'number' ? first - second : String(first).localeCompare(String(second), 'en-GB', { numeric: true });
    return down ? -order : order;
  });
}

interface HeadingPlace {
  table: Table;
  sort: Sort | undefined;
  address: QuestionAddress;
  /** The column to the left: a unit is said once for those that share it. */
  before: Column | undefined;
}

function heading(column: Column, { table, sort, address, before }: HeadingPlace): TableHeading {
  const numeric = isNumeric(column);
  const active = sort?.column === column.name;
  const down = active ? !sort.down : numeric;
  return {
    name: column.name,
    label: column.unit && column.unit !== before?.unit ? `${column.label} (${column.unit})` : column.label,
    numeric,
    sort: active ? (sort.down ? 'descending' : 'ascending') : 'none',
    href: writeAddress(address, { view: { sort: `${table.id}.${column.name}.${down ? 'desc' : 'asc'}` }, hash: table.id }),
  };
}

function cell({ values, suppressed }: Row, column: Column, address: QuestionAddress): TableCell {
  const value = values[column.name] ?? null;
  const hidden = suppressed.has(column.name);
  const numeric = isNumeric(column);
  const text = hidden ? '[c]' : writeCell(value, column.format);
  return {
    text,
    numeric,
    long: !numeric && text.length > longText,
    whole: column.format === 'date' || column.format === 'month',
    suppressed: hidden,
    empty: !hidden && value === null,
    ...areaAlone(values, column, address),
    sortValue: value ?? (numeric ? -1 : ''),
  };
}

/** An area's name leads to the page with that area alone. */
function areaAlone(values: Row['values'], column: Column, address: QuestionAddress): { href: string } | undefined {
  const code = values.area_code;
  if (column.name !== 'area_name' || typeof code !== 'string' || address.filters.area.includes(code)) return undefined;
  return { href: writeAddress(address, { filters: { area: [code] }, view: { rows: undefined } }) };
}

function isNumeric({ format }: Column): boolean {
  return format === 'count' || format === 'decimal' || format === 'share';
}
