// The options by which a command is told who runs it and what for.

import type { Command } from 'commander';

/** Adds --by to a command that changes something: a schedule that runs it need not say who. */
export const addActor = (command: Command): Command => command.option('--by <name>', 'who does it, for the audit (default: the user of this computer)');

/** Adds --by and --purpose to a command that shows data about people only to whoever gives them. */
export const addAsking = (command: Command, { required }: { required: boolean }): Command => {
  const [by, purpose] = [['--by <name>', 'your sign-in, for the audit'], ['--purpose <code>', 'what you look at it for, such as information-governance, for the audit']] as const;
  return required ? command.requiredOption(...by).requiredOption(...purpose) : command.option(...by).option(...purpose);
};
