// headwater keys: what it takes. What it does is in keys.action.ts, which is loaded when it runs.

import type { Command } from 'commander';
import type { CliContext } from './context.ts';

export function addKeysCommand(program: Command, context: CliContext): void {
  const keys = program.command('keys').description('the key that encrypts this home at rest');
  keys
    .command('show')
    .description('tell keys by their fingerprints, and how many files are under each')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action(async (options) => (await import('./keys.action.ts')).show(context, options));
  keys
    .command('rotate')
    .description('make a new key and encrypt everything with it; the old key goes once all is done. Cut off, it is taken up again')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nThe server must not run, unless the store is a PostgreSQL server.\nWhere HEADWATER_KEY gives the key: set it to the new one and HEADWATER_OLD_KEY to the one before.')
    .action(async (options) => (await import('./keys.action.ts')).rotate(context, options));
}
