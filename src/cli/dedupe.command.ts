// headwater dedupe INPUT…: what it takes. What it does is in dedupe.action.ts, which is loaded when it runs.

import type { Command } from 'commander';
import type { CliContext } from './context.ts';
import { addAsking } from './who-asks.ts';

export function addDedupeCommand(program: Command, context: CliContext): void {
  const command = program
    .command('dedupe')
    .description('link the records of CSV and Parquet files to people')
    .argument('<input...>', 'CSV (plain or gzip) or Parquet files; several files are sources of their own where --source is not given')
    .option('--id <column>', 'the column of a record’s id, unique in its source (or as id in the settings)')
    .option('--source <column>', 'the column that names a record’s source')
    .option('--settings <file>', 'settings of your own (YAML), the model.json of an earlier run, or a Splink model (JSON), instead of the preset')
    .option('--preset <name>', 'person: find names, dates, postcodes and the like by the columns’ contents (used where no settings are given)')
    .option('--link <type>', 'dedupe, link (only between sources) or link-and-dedupe, before what the settings say')
    .option('--one-per-source', 'a person has at most one record of each source')
    .option('--clusters <way>', 'components (linked records are one person) or votes (clusters that contradict themselves are cut)')
    .option('--labels <file>', 'pairs labelled match or no match (id_l, id_r, match; with source_l, source_r): m is learned from them, contradictions are named, and the linkage is scored against them')
    .option('--explain <file>', 'pairs of ids (id_l, id_r; with source_l, source_r): why each weighs what it weighs, in words and bits, in explained.csv and for the first ten here')
    .option('--truth <column>', 'the column that says which person a record is of, for scores over all true pairs: pairs (probability of at least the threshold, after the evidence of their cluster), pairsAlone (by their own weight) and clusters')
    .option('--check <column>', 'a column that takes no part in linking, by which the share of false links is estimated')
    .option('--threshold <probability>', 'link from this probability of one person, 0 to 1')
    .option('--blocking <what>', 'analyse: say which pairs each rule of the preset or the settings gives, the largest blocks and the time, and link nothing; with --out the values of the largest blocks are in large-blocks.csv')
    .option('--out <dir>', 'the folder for pairs.parquet, clusters.parquet and what else is asked for')
    .option('--measures', 'also write cluster-measures.parquet: size, density, bridges and diameter of each cluster, and which are doubtful')
    .option('--keep <dir>', 'keep the linkage in this folder; where it holds one, give all records again: those that are new or have changed join it, and only they are compared')
    .option('--splink', 'also write the trained model for Splink 5: splink.json over splink-records.parquet')
    .option('--memory <size>', 'memory of the query engine; what does not fit is spilt to the folder', '2GB')
    .option('--threads <n>', 'threads of the query engine')
    .option('--home <dir>', 'the partnership’s home, where its own tables are linked: it has their key');
  addAsking(command, { required: false })
    .option('--json', 'print counts, times and scores as JSON')
    .action(async (files, options) => (await import('./dedupe.action.ts')).dedupe(context, files, options));
}
