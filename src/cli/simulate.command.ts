// headwater simulate: writes the files of the simulated partnership, with their planted truths.

import { join, resolve } from 'node:path';
import { InvalidArgumentError, type Command } from 'commander';
import { simulate } from '../simulate/index.ts';
import { homeOf, print, type CliContext } from './context.ts';

export function wholeNumber(least: number, most: number) {
  return (value: string) => {
    const number = Number(value);
    if (!Number.isInteger(number) || number < least || number > most) throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
    return number;
  };
}

interface Options {
  home?: string;
  out?: string;
  people: number;
  months: number;
  seed: number;
  planted: 'all' | 'none';
  json?: boolean;
}

export function addSimulateCommand(program: Command, context: CliContext): void {
  program
    .command('simulate')
    .description('write the files of Fenmarch, the simulated partnership')
    .option('--out <dir>', 'where to write (default: the data folder of the home)')
    .option('--people <number>', 'residents', wholeNumber(1000, 3_000_000), 60_000)
    .option('--months <number>', 'months of history', wholeNumber(1, 120), 36)
    .option('--seed <number>', 'the same seed gives the same files', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--planted <what>', 'all, or none: nothing planted but noise', (value: string) => {
      if (value !== 'all' && value !== 'none') throw new InvalidArgumentError('Give "all" or "none".');
      return value;
    }, 'all' as const)
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action(async (options: Options) => {
      const out = options.out ? resolve(options.out) : homeOf(context, options).data;
      const { people, months, seed, planted } = options;
      const result = await simulate({ out, people, months, seed, planted, progress: context.progress });
      print(context, options.json, { out, ...result }, () => [
        ...result.files.map(({ feed, path, rows }) => `${String(rows).padStart(9)}  ${feed.padEnd(22)} ${path}`),
        `Wrote ${result.files.length} files in ${result.seconds.toFixed(1)} s. The planted truths are in ${join(out, 'truth')}.`,
      ]);
    });
}
