// Which records of these files are one person? From files to pairs.parquet and clusters.parquet, by the person settings over columns that are
// recognised by their contents, or by the settings of a Splink model; with scores where a column tells the truth.

import { chmodSync, existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { asProblem, Problem, silentProgress } from '../core/index.ts';
import { makeFolder, openDuck, type Duck } from '../store/index.ts';
import { writeMeasures } from './dedupe-measures.store.ts';
import { checkKeeping, readSettings, recordFiles, type DedupeOptions, type DedupeResult, type DedupeScore } from './dedupe-options.ts';
import { clustersTable, linkBy, readLabelsFile, seconds, type Linked } from './dedupe-ways.ts';
import { chanceDifferSql, checkedLinksSql, clusteredPairsSql, clustersFileSql, copyFileSql, dedupeKeySql, truePairsSql } from './dedupe.sql.ts';
import { engineProblem, watchStatements } from './engine-problem.ts';
import { explainedFile, readAsked, writeExplained, type ExplainedPair } from './explain-asked.store.ts';
import { estimateFalseMatches, type CheckEstimate } from './false-match-estimate.ts';
import { openSuccessor } from './kept-linkage.ts';
import { keepLargeBlocks, largeBlocksFile } from './large-blocks.store.ts';
import { readFile, readRecords, type ReadRecords } from './read-records.store.ts';
import { scorePairs } from './score-linkage.ts';
import { columnsOf } from './table-columns.store.ts';

/** The files of a run, each replaced when all are whole. */
const written = ['pairs.parquet', 'clusters.parquet', 'cluster-measures.parquet', 'model.json', 'splink.json', 'splink-records.parquet', largeBlocksFile, explainedFile] as const;

/**
 * Links the records of files to people and writes pairs.parquet and clusters.parquet (with settings also model.json) into `out`; what was
 * there is replaced when all are whole.
 * @returns counts, seconds by stage, the peak of memory in bytes, what each column was taken for, and scores where the truth is given
 * @throws Problem for a file that cannot be read, a column that is not there, an id twice, a threshold outside 0 to 1, settings with a mistake
 * @example await dedupeFiles({ files: ['people.csv'], idColumn: 'unique_id', truthColumn: 'cluster', out: 'linked' })
 */
export async function dedupeFiles(options: DedupeOptions): Promise<DedupeResult> {
  const { threshold } = options;
  if (threshold !== undefined && !(threshold > 0 && threshold < 1)) throw new Problem('usage', { what: 'The threshold must lie between 0 and 1', where: '--threshold', todo: 'Give a probability such as 0.9.' });
  const started = performance.now();
  checkKeeping(options);
  const settings = readSettings(options);
  const input = recordFiles(options, settings);
  const aside = options.fromHome?.aside ?? join(options.out, `.writing-${process.pid}`);
  const successor = options.keepFolder === undefined ? undefined : openSuccessor(options.keepFolder);
  let duck: Duck | undefined;
  let last = () => '';
  try {
    makeFolder(options.out);
    rmSync(aside, { recursive: true, force: true });
    makeFolder(aside);
    const watched = watchStatements(await openDuck({ memoryLimit: options.memoryLimit ?? '2GB', threads: options.threads ?? 2, tempDirectory: join(aside, 'spill'), keys: options.fromHome?.keys ?? [] }));
    duck = watched.duck;
    last = watched.last;
    const progress = options.progress ?? silentProgress;
    progress.stage('Reading records');
    const read = await readRecords(duck, input);
    if (options.labelsFile !== undefined) await readLabelsFile(duck, options.labelsFile, read);
    await duck.run(dedupeKeySql(read));
    if (options.explainFile !== undefined) await readAskedFile(duck, options.explainFile, read);
    const reading = seconds(started);
    progress.done(`${read.records.toLocaleString('en-GB')} records`);
    // The records of a home are of people: what they hold is written nowhere in the clear.
    const largeBlocks = options.fromHome ? undefined : keepLargeBlocks(duck, join(aside, largeBlocksFile), join(options.out, largeBlocksFile));
    let explained: ExplainedPair[] = [];
    const explain = (pairs: ExplainedPair[]) => void (explained = pairs);
    const linked = await linkBy(duck, read, settings, { ...options, ...(successor ? { successor } : {}), ...(largeBlocks ? { largeBlocks } : {}), ...(options.explainFile === undefined ? {} : { explain }) }, aside);
    if (options.explainFile !== undefined) writeExplained(join(aside, explainedFile), explained);
    const writing = performance.now();
    await duck.run(copyFileSql(clustersFileSql(clustersTable, read.source !== undefined), join(aside, 'clusters.parquet')));
    if (options.measures) await writeMeasures(duck, clustersTable, join(aside, 'cluster-measures.parquet'));
    const check = read.check === undefined ? undefined : await checkLinks(duck);
    const scores = read.truth === undefined ? {} : await scoreAll(duck, linked);
    const { candidatePairs, people, threshold: used, columns, warnings } = linked;
    if (existsSync(join(aside, largeBlocksFile))) warnings.push(`The values of the largest blocks that were not compared are in ${join(options.out, largeBlocksFile)}`);
    const files = moveFiles(aside, options);
    linked.keep?.();
    return {
      records: read.records, candidatePairs, threshold: used, people,
      seconds: { read: reading, ...linked.seconds, clusters: seconds(writing), total: seconds(started) },
      peakMemoryBytes: process.resourceUsage().maxRSS * 1024, ...scores, falseMatches: { ...linked.counts.falseMatches, ...(check ? { check } : {}) }, ...linked.further, ...(options.explainFile === undefined || options.fromHome ? {} : { explained }), columns, warnings, files,
    };
  } catch (error) {
    // A rule that is refused says that its block is here.
    if (existsSync(join(aside, largeBlocksFile))) renameSync(join(aside, largeBlocksFile), join(options.out, largeBlocksFile));
    throw tooLittleMemory(error, options.memoryLimit) ?? asProblem(engineProblem(error, 'reading and writing', last()), options.out);
  } finally {
    duck?.close();
    if (existsSync(aside)) rmSync(aside, { recursive: true, force: true });
    successor?.clear();
  }
}

/** The engine spills what it can; some steps need a least amount. */
function tooLittleMemory(error: unknown, limit = '2GB'): Problem | undefined {
  if (!(error instanceof Error) || !error.message.startsWith('Out of Memory')) return undefined;
  return new Problem('usage', { what: `The memory is too small for these records (${limit})`, where: '--memory', todo: 'Give more, such as --memory 4GB; what does not fit is spilt to the folder, but some steps need a part of the records at once.', cause: error });
}

/** Moves what was written to its place; a file that this run did not write does not stay from another. */
function moveFiles(from: string, { out, fromHome }: DedupeOptions): DedupeResult['files'] {
  const files: Record<string, string> = {};
  for (const name of written) {
    const to = join(out, name);
    if (existsSync(join(from, name))) {
      if (fromHome) chmodSync(join(from, name), 0o600);
      renameSync(join(from, name), to);
      files[name.replace(/\..*$/, '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())] = to;
    } else rmSync(to, { force: true });
  }
  return files as DedupeResult['files'];
}

async function readAskedFile(duck: Duck, file: string, read: ReadRecords): Promise<void> {
  await readFile(duck, file, 'dedupe_asked_read');
  const columns = await columnsOf(duck, 'dedupe_asked_read');
  await readAsked(duck, 'dedupe_asked_read', columns, read);
}

/** The share of false links by the checked column. */
async function checkLinks(duck: Duck): Promise<CheckEstimate | undefined> {
  const { chance } = await duck.one<{ chance: number }>(chanceDifferSql);
  return estimateFalseMatches({ all: await duck.one(checkedLinksSql(clustersTable, false)), sure: await duck.one(checkedLinksSql(clustersTable, true)), chance });
}

async function scoreAll(duck: Duck, linked: Linked): Promise<Pick<DedupeResult, 'pairs' | 'pairsAlone' | 'clusters' | 'reached'>> {
  const { n } = await duck.one<{ n: number }>(truePairsSql);
  const inside = await duck.one<{ found: number; correct: number }>(clusteredPairsSql(clustersTable));
  const score = ({ found, correct }: { found: number; correct: number }): DedupeScore => {
    const { precision, recall, f1 } = scorePairs(n, found, correct);
    return { precision, recall, f1 };
  };
  // Where records joined a kept linkage, most pairs were compared before.
  if (linked.further?.joined) return { clusters: score(inside) };
  const { foundAlone, correctAlone } = linked.counts;
  return { pairs: score(linked.counts), pairsAlone: score({ found: foundAlone, correct: correctAlone }), clusters: score(inside), reached: n === 0 ? 1 : linked.counts.reached / n };
}
