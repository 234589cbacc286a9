// headwater feeds: lists the feeds, shows a feed's contract, writes an empty template file.

import { existsSync } from 'node:fs';
import { Problem, quoteForShell } from '../core/index.ts';
import { getFeed, listFeeds, templateFile } from '../ingest/index.ts';
import { writeWhole } from '../store/index.ts';
import { print, type CliContext } from './context.ts';

interface Options {
  home?: string;
  json?: boolean;
}

const packsOf = (context: CliContext, options: Options) => `${options.home ?? context.homeDir}/packs`;

export function list(context: CliContext, options: Options): void {
  const all = listFeeds(packsOf(context, options));
  print(context, options.json, all, () => all.map(({ feed, title, agency, cadence }) => `${feed.padEnd(24)} ${title} (${agency}, ${cadence})`));
}

export function show(context: CliContext, name: string, options: Options): void {
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
}

export function writeTemplate(context: CliContext, name: string, file: string, options: Options): void {
  const contract = getFeed(packsOf(context, options), name);
  if (existsSync(file)) throw new Problem('usage', { what: 'The file exists already', where: file, todo: 'Choose another name; nothing was written.' });
  writeWhole(file, templateFile(contract), 0o644);
  print(context, options.json, { feed: contract.feed, file }, () => [`Wrote ${file}. Fill it in, then: npx headwater ingest ${contract.feed} ${quoteForShell(file)}`]);
}
