// What would linking these files compare? The records of files through the analysis of blocking: with the person settings, over columns as recognised
// by their contents, with settings of one's own, or with a Splink model. Nothing is linked; only the values of large blocks are written, where a folder is given.

import { join } from 'node:path';
import { silentProgress, type Progress } from '../core/index.ts';
import { makeFolder, openDuck, type FileKey } from '../store/index.ts';
import { analyseBlocking, type BlockingAnalysis } from './blocking-analysis.store.ts';
import { analyseModel, analyseSettings } from './blocking-settings.store.ts';
import { linkedAs, readSettings, recordFiles, type GivenSettings } from './dedupe-options.ts';
import { recognise } from './dedupe-ways.ts';
import { sourceTableSql } from './dedupe.sql.ts';
import { keepLargeBlocks, largeBlocksFile } from './large-blocks.store.ts';
import { personSettings } from './person-settings.sql.ts';
import { personSource } from './person-source.sql.ts';
import { readRecords, type RecordFiles } from './read-records.store.ts';
import type { RecognisedColumn } from './recognise-columns.ts';
import { settingsFromColumns } from './settings-from-columns.ts';

export interface AnalyseOptions extends RecordFiles, GivenSettings {
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
  const settings = readSettings(options);
  const input = recordFiles(options, settings);
  const duck = await openDuck({ memoryLimit: options.memoryLimit ?? '2GB', threads: options.threads ?? 2, keys: options.keys ?? [] });
  try {
    progress.stage('Reading records');
    const read = await readRecords(duck, input);
    progress.done(`${read.records.toLocaleString('en-GB')} records`);
    if (options.out !== undefined) makeFolder(options.out);
    const file = options.out === undefined ? undefined : join(options.out, largeBlocksFile);
    const packs = options.localPacks === undefined ? {} : { localPacks: options.localPacks };
    const kinds = { ...packs, ...(file === undefined ? {} : { largeBlocks: keepLargeBlocks(duck, file, file) }) };
    if (settings.kind === 'own') return { ...(await analyseSettings(duck, read, settings.read, kinds)), columns: [] };
    if (settings.kind === 'splink') return { ...(await analyseModel(duck, read, settings.settings, kinds)), columns: [] };
    const columns = await recognise(duck, read, options);
    if (settings.asSettings) return { ...(await analyseSettings(duck, read, { settings: linkedAs(settingsFromColumns(columns), options) }, kinds)), columns };
    const { sql, typedNumbers, words } = personSource(read, columns);
    await duck.run(sourceTableSql(sql, read));
    return { ...(await analyseBlocking(duck, { source: 'dedupe_source', settings: personSettings({ typedNumbers, words, ...packs }), progress, ...kinds })), columns };
  } finally {
    duck.close();
  }
}
