// The ways in which records of files are linked: by the person settings over columns that are recognised by their contents, by settings of one's
// own, by a Splink model, or by joining a kept linkage. Each writes its pairs, and gives the counts for scores.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { counted, Problem } from '../core/index.ts';
import { text, type Duck } from '../store/index.ts';
import { profileColumns } from './column-profile.store.ts';
import { linkedAs, type DedupeOptions, type DedupeResult, type Settings } from './dedupe-options.ts';
import { copyFileSql, expectedFalseSql, keepCheckedSql, keepLinksSql, linkedPairsSql, numberKeysSql, pairsFileSql, preparedFileSql, sourceTableSql } from './dedupe.sql.ts';
import { explainByLinkage, explainByModel, type ExplainedPair } from './explain-asked.store.ts';
import type { ModelEstimate } from './false-match-estimate.ts';
import { checkKept, readKept, type Successor } from './kept-linkage.ts';
import { readLabels } from './labels.store.ts';
import type { LargeBlocks } from './large-blocks.store.ts';
import { linkBySettings } from './link-by-settings.store.ts';
import { linkFurtherRecords, writeLinkState } from './link-further.store.ts';
import { linkRecords } from './link-records.ts';
import { listKnownNames } from './name-lists.ts';
import { personSettings } from './person-settings.sql.ts';
import { personSource } from './person-source.sql.ts';
import { readFile, type ReadRecords } from './read-records.store.ts';
import { recogniseColumns, type RecognisedColumn } from './recognise-columns.ts';
import { savedModel, type ReadSettings } from './settings-file.ts';
import { settingsFromColumns } from './settings-from-columns.ts';
import { linkBySplink, type ModelLinkOptions } from './splink-link.store.ts';
import type { SplinkSettings } from './splink-settings.ts';
import { writeSplinkModel } from './splink-write.ts';
import { columnsOf } from './table-columns.store.ts';

/** With where the values of large blocks go, and what is done with the pairs explained. */
export type LinkingOptions = DedupeOptions & { largeBlocks?: LargeBlocks; explain?(pairs: ExplainedPair[]): void; successor?: Successor };

/** What a way of linking gives back; `out` holds (source_id, person_key). */
export interface Linked {
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

export const clustersTable = 'dedupe_cluster';
export const seconds = (from: number) => Math.round(performance.now() - from) / 1000;

/** Pairs at least so probable are the surest, on which the checked column shows its error. */
const sure = 0.999;

export async function readLabelsFile(duck: Duck, file: string, read: ReadRecords): Promise<void> {
  await readFile(duck, file, 'dedupe_labels_read');
  const columns = await columnsOf(duck, 'dedupe_labels_read');
  await readLabels(duck, 'dedupe_labels_read', columns, read);
}

export function linkBy(duck: Duck, read: ReadRecords, settings: Settings, options: LinkingOptions, aside: string): Promise<Linked> {
  if (settings.kind === 'own') return linkByOwn(duck, read, settings.read, options, aside);
  if (settings.kind === 'splink') return linkByModel(duck, read, settings, options, aside);
  return settings.asSettings ? linkRecognised(duck, read, options, aside) : linkPeopleOf(duck, read, options, join(aside, 'pairs.parquet'), options.keepFolder === undefined ? undefined : readKept(options.keepFolder));
}

/** What each column is taken for by its contents; ids, sources, truth and the checked column are not asked. */
export const recognise = async (duck: Duck, read: ReadRecords, options: Pick<DedupeOptions, 'localPacks'>): Promise<RecognisedColumn[]> =>
  recogniseColumns(await profileColumns(duck, read.columns.filter((column) => ![read.id, read.source, read.truth, read.check].includes(column)), listKnownNames(options.localPacks)));

/** By settings that are made of the columns as recognised. */
async function linkRecognised(duck: Duck, read: ReadRecords, options: LinkingOptions, folder: string): Promise<Linked> {
  const columns = await recognise(duck, read, options);
  return { ...(await linkByOwn(duck, read, { settings: linkedAs(settingsFromColumns(columns), options) }, options, folder)), columns };
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
