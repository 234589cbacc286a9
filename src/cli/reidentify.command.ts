// headwater reidentify: what it takes. What it does is in reidentify.action.ts, which is loaded when it runs.

import type { Command } from 'commander';
import type { CliContext } from './context.ts';

export function addReidentifyCommand(program: Command, context: CliContext): void {
  program
    .command('reidentify')
    .description('tell which person a pseudonym of an extract stands for, where an agreement gives that person’s records to you for the same purpose')
    .argument('<pseudonym...>', 'from the column person_id')
    .requiredOption('--purpose <code>', 'what the extract was for')
    .requiredOption('--agreement <id>', 'the agreement that gives records of named people for it')
    .requiredOption('--ground <text>', 'why it must be known who this is; kept for those who review it')
    .requiredOption('--by <name>', 'your sign-in, for the audit')
    .requiredOption('--as <agency/role>', 'your agency and role, such as early-help/hub-coordinator')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the answers as JSON')
    .action(async (pseudonyms, options) => (await import('./reidentify.action.ts')).reidentifyAll(context, pseudonyms, options));
}
