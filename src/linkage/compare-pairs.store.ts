// Pairs compared in the query engine, and the patterns that they give, counted.

import { id, type Duck } from '../store/index.ts';
import { comparePairsSql, levelInPattern, type PatternPlace } from './compare-pairs.sql.ts';
import type { PatternCounts } from './expectation-maximisation.ts';
import type { LinkageSettings } from './linkage-settings.ts';

export interface CountedPatterns {
  patterns: number[];
  counts: PatternCounts;
}

/** Pattern counts of rows with pattern and n. */
export function countedPatterns(places: PatternPlace[], rows: readonly { pattern: number; n: number }[]): CountedPatterns {
  const levels = new Int8Array(rows.length * places.length);
  const counts = new Float64Array(rows.length);
  for (const [p, row] of rows.entries()) {
    counts[p] = row.n;
    for (const [c, place] of places.entries()) levels[p * places.length + c] = levelInPattern(row.pattern, place);
  }
  return { patterns: rows.map((row) => row.pattern), counts: { comparisons: places.length, levels, counts } };
}

/** Reads pattern counts of a query with columns pattern and n. */
export const readPatterns = async (duck: Duck, places: PatternPlace[], sql: string): Promise<CountedPatterns> => countedPatterns(places, await duck.rows<{ pattern: number; n: number }>(sql));

/** Records whose values are held side by side at once, on each side of a comparison. */
const recordsAtOnce = 1_000_000;

/**
 * Compares the pairs of a table into `out` (l, r, pattern, frequency). Many pairs of many records are taken slice by slice: what is held of the
 * records at once, and so the memory, does not grow with their number, and the engine need not spill a join to the disk. Of fewer pairs than a slice
 * has records, only what they name is held.
 */
export async function comparePairs(duck: Duck, pairs: string, out: string, places: PatternPlace[], settings: LinkageSettings, atOnce = recordsAtOnce): Promise<void> {
  const { records, count } = await duck.one<{ records: number; count: number }>(`SELECT (SELECT coalesce(max(rid), 0) + 1 FROM linkage_record) AS records, (SELECT count(*) FROM ${id(pairs)}) AS count`);
  const compare = (compared: Parameters<typeof comparePairsSql>[0]) => comparePairsSql(compared, places, settings.nameDependence);
  if (records <= atOnce || count <= atOnce) {
    await duck.run(`CREATE OR REPLACE TEMP TABLE ${id(out)} AS ${compare(id(pairs))}`);
    return;
  }
  const size = Math.ceil(records / Math.ceil(records / atOnce));
  const slice = (column: string, number: number) => `${column} BETWEEN ${number * size} AND ${(number + 1) * size - 1}`;
  const side = (number: number) => `(SELECT * FROM linkage_record WHERE ${slice('rid', number)})`;
  await duck.run(`CREATE OR REPLACE TEMP TABLE ${id(out)} (l INTEGER, r INTEGER, pattern BIGINT, frequency FLOAT)`);
  for (const { left, right } of await duck.rows<{ left: number; right: number }>(`SELECT DISTINCT l // ${size} AS left, r // ${size} AS right FROM ${id(pairs)} ORDER BY ALL`)) {
    const some = `(SELECT l, r FROM ${id(pairs)} WHERE ${slice('l', left)} AND ${slice('r', right)})`;
    await duck.run(`INSERT INTO ${id(out)} ${compare({ pairs: some, left: side(left), right: side(right) })}`);
  }
}
