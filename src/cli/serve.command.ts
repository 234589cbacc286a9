// headwater serve: what it takes. What it does is in serve.action.ts, which is loaded when it runs.

import type { Command } from 'commander';
import type { CliContext } from './context.ts';
import { wholeNumber } from './whole-number.ts';

export function addServeCommand(program: Command, context: CliContext): void {
  program
    .command('serve')
    .description('serve the current snapshot at http://localhost:PORT')
    .option('--port <number>', 'the port (default: PORT, or 8080)', wholeNumber(0, 65_535))
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the address as JSON')
    .action(async (options) => (await import('./serve.action.ts')).serve(context, options));
}
