// headwater dedupe … --blocking analyse: what a linkage of these files would compare, before it is run.

import { counted, Problem } from '../core/index.ts';
import { analyseFiles, type BlockingAnalysis, type GivenSettings } from '../linkage/index.ts';
import { print, type CliContext } from './context.ts';
import { readEngineOptions } from './engine-options.ts';
import { askForHomeTables, type GivenHome } from './home-tables.ts';

interface Options extends GivenHome {
  id?: string;
  source?: string;
  out?: string;
  blocking?: string;
  memory?: string;
  threads?: string;
  json?: boolean;
}

const number = (value: number) => value.toLocaleString('en-GB');

function lines({ records, budget, rules, candidatePairs, comparingSeconds, warnings }: BlockingAnalysis): string[] {
  return [
    `${number(records)} records give ${number(candidatePairs)} pairs to compare (budget ${number(budget)}); comparing them takes about ${Math.max(1, Math.round(comparingSeconds))} s here.`,
    'Pairs by itself, pairs that no rule before it gives, three largest blocks, rule:',
    ...rules.map(({ rule, pairs, marginalPairs, largestBlocks, refusedBlocks, refusedPairs, taken, learned }) =>
      `  ${number(pairs).padStart(12)} ${number(marginalPairs).padStart(12)} ${largestBlocks.map(number).join(' · ').padStart(21)}  ${rule}${taken ? '' : learned ? ' (left out: over the budget)' : ' (a run refuses this rule)'}${refusedBlocks > 0 ? ` (${counted(refusedBlocks, 'block')} refused as too large, ${number(refusedPairs)} pairs)` : ''}`),
    ...warnings.map((warning) => `Note: ${warning}.`),
  ];
}

/** Runs the analysis where it is asked for. True where it was. */
export async function analysedBlocking(files: string[], options: Options, context: CliContext, given: GivenSettings): Promise<boolean> {
  const { id, source, out, blocking } = options;
  if (blocking === undefined) return false;
  if (blocking !== 'analyse') throw new Problem('usage', { what: `"${blocking}" is not allowed`, where: '--blocking', todo: 'Use --blocking analyse.' });
  if (id === undefined && given.settingsFile === undefined) throw new Problem('usage', { what: 'No column of ids is named', where: '--id', todo: 'Name the column with --id.' });
  const engine = readEngineOptions(options);
  const own = await askForHomeTables(context, files, options);
  const analysis = await analyseFiles({
    files, idColumn: id ?? '', progress: context.progress, ...given,
    // What the records of a home hold is written nowhere in the clear.
    ...(own !== undefined ? { keys: own.keys } : out === undefined ? {} : { out }),
    ...(source === undefined ? {} : { sourceColumn: source }), ...engine,
  });
  print(context, options.json, analysis, () => lines(analysis));
  return true;
}
