// headwater lineage ID: what it takes. What it does is in lineage.action.ts, which is loaded when it runs.

import type { Command } from 'commander';
import type { CliContext } from './context.ts';
import { addAsking } from './who-asks.ts';

export function addLineageCommand(program: Command, context: CliContext): void {
  const command = program
    .command('lineage')
    .description('tell which file, line and load a record came from, with every state it has had')
    .argument('<id>', 'an event or a mention as FEED:key, such as police-incident:INC1; or a place of the served snapshot');
  addAsking(command, { required: true })
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action(async (id, options) => (await import('./lineage.action.ts')).showLineage(context, id, options));
}
