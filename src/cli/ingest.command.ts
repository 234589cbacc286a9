// headwater ingest FEED FILE…: what it takes. What it does is in ingest.action.ts, which is loaded when it runs.

import type { Command } from 'commander';
import type { CliContext } from './context.ts';
import { addActor } from './who-asks.ts';

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
    .action(async (feed, files, options) => (await import('./ingest.action.ts')).ingest(context, feed, files, options));
}
