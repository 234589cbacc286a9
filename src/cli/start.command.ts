// headwater start: what it takes. What it does is in start.action.ts, which is loaded when it runs.

import type { Command } from 'commander';
import type { CliContext } from './context.ts';
import { wholeNumber } from './whole-number.ts';

export function addStartCommand(program: Command, context: CliContext): void {
  program
    .command('start')
    .description('simulate, load, build and serve the sample partnership')
    .option('--people <number>', 'residents of the simulated county', wholeNumber(1000, 3_000_000), 60_000)
    .option('--months <number>', 'months of records', wholeNumber(1, 120), 36)
    .option('--port <number>', 'the port (default: PORT, or 8080)', wholeNumber(0, 65_535))
    .option('--home <dir>', 'the partnership’s home')
    .action(async (options) => (await import('./start.action.ts')).start(context, options));
}
