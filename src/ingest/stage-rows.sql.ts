// The statements that turn a file's text cells into accepted, quarantined and repeated rows, inside the query engine.
// A source of text cells (c0, c1 …) → staged (typed values, and whether each is sound) → accepted; and, only where some rows are not sound, wanted → faulty.
// `held` has each row content already accepted and how many times it has occurred; `held_faulty` the same for quarantine.

import { id, readParquetSql, text } from '../store/index.ts';
import { typedColumn, dayOnlySql } from './column-type.sql.ts';
import type { Contract, ContractColumn } from './contract.schema.ts';
import { identifyingColumns } from './identifying-columns.ts';
import { isMendedFile, mendColumns } from './mended-file.ts';
import { coordinateRefusalSql, elsewhereReason, elsewhereSql, shortenedIdReason, shortenedIdSql, zeroReason, type PointSql } from './refusal.sql.ts';

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
  /** Some line is long enough for a cell to be longer than it may be. */
  long: boolean;
  /** Some cell may have non-breaking spaces, which word processors and web pages leave. */
  spaces: boolean;
}

/** Bytes that one thread reads at a time: small enough for a file of some megabytes to keep two threads busy, and over twice the longest line (2 MB). */
const readAhead = 5_000_000;

/** A CSV as a relation of text cells, empty ones as ''. The query engine rejects it where it is not clean. */
export function csvSourceSql(path: string, shape: CsvShape): string {
  const names = [...(shape.numbered ? ['line'] : []), ...shape.columns.map((_, i) => `c${i}`)];
  const columns = names.map((name) => `${text(name)}: 'VARCHAR'`).join(', ');
  return `read_csv(${text(path)}, auto_detect = false, header = ${!shape.numbered}, delim = ${text(shape.delimiter)}, quote = '"', escape = '"', nullstr = E'\\x01', buffer_size = ${readAhead}, strict_mode = true, null_padding = false, ignore_errors = false, columns = {${columns}})`;
}

/**
 * Lines counted while the file is read, by one thread. For a plan that does not keep the file's order (see keepsOrder);
 * the copy is "numbered" from then on.
 */
export function countedSourceSql(source: string): string {
  return `(SELECT row_number() OVER () + 1 AS line, * FROM ${source}) AS counted`;
}

/** Whether a plan stores rows in the order of the file, whatever thread reads them: then a row's place gives its line. Any join in it would not. */
export function keepsOrder(plan: string): boolean {
  return plan.includes('BATCH_CREATE_TABLE_AS') && !plan.includes('JOIN');
}

/** The staged rows with their lines: by their own column, or by their place. */
export function linedSql(numbered: boolean): string {
  return `CREATE OR REPLACE TEMP VIEW lined AS SELECT ${numbered ? `CAST(line AS BIGINT) AS line, * EXCLUDE (line)` : 'rowid + 2 AS line, *'} FROM staged`;
}

/** Spaces around a cell; the last is non-breaking. */
const spaceCharacters = ` \\t\\r\\n\u00a0`;

/** A cell without the spaces around it; empty is NULL. Where a file has non-breaking spaces (`spaces`), those within a cell become plain ones if they may (`plain`). */
function trimmed(cell: string, spaces: boolean, plain: boolean): string {
  if (spaces) return `nullif(trim(${plain ? `replace(${cell}, '\u00a0', ' ')` : cell}, E'${spaceCharacters}'), '')`;
  // Most cells that need anything done are empty, and trimming takes longer than any other step.
  return `CASE WHEN ${cell} = '' THEN NULL WHEN ${cell} <= '!' OR suffix(${cell}, ' ') THEN nullif(trim(${cell}, E' \\t\\r\\n'), '') ELSE ${cell} END`;
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

/** Extra columns that the contract keeps, in the order of their names. */
function keptColumns(shape: CsvShape): { heading: string; cell: string }[] {
  return shape.columns.flatMap(({ heading, keep }, i) => (keep ? [{ heading, cell: `c${i}` }] : [])).toSorted((a, b) => (a.heading < b.heading ? -1 : 1));
}

/** Each row's trimmed text (v…) and typed values (t…), by way of the steps (s…) that some types take, each in a relation of its own. */
function readingSql(contract: Contract, shape: CsvShape, source: string, more: readonly string[] = []): string {
  const staged = stagedColumns(contract, shape);
  const values = staged.map((item) => `${item.source < 0 ? 'CAST(NULL AS VARCHAR)' : trimmed(`c${item.source}`, shape.spaces, !['text', 'geometry'].includes(item.column.type))} AS ${item.value}`);
  const extras = keptColumns(shape).map(({ heading, cell }) => `${trimmed(cell, shape.spaces, false)} AS ${id(heading)}`);
  let relation = `SELECT ${[...more, ...values, ...extras].join(', ')} FROM ${source}`;
  const readings = staged.map((item) => {
    const reading = typedColumn(item.column);
    return { ...item, reading, steps: reading.steps.map((_, step) => `s${step}_${item.typed}`) };
  });
  const deepest = Math.max(...readings.map(({ steps }) => steps.length));
  for (let step = 0; step < deepest; step += 1) {
    const made = readings.flatMap(({ reading, value, steps }) => {
      const make = reading.steps[step];
      return make ? [`${make(value, steps.slice(0, step))} AS ${steps[step]}`] : [];
    });
    relation = `SELECT *, ${made.join(', ')} FROM (${relation})`;
  }
  const typed = readings.map(({ reading, value, steps, typed: name }) => `${reading.typed(value, steps.at(-1) ?? value, steps)} AS ${name}`);
  return `SELECT *, ${typed.join(', ')} FROM (${relation})`;
}

interface Rule {
  column: string;
  value: string;
  /** True where the row keeps the rule; never NULL. */
  holds: string;
  reason: string;
  /** The reason more closely, as an expression: NULL where it does not know. */
  because?: string;
}

function rulesOf(contract: Contract, shape: CsvShape): Rule[] {
  const staged = stagedColumns(contract, shape);
  const identifying = identifyingColumns(contract);
  const rules: Rule[] = [];
  for (const { column, value, typed } of staged) {
    const reading = typedColumn(column);
    const because = closerReason(staged, { column, value }) ?? reading.because?.(value);
    const add = (holds: string, reason: string, closer?: string) => rules.push({ column: column.name, value, holds, reason, because: closer });
    if (column.required) add(`${value} IS NOT NULL`, 'empty, and must be filled');
    if (column.type !== 'text' && column.type !== 'geometry') add(`(${value} IS NULL OR ${typed} IS NOT NULL)`, reading.unreadable, because);
    if (shape.long && column.type !== 'geometry') add(`(${value} IS NULL OR length(${value}) <= ${column.longest})`, `longer than ${column.longest} characters`);
    if (column.type === 'text' && identifying.has(column.name)) add(`(${value} IS NULL OR NOT ${shortenedIdSql(value)})`, shortenedIdReason);
    for (const rule of reading.rules) add(`(${typed} IS NULL OR ${rule.holds(value, typed)})`, rule.reason, pointOf(staged, column) && because);
  }
  return [...rules, ...pointRules(staged), ...emptyRules(contract, staged)];
}

interface Point {
  longitude: Staged;
  latitude: Staged;
}

/** Longitudes and latitudes that belong together: the first with the first, the second with the second. */
function pointsOf(staged: readonly Staged[]): Point[] {
  const latitudes = staged.filter((item) => item.column.type === 'latitude');
  return staged.filter((item) => item.column.type === 'longitude').flatMap((longitude, i) => (latitudes[i] ? [{ longitude, latitude: latitudes[i] }] : []));
}

function pointOf(staged: readonly Staged[], column: ContractColumn): Point | undefined {
  return pointsOf(staged).find(({ longitude, latitude }) => longitude.column === column || latitude.column === column);
}

/** What is wrong with a coordinate is seen from both cells of its point. */
function closerReason(staged: readonly Staged[], { column }: Pick<Staged, 'column' | 'value'>): string | undefined {
  const point = pointOf(staged, column);
  if (!point || column.within === 'anywhere') return undefined;
  const number = (item: Staged) => `try_cast(${item.value} AS DOUBLE)`;
  return coordinateRefusalSql({ longitude: number(point.longitude), latitude: number(point.latitude) });
}

/** A longitude and a latitude belong together, and mean a place on land. */
function pointRules(staged: Staged[]): Rule[] {
  return pointsOf(staged).flatMap(({ longitude, latitude }): Rule[] => {
    const half = (filled: Staged, empty: Staged, name: string): Rule => ({ column: empty.column.name, value: empty.value, holds: `(${filled.value} IS NULL OR ${empty.value} IS NOT NULL)`, reason: `empty, where the ${name} is filled` });
    const at = { column: longitude.column.name, value: longitude.value };
    const point: PointSql = { longitude: longitude.typed, latitude: latitude.typed };
    const anywhere = [longitude, latitude].some((item) => item.column.within === 'anywhere');
    const zero = `(coalesce(${longitude.typed}, 1) = 0 AND coalesce(${latitude.typed}, 1) = 0)`;
    return [
      half(latitude, longitude, 'latitude'),
      half(longitude, latitude, 'longitude'),
      { ...at, holds: `NOT ${zero}`, reason: zeroReason },
      ...(anywhere ? [] : [{ ...at, holds: `NOT ${elsewhereSql(point)}`, reason: elsewhereReason }]),
    ];
  });
}

/** Where no column must be filled, one of them must. */
function emptyRules(contract: Contract, staged: Staged[]): Rule[] {
  if (contract.columns.some((column) => column.required)) return [];
  const [first] = staged;
  return [{ column: first!.column.name, value: first!.value, holds: `coalesce(${staged.map((item) => item.value).join(', ')}) IS NOT NULL`, reason: 'empty, as all columns of the contract are' }];
}

/** The key of a row as text, NULL where all its columns are empty or the whole row is the key. */
function keySql(contract: Contract, typedOf: (name: string) => string): string {
  if (!Array.isArray(contract.key)) return 'CAST(NULL AS VARCHAR)';
  const parts = contract.key.map((name) => `CAST(${typedOf(name)} AS VARCHAR)`);
  if (parts.length === 1) return parts[0]!;
  return `CASE WHEN coalesce(${parts.join(', ')}) IS NOT NULL THEN concat_ws('/', ${parts.map((part) => `coalesce(${part}, '')`).join(', ')}) END`;
}

/**
 * The content of a row, as two 64-bit hashes of its typed values, the contract's columns first and then the extra ones by name.
 * The engine's own hash: fast, and the same for as long as its version is the same (see heldContentSql).
 */
function contentSql(values: readonly string[]): [string, string] {
  return [`hash(${values.join(', ')})`, `hash('b', ${values.join(', ')})`];
}

/** A row's content as text, for rows that have no key of their own. */
const contentText = `to_hex(staged.hash_a) || '.' || to_hex(staged.hash_b)`;

/** Whether a staged row keeps every rule; the cells of one that does not, as they came, in a list. No column of a file may have such names. */
export const isSound = id('sound@file');
const cellsAsCame = id('cells@file');

/** Source → staged: typed values under the contract's names, the row's content and key, whether it keeps every rule, and its cells where it does not. */
export function stageSql(contract: Contract, shape: CsvShape, source: string): string {
  const staged = stagedColumns(contract, shape);
  const typedOf = (name: string) => staged.find((item) => item.column.name === name)!.typed;
  const dayOnly = staged.filter((item) => item.column.type === 'datetime').map((item) => `${dayOnlySql(item.value)} AS ${id(dayOnlyName(item.column.name))}`);
  const extras = keptColumns(shape).map(({ heading }) => id(heading));
  const [a, b] = contentSql([...staged.map((item) => item.typed), ...extras]);
  const mended = isMendedFile(shape.columns.map((column) => column.heading)) ? ['load', 'line'].map((name) => `c${shape.columns.findIndex((column) => column.heading === `headwater_${name}`)} AS mended_${name}`) : [];
  const cells = shape.columns.map((_, i) => ({ cell: `c${i}`, as: id(`c${i}@file`) }));
  const more = [...(shape.numbered ? ['line'] : []), ...mended, ...cells.map(({ cell, as }) => `${cell} AS ${as}`)];
  const outer = [...(shape.numbered ? ['line'] : []), ...mended.map((_, i) => ['mended_load', 'mended_line'][i]!)];
  const columns = [...outer, `${a} AS hash_a`, `${b} AS hash_b`, `${keySql(contract, typedOf)} AS row_key`, isSound, `CASE WHEN NOT ${isSound} THEN [${cells.map(({ as }) => as).join(', ')}] END AS ${cellsAsCame}`, ...staged.map((item) => `${item.typed} AS ${id(item.column.name)}`), ...dayOnly, ...extras];
  const sound = rulesOf(contract, shape).map((rule) => rule.holds).join(' AND ') || 'true';
  return `CREATE OR REPLACE TEMP TABLE staged AS SELECT ${columns.join(', ')} FROM (SELECT *, ${sound} AS ${isSound} FROM (${readingSql(contract, shape, source, more)}))`;
}

/** Beside each datetime column: true where the file gave the day alone. */
export function dayOnlyName(column: string): string {
  return `${column}@day`;
}

/** The content of rows that an earlier load accepted, from its columns as they are in its Parquet file. */
export function heldContentSql(contract: Contract, path: string, present: ReadonlySet<string>): string {
  const own = contract.columns.map(({ name, ...column }) => `CAST(${present.has(name) ? id(name) : 'NULL'} AS ${typedColumn({ name, ...column }).type})`);
  const named = new Set(contract.columns.map((column) => column.name));
  const extras = [...present].filter((name) => !named.has(name) && !recordColumns.has(name) && !name.includes('@')).toSorted((one, two) => (one < two ? -1 : 1));
  const [a, b] = contentSql([...own, ...extras.map(id)]);
  return `SELECT ${a} AS hash_a, ${b} AS hash_b, nth FROM ${readParquetSql(path)}`;
}

/** Columns of accepted.parquet that are no column of the contract. */
export const recordColumns: ReadonlySet<string> = new Set(['line', 'row_key', 'hash_a', 'hash_b', 'nth', 'filename']);

/** What staged holds, in one look: rows, sound rows, those of them with a key of their own and their different keys. */
export const stagedCountsSql = `SELECT count(*) AS rows, count(*) FILTER (${isSound}) AS sound, count(row_key) FILTER (${isSound}) AS keyed, count(DISTINCT hash(row_key)) FILTER (${isSound} AND row_key IS NOT NULL) AS keys FROM staged`;

/** Contents that occur more than once among the sound rows. */
export const twiceSql = `CREATE OR REPLACE TEMP TABLE twice AS SELECT hash_a FROM staged WHERE ${isSound} GROUP BY hash_a HAVING count(*) > 1`;

/** The shortest limit of a contract's columns: a file without a longer line breaks none. */
export function leastLimit(contract: Contract): number {
  return Math.min(...contract.columns.map((column) => column.longest));
}

/** What a file's rows need to be looked at for: contents that occur more than once in it, rows held from earlier files. */
export interface StageNeeds {
  twins: boolean;
  held: boolean;
}

/** Sound rows of contents that occur more than once: which of them each is, and whether it is the same row again or one more. */
export function twinsSql(contract: Contract): string {
  const oneMore = contract.key === 'occurrence' ? 'true' : contract.key === 'row' ? 'false' : 'row_key IS NULL';
  return `CREATE OR REPLACE TEMP TABLE twin AS
SELECT line, hash_a, hash_b, CASE WHEN ${oneMore} THEN place ELSE 1 END AS nth, place > 1 AND NOT (${oneMore}) AS again
FROM (SELECT line, hash_a, hash_b, row_key, row_number() OVER (PARTITION BY hash_a, hash_b ORDER BY line) AS place
  FROM lined SEMI JOIN twice USING (hash_a) WHERE ${isSound})`;
}

/** Lines whose content an earlier file holds. */
export function repeatedSql(twins: boolean): string {
  const once = `SELECT line, hash_a, hash_b, CAST(1 AS BIGINT) AS nth FROM lined WHERE ${isSound}`;
  const all = twins ? `${once} AND line NOT IN (SELECT line FROM twin) UNION ALL SELECT line, hash_a, hash_b, nth FROM twin` : once;
  return `CREATE OR REPLACE TEMP TABLE repeated AS SELECT line FROM (${all}) AS every SEMI JOIN held ON every.hash_a = held.hash_a AND every.hash_b = held.hash_b AND every.nth = held.nth`;
}

/** The rows to keep, as they are written to accepted.parquet. */
export function acceptedSql(contract: Contract, shape: CsvShape, needs: StageNeeds): string {
  const names = contract.columns.map((column) => column.name);
  const dayOnly = contract.columns.filter((column) => column.type === 'datetime').map((column) => dayOnlyName(column.name));
  const columns = [...names, ...dayOnly, ...keptColumns(shape).map((column) => column.heading)].map((name) => `staged.${id(name)}`);
  const nth = needs.twins ? 'CAST(coalesce(twin.nth, 1) AS INTEGER)' : '1';
  const key = `coalesce(staged.row_key, ${contentText}${needs.twins ? ` || CASE WHEN ${nth} > 1 THEN '-' || ${nth} ELSE '' END` : ''})`;
  const kept = [`staged.${isSound}`, ...(needs.twins ? ['twin.again IS NOT TRUE'] : []), ...(needs.held ? ['staged.line NOT IN (SELECT line FROM repeated)'] : [])];
  return `SELECT staged.line, ${key} AS row_key, staged.hash_a, staged.hash_b, ${nth} AS nth, ${columns.join(', ')}
FROM lined AS staged ${needs.twins ? 'LEFT JOIN twin ON twin.line = staged.line' : ''} WHERE ${kept.join(' AND ')}`;
}

/** The cells of the rows that are not sound, as they came, with their lines. */
export function wantedSql(shape: CsvShape): string {
  const cells = shape.columns.map((_, i) => `${cellsAsCame}[${i + 1}] AS c${i}`);
  return `CREATE OR REPLACE TEMP TABLE wanted AS SELECT ${['line', ...cells].join(', ')} FROM lined WHERE NOT ${isSound}`;
}

/** True of a row of `wanted` with nothing in any of these cells. */
const emptySql = (cells: readonly string[]) => `trim(concat_ws('', ${cells.join(', ')}), E'${spaceCharacters}') = ''`;

/** Takes the rows without anything in any cell out of those wanted: spreadsheets write them below their last row. They are no rows. */
export function blankSql(shape: CsvShape): string {
  return `DELETE FROM wanted WHERE ${emptySql(shape.columns.map((_, i) => `c${i}`))}`;
}

/** Takes out of those wanted what came back from an export as it went: a malformed line whose cells nobody filled in. It stays held as it is. */
export function untouchedSql(shape: CsvShape): string | undefined {
  const whole = shape.columns.findIndex(({ heading }) => heading === 'headwater_row');
  if (whole < 0 || !isMendedFile(shape.columns.map((column) => column.heading))) return undefined;
  const own = shape.columns.flatMap(({ heading }, i) => (mendColumns.includes(heading) ? [] : [`c${i}`]));
  return `DELETE FROM wanted WHERE c${whole} <> '' AND ${emptySql(own)}`;
}

/** The rows to quarantine, each with every fault and its cells as they came; those held in quarantine already are left out. */
export function faultySql(contract: Contract, shape: CsvShape): string {
  const faults = rulesOf(contract, shape).map((rule) => `CASE WHEN NOT ${rule.holds} THEN {'column_name': ${text(rule.column)}, 'value': ${rule.value}, 'reason': ${rule.because === undefined ? text(rule.reason) : `coalesce(${rule.because}, ${text(rule.reason)})`}} END`);
  const cells = `[${shape.columns.map((_, i) => `c${i}`).join(', ')}]`;
  // The contract's cells in its order, so that the order of a file's columns does not matter.
  const content = stagedColumns(contract, shape).map((item) => (item.source < 0 ? `''` : `c${item.source}`));
  const reading = readingSql(contract, shape, 'wanted', ['line', `${cells} AS raw`, `CAST(md5(concat_ws(chr(31), ${content.join(', ')})) AS UUID) AS row_hash`]);
  return `SELECT line, row_hash, CAST(row_number() OVER (PARTITION BY row_hash ORDER BY line) AS INTEGER) AS nth, faults[1].column_name AS column_name, faults[1].value AS value, faults[1].reason AS reason, faults, raw
FROM (SELECT line, row_hash, raw, list_filter([${faults.join(', ')}], lambda fault: fault IS NOT NULL) AS faults FROM (${reading}))`;
}

/** Rows that are no rows of the contract's columns at all: the line as it came, in one cell. */
export const malformedSql = `SELECT line, row_hash, CAST(row_number() OVER (PARTITION BY row_hash ORDER BY line) AS INTEGER) AS nth, CAST(NULL AS VARCHAR) AS column_name, left(raw, 200) AS value, reason,
  [{'column_name': CAST(NULL AS VARCHAR), 'value': left(raw, 200), 'reason': reason}] AS faults, [raw] AS raw
FROM (SELECT *, CAST(md5('line' || chr(31) || raw) AS UUID) AS row_hash FROM malformed)`;

/** Those of the rows to quarantine that are not held there already. */
export function newFaultySql(parts: readonly string[]): string {
  return `CREATE OR REPLACE TEMP TABLE faulty AS SELECT found.* FROM (${parts.join(' UNION ALL ')}) AS found
ANTI JOIN held_faulty ON found.row_hash = held_faulty.row_hash AND found.nth = held_faulty.nth ORDER BY line`;
}

/** The rows of a mended file that take the place of held ones: all but those that came back unchanged. */
export function releasedByMendSql(openQuarantine: string, hasFaulty: boolean): string {
  const changed = hasFaulty ? `${isSound} OR line IN (SELECT line FROM faulty)` : isSound;
  return `SELECT DISTINCT open.load_id, open.line FROM (${openQuarantine}) AS open
JOIN (SELECT mended_load, try_cast(mended_line AS BIGINT) AS held_line FROM lined WHERE ${changed}) AS mended
ON open.load_id = mended.mended_load AND open.line = mended.held_line`;
}

/** How many accepted rows of a keyed feed have the key of a later row in the same file. */
export function supersededSql(acceptedPath: string): string {
  return `SELECT CAST(coalesce(sum(n - 1), 0) AS BIGINT) AS superseded FROM (SELECT count(*) AS n FROM ${readParquetSql(acceptedPath)} GROUP BY row_key HAVING count(*) > 1)`;
}
