// The rows in quarantine: all that loads set aside, less those that a later load released.

import { readParquetSql } from '../store/index.ts';

/** Open rows with their load: load_id, line, row_hash, nth, column_name, value, reason, faults, raw. */
export function openQuarantineSql(quarantined: readonly string[], released: readonly string[]): string {
  if (quarantined.length === 0) {
    return `SELECT '' AS load_id, CAST(0 AS BIGINT) AS line, CAST(NULL AS UUID) AS row_hash, 1 AS nth, '' AS column_name, '' AS value, '' AS reason, [{'column_name': '', 'value': '', 'reason': ''}] AS faults, [''] AS raw WHERE false`;
  }
  const all = `SELECT ${loadIdSql('filename')} AS load_id, * EXCLUDE (filename) FROM ${readParquetSql(quarantined, { filename: true })}`;
  if (released.length === 0) return all;
  return `SELECT every.* FROM (${all}) AS every ANTI JOIN ${readParquetSql(released)} AS gone ON every.load_id = gone.load_id AND every.line = gone.line`;
}

/** FEED/NNNNNN-SHA12 from the path of a file in a load's folder. */
export function loadIdSql(path: string): string {
  return `regexp_extract(${path}, '([^/\\\\]+)[/\\\\]([0-9]{6}-[0-9a-f]{12})[/\\\\][^/\\\\]+$', 1) || '/' || regexp_extract(${path}, '([^/\\\\]+)[/\\\\]([0-9]{6}-[0-9a-f]{12})[/\\\\][^/\\\\]+$', 2)`;
}

/** Counts of open rows by feed, column and reason, the commonest first; each with the commonest value and where it is first. */
export function quarantineCountsSql(open: string): string {
  return `SELECT feed, column_name, reason, CAST(sum(n) AS BIGINT) AS rows, first(load_id ORDER BY n DESC, load_id, line) AS load_id, first(line ORDER BY n DESC, load_id, line) AS line, first(value ORDER BY n DESC, load_id, line) AS value
FROM (SELECT split_part(load_id, '/', 1) AS feed, fault.column_name AS column_name, fault.reason AS reason, fault.value AS value, count(*) AS n, min(load_id) AS load_id, arg_min(line, (load_id, line)) AS line
  FROM (SELECT load_id, line, unnest(faults) AS fault FROM (${open})) GROUP BY ALL)
GROUP BY feed, column_name, reason ORDER BY rows DESC, feed, column_name, reason`;
}

/** Open rows, those with the commonest first fault before the others, in the order of their files and lines. */
export function openByFaultSql(open: string): string {
  return `SELECT load_id, line, faults, raw FROM (SELECT *, count(*) OVER (PARTITION BY column_name, reason) AS n FROM (${open})) ORDER BY n DESC, column_name, reason, load_id, line`;
}
