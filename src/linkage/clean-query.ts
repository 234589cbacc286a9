// A query as a record is: the settings' own expressions over what it gives, worked out without the engine. For plain letters alone: how
// others grow small and lose their accents is left to the engine, as is whatever else is not surely the same.

import { compileSql, EngineOnly, type Evaluate, type SqlValue } from './evaluate-sql.ts';
import type { LinkageSettings } from './linkage-settings.ts';
import { valueEnd, type IndexColumn } from './match-index.sql.ts';
import { sourceKind } from './prepare-records.store.ts';

/** @returns the text of each of `wanted` that holds something, lists parted */
export type CleanHere = (given: ReadonlyMap<string, string>, wanted: readonly IndexColumn[]) => Map<string, string>;

/** A date as written in full, of a calendar's day. */
function readDate(text: string): string {
  const date = /^\d{4}-\d\d-\d\d$/.test(text) && text > '0001' ? new Date(`${text}T00:00:00Z`) : undefined;
  if (date === undefined || Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text) throw new EngineOnly('A date is written otherwise');
  return text;
}

function readGiven(column: string, text: string): SqlValue {
  const kind = sourceKind(column);
  if (kind === 'VARCHAR') return text;
  if (kind === 'VARCHAR[]') return text.split(valueEnd);
  if (kind === 'DATE') return readDate(text);
  if (kind === 'INTEGER' && /^-?\d{1,9}$/.test(text)) return Number(text);
  throw new EngineOnly(`${column} is left to the engine`);
}

function textIn(value: SqlValue): string | null {
  if (value === null || typeof value === 'string') return value;
  if (Array.isArray(value)) return value.filter((one) => one !== null).join(valueEnd) || null;
  return String(value);
}

/**
 * @param inputs the source's columns that a query may fill
 * @throws EngineOnly where the settings hold an expression that only the engine can work out
 */
export function createQueryCleaning(settings: LinkageSettings, inputs: readonly string[]): CleanHere {
  const scopeOf = (places: ReadonlyMap<string, number>) => (name: string): Evaluate<SqlValue[]> => {
    const place = places.get(name);
    if (place === undefined) throw new EngineOnly(`${name} is not known`);
    return (row) => row[place]!;
  };
  const source = scopeOf(new Map(inputs.map((column, i) => [column, i])));
  const made = settings.clean.map(({ sql }) => compileSql(sql, source));
  const places = new Map(settings.clean.map(({ name }, i) => [name, inputs.length + i]));
  for (const step of settings.derived) {
    const scope = scopeOf(new Map(places));
    for (const { name, sql, kind } of step) {
      places.set(name, inputs.length + made.length);
      made.push(compileSql(kind === 'number' ? sql : `nullif(${sql}, '')`, scope));
    }
  }
  return (given, wanted) => {
    const row = inputs.map((column): SqlValue => (given.has(column) ? readGiven(column, given.get(column)!) : null));
    for (const evaluate of made) row.push(evaluate(row));
    return new Map(wanted.flatMap(({ name }): [string, string][] => {
      const text = textIn(row[places.get(name)!]!);
      return text === null ? [] : [[name, text]];
    }));
  };
}
