// Connections that answer the questions of pages: each runs one statement at a time, and keeps the statements that it was asked ready.
// To plan a statement takes as long as to run it on tables of counts. One with parameters is planned at each run, so that the plan may use their
// values; one without is planned once, for all who choose the same.

import type { DuckDBPreparedStatement } from '@duckdb/node-api';
import { type Duck, type SqlParams } from './duck.ts';

/** Statements kept ready on each connection; the one that was not asked for longest is let go. */
const mostKept = 64;

export interface ReaderPool {
  /** Rows as plain objects, see Duck. Waits while every connection is at work. */
  rows<T>(sql: string, params?: SqlParams): Promise<T[]>;
  close(): void;
}

/** @param connections each is the pool's own from now on */
export function openReaderPool(connections: readonly Duck[]): ReaderPool {
  const readers = connections.map(keepStatements);
  const idle = [...readers];
  const waiting: ((reader: Reader) => void)[] = [];
  const take = (): Promise<Reader> | Reader => idle.pop() ?? new Promise<Reader>((resolve) => waiting.push(resolve));
  const giveBack = (reader: Reader) => {
    const next = waiting.shift();
    if (next) next(reader);
    else idle.push(reader);
  };
  return {
    rows: async <T>(sql: string, params?: SqlParams) => {
      const reader = await take();
      try {
        return await reader.rows<T>(sql, params);
      } finally {
        giveBack(reader);
      }
    },
    close: () => {
      for (const reader of readers) reader.close();
    },
  };
}

type Reader = ReaderPool;

function keepStatements(duck: Duck): Reader {
  const kept = new Map<string, DuckDBPreparedStatement>();
  const letGo = (sql: string) => {
    kept.get(sql)?.destroySync();
    kept.delete(sql);
  };
  return {
    rows: async <T>(sql: string, params?: SqlParams) => {
      const statement = kept.get(sql) ?? (await duck.prepare(sql));
      kept.delete(sql);
      kept.set(sql, statement);
      if (kept.size > mostKept) letGo(kept.keys().next().value!);
      try {
        return await duck.rowsOf<T>(statement, params);
      } catch (error) {
        letGo(sql);
        throw error;
      }
    },
    close: () => {
      for (const sql of kept.keys()) letGo(sql);
      duck.close();
    },
  };
}
