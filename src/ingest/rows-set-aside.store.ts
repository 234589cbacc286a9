// Rows in quarantine that are about one person, as they came: for whoever must tell the person all that is held. Every open row is looked at; which is
// theirs says person-traces.ts. The engine first leaves out rows in which neither a number nor a name of theirs stands.

import { openHomeDuck, type Home } from '../store/index.ts';
import type { Contract } from './contract.schema.ts';
import { listLoads, type Load } from './load-record.ts';
import { matchHeadings } from './match-headings.ts';
import { folded, openTies, type PersonTraces, type RawCell, type Tie } from './person-traces.ts';
import { openQuarantineSql } from './quarantine.sql.ts';
import { mayBeTracedSql } from './rows-set-aside.sql.ts';
import { quarantinedFiles, releasedFiles } from './row-stage.store.ts';

export interface RowSetAside {
  feed: string;
  load: string;
  line: number;
  file: string;
  loadedAt: string;
  by: Exclude<Tie, 'namesake'>;
  /** The key of its feed, where it could be read. */
  rowKey: string | null;
  /** In the order of the file; one alone, without a heading, where the line could not be split. */
  cells: (RawCell & { heading: string | null })[];
  /** Why it was set aside: a column, and what is wrong. Nothing of what the row says. */
  faults: { column: string | null; reason: string }[];
}

export interface RowsSetAside {
  /** In the order of feeds, loads and lines. */
  rows: RowSetAside[];
  /** Open rows that were looked at. */
  looked: number;
  /** Rows with the person's first and last name, and nothing else that ties them. */
  namesakes: number;
}

interface OpenRow {
  load_id: string;
  line: number;
  faults: { column_name: string | null; reason: string }[];
  raw: (string | null)[];
}

/** Of the loads made until a moment (milliseconds since the epoch). */
export async function findRowsSetAside(home: Home, contracts: readonly Contract[], { traces, until }: { traces: PersonTraces; until: number }): Promise<RowsSetAside> {
  const feeds = new Set(contracts.map(({ feed }) => feed));
  const loads = listLoads(home).filter(({ feed, loadedAt }) => feeds.has(feed) && Date.parse(loadedAt) <= until);
  const files = quarantinedFiles(loads);
  if (files.length === 0) return { rows: [], looked: 0, namesakes: 0 };
  const open = openQuarantineSql(files, releasedFiles(loads));
  const duck = await openHomeDuck(home, { memoryLimit: '256MB', threads: 1 });
  try {
    const { looked } = await duck.one<{ looked: number }>(`SELECT count(*) AS looked FROM (${open})`);
    const list = (texts: readonly string[]) => texts.map(folded).filter((text) => text.length > 1).join('\n');
    const numbers = [...traces.localIds.map(({ localId }) => localId), ...traces.nhsNumbers, ...traces.upns, ...traces.records.map(({ rowKey }) => rowKey)];
    const some = await duck.rows<OpenRow>(mayBeTracedSql(open), { numbers: list(numbers), forenames: list(traces.forenames), surnames: list(traces.surnames) });
    const tie = openTies(traces);
    const loadOf = new Map(loads.map((load) => [load.load, load]));
    const tied = some.flatMap((row): (Omit<RowSetAside, 'by'> & { by: Tie })[] => {
      const load = loadOf.get(row.load_id);
      const contract = contracts.find(({ feed }) => feed === load?.feed);
      if (!load || !contract) return [];
      const key = Array.isArray(contract.key) ? contract.key : [];
      const cells = cellsOf(row, load, contract);
      const by = tie({ feed: contract.feed, agency: contract.agency, key, cells });
      const parts = key.map((name) => cells.find(({ column }) => column === name)?.value.trim() ?? '');
      const faults = row.faults.map(({ column_name: column, reason }) => ({ column, reason }));
      return by ? [{ feed: contract.feed, load: load.load, line: row.line, file: load.file, loadedAt: load.loadedAt, by, rowKey: parts.some((part) => part !== '') ? parts.join('/') : null, cells, faults }] : [];
    });
    return { rows: tied.filter((row): row is RowSetAside => row.by !== 'namesake'), looked, namesakes: tied.filter(({ by }) => by === 'namesake').length };
  } finally {
    duck.close();
  }
}

function cellsOf({ faults, raw }: OpenRow, { headings, file }: Load, contract: Contract): RowSetAside['cells'] {
  if (faults[0]?.column_name === null) return [{ heading: null, value: raw[0] ?? '' }];
  const columns = columnsOf(contract, headings, file);
  return headings.map((heading, place) => ({ heading, column: columns[place]?.name, person: columns[place]?.person, value: raw[place] ?? '' }));
}

/** A contract may have changed since the load: then a heading may lead nowhere, and what stands under it is in no column. */
function columnsOf(contract: Contract, headings: readonly string[], file: string) {
  try {
    return matchHeadings({ ...contract, columns: contract.columns.map((column) => ({ ...column, optional: true })) }, headings, file).columns.map(({ column }) => column);
  } catch {
    return [];
  }
}
