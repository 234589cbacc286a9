// A linkage of files that is kept in a folder, so that the records which come later join it without a full run: what each column was taken for,
// and the name of the folder beside it that holds the linkage's own state (link-further). The state holds the records' names in the clear.

import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../core/index.ts';
import { takeLock, writeWhole } from '../store/index.ts';
import type { ReadRecords } from './read-records.store.ts';
import type { ColumnRole, RecognisedColumn } from './recognise-columns.ts';

const keptFile = 'kept-linkage.json';
const stateName = /^linkage-(\d+)$/;

const keptLinkage = z.object({
  state: z.string().regex(stateName),
  id: z.string(),
  source: z.string().nullable(),
  threshold: z.number(),
  columns: z.array(z.object({ column: z.string(), role: z.custom<ColumnRole>((role) => typeof role === 'string'), reason: z.string(), formats: z.array(z.string()).optional() })),
});

/** What a linkage was made by. */
export interface KeptLinkage {
  id: string;
  source: string | null;
  threshold: number;
  columns: RecognisedColumn[];
}

const another = (folder: string, what: string, cause?: unknown) => new Problem('badInput', { what, where: folder, todo: 'Name another folder, and all records are linked and kept there.', cause });

/** The linkage that is kept in the folder, and the folder of its state; undefined where none is. Throws a Problem where it cannot be read. */
export function readKept(folder: string): (KeptLinkage & { state: string }) | undefined {
  const file = join(folder, keptFile);
  if (!existsSync(file)) return undefined;
  try {
    const { state, columns, ...kept } = keptLinkage.parse(JSON.parse(readFileSync(file, 'utf8')));
    return { ...kept, columns: columns.map(({ formats, ...column }) => ({ ...column, ...(formats ? { formats } : {}) })), state: join(folder, state) };
  } catch (error) {
    throw another(folder, `The kept linkage cannot be read from ${keptFile}`, error);
  }
}

/** Throws a Problem where the records are not of the columns that the kept linkage read. */
export function checkKept(kept: KeptLinkage, read: ReadRecords, threshold: number | undefined, folder: string): void {
  const gone = kept.columns.find(({ column, role }) => role !== 'not used' && !read.columns.includes(column));
  if (gone) throw another(folder, `The records have no column "${gone.column}", by which the kept linkage links`);
  const known = (...columns: (string | null | undefined)[]) => columns.filter((column) => typeof column === 'string').map((column) => `"${column}"`).join(' and ');
  if (kept.id !== read.id || kept.source !== (read.source ?? null)) throw another(folder, `The kept linkage knows its records by ${known(kept.source, kept.id)}, not by ${known(read.source, read.id)}`);
  if (threshold !== undefined && threshold !== kept.threshold) throw another(folder, `The kept linkage links from a probability of ${kept.threshold}, not ${threshold}`);
}

export interface Successor {
  /** The folder in which its state is to be written. */
  state: string;
  /** From now on it is the one that is kept. Does nothing without a state: then nothing could be compared. */
  keep(kept: KeptLinkage): void;
  /** Removes the states of the folder that are not the one kept, and lets others begin one. */
  clear(): void;
}

/** Begins a successor of what is kept in the folder. Throws a Problem of kind "busy" where another run has begun one. */
export function openSuccessor(folder: string): Successor {
  const giveBack = takeLock(folder, 'kept-linkage');
  const states = () => readdirSync(folder).filter((name) => stateName.test(name));
  const name = `linkage-${Math.max(0, ...states().map((held) => Number(stateName.exec(held)![1]))) + 1}`;
  const state = join(folder, name);
  return {
    state,
    keep: ({ id, source, threshold, columns }) => {
      if (existsSync(state)) writeWhole(join(folder, keptFile), JSON.stringify({ state: name, id, source, threshold, columns }));
    },
    clear: () => {
      try {
        const kept = readKept(folder)?.state;
        for (const held of [...states().map((one) => join(folder, one)), `${state}.writing`]) if (held !== kept) rmSync(held, { recursive: true, force: true });
      } finally {
        giveBack();
      }
    },
  };
}
