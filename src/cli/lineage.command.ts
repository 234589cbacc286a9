// headwater lineage ID: from a record back to the file, line and load it came from.

import type { Command } from 'commander';
import { presentLineage, rowLineage } from '../ingest/index.ts';
import { homeOf, print, type CliContext } from './context.ts';

export function addLineageCommand(program: Command, context: CliContext): void {
  program
    .command('lineage')
    .description('tell which file, line and load a record came from, with every state it has had')
    .argument('<id>', 'an event or a mention as FEED:key, such as police-incident:INC1; or a place of the served snapshot')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action(async (id: string, options: { home?: string; json?: boolean }) => {
      const states = await rowLineage(homeOf(context, options), id);
      print(context, options.json, states, () => presentLineage(id, states));
    });
}
