// headwater build: what it takes. What it does is in build.action.ts, which is loaded when it runs.

import type { Command } from 'commander';
import type { CliContext } from './context.ts';
import { addActor } from './who-asks.ts';

export function addBuildCommand(program: Command, context: CliContext): void {
  const command = program
    .command('build')
    .description('make a complete snapshot from all loaded files and serve it')
    .option('--force', 'build although the same snapshot is there');
  addActor(command)
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the manifest as JSON')
    .action(async (options) => (await import('./build.action.ts')).build(context, options));
}
