// One search's questions to the query engine: clean the query as a record is, hash its keys, compare it with candidates. A statement is made
// once for each set of columns that queries give, and kept.

import { DuckDBListValue, type DuckDBPreparedStatement, type DuckDBValue } from '@duckdb/node-api';
import type { Duck } from '../store/index.ts';
import { noValue, valueEnd, type IndexColumn } from './match-index.sql.ts';
import type { IndexDescription } from './match-index.store.ts';
import { cleanedColumns, cleanQuerySql, compareQuerySql, filledColumns, queryInputs, queryKeysSql } from './match-query.sql.ts';
import { nicknameRoots } from './nicknames.ts';
import { describeName } from './prepare-records.store.ts';

/** Columns of source_record as far as they are known: dates as yyyy-mm-dd, lists of other postcodes, `born_about` for the year that an age gives. */
export type MatchQuery = Readonly<Record<string, string | number | readonly string[] | null | undefined>>;

/** A query as a record: the text of its prepared columns, lists parted. */
export interface CleanQuery {
  given: string[];
  values: ReadonlyMap<string, string>;
}

export interface QueryEngine {
  /** @param dependenceOf how a full name's parts go together, by its hash */
  clean(query: MatchQuery, dependenceOf: (nameHash: number) => number | undefined): Promise<CleanQuery>;
  /** The keys, by their places, with their hashes. */
  hashKeys(query: CleanQuery): Promise<{ key: number; hash: number }[]>;
  /** How each candidate agrees, of those whose lines are given. */
  compare(query: CleanQuery, lines: string): Promise<{ record: number; pattern: number; frequency: number }[]>;
}

/** More statements than this are not kept. */
const mostStatements = 192;

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
  const keyed = new Set(queryColumns.map(({ name }) => name).filter((name) => keys.some(({ sql }) => sql.includes(name)) || ['birth', 'birth_year'].includes(name)));
  const read = new Set([...compared, ...keyed, ...settings.names]);
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

  return {
    clean: async (query, dependenceOf) => {
      const given = inputs.filter((column) => textOf(query[column]) !== '');
      const texts = given.map((column) => textOf(query[column]));
      // oxlint-disable-next-line no-control-regex
      const plain = texts.every((value) => /^[\x00-\x7f]*$/.test(value));
      const wanted = columnsOf(given).cleaned;
      const statement = await statementOf(`clean ${plain} ${given.join(' ')}`, () => cleanQuerySql(settings, queryColumns, given, wanted, plain));
      const [hash, ...fields] = (await run(statement, Object.fromEntries(texts.map((value, i) => [`p${i}`, value])))).map(([value]) => value) as [number | null, ...(string | null)[]];
      const values = new Map<string, string>();
      // Line ends inside a value become spaces, as in a record's line.
      for (const [i, { name }] of wanted.entries()) if (fields[i] !== null) values.set(name, fields[i]!.replaceAll(/[\n\r]/g, ' '));
      for (const column of settings.names) {
        const name = values.get(column);
        if (name === undefined) continue;
        const { sounds, forms } = describeName(name, roots);
        values.set(`${column}_sounds`, sounds.join(valueEnd));
        values.set(`${column}_roots`, (forms.length > 0 ? forms : [name]).join(valueEnd));
        if (forms.length > 0) values.set(`${column}_forms`, forms.join(valueEnd));
      }
      const dependence = hash === null ? undefined : dependenceOf(hash);
      if (dependence !== undefined) values.set('name_dependence', String(dependence));
      return { given, values };
    },
    hashKeys: async (query) => {
      const bound = columnsOf(query.given).keyed;
      if (bound.length === 0) return [];
      const hashes = await run(await statementOf(`keys ${query.given.join(' ')}`, () => queryKeysSql(keys, queryColumns, bound)), valuesOf(query, bound));
      const found = new Map<string, { key: number; hash: number }>();
      for (const [key, values] of hashes.entries()) {
        for (const hash of values.flatMap((value) => (value instanceof DuckDBListValue ? value.items : [value]))) if (typeof hash === 'number') found.set(`${key} ${hash}`, { key, hash });
      }
      return [...found.values()];
    },
    compare: async (query, lines) => {
      const bound = columnsOf(query.given).compared;
      const statement = await statementOf(`compare ${query.given.join(' ')}`, () => compareQuerySql(settings, columns, queryColumns, bound));
      const [records, patterns, frequencies] = (await run(statement, { ...valuesOf(query, bound), lines })) as [number[], number[], number[]];
      return records.map((record, i) => ({ record, pattern: patterns[i]!, frequency: frequencies[i]! }));
    },
  };
}
