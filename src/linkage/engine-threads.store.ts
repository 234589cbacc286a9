// How many threads is a table worth? The engine shares a table out by its row groups. While one thread works on the last of them, the thread
// that gave the statement asks for more again and again: over a table of one row group that takes the time of a second processor for nothing.

import type { Duck } from '../store/index.ts';

const rowGroup = 122_880;

export interface SharedThreads {
  /** From now on a thread for each whole row group of so many rows, but no more than the engine had. */
  over(rows: number): Promise<void>;
  /** The same for the rows of a table; a view's are not known, and change nothing. */
  overTable(table: string): Promise<void>;
  /** As many as the engine had. */
  restore(): Promise<void>;
}

/** Nothing is changed in an engine whose settings are locked. */
export async function shareThreads(duck: Duck): Promise<SharedThreads> {
  const { most, locked } = await duck.one<{ most: number; locked: boolean }>("SELECT current_setting('threads') AS most, current_setting('lock_configuration') AS locked");
  let now = most;
  const use = async (threads: number): Promise<void> => {
    if (locked || threads === now) return;
    await duck.run(`SET threads = ${threads}`);
    now = threads;
  };
  const over = (rows: number) => use(Math.max(1, Math.min(most, Math.floor(rows / rowGroup))));
  return {
    over,
    overTable: async (table) => {
      const { rows } = await duck.one<{ rows: number | null }>('SELECT max(estimated_size) AS rows FROM duckdb_tables() WHERE table_name = $table', { table });
      if (rows !== null) await over(rows);
    },
    restore: () => use(most),
  };
}
