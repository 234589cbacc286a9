// From a record back to the file and line it came from, with every state that the row has had. Events and mentions are found in the loads;
// places, which many rows may mean, by the row that the served snapshot took them from.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Problem } from '../core/index.ts';
import { findCurrentManifest, openHomeDuck, readParquetSql, snapshotFolder, type Home } from '../store/index.ts';
import { acceptedPath, listLoads, type Load } from './load-record.ts';

export interface RowState {
  load: string;
  file: string;
  sha256: string;
  line: number;
  loadedAt: string;
  /** The row as it stands; the others were superseded. */
  current: boolean;
}

export interface Lineage {
  of: 'source-record' | 'place';
  /** Oldest first; none where no record has the id. */
  states: RowState[];
}

/** The states of an event, a mention or a place, such as "police-incident:INC1". */
export async function findLineage(home: Home, recordId: string): Promise<Lineage> {
  const states = await rowStates(home, recordId);
  return states.length > 0 ? { of: 'source-record', states } : { of: 'place', states: await placeStates(home, recordId) };
}

/** The states of a record, oldest first. A Problem where no record has this id. */
export async function rowLineage(home: Home, recordId: string): Promise<RowState[]> {
  const { states } = await findLineage(home, recordId);
  if (states.length === 0) throw noSuchRecord(recordId);
  return states;
}

export const noSuchRecord = (recordId: string): Problem =>
  new Problem('notFound', { what: `No record has the id "${recordId}"`, todo: 'Check the id: it is FEED:key for an event or a mention, such as police-incident:INC1, or a place’s id of the served snapshot.' });

async function rowStates(home: Home, recordId: string): Promise<RowState[]> {
  const colon = recordId.indexOf(':');
  const key = recordId.slice(colon + 1).replace(/#\d+$/, '');
  // A feed is a folder's name: anything else names none.
  const loads = /^[a-z0-9-]+:/.test(recordId) ? listLoads(home, recordId.slice(0, colon)) : [];
  if (loads.length === 0) return [];
  const orderOf = new Map(loads.map((load) => [load.load, load.sequence]));
  const rows = await look<{ filename: string; line: number }>(home, `SELECT filename, line FROM ${readParquetSql(loads.map(acceptedPath), { filename: true })} WHERE row_key = $id`, key);
  const found = rows.map(({ filename, line }) => {
    const load = loads.find((one) => acceptedPath(one) === filename)!;
    return { ...stateOf(load, line), order: orderOf.get(load.retryOf ?? load.load) ?? load.sequence };
  });
  const states = found.toSorted((a, b) => a.order - b.order || a.line - b.line);
  return states.map(({ order: _order, ...state }, i) => ({ ...state, current: i === states.length - 1 }));
}

async function placeStates(home: Home, placeId: string): Promise<RowState[]> {
  const manifest = findCurrentManifest(home);
  const path = manifest && join(snapshotFolder(home, manifest.id), 'identified', 'place.parquet');
  if (path === undefined || !existsSync(path)) return [];
  const rows = await look<{ load_id: string; line: number }>(home, `SELECT load_id, line FROM ${readParquetSql(path)} WHERE place_id = $id`, placeId);
  return rows.flatMap(({ load_id, line }) => {
    const load = listLoads(home, load_id.split('/')[0]).find((one) => one.load === load_id);
    return load ? [{ ...stateOf(load, line), current: true }] : [];
  });
}

const stateOf = ({ load, file, sha256, loadedAt }: Load, line: number): RowState => ({ load, file, sha256, line, loadedAt, current: false });

async function look<T>(home: Home, sql: string, wanted: string): Promise<T[]> {
  const duck = await openHomeDuck(home);
  try {
    return await duck.rows<T>(sql, { id: wanted });
  } finally {
    duck.close();
  }
}

/** One line for each state of a record. */
export function presentLineage(recordId: string, states: readonly RowState[]): string[] {
  const when = (iso: string) => `${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC`;
  return [
    states.length === 1 ? `${recordId} comes from:` : `${recordId} has had ${states.length} states, the oldest first:`,
    ...states.map(({ file, line, load, loadedAt, sha256, current }) => `  ${file}, line ${line.toLocaleString('en-GB')}: load ${load}, ${when(loadedAt)}, SHA-256 ${sha256.slice(0, 12)}…${current ? '' : ' (superseded)'}`),
  ];
}
