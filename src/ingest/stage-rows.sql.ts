// The statements that turn a file's text cells into accepted, quarantined and repeated rows, inside the query engine.
// raw (text as it came) → staged (typed, with `sound`) → accepted, faulty.
// `held` has each row content already accepted and how many times it has occurred; `held_faulty` the same for quarantine.

import { id, text } from '../store/index.ts';
import { typedColumn, dayOnlySql } from './column-type.sql.ts';
import type { Contract, ContractColumn } from './contract.schema.ts';

export interface SourceColumn {
  /** The heading in the file. */
  heading: string;
  /** The contract's column, where there is one. */
  column?: ContractColumn;
  /** Keep an extra column as text under its heading. */
  keep: boolean;
}

export interface CsvShape {
  delimiter: string;
  columns: SourceColumn[];
  /** The file's first column holds line numbers (a copy that the strict reader made). */
  numbered: boolean;
}

/** Reads a CSV of text cells into `raw`. Throws where the file is not a clean CSV. */
export function readRawSql(path: string, shape: CsvShape): string {
  const names = [...(shape.numbered ? ['line'] : []), ...shape.columns.map((_, i) => `c${i}`)];
  const columns = names.map((name) => `${text(name)}: 'VARCHAR'`).join(', ');
  return `CREATE OR REPLACE TEMP TABLE raw AS SELECT ${shape.numbered ? 'CAST(line AS BIGINT) AS line' : 'rowid_placeholder'}, ${shape.columns.map((_, i) => `c${i}`).join(', ')}
FROM read_csv(${text(path)}, auto_detect = false, header = ${!shape.numbered}, delim = ${text(shape.delimiter)}, quote = '"', escape = '"', strict_mode = true, null_padding = false, ignore_errors = false, columns = {${columns}})`.replace('rowid_placeholder, ', '');
}

const lineSql = (shape: CsvShape) => (shape.numbered ? 'line' : 'rowid + 2');

/** A cell without the spaces around it; empty is NULL. */
const trimmed = (cell: string) => `CASE WHEN ${cell} <= '!' OR right(${cell}, 1) <= ' ' THEN nullif(trim(${cell}, E' \\t\\r\\n'), '') ELSE ${cell} END`;

/** The content of a row: its contract columns as text, in the contract's order, so that a file's column order does not matter. */
function contentHashSql(contract: Contract, shape: CsvShape): string {
  const cells = [...contract.columns.map((column) => shape.columns.findIndex((source) => source.column === column)), ...shape.columns.flatMap((source, i) => (source.keep ? [i] : []))];
  const present = cells.map((i) => (i < 0 ? `''` : `coalesce(c${i}, '')`));
  return `CAST(md5(concat_ws(chr(31), ${present.join(', ')})) AS UUID)`;
}

interface Staged {
  column: ContractColumn;
  source: number;
  value: string;
  typed: string;
}

function stagedColumns(contract: Contract, shape: CsvShape): Staged[] {
  return contract.columns.map((column, i) => ({
    column,
    source: shape.columns.findIndex((source) => source.column === column),
    value: `v${i}`,
    typed: `t${i}`,
  }));
}

/** Each row's trimmed text (v…) and typed values (t…), by way of the steps (s…) that some types take, each in a relation of its own. */
function readingSql(contract: Contract, shape: CsvShape, where = ''): string {
  const staged = stagedColumns(contract, shape);
  const values = staged.map((item) => `${item.source < 0 ? 'CAST(NULL AS VARCHAR)' : trimmed(`c${item.source}`)} AS ${item.value}`);
  const extras = shape.columns.flatMap((source, i) => (source.keep ? [`${trimmed(`c${i}`)} AS ${id(source.heading)}`] : []));
  let relation = `SELECT ${lineSql(shape)} AS line, ${contentHashSql(contract, shape)} AS row_hash, ${[...values, ...extras].join(', ')} FROM raw ${where}`;
  const readings = staged.map((item) => ({ ...item, reading: typedColumn(item.column) }));
  const deepest = Math.max(...readings.map(({ reading }) => reading.steps.length));
  const stepName = (item: Staged, step: number) => (step < 0 ? item.value : `s${step}_${item.typed}`);
  for (let step = 0; step < deepest; step += 1) {
    const made = readings.flatMap((item) => {
      const make = item.reading.steps[step];
      return make ? [`${make(item.value, stepName(item, step - 1))} AS ${stepName(item, step)}`] : [];
    });
    relation = `SELECT *, ${made.join(', ')} FROM (${relation})`;
  }
  const typed = readings.map((item) => `${item.reading.typed(item.value, stepName(item, item.reading.steps.length - 1))} AS ${item.typed}`);
  return `SELECT *, ${typed.join(', ')} FROM (${relation})`;
}

interface Rule {
  column: string;
  value: string;
  /** True where the row keeps the rule; never NULL. */
  holds: string;
  reason: string;
}

function rulesOf(contract: Contract, shape: CsvShape): Rule[] {
  const staged = stagedColumns(contract, shape);
  const rules: Rule[] = [];
  for (const { column, value, typed } of staged) {
    const reading = typedColumn(column);
    const add = (holds: string, reason: string) => rules.push({ column: column.name, value, holds, reason });
    if (column.required) add(`${value} IS NOT NULL`, 'empty, and must be filled');
    if (column.type !== 'text' && column.type !== 'geometry') add(`(${value} IS NULL OR ${typed} IS NOT NULL)`, reading.unreadable);
    if (column.type !== 'geometry') add(`(${value} IS NULL OR strlen(${value}) <= ${column.longest} OR length(${value}) <= ${column.longest})`, `longer than ${column.longest} characters`);
    for (const rule of reading.rules) add(`(${typed} IS NULL OR ${rule.holds(value, typed)})`, rule.reason);
  }
  for (const [i, longitude] of staged.filter((item) => item.column.type === 'longitude').entries()) {
    const latitude = staged.filter((item) => item.column.type === 'latitude')[i];
    if (!latitude) continue;
    rules.push({ column: longitude.column.name, value: longitude.value, holds: `(${latitude.value} IS NULL OR ${longitude.value} IS NOT NULL)`, reason: 'empty, where the latitude is filled' });
    rules.push({ column: latitude.column.name, value: latitude.value, holds: `(${longitude.value} IS NULL OR ${latitude.value} IS NOT NULL)`, reason: 'empty, where the longitude is filled' });
    if (longitude.column.within === 'united-kingdom') {
      rules.push({ column: longitude.column.name, value: longitude.value, holds: `NOT (coalesce(${longitude.typed}, 1) = 0 AND coalesce(${latitude.typed}, 1) = 0)`, reason: 'longitude 0 and latitude 0, a default and not a place' });
    }
  }
  return rules;
}

/** The key of a row as text, NULL where all its columns are empty or the whole row is the key. */
function keySql(contract: Contract, shape: CsvShape): string {
  if (!Array.isArray(contract.key)) return 'CAST(NULL AS VARCHAR)';
  const parts = contract.key.map((name) => `CAST(${stagedColumns(contract, shape).find((item) => item.column.name === name)!.typed} AS VARCHAR)`);
  if (parts.length === 1) return parts[0]!;
  return `CASE WHEN coalesce(${parts.join(', ')}) IS NOT NULL THEN concat_ws('/', ${parts.map((part) => `coalesce(${part}, '')`).join(', ')}) END`;
}

/** raw → staged: typed values under the contract's names, the row's key and whether it keeps every rule. */
export function stageSql(contract: Contract, shape: CsvShape): string {
  const staged = stagedColumns(contract, shape);
  const dayOnly = staged.filter((item) => item.column.type === 'datetime').map((item) => `${dayOnlySql(item.value)} AS ${id(dayOnlyName(item.column.name))}`);
  const extras = shape.columns.flatMap((source) => (source.keep ? [id(source.heading)] : []));
  const sound = rulesOf(contract, shape).map((rule) => rule.holds);
  return `CREATE OR REPLACE TEMP TABLE staged AS SELECT line, row_hash, ${keySql(contract, shape)} AS row_key, ${sound.join(' AND ') || 'true'} AS sound, ${[...staged.map((item) => `${item.typed} AS ${id(item.column.name)}`), ...dayOnly, ...extras].join(', ')} FROM (${readingSql(contract, shape)})`;
}

/** Beside each datetime column: true where the file gave the day alone. */
export function dayOnlyName(column: string): string {
  return `${column}@day`;
}

/** What staged holds, in one look: rows, different contents, keys and different keys, and rows that break a rule. */
export const stagedCountsSql = `SELECT count(*) AS rows, count(DISTINCT row_hash) AS contents, count(row_key) AS keyed, count(DISTINCT row_key) AS keys, count(*) FILTER (NOT sound) AS unsound FROM staged`;

/** Row contents that occur more than once in this file, and which of their rows is the nth. */
export const occurrenceSql = `CREATE OR REPLACE TEMP TABLE twin AS
SELECT line, row_hash, row_number() OVER (PARTITION BY row_hash ORDER BY line) AS nth
FROM staged SEMI JOIN (SELECT row_hash FROM staged GROUP BY row_hash HAVING count(*) > 1) AS twice USING (row_hash)`;

/** Whether the nth identical row is one more row (occurrence, or an empty key), or the same row again. */
function countsSql(contract: Contract): string {
  if (contract.key === 'occurrence') return 'true';
  if (contract.key === 'row') return 'false';
  return 'staged.row_key IS NULL';
}

/** staged → sorted: the rows of contents that occur more than once, each with its occurrence and whether it is the same row again. */
export function sortSql(contract: Contract): string {
  return `CREATE OR REPLACE TEMP TABLE sorted AS
SELECT staged.line, staged.row_hash, staged.sound, CASE WHEN ${countsSql(contract)} OR NOT staged.sound THEN twin.nth ELSE 1 END AS nth,
  twin.nth > 1 AND staged.sound AND NOT ${countsSql(contract)} AS repeated
FROM staged JOIN twin USING (line)`;
}

/** What a file's rows need to be looked at for: contents that occur more than once in it, rows held from earlier files. */
export interface StageNeeds {
  twins: boolean;
  held: boolean;
}

/** Lines that are repeated: again in this file, or held from an earlier one. */
export function repeatedSql({ twins, held }: StageNeeds): string {
  const once = 'SELECT line, row_hash, sound, CAST(1 AS BIGINT) AS nth FROM staged';
  const all = twins ? `${once} ANTI JOIN twin USING (line) UNION ALL SELECT line, row_hash, sound, nth FROM sorted` : once;
  const again = ['held', 'held_faulty'].map((table) => `SELECT line FROM (${all}) AS every SEMI JOIN ${table} ON every.row_hash = ${table}.row_hash AND every.nth = ${table}.nth WHERE ${table === 'held' ? '' : 'NOT '}every.sound`);
  return `CREATE OR REPLACE TEMP TABLE repeated AS ${[...(twins ? ['SELECT line FROM sorted WHERE repeated'] : []), ...(held ? again : [])].join(' UNION ')}`;
}

const unrepeated = (needs: StageNeeds) => (needs.twins || needs.held ? ' AND staged.line NOT IN (SELECT line FROM repeated)' : '');

/** The rows to keep, as they are written to accepted.parquet. */
export function acceptedSql(contract: Contract, shape: CsvShape, needs: StageNeeds): string {
  const names = contract.columns.map((column) => column.name);
  const dayOnly = contract.columns.filter((column) => column.type === 'datetime').map((column) => dayOnlyName(column.name));
  const extras = shape.columns.flatMap((source) => (source.keep ? [source.heading] : []));
  const columns = [...names, ...dayOnly, ...extras].map((name) => `staged.${id(name)}`);
  const nth = needs.twins ? 'CAST(coalesce(sorted.nth, 1) AS INTEGER)' : '1';
  const key = `coalesce(staged.row_key, CAST(staged.row_hash AS VARCHAR)${needs.twins ? ` || CASE WHEN ${nth} > 1 THEN '-' || ${nth} ELSE '' END` : ''})`;
  return `SELECT staged.line, ${key} AS row_key, staged.row_hash, ${nth} AS nth, ${columns.join(', ')}
FROM staged ${needs.twins ? 'LEFT JOIN sorted USING (line)' : ''} WHERE staged.sound${unrepeated(needs)}`;
}

/** The rows to quarantine, each with every fault and its cells as they came. */
export function faultySql(contract: Contract, shape: CsvShape, needs: StageNeeds): string {
  const faults = rulesOf(contract, shape).map((rule) => `CASE WHEN NOT ${rule.holds} THEN {'column_name': ${text(rule.column)}, 'value': ${rule.value}, 'reason': ${text(rule.reason)}} END`);
  const raw = `[${shape.columns.map((_, i) => `coalesce(raw.c${i}, '')`).join(', ')}]`;
  const wanted = `WHERE ${lineSql(shape)} IN (SELECT line FROM staged WHERE NOT sound${unrepeated(needs)})`;
  const nth = needs.twins ? 'CAST(coalesce(sorted.nth, 1) AS INTEGER)' : '1';
  return `SELECT found.line, found.row_hash, ${nth} AS nth, faults[1].column_name AS column_name, faults[1].value AS value, faults[1].reason AS reason, faults, ${raw} AS raw
FROM (SELECT line, row_hash, list_filter([${faults.join(', ')}], lambda fault: fault IS NOT NULL) AS faults FROM (${readingSql(contract, shape, wanted)})) AS found
JOIN raw ON found.line = ${shape.numbered ? 'raw.line' : 'raw.rowid + 2'} ${needs.twins ? 'LEFT JOIN sorted ON found.line = sorted.line' : ''}`;
}

/** Rows that are no rows of the contract's columns at all: the line as it came, in one cell. */
export function malformedSql(): string {
  return `SELECT line, row_hash, CAST(nth AS INTEGER) AS nth, CAST(NULL AS VARCHAR) AS column_name, left(raw, 200) AS value, reason,
  [{'column_name': CAST(NULL AS VARCHAR), 'value': left(raw, 200), 'reason': reason}] AS faults, [raw] AS raw
FROM (SELECT *, CAST(md5('line' || chr(31) || raw) AS UUID) AS row_hash, row_number() OVER (PARTITION BY raw ORDER BY line) AS nth FROM malformed) AS found
ANTI JOIN held_faulty ON found.row_hash = held_faulty.row_hash AND found.nth = held_faulty.nth`;
}

/** The rows of a mended file that take the place of held ones: all but those that came back unchanged. */
export function releasedByMendSql(load: string, line: string, openQuarantine: string, needs: StageNeeds): string {
  return `SELECT DISTINCT open.load_id, open.line FROM (${openQuarantine}) AS open
JOIN (SELECT ${load} AS load_id, try_cast(${line} AS BIGINT) AS held_line FROM raw JOIN staged USING (line) WHERE staged.sound OR (true${unrepeated(needs)})) AS mended
ON open.load_id = mended.load_id AND open.line = mended.held_line`;
}

/** How many accepted rows of a keyed feed have the key of a later row in the same file. */
export function supersededSql(acceptedPath: string): string {
  return `SELECT CAST(coalesce(sum(n - 1), 0) AS BIGINT) AS superseded FROM (SELECT count(*) AS n FROM read_parquet(${text(acceptedPath)}) GROUP BY row_key HAVING count(*) > 1)`;
}
