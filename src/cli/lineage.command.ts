// headwater lineage ID: from a record back to the file, line and load it came from, for a person who says who they are and why.

import type { Command } from 'commander';
import { findLineage, noSuchRecord, presentLineage } from '../ingest/index.ts';
import { addAsking, checkAsking, findAudited, type Asking } from './command-audit.ts';
import { homeOf, print, type CliContext } from './context.ts';

export function addLineageCommand(program: Command, context: CliContext): void {
  const command = program
    .command('lineage')
    .description('tell which file, line and load a record came from, with every state it has had')
    .argument('<id>', 'an event or a mention as FEED:key, such as police-incident:INC1; or a place of the served snapshot');
  addAsking(command, { required: true })
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action(async (id: string, options: Asking & { home?: string; json?: boolean }) => {
      const home = homeOf(context, options);
      const asking = checkAsking(home, options);
      const { states } = await findAudited(context, home, asking, {
        action: 'lineage.view',
        find: () => findLineage(home, id),
        // What was typed and is no record's id may be anything.
        subjects: (found) => (found.states.length === 0 ? {} : { subjectKind: found.of, subjectIds: [id] }),
      });
      if (states.length === 0) throw noSuchRecord(id);
      print(context, options.json, states, () => presentLineage(id, states));
    });
}
