// Runs the staging statements for one file: text cells in, accepted.parquet, quarantined.parquet and counts out.

import { chmodSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { text, type Duck } from '../store/index.ts';
import type { Contract } from './contract.schema.ts';
import { acceptedPath, quarantinedPath, releasedPath, type Load } from './load-record.ts';
import { openQuarantineSql } from './quarantine.sql.ts';
import {
  acceptedSql, faultySql, malformedSql, occurrenceSql, readRawSql, releasedByMendSql, repeatedSql, sortSql, stageSql, supersededSql, type CsvShape,
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
  const insert = async (table: string, paths: string[]) => {
    if (paths.length > 0) await duck.run(`INSERT INTO ${table} SELECT row_hash, nth FROM read_parquet([${paths.map(text).join(', ')}])`);
  };
  await insert('held', loads.map(acceptedPath));
  await insert('held_faulty', quarantinedFiles(loads));
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
  return countRows(duck, 'raw');
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

/** Types, sorts and writes the rows of `raw` and `malformed` to the folder, and counts them as held. */
export async function stageRows({ duck, contract, shape, folder, mended }: StageOptions): Promise<StageCounts> {
  await duck.run(stageSql(contract, shape));
  await duck.run(occurrenceSql());
  await duck.run(sortSql(contract));
  await duck.run(repeatedSql());
  const path = join(folder, 'accepted.parquet');
  await writeParquet(duck, acceptedSql(contract, shape), path);
  const accepted = await countRows(duck, `read_parquet(${text(path)})`);
  const rows = (await countRows(duck, 'raw')) + (await countRows(duck, 'malformed'));
  const quarantined = await writeFaulty(duck, contract, shape, folder);
  const released = mended ? await writeReleased(duck, releasedByMendSql(mended.load, mended.line, openQuarantineSql(quarantinedFiles(mended.loads), releasedFiles(mended.loads))), folder) : 0;
  const superseded = Array.isArray(contract.key) ? (await duck.one<{ superseded: number }>(supersededSql(path))).superseded : 0;
  await duck.run(`INSERT INTO held SELECT row_hash, nth FROM read_parquet(${text(path)})`);
  return { rows, accepted, quarantined, repeated: rows - accepted - quarantined, superseded: Number(superseded), released };
}

async function writeFaulty(duck: Duck, contract: Contract, shape: CsvShape, folder: string): Promise<number> {
  const unsound = await countRows(duck, 'staged', 'NOT sound');
  const malformed = await countRows(duck, 'malformed');
  if (unsound + malformed === 0) return 0;
  await duck.run(`CREATE OR REPLACE TEMP TABLE faulty AS SELECT * FROM (${faultySql(contract, shape)}) UNION ALL SELECT * FROM (${malformedSql()}) ORDER BY line`);
  const quarantined = await countRows(duck, 'faulty');
  if (quarantined === 0) return 0;
  await writeParquet(duck, 'SELECT * FROM faulty', join(folder, 'quarantined.parquet'));
  await duck.run('INSERT INTO held_faulty SELECT row_hash, nth FROM faulty');
  return quarantined;
}

export async function writeReleased(duck: Duck, sql: string, folder: string): Promise<number> {
  const path = join(folder, 'released.parquet');
  await writeParquet(duck, sql, path);
  return countRows(duck, `read_parquet(${text(path)})`);
}

async function writeParquet(duck: Duck, sql: string, path: string): Promise<void> {
  await duck.run(`COPY (${sql}) TO ${text(path)} (FORMAT parquet)`);
  chmodSync(path, 0o600);
}

async function countRows(duck: Duck, from: string, where = 'true'): Promise<number> {
  return (await duck.one<{ n: number }>(`SELECT count(*) AS n FROM ${from} WHERE ${where}`)).n;
}
