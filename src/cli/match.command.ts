// headwater match: what it takes. What it does is in match.action.ts, which is loaded when it runs.

import type { Command } from 'commander';
import type { CliContext } from './context.ts';
import { columns } from './match-options.ts';

const flag = (name: string) => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} <value>`;

export function addMatchCommand(program: Command, context: CliContext): void {
  const command = program
    .command('match')
    .description('find a person in the current snapshot by what is known of them, among those whose records a live agreement gives you')
    .option('--home <dir>', 'the partnership’s home');
  for (const [name, , about] of columns) command.option(flag(name), about);
  command
    .option('--born <date>', 'date of birth, like 1961-04-17')
    .option('--age <years>', 'about how old')
    .option('--limit <n>', 'matches to show at most', '10')
    .requiredOption('--by <name>', 'your sign-in, for the audit')
    .requiredOption('--as <agency/role>', 'your agency and role, such as early-help/hub-coordinator')
    .requiredOption('--purpose <code>', 'what you look for this person for, such as early-help, for the audit')
    .option('--json', 'print the matches as JSON')
    .addHelpText('after', '\nA value that the agreement does not give you finds nobody and weighs nothing. Of a sealed record you learn whom to ring, as on pages.')
    .action(async (options) => (await import('./match.action.ts')).match(context, options));
}
