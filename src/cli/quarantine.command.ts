// headwater quarantine: lists rejected rows by reason, exports them, tries them again after a mend.

import type { Command } from 'commander';
import { exportQuarantine, getFeed, listQuarantine, presentQuarantine, retryQuarantine } from '../ingest/index.ts';
import type { Home } from '../store/index.ts';
import { homeOf, print, type CliContext } from './context.ts';

interface Options {
  home?: string;
  json?: boolean;
}

/** The home, once it is sure that the feed exists: a mistyped name must not look like an empty quarantine. */
function homeWithFeed(context: CliContext, options: Options, feed: string | undefined): Home {
  const home = homeOf(context, options);
  if (feed !== undefined) getFeed(home.packs, feed);
  return home;
}

export function addQuarantineCommand(program: Command, context: CliContext): void {
  const quarantine = program.command('quarantine').description('rows that were not accepted: list, export, try again');
  quarantine
    .command('list', { isDefault: true })
    .description('count quarantined rows by feed, column and reason, the commonest first, with an example of each')
    .argument('[feed]')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action(async (feed: string | undefined, options: Options) => {
      const rows = await listQuarantine(homeWithFeed(context, options, feed), feed);
      print(context, options.json, rows, () =>
        rows.length === 0 ? ['Nothing is in quarantine.'] : presentQuarantine(rows),
      );
    });
  quarantine
    .command('export')
    .description('write the quarantined rows of a feed as they came, each with its line, column and reason')
    .argument('<feed>')
    .argument('<file>', 'the CSV file to write; it must not exist')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action(async (feed: string, file: string, options: Options) => {
      const result = await exportQuarantine(homeWithFeed(context, options, feed), feed, file);
      print(context, options.json, result, () => [`Wrote ${result.rows.toLocaleString('en-GB')} rows to ${file}. It holds personal data: keep it as safe as the files it came from.`]);
    });
  quarantine
    .command('retry')
    .description('try quarantined rows again, after the contract or a code list was mended')
    .argument('[feed]')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action(async (feed: string | undefined, options: Options) => {
      const result = await retryQuarantine(homeWithFeed(context, options, feed), feed, { clock: context.clock });
      print(context, options.json, result, () => [`${result.accepted.toLocaleString('en-GB')} rows are accepted now; ${result.quarantined.toLocaleString('en-GB')} stay in quarantine.`]);
    });
}
