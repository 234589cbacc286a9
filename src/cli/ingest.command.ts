// headwater ingest FEED FILE…: loads files against the feed's contract.

import type { Command } from 'commander';
import { counted } from '../core/index.ts';
import { ingestFiles } from '../ingest/index.ts';
import { addActor, addLoads } from './command-audit.ts';
import { homeOf, print, type CliContext } from './context.ts';

export function addIngestCommand(program: Command, context: CliContext): void {
  const command = program
    .command('ingest')
    .description('load files of a feed; each row is accepted, quarantined or repeated')
    .argument('<feed>', 'a feed of "headwater feeds"')
    .argument('<file...>', 'CSV or GeoJSON, plain or gzip');
  addActor(command)
    .option('--again', 'load a file also where it was destroyed when its schedule had run out')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action(async (feed: string, files: string[], options: { again?: boolean; by?: string; home?: string; json?: boolean }) => {
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
    });
}
