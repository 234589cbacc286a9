// The index of the live search: every record as one line of text, and for each key (date of birth, sound of surname, postcode …) the
// records that have it. Written once a linkage is finished, from its prepared records and its model; see find-matches.store.ts.

import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { id, makeFolder, writeWhole, type Duck } from '../store/index.ts';
import { lineEnds, writeArray } from './index-files.ts';
import type { LinkedRecords } from './link-records.ts';
import type { LinkageSettings } from './linkage-settings.ts';
import { copyLinesSql, fullNamesSql, noMatchModelSql, postingsSql, type IndexColumn, type SearchKey } from './match-index.sql.ts';
import type { MatchModel } from './match-model.ts';
import { dropWorkingTables, prepareRecords } from './prepare-records.store.ts';
import { readNumbers } from './typed-columns.store.ts';

/** A value that a larger part of all records has finds nobody; the least is for small tables. */
const largestPart = 1 / 40;
const leastList = 2000;

export interface IndexDescription {
  format: 1;
  /** The engine's version: its hash function is a part of the format. */
  engine: string;
  records: number;
  settings: LinkageSettings;
  model: Omit<MatchModel, 'comparisons'>;
  columns: IndexColumn[];
  queryColumns: IndexColumn[];
  keys: SearchKey[];
}

export const indexFiles = { about: 'about.json', lines: 'lines.txt', ends: 'line-ends.f64', hashes: 'key-hashes.f64', starts: 'key-starts.u32', records: 'key-records.i32', names: 'full-name-hashes.f64', dependence: 'full-name-dependence.f32', people: 'people.txt', peopleEnds: 'people-ends.f64' } as const;

/** The keys by which records are found: the blocking rules of one key, and the keys from which rules are learned. */
export function searchKeys(settings: LinkageSettings): SearchKey[] {
  const comparisonOf = (column: string): string =>
    (settings.comparisons.find(({ columns }) => columns[0] === column) ?? settings.comparisons.find(({ columns }) => columns.includes(column)))?.name ?? column;
  const group = (needs: string[]): string => [...new Set(needs.map(comparisonOf))].toSorted().join(' and ');
  const rules = settings.blocking.filter((rule) => rule.keys.length === 1 && rule.listKey === undefined).map((rule) => ({ sql: rule.keys[0]!, list: false, group: group(rule.needs), needs: rule.needs }));
  return [...rules, ...settings.blockingKeys.map((key) => ({ sql: key.sql, list: key.list ?? false, group: group(key.needs), needs: key.needs }))];
}

/** The prepared records' columns: those that comparisons read are kept with each record; a query has all but the frequencies. */
async function listColumns(duck: Duck, settings: LinkageSettings): Promise<{ columns: IndexColumn[]; queryColumns: IndexColumn[] }> {
  const all = await duck.rows<IndexColumn>("SELECT column_name AS name, data_type AS type FROM duckdb_columns() WHERE table_name = 'linkage_record' ORDER BY column_index");
  const compared = new Set(settings.comparisons.flatMap((comparison) => [...comparison.columns, ...comparison.levels.flatMap((level) => (level.exactOn ? [level.exactOn, `${level.exactOn}_frequency`] : []))]));
  for (const name of ['rid', 'source_id', 'name_dependence']) compared.add(name);
  return { columns: all.filter(({ name }) => compared.has(name)), queryColumns: all.filter(({ name }) => !name.endsWith('_frequency') && !['rid', 'source_id'].includes(name)) };
}

/**
 * Writes the index of a finished linkage into a folder, which is replaced as a whole. Call it in `onLinked` of `linkRecords`.
 * @example await linkRecords(duck, { source, out, onLinked: (linked) => writeMatchIndex(duck, linked, folder) })
 */
export async function writeMatchIndex(duck: Duck, linked: Pick<LinkedRecords, 'settings' | 'model'>, folder: string): Promise<void> {
  const { settings, model } = linked;
  const aside = `${folder}.writing`;
  rmSync(aside, { recursive: true, force: true });
  makeFolder(aside);
  const { columns, queryColumns } = await listColumns(duck, settings);
  const keys = searchKeys(settings);
  const records = await writeLines(duck, aside, columns);
  const most = Math.max(leastList, Math.floor(records * largestPart));
  const [hashes, rids] = (await readNumbers(duck, postingsSql(keys), ['double', 'integer'])) as [Float64Array, Int32Array];
  writePostings(aside, hashes, rids, most);
  const [names, dependence] = settings.nameDependence ? ((await readNumbers(duck, fullNamesSql(settings), ['double', 'double'])) as [Float64Array, Float64Array]) : [new Float64Array(), new Float64Array()];
  writeArray(join(aside, indexFiles.names), names);
  writeArray(join(aside, indexFiles.dependence), Float32Array.from(dependence));
  const { engine } = await duck.one<{ engine: string }>('SELECT version() AS engine');
  const { comparisons: _, ...numbers } = model;
  const about: IndexDescription = { format: 1, engine, records, settings, model: numbers, columns, queryColumns, keys };
  writeWhole(join(aside, indexFiles.about), JSON.stringify(about));
  rmSync(folder, { recursive: true, force: true });
  renameSync(aside, folder);
}

/** Each record's line, and where it ends. Returns the number of records. */
async function writeLines(duck: Duck, folder: string, columns: IndexColumn[]): Promise<number> {
  const path = join(folder, indexFiles.lines);
  await duck.run(copyLinesSql(columns, path));
  const { records } = await duck.one<{ records: number }>('SELECT count(*) AS records FROM linkage_record');
  writeArray(join(folder, indexFiles.ends), lineEnds(path, records));
  return records;
}

/** Distinct hashes, where each one's records start, and the records; without the values that more than `most` records have. */
function writePostings(folder: string, hashes: Float64Array, rids: Int32Array, most: number): void {
  const keys = new Float64Array(hashes.length);
  const starts = new Uint32Array(hashes.length + 1);
  let distinct = 0;
  let kept = 0;
  for (let from = 0, to = 0; from < hashes.length; from = to) {
    while (to < hashes.length && hashes[to] === hashes[from]) to += 1;
    if (to - from > most) continue;
    keys[distinct] = hashes[from]!;
    starts[distinct] = kept;
    rids.copyWithin(kept, from, to);
    kept += to - from;
    distinct += 1;
  }
  starts[distinct] = kept;
  writeArray(join(folder, indexFiles.hashes), keys.subarray(0, distinct));
  writeArray(join(folder, indexFiles.starts), starts.subarray(0, distinct + 1));
  writeArray(join(folder, indexFiles.records), rids.subarray(0, kept));
}

/** Adds each record's person, from a table (source_id, person_key) that has every record: the keys may be given after the linkage. */
export async function writeMatchPeople(duck: Duck, people: string, folder: string): Promise<void> {
  const path = join(folder, indexFiles.people);
  // Records are numbered in the order of their ids.
  await duck.run(`COPY (SELECT person_key FROM ${id(people)} ORDER BY source_id) TO '${path.replaceAll("'", "''")}' (FORMAT csv, HEADER false, DELIMITER '\u0001', QUOTE '\u0002', ESCAPE '\u0002')`);
  const { records } = await duck.one<{ records: number }>(`SELECT count(*) AS records FROM ${id(people)}`);
  writeArray(join(folder, indexFiles.peopleEnds), lineEnds(path, records));
}

/** Makes the table `out` (settings, model; one row of JSON each) of a finished linkage, from which an index can be made later. */
export async function keepMatchModel(duck: Duck, { settings, model }: LinkedRecords, out: string): Promise<void> {
  const { comparisons: _, ...numbers } = model;
  await duck.run(noMatchModelSql(out));
  await duck.run(`INSERT INTO ${id(out)} VALUES ($settings, $model)`, { settings: JSON.stringify(settings), model: JSON.stringify(numbers) });
}

/**
 * Makes the index of records that were linked earlier, from the model that was kept then.
 * @returns false where nothing could be compared, so that there is no model
 */
export async function makeMatchIndex(duck: Duck, tables: { source: string; people: string; model: string }, folder: string): Promise<boolean> {
  const [kept] = await duck.rows<{ settings: string; model: string }>(`FROM ${id(tables.model)}`);
  if (!kept) return false;
  const settings = JSON.parse(kept.settings) as LinkageSettings;
  const model: MatchModel = { comparisons: settings.comparisons, ...(JSON.parse(kept.model) as Omit<MatchModel, 'comparisons'>) };
  try {
    await prepareRecords(duck, tables.source, settings);
    const aside = `${folder}.making`;
    await writeMatchIndex(duck, { settings, model }, aside);
    await writeMatchPeople(duck, tables.people, aside);
    rmSync(folder, { recursive: true, force: true });
    renameSync(aside, folder);
    return true;
  } finally {
    await dropWorkingTables(duck);
  }
}
