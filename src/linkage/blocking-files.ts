// What would linking these files compare? The records of files through the analysis of blocking: with the person settings, over columns as recognised
// by their contents, or with settings of one's own. Nothing is linked; only the values of large blocks are written, where a folder is given.

import { join } from 'node:path';
import { Problem, silentProgress, type Progress } from '../core/index.ts';
import { makeFolder, openDuck, type FileKey } from '../store/index.ts';
import { analyseBlocking, type BlockingAnalysis } from './blocking-analysis.store.ts';
import { analyseSettings } from './blocking-settings.store.ts';
import { profileColumns } from './column-profile.store.ts';
import { sourceTableSql } from './dedupe.sql.ts';
import { keepLargeBlocks, largeBlocksFile } from './large-blocks.store.ts';
import { listKnownNames } from './name-lists.ts';
import { personSettings } from './person-settings.sql.ts';
import { personSource } from './person-source.sql.ts';
import { readRecords, type RecordFiles } from './read-records.store.ts';
import { recogniseColumns, type RecognisedColumn } from './recognise-columns.ts';
import { isSplinkModel, readSettingsFile } from './settings-file.ts';

export interface AnalyseOptions extends RecordFiles {
  /** Settings of one's own (YAML), or a saved model (JSON); the person settings where not given. */
  settingsFile?: string;
  /** Only pairs of different sources, or all, before what the settings say. */
  link?: 'dedupe' | 'link' | 'link-and-dedupe';
  /** A folder for large-blocks.csv: the values of each rule's three largest blocks. Not for tables of a home. */
  out?: string;
  /** Local packs, for names and nicknames. */
  localPacks?: string;
  memoryLimit?: string;
  threads?: number;
  progress?: Progress;
  /** Where tables of a home are read: the keys that open them. */
  keys?: readonly FileKey[];
}

/**
 * Analyses the blocking of the records of files, as `dedupeFiles` would link them.
 * @returns the analysis, and what each column was taken for
 * @throws Problem for a file that cannot be read, a column that is not there, an id twice
 * @example const { rules, candidatePairs } = await analyseFiles({ files: ['people.csv'], idColumn: 'unique_id' })
 */
export async function analyseFiles(options: AnalyseOptions): Promise<BlockingAnalysis & { columns: RecognisedColumn[] }> {
  const progress = options.progress ?? silentProgress;
  const own = readOwn(options);
  const duck = await openDuck({ memoryLimit: options.memoryLimit ?? '2GB', threads: options.threads ?? 2, keys: options.keys ?? [] });
  try {
    progress.stage('Reading records');
    const read = await readRecords(duck, own?.input ?? options);
    progress.done(`${read.records.toLocaleString('en-GB')} records`);
    if (options.out !== undefined) makeFolder(options.out);
    const file = options.out === undefined ? undefined : join(options.out, largeBlocksFile);
    const packs = options.localPacks === undefined ? {} : { localPacks: options.localPacks };
    const kinds = { ...packs, ...(file === undefined ? {} : { largeBlocks: keepLargeBlocks(duck, file, file) }) };
    if (own) return { ...(await analyseSettings(duck, read, own.read, kinds)), columns: [] };
    const kept = read.columns.filter((column) => ![read.id, read.source, read.truth].includes(column));
    const columns = recogniseColumns(await profileColumns(duck, kept, listKnownNames(options.localPacks)));
    const { sql, typedNumbers, words } = personSource(read, columns);
    await duck.run(sourceTableSql(sql, read));
    const settings = personSettings({ typedNumbers, words, ...packs });
    return { ...(await analyseBlocking(duck, { source: 'dedupe_source', settings, progress, ...kinds })), columns };
  } finally {
    duck.close();
  }
}

/** The settings of one's own, with the columns of id and source that the options or they name. */
function readOwn({ settingsFile, link, ...options }: AnalyseOptions): { read: ReturnType<typeof readSettingsFile>; input: RecordFiles } | undefined {
  if (settingsFile === undefined) return undefined;
  if (isSplinkModel(settingsFile)) throw new Problem('usage', { what: 'The blocking of a Splink model is not analysed', where: '--settings', todo: 'Give settings of your own (YAML), or leave --settings out for the preset.' });
  const file = readSettingsFile(settingsFile);
  const read = { ...file, settings: { ...file.settings, ...(link === undefined ? {} : { link }) } };
  const idColumn = options.idColumn || read.settings.id;
  if (idColumn === undefined) throw new Problem('usage', { what: 'No column of ids is named', where: '--id', todo: 'Name it with --id, or as id in the settings.' });
  const sourceColumn = options.sourceColumn ?? read.settings.source;
  return { read, input: { ...options, idColumn, ...(sourceColumn === undefined ? {} : { sourceColumn }) } };
}
