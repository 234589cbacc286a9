// Makes the standard records in a database from the rows of all loads as they stand, by each feed's contract:
// event, mention, place, relation and area, and how good the data are: feed_quality, column_quality, quarantine_reason.

import { join } from 'node:path';
import { silentProgress, type Progress } from '../core/index.ts';
import { copyUnsealed, id, openingKeys, parquetKind, text, type Duck, type Home } from '../store/index.ts';
import { allNumbersSql, areaGivenSql, areaMergedSql, areasSql, areaTableSql, lookupSql, type OtherFigure } from './area.sql.ts';
import { getFeed, readCategoriesBy, readWords } from './contract.ts';
import type { Contract, PlaceRule } from './contract.schema.ts';
import { acceptedRowsSql, describeLoadsSql, supersededRowsSql, type AcceptedFile } from './current-rows.sql.ts';
import { acceptedPath, listLoads, type Load } from './load-record.ts';
import { givePlacesAreas, locateAreas, type AreaCodeCounts } from './place-areas.store.ts';
import { columnQualitySql, feedQualitySql, qualityTablesSql, quarantineReasonSql } from './quality.sql.ts';
import { openQuarantineSql, quarantineCountsSql } from './quarantine.sql.ts';
import { aliasSql, eventsSql, isPersonal, mentionsSql, namesSql, placesSql, placeTableSql, recordTablesSql, relationsSql, resolveAliasesSql } from './records.sql.ts';
import { quarantinedFiles, releasedFiles } from './row-stage.store.ts';
import { recordColumns } from './stage-rows.sql.ts';
import type { ValueScope } from './value.sql.ts';

export interface StandardiseOptions {
  progress?: Progress;
  /**
   * An empty folder of the caller's, removed by them when this is done, for plain copies of encrypted rows: each feed's rows are read several
   * times, and the query engine decrypts them several times slower than it reads them. Where absent, they are read encrypted.
   */
  plainFolder?: string;
}

export interface StandardCounts {
  events: number;
  mentions: number;
  places: number;
  relations: number;
  areas: number;
  areaCodes: AreaCodeCounts;
  /** Accepted rows that a later row of the same key took the place of. */
  superseded: number;
  seconds: number;
}

/** A feed with its current rows ready to be read. */
interface ReadyFeed {
  contract: Contract;
  loads: Load[];
  current: string;
  opening?: string;
  superseded: number;
  /** Columns of its loads that the contract does not name. */
  others: string[];
}

/** Fills the database. Throws a Problem where a pack or a load is broken. */
export async function standardise(home: Home, duck: Duck, options: StandardiseOptions = {}): Promise<StandardCounts> {
  const started = performance.now();
  const progress = options.progress ?? silentProgress;
  const loads = listLoads(home);
  const byFeed = Map.groupBy(loads, (load) => load.feed);
  const contracts = new Map([...byFeed.keys()].map((feed) => [feed, getFeed(home.packs, feed)]));
  await duck.run(recordTablesSql({ feeds: byFeed.keys(), agencies: [...contracts.values()].map(({ agency }) => agency), loads: loads.map(({ load }) => load) }));
  await duck.run(qualityTablesSql);
  const feeds: ReadyFeed[] = [];
  progress.stage('Making standard records', byFeed.size);
  for (const [feed, contract] of contracts) feeds.push(await readyFeed(duck, contract, byFeed.get(feed)!, (load) => readableRows(home, load, options.plainFolder)));
  await makeWords(home, duck, feeds);
  for (const feed of feeds) {
    for (const rule of feed.contract.records.places) {
      const statement = aliasSql(rule, feed, scopeOf(home, feed));
      if (statement !== '') await duck.run(statement);
    }
  }
  await duck.run(resolveAliasesSql);
  for (const [i, feed] of feeds.entries()) {
    await makeRecords(home, duck, feed, i);
    progress.at(i + 1);
  }
  await duck.run(placeTableSql);
  const areaCodes = await makeAreas(home, duck, feeds);
  for (const feed of feeds) await measureFeed(duck, feed);
  for (const feed of feeds) await duck.run(`DROP VIEW ${feed.current}`);
  const counts = await duck.one<Omit<StandardCounts, 'areaCodes' | 'seconds' | 'superseded'>>(
    `SELECT (SELECT count(*) FROM event) AS events, (SELECT count(*) FROM mention) AS mentions, (SELECT count(*) FROM place) AS places, (SELECT count(*) FROM relation) AS relations, (SELECT count(*) FROM area) AS areas`,
  );
  progress.done(`${counts.events.toLocaleString('en-GB')} events`);
  const superseded = feeds.reduce((sum, feed) => sum + feed.superseded, 0);
  return { ...counts, areaCodes, superseded, seconds: Math.round(performance.now() - started) / 1000 };
}

/** A load's accepted rows as a file to be read often. */
function readableRows(home: Home, load: Load, plainFolder: string | undefined): string {
  const path = acceptedPath(load);
  if (plainFolder === undefined || parquetKind(path) !== 'sealed') return path;
  const copy = join(plainFolder, `${load.load.replaceAll('/', '.')}.parquet`);
  copyUnsealed(path, copy, openingKeys(home));
  return copy;
}

async function readyFeed(duck: Duck, contract: Contract, loads: Load[], rowsOf: (load: Load) => string): Promise<ReadyFeed> {
  const orderOf = new Map(loads.map((load) => [load.load, load.sequence]));
  const files: AcceptedFile[] = loads.map((load) => ({ path: rowsOf(load), load: load.load, order: orderOf.get(load.retryOf ?? load.load) ?? load.sequence }));
  const present = new Map((await duck.rows<{ column_name: string; column_type: string }>(describeLoadsSql(files))).map((row) => [row.column_name, row.column_type]));
  const all = id(`accepted ${contract.feed}`);
  const current = id(`current ${contract.feed}`);
  await duck.run(`CREATE OR REPLACE TEMP VIEW ${all} AS ${acceptedRowsSql(contract, files, present)}`);
  const others = contract.extraColumns === 'keep' ? [...present.keys()].filter((name) => !contract.columns.some((column) => column.name === name) && !recordColumns.has(name) && !name.includes('@')) : [];
  const superseded = Array.isArray(contract.key) ? await findSuperseded(duck, contract, all) : 0;
  const states = id(`states ${contract.feed}`);
  if (superseded === 0) {
    await duck.run(`CREATE OR REPLACE TEMP VIEW ${current} AS SELECT * FROM ${all}`);
    return { contract, loads, current, superseded, others };
  }
  await duck.run(`CREATE OR REPLACE TEMP VIEW ${current} AS SELECT every.* FROM ${all} AS every ANTI JOIN (SELECT * FROM ${states} WHERE state < states) AS gone ON every.row_key = gone.row_key AND every.load_order = gone.load_order AND every.line = gone.line`);
  if (!JSON.stringify(contract.records).includes('"of":"first"')) return { contract, loads, current, superseded, others };
  const opening = id(`opening ${contract.feed}`);
  await duck.run(`CREATE OR REPLACE TEMP TABLE ${opening} AS SELECT every.* FROM ${all} AS every SEMI JOIN (SELECT * FROM ${states} WHERE state = 1) AS first ON every.row_key = first.row_key AND every.load_order = first.load_order AND every.line = first.line`);
  return { contract, loads, current, opening, superseded, others };
}

async function findSuperseded(duck: Duck, contract: Contract, all: string): Promise<number> {
  const states = id(`states ${contract.feed}`);
  await duck.run(`CREATE OR REPLACE TEMP TABLE ${states} AS ${supersededRowsSql(all)}`);
  return (await duck.one<{ n: number }>(`SELECT count(*) AS n FROM ${states} WHERE state < states`)).n;
}

function scopeOf(home: Home, feed: ReadyFeed): ValueScope {
  return { contract: feed.contract, joins: new Map(), categories: (attribute) => readCategoriesBy(home.packs, attribute), hasOpening: feed.opening !== undefined };
}

/** Tables of words that translate, and of the names that events may give instead of an id. */
async function makeWords(home: Home, duck: Duck, feeds: ReadyFeed[]): Promise<void> {
  const wanted = new Set(['ethnicity']);
  const matches = new Set<string>();
  for (const { contract } of feeds) {
    const json = JSON.stringify(contract.records);
    for (const [, name] of json.matchAll(/"words":"([^"]+)"/g)) wanted.add(name!);
    for (const [, name] of json.matchAll(/"match":"([^"]+)"/g)) matches.add(name!);
  }
  for (const name of wanted) {
    const rows = Object.entries(readWords(home.packs, name)).map(([word, meaning]) => `(${text(word)}, ${text(meaning)})`);
    await duck.run(`CREATE OR REPLACE TEMP TABLE ${id(`words ${name}`)} AS SELECT * FROM (VALUES ${rows.join(', ')}) AS words (word, meaning)`);
  }
  for (const name of matches) {
    const register = feeds.find((feed) => feed.contract.feed === name);
    const rule = register?.contract.records.places[0];
    const table = id(`names ${name}`);
    if (!register || !rule?.name) {
      await duck.run(`CREATE OR REPLACE TEMP TABLE ${table} (name VARCHAR, place_id VARCHAR)`);
      continue;
    }
    await duck.run(namesSql(table, register.current, rule, scopeOf(home, register)));
  }
}

async function makeRecords(home: Home, duck: Duck, feed: ReadyFeed, order: number): Promise<void> {
  const { records } = feed.contract;
  const statements = [
    ...records.events.map((rule) => eventsSql(rule, feed, scopeOf(home, feed))),
    ...records.mentions.map((rule, i) => mentionsSql(rule, i, feed, scopeOf(home, feed))),
    ...records.places.map((rule) => placesSql(rule, placeRank(rule, feed.contract) + order, feed, scopeOf(home, feed))),
    ...records.relations.map((rule) => relationsSql(rule, feed, scopeOf(home, feed))),
  ];
  for (const statement of statements) if (statement !== '') await duck.run(statement);
}

/** What a register says of a place outranks what a published event says, and that what a private one says. */
function placeRank(rule: PlaceRule, contract: Contract): number {
  if (rule.id.length === 1 && !('scheme' in rule.id[0]! && rule.id[0].scheme === 'point')) return 0;
  return isPersonal(rule, contract) ? 2000 : 1000;
}

async function makeAreas(home: Home, duck: Duck, feeds: ReadyFeed[]): Promise<AreaCodeCounts> {
  await duck.run(areaGivenSql);
  const others: OtherFigure[] = [];
  let hasLookup = false;
  for (const [i, feed] of feeds.entries()) {
    const { area, areaLookup } = feed.contract.records;
    if (areaLookup) {
      await duck.run(lookupSql(feed.current, areaLookup.from, areaLookup.to));
      hasLookup = true;
    }
    if (!area) continue;
    await duck.run(areasSql(area, i, feed.current, scopeOf(home, feed)));
    if (area.others && typeof area.area_code === 'string') others.push(...(await otherFigures(duck, feed, area.area_code)));
  }
  await duck.run(areaMergedSql);
  const shapes = await locateAreas(duck);
  await duck.run(areaTableSql(others));
  return givePlacesAreas(duck, shapes, hasLookup);
}

/** A profile's columns that are no field of an area: the contract's by their types, extra ones as numbers where all are. */
async function otherFigures(duck: Duck, feed: ReadyFeed, code: string): Promise<OtherFigure[]> {
  const { contract, current } = feed;
  const used = new Set(Object.values(contract.records.area ?? {}).filter((value) => typeof value === 'string'));
  const known = contract.columns.filter((column) => !used.has(column.name)).map((column) => ({ name: column.name, current, code, type: 'AS IS' }));
  if (feed.others.length === 0) return known;
  const numeric = await duck.one<Record<string, boolean | null>>(allNumbersSql(current, feed.others));
  return [...known, ...feed.others.map((name) => ({ name, current, code, type: numeric[name] ? 'DOUBLE' : 'VARCHAR' }))];
}

async function measureFeed(duck: Duck, { contract, loads, current, superseded }: ReadyFeed): Promise<void> {
  const sum = (key: 'rows' | 'accepted' | 'quarantined' | 'repeated' | 'released') => loads.reduce((total, load) => total + load[key], 0);
  const released = sum('released');
  await duck.run(
    feedQualitySql(contract, {
      files: loads.filter((load) => load.kind === 'file').length,
      rows: sum('rows') - released,
      accepted: sum('accepted'),
      quarantined: sum('quarantined') - released,
      repeated: sum('repeated'),
      superseded,
      lastLoadedAt: loads.map((load) => load.loadedAt).toSorted().at(-1) ?? '',
    }),
  );
  await duck.run(columnQualitySql(contract, current));
  const open = openQuarantineSql(quarantinedFiles(loads), releasedFiles(loads));
  await duck.run(quarantineReasonSql(quarantineCountsSql(open)));
}
