// Cuts each feed's rows into files by month, quarter or year, under the headings of its contract, and keeps count of every file.

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readPack } from '../store/index.ts';
import type { Calendar } from './calendar.ts';
import { partsOf } from './calendar.ts';
import type { Cell, CsvFile } from './csv.file.ts';
import { openCsv } from './csv.file.ts';
import type { SimulationPack } from './simulation.pack.ts';

const contractSchema = z.object({ feed: z.string(), agency: z.string(), key: z.union([z.array(z.string()), z.string()]), columns: z.array(z.object({ name: z.string(), type: z.string(), person: z.string().optional() })) });

export interface FeedContract {
  feed: string;
  agency: string;
  headings: string[];
  types: string[];
  /** Which columns say which row, event or person it is. */
  identifies: boolean[];
}

export interface WrittenFile {
  feed: string;
  path: string;
  rows: number;
}

/** Gives the rows to write in place of one row, such as the same row twice or with a mistake; most rows come back alone. */
export type RowEditor = (feed: FeedContract, month: number, cells: Cell[], file: CsvFile) => Cell[][];

export interface FeedWriter {
  row(feed: string, month: number, cells: Cell[]): void;
  /** Ends the month: closes files whose period is over and waits for the disk. */
  endMonth(month: number): Promise<void>;
  close(): Promise<WrittenFile[]>;
}

/** The headings of a feed, from its contract. */
export function readContract(feed: string): FeedContract {
  const { value } = readPack(undefined, `feeds/${feed}`, contractSchema);
  const { columns, key } = value;
  return {
    feed: value.feed, agency: value.agency, headings: columns.map((column) => column.name), types: columns.map((column) => column.type),
    identifies: columns.map((column) => column.person === 'local_id' || column.name.endsWith('_ref') || (Array.isArray(key) && key.includes(column.name))),
  };
}

/** Removes files that an earlier simulation left in a feed's folder. */
function clearEarlier(folder: string, feed: string): void {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (name.startsWith(feed) && /^(-\d{4}(-q\d|-\d{2})?)?\.csv(\.gz)?$/.test(name.slice(feed.length))) rmSync(join(folder, name));
}

function periodName(calendar: Calendar, every: 'once' | 'month' | 'quarter' | 'year', month: number): string {
  if (every === 'once') return '';
  const { year, month: monthOfYear } = partsOf(calendar.monthStart[month]!);
  if (every === 'year') return `-${year}`;
  return every === 'quarter' ? `-${year}-q${Math.ceil(monthOfYear / 3)}` : `-${calendar.monthName(month)}`;
}

export interface FeedWriterOptions {
  out: string;
  pack: SimulationPack;
  calendar: Calendar;
  edit?: RowEditor;
  /** A month of a feed that arrives in the next month's file. */
  late?: { feed: string; month: number };
  /** A month of a feed that comes again in the next month's file. */
  doubled?: { feed: string; month: number };
}

export function createFeedWriter({ out, pack, calendar, edit, late, doubled }: FeedWriterOptions): FeedWriter {
  const contracts = new Map<string, FeedContract>();
  const open = new Map<string, { file: CsvFile; lastMonth: number }>();
  const written: WrittenFile[] = [];
  const again: Cell[][] = [];
  const latest = new Map<string, { month: number; file: CsvFile }>();
  const fileOf = (feed: string, contract: FeedContract, month: number): CsvFile => {
    const last = latest.get(feed);
    if (last?.month === month) return last.file;
    const cut = pack.files[feed] as { every: 'once' | 'month' | 'quarter' | 'year'; gzip: boolean } | undefined;
    if (!cut) throw new Error(`packs/simulation.yaml says nothing about the files of ${feed}`);
    const period = periodName(calendar, cut.every, month);
    const path = join(out, feed, `${feed}${period}.csv${cut.gzip ? '.gz' : ''}`);
    let entry = open.get(path);
    if (!entry) {
      if (!written.some((file) => file.feed === feed)) clearEarlier(join(out, feed), feed);
      let lastMonth = month;
      while (lastMonth + 1 < calendar.months && periodName(calendar, cut.every, lastMonth + 1) === period) lastMonth += 1;
      entry = { file: openCsv(path, contract.headings, cut.gzip), lastMonth };
      open.set(path, entry);
      written.push({ feed, path, rows: 0 });
    }
    latest.set(feed, { month, file: entry.file });
    return entry.file;
  };
  const closeFile = async (path: string, file: CsvFile) => {
    open.delete(path);
    await file.close();
    const record = written.find((item) => item.path === path);
    if (record) record.rows = file.rows;
  };
  return {
    row(feed, month, cells) {
      let contract = contracts.get(feed);
      if (!contract) {
        contract = readContract(feed);
        contracts.set(feed, contract);
      }
      if (cells.length !== contract.headings.length) throw new Error(`${feed} has ${contract.headings.length} columns; a row has ${cells.length}`);
      const isLate = late?.feed === feed && late.month === month && month + 1 < calendar.months;
      if (doubled?.feed === feed && doubled.month + 1 === month) for (const kept of again.splice(0)) fileOf(feed, contract, month).row(kept);
      const file = fileOf(feed, contract, isLate ? month + 1 : month);
      const isDoubled = doubled?.feed === feed && doubled.month === month;
      for (const edited of edit && !isDoubled ? edit(contract, month, cells, file) : [cells]) file.row(edited);
      if (isDoubled) again.push(cells);
    },
    async endMonth(month) {
      for (const [path, { file, lastMonth }] of open) {
        if (lastMonth < month) await closeFile(path, file);
        else await file.flush();
      }
    },
    async close() {
      for (const [path, { file }] of open) await closeFile(path, file);
      return written.toSorted((a, b) => (a.path < b.path ? -1 : 1));
    },
  };
}
