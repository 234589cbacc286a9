// The accepted rows behind records, by lineage: from load and line to every column of the feed, as the agency sent it. Read one by one, so that
// whoever shows a row knows for each value of which feed and column it is.

import { openHomeDuck, readParquetSql, id, text, type Duck, type Home } from '../store/index.ts';
import type { Contract, ContractColumn } from './contract.schema.ts';
import { acceptedPath, listLoads, type Load } from './load-record.ts';
import { dayOnlyName } from './stage-rows.sql.ts';

export interface RowPlace {
  /** FEED/NNNNNN-SHA12. */
  load: string;
  line: number;
}

export interface LoadedRow extends RowPlace {
  feed: string;
  /** The row keeps it in every load and every snapshot. */
  rowKey: string;
  file: string;
  loadedAt: string;
  /** By column of the contract: dates as 2026-11-24, times as 2026-11-24 09:05:00 in Britain, lists with "; " between. */
  values: Record<string, string | null>;
}

/** The rows at these places, in no order; those that are no longer there are left out. */
export async function readLoadedRows(home: Home, contracts: readonly Contract[], places: readonly RowPlace[]): Promise<LoadedRow[]> {
  if (places.length === 0) return [];
  const duck = await openHomeDuck(home, { memoryLimit: '256MB', threads: 1 });
  try {
    const rows: LoadedRow[] = [];
    for (const [feed, some] of Map.groupBy(places, ({ load }) => load.split('/', 1)[0]!)) {
      const contract = contracts.find((each) => each.feed === feed);
      if (contract) rows.push(...(await rowsOfFeed(duck, contract, listLoads(home, feed), some)));
    }
    return rows;
  } finally {
    duck.close();
  }
}

/** Every state that a row has had in the loads of its feed, oldest first. */
export async function readRowStates(home: Home, contracts: readonly Contract[], { feed, rowKey }: Pick<LoadedRow, 'feed' | 'rowKey'>): Promise<LoadedRow[]> {
  const contract = contracts.find((each) => each.feed === feed);
  if (!contract) return [];
  const loads = listLoads(home, feed);
  const duck = await openHomeDuck(home, { memoryLimit: '256MB', threads: 1 });
  try {
    const places: RowPlace[] = [];
    for (const load of loads) {
      const lines = await duck.rows<{ line: number }>(`SELECT line FROM ${readParquetSql(acceptedPath(load))} WHERE row_key = $key`, { key: rowKey });
      places.push(...lines.map(({ line }) => ({ load: load.load, line })));
    }
    // Rows tried again stand where their file stood.
    const sequences = new Map(loads.map((load) => [load.load, load.sequence]));
    const orders = new Map(loads.map((load) => [load.load, sequences.get(load.retryOf ?? load.load) ?? load.sequence]));
    return (await rowsOfFeed(duck, contract, loads, places)).toSorted((a, b) => orders.get(a.load)! - orders.get(b.load)! || a.line - b.line);
  } finally {
    duck.close();
  }
}

async function rowsOfFeed(duck: Duck, contract: Contract, loads: readonly Load[], places: readonly RowPlace[]): Promise<LoadedRow[]> {
  const rows: LoadedRow[] = [];
  for (const [name, some] of Map.groupBy(places, ({ load }) => load)) {
    const load = loads.find((each) => each.load === name);
    if (!load) continue;
    const relation = readParquetSql(acceptedPath(load));
    const present = new Set((await duck.rows<{ column_name: string }>(`DESCRIBE SELECT * FROM ${relation}`)).map(({ column_name }) => column_name));
    const columns = contract.columns.filter((column) => present.has(column.name));
    const lines = [...new Set(some.map(({ line }) => line))];
    const found = await duck.rows<{ line: number; row_key: string; cells: (string | null)[] }>(rowsSql(relation, columns, present), { lines: lines.join(',') });
    for (const { line, row_key: rowKey, cells } of found) {
      const values = Object.fromEntries(contract.columns.map(({ name: column }) => [column, null as string | null]));
      for (const [place, column] of columns.entries()) values[column.name] = cells[place] ?? null;
      rows.push({ load: name, line, feed: contract.feed, rowKey, file: load.file, loadedAt: load.loadedAt, values });
    }
  }
  return rows;
}

/** Rows {line, row_key, cells} of the lines in $lines, whole numbers with commas between. */
function rowsSql(relation: string, columns: readonly ContractColumn[], present: ReadonlySet<string>): string {
  const cells = columns.map((column) => `nullif(${cellSql(column, present)}, '')`).join(', ');
  return `SELECT line, row_key, [${cells === '' ? text('') : cells}] AS cells FROM ${relation} WHERE line IN (SELECT CAST(unnest(string_split($lines, ',')) AS BIGINT))`;
}

function cellSql({ name, type }: ContractColumn, present: ReadonlySet<string>): string {
  const value = id(name);
  if (type === 'list') return `array_to_string(CAST(${value} AS VARCHAR[]), '; ')`;
  const dayOnly = dayOnlyName(name);
  if (type === 'datetime' && present.has(dayOnly)) return `CASE WHEN ${id(dayOnly)} THEN strftime(${value}, '%Y-%m-%d') ELSE CAST(${value} AS VARCHAR) END`;
  return `CAST(${value} AS VARCHAR)`;
}
