import { expect, it } from 'vitest';
import type { Table } from '../../core/index.ts';
import { presentTable, rowsShown, sortedRows } from './answer-table.ts';
import { readAddress } from './question-address.ts';

const table: Table = {
  id: 'by-demand',
  title: 'Demand by type',
  columns: [
    { name: 'demand', label: 'Demand', format: 'text' },
    { name: 'events', label: 'Events', format: 'count', unit: 'a year' },
  ],
  rows: [
    { demand: 'Crime', events: 1200 },
    { demand: 'Welfare', events: null },
    { demand: 'Absence', events: 90 },
    { demand: 'All', code: 'all', events: 1290 },
  ],
  suppressed: ['1:events'],
};
const at = (query: object) => readAddress('/understand/demand', query, ['measure']);
const long: Table = { ...table, rows: Array.from({ length: 100 }, (_, index) => ({ demand: `Type ${index}`, events: index })), suppressed: [] };

it('cells are written, suppressed ones marked, and the total stands apart', () => {
  const view = presentTable(table, at({}));
  expect(view.rows.map((row) => row.map((cell) => cell.text))).toEqual([['Crime', '1,200'], ['Welfare', '[c]'], ['Absence', '90']]);
  expect(view.totals.map((row) => row.map((cell) => cell.text))).toEqual([['All', '1,290']]);
  expect(view.rows[1]![1]).toMatchObject({ suppressed: true, empty: false, sortValue: -1 });
  expect(view.hasSuppressed).toBe(true);
  expect(view.headings[1]!.label).toBe('Events (a year)');
});

it('the address sorts the rows: suppressed last either way, the total always at the foot', () => {
  const names = (sort: string) => presentTable(table, at({ sort })).rows.map((row) => row[0]!.text);
  expect(names('by-demand.events.asc')).toEqual(['Absence', 'Crime', 'Welfare']);
  expect(names('by-demand.events.desc')).toEqual(['Crime', 'Absence', 'Welfare']);
  expect(names('by-demand.demand.asc')).toEqual(['Absence', 'Crime', 'Welfare']);
  expect(names('another.events.asc')).toEqual(['Crime', 'Welfare', 'Absence']);
  expect(names('by-demand.__proto__.asc')).toEqual(['Crime', 'Welfare', 'Absence']);
  expect(sortedRows(table, 'by-demand.events.asc').map((row) => row.values.demand)).toEqual(['Absence', 'Crime', 'Welfare', 'All']);
});

it('a suppressed mark follows its row when rows move', () => {
  const view = presentTable(table, at({ sort: 'by-demand.demand.desc' }));
  expect(view.rows.map((row) => [row[0]!.text, row[1]!.suppressed])).toEqual([['Welfare', true], ['Crime', false], ['Absence', false]]);
});

it('a heading links to its sorting and keeps every other choice', () => {
  const [first, second] = presentTable(table, at({ agency: 'police', measure: 'hours', sort: 'by-demand.events.desc' })).headings;
  expect(second).toMatchObject({ sort: 'descending', numeric: true });
  expect(second!.href).toBe('/understand/demand?agency=police&measure=hours&sort=by-demand.events.asc#by-demand');
  expect(first).toMatchObject({ sort: 'none', href: '/understand/demand?agency=police&measure=hours&sort=by-demand.demand.asc#by-demand' });
});

it('a long table shows its first rows, and the rest on request', () => {
  const short = presentTable(long, at({}));
  expect(short.rows).toHaveLength(rowsShown);
  expect(short).toMatchObject({ total: 100, complete: false, allHref: '/understand/demand?rows=by-demand#by-demand' });
  const all = presentTable(long, at({ rows: 'by-demand' }));
  expect(all.rows).toHaveLength(100);
  expect(all).toMatchObject({ complete: true, fewHref: '/understand/demand#by-demand' });
});

it('downloads carry filters, options and sorting', () => {
  const view = presentTable(table, at({ from: '2025-01', measure: 'hours', sort: 'by-demand.events.asc' }));
  expect(view.csvHref).toBe('/understand/demand.csv?from=2025-01&measure=hours&table=by-demand&sort=by-demand.events.asc');
  expect(view.metadataHref).toContain('/understand/demand.csv-metadata.json?from=2025-01');
});
