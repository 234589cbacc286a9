// headwater quarantine: what it takes. What it does is in quarantine.action.ts, which is loaded when it runs.

import type { Command } from 'commander';
import type { CliContext } from './context.ts';
import { addActor, addAsking } from './who-asks.ts';

export function addQuarantineCommand(program: Command, context: CliContext): void {
  const quarantine = program.command('quarantine').description('rows that were not accepted: list, export, try again');
  const list = quarantine
    .command('list', { isDefault: true })
    .description('count quarantined rows by feed, column and reason, the commonest first, with the place of an example of each; what was written there with --by and --purpose')
    .argument('[feed]');
  addAsking(list, { required: false })
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action(async (feed, options) => (await import('./quarantine.action.ts')).list(context, feed, options));
  const toFile = quarantine
    .command('export')
    .description('write the quarantined rows of a feed as they came, each with its line, column and reason')
    .argument('<feed>')
    .argument('<file>', 'the CSV file to write; it must not exist');
  addAsking(toFile, { required: true })
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action(async (feed, file, options) => (await import('./quarantine.action.ts')).toFile(context, feed, file, options));
  const again = quarantine
    .command('retry')
    .description('try quarantined rows again, after the contract or a code list was mended')
    .argument('[feed]');
  addActor(again)
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action(async (feed, options) => (await import('./quarantine.action.ts')).retry(context, feed, options));
}
