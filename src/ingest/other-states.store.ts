// Other states of rows than a snapshot has: what an agency sent before it sent the row again, and what it sent since the snapshot was built. Found by the
// keys of rows, and by numbers that say whose a row was, since its agency may since have said that it is somebody else's.

import { id, openHomeDuck, readParquetSql, text, type Duck, type Home } from '../store/index.ts';
import type { Contract } from './contract.schema.ts';
import { acceptedPath, listLoads, type Load } from './load-record.ts';
import { readLoadedRows, type LoadedRow, type RowPlace } from './loaded-rows.store.ts';
import type { PersonTraces } from './person-traces.ts';

export interface OtherState extends LoadedRow {
  /** By the key of a record that is theirs, or by a number of theirs alone. */
  by: 'record' | 'number';
}

/** Of the loads made until a moment (milliseconds since the epoch), in the order of feeds, loads and lines. */
export async function readOtherStates(home: Home, contracts: readonly Contract[], { traces, known, until }: { traces: PersonTraces; /** Rows of the snapshot. */ known: readonly RowPlace[]; until: number }): Promise<OtherState[]> {
  const there = new Set(known.map(nameOf));
  const duck = await openHomeDuck(home, { memoryLimit: '256MB', threads: 1 });
  const found: (RowPlace & { by: OtherState['by'] })[] = [];
  try {
    for (const contract of contracts) {
      const keys = traces.records.filter(({ feed }) => feed === contract.feed).map(({ rowKey }) => rowKey);
      const numbers = numbersOf(contract, traces);
      if (keys.length === 0 && numbers.length === 0) continue;
      for (const load of listLoads(home, contract.feed).filter(({ loadedAt, accepted }) => accepted > 0 && Date.parse(loadedAt) <= until)) {
        found.push(...(await placesIn(duck, load, { keys, numbers })).filter((place) => !there.has(nameOf(place))));
      }
    }
  } finally {
    duck.close();
  }
  const byOf = new Map(found.map((place) => [nameOf(place), place.by]));
  const rows = await readLoadedRows(home, contracts, found);
  return rows.map((row): OtherState => ({ ...row, by: byOf.get(nameOf(row))! })).toSorted((a, b) => (a.load < b.load ? -1 : a.load > b.load ? 1 : a.line - b.line));
}

const nameOf = ({ load, line }: RowPlace): string => `${load} ${line}`;

interface ColumnNumbers {
  column: string;
  values: readonly string[];
}

function numbersOf({ agency, columns }: Contract, { localIds, nhsNumbers, upns }: PersonTraces): ColumnNumbers[] {
  const values: Record<string, readonly string[]> = { local_id: localIds.filter((each) => each.agency === agency).map(({ localId }) => localId), nhs_number: nhsNumbers, upn: upns };
  return columns.flatMap(({ name, person }) => (person !== undefined && (values[person] ?? []).length > 0 ? [{ column: name, values: values[person]! }] : []));
}

async function placesIn(duck: Duck, load: Load, { keys, numbers }: { keys: readonly string[]; numbers: readonly ColumnNumbers[] }): Promise<(RowPlace & { by: OtherState['by'] })[]> {
  const relation = readParquetSql(acceptedPath(load));
  const present = new Set((await duck.rows<{ column_name: string }>(`DESCRIBE SELECT * FROM ${relation}`)).map(({ column_name }) => column_name));
  const oneOf = (column: string, values: readonly string[]) => `coalesce(CAST(${id(column)} AS VARCHAR) IN (${values.map(text).join(', ')}), false)`;
  const byKey = keys.length === 0 ? 'false' : oneOf('row_key', keys);
  const byNumber = numbers.filter(({ column }) => present.has(column)).map(({ column, values }) => oneOf(column, values));
  const rows = await duck.rows<{ line: number; by_key: boolean }>(`SELECT line, ${byKey} AS by_key FROM ${relation} WHERE ${[byKey, ...byNumber].join(' OR ')}`);
  return rows.map(({ line, by_key }) => ({ load: load.load, line, by: by_key ? 'record' : 'number' }));
}
