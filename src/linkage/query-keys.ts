// The hashes by which a query finds records, the engine's own, worked out without it.

import { readField } from './compare-query.ts';
import { hashPair } from './engine-hash.ts';
import { compileSql, EngineOnly, type Evaluate, type SqlValue } from './evaluate-sql.ts';
import type { NameDependenceRule } from './linkage-settings.ts';
import { noValue, type IndexColumn, type SearchKey } from './match-index.sql.ts';

export interface QueryHashes {
  /** The keys, by their places among all, with their hashes, each once. */
  keys: { key: number; hash: number }[];
  fullName?: number;
}

/** @param query the text of the query's columns, as bytes, one character for each */
export type HashHere = (query: ReadonlyMap<string, string>) => QueryHashes;

/** @throws EngineOnly where a key is one that only the engine can work out */
export function createQueryKeys(keys: readonly SearchKey[], columns: readonly IndexColumn[], names?: NameDependenceRule): HashHere {
  const used: { name: string; read: (field: string) => SqlValue }[] = [];
  const placeOf = (name: string): number => {
    const at = used.findIndex((one) => one.name === name);
    if (at >= 0) return at;
    const column = columns.find((one) => one.name === name);
    if (!column || column.type === 'FLOAT') throw new EngineOnly(`${name} is not known`);
    return used.push({ name, read: readField(column) }) - 1;
  };
  const columnOf = (name: string): Evaluate<SqlValue[]> => {
    const place = placeOf(name);
    return (row) => row[place]!;
  };
  const made = keys.map(({ sql, list }) => {
    const evaluate = compileSql(sql, columnOf);
    return (row: SqlValue[]): SqlValue[] => {
      const value = evaluate(row);
      if (value !== null && Array.isArray(value) !== list) throw new EngineOnly('A key is a list where it should be none, or none where it should be one');
      return Array.isArray(value) ? value : [value];
    };
  });
  const shifted = columns.some(({ name }) => name === 'birth') && columns.some(({ name }) => name === 'birth_year') ? { birth: placeOf('birth'), year: placeOf('birth_year') } : undefined;
  return (query) => {
    const row = used.map(({ name, read }) => read(query.get(name) ?? noValue));
    // A year of birth without a date also finds the years beside it.
    const year = shifted && row[shifted.birth] === null ? row[shifted.year] : null;
    const rows = typeof year === 'number' ? [0, -1, 1].map((by) => row.with(shifted!.year, year + by)) : [row];
    const found = rows.flatMap((one) => made.flatMap((evaluate, key) => evaluate(one).flatMap((value) => (value === null ? [] : [{ key, hash: hashPair(key, hashable(value)) }]))));
    const [first, second] = [names && query.get(names.first), names && query.get(names.second)];
    return { keys: eachOnce(found), ...(first && second ? { fullName: hashPair(first, second) } : {}) };
  };
}

export const eachOnce = (keys: QueryHashes['keys']): QueryHashes['keys'] => [...new Map(keys.map((one) => [`${one.key} ${one.hash}`, one])).values()];

function hashable(value: SqlValue): string | number {
  if (typeof value === 'string' || (typeof value === 'number' && Number.isInteger(value) && value >= 0)) return value;
  throw new EngineOnly('A key is left to the engine');
}
