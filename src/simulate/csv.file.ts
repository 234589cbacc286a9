// Writes rows of one feed as CSV (RFC 4180), by period, plain or gzip, in pieces of bounded size: a month's rows wait in memory at most.
// Output is the same bytes for the same rows.

import { createWriteStream, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { createGzip } from 'node:zlib';
import { asProblem } from '../core/index.ts';

export type Cell = string | number | boolean | null | undefined;

export interface CsvFile {
  path: string;
  rows: number;
  /** Adds a row; cells in the order of the headings. */
  row(cells: readonly Cell[]): void;
  /** Waits until the disk has caught up. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const special = /[",\n\r]/;

export function csvLine(cells: readonly Cell[]): string {
  let line = '';
  for (let i = 0; i < cells.length; i += 1) {
    const cell = cells[i];
    if (i > 0) line += ',';
    if (cell === null || cell === undefined) continue;
    if (typeof cell === 'string') line += special.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
    else line += cell;
  }
  return `${line}\n`;
}

const PIECE = 1 << 18;

/** Opens a file for writing; its folder is made. */
export function openCsv(path: string, headings: readonly string[], gzip = false): CsvFile {
  try {
    mkdirSync(dirname(path), { recursive: true });
  } catch (error) {
    throw asProblem(error, path);
  }
  const file = createWriteStream(path, { highWaterMark: PIECE });
  let failure: unknown;
  let reportBroken = () => {};
  const broken = new Promise<void>((resolve) => { reportBroken = resolve; });
  const fail = (error: unknown) => {
    failure ??= error;
    reportBroken();
  };
  file.on('error', fail);
  const zip = gzip ? createGzip({ level: 4 }) : undefined;
  zip?.on('error', fail);
  zip?.pipe(file);
  const sink = zip ?? file;
  let pending = csvLine(headings);
  const check = () => {
    if (failure) throw asProblem(failure, path);
  };
  const out: CsvFile = {
    path,
    rows: 0,
    row(cells) {
      pending += csvLine(cells);
      out.rows += 1;
      if (pending.length > PIECE) {
        sink.write(pending);
        pending = '';
      }
    },
    async flush() {
      check();
      const caughtUp = new Promise<void>((resolve) => { sink.write(pending, () => resolve()); });
      pending = '';
      await Promise.race([caughtUp, broken]);
      check();
    },
    async close() {
      if (pending) sink.write(pending);
      pending = '';
      check();
      const closed = new Promise<void>((resolve) => { file.once('close', resolve); });
      sink.end();
      await Promise.race([closed, broken]);
      check();
    },
  };
  return out;
}
