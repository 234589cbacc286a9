// headwater simulate: writes the files of the simulated partnership, with their planted truths.

import { join, resolve } from 'node:path';
import { simulate } from '../simulate/index.ts';
import { homeOf, print, type CliContext } from './context.ts';

interface Options {
  home?: string;
  out?: string;
  people: number;
  months: number;
  seed: number;
  planted: 'all' | 'none';
  json?: boolean;
}

export async function simulateFiles(context: CliContext, options: Options): Promise<void> {
  const out = options.out ? resolve(options.out) : homeOf(context, options).data;
  const { people, months, seed, planted } = options;
  const result = await simulate({ out, people, months, seed, planted, progress: context.progress });
  print(context, options.json, { out, ...result }, () => [
    ...result.files.map(({ feed, path, rows }) => `${String(rows).padStart(9)}  ${feed.padEnd(22)} ${path}`),
    `Wrote ${result.files.length} files in ${result.seconds.toFixed(1)} s. The planted truths are in ${join(out, 'truth')}.`,
  ]);
}
