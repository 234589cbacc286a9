// One search's questions to the query engine: clean the query as a record is, hash its keys, compare it with candidates. A statement is made
// once for each set of columns that queries give, and kept.

import type { DuckDBPreparedStatement } from '@duckdb/node-api';
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
  /** The record, the pattern and the sum of frequencies of each candidate, whose lines are given. */
  compare(query: CleanQuery, lines: string): Promise<[number, number, number][]>;
}

/** More statements than this are not kept. */
const mostStatements = 192;

const textOf = (value: MatchQuery[string]): string => (value === null || value === undefined ? '' : Array.isArray(value) ? value.join(valueEnd) : String(value));

/** Columns that a comparison, a key or the cleaning of names reads. */
function readColumns({ settings, columns, queryColumns, keys }: IndexDescription): Set<string> {
  const compared = new Set(columns.map(({ name }) => name));
  return new Set(queryColumns.map(({ name }) => name).filter((name) => compared.has(name) || settings.names.includes(name) || keys.some(({ sql }) => sql.includes(name))));
}

/** Prepared statements hold their parameters, so that one search asks at a time. */
export function createQueryEngine(duck: Duck, about: IndexDescription): QueryEngine {
  const { settings, columns, queryColumns, keys } = about;
  const roots = nicknameRoots(settings.nicknames);
  const inputs = queryInputs(settings);
  const read = readColumns(about);
  const statements = new Map<string, DuckDBPreparedStatement>();

  const statementOf = async (name: string, sql: () => string): Promise<DuckDBPreparedStatement> => {
    let statement = statements.get(name);
    if (!statement) {
      if (statements.size >= mostStatements) statements.clear();
      statement = await duck.connection.prepare(sql());
      statements.set(name, statement);
    }
    return statement;
  };
  const run = async (statement: DuckDBPreparedStatement, params: Record<string, string>): Promise<unknown[][]> => {
    // A statement has no parameter that the engine has folded away.
    for (let place = 1; place <= statement.parameterCount; place += 1) statement.bindVarchar(place, params[statement.parameterName(place)]!);
    return (await statement.runAndReadAll()).getRowsJS() as unknown[][];
  };
  /** Columns that the query may hold, of those that are read. */
  const boundColumns = (given: string[], wanted: ReadonlySet<string>): IndexColumn[] => {
    const filled = filledColumns(settings, given);
    return queryColumns.filter(({ name }) => filled.has(name) && wanted.has(name));
  };
  const valuesOf = ({ values }: CleanQuery, bound: IndexColumn[]) => Object.fromEntries(bound.map(({ name }, i) => [`q${i}`, values.get(name) ?? noValue]));
  const keyed = new Set(queryColumns.map(({ name }) => name).filter((name) => keys.some(({ sql }) => sql.includes(name)) || ['birth', 'birth_year'].includes(name)));
  const compared = new Set(columns.map(({ name }) => name));

  return {
    clean: async (query, dependenceOf) => {
      const given = inputs.filter((column) => textOf(query[column]) !== '');
      const texts = given.map((column) => textOf(query[column]));
      // oxlint-disable-next-line no-control-regex
      const plain = texts.every((value) => /^[\x00-\x7f]*$/.test(value));
      const wanted = cleanedColumns(settings, queryColumns, read, filledColumns(settings, given));
      const statement = await statementOf(`clean ${plain} ${given.join(' ')}`, () => cleanQuerySql(settings, queryColumns, given, wanted, plain));
      const [row] = await run(statement, Object.fromEntries(texts.map((value, i) => [`p${i}`, value])));
      const [hash, ...fields] = row as [number | null, ...(string | null)[]];
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
      const bound = boundColumns(query.given, keyed);
      if (bound.length === 0) return [];
      const rows = await run(await statementOf(`keys ${query.given.join(' ')}`, () => queryKeysSql(keys, queryColumns, bound)), valuesOf(query, bound));
      const found = new Map<string, { key: number; hash: number }>();
      for (const row of rows) {
        for (const [key, value] of (row as (number | (number | null)[] | null)[]).entries()) {
          for (const hash of Array.isArray(value) ? value : [value]) if (hash !== null) found.set(`${key} ${hash}`, { key, hash });
        }
      }
      return [...found.values()];
    },
    compare: async (query, lines) => {
      const bound = boundColumns(query.given, compared);
      const statement = await statementOf(`compare ${query.given.join(' ')}`, () => compareQuerySql(settings, columns, queryColumns, bound));
      return (await run(statement, { ...valuesOf(query, bound), lines })) as [number, number, number][];
    },
  };
}
