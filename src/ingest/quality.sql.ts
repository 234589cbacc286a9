// How good the loaded data are: per feed what came and how much was kept, per column how much is filled, and why rows are in quarantine.

import { id, text } from '../store/index.ts';
import { labelOf } from './column-label.ts';
import type { Contract } from './contract.schema.ts';

export const qualityTablesSql = `
CREATE OR REPLACE TABLE feed_quality (feed VARCHAR, agency VARCHAR, cadence VARCHAR, files BIGINT, rows BIGINT, accepted BIGINT, quarantined BIGINT, repeated BIGINT, superseded BIGINT,
  first_date DATE, last_date DATE, last_loaded_at TIMESTAMP);
CREATE OR REPLACE TABLE column_quality (feed VARCHAR, column_name VARCHAR, label VARCHAR, filled BIGINT, rows BIGINT);
CREATE OR REPLACE TABLE quarantine_reason (feed VARCHAR, column_name VARCHAR, reason VARCHAR, rows BIGINT);`;

export interface FeedCounts {
  files: number;
  rows: number;
  accepted: number;
  quarantined: number;
  repeated: number;
  superseded: number;
  lastLoadedAt: string;
}

/** One row of feed_quality; its dates from the feed's events and mentions. */
export function feedQualitySql(contract: Contract, counts: FeedCounts): string {
  const feed = text(contract.feed);
  const dates = `SELECT coalesce(started_at, reported_at)::DATE AS day FROM event WHERE feed = ${feed} UNION ALL SELECT observed_on FROM mention WHERE feed = ${feed}`;
  return `INSERT INTO feed_quality SELECT ${feed}, ${text(contract.agency)}, ${text(contract.cadence)}, ${counts.files}, ${counts.rows}, ${counts.accepted}, ${counts.quarantined}, ${counts.repeated}, ${counts.superseded},
  min(day), max(day), ${text(counts.lastLoadedAt)}::TIMESTAMP FROM (${dates})`;
}

/** How many of a feed's current rows fill each column. */
export function columnQualitySql(contract: Contract, current: string): string {
  const label = (name: string) => contract.columns.find((column) => column.name === name)?.label ?? labelOf(name);
  const names = contract.columns.map((column) => column.name);
  const counts = names.map((name, i) => `count(${id(name)}) AS c${i}`);
  const rows = names.map((name, i) => `(${text(name)}, ${text(label(name))}, c${i})`);
  return `INSERT INTO column_quality SELECT ${text(contract.feed)}, part.column_name, part.label, part.filled, n
FROM (SELECT count(*) AS n, ${counts.join(', ')} FROM ${current}) AS counted, LATERAL (VALUES ${rows.join(', ')}) AS part (column_name, label, filled)`;
}

export function quarantineReasonSql(counts: string): string {
  return `INSERT INTO quarantine_reason SELECT feed, column_name, reason, rows FROM (${counts})`;
}
