// What is in quarantine: counts by feed, column and reason, the commonest first, each with one example.

import { Problem } from '../core/index.ts';
import { openHomeDuck, type Home } from '../store/index.ts';
import { getFeed } from './contract.ts';
import type { Contract } from './contract.schema.ts';
import { createAdviser } from './fault-advice.ts';
import { listLoads } from './load-record.ts';
import { openQuarantineSql, quarantineCountsSql } from './quarantine.sql.ts';
import { quarantinedFiles, releasedFiles } from './row-stage.store.ts';

export interface QuarantineCount {
  feed: string;
  /** NULL where the row as a whole is at fault. */
  column_name: string | null;
  reason: string;
  rows: number;
  /** A row with the commonest value that has the fault, where it first stands. The value is left out where it may identify someone. */
  example: { file: string; line: number; value: string | null };
  /** For a word outside a code list: what may have been meant, and what is allowed. */
  advice: string | null;
}

interface CountRow extends Pick<QuarantineCount, 'feed' | 'column_name' | 'reason' | 'rows'> {
  load_id: string;
  line: number;
  value: string | null;
}

/** A row with two faults counts under both. */
export async function listQuarantine(home: Home, feed?: string): Promise<QuarantineCount[]> {
  const loads = listLoads(home, feed);
  const quarantined = quarantinedFiles(loads);
  if (quarantined.length === 0) return [];
  const duck = await openHomeDuck(home);
  try {
    const rows = await duck.rows<CountRow>(quarantineCountsSql(openQuarantineSql(quarantined, releasedFiles(loads))));
    const fileOf = new Map(loads.map((load) => [load.load, load.file]));
    const contracts = new Map([...new Set(rows.map((row) => row.feed))].map((name) => [name, findFeed(home, name)]));
    return rows.map((row) => withExample(row, fileOf.get(row.load_id) ?? row.load_id, contracts.get(row.feed)));
  } finally {
    duck.close();
  }
}

/** Undefined where a feed has loads and its contract is gone. */
function findFeed(home: Home, name: string): Contract | undefined {
  try {
    return getFeed(home.packs, name);
  } catch (error) {
    if (error instanceof Problem && error.kind === 'notFound') return undefined;
    throw error;
  }
}

const longestExample = 60;

function withExample({ load_id: _load, line, value, ...count }: CountRow, file: string, contract: Contract | undefined): QuarantineCount {
  const column = contract?.columns.find((one) => one.name === count.column_name);
  // A row as a whole, or a column that nothing is known of, may hold anything.
  const shown = column && !column.personal && value !== null ? value.slice(0, longestExample) : null;
  const advice = contract && shown !== null ? createAdviser(contract)({ ...count, value }) : undefined;
  return { ...count, example: { file, line, value: shown }, advice: advice ?? null };
}

/** The counts with their places alone: what was written in a cell may name somebody, whatever its column is for, where a row has slipped. */
export const withoutValues = (counts: readonly QuarantineCount[]): QuarantineCount[] => counts.map((count) => ({ ...count, example: { ...count.example, value: null }, advice: null }));

/** Two lines for each mistake: how many rows, and one example. */
export function presentQuarantine(counts: readonly QuarantineCount[]): string[] {
  return counts.flatMap(({ feed, column_name, reason, rows, example, advice }) => {
    const value = example.value === null || example.value === '' ? '' : `: "${example.value}"`;
    return [
      `${rows.toLocaleString('en-GB').padStart(8)}  ${feed}${column_name === null ? '' : `, column ${column_name}`}: ${reason}`,
      `${' '.repeat(10)}For example ${example.file}, line ${example.line}${value}.${advice === null ? '' : ` ${advice}`}`,
    ];
  });
}
