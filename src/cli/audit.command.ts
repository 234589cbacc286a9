// headwater audit: what it takes. What it does is in audit.action.ts, which is loaded when it runs.

import type { Command } from 'commander';
import type { CliContext } from './context.ts';

export function addAuditCommand(program: Command, context: CliContext): void {
  const audit = program.command('audit').description('the record of who did and saw what');
  audit
    .command('verify')
    .description('prove that no row was altered, removed or moved, or name the first that was')
    .option('--home <dir>', 'the partnership’s home')
    .option('--expect <place:hash>', 'what an earlier check printed and you kept elsewhere')
    .option('--json', 'print the result as JSON')
    .action(async (options) => (await import('./audit.action.ts')).verify(context, options));
  audit
    .command('accept-clock')
    .description('after a clock that stood ahead was put right: let its times in the audit end no agreement any longer')
    .requiredOption('--by <name>', 'your sign-in, for the audit')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .action(async (options) => (await import('./audit.action.ts')).acceptClock(context, options));
}
