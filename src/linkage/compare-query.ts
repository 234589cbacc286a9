// How does each candidate of a search agree with the query? The same pattern and frequency as comparePairsSql gives, by the same expressions,
// worked out without the engine. Where an expression or a value is one that only the engine knows, EngineOnly is thrown.

import { dependentCodes, weightedCodes, type PatternPlace } from './compare-pairs.sql.ts';
import { compileSql, EngineOnly, type Evaluate, type SqlValue } from './evaluate-sql.ts';
import type { LinkageSettings } from './linkage-settings.ts';
import { fieldEnd, noValue, valueEnd, type IndexColumn } from './match-index.sql.ts';

export interface ComparedRecord {
  record: number;
  pattern: number;
  frequency: number;
}

/** @param query the text of the query's columns @param lines the records' lines; both as bytes, one character for each */
export type CompareQuery = (query: ReadonlyMap<string, string>, lines: readonly string[]) => ComparedRecord[];

interface Pair {
  /** The record's fields, read where they are asked for. */
  left: string[];
  right: SqlValue[];
  similarities: (SqlValue | undefined)[];
}

/** The value that a field says, as `typedSql` reads it; single precision stays so. */
export function readField({ type }: IndexColumn): (field: string) => SqlValue {
  const number = (field: string) => {
    const value = field === '' ? Number.NaN : Number(field);
    return Number.isNaN(value) ? null : value;
  };
  if (type === 'INTEGER') return number;
  if (type === 'FLOAT') {
    return (field) => {
      const value = number(field);
      return value === null ? null : Math.fround(value);
    };
  }
  if (type === 'VARCHAR') return (field) => (field === noValue ? null : field);
  if (type === 'VARCHAR[]') return (field) => (field === noValue ? null : field.split(valueEnd));
  throw new EngineOnly(`Columns of ${type} are left to the engine`);
}

/** @throws EngineOnly where the settings hold an expression that only the engine can work out */
export function createQueryComparison(settings: LinkageSettings, columns: IndexColumn[], places: PatternPlace[]): CompareQuery {
  const readers = new Map<string, { place: number; read: (field: string) => SqlValue }>();
  const useColumn = (name: string) => {
    const place = columns.findIndex((column) => column.name === name);
    if (place < 0) throw new EngineOnly(`${name} is not known`);
    const used = readers.get(name) ?? { place, read: readField(columns[place]!) };
    readers.set(name, used);
    return used;
  };
  const similarities: { name: string; evaluate: Evaluate<Pair> }[] = [];
  const columnOf = (name: string): Evaluate<Pair> => {
    const [side, column] = name.split('.') as [string, string | undefined];
    if (column === undefined || !['l', 'r', 's'].includes(side)) throw new EngineOnly(`${name} is not known`);
    if (side === 's') {
      const at = similarities.findIndex((one) => one.name === column);
      if (at < 0) throw new EngineOnly(`${name} is not known`);
      return (pair) => (pair.similarities[at] === undefined ? (pair.similarities[at] = similarities[at]!.evaluate(pair)) : pair.similarities[at]);
    }
    // What an expression reckons with in single precision is left to the engine.
    if (columns.find((one) => one.name === column)?.type === 'FLOAT') throw new EngineOnly(`${name} is no whole number`);
    const { place, read } = useColumn(column);
    return side === 'l' ? ({ left }) => read(left[place]!) : ({ right }) => right[place]!;
  };
  for (const { comparison } of places) for (const [name, sql] of Object.entries(comparison.similarities ?? {})) similarities.push({ name, evaluate: compileSql(sql, columnOf) });
  const tests = places.map(({ comparison, shift }) => {
    const levels = comparison.levels.slice(0, -1).map((level, index) => ({ holds: compileSql(level.sql ?? '', columnOf), code: comparison.levels.length - index }));
    return { missing: compileSql(comparison.missing, columnOf), levels, unit: 2 ** shift };
  });
  const frequencyOf = (name: string) => {
    const { place, read } = useColumn(name);
    return (fields: readonly string[]): number => (read(fields[place]!) as number | null) ?? 0;
  };
  const weighted = weightedCodes(places);
  if (weighted.some(({ power }) => power !== 1)) throw new EngineOnly('Powers of frequencies are left to the engine');
  const frequencies = weighted.map(({ position, code, column }) => ({ position, code, read: frequencyOf(`${column}_frequency`) }));
  const dependent = settings.nameDependence ? dependentCodes(settings.nameDependence, places) : [];
  const dependenceOf = dependent.length > 0 ? frequencyOf('name_dependence') : () => 0;
  const recordOf = frequencyOf('rid');

  const comparePair = (pair: Pair, dependence: number): ComparedRecord => {
    let pattern = 0;
    const codes = tests.map(({ missing, levels, unit }) => {
      const code = missing(pair) === true ? 0 : (levels.find(({ holds }) => holds(pair) === true)?.code ?? 1);
      pattern += code * unit;
      return code;
    });
    // In single precision, as the engine adds them.
    let frequency = 0;
    for (const { position, code, read } of frequencies) if (codes[position] === code) frequency = Math.fround(frequency + read(pair.left));
    if (dependent.length > 0 && dependent.every((one) => one.codes.includes(codes[one.position]!))) frequency = Math.fround(frequency + Math.fround(dependenceOf(pair.left) + dependence) / 2);
    return { record: recordOf(pair.left), pattern, frequency };
  };
  return (query, lines) => {
    const fields = columns.map(({ name }) => query.get(name) ?? noValue);
    const right = columns.map(({ name }, place) => readers.get(name)?.read(fields[place]!) ?? null);
    return lines.map((line) => comparePair({ left: line.split(fieldEnd), right, similarities: similarities.map(() => undefined) }, dependenceOf(fields)));
  };
}
