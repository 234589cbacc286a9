// Reads what a build noted about its feeds: columns, quarantine, linkage by group; each feed's events by month, and its silences.

import type { Scope } from './scope.ts';
import { blockColumn, untilEndWhereSql } from './scope.sql.ts';

export interface ColumnRow {
  feed: string;
  column_name: string;
  label: string | null;
  filled: number;
  rows: number;
}

export const columnQualitySql = `SELECT feed, column_name, label, filled, rows FROM column_quality ORDER BY feed, filled / nullif(rows, 0), column_name`;

export interface ReasonRow {
  feed: string;
  column_name: string | null;
  reason: string;
  rows: number;
}

export const quarantineSql = `SELECT feed, column_name, reason, rows FROM quarantine_reason ORDER BY rows DESC, feed, column_name, reason`;

export interface LinkageRow {
  group_kind: string;
  group_name: string;
  records: number;
  people: number;
  true_pairs: number | null;
  found_pairs: number | null;
  correct_pairs: number | null;
  /** 95 per cent, over persons (recall) and clusters (precision); NULL where the truth is not known. */
  recall_low: number | null;
  recall_high: number | null;
  precision_low: number | null;
  precision_high: number | null;
  /** Records with too little to be linked by, and people whom one agency alone holds: signs of missed matches. */
  unlinkable_records: number | null;
  single_agency_people: number | null;
}

export const linkageSql = `
  SELECT group_kind, group_name, records, people, true_pairs, found_pairs, correct_pairs, recall_low, recall_high, precision_low, precision_high, unlinkable_records, single_agency_people
  FROM linkage_quality ORDER BY group_kind <> 'all', group_kind, try_cast(group_name AS INTEGER) NULLS LAST, group_name`;

export interface SettledRow {
  group_kind: string;
  group_name: string;
  /** Pairs settled as one person, and of them those that the model links by itself. */
  settled_same: number;
  linked_same: number;
  settled_different: number;
  linked_different: number;
}

export const settledSql = `
  SELECT group_kind, group_name, settled_same, linked_same, settled_different, linked_different
  FROM linkage_settled_quality ORDER BY group_kind <> 'all', group_kind, try_cast(group_name AS INTEGER) NULLS LAST, group_name`;

/** Events of a series in a month, in a named area. */
export interface SeriesEventsRow {
  series_id: number;
  block: number;
  month_id: number;
  events: number;
  key: number;
}

/** Events of each series in each month that has any, those before the period too. */
export function feedMonthsSql(scope: Scope): string {
  const { block, join } = blockColumn(scope, { area: true });
  return `
  SELECT c.series_id, ${block} AS block, c.month_id, sum(c.events)::DOUBLE AS events, sum(c.key)::DOUBLE AS key
  FROM demand_month c${join}
  ${untilEndWhereSql(scope, { area: true })} AND c.month_id IS NOT NULL
  GROUP BY ALL`;
}

export const silencesSql = `
  SELECT feed, from_day, to_day, days, side_events, side_days, feed_events, feed_days
  FROM feed_silence ORDER BY feed, from_day`;
