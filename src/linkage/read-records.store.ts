// Which records do the files hold? CSV (plain or gzip) and Parquet (plain, or encrypted by a home), told apart by their first bytes, read into one table by column name.
// CSV columns are text as written; Parquet columns keep their types. A single file that cannot be read is named.

import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { counted, Problem } from '../core/index.ts';
import { id, readParquetSql, sealedFileKeyId, text, type Duck } from '../store/index.ts';
import { columnsOf } from './table-columns.store.ts';

export interface RecordFiles {
  files: string[];
  /** Column that holds a record's id: unique, or unique within its source. */
  idColumn: string;
  sourceColumn?: string;
  /** Column that says which person a record is of. */
  truthColumn?: string;
  /** Column that takes no part in linking, by which false links are estimated. */
  checkColumn?: string;
}

export interface ReadRecords {
  table: string;
  records: number;
  columns: string[];
  id: string;
  source?: string;
  truth?: string;
  check?: string;
}

const fileColumn = 'source_file';

function kindOf(file: string): 'parquet' | 'gzip' | 'csv' {
  if (!existsSync(file) || !statSync(file).isFile()) throw new Problem('notFound', { what: 'There is no such file', where: file, todo: 'Name a CSV or Parquet file.' });
  if (statSync(file).size === 0) throw new Problem('badInput', { what: 'The file is empty', where: file, todo: 'Give a file with a row of headings.' });
  const handle = openSync(file, 'r');
  const start = Buffer.alloc(8);
  readSync(handle, start, 0, 8, 0);
  closeSync(handle);
  const magic = start.toString('latin1');
  if (magic.startsWith('PAR1') || magic.startsWith('PARE')) return 'parquet';
  if (sealedFileKeyId(file) !== undefined) throw new Problem('badInput', { what: 'This file is encrypted by Headwater, and is no table', where: file, todo: 'Name a table of a snapshot (lake/snapshots/…/identified), or the file that was loaded.' });
  return start[0] === 0x1f && start[1] === 0x8b ? 'gzip' : 'csv';
}

function scanSql(file: string, encoding: string): string {
  const kind = kindOf(file);
  if (kind === 'parquet') return readParquetSql(file);
  return `read_csv(${text(file)}, header = true, all_varchar = true, sample_size = 20480, encoding = ${text(encoding)}${kind === 'gzip' ? ", compression = 'gzip'" : ''})`;
}

/** Reads one file into a table; a CSV file that is not UTF-8 is read as Latin-1. */
export async function readFile(duck: Duck, file: string, table: string, source?: string): Promise<void> {
  for (const encoding of ['utf-8', 'latin-1']) {
    const scan = scanSql(file, encoding);
    try {
      const columns = await duck.rows<{ column_name: string; column_type: string }>(`DESCRIBE SELECT * FROM ${scan}`);
      const read = columns.map(({ column_name: name, column_type: type }) => `${type === 'VARCHAR' ? `nullif(trim(${id(name)}), '')` : id(name)} AS ${id(name.trim())}`);
      const named = source === undefined ? '' : `, ${text(source)} AS ${id(fileColumn)}`;
      await duck.run(`CREATE OR REPLACE TEMP TABLE ${id(table)} AS SELECT ${read.join(', ')}${named} FROM ${scan}`);
      return;
    } catch (cause) {
      if (cause instanceof Problem) throw cause;
      const why = cause instanceof Error ? cause.message : String(cause);
      if (why.startsWith('Out of Memory')) throw cause;
      if (encoding === 'utf-8' && /utf-?8|unicode|encod/i.test(why)) continue;
      // The engine's message can hold a row of the file, so its first line alone is kept.
      throw new Problem('badInput', { what: `The file cannot be read: ${why.split('\n')[0]!.slice(0, 160)}`, where: file, todo: 'Save it as CSV with headings, or as Parquet.', cause });
    }
  }
}

/** The column of this name, whatever its case; a Problem offers the nearest. */
async function columnNamed(duck: Duck, table: string, columns: string[], wanted: string, option: string): Promise<string> {
  const found = columns.find((column) => column === wanted) ?? columns.find((column) => column.toLowerCase() === wanted.toLowerCase());
  if (found !== undefined) return found;
  const near = await duck.rows<{ name: string }>(
    `SELECT column_name AS name FROM duckdb_columns() WHERE table_name = $table AND jaro_winkler_similarity(lower(column_name), lower($wanted)) >= 0.7
     ORDER BY jaro_winkler_similarity(lower(column_name), lower($wanted)) DESC, 1 LIMIT 3`,
    { table, wanted },
  );
  const offered = near.length > 0 ? near.map(({ name }) => name) : columns;
  throw new Problem('badInput', { what: `The records have no column "${wanted}"`, where: option, todo: `${near.length > 0 ? 'Did you mean' : 'They have'} ${offered.join(', ')}?`.replace(/^(They have.*)\?$/, '$1.') });
}

/** Reads all files into the table `dedupe_input`, and checks that every record has an id of its own. */
export async function readRecords(duck: Duck, input: RecordFiles): Promise<ReadRecords> {
  const table = 'dedupe_input';
  const byFile = input.files.length > 1 && input.sourceColumn === undefined;
  const bases = input.files.map((file) => basename(file));
  const parts: string[] = [];
  for (const [index, file] of input.files.entries()) {
    const name = bases.filter((base) => base === bases[index]).length > 1 ? file : bases[index]!;
    parts.push(`dedupe_file_${index}`);
    await readFile(duck, file, `dedupe_file_${index}`, byFile ? name : undefined);
  }
  if (parts.length === 1) await duck.run(`ALTER TABLE ${id(parts[0]!)} RENAME TO ${id(table)}`);
  else {
    await duck.run(`CREATE OR REPLACE TEMP TABLE ${id(table)} AS ${parts.map((part) => `SELECT * FROM ${id(part)}`).join(' UNION ALL BY NAME ')}`);
    for (const part of parts) await duck.run(`DROP TABLE ${id(part)}`);
  }
  const columns = await columnsOf(duck, table);
  const idColumn = await columnNamed(duck, table, columns, input.idColumn, '--id');
  const source = byFile ? fileColumn : input.sourceColumn === undefined ? undefined : await columnNamed(duck, table, columns, input.sourceColumn, '--source');
  const truth = input.truthColumn === undefined ? undefined : await columnNamed(duck, table, columns, input.truthColumn, '--truth');
  const check = input.checkColumn === undefined ? undefined : await columnNamed(duck, table, columns, input.checkColumn, '--check');
  const records = await checkIds(duck, table, idColumn, source);
  return { table, records, columns, id: idColumn, ...(source === undefined ? {} : { source }), ...(truth === undefined ? {} : { truth }), ...(check === undefined ? {} : { check }) };
}

async function checkIds(duck: Duck, table: string, idColumn: string, source: string | undefined): Promise<number> {
  const key = source === undefined ? [id(idColumn)] : [id(idColumn), id(source)];
  const { records, missing } = await duck.one<{ records: number; missing: number }>(`SELECT count(*) AS records, count(*) FILTER (WHERE ${id(idColumn)} IS NULL) AS missing FROM ${id(table)}`);
  if (missing > 0) throw new Problem('badInput', { what: `${counted(missing, 'record has', 'records have')} no id in "${idColumn}"`, where: '--id', todo: 'Give every record an id.' });
  const [twice] = await duck.rows<{ value: string; source: string | null; times: number }>(
    `SELECT ${id(idColumn)}::VARCHAR AS value, ${source === undefined ? 'NULL' : `${id(source)}::VARCHAR`} AS source, count(*) AS times, min(rowid) AS first FROM ${id(table)} GROUP BY ${key.join(', ')} HAVING count(*) > 1 ORDER BY first LIMIT 1`,
  );
  if (twice) {
    const of = source === undefined ? '' : ` in source "${twice.source ?? ''}"`;
    throw new Problem('badInput', { what: `The id "${twice.value}" stands ${twice.times} times${of}`, where: `--id ${idColumn}`, todo: source === undefined ? 'Give every record its own id, or name the column of its source with --source.' : 'Give every record of a source its own id.' });
  }
  return records;
}
