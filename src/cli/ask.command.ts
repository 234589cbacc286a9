// headwater ask QUESTION: what it takes. What it does is in ask.action.ts, which is loaded when it runs.

import type { Command } from 'commander';
import type { CliContext } from './context.ts';

export function addAskCommand(program: Command, context: CliContext): void {
  program
    .command('ask')
    .description('answer a question from the current snapshot, disclosure-controlled')
    .argument('[question]', 'leave out to list the questions')
    .option('--agency <code...>', 'only these agencies')
    .option('--category <code...>', 'only these categories')
    .option('--area <code...>', 'only these areas')
    .option('--from <month>', 'from this month, like 2026-01')
    .option('--to <month>', 'to this month')
    .option('--option <name=value...>', 'the question’s own options, like by=area')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print numbers with query, snapshot and time')
    .action(async (name, options) => (await import('./ask.action.ts')).askQuestion(context, name, options));
}
