// The command line: one file per command, exit codes from core/errors.ts, one clear line for what a person can fix.

import { Command, CommanderError } from 'commander';
import { asProblem, exitCodes, Problem } from '../core/index.ts';
import { addAskCommand } from './ask.command.ts';
import { addAuditCommand } from './audit.command.ts';
import { addBackupCommand } from './backup.command.ts';
import { addBuildCommand } from './build.command.ts';
import type { CliContext } from './context.ts';
import { addDedupeCommand } from './dedupe.command.ts';
import { addDoctorCommand } from './doctor.command.ts';
import { addExtractCommand } from './extract.command.ts';
import { addFeedsCommand } from './feeds.command.ts';
import { addIngestCommand } from './ingest.command.ts';
import { addInitCommand } from './init.command.ts';
import { addKeysCommand } from './keys.command.ts';
import { addLineageCommand } from './lineage.command.ts';
import { addMatchCommand } from './match.command.ts';
import { addPeopleCommand } from './people.command.ts';
import { addQuarantineCommand } from './quarantine.command.ts';
import { addReidentifyCommand } from './reidentify.command.ts';
import { addRestoreCommand } from './restore.command.ts';
import { addServeCommand } from './serve.command.ts';
import { addSimulateCommand } from './simulate.command.ts';
import { addStartCommand } from './start.command.ts';

export function createProgram(context: CliContext): Command {
  const program = new Command('headwater')
    .description('From partners’ extracts to one joined-up picture')
    .version(context.version, '--version', 'print the version')
    .configureOutput({ writeOut: (text) => context.stdout.write(text), writeErr: (text) => context.stderr.write(text) })
    .exitOverride()
    .showHelpAfterError('(add --help for what this command takes)')
    .addHelpText(
      'afterAll',
      `
Exit codes: 0 done · 1 failed · 2 wrong use · 3 the input is wrong · 4 not found · 5 another process is busy here · 6 disk or permission
Settings:   HEADWATER_HOME (folder of the partnership), HEADWATER_KEY, PORT, DATABASE_URL`,
    );
  const add = [
    addStartCommand,
    addInitCommand,
    addSimulateCommand,
    addFeedsCommand,
    addIngestCommand,
    addQuarantineCommand,
    addLineageCommand,
    addBuildCommand,
    addAskCommand,
    addExtractCommand,
    addReidentifyCommand,
    addMatchCommand,
    addPeopleCommand,
    addDedupeCommand,
    addServeCommand,
    addAuditCommand,
    addKeysCommand,
    addBackupCommand,
    addRestoreCommand,
    addDoctorCommand,
  ];
  for (const each of add) each(program, context);
  return program;
}

/** Runs one command line; returns its exit code. */
export async function runCommandLine(argv: readonly string[], context: CliContext): Promise<number> {
  try {
    await createProgram(context).parseAsync([...argv], { from: 'user' });
    return exitCodes.ok;
  } catch (thrown) {
    const error = asProblem(thrown, context.homeDir);
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    if (error instanceof Problem) {
      context.stderr.write(`headwater: ${error.message}\n`);
      return error.exitCode;
    }
    context.stderr.write(`headwater: something unexpected went wrong. Nothing that was held is lost. Please report this:\n${error instanceof Error ? error.stack : String(error)}\n`);
    return exitCodes.failed;
  }
}
