// The lake's few statements: write a table as Parquet, read one back.

import { id, text } from './duck.ts';
import { readParquetSql } from './read-parquet.sql.ts';

/**
 * A column with more values than this in a row group is written as it is. Zstandard makes as little of it as of a dictionary, which would take up to
 * a fifth of the time that the file takes: names, places and ids have more, codes and words have fewer.
 */
const mostInDictionary = 4096;

/** Writes the rows of a SELECT to one Parquet file. */
export function copyToParquetSql(select: string, path: string): string {
  return `COPY (${select}) TO ${text(path)} (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, ROW_GROUP_SIZE 122880, DICTIONARY_SIZE_LIMIT ${mostInDictionary})`;
}

export function countParquetSql(path: string): string {
  return `SELECT count(*) AS n FROM ${readParquetSql(path)}`;
}

/** A table in memory, or a view that reads the file each time. */
export function attachParquetSql(name: string, path: string, as: 'TABLE' | 'VIEW'): string {
  return `CREATE OR REPLACE ${as} ${id(name)} AS SELECT * FROM ${readParquetSql(path)}`;
}

/** The engine may read this folder and nothing else, and its settings are locked. */
export function confineSql(folder: string): string {
  return `SET allowed_directories = [${text(`${folder}/`)}]; SET enable_external_access = false; SET lock_configuration = true;`;
}

/** The engine may read these files and nothing else, and its settings are locked. */
export function confineToFilesSql(paths: readonly string[]): string {
  return `SET allowed_paths = [${paths.map(text).join(', ')}]; SET enable_external_access = false; SET lock_configuration = true;`;
}
