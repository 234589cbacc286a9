// headwater init DIR: what it takes. What it does is in init.action.ts, which is loaded when it runs.

import type { Command } from 'commander';
import type { CliContext } from './context.ts';

export function addInitCommand(program: Command, context: CliContext): void {
  program
    .command('init')
    .description('make a home for a partnership: headwater.yaml, packs and data')
    .argument('<dir>', 'a new or empty folder')
    .option('--name <name>', 'the name of the partnership', 'Our partnership')
    .option('--json', 'print the result as JSON')
    .action(async (dir, options) => (await import('./init.action.ts')).init(context, dir, options));
}
