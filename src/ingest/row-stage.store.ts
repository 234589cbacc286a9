// Runs the staging statements for one file: text cells in, accepted.parquet, quarantined.parquet and counts out.

import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { readParquetSql, text, type Duck } from '../store/index.ts';
import type { Contract } from './contract.schema.ts';
import { acceptedPath, quarantinedPath, releasedPath, type Load } from './load-record.ts';
import { openQuarantineSql } from './quarantine.sql.ts';
import {
  acceptedSql, blankSql, countedSourceSql, faultySql, heldContentSql, keepsOrder, linedSql, malformedSql, newFaultySql, releasedByMendSql, repeatedSql, stagedCountsSql, stageSql, supersededSql, twiceSql, twinsSql, untouchedSql, wantedSql,
  type CsvShape, type StageNeeds,
} from './stage-rows.sql.ts';
import type { MalformedRow } from './strict-copy.ts';

export interface StageCounts {
  rows: number;
  accepted: number;
  quarantined: number;
  repeated: number;
  superseded: number;
  released: number;
  /** Lines without anything in any cell; they are no rows. */
  blank: number;
}

/** The rows that earlier loads of a feed hold, as `held` and `held_faulty`, which all connections see. Returns the engine's version. */
export async function holdLoads(duck: Duck, contract: Contract, loads: readonly Load[]): Promise<string> {
  const { engine } = await duck.one<{ engine: string }>('SELECT version() AS engine');
  await duck.run('CREATE OR REPLACE TABLE held (hash_a UBIGINT, hash_b UBIGINT, nth BIGINT)');
  await duck.run('CREATE OR REPLACE TABLE held_faulty (row_hash UUID, nth BIGINT)');
  // Hashes are the engine's and follow the contract's columns: where either has changed since, they are made again from the rows.
  const same = (load: Load) => load.engine === engine && load.contract.sha256 === contract.packSha256;
  await holdAccepted(duck, loads.filter(same).map(acceptedPath));
  for (const load of loads.filter((one) => !same(one))) {
    const columns = await duck.rows<{ column_name: string }>(`DESCRIBE SELECT * FROM ${readParquetSql(acceptedPath(load))}`);
    await duck.run(`INSERT INTO held ${heldContentSql(contract, acceptedPath(load), new Set(columns.map((column) => column.column_name)))}`);
  }
  const faulty = quarantinedFiles(loads);
  if (faulty.length > 0) await duck.run(`INSERT INTO held_faulty SELECT row_hash, nth FROM ${readParquetSql(faulty)}`);
  return engine;
}

async function holdAccepted(duck: Duck, paths: string[]): Promise<void> {
  if (paths.length > 0) await duck.run(`INSERT INTO held SELECT hash_a, hash_b, nth FROM ${readParquetSql(paths)}`);
}

export function quarantinedFiles(loads: readonly Load[]): string[] {
  return loads.map(quarantinedPath).filter((path) => existsSync(path));
}

export function releasedFiles(loads: readonly Load[]): string[] {
  return loads.map(releasedPath).filter((path) => existsSync(path));
}

/** An empty place for malformed rows; like all that a file is staged in, it is the connection's own. */
export async function clearMalformed(duck: Duck): Promise<void> {
  await duck.run('CREATE OR REPLACE TEMP TABLE malformed (line BIGINT, reason VARCHAR, raw VARCHAR)');
}

export async function addMalformed(duck: Duck, rows: readonly MalformedRow[]): Promise<void> {
  if (rows.length === 0) return;
  const appender = await duck.connection.createAppender('malformed');
  for (const row of rows) {
    appender.appendBigInt(BigInt(row.line));
    appender.appendVarchar(row.reason);
    appender.appendVarchar(row.raw);
    appender.endRow();
  }
  appender.closeSync();
}

export interface StageSource {
  contract: Contract;
  shape: CsvShape;
  /** A relation of the file's text cells. */
  source: string;
  /** About as many rows as that. */
  expected: number;
}

/** Below this a statement's planning takes longer than its rows; above, the planning pays. */
const smallFile = 20_000;

/** Types a source's rows into `staged`; returns how many. Rejects where the query engine finds that a CSV is not clean. */
export async function stageRows(duck: Duck, from: StageSource): Promise<number> {
  const small = from.expected < smallFile;
  // Long code lists must not become joins, which lose the file's order.
  await duck.run(`SET disabled_optimizers = 'in_clause${small ? ',statistics_propagation,expression_rewriter,common_subexpressions,compressed_materialization,join_order' : ''}'`);
  if (!small && !from.shape.numbered) await keepLines(duck, from);
  await duck.run(stageSql(from.contract, from.shape, from.source));
  await duck.run(linedSql(from.shape.numbered));
  return (await duck.one<{ n: number }>('SELECT count(*) AS n FROM staged')).n;
}

const betweenInterrupts = 20;

/** Ends a staging that nobody wants any more. It is told again and again: between two of its statements nobody listens. */
export async function stopStaging(duck: Duck, staging: Promise<unknown>): Promise<void> {
  const interrupt = () => duck.connection.interrupt();
  interrupt();
  const again = setInterval(interrupt, betweenInterrupts);
  await staging.then(() => undefined, () => undefined).finally(() => clearInterval(again));
}

/** Two threads may read a large file: where its plan would not keep the order of lines, one thread counts them. */
async function keepLines(duck: Duck, from: StageSource): Promise<void> {
  const plan = await duck.rows<{ explain_value: string }>(`EXPLAIN ${stageSql(from.contract, from.shape, from.source)}`);
  if (plan.some((row) => keepsOrder(row.explain_value))) return;
  from.source = countedSourceSql(from.source);
  from.shape = { ...from.shape, numbered: true };
}

/** Sorts and writes the rows of `staged` and `malformed` to the folder, and counts them as held. */
export async function writeStaged(duck: Duck, from: StageSource, folder: string, mends?: readonly Load[]): Promise<StageCounts> {
  const { contract, shape } = from;
  const staged = await duck.one<{ rows: number; sound: number; keyed: number; keys: number }>(stagedCountsSql);
  await duck.run(twiceSql);
  const others = await duck.one<{ malformed: number; held: number; twice: number }>('SELECT (SELECT count(*) FROM malformed) AS malformed, (SELECT count(*) FROM held) AS held, (SELECT count(*) FROM twice) AS twice');
  const needs: StageNeeds = { twins: others.twice > 0, held: others.held > 0 };
  if (needs.twins) await duck.run(twinsSql(contract));
  if (needs.held) await duck.run(repeatedSql(needs.twins));
  const path = join(folder, 'accepted.parquet');
  const accepted = await writeParquet(duck, acceptedSql(contract, shape, needs), path);
  const unsound = staged.rows - staged.sound;
  const { quarantined, blank } = unsound + others.malformed > 0 ? await writeFaulty(duck, from, unsound, folder) : { quarantined: 0, blank: 0 };
  const released = mends ? await writeReleased(duck, releasedByMendSql(openQuarantineSql(quarantinedFiles(mends), releasedFiles(mends)), unsound > 0), folder) : 0;
  const superseded = staged.keys < staged.keyed ? await countSuperseded(duck, staged, needs, path) : 0;
  await holdAccepted(duck, [path]);
  const rows = staged.rows - blank + others.malformed;
  return { rows, accepted, quarantined, repeated: rows - accepted - quarantined, superseded, released, blank };
}

/** Accepted rows whose key a later accepted row of the file has. */
async function countSuperseded(duck: Duck, staged: { keyed: number; keys: number }, needs: StageNeeds, path: string): Promise<number> {
  // Nothing held: every key of the file stays, and all its rows but those that say the same again.
  if (!needs.held) return staged.keyed - staged.keys - (needs.twins ? (await duck.one<{ n: number }>('SELECT count(*) AS n FROM twin WHERE again')).n : 0);
  return (await duck.one<{ superseded: number }>(supersededSql(path))).superseded;
}

async function writeFaulty(duck: Duck, from: StageSource, unsound: number, folder: string): Promise<{ quarantined: number; blank: number }> {
  const { contract, shape } = from;
  const { blank, wanted } = unsound > 0 ? await holdWanted(duck, from) : { blank: 0, wanted: 0 };
  await duck.run(newFaultySql([...(wanted > 0 ? [faultySql(contract, shape)] : []), malformedSql]));
  await duck.run('DROP TABLE IF EXISTS wanted');
  const { n, faultless } = await duck.one<{ n: number; faultless: number }>('SELECT count(*) AS n, count(*) FILTER (len(faults) = 0) AS faultless FROM faulty');
  if (faultless > 0) throw new Error(`${faultless} rows of ${contract.feed} were found faulty and have no fault`);
  if (n === 0) return { quarantined: 0, blank };
  await writeParquet(duck, 'SELECT * FROM faulty', join(folder, 'quarantined.parquet'));
  await duck.run('INSERT INTO held_faulty SELECT row_hash, nth FROM faulty');
  return { quarantined: n, blank };
}

/** The cells of rows that are not sound, as `wanted`, less the blank ones; returns how many those were and how many are left. */
async function holdWanted(duck: Duck, { shape }: StageSource): Promise<{ blank: number; wanted: number }> {
  await duck.run(wantedSql(shape));
  const { Count: blank } = await duck.one<{ Count: number }>(blankSql(shape));
  const untouched = untouchedSql(shape);
  if (untouched) await duck.run(untouched);
  return { blank, wanted: (await duck.one<{ n: number }>('SELECT count(*) AS n FROM wanted')).n };
}

export function writeReleased(duck: Duck, sql: string, folder: string): Promise<number> {
  return writeParquet(duck, sql, join(folder, 'released.parquet'));
}

/** Returns the rows written. */
async function writeParquet(duck: Duck, sql: string, path: string): Promise<number> {
  const { Count } = await duck.one<{ Count: number }>(`COPY (${sql}) TO ${text(path)} (FORMAT parquet, PARQUET_VERSION v2)`);
  chmodSync(path, 0o600);
  return Count;
}
