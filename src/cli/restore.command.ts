// headwater restore FILE DIR: what it takes. What it does is in restore.action.ts, which is loaded when it runs.

import type { Command } from 'commander';
import type { CliContext } from './context.ts';
import { addActor } from './who-asks.ts';

export function addRestoreCommand(program: Command, context: CliContext): void {
  const command = program
    .command('restore')
    .description('make a home out of a backup, whole or not at all')
    .argument('<file>', 'what "headwater backup" has written')
    .argument('<dir>', 'a new or empty folder')
    .option('--key-file <file>', 'the key of the backup; it is put into the new home too (default: HEADWATER_KEY)');
  addActor(command)
    .addHelpText('after', '\nWhere the casework of the backup was on a PostgreSQL server, give an empty database with DATABASE_URL (and MIGRATION_DATABASE_URL): its rows are written there in one transaction, or not at all. A database with rows is refused.')
    .option('--json', 'print the result as JSON')
    .action(async (file, dir, options) => (await import('./restore.action.ts')).restore(context, file, dir, options));
}
