// headwater extract: what it takes. What it does is in extract.action.ts, which is loaded when it runs.

import type { Command } from 'commander';
import type { CliContext } from './context.ts';

export function addExtractCommand(program: Command, context: CliContext): void {
  program
    .command('extract')
    .description('write rows without names for one purpose, as a live agreement gives them to one named person, under pseudonyms that no other purpose has')
    .requiredOption('--purpose <code>', 'what it is for, such as evaluation')
    .requiredOption('--agreement <id>', 'the agreement that gives it; its page shows the id')
    .requiredOption('--recipient <name>', 'the person for whom it is, by name or sign-in')
    .requiredOption('--by <name>', 'who makes it, for the audit')
    .requiredOption('--out <dir>', 'the folder to make, outside the home')
    .option('--to <agency/role>', 'the recipient’s agency and role, where the clauses name several, such as council/analyst')
    .option('--column <name...>', 'only these columns, such as event.category')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the manifest as JSON')
    .action(async (options) => (await import('./extract.action.ts')).makeExtract(context, options));
}
