// headwater ingest FEED FILE…: loads files against the feed's contract.

import { counted } from '../core/index.ts';
import { ingestFiles } from '../ingest/index.ts';
import { addLoads } from './command-audit.ts';
import { homeOf, print, type CliContext } from './context.ts';

export async function ingest(context: CliContext, feed: string, files: string[], options: { again?: boolean; by?: string; home?: string; json?: boolean }): Promise<void> {
  const home = homeOf(context, options);
  const result = await addLoads(context, home, { action: 'feed.ingest', by: options.by }, (onLoad) => ingestFiles(home, feed, files, { clock: context.clock, progress: context.progress, onLoad, again: options.again }));
  print(context, options.json, result, () => {
    const count = (value: number) => value.toLocaleString('en-GB');
    return [
      `${result.feed}: ${count(result.rows)} rows in ${counted(files.length, 'file')}: ${count(result.accepted)} accepted, ${count(result.quarantined)} quarantined, ${count(result.repeated)} repeated (${result.seconds.toFixed(1)} s).`,
      ...result.notes.map((note) => `Note: ${note}`),
      ...(result.quarantined > 0 ? ['See why with "npx headwater quarantine".'] : []),
    ];
  });
}
