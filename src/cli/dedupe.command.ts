// headwater dedupe INPUT…: links the records of files to people, on its own and without a partnership's home; or those of a home's tables, for a
// person who says who they are and why.

import { resolve } from 'node:path';
import type { Command } from 'commander';
import { counted, Problem } from '../core/index.ts';
import { chanceWords, convergenceTolerance, dedupeFiles, listFilesRead, writeBits, type AskedRecord, type DedupeOptions, type DedupeResult } from '../linkage/index.ts';
import { clearLeftovers, openWorkFolder } from '../store/index.ts';
import { analysedBlocking } from './analyse-blocking.ts';
import { addAsking } from './command-audit.ts';
import { print, type CliContext } from './context.ts';
import { readEngineOptions } from './engine-options.ts';
import { askForHomeTables, type GivenHome } from './home-tables.ts';

interface Options extends GivenHome {
  id?: string;
  source?: string;
  settings?: string;
  labels?: string;
  explain?: string;
  link?: string;
  onePerSource?: boolean;
  clusters?: string;
  check?: string;
  measures?: boolean;
  splink?: boolean;
  keep?: string;
  threads?: string;
  preset?: string;
  truth?: string;
  threshold?: string;
  out?: string;
  blocking?: string;
  memory?: string;
  json?: boolean;
}

const share = (value: number) => value.toFixed(4);

const percent = (value: number) => `${(value * 100).toFixed(1)} per cent`;

function falseLines({ links, expected, check }: DedupeResult['falseMatches']): string[] {
  if (links === 0) return [];
  const byCheck = check ? [`Of ${check.links.toLocaleString('en-GB')} links that hold the checked column twice, ${check.differing.toLocaleString('en-GB')} differ on it: between ${percent(check.low)} and ${percent(check.high)} of links are false.`] : [];
  return [`Expected false links, as far as the probabilities are right: ${percent(expected)} of ${links.toLocaleString('en-GB')}.`, ...byCheck];
}

function labelLines(labels: DedupeResult['labels']): string[] {
  if (!labels) return [];
  const { scores, contradictions } = labels;
  return [
    `${labels.labels.toLocaleString('en-GB')} labels (${labels.matches.toLocaleString('en-GB')} matches, ${labels.unknown} of unknown records): precision ${share(scores.precision)}, recall ${share(scores.recall)}, F1 ${share(scores.f1)} over ${scores.pairs.toLocaleString('en-GB')} labelled pairs.`,
    ...contradictions.map(({ rows, why }) => `Labels that contradict each other: rows ${rows.join(', ')} (${why}).`),
  ];
}

/** How each training session went, in words. */
export function sessionLines(sessions: DedupeResult['sessions'] = []): string[] {
  return sessions.map(({ session, pairs, matches, iterations, converged, used, trace }) => {
    const last = trace.at(-1)?.change;
    if (last === undefined) return `Training on "${session}": no pairs.`;
    const change = last < convergenceTolerance ? `under ${convergenceTolerance}` : last.toFixed(4);
    const went = `${converged ? 'converged' : 'did not converge'} in ${counted(iterations, 'round')} (last change ${change})`;
    return `Training on "${session}": ${counted(pairs, 'pair')}, some ${matches.toLocaleString('en-GB')} of one person, ${went}${used ? '' : '; not used, since so few say too little'}.`;
  });
}

/** Pairs whose explanation is printed; the file holds all. */
const mostPrinted = 10;

/** Why each pair weighs what it weighs, the strongest part first. */
export function explainedLines(explained: DedupeResult['explained'] = []): string[] {
  const name = ({ id, source }: AskedRecord) => (source === undefined ? id : `${id} (${source})`);
  return explained.slice(0, mostPrinted).flatMap(({ left, right, weight, probability, conflict, parts }) => [
    `${name(left)} and ${name(right)}: ${writeBits(weight)} bits, ${chanceWords(probability)} that they are one person${conflict === null ? '' : `, but never linked by itself: ${conflict}`}`,
    ...parts.map((part) => `  ${(part.strength === 'says nothing' ? '–' : writeBits(part.bits)).padStart(6)}  ${part.words}: ${part.strength}`),
  ]);
}

function lines(result: DedupeResult): string[] {
  const { records, people, candidatePairs, threshold, seconds, columns, warnings, pairs, pairsAlone, clusters, joined, files } = result;
  const scores = [['Pairs', pairs] as const, ['Pairs by their own weight', pairsAlone] as const, ['Clusters', clusters] as const].flatMap(([what, score]) => (score ? [`${what}: precision ${share(score.precision)}, recall ${share(score.recall)}, F1 ${share(score.f1)} over all true pairs.`] : []));
  return [
    `${records.toLocaleString('en-GB')} records are ${people.toLocaleString('en-GB')} people (${candidatePairs.toLocaleString('en-GB')} pairs compared, linked from a probability of ${threshold}, ${seconds.total} s).`,
    ...(joined ? [`${counted(joined.changed, 'record is', 'records are')} new or changed; ${counted(joined.grouped, 'record was', 'records were')} grouped anew, all others stay as they were.`] : []),
    ...scores,
    ...labelLines(result.labels),
    ...sessionLines(result.sessions),
    ...(joined ? [] : falseLines(result.falseMatches)),
    ...(columns.length > 0 ? ['Columns:', ...columns.map(({ column, role, reason }) => `  ${column}: ${role.replaceAll('_', ' ')} (${reason})`)] : []),
    ...explainedLines(result.explained),
    ...warnings.map((warning) => `Note: ${warning}.`),
    `Written: ${Object.values(files).join(', ')}`,
  ];
}

const choices = { link: ['dedupe', 'link', 'link-and-dedupe'], clusters: ['components', 'votes'], preset: ['person'] } as const;

/** A word of a list, or a Problem that names the list. */
function chosen<K extends keyof typeof choices>(option: K, value: string | undefined): (typeof choices)[K][number] | undefined {
  const allowed: readonly string[] = choices[option];
  if (value === undefined || allowed.includes(value)) return value as (typeof choices)[K][number] | undefined;
  throw new Problem('usage', { what: option === 'preset' ? `There is no preset "${value}"` : `"${value}" is not allowed`, where: `--${option}`, todo: `Use ${allowed.map((word) => `--${option} ${word}`).join(' or ')}.` });
}

function readOptions(files: string[], options: Options, context: CliContext): DedupeOptions {
  const link = chosen('link', options.link);
  const clusters = chosen('clusters', options.clusters);
  if (chosen('preset', options.preset) !== undefined && options.settings !== undefined) throw new Problem('usage', { what: 'Settings and a preset are given', where: '--settings, --preset', todo: 'Give one of them.' });
  if (options.id === undefined && options.settings === undefined) throw new Problem('usage', { what: 'No column of ids is named', where: '--id', todo: 'Name the column with --id.' });
  if (options.out === undefined) throw new Problem('usage', { what: 'No folder to write to is named', where: '--out', todo: 'Name the folder with --out.' });
  const { id, source, settings, labels, explain, check, truth, threshold, onePerSource, measures, splink, keep } = options;
  return {
    files, idColumn: id ?? '', out: options.out, progress: context.progress, ...readEngineOptions(options),
    ...(source === undefined ? {} : { sourceColumn: source }),
    ...(settings === undefined ? {} : { settingsFile: settings }),
    ...(labels === undefined ? {} : { labelsFile: labels }),
    ...(explain === undefined ? {} : { explainFile: explain }),
    ...(link === undefined ? {} : { link }),
    ...(clusters === undefined ? {} : { clusters }),
    ...(check === undefined ? {} : { checkColumn: check }),
    ...(truth === undefined ? {} : { truthColumn: truth }),
    ...(threshold === undefined ? {} : { threshold: Number(threshold) }),
    ...(onePerSource ? { onePerSource } : {}),
    ...(measures ? { measures } : {}),
    ...(splink ? { splink } : {}),
    ...(keep === undefined ? {} : { keepFolder: keep }),
  };
}

/** Tables of a home are read with its keys. What a killed run left of them beside its result goes when the home is next worked with. */
async function link(context: CliContext, given: DedupeOptions, options: Options): Promise<DedupeResult> {
  const own = await askForHomeTables(context, listFilesRead(given), options);
  if (own === undefined) return dedupeFiles(given);
  clearLeftovers(own.home);
  const work = openWorkFolder(own.home, 'identified');
  try {
    return await dedupeFiles({ ...given, fromHome: { keys: own.keys, aside: work.beside(resolve(given.out)) } });
  } finally {
    work.clear();
  }
}

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
    .action(async (files: string[], options: Options) => {
      if (await analysedBlocking(files, options, context, chosen('link', options.link))) return;
      const result = await link(context, readOptions(files, options, context), options);
      print(context, options.json, result, () => lines(result));
    });
}
