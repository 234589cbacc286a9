// How each table of the pseudonymised zone is cut to the feeds that a reader may see. A table is cut by its feed, its series or its feed's number;
// those that mix feeds are named here one by one; one that is neither is empty, so that a new table shows nothing until somebody has thought of it.

import type { FeedLimits } from '../core/index.ts';
import { id, text } from './duck.ts';

export const loadedFeedsSql = (tables: readonly string[]): string => tables.map((table) => `SELECT feed FROM ${id(table)} WHERE feed IS NOT NULL`).join(' UNION ');

/** Every table with those of its columns that say whose its rows are. */
export const tableKeysSql = `
  SELECT t.table_name AS name, coalesce(list(c.column_name) FILTER (WHERE c.column_name IN ('feed', 'series_id', 'feed_id')), []) AS keys
  FROM information_schema.tables t LEFT JOIN information_schema.columns c USING (table_catalog, table_schema, table_name)
  WHERE t.table_schema = 'main' AND t.table_catalog = current_database()
  GROUP BY t.table_name ORDER BY t.table_name`;

export const databaseSql = 'SELECT current_database() AS name';

export interface TableKeys {
  name: string;
  keys: string[];
}

export const seriesOfFeedsSql = 'SELECT series_id, feed_id, feed FROM demand_series ORDER BY series_id';

export interface SeriesFeed {
  series_id: number;
  feed_id: number;
  feed: string;
}

/** "x BETWEEN 1 AND 4 OR x BETWEEN 9 AND 9" for sorted numbers: feeds lie side by side in the tables, so this reads little and compares fast. */
export function inRangesSql(column: string, numbers: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last && number <= last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.length === 0 ? 'false' : `(${ranges.map(([from, to]) => `${column} BETWEEN ${from} AND ${to}`).join(' OR ')})`;
}

/** Made of the records of all people together: what one feed says moves what is said of another's. */
const ofPeople = /^(person|linkage_\w+|repeat_(person|household)(_\w+)?)$/;

/** Public geography: areas of published feeds, with their names, outlines, population and deprivation. */
const open: ReadonlySet<string> = new Set(['area']);

interface Cut {
  /** Where its rows stay, over the whole table. */
  where: string;
  /** Small and asked for often: kept ready. */
  kept?: true;
}

/** @param whole names a table as it is, uncut */
export function cutOf({ name, keys }: TableKeys, limits: FeedLimits, series: readonly SeriesFeed[], whole: (table: string) => string): Cut {
  const feeds = [...limits.feeds].toSorted();
  const mine = series.filter(({ feed }) => limits.feeds.has(feed));
  const ofSeries = inRangesSql('series_id', mine.map(({ series_id }) => series_id));
  const ofFeedIds = inRangesSql('feed_id', [...new Set(mine.map(({ feed_id }) => feed_id))].toSorted((a, b) => a - b));
  if (open.has(name)) return { where: 'true' };
  if (ofPeople.test(name) && !limits.people) return { where: 'false' };
  if (name === 'repeat_reach') return { where: `${ofSeries}${limits.people ? '' : ` AND unit_kind = 'address'`}` };
  if (name === 'demand_area') return { where: `known OR area_id IN (SELECT area_id FROM ${whole('demand_month')} WHERE ${ofSeries})`, kept: true };
  if (name === 'place_cell') return { where: `cell_id IN (SELECT cell_id FROM ${whole('place_cell_total')} WHERE ${ofSeries})`, kept: true };
  if (name === 'repeat_address_unit') return { where: `unit IN (SELECT unit FROM ${whole('repeat_address_feed')} WHERE ${ofFeedIds})`, kept: true };
  if (keys.includes('feed')) return { where: feeds.length === 0 ? 'false' : `feed IN (${feeds.map(text).join(', ')})`, ...(name === 'demand_series' ? { kept: true as const } : {}) };
  if (keys.includes('series_id')) return { where: ofSeries };
  if (keys.includes('feed_id')) return { where: ofFeedIds };
  return { where: ofPeople.test(name) ? 'true' : 'false' };
}

export const makeSchemaSql = (schema: string): string => `CREATE SCHEMA ${schema}`;
export const dropSchemaSql = (schema: string): string => `DROP SCHEMA IF EXISTS ${schema} CASCADE`;

export const cutTableSql = (target: string, source: string, { where, kept }: Cut): string => `CREATE ${kept ? 'TABLE' : 'VIEW'} ${target} AS SELECT * FROM ${source} WHERE ${where}`;

/** On one connection, the table's own name means the cut. */
export const shadowSql = (name: string, target: string): string => `CREATE TEMP VIEW ${id(name)} AS SELECT * FROM ${target}`;

/** The last day of the feeds' events, leaving out days after the build. Events lie in the order of their months, so the last two years are read fast. */
export const lastDaySql = (within: 'two-years' | 'all'): string =>
  `SELECT max(coalesce(started_at, reported_at))::DATE::VARCHAR AS last FROM event WHERE coalesce(started_at, reported_at) <= $built::TIMESTAMP${within === 'all' ? '' : ` AND month >= $built::TIMESTAMP - INTERVAL 24 MONTH`}`;
