// headwater simulate: what it takes. What it does is in simulate.action.ts, which is loaded when it runs.

import { InvalidArgumentError, type Command } from 'commander';
import type { CliContext } from './context.ts';
import { wholeNumber } from './whole-number.ts';

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
    .action(async (options) => (await import('./simulate.action.ts')).simulateFiles(context, options));
}
