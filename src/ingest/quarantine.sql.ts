// The rows in quarantine: all that loads set aside, less those that a later load released.

import { text } from '../store/index.ts';

/** Open rows with their load: load_id, line, row_hash, nth, column_name, value, reason, faults, raw. */
export function openQuarantineSql(quarantined: readonly string[], released: readonly string[]): string {
  if (quarantined.length === 0) {
    return `SELECT '' AS load_id, CAST(0 AS BIGINT) AS line, CAST(NULL AS UUID) AS row_hash, 1 AS nth, '' AS column_name, '' AS value, '' AS reason, [{'column_name': '', 'value': '', 'reason': ''}] AS faults, [''] AS raw WHERE false`;
  }
  const all = `SELECT ${loadIdSql('filename')} AS load_id, * EXCLUDE (filename) FROM read_parquet([${quarantined.map(text).join(', ')}], filename = true)`;
  if (released.length === 0) return all;
  return `SELECT every.* FROM (${all}) AS every ANTI JOIN read_parquet([${released.map(text).join(', ')}]) AS gone ON every.load_id = gone.load_id AND every.line = gone.line`;
}

/** FEED/NNNNNN-SHA12 from the path of a file in a load's folder. */
export function loadIdSql(path: string): string {
  return `regexp_extract(${path}, '([^/\\\\]+)[/\\\\]([0-9]{6}-[0-9a-f]{12})[/\\\\][^/\\\\]+$', 1) || '/' || regexp_extract(${path}, '([^/\\\\]+)[/\\\\]([0-9]{6}-[0-9a-f]{12})[/\\\\][^/\\\\]+$', 2)`;
}

/** Counts of open rows by feed, column and reason. */
export function quarantineCountsSql(open: string): string {
  return `SELECT split_part(load_id, '/', 1) AS feed, fault.column_name AS column_name, fault.reason AS reason, CAST(count(*) AS BIGINT) AS rows
FROM (SELECT load_id, unnest(faults) AS fault FROM (${open})) GROUP BY ALL ORDER BY feed, rows DESC, column_name, reason`;
}
