// headwater serve: serves the current snapshot until it is stopped.

import { clearLeftovers } from '../store/index.ts';
import { homeOf, type CliContext, type RunningServer } from './context.ts';

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

export async function serve(context: CliContext, options: { port?: number; home?: string; json?: boolean }): Promise<void> {
  const home = homeOf(context, options);
  clearLeftovers(home);
  const server = await (await context.openServer(home, { port: options.port ?? context.port })).serve();
  context.stdout.write(options.json ? `${JSON.stringify({ address: server.address, signIns: server.signIns })}\n` : `${welcomeLines(server, home.settings.partnership).join('\n')}\n`);
  await server.stopped;
}
