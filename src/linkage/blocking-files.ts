// What would linking these files compare? The records of files, with their columns as recognised by their contents, through the analysis of
// blocking with the person settings. Nothing is linked or written.

import { silentProgress, type Progress } from '../core/index.ts';
import { openDuck, type FileKey } from '../store/index.ts';
import { analyseBlocking, type BlockingAnalysis } from './blocking-analysis.store.ts';
import { profileColumns } from './column-profile.store.ts';
import { sourceTableSql } from './dedupe.sql.ts';
import { listKnownNames } from './name-lists.ts';
import { personSettings } from './person-settings.sql.ts';
import { personSource } from './person-source.sql.ts';
import { readRecords, type RecordFiles } from './read-records.store.ts';
import { recogniseColumns, type RecognisedColumn } from './recognise-columns.ts';

export interface AnalyseOptions extends RecordFiles {
  /** Local packs, for names and nicknames. */
  localPacks?: string;
  memoryLimit?: string;
  threads?: number;
  progress?: Progress;
  /** Where tables of a home are read: the keys that open them. */
  keys?: readonly FileKey[];
}

/**
 * Analyses the blocking of the records of files, as `dedupeFiles` would link them with the person settings.
 * @returns the analysis, and what each column was taken for
 * @throws Problem for a file that cannot be read, a column that is not there, an id twice
 * @example const { rules, candidatePairs } = await analyseFiles({ files: ['people.csv'], idColumn: 'unique_id' })
 */
export async function analyseFiles(options: AnalyseOptions): Promise<BlockingAnalysis & { columns: RecognisedColumn[] }> {
  const progress = options.progress ?? silentProgress;
  const duck = await openDuck({ memoryLimit: options.memoryLimit ?? '2GB', threads: options.threads ?? 2, keys: options.keys ?? [] });
  try {
    progress.stage('Reading records');
    const read = await readRecords(duck, options);
    progress.done(`${read.records.toLocaleString('en-GB')} records`);
    const kept = read.columns.filter((column) => ![read.id, read.source, read.truth].includes(column));
    const columns = recogniseColumns(await profileColumns(duck, kept, listKnownNames(options.localPacks)));
    const { sql, typedNumbers, words } = personSource(read, columns);
    await duck.run(sourceTableSql(sql, read));
    const settings = personSettings({ typedNumbers, words, ...(options.localPacks === undefined ? {} : { localPacks: options.localPacks }) });
    return { ...(await analyseBlocking(duck, { source: 'dedupe_source', settings, progress })), columns };
  } finally {
    duck.close();
  }
}
