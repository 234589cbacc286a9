// Writes a feed's quarantined rows to one CSV as they came, the commonest mistake first, each with its load, line, column, value and
// reason, to be mended and loaded again. Formulas are neutralised here and restored when the mended file is loaded.

import { closeSync, openSync, rmSync } from 'node:fs';
import { asProblem, csvLine, Problem } from '../core/index.ts';
import { openHomeDuck, writeAll, type Home } from '../store/index.ts';
import { getFeed } from './contract.ts';
import { listLoads } from './load-record.ts';
import { mendColumns } from './mended-file.ts';
import { createAdviser, type Adviser } from './fault-advice.ts';
import { openByFaultSql, openQuarantineSql } from './quarantine.sql.ts';
import { quarantinedFiles, releasedFiles } from './row-stage.store.ts';

interface HeldRow {
  load_id: string;
  line: number;
  faults: { column_name: string | null; value: string | null; reason: string }[];
  raw: string[];
}

const page = 10_000;

/**
 * The file must not exist; it is made readable by its owner alone. Returns how many rows it has.
 * @param beforeWritten runs once the file can be written and before anything is; where it fails, the file goes again
 */
export async function exportQuarantine(home: Home, feed: string, file: string, beforeWritten: () => Promise<void> = async () => undefined): Promise<{ feed: string; file: string; rows: number }> {
  const adviser = createAdviser(getFeed(home.packs, feed));
  const loads = listLoads(home, feed);
  const headingsOf = new Map(loads.map((load) => [load.load, load.headings]));
  const headings = [...new Set(loads.filter((load) => load.quarantined > 0).flatMap((load) => load.headings))].filter((heading) => !mendColumns.includes(heading));
  const open = openQuarantineSql(quarantinedFiles(loads), releasedFiles(loads));
  const descriptor = openNew(file);
  try {
    await beforeWritten();
  } catch (error) {
    closeSync(descriptor);
    rmSync(file, { force: true });
    throw error;
  }
  const duck = await openHomeDuck(home);
  let rows = 0;
  try {
    writeAll(descriptor, csvLine([...headings, ...mendColumns]));
    await duck.run(`CREATE TEMP TABLE open AS ${openByFaultSql(open)}`);
    for (;;) {
      const held = await duck.rows<HeldRow>('SELECT * FROM open LIMIT $page OFFSET $rows', { page, rows });
      writeAll(descriptor, held.map((row) => csvLine(exportedCells(row, headings, headingsOf.get(row.load_id) ?? [], adviser))).join(''));
      rows += held.length;
      if (held.length < page) return { feed, file, rows };
    }
  } catch (error) {
    throw asProblem(error, file);
  } finally {
    closeSync(descriptor);
    duck.close();
  }
}

function exportedCells(row: HeldRow, headings: string[], own: string[], adviser: Adviser): string[] {
  // A malformed row is one cell: the line as it came, to be split by hand.
  const whole = row.faults[0]?.column_name === null;
  const cells = headings.map((heading) => (whole ? '' : (row.raw[own.indexOf(heading)] ?? '')));
  const joined = (pick: (fault: HeldRow['faults'][number]) => string | null) => row.faults.map((fault) => pick(fault) ?? '').join('; ');
  return [...cells, row.load_id, String(row.line), joined((fault) => fault.column_name), joined((fault) => fault.value), joined((fault) => adviser(fault) ?? fault.reason), whole ? (row.raw[0] ?? '') : ''];
}

function openNew(file: string): number {
  try {
    return openSync(file, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new Problem('usage', { what: 'The file exists already', where: file, todo: 'Choose another name; nothing was written.', cause: error });
    }
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new Problem('usage', { what: 'The folder does not exist', where: file, todo: 'Make the folder or choose another name.', cause: error });
    }
    throw asProblem(error, file);
  }
}
