// headwater lineage ID: from a record back to the file, line and load it came from, for a person who says who they are and why.

import { findLineage, noSuchRecord, presentLineage } from '../ingest/index.ts';
import { checkAsking, findAudited, type Asking } from './command-audit.ts';
import { homeOf, print, type CliContext } from './context.ts';

export async function showLineage(context: CliContext, id: string, options: Asking & { home?: string; json?: boolean }): Promise<void> {
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
}
