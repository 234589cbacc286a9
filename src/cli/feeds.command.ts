// headwater feeds: lists the feeds, shows a feed's contract, writes an empty template file.

import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import { Problem, quoteForShell } from '../core/index.ts';
import { getFeed, listFeeds, templateFile } from '../ingest/index.ts';
import { writeWhole } from '../store/index.ts';
import { print, type CliContext } from './context.ts';

interface Options {
  home?: string;
  json?: boolean;
}

const packsOf = (context: CliContext, options: Options) => `${options.home ?? context.homeDir}/packs`;

export function addFeedsCommand(program: Command, context: CliContext): void {
  const feeds = program.command('feeds').description('list the feeds; show a contract; write an empty template file');
  feeds
    .command('list', { isDefault: true })
    .description('list the feeds')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action((options: Options) => {
      const all = listFeeds(packsOf(context, options));
      print(context, options.json, all, () => all.map(({ feed, title, agency, cadence }) => `${feed.padEnd(24)} ${title} (${agency}, ${cadence})`));
    });
  feeds
    .command('show')
    .description('show a feed’s contract: its columns, types, codes and key')
    .argument('<feed>')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action((name: string, options: Options) => {
      const contract = getFeed(packsOf(context, options), name);
      print(context, options.json, contract, () => [
        `${contract.title} (${contract.feed})`,
        contract.about,
        `Agency: ${contract.agency}. Comes: ${contract.cadence}. Source: ${contract.source.name}, ${contract.source.reference}.`,
        `Key: ${Array.isArray(contract.key) ? contract.key.join(', ') : contract.key}`,
        '',
        ...contract.columns.flatMap((column) => {
          const marks = [column.type, column.required ? 'required' : '', column.personal ? 'identifies a person' : ''].filter(Boolean).join(', ');
          return [`  ${column.name.padEnd(44)} ${marks}${column.about ? `. ${column.about}` : ''}`, ...(column.codes ? [`${' '.repeat(49)}one of: ${column.codes.join(', ')}`] : [])];
        }),
      ]);
    });
  feeds
    .command('template')
    .description('write an empty file with the feed’s headings')
    .argument('<feed>')
    .argument('<file>', 'the file to write; it must not exist')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action((name: string, file: string, options: Options) => {
      const contract = getFeed(packsOf(context, options), name);
      if (existsSync(file)) throw new Problem('usage', { what: 'The file exists already', where: file, todo: 'Choose another name; nothing was written.' });
      writeWhole(file, templateFile(contract), 0o644);
      print(context, options.json, { feed: contract.feed, file }, () => [`Wrote ${file}. Fill it in, then: npx headwater ingest ${contract.feed} ${quoteForShell(file)}`]);
    });
}
