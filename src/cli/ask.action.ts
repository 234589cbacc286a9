// headwater ask QUESTION: runs a named analysis over the current snapshot; the same answer as its page.

import { filtersSchema, Problem, type Answer, type Filters, type LakeReader, type Table } from '../core/index.ts';
import { meansScore } from '../govern/index.ts';
import { openLake, type Home } from '../store/index.ts';
import { createQuestions, questionOptions, readCategories, unknownFilters, type AcceptedOptions } from '../understand/index.ts';
import { noteLook } from './command-audit.ts';
import { homeOf, print, type CliContext } from './context.ts';
import { noScore } from './given-reader.ts';

interface Options {
  home?: string;
  json?: boolean;
  agency?: string[];
  category?: string[];
  area?: string[];
  from?: string;
  to?: string;
  option?: string[];
}

function parseOptions(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new Problem('usage', { what: `"${pair}" is not NAME=VALUE`, where: '--option', todo: 'Write it like --option by=area.' });
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/** An option that the question does not have, or a word that the option does not take, is wrong use: the answer would be to another question. */
function checkOptions(question: string, options: Record<string, string>): void {
  const all: Readonly<Record<string, AcceptedOptions>> = questionOptions;
  const known = Object.hasOwn(all, question) ? all[question] : undefined;
  if (!known) return;
  for (const [name, value] of Object.entries(options)) {
    const words = Object.hasOwn(known, name) ? known[name] : undefined;
    if (words === undefined) throw new Problem('usage', { what: `"${question}" has no option "${name}"`, where: '--option', todo: Object.keys(known).length > 0 ? `It has: ${Object.keys(known).join(', ')}.` : 'It has none.' });
    if (Array.isArray(words) && !words.includes(value)) throw new Problem('usage', { what: `The option "${name}" of "${question}" is not "${value}"`, where: '--option', todo: `Choose one of: ${words.join(', ')}.` });
  }
}

const lists: Readonly<Record<'agency' | 'category' | 'area', string>> = {
  agency: 'Use the codes of packs/agencies.yaml, such as police.',
  category: 'Use the codes of packs/categories.yaml, such as burglary.',
  area: 'Use the code of an area, ward or authority of this snapshot; "ask places --json" lists those of areas.',
};

async function checkFilters(lake: LakeReader, packs: string, filters: Filters): Promise<void> {
  const unknown = await unknownFilters(lake, readCategories(packs), filters);
  for (const name of ['agency', 'category', 'area'] as const) {
    const [first, ...more] = unknown[name];
    if (first !== undefined) throw new Problem('usage', { what: `Not known here: ${name} "${first}"${more.length > 0 ? ` and ${more.length} more` : ''}`, where: `--${name}`, todo: lists[name] });
  }
  if (filters.from && filters.to && filters.from > filters.to) throw new Problem('usage', { what: 'The first month is after the last', where: '--from, --to', todo: 'Give a first month that is not after the last.' });
}

/** A question, an option or a word that means a score of a person is refused with the reason, not as something unknown. */
function refuseScores(name: string, { option, category }: Options): void {
  if (meansScore(name)) throw noScore(name, 'the question');
  const words = [...(option ?? []).flatMap((pair) => pair.split('=')), ...(category ?? [])];
  const score = words.find(meansScore);
  if (score !== undefined) throw noScore(score, '--option');
}

async function ask(context: CliContext, home: Home, name: string, options: Options): Promise<Answer> {
  refuseScores(name, options);
  const questions = createQuestions({ localPacks: home.packs, clock: context.clock });
  const question = questions.find(({ id }) => id === name);
  if (!question) {
    throw new Problem('notFound', { what: `There is no question called "${name}"`, todo: `Ask one of: ${questions.map(({ id }) => id).join(', ')}.` });
  }
  for (const month of [options.from, options.to]) {
    if (month && !/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw new Problem('usage', { what: `"${month}" is not a month`, where: '--from, --to', todo: 'Write it like 2026-03.' });
  }
  const { agency, category, area, from, to } = options;
  const chosen = parseOptions(options.option ?? []);
  checkOptions(name, chosen);
  const filters = filtersSchema.parse({ agency, category, area, from, to });
  const lake = await openLake(home);
  try {
    await checkFilters(lake, home.packs, filters);
    return await question.answer(lake, filters, chosen);
  } finally {
    lake.close();
  }
}

const mostRows = 40;

function tableLines(table: Table): string[] {
  const cells = table.rows.slice(0, mostRows).map((row, index) =>
    table.columns.map(({ name, format }) => {
      if (table.suppressed.includes(`${index}:${name}`)) return '[c]';
      const value = row[name];
      if (value === null || value === undefined) return '';
      if (format === 'share') return `${(Number(value) * 100).toFixed(1)}%`;
      return typeof value === 'number' ? value.toLocaleString('en-GB', { maximumFractionDigits: 2 }) : value;
    }),
  );
  const all = [table.columns.map(({ label }) => label), ...cells];
  const widths = table.columns.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const left = table.rows.length - mostRows;
  return [
    '', table.title,
    ...all.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd()),
    ...(left > 0 ? [`  … and ${left.toLocaleString('en-GB')} more ${left === 1 ? 'row' : 'rows'}; --json prints all`] : []),
    ...(table.suppressed.length > 0 ? ['  [c] stands for a number that is kept back.'] : []),
  ];
}

export async function askQuestion(context: CliContext, name: string | undefined, options: Options): Promise<void> {
  if (!name) {
    const questions = createQuestions({ localPacks: undefined, clock: context.clock }).map(({ id, title, summary }) => ({ id, title, summary }));
    print(context, options.json, questions, () => questions.map(({ id, summary }) => `${id.padEnd(16)} ${summary}`));
    return;
  }
  const home = homeOf(context, options);
  const answer = await ask(context, home, name, options);
  noteLook(context, home, { action: 'question.ask', subjectKind: 'question', subjectIds: [name] });
  const { question, filters, snapshot, tables, sql, sentence, suppression, seconds } = answer;
  print(context, options.json, { question, filters, snapshot, rows: tables[0]?.rows ?? [], sql, sentence, tables, suppression, seconds }, () => [sentence, ...tables.flatMap(tableLines)]);
}
