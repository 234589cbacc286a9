// What failed when the query engine ran the SQL of a linkage? Its error becomes a Problem that names the stage or the part of the settings,
// the SQL and what to do. The engine quotes the value at which it stopped, in words that differ from error to error, and a person's data
// has no place in an error: of an error met while rows were read only its kind, the type asked for and a column of the SQL are kept.
// Memory, disk and the engine's own faults stay what they are.

import { Problem } from '../core/index.ts';
import type { Duck } from '../store/index.ts';

/** Met before a row is read: the words are of the SQL and the columns alone. */
const ofStatement = new Set(['Binder', 'Catalog', 'Parser', 'Syntax', 'Permission']);
const left = new Set(['IO', 'Out of Memory', 'INTERNAL', 'FATAL', 'INTERRUPT', 'Interrupt', 'Connection']);

const words: Record<string, { what: string; todo: string }> = {
  Conversion: { what: 'a value cannot be converted', todo: 'Use try_cast, which gives nothing for such a value, or mend the records.' },
  'Invalid Input': { what: 'an expression cannot take a value', todo: 'Use a form that gives nothing for such a value (try_strptime, try), or mend the records.' },
  'Out of Range': { what: 'a number is out of range', todo: 'Use a wider type or try, which gives nothing for such a value, or mend the records.' },
};
const types = /^(?:BOOL|U?INT(?:8|16|32|64|128)|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|DATE|TIME|TIMESTAMP|INTERVAL|UUID)$/;

/** The kind of an engine's error, such as Conversion; undefined for those of memory, disk and this program. */
export function engineErrorKind(error: unknown): string | undefined {
  if (!(error instanceof Error) || error instanceof Problem) return undefined;
  const kind = /^([A-Z][A-Za-z ]*) Error: /.exec(error.message)?.[1];
  return kind === undefined || left.has(kind) ? undefined : kind;
}

/** The type and the column, where the message ends as the engine writes it; a column only as the SQL has it. */
function conversionWords(message: string, sql: string): string {
  const head = message.split(/\n\nLINE \d/)[0]!;
  const [, type = '', column = ''] = /['"] to ([A-Z0-9(),]+)(?: when casting from source column (.+))?$/.exec(head) ?? [];
  return `${types.test(type) ? ` to ${type}` : ''}${column !== '' && sql.includes(column) ? ` (column ${column})` : ''}`;
}

const mostShown = 300;
const oneLine = (sql: string): string => {
  const line = sql.replace(/\s+/g, ' ').trim();
  return line.length > mostShown ? `${line.slice(0, mostShown)} …` : line;
};

/** The Problem that an engine's error is at a place, with its SQL; any other error as it is. */
export function engineProblem(error: unknown, where: string, sql = ''): unknown {
  const kind = engineErrorKind(error);
  if (kind === undefined) return error;
  const { message } = error as Error;
  const at = { where: sql === '' ? where : `${where}: ${oneLine(sql)}` };
  const cannot = 'The SQL of the linkage cannot be run on these records';
  if (ofStatement.has(kind)) return new Problem('badInput', { what: `${cannot}: ${message.split('\n')[0]!.slice(0, 200)}`, ...at, todo: 'Mend the SQL or the names of the columns.', cause: error });
  const { what, todo } = words[kind] ?? { what: `the engine stopped with the error "${kind}"`, todo: 'Mend the SQL or the records.' };
  return new Problem('badInput', { what: `${cannot}: ${what}${kind === 'Conversion' ? conversionWords(message, sql) : ''}`, ...at, todo });
}

/** Runs the work; an error of the engine becomes a Problem that names the part and its SQL. */
export async function naming<T>(where: string, sql: string | (() => string), work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw engineProblem(error, where, typeof sql === 'string' ? sql : sql());
  }
}

/** The same engine, and the statement that it was last given. */
export function watchStatements(duck: Duck): { duck: Duck; last(): string } {
  let statement = '';
  const noted = (sql: string): string => (statement = sql);
  return {
    last: () => statement,
    duck: {
      ...duck,
      run: (sql, params) => duck.run(noted(sql), params),
      rows: (sql, params) => duck.rows(noted(sql), params),
      one: (sql, params) => duck.one(noted(sql), params),
    },
  };
}
