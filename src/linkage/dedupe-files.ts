// Which records of these files are one person? From files to pairs.parquet and clusters.parquet, by the person settings over columns that are
// recognised by their contents, or by the settings of a Splink model; with scores where a column tells the truth.

import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { asProblem, Problem, silentProgress, type Progress } from '../core/index.ts';
import { makeFolder, openDuck, type Duck } from '../store/index.ts';
import { profileColumns } from './column-profile.store.ts';
import { clusteredPairsSql, clustersFileSql, copyFileSql, dedupeKeySql, linkedPairsSql, numberKeysSql, pairsFileSql, sourceTableSql, truePairsSql } from './dedupe.sql.ts';
import { linkRecords } from './link-records.ts';
import { listKnownNames } from './name-lists.ts';
import { personSource } from './person-source.sql.ts';
import { personSettings } from './person-settings.sql.ts';
import { readRecords, type ReadRecords, type RecordFiles } from './read-records.store.ts';
import { recogniseColumns, type RecognisedColumn } from './recognise-columns.ts';
import { scorePairs } from './score-linkage.ts';
import { linkBySplink } from './splink-link.store.ts';
import { readSplinkSettings } from './splink-settings.ts';

export interface DedupeOptions extends RecordFiles {
  out: string;
  /** A Splink model as JSON; the person settings where not given. */
  settingsFile?: string;
  /** A probability; 0.5 where not said. */
  threshold?: number;
  /** Local packs, for names and nicknames. */
  localPacks?: string;
  memoryLimit?: string;
  threads?: number;
  progress?: Progress;
}

export interface DedupeScore {
  precision: number;
  recall: number;
  f1: number;
}

export interface DedupeResult {
  records: number;
  candidatePairs: number;
  threshold: number;
  people: number;
  seconds: Record<string, number>;
  peakMemoryBytes: number;
  /** Where a truth column is given: over all true pairs. */
  /** Pairs decided to be one person: a probability of at least the threshold after the evidence of their cluster. */
  pairs?: DedupeScore;
  /** Pairs whose own weight reaches the threshold, whatever their cluster says. */
  pairsAlone?: DedupeScore;
  /** Pairs of records inside one cluster. */
  clusters?: DedupeScore;
  /** The share of true pairs that the blocking rules proposed. */
  reached?: number;
  columns: RecognisedColumn[];
  warnings: string[];
  files: { pairs: string; clusters: string };
}

/** What a way of linking gives back; `out` holds (source_id, person_key). */
interface Linked {
  candidatePairs: number;
  people: number;
  threshold: number;
  seconds: Record<string, number>;
  warnings: string[];
  columns: RecognisedColumn[];
  counts: { found: number; correct: number; foundAlone: number; correctAlone: number; reached: number };
}

const clustersTable = 'dedupe_cluster';
const seconds = (from: number) => Math.round(performance.now() - from) / 1000;

/**
 * Links the records of files to people and writes pairs.parquet and clusters.parquet into `out`; what was there is replaced when both are whole.
 * @returns counts, seconds by stage, the peak of memory in bytes, what each column was taken for, and scores where the truth is given
 * @throws Problem for a file that cannot be read, a column that is not there, an id twice, a threshold outside 0 to 1
 * @example await dedupeFiles({ files: ['people.csv'], idColumn: 'unique_id', truthColumn: 'cluster', out: 'linked' })
 */
export async function dedupeFiles(options: DedupeOptions): Promise<DedupeResult> {
  const { threshold } = options;
  if (threshold !== undefined && !(threshold > 0 && threshold < 1)) throw new Problem('usage', { what: 'The threshold must lie between 0 and 1', where: '--threshold', todo: 'Give a probability such as 0.9.' });
  const started = performance.now();
  const model = options.settingsFile === undefined ? undefined : readSplinkSettings(options.settingsFile);
  const aside = join(options.out, `.writing-${process.pid}`);
  let duck: Duck | undefined;
  try {
    makeFolder(options.out);
    rmSync(aside, { recursive: true, force: true });
    makeFolder(aside);
    duck = await openDuck({ memoryLimit: options.memoryLimit ?? '2GB', threads: options.threads ?? 2, tempDirectory: join(aside, 'spill') });
    const progress = options.progress ?? silentProgress;
    progress.stage('Reading records');
    const read = await readRecords(duck, options);
    await duck.run(dedupeKeySql(read));
    const reading = seconds(started);
    progress.done(`${read.records.toLocaleString('en-GB')} records`);
    const linked = await (model ? linkByModel(duck, read, model, options, aside) : linkPeopleOf(duck, read, options, join(aside, 'pairs.parquet')));
    const writing = performance.now();
    await duck.run(copyFileSql(clustersFileSql(clustersTable, read.source !== undefined), join(aside, 'clusters.parquet')));
    const scores = read.truth === undefined ? {} : await scoreAll(duck, linked);
    const files = { pairs: join(options.out, 'pairs.parquet'), clusters: join(options.out, 'clusters.parquet') };
    renameSync(join(aside, 'pairs.parquet'), files.pairs);
    renameSync(join(aside, 'clusters.parquet'), files.clusters);
    const { candidatePairs, people, threshold: used, columns, warnings } = linked;
    return {
      records: read.records, candidatePairs, threshold: used, people,
      seconds: { read: reading, ...linked.seconds, clusters: seconds(writing), total: seconds(started) },
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024, ...scores, columns, warnings, files,
    };
  } catch (error) {
    throw asProblem(error, options.out);
  } finally {
    duck?.close();
    if (existsSync(aside)) rmSync(aside, { recursive: true, force: true });
  }
}

/** By the person settings, over the columns as recognised. */
async function linkPeopleOf(duck: Duck, read: ReadRecords, options: DedupeOptions, pairsFile: string): Promise<Linked> {
  const from = performance.now();
  const kept = read.columns.filter((column) => ![read.id, read.source, read.truth].includes(column));
  const columns = recogniseColumns(await profileColumns(duck, kept, listKnownNames(options.localPacks)));
  const { sql, typedNumbers, words } = personSource(read, columns);
  await duck.run(sourceTableSql(sql, read));
  const recognising = seconds(from);
  const settings = personSettings({ typedNumbers, words, ...(options.threshold === undefined ? {} : { threshold: options.threshold }), ...(options.localPacks === undefined ? {} : { localPacks: options.localPacks }) });
  let pairing = 0;
  const writer = pairsWriter(duck, read, settings.threshold, pairsFile, 'p.proposed');
  const result = await linkRecords(duck, {
    source: 'dedupe_source', out: clustersTable, settings, ...(options.progress ? { progress: options.progress } : {}),
    onPairs: async (pairs, numbers, levels) => {
      const start = performance.now();
      await writer.write(pairs, numbers, levels);
      pairing = seconds(start);
    },
  });
  const { total: _total, ...stages } = result.seconds;
  return { candidatePairs: result.candidatePairs, people: result.people, threshold: result.threshold, seconds: { recognise: recognising, ...stages, pairs: pairing }, warnings: result.warnings, columns, counts: writer.counts() };
}

/** By a Splink model: the columns are those that it names. */
async function linkByModel(duck: Duck, read: ReadRecords, model: ReturnType<typeof readSplinkSettings>, options: DedupeOptions, folder: string): Promise<Linked> {
  const threshold = options.threshold ?? 0.5;
  const writer = pairsWriter(duck, read, threshold, join(folder, 'pairs.parquet'));
  const linked = await linkBySplink(duck, read, model.settings, { out: clustersTable, folder, threshold, onPairs: writer.write });
  return { ...linked, threshold, warnings: model.warnings, columns: [], counts: writer.counts() };
}

/** Writes the pairs' file and, where the truth is known, counts the right ones. */
function pairsWriter(duck: Duck, read: ReadRecords, threshold: number, file: string, proposed?: string) {
  let counts = { found: 0, correct: 0, foundAlone: 0, correctAlone: 0, reached: 0 };
  return {
    counts: () => counts,
    write: async (pairs: string, numbers: string, levels?: string[]): Promise<void> => {
      await duck.run(numberKeysSql(numbers));
      await duck.run(copyFileSql(pairsFileSql(pairs, read.source !== undefined, levels), file));
      if (read.truth !== undefined) counts = await duck.one(linkedPairsSql(pairs, proposed), { threshold, least: Math.log2(threshold / (1 - threshold)) });
    },
  };
}

async function scoreAll(duck: Duck, linked: Linked): Promise<Pick<DedupeResult, 'pairs' | 'pairsAlone' | 'clusters' | 'reached'>> {
  const { n } = await duck.one<{ n: number }>(truePairsSql);
  const inside = await duck.one<{ found: number; correct: number }>(clusteredPairsSql(clustersTable));
  const score = ({ found, correct }: { found: number; correct: number }): DedupeScore => {
    const { precision, recall, f1 } = scorePairs(n, found, correct);
    return { precision, recall, f1 };
  };
  const { foundAlone, correctAlone } = linked.counts;
  return { pairs: score(linked.counts), pairsAlone: score({ found: foundAlone, correct: correctAlone }), clusters: score(inside), reached: n === 0 ? 1 : linked.counts.reached / n };
}
