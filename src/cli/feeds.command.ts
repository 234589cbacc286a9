// headwater feeds: what it takes. What it does is in feeds.action.ts, which is loaded when it runs.

import type { Command } from 'commander';
import type { CliContext } from './context.ts';

export function addFeedsCommand(program: Command, context: CliContext): void {
  const feeds = program.command('feeds').description('list the feeds; show a contract; write an empty template file');
  feeds
    .command('list', { isDefault: true })
    .description('list the feeds')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action(async (options) => (await import('./feeds.action.ts')).list(context, options));
  feeds
    .command('show')
    .description('show a feed’s contract: its columns, types, codes and key')
    .argument('<feed>')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action(async (name, options) => (await import('./feeds.action.ts')).show(context, name, options));
  feeds
    .command('template')
    .description('write an empty file with the feed’s headings')
    .argument('<feed>')
    .argument('<file>', 'the file to write; it must not exist')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action(async (name, file, options) => (await import('./feeds.action.ts')).writeTemplate(context, name, file, options));
}
