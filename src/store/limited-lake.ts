// A snapshot as if it held some feeds alone: on connections of its own each table's name means the rows of those feeds. What questions ask is
// the same; nothing of another feed is there for them to find. Each set of feeds is made once and kept while it is asked for.

import type { FeedLimits, LakeReader } from '../core/index.ts';
import { id, type Duck, type SqlParams } from './duck.ts';
import { openReaderPool } from './reader-pool.ts';
import { cutOf, cutTableSql, databaseSql, dropSchemaSql, lastDaySql, loadedFeedsSql, makeSchemaSql, seriesOfFeedsSql, shadowSql, tableKeysSql, type SeriesFeed, type TableKeys } from './limited-lake.sql.ts';

const connections = 2;
/** Sets of feeds kept ready. */
const mostKept = 12;
/** Longer than any request: one that began on a set that is let go ends on it. */
const graceTime = 60_000;

export interface LakeLimiter {
  forFeeds(limits: FeedLimits): Promise<LakeReader>;
  close(): void;
}

/** Runs a query; a reader that is being closed waits for those that run. */
export type Hold = <T>(work: () => Promise<T>) => Promise<T>;

interface Kept extends LakeReader {
  /** Its connections; what it made goes with the database. */
  close(): void;
  forget(): Promise<void>;
}

/**
 * @param duck the whole snapshot's database; more connections are made from it
 * @param whole the reader of all of it
 */
export function createLakeLimiter(duck: Duck, whole: LakeReader, hold: Hold = (work) => work()): LakeLimiter {
  const kept = new Map<string, Promise<Kept>>();
  const opened = new Set<Kept>();
  const timers = new Set<NodeJS.Timeout>();
  let made = 0;
  let parts: Promise<Parts> | undefined;
  /** What cannot be read now is read again for who asks next. */
  const partsOnce = () =>
    (parts ??= readParts(duck, whole).catch((error: unknown) => {
      parts = undefined;
      throw error;
    }));
  const letGo = (reader: Promise<Kept>) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      void reader.then((each) => {
        opened.delete(each);
        return each.forget();
      }).catch(() => undefined);
    }, graceTime).unref();
    timers.add(timer);
  };
  return {
    async forFeeds(limits) {
      const { tables, series, feeds, database } = await partsOnce();
      const mine = new Set(feeds.filter((feed) => limits.feeds.has(feed)));
      // A snapshot that lists no feeds may hold any.
      const people = limits.people && feeds.length > 0;
      if (people && mine.size === feeds.length) return whole;
      const key = `${people ? 'people' : 'no people'} ${[...mine].toSorted().join(' ')}`;
      const known = kept.get(key);
      if (known) {
        kept.delete(key);
        kept.set(key, known);
        return known;
      }
      made += 1;
      const making = openLimited(duck, whole, { limits: { feeds: mine, people }, tables, series, database, schema: id(`feeds_${made}`), hold });
      kept.set(key, making);
      making.then((each) => opened.add(each), () => kept.delete(key));
      if (kept.size > mostKept) {
        const [oldest, reader] = kept.entries().next().value!;
        kept.delete(oldest);
        letGo(reader);
      }
      return making;
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      for (const reader of opened) reader.close();
      opened.clear();
      kept.clear();
    },
  };
}

interface Parts {
  tables: TableKeys[];
  series: SeriesFeed[];
  /** All that the snapshot holds. */
  feeds: string[];
  database: string;
}

async function readParts(duck: Duck, whole: LakeReader): Promise<Parts> {
  const tables = await duck.rows<TableKeys>(tableKeysSql);
  const listed = whole.hasTable('feed_quality') && (await duck.rows<{ feed: string }>(loadedFeedsSql(['feed_quality']))).length > 0;
  const naming = listed ? ['feed_quality', 'demand_series'].filter((name) => whole.hasTable(name)) : [];
  const [series, feeds, { name }] = await Promise.all([
    whole.hasTable('demand_series') ? duck.rows<SeriesFeed>(seriesOfFeedsSql) : [],
    naming.length > 0 ? duck.rows<{ feed: string }>(loadedFeedsSql(naming)) : [],
    duck.one<{ name: string }>(databaseSql),
  ]);
  return { tables, series, feeds: feeds.map(({ feed }) => feed), database: id(name) };
}

interface LimitedOf extends Omit<Parts, 'feeds'> {
  limits: FeedLimits;
  schema: string;
  hold: Hold;
}

async function openLimited(duck: Duck, whole: LakeReader, { limits, tables, series, database, schema, hold }: LimitedOf): Promise<Kept> {
  const uncut = (table: string) => `${database}.main.${id(table)}`;
  const place = `${database}.${schema}`;
  await duck.run(makeSchemaSql(place));
  for (const table of tables) await duck.run(cutTableSql(`${place}.${id(table.name)}`, uncut(table.name), cutOf(table, limits, series, uncut)));
  const forks: Duck[] = [];
  for (let i = 0; i < connections; i += 1) {
    const connection = await duck.fork();
    for (const { name } of tables) await connection.run(shadowSql(name, `${place}.${id(name)}`));
    forks.push(connection);
  }
  const lastDay = async (within: 'two-years' | 'all') => (await forks[0]!.one<{ last: string | null }>(lastDaySql(within), { built: whole.snapshot.builtAt })).last;
  const last = whole.hasTable('event') ? ((await lastDay('two-years')) ?? (await lastDay('all'))) : null;
  const pool = openReaderPool(forks);
  return {
    limits,
    snapshot: { ...whole.snapshot, dataTo: last },
    hasTable: whole.hasTable,
    rows: <T>(sql: string, params?: Record<string, unknown>) => hold(() => pool.rows<T>(sql, params as SqlParams | undefined)),
    close: pool.close,
    forget: async () => {
      pool.close();
      await duck.run(dropSchemaSql(place));
    },
  };
}
