// Which records of these files are one person? From files to pairs.parquet and clusters.parquet, by the person settings over columns that are
// recognised by their contents, or by the settings of a Splink model; with scores where a column tells the truth.

import { chmodSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { asProblem, counted, Problem, silentProgress, type Progress } from '../core/index.ts';
import { makeFolder, openDuck, text, type Duck, type FileKey } from '../store/index.ts';
import { profileColumns } from './column-profile.store.ts';
import { writeMeasures } from './dedupe-measures.store.ts';
import { chanceDifferSql, checkedLinksSql, clusteredPairsSql, clustersFileSql, copyFileSql, dedupeKeySql, expectedFalseSql, keepCheckedSql, keepLinksSql, linkedPairsSql, numberKeysSql, pairsFileSql, preparedFileSql, sourceTableSql, tableColumnsSql, truePairsSql } from './dedupe.sql.ts';
import { engineProblem, watchStatements } from './engine-problem.ts';
import type { TrainingSession } from './expectation-maximisation.ts';
import { explainByLinkage, explainByModel, explainedFile, readAsked, writeExplained, type ExplainedPair } from './explain-asked.store.ts';
import { estimateFalseMatches, type CheckEstimate, type ModelEstimate } from './false-match-estimate.ts';
import { readLabels, type LabelReport, type LabelScore } from './labels.store.ts';
import { keepLargeBlocks, largeBlocksFile, type LargeBlocks } from './large-blocks.store.ts';
import { checkKept, openSuccessor, readKept, type Successor } from './kept-linkage.ts';
import { linkBySettings, type RuleReport } from './link-by-settings.store.ts';
import { linkFurtherRecords, writeLinkState } from './link-further.store.ts';
import { linkRecords } from './link-records.ts';
import { listKnownNames } from './name-lists.ts';
import { personSource } from './person-source.sql.ts';
import { personSettings } from './person-settings.sql.ts';
import { readFile, readRecords, type ReadRecords, type RecordFiles } from './read-records.store.ts';
import { recogniseColumns, type RecognisedColumn } from './recognise-columns.ts';
import { scorePairs } from './score-linkage.ts';
import { settingsFromColumns } from './settings-from-columns.ts';
import { isSplinkModel, readSettingsFile, savedModel, type ReadSettings } from './settings-file.ts';
import { linkBySplink, type ModelLinkOptions } from './splink-link.store.ts';
import { readSplinkSettings, type SplinkSettings } from './splink-settings.ts';
import { writeSplinkModel } from './splink-write.ts';

export interface DedupeOptions extends RecordFiles {
  out: string;
  /** Settings (YAML), a saved model or a Splink model (JSON); the person settings where not given. */
  settingsFile?: string;
  /** Labelled pairs: m is learned from them, and the linkage scored against them. */
  labelsFile?: string;
  /** Pairs of records whose weights are to be explained. */
  explainFile?: string;
  /** Only pairs of different sources, or all; as the settings say where not given. */
  link?: 'dedupe' | 'link' | 'link-and-dedupe';
  /** At most one record of each source in a cluster. */
  onePerSource?: boolean;
  clusters?: 'components' | 'votes';
  /** Also writes cluster-measures.parquet. */
  measures?: boolean;
  /** A folder in which the linkage is kept; where it holds one, new and changed records join that, and only they are compared. The preset alone. */
  keepFolder?: string;
  /** Also writes the model for Splink: splink.json and splink-records.parquet. */
  splink?: boolean;
  /** A probability; 0.5 where not said. */
  threshold?: number;
  /** Local packs, for names and nicknames. */
  localPacks?: string;
  memoryLimit?: string;
  threads?: number;
  progress?: Progress;
  /** Where tables of a home are read: the keys that open them, and a folder to make in `out` for the time of the run. What is written is then for its owner alone. */
  fromHome?: { keys: readonly FileKey[]; aside: string };
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
  /** The share of links that is false, without truth: by the probabilities, and by the checked column. */
  falseMatches: ModelEstimate & { check?: CheckEstimate };
  labels?: LabelReport & { scores: LabelScore };
  /** For settings files: pairs by rule. */
  rules?: RuleReport[];
  /** Where records joined a kept linkage: how many were new or had changed, and how many were grouped anew. The pairs are those among the latter. */
  joined?: { changed: number; grouped: number };
  /** The pairs that were to be explained, in their order; of a home's tables they are in the file alone. */
  explained?: ExplainedPair[];
  /** How training went, session by session; a Splink model and a saved one are not trained. */
  sessions?: TrainingSession[];
  columns: RecognisedColumn[];
  warnings: string[];
  files: Record<string, string> & { pairs: string; clusters: string };
}

/** With where the values of large blocks go, and what is done with the pairs explained. */
type LinkingOptions = DedupeOptions & { largeBlocks?: LargeBlocks; explain?(pairs: ExplainedPair[]): void; successor?: Successor };

/** What a way of linking gives back; `out` holds (source_id, person_key). */
interface Linked {
  candidatePairs: number;
  people: number;
  threshold: number;
  seconds: Record<string, number>;
  warnings: string[];
  columns: RecognisedColumn[];
  counts: PairCounts;
  further?: Partial<Pick<DedupeResult, 'labels' | 'rules' | 'sessions' | 'joined'>>;
  /** Called once the files are in their place. */
  keep?(): void;
}

interface PairCounts {
  found: number;
  correct: number;
  foundAlone: number;
  correctAlone: number;
  reached: number;
  falseMatches: ModelEstimate;
}

/** What the settings file is; the threshold of the options comes before its own. */
type Settings = { kind: 'person'; asSettings: boolean } | { kind: 'splink'; settings: SplinkSettings; warnings: string[] } | { kind: 'own'; read: ReadSettings };

const clustersTable = 'dedupe_cluster';
const seconds = (from: number) => Math.round(performance.now() - from) / 1000;

/** Pairs at least so probable are the surest, on which the checked column shows its error. */
const sure = 0.999;
/** The files of a run, each replaced when all are whole. */
const written = ['pairs.parquet', 'clusters.parquet', 'cluster-measures.parquet', 'model.json', 'splink.json', 'splink-records.parquet', largeBlocksFile, explainedFile] as const;

/** Of what a kept linkage can be, and be asked. */
function checkKeeping({ keepFolder, settingsFile, link, onePerSource, clusters, labelsFile, splink, measures, checkColumn, explainFile, fromHome }: DedupeOptions): void {
  if (keepFolder === undefined) return;
  const refuse = (what: string, where: string, todo: string) => new Problem('usage', { what, where: `--keep, ${where}`, todo });
  const settingsOf = { settings: settingsFile, link, 'one-per-source': onePerSource, clusters, labels: labelsFile, splink };
  const [given] = Object.entries(settingsOf).filter(([, value]) => value !== undefined && value !== false);
  if (given) throw refuse('A linkage by settings cannot be kept for further records', `--${given[0]}`, 'Leave one of them out: the preset alone can be kept.');
  if (fromHome) throw refuse('A linkage of a home’s tables is not kept in the clear', '--home', 'Leave --keep out: the home keeps its own.');
  const [asked] = Object.entries({ measures, check: checkColumn, explain: explainFile }).filter(([, value]) => value !== undefined && value !== false);
  if (asked && readKept(keepFolder)) throw refuse('This is asked of all pairs, and where records join a kept linkage only theirs are compared', `--${asked[0]}`, 'Leave one of them out.');
}

function readSettings({ settingsFile, link, onePerSource, clusters, labelsFile, splink }: DedupeOptions): Settings {
  // Link types, labels and the model for Splink are those of settings: the preset then makes settings of the columns as recognised.
  if (settingsFile === undefined) return { kind: 'person', asSettings: [link, onePerSource, clusters, labelsFile, splink].some((value) => value !== undefined && value !== false) };
  if (!isSplinkModel(settingsFile)) {
    const read = readSettingsFile(settingsFile);
    return { kind: 'own', read: { ...read, settings: { ...read.settings, ...(link === undefined ? {} : { link }) } } };
  }
  if (labelsFile !== undefined) throw new Problem('usage', { what: 'A Splink model is trained already', where: '--labels', todo: 'Give labels with a settings file.' });
  if (splink) throw new Problem('usage', { what: 'The settings are a Splink model already', where: '--splink', todo: 'Leave --splink out, or give settings of your own.' });
  const model = readSplinkSettings(settingsFile);
  return { kind: 'splink', ...model, settings: { ...model.settings, ...(link === undefined ? {} : { link_type: link === 'dedupe' ? 'dedupe_only' : link === 'link' ? 'link_only' : 'link_and_dedupe' }) } };
}

/** The files whose rows a run with these options would read. Throws a Problem for settings with a mistake. */
export function listFilesRead(options: DedupeOptions): string[] {
  const settings = readSettings(options);
  const labels = options.labelsFile ?? (settings.kind === 'own' && settings.read.learned === undefined ? settings.read.settings.training.labels : undefined);
  return [...options.files, ...(labels === undefined ? [] : [labels]), ...(options.explainFile === undefined ? [] : [options.explainFile])];
}

/** The columns of id and source that the options or the settings name. */
function recordFiles(options: DedupeOptions, settings: Settings): RecordFiles {
  const own = settings.kind === 'own' ? settings.read.settings : undefined;
  const idColumn = options.idColumn || own?.id;
  if (idColumn === undefined) throw new Problem('usage', { what: 'No column of ids is named', where: '--id', todo: 'Name it with --id, or as id in the settings.' });
  const sourceColumn = options.sourceColumn ?? own?.source;
  return { files: options.files, idColumn, ...(sourceColumn === undefined ? {} : { sourceColumn }), ...(options.truthColumn === undefined ? {} : { truthColumn: options.truthColumn }), ...(options.checkColumn === undefined ? {} : { checkColumn: options.checkColumn }) };
}

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
  const columns = (await duck.rows<{ name: string }>(tableColumnsSql, { table: 'dedupe_asked_read' })).map(({ name }) => name);
  await readAsked(duck, 'dedupe_asked_read', columns, read);
}

async function readLabelsFile(duck: Duck, file: string, read: ReadRecords): Promise<void> {
  await readFile(duck, file, 'dedupe_labels_read');
  const columns = (await duck.rows<{ name: string }>(tableColumnsSql, { table: 'dedupe_labels_read' })).map(({ name }) => name);
  await readLabels(duck, 'dedupe_labels_read', columns, read);
}

function linkBy(duck: Duck, read: ReadRecords, settings: Settings, options: LinkingOptions, aside: string): Promise<Linked> {
  if (settings.kind === 'own') return linkByOwn(duck, read, settings.read, options, aside);
  if (settings.kind === 'splink') return linkByModel(duck, read, settings, options, aside);
  return settings.asSettings ? linkRecognised(duck, read, options, aside) : linkPeopleOf(duck, read, options, join(aside, 'pairs.parquet'), options.keepFolder === undefined ? undefined : readKept(options.keepFolder));
}

const recognise = async (duck: Duck, read: ReadRecords, options: DedupeOptions): Promise<RecognisedColumn[]> =>
  recogniseColumns(await profileColumns(duck, read.columns.filter((column) => ![read.id, read.source, read.truth, read.check].includes(column)), listKnownNames(options.localPacks)));

/** By settings that are made of the columns as recognised. */
async function linkRecognised(duck: Duck, read: ReadRecords, options: LinkingOptions, folder: string): Promise<Linked> {
  const columns = await recognise(duck, read, options);
  const settings = settingsFromColumns(columns);
  return { ...(await linkByOwn(duck, read, { settings: { ...settings, ...(options.link === undefined ? {} : { link: options.link }) } }, options, folder)), columns };
}

/** By the person settings, over the columns as recognised. */
async function linkPeopleOf(duck: Duck, read: ReadRecords, options: LinkingOptions, pairsFile: string, kept: ReturnType<typeof readKept>): Promise<Linked> {
  const from = performance.now();
  if (kept) checkKept(kept, read, options.threshold, options.keepFolder!);
  const columns = kept?.columns ?? (await recognise(duck, read, options));
  const { sql, typedNumbers, words } = personSource(read, columns);
  await duck.run(sourceTableSql(sql, read));
  const recognising = seconds(from);
  if (kept) return joinKept(duck, read, options, pairsFile, kept, recognising);
  const settings = personSettings({ typedNumbers, words, ...(options.threshold === undefined ? {} : { threshold: options.threshold }), ...(options.localPacks === undefined ? {} : { localPacks: options.localPacks }) });
  let pairing = 0;
  const writer = pairsWriter(duck, read, settings.threshold, pairsFile, options, 'p.proposed');
  const result = await linkRecords(duck, {
    source: 'dedupe_source', out: clustersTable, settings, ...(options.progress ? { progress: options.progress } : {}), ...(options.largeBlocks ? { largeBlocks: options.largeBlocks } : {}),
    onPairs: async (pairs, numbers, levels) => {
      const start = performance.now();
      await writer.write(pairs, numbers, levels);
      pairing = seconds(start);
    },
    onLinked: async (done) => {
      options.explain?.(await explainByLinkage(duck, done, read));
      if (options.successor) await writeLinkState(duck, done, 'dedupe_source', options.successor.state);
    },
  });
  const { total: _total, ...stages } = result.seconds;
  return {
    candidatePairs: result.candidatePairs, people: result.people, threshold: result.threshold, seconds: { recognise: recognising, ...stages, pairs: pairing }, warnings: result.warnings, columns, counts: writer.counts(), further: { sessions: result.sessions },
    keep: () => options.successor?.keep({ id: read.id, source: read.source ?? null, threshold: result.threshold, columns }),
  };
}

/** Links what is new or has changed to the kept linkage, by its model and its columns. */
async function joinKept(duck: Duck, read: ReadRecords, options: LinkingOptions, pairsFile: string, kept: NonNullable<ReturnType<typeof readKept>>, recognise: number): Promise<Linked> {
  const writer = pairsWriter(duck, read, kept.threshold, pairsFile, options, 'p.proposed');
  options.progress?.stage('Linking new records');
  const { changed, clustered, comparedPairs, people, seconds: join } = await linkFurtherRecords(duck, { source: 'dedupe_source', state: kept.state, keep: options.successor!.state, out: clustersTable, onPairs: writer.write });
  options.progress?.done(`${counted(changed, 'record')} new or changed`);
  return { candidatePairs: comparedPairs, people, threshold: kept.threshold, seconds: { recognise, join }, warnings: [], columns: kept.columns, counts: writer.counts(), further: { joined: { changed, grouped: clustered } }, keep: () => options.successor!.keep(kept) };
}

/** By a Splink model: the columns are those that it names. */
async function linkByModel(duck: Duck, read: ReadRecords, model: { settings: SplinkSettings; warnings: string[] }, options: LinkingOptions, folder: string): Promise<Linked> {
  const threshold = options.threshold ?? 0.5;
  const writer = pairsWriter(duck, read, threshold, join(folder, 'pairs.parquet'), options);
  const linked = await linkBySplink(duck, read, model.settings, { ...modelOptions(options, folder, threshold), onPairs: writer.write });
  options.explain?.(await explainByModel(duck, model.settings, read));
  return { ...linked, threshold, warnings: [...model.warnings, ...linked.warnings], columns: [], counts: writer.counts() };
}

const modelOptions = (options: LinkingOptions, folder: string, threshold: number): Omit<ModelLinkOptions, 'onPairs'> => ({
  out: clustersTable, folder, threshold, ...(options.clusters === undefined ? {} : { clusters: options.clusters }), ...(options.onePerSource === undefined ? {} : { onePerSource: options.onePerSource }),
  ...(options.largeBlocks ? { largeBlocks: options.largeBlocks } : {}),
});

/** By settings of one's own; what was learned is kept in model.json. */
async function linkByOwn(duck: Duck, read: ReadRecords, own: ReadSettings, options: LinkingOptions, folder: string): Promise<Linked> {
  const { settings } = own;
  const threshold = options.threshold ?? settings.threshold;
  if (own.learned === undefined && settings.training.labels !== undefined && options.labelsFile === undefined) await readLabelsFile(duck, settings.training.labels, read);
  const labels = options.labelsFile !== undefined || (own.learned === undefined && settings.training.labels !== undefined);
  const writer = pairsWriter(duck, read, threshold, join(folder, 'pairs.parquet'), options);
  const linked = await linkBySettings(duck, read, own, {
    ...modelOptions({ ...options, clusters: options.clusters ?? settings.clusters, onePerSource: options.onePerSource ?? settings['one-per-source'] }, folder, threshold),
    labels, onPairs: writer.write, ...(options.localPacks === undefined ? {} : { localPacks: options.localPacks }),
    onModel: async (model) => {
      if (!options.splink) return;
      writeSplinkModel(join(folder, 'splink.json'), model, read);
      await duck.run(copyFileSql(preparedFileSql(read, model), join(folder, 'splink-records.parquet')));
    },
  });
  options.explain?.(await explainByModel(duck, linked.model, read));
  const checked = read.check === undefined ? [] : settings.comparisons.filter((_, c) => linked.plan.reads[c]!.has(read.check!)).map(({ name }) => name);
  if (checked.length > 0) throw new Problem('usage', { what: `The comparison "${checked[0]}" reads the checked column`, where: '--check', todo: 'Check by a column that takes no part in linking.' });
  writeFileSync(join(folder, 'model.json'), savedModel(settings, linked.learned));
  const { rules, sessions } = linked;
  return { ...linked, threshold, columns: [], counts: writer.counts(), further: { rules, sessions, ...(linked.labels ? { labels: linked.labels } : {}) } };
}

/** Writes the pairs' file, estimates false links and, where the truth is known, counts the right ones. */
function pairsWriter(duck: Duck, read: ReadRecords, threshold: number, file: string, options: DedupeOptions, proposed?: string) {
  let counts: PairCounts = { found: 0, correct: 0, foundAlone: 0, correctAlone: 0, reached: 0, falseMatches: { links: 0, expected: 0 } };
  return {
    counts: () => counts,
    write: async (pairs: string, numbers: string, levels?: string[]): Promise<void> => {
      await duck.run(numberKeysSql(numbers));
      await duck.run(copyFileSql(pairsFileSql(pairs, read.source !== undefined, levels), file));
      const falseMatches = await duck.one<ModelEstimate>(expectedFalseSql(`FROM ${text(file)}`), { threshold });
      if (read.check !== undefined) await duck.run(keepCheckedSql(pairs, sure), { threshold });
      if (options.measures) await duck.run(keepLinksSql(pairs), { threshold });
      if (read.truth !== undefined) counts = { ...counts, ...(await duck.one<PairCounts>(linkedPairsSql(pairs, proposed), { threshold, least: Math.log2(threshold / (1 - threshold)) })) };
      counts = { ...counts, falseMatches };
    },
  };
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
