// How the query engine is told to read Parquet files, plain or encrypted: each file says for itself which key it needs. Files of several kinds
// are read as one relation.

import { text } from './quote-sql.ts';
import type { FileKey } from './home-key.ts';
import { parquetKind, sealedParquetKeyId } from './sealed-parquet.ts';

/** The name under which a connection knows a key. */
const keyName = (id: string): string => `home-${id}`;

/** Gives the connection's database a key, in memory alone. */
export const addKeySql = ({ id, parquet }: FileKey): string => `PRAGMA add_parquet_key(${text(keyName(id))}, ${text(parquet.toString('base64'))})`;

/** The id of the key that a message of the engine misses. */
export const missingKeyId = (message: string): string | undefined => /No key with name "home-([0-9a-f]{16})"/.exec(message)?.[1];

export interface ReadOptions {
  /** Columns that some files lack are NULL. */
  unionByName?: boolean;
  /** Adds the column filename. */
  filename?: boolean;
}

/** A relation of the rows of these files, to stand after FROM. */
export function readParquetSql(paths: string | readonly string[], options: ReadOptions = {}): string {
  const all = typeof paths === 'string' ? [paths] : paths;
  const groups = Map.groupBy(all, (path) => (parquetKind(path) === 'sealed' ? sealedParquetKeyId(path) : ''));
  // The engine cannot open encrypted files by name together, so that each is read for itself.
  const reads = [...groups].flatMap(([key, files]) => (key !== '' && options.unionByName ? files.map((file) => [file]) : [files]).map((some) => readSql(some, key, options)));
  return reads.length === 1 ? reads[0]! : `(${reads.map((read) => `SELECT * FROM ${read}`).join(' UNION ALL BY NAME ')})`;
}

function readSql(paths: readonly string[], key: string, { unionByName, filename }: ReadOptions): string {
  const list = paths.length === 1 ? text(paths[0]!) : `[${paths.map(text).join(', ')}]`;
  const settings = [
    ...(unionByName && paths.length > 1 ? ['union_by_name = true'] : []),
    ...(filename ? ['filename = true'] : []),
    ...(key === '' ? [] : [`encryption_config = {footer_key: ${text(keyName(key))}}`]),
  ];
  return `read_parquet(${[list, ...settings].join(', ')})`;
}
