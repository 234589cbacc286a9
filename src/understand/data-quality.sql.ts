// Reads what a build noted about its feeds: columns, quarantine, linkage by group; each feed's events by month, and its silences.

import type { Scope } from './scope.ts';
import { inListSql, scopeWhereSql } from './scope.sql.ts';

export interface ColumnRow {
  feed: string;
  column_name: string;
  label: string | null;
  filled: number;
  rows: number;
}

export const columnQualitySql = `SELECT feed, column_name, label, filled, rows FROM column_quality WHERE ${inListSql('feed', 'quality_feeds')} ORDER BY feed, filled / nullif(rows, 0), column_name`;

export interface ReasonRow {
  feed: string;
  column_name: string | null;
  reason: string;
  rows: number;
}

export const quarantineSql = `SELECT feed, column_name, reason, rows FROM quarantine_reason WHERE ${inListSql('feed', 'quality_feeds')} ORDER BY rows DESC, feed, column_name, reason`;

export interface LinkageRow {
  group_kind: string;
  group_name: string;
  records: number;
  people: number;
  true_pairs: number | null;
  found_pairs: number | null;
  correct_pairs: number | null;
}

export const linkageSql = `
  SELECT group_kind, group_name, records, people, true_pairs, found_pairs, correct_pairs
  FROM linkage_quality ORDER BY group_kind <> 'all', group_kind, try_cast(group_name AS INTEGER) NULLS LAST, group_name`;

export interface FeedMonthRow {
  feed: string;
  month_id: number;
  events: number;
}

/** Events of each feed in each month that has any. */
export function feedMonthsSql(scope: Scope): string {
  return `
  SELECT s.feed, c.month_id, sum(c.events)::DOUBLE AS events
  FROM demand_month c JOIN demand_series s USING (series_id)
  ${scopeWhereSql(scope, { area: true })} AND c.month_id IS NOT NULL
  GROUP BY s.feed, c.month_id
  ORDER BY s.feed, c.month_id`;
}

export const silencesSql = `
  SELECT feed, from_day, to_day, days, side_events, side_days, feed_events, feed_days
  FROM feed_silence WHERE ${inListSql('feed', 'quality_feeds')} ORDER BY feed, from_day`;
