// headwater dedupe INPUT…: links the records of files to people, on its own and without a partnership's home; or those of a home's tables, for a
// person who says who they are and why.

import { resolve } from 'node:path';
import { counted, Problem } from '../core/index.ts';
import { chanceWords, convergenceTolerance, dedupeFiles, listFilesRead, writeBits, type AskedRecord, type DedupeOptions, type DedupeResult, type GivenSettings } from '../linkage/index.ts';
import { clearLeftovers, openWorkFolder } from '../store/index.ts';
import { analysedBlocking } from './analyse-blocking.ts';
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

function givenSettings({ settings, labels, onePerSource, splink, ...options }: Options): GivenSettings {
  const link = chosen('link', options.link);
  const clusters = chosen('clusters', options.clusters);
  return {
    ...(settings === undefined ? {} : { settingsFile: settings }),
    ...(labels === undefined ? {} : { labelsFile: labels }),
    ...(link === undefined ? {} : { link }),
    ...(clusters === undefined ? {} : { clusters }),
    ...(onePerSource ? { onePerSource } : {}),
    ...(splink ? { splink } : {}),
  };
}

function readOptions(files: string[], options: Options, context: CliContext): DedupeOptions {
  const given = givenSettings(options);
  if (chosen('preset', options.preset) !== undefined && options.settings !== undefined) throw new Problem('usage', { what: 'Settings and a preset are given', where: '--settings, --preset', todo: 'Give one of them.' });
  if (options.id === undefined && options.settings === undefined) throw new Problem('usage', { what: 'No column of ids is named', where: '--id', todo: 'Name the column with --id.' });
  if (options.out === undefined) throw new Problem('usage', { what: 'No folder to write to is named', where: '--out', todo: 'Name the folder with --out.' });
  const { id, source, explain, check, truth, threshold, measures, keep } = options;
  return {
    files, idColumn: id ?? '', out: options.out, progress: context.progress, ...readEngineOptions(options),
    ...(source === undefined ? {} : { sourceColumn: source }),
    ...given,
    ...(explain === undefined ? {} : { explainFile: explain }),
    ...(check === undefined ? {} : { checkColumn: check }),
    ...(truth === undefined ? {} : { truthColumn: truth }),
    ...(threshold === undefined ? {} : { threshold: Number(threshold) }),
    ...(measures ? { measures } : {}),
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

export async function dedupe(context: CliContext, files: string[], options: Options): Promise<void> {
  if (await analysedBlocking(files, options, context, givenSettings(options))) return;
  const result = await link(context, readOptions(files, options, context), options);
  print(context, options.json, result, () => lines(result));
}
