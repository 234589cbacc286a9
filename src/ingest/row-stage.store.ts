// Runs the staging statements for one file: text cells in, accepted.parquet, quarantined.parquet and counts out.

import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { text, type Duck } from '../store/index.ts';
import type { Contract } from './contract.schema.ts';
import { acceptedPath, quarantinedPath, releasedPath, type Load } from './load-record.ts';
import { openQuarantineSql } from './quarantine.sql.ts';
import {
  acceptedSql, faultySql, malformedSql, occurrenceSql, readRawSql, releasedByMendSql, repeatedSql, sortSql, stageSql, stagedCountsSql, supersededSql, type CsvShape, type StageNeeds,
} from './stage-rows.sql.ts';
import type { MalformedRow } from './strict-copy.ts';

export interface StageCounts {
  rows: number;
  accepted: number;
  quarantined: number;
  repeated: number;
  superseded: number;
  released: number;
}

/** The rows that earlier loads of a feed hold, as `held` and `held_faulty`; and a place for malformed rows. */
export async function holdLoads(duck: Duck, loads: readonly Load[]): Promise<void> {
  await duck.run('CREATE OR REPLACE TEMP TABLE held (row_hash UUID, nth BIGINT)');
  await duck.run('CREATE OR REPLACE TEMP TABLE held_faulty (row_hash UUID, nth BIGINT)');
  await duck.run('CREATE OR REPLACE TEMP TABLE malformed (line BIGINT, reason VARCHAR, raw VARCHAR)');
  await hold(duck, 'held', loads.map(acceptedPath));
  await hold(duck, 'held_faulty', quarantinedFiles(loads));
}

async function hold(duck: Duck, table: 'held' | 'held_faulty', paths: string[]): Promise<void> {
  if (paths.length > 0) await duck.run(`INSERT INTO ${table} SELECT row_hash, nth FROM read_parquet([${paths.map(text).join(', ')}])`);
}

export function quarantinedFiles(loads: readonly Load[]): string[] {
  return loads.map(quarantinedPath).filter((path) => existsSync(path));
}

export function releasedFiles(loads: readonly Load[]): string[] {
  return loads.map(releasedPath).filter((path) => existsSync(path));
}

/** Reads a clean CSV into `raw`; returns its rows. Rejects where the query engine finds it is not clean. */
export async function readRaw(duck: Duck, path: string, shape: CsvShape): Promise<number> {
  await duck.run(readRawSql(path, shape));
  return (await duck.one<{ n: number }>('SELECT count(*) AS n FROM raw')).n;
}

export async function clearMalformed(duck: Duck): Promise<void> {
  await duck.run('DELETE FROM malformed');
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

export interface StageOptions {
  duck: Duck;
  contract: Contract;
  shape: CsvShape;
  folder: string;
  /** A mended file: its columns of the held load and line, and the feed's loads. */
  mended?: { load: string; line: string; loads: readonly Load[] };
}

/** Below this a statement's planning takes longer than its rows; above, the planning pays. */
const smallFile = 20_000;

/** Types, sorts and writes the rows of `raw` and `malformed` to the folder, and counts them as held. */
export async function stageRows(options: StageOptions): Promise<StageCounts> {
  const { duck, contract, shape, folder, mended } = options;
  const { raw, malformed, held } = await duck.one<{ raw: number; malformed: number; held: number }>(
    'SELECT (SELECT count(*) FROM raw) AS raw, (SELECT count(*) FROM malformed) AS malformed, (SELECT count(*) FROM held) + (SELECT count(*) FROM held_faulty) AS held',
  );
  await duck.run(`SET disabled_optimizers = '${raw < smallFile ? 'statistics_propagation,expression_rewriter,common_subexpressions,compressed_materialization,join_order' : ''}'`);
  await duck.run(stageSql(contract, shape));
  const staged = await duck.one<{ rows: number; contents: number; keyed: number; keys: number; unsound: number }>(stagedCountsSql);
  const needs: StageNeeds = { twins: staged.contents < staged.rows, held: held > 0 };
  if (needs.twins) {
    await duck.run(occurrenceSql);
    await duck.run(sortSql(contract));
  }
  if (needs.twins || needs.held) await duck.run(repeatedSql(needs));
  const path = join(folder, 'accepted.parquet');
  const accepted = await writeParquet(duck, acceptedSql(contract, shape, needs), path);
  const quarantined = staged.unsound + malformed > 0 ? await writeFaulty(options, needs) : 0;
  const released = mended ? await writeReleased(duck, releasedByMendSql(mended.load, mended.line, openQuarantineSql(quarantinedFiles(mended.loads), releasedFiles(mended.loads)), needs), folder) : 0;
  const superseded = staged.keys < staged.keyed ? (await duck.one<{ superseded: number }>(supersededSql(path))).superseded : 0;
  await hold(duck, 'held', [path]);
  const rows = raw + malformed;
  return { rows, accepted, quarantined, repeated: rows - accepted - quarantined, superseded, released };
}

async function writeFaulty({ duck, contract, shape, folder }: StageOptions, needs: StageNeeds): Promise<number> {
  await duck.run(`CREATE OR REPLACE TEMP TABLE faulty AS SELECT * FROM (${faultySql(contract, shape, needs)}) UNION ALL SELECT * FROM (${malformedSql()}) ORDER BY line`);
  const { n } = await duck.one<{ n: number }>('SELECT count(*) AS n FROM faulty');
  if (n === 0) return 0;
  const path = join(folder, 'quarantined.parquet');
  await writeParquet(duck, 'SELECT * FROM faulty', path);
  await hold(duck, 'held_faulty', [path]);
  return n;
}

export function writeReleased(duck: Duck, sql: string, folder: string): Promise<number> {
  return writeParquet(duck, sql, join(folder, 'released.parquet'));
}

/** Returns the rows written. */
async function writeParquet(duck: Duck, sql: string, path: string): Promise<number> {
  const { Count } = await duck.one<{ Count: number }>(`COPY (${sql}) TO ${text(path)} (FORMAT parquet)`);
  chmodSync(path, 0o600);
  return Count;
}
