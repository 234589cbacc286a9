// headwater dedupe INPUT…: links the records of files to people, on its own and without a partnership's home.

import type { Command } from 'commander';
import { Problem } from '../core/index.ts';
import { dedupeFiles, type DedupeResult } from '../linkage/index.ts';
import { print, type CliContext } from './context.ts';

interface Options {
  id: string;
  source?: string;
  settings?: string;
  preset?: string;
  truth?: string;
  threshold?: string;
  out: string;
  memory?: string;
  json?: boolean;
}

const share = (value: number) => value.toFixed(4);

function lines({ records, people, candidatePairs, threshold, seconds, columns, warnings, pairs, pairsAlone, clusters, files }: DedupeResult): string[] {
  const scores = pairs && pairsAlone && clusters
    ? [['Pairs', pairs] as const, ['Pairs by their own weight', pairsAlone] as const, ['Clusters', clusters] as const].map(([what, score]) => `${what}: precision ${share(score.precision)}, recall ${share(score.recall)}, F1 ${share(score.f1)} over all true pairs.`)
    : [];
  return [
    `${records.toLocaleString('en-GB')} records are ${people.toLocaleString('en-GB')} people (${candidatePairs.toLocaleString('en-GB')} pairs compared, linked from a probability of ${threshold}, ${seconds.total} s).`,
    ...scores,
    ...(columns.length > 0 ? ['Columns:', ...columns.map(({ column, role, reason }) => `  ${column}: ${role.replaceAll('_', ' ')} (${reason})`)] : []),
    ...warnings.map((warning) => `Note: ${warning}.`),
    `Written: ${files.pairs}, ${files.clusters}`,
  ];
}

export function addDedupeCommand(program: Command, context: CliContext): void {
  program
    .command('dedupe')
    .description('link the records of CSV and Parquet files to people')
    .argument('<input...>', 'CSV (plain or gzip) or Parquet files')
    .requiredOption('--id <column>', 'the column of a record’s id, unique in its source')
    .option('--source <column>', 'the column that names a record’s source')
    .option('--settings <file>', 'a Splink model (JSON) to use instead of the preset')
    .option('--preset <name>', 'person: find names, dates, postcodes and the like by the columns’ contents (used where no settings are given)')
    .option('--truth <column>', 'the column that says which person a record is of, for scores over all true pairs: pairs (probability of at least the threshold, after the evidence of their cluster), pairsAlone (by their own weight) and clusters')
    .option('--threshold <probability>', 'link from this probability of one person, 0 to 1')
    .requiredOption('--out <dir>', 'the folder for pairs.parquet and clusters.parquet')
    .option('--memory <size>', 'memory of the query engine', '2GB')
    .option('--json', 'print counts, times and scores as JSON')
    .action(async (files: string[], options: Options) => {
      if (options.preset !== undefined && options.preset !== 'person') throw new Problem('usage', { what: `There is no preset "${options.preset}"`, where: '--preset', todo: 'Use --preset person.' });
      if (options.preset !== undefined && options.settings !== undefined) throw new Problem('usage', { what: 'Settings and a preset are given', where: '--settings, --preset', todo: 'Give one of them.' });
      const { id, source, settings, truth, threshold, out, memory } = options;
      const result = await dedupeFiles({
        files, idColumn: id, out, progress: context.progress,
        ...(source === undefined ? {} : { sourceColumn: source }),
        ...(settings === undefined ? {} : { settingsFile: settings }),
        ...(truth === undefined ? {} : { truthColumn: truth }),
        ...(threshold === undefined ? {} : { threshold: Number(threshold) }),
        ...(memory === undefined ? {} : { memoryLimit: memory }),
      });
      print(context, options.json, result, () => lines(result));
    });
}
