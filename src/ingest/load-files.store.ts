// The files that agencies sent, each with the days of its rows, for whoever decides how long they are kept; and their destruction. The day of a row is the
// latest that its records have: when an event began, ended or was reported, when somebody was seen, from and until when a relation held. Never what it says.

import { britishDayOf, type HeldFile, type LoadFiles } from '../govern/index.ts';
import { findCurrentManifest, id, openHomeDuck, readParquetSql, type Home } from '../store/index.ts';
import type { Contract, Value } from './contract.schema.ts';
import { describeLoadsSql } from './current-rows.sql.ts';
import { destroyLoads } from './destroyed-load.ts';
import { acceptedPath, listLoads, type Load } from './load-record.ts';

interface RowDays {
  first: string | null;
  last: string | null;
  /** Accepted rows without a day. */
  undated: number;
  /** Accepted rows of something that had not ended. */
  running: number;
}

export function openLoadFiles(home: Home, contracts: readonly Contract[]): LoadFiles {
  // A load never changes: its rows are read once.
  const known = new Map<string, RowDays>();
  const byFeed = new Map(contracts.map((contract) => [contract.feed, contract]));
  const fileOf = (load: Load, all: readonly Load[]): HeldFile => {
    const parts = all.filter(({ retryOf }) => retryOf === load.load);
    const days = [load, ...parts].map((part) => known.get(part.load) ?? { first: null, last: null, undated: part.accepted, running: 0 });
    const aside = load.quarantined - parts.reduce((sum, { released }) => sum + released, 0);
    const undated = days.reduce((sum, each) => sum + each.undated, 0) + aside;
    const loadedOn = britishDayOf(Date.parse(load.loadedAt));
    const firsts = days.flatMap(({ first }) => first ?? []);
    const lasts = days.flatMap(({ last }) => last ?? []);
    // A row without a day may be as new as the file.
    const lastOn = [...lasts, ...(undated > 0 || lasts.length === 0 ? [loadedOn] : [])].reduce((a, b) => (a > b ? a : b));
    return { load: load.load, feed: load.feed, agency: byFeed.get(load.feed)?.agency ?? null, published: byFeed.get(load.feed)?.published ?? false, file: load.file, sha256: load.sha256, rows: load.rows, parts: [load.load, ...parts.map((part) => part.load)], loadedAt: Date.parse(load.loadedAt), firstOn: [...firsts, lastOn].reduce((a, b) => (a < b ? a : b)), lastOn, undated, loadedOn, running: days.reduce((sum, each) => sum + each.running, 0) };
  };
  return {
    async list({ agencies, load }) {
      const all = listLoads(home, load?.split('/', 1)[0]);
      const files = all.filter((each) => each.kind === 'file' && (load === undefined || each.load === load));
      const wanted = all.filter(({ feed, accepted, load: name, retryOf }) => accepted > 0 && !known.has(name) && (load === undefined || load === name || load === retryOf) && byFeed.get(feed)?.published === false && agencies.has(byFeed.get(feed)!.agency));
      if (wanted.length > 0) {
        for (const [name, days] of await readDays(home, wanted, byFeed)) known.set(name, days);
      }
      const retries = Map.groupBy(all.filter(({ retryOf }) => retryOf !== undefined), ({ retryOf }) => retryOf);
      return files.map((each) => fileOf(each, retries.get(each.load) ?? []));
    },
    destroy: ({ parts, sha256 }, keep) => destroyLoads(home, parts.map((part) => ({ load: part, sha256 })), keep),
    servedSnapshot: () => findCurrentManifest(home)?.id,
  };
}

/** Loads that one statement reads: each encrypted one is a part of it. */
const atOnce = 100;

async function readDays(home: Home, loads: readonly Load[], contracts: ReadonlyMap<string, Contract>): Promise<Map<string, RowDays>> {
  const duck = await openHomeDuck(home, { memoryLimit: '256MB', threads: 1 });
  const found = new Map<string, RowDays>();
  try {
    const parts = [...Map.groupBy(loads, (load) => load.feed)].flatMap(([feed, all]) => Array.from({ length: Math.ceil(all.length / atOnce) }, (_, i) => ({ feed, some: all.slice(i * atOnce, (i + 1) * atOnce) })));
    for (const { feed, some } of parts) {
      const files = some.map((load) => ({ path: acceptedPath(load), load: load.load, order: load.sequence }));
      const present = new Set((await duck.rows<{ column_name: string }>(describeLoadsSql(files))).map(({ column_name }) => column_name));
      const all = dayColumns(contracts.get(feed)!);
      const columns = all.filter(({ name }) => present.has(name));
      if (columns.length === 0) continue;
      const loadOf = new Map(files.map(({ path, load }) => [path, load]));
      const rows = await duck.rows<RowDays & { filename: string }>(rowDaysSql(files.map(({ path }) => path), columns, all.some(({ end }) => end)));
      for (const { filename, ...days } of rows) found.set(loadOf.get(filename)!, days);
    }
  } finally {
    duck.close();
  }
  return found;
}

/** A contract may have had another type for the column when the file was loaded. */
const dayOf = (name: string): string => `try_cast(${id(name)} AS DATE)`;

/** Rows {filename, first, last, undated, running}: days as 2026-11-24. A month counts as its last day, where it is the latest. */
function rowDaysSql(paths: readonly string[], columns: readonly DayColumn[], hasEnd: boolean): string {
  const last = columns.map(({ name, month }) => (month ? `last_day(${dayOf(name)})` : dayOf(name))).join(', ');
  const first = columns.map(({ name }) => dayOf(name)).join(', ');
  const ends = columns.filter(({ end }) => end).map(({ name }) => dayOf(name)).join(', ');
  return `SELECT filename, strftime(min(first), '%Y-%m-%d') AS first, strftime(max(last), '%Y-%m-%d') AS last, count(*) FILTER (last IS NULL) AS undated, count(*) FILTER (running) AS running
FROM (SELECT filename, list_min([${first}]) AS first, list_max([${last}]) AS last, ${!hasEnd ? 'false' : ends === '' ? 'true' : `coalesce(${ends}) IS NULL`} AS running FROM ${readParquetSql(paths, { unionByName: true, filename: true })}) AS days GROUP BY filename`;
}

interface DayColumn {
  name: string;
  month: boolean;
  /** It says when something ended. */
  end: boolean;
}

/** The columns that give a feed's records their days. */
function dayColumns({ columns, records }: Contract): DayColumn[] {
  const ends = new Set([...records.events.map((event) => event.ended_at), ...records.relations.map((relation) => relation.valid_to)].flatMap(columnsOf));
  const others = new Set([...records.events.flatMap((event) => [event.started_at, event.reported_at]), ...records.mentions.map((mention) => mention.observed_on), ...records.relations.map((relation) => relation.valid_from)].flatMap(columnsOf));
  return columns.filter(({ name, type }) => (ends.has(name) || others.has(name)) && (type === 'date' || type === 'datetime' || type === 'month')).map(({ name, type }) => ({ name, month: type === 'month', end: ends.has(name) }));
}

function columnsOf(value: Value | undefined): string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return value.flatMap(columnsOf);
  return 'column' in value ? [value.column] : [];
}
