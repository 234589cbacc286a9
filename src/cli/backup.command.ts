// headwater backup FILE: one encrypted file with everything of the home.

import type { Command } from 'commander';
import { presentFileSize } from '../core/index.ts';
import { backupKey, backUpHome, checkBackupPlace, findCurrentManifest, newBackupId, type Backup, type Home } from '../store/index.ts';
import { homeOf, print, type CliContext } from './context.ts';
import { noteInAudit, openStoreAtHand } from './keys.command.ts';

interface Options {
  home?: string;
  json?: boolean;
  withoutLanding?: boolean;
}

function lines({ file, files, rows, bytes, key, landing }: Backup): string[] {
  return [
    `Backed up ${files.toLocaleString('en-GB')} files${rows === null ? '' : ` and the casework of the PostgreSQL server (${rows.toLocaleString('en-GB')} rows)`} into ${file} (${presentFileSize(bytes)}), encrypted with the key ${key}.`,
    ...(landing ? [] : ['Left out: the files as they were loaded. What was read of them is in it.']),
    'The key is not in it. Keep a copy of the key elsewhere: without it the backup cannot be opened.',
  ];
}

/** The audit notes the backup first, so that the note is in it too. */
async function note(context: CliContext, home: Home, backup: string): Promise<void> {
  const casework = await openStoreAtHand(context, home);
  try {
    await noteInAudit(context, home, casework, { action: 'backup.begin', subjectKind: 'backup', subjectIds: [backup] });
  } finally {
    await casework?.close();
  }
}

export function addBackupCommand(program: Command, context: CliContext): void {
  program
    .command('backup')
    .description('write everything of the home into one encrypted file')
    .argument('<file>', 'a new file, outside the home')
    .option('--without-landing', 'leave out the files as they were loaded')
    .option('--home <dir>', 'the partnership’s home')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', '\nThe server must not run, unless the casework is on a PostgreSQL server (DATABASE_URL): its rows are then copied into the backup as of one moment, by the login of MIGRATION_DATABASE_URL where it is set. The key is never in a backup.')
    .action(async (file: string, options: Options) => {
      const home = homeOf(context, options);
      backupKey(home);
      checkBackupPlace(home, file);
      const backup = newBackupId();
      await note(context, home, backup);
      const about = { backup, madeAt: new Date(context.clock.now()).toISOString(), version: context.version, snapshot: findCurrentManifest(home)?.id ?? null };
      const made = await backUpHome(home, { file, withoutLanding: options.withoutLanding ?? false, about, server: context.storeServer, progress: context.progress });
      print(context, options.json, made, () => lines(made));
    });
}
