// One search's questions: clean the query as a record is, hash its keys, compare it with candidates. Expressions that are known here are
// worked out here, which takes a small part of the time; the query engine is asked for the rest, by statements that are made once for each
// set of columns that queries give, and kept.

import { DuckDBListValue, type DuckDBPreparedStatement, type DuckDBValue } from '@duckdb/node-api';
import type { Duck } from '../store/index.ts';
import { patternPlaces } from './compare-pairs.sql.ts';
import { createQueryComparison, type ComparedRecord } from './compare-query.ts';
import { createQueryCleaning } from './clean-query.ts';
import { EngineOnly } from './evaluate-sql.ts';
import { noValue, valueEnd, type IndexColumn } from './match-index.sql.ts';
import type { IndexDescription } from './match-index.store.ts';
import { cleanedColumns, cleanQuerySql, compareQuerySql, filledColumns, queryInputs, queryKeysSql } from './match-query.sql.ts';
import { nicknameRoots } from './nicknames.ts';
import { describeName } from './prepare-records.store.ts';
import { createQueryKeys, eachOnce, type QueryHashes } from './query-keys.ts';

/** Columns of source_record as far as they are known: dates as yyyy-mm-dd, lists of other postcodes, `born_about` for the year that an age gives. */
export type MatchQuery = Readonly<Record<string, string | number | readonly string[] | null | undefined>>;

/** A query as a record: the text of its prepared columns, lists parted. */
export interface CleanQuery {
  given: string[];
  values: Map<string, string>;
}

export interface QueryEngine {
  clean(query: MatchQuery): Promise<CleanQuery>;
  hash(query: CleanQuery): Promise<QueryHashes>;
  /** How each candidate agrees, of those whose lines are given as bytes, one character for each. */
  compare(query: CleanQuery, lines: readonly string[]): Promise<ComparedRecord[]>;
}

/** More statements than this are not kept. */
const mostStatements = 192;

/** Undefined where only the engine can do it. */
function here<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof EngineOnly) return undefined;
    throw error;
  }
}

const textOfBytes = (bytes: string): string => Buffer.from(bytes, 'latin1').toString();
/** The text of the given columns, as bytes. */
const bytesIn = ({ values }: CleanQuery, columns: IndexColumn[]): Map<string, string> =>
  new Map(columns.flatMap(({ name }): [string, string][] => (values.has(name) ? [[name, Buffer.from(values.get(name)!).toString('latin1')]] : [])));

const textOf = (value: MatchQuery[string]): string => (value === null || value === undefined ? '' : Array.isArray(value) ? value.join(valueEnd) : String(value));

/** The prepared columns that a query of some of the source's may hold, of those that come of its cleaning, that keys and that comparisons read. */
interface AskedColumns {
  cleaned: IndexColumn[];
  keyed: IndexColumn[];
  compared: IndexColumn[];
}

interface KeptStatement {
  statement: DuckDBPreparedStatement;
  parameters: string[];
}

/** Prepared statements hold their parameters, so that one search asks at a time. */
export function createQueryEngine(duck: Duck, about: IndexDescription): QueryEngine {
  const { settings, columns, queryColumns, keys } = about;
  const roots = nicknameRoots(settings.nicknames);
  const inputs = queryInputs(settings);
  const compared = new Set(columns.map(({ name }) => name));
  const hashed = ['birth', 'birth_year', settings.nameDependence?.first, settings.nameDependence?.second];
  const keyed = new Set(queryColumns.map(({ name }) => name).filter((name) => keys.some(({ sql }) => sql.includes(name)) || hashed.includes(name)));
  const read = new Set([...compared, ...keyed, ...settings.names]);
  const cleanHere = here(() => createQueryCleaning(settings, inputs));
  const hashHere = here(() => createQueryKeys(keys, queryColumns, settings.nameDependence));
  const compareHere = here(() => createQueryComparison(settings, columns, patternPlaces(settings.comparisons)));
  const statements = new Map<string, KeptStatement>();
  const askedColumns = new Map<string, AskedColumns>();

  const statementOf = async (name: string, sql: () => string): Promise<KeptStatement> => {
    let kept = statements.get(name);
    if (!kept) {
      if (statements.size >= mostStatements) statements.clear();
      const statement = await duck.connection.prepare(sql());
      kept = { statement, parameters: Array.from({ length: statement.parameterCount }, (_, i) => statement.parameterName(i + 1)) };
      statements.set(name, kept);
    }
    return kept;
  };
  /** The values of each column: numbers, texts and lists of these alone, which come as they are. */
  const run = async ({ statement, parameters }: KeptStatement, params: Record<string, string>): Promise<DuckDBValue[][]> => {
    for (const [i, name] of parameters.entries()) statement.bindVarchar(i + 1, params[name]!);
    const result = await statement.run();
    // Taken at once: to wait for each chunk costs more than to read it.
    const columns = Array.from({ length: result.columnCount }, (): DuckDBValue[] => []);
    for (let chunk = 0; chunk < result.chunkCount; chunk += 1) for (const [i, values] of result.getChunk(chunk).getColumns().entries()) columns[i]!.push(...values);
    return columns;
  };
  const valuesOf = ({ values }: CleanQuery, bound: IndexColumn[]) => Object.fromEntries(bound.map(({ name }, i) => [`q${i}`, values.get(name) ?? noValue]));
  const columnsOf = (given: string[]): AskedColumns => {
    const name = given.join(' ');
    let asked = askedColumns.get(name);
    if (!asked) {
      if (askedColumns.size >= mostStatements) askedColumns.clear();
      const filled = filledColumns(settings, given);
      const bound = queryColumns.filter((column) => filled.has(column.name));
      asked = { cleaned: cleanedColumns(settings, bound, read), keyed: bound.filter((column) => keyed.has(column.name)), compared: bound.filter((column) => compared.has(column.name)) };
      askedColumns.set(name, asked);
    }
    return asked;
  };

  /** The cleaned columns as text, from the engine. */
  const cleanByEngine = async (given: ReadonlyMap<string, string>, wanted: IndexColumn[], plain: boolean): Promise<Map<string, string>> => {
    const names = [...given.keys()];
    const statement = await statementOf(`clean ${plain} ${names.join(' ')}`, () => cleanQuerySql(settings, queryColumns, names, wanted, plain));
    const fields = (await run(statement, Object.fromEntries([...given.values()].map((value, i) => [`p${i}`, value])))).map(([value]) => value);
    return new Map(wanted.flatMap(({ name }, i): [string, string][] => (typeof fields[i] === 'string' ? [[name, fields[i]]] : [])));
  };
  const hashByEngine = async (query: CleanQuery, bound: IndexColumn[]): Promise<QueryHashes> => {
    const [fullName, ...hashes] = await run(await statementOf(`keys ${query.given.join(' ')}`, () => queryKeysSql(settings, keys, queryColumns, bound)), valuesOf(query, bound));
    const found = hashes.flatMap((values, key) => values.flatMap((value) => (value instanceof DuckDBListValue ? value.items : [value])).flatMap((hash) => (typeof hash === 'number' ? [{ key, hash }] : [])));
    return { keys: eachOnce(found), ...(typeof fullName![0] === 'number' ? { fullName: fullName![0] } : {}) };
  };

  return {
    clean: async (query) => {
      const given = new Map(inputs.flatMap((column): [string, string][] => (textOf(query[column]) === '' ? [] : [[column, textOf(query[column])]])));
      // oxlint-disable-next-line no-control-regex
      const plain = [...given.values()].every((value) => /^[\x00-\x7f]*$/.test(value));
      const wanted = columnsOf([...given.keys()]).cleaned;
      const cleaned = (plain && cleanHere && here(() => cleanHere(given, wanted))) || (await cleanByEngine(given, wanted, plain));
      // Line ends inside a value become spaces, as in a record's line.
      const values = new Map([...cleaned].map(([name, value]) => [name, value.replaceAll(/[\n\r]/g, ' ')]));
      for (const column of settings.names) {
        const name = values.get(column);
        if (name === undefined) continue;
        const { sounds, forms } = describeName(name, roots);
        values.set(`${column}_sounds`, sounds.join(valueEnd));
        values.set(`${column}_roots`, (forms.length > 0 ? forms : [name]).join(valueEnd));
        if (forms.length > 0) values.set(`${column}_forms`, forms.join(valueEnd));
      }
      return { given: [...given.keys()], values };
    },
    hash: async (query) => {
      const bound = columnsOf(query.given).keyed;
      if (bound.length === 0) return { keys: [] };
      return (hashHere && here(() => hashHere(bytesIn(query, bound)))) ?? hashByEngine(query, bound);
    },
    compare: async (query, lines) => {
      const bound = columnsOf(query.given).compared;
      const found = compareHere && here(() => compareHere(bytesIn(query, bound), lines));
      if (found) return found;
      const statement = await statementOf(`compare ${query.given.join(' ')}`, () => compareQuerySql(settings, columns, queryColumns, bound));
      const [records, patterns, frequencies] = (await run(statement, { ...valuesOf(query, bound), lines: textOfBytes(lines.join('\n')) })) as [number[], number[], number[]];
      return records.map((record, i) => ({ record, pattern: patterns[i]!, frequency: frequencies[i]! }));
    },
  };
}
