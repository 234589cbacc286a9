// headwater serve: serves the current snapshot until it is stopped.

import type { Command } from 'commander';
import { clearLeftovers } from '../store/index.ts';
import { homeOf, type CliContext, type RunningServer } from './context.ts';
import { wholeNumber } from './simulate.command.ts';

export function welcomeLines(server: RunningServer, partnership: string): string[] {
  const signatory = server.signIns.find(({ role }) => role === 'signatory');
  const named = [
    ...server.signIns.filter(({ role }) => role !== 'signatory').map(({ username, role }) => [username, role] as const),
    ...(signatory ? [[signatory.username, 'signatory, and one for each other agency that signs agreements'] as const] : []),
  ];
  const width = Math.max(0, ...named.map(([username]) => username.length));
  const signIns = named.map(([username, role]) => `  ${username.padEnd(width)} ${role}`);
  return [
    `Headwater serves ${partnership} at ${server.address}`,
    ...(signIns.length > 0 ? ['', `Sample sign-ins (the password of each is "${server.signIns[0]!.password}"):`, ...signIns] : []),
    '',
    'Stop it with Ctrl+C.',
  ];
}

export function addServeCommand(program: Command, context: CliContext): void {
  program
    .command('serve')
    .description('serve the current snapshot at http://localhost:PORT')
    .option('--port <number>', 'the port (default: PORT, or 8080)', wholeNumber(0, 65_535))
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the address as JSON')
    .action(async (options: { port?: number; home?: string; json?: boolean }) => {
      const home = homeOf(context, options);
      clearLeftovers(home);
      const server = await (await context.openServer(home, { port: options.port ?? context.port })).serve();
      context.stdout.write(options.json ? `${JSON.stringify({ address: server.address, signIns: server.signIns })}\n` : `${welcomeLines(server, home.settings.partnership).join('\n')}\n`);
      await server.stopped;
    });
}
