// headwater people: what it takes. What it does is in people.action.ts, which is loaded when it runs.

import type { Command } from 'commander';
import type { CliContext } from './context.ts';
import { kinds, mostListed } from './people-options.ts';

export function addPeopleCommand(program: Command, context: CliContext): void {
  const people = program.command('people').description('what builds made of people’s keys: merges and splits, undoing them, where a key is now');
  people
    .command('events')
    .description('list merges, splits and moves, the newest first: when, in which build, the keys before and after, why, and whether it is undone')
    .option('--kind <kind>', `only ${kinds.join(', ')}`)
    .option('--from <day>', 'the first day, such as 2026-11-24 (UTC)')
    .option('--to <day>', 'the last day')
    .option('--limit <number>', `how many at most, up to ${mostListed.toLocaleString('en-GB')}`, '20')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action(async (options) => (await import('./people.action.ts')).listEvents(context, options));
  people
    .command('undo')
    .description('keep the decision that a merge, split or move was wrong, so that the next build puts it back; to undo an undo, undo the event that it led to')
    .argument('<event>', 'its number in "headwater people events"')
    .requiredOption('--reason <text>', 'why, for those who come after you; without names')
    .option('--by <name>', 'who undoes it, for the record and the audit', 'command-line')
    .option('--withdraw', 'take back an undo that no build has followed yet')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nExit codes: 0 kept · 1 refused: undone already, ruled out by another decision, or nothing to put back · 2 wrong use · 4 no such event, or its records are gone · 5 a server uses the store')
    .action(async (event, options) => (await import('./people.action.ts')).undo(context, event, options));
  people
    .command('where')
    .description('tell which person a key of any build means now, after all merges and splits')
    .argument('<key>', 'a person’s key, such as P0123456789abcdef')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action(async (key, options) => (await import('./people.action.ts')).where(context, key, options));
}
