// headwater backup FILE: what it takes. What it does is in backup.action.ts, which is loaded when it runs.

import type { Command } from 'commander';
import type { CliContext } from './context.ts';

export function addBackupCommand(program: Command, context: CliContext): void {
  program
    .command('backup')
    .description('write everything of the home into one encrypted file')
    .argument('<file>', 'a new file, outside the home')
    .option('--without-landing', 'leave out the files as they were loaded')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nThe server must not run, unless the casework is on a PostgreSQL server (DATABASE_URL): its rows are then copied into the backup as of one moment, by the login of MIGRATION_DATABASE_URL where it is set. The key is never in a backup.')
    .action(async (file, options) => (await import('./backup.action.ts')).backUp(context, file, options));
}
