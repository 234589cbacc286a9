// headwater backup FILE: one encrypted file with everything of the home.

import { presentFileSize } from '../core/index.ts';
import { backupKey, backUpHome, checkBackupPlace, findCurrentManifest, newBackupId, type Backup, type Home } from '../store/index.ts';
import { homeOf, print, type CliContext } from './context.ts';
import { noteInAudit, openStoreAtHand } from './keys.action.ts';

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

export async function backUp(context: CliContext, file: string, options: Options): Promise<void> {
  const home = homeOf(context, options);
  backupKey(home);
  checkBackupPlace(home, file);
  const backup = newBackupId();
  await note(context, home, backup);
  const about = { backup, madeAt: new Date(context.clock.now()).toISOString(), version: context.version, snapshot: findCurrentManifest(home)?.id ?? null };
  const made = await backUpHome(home, { file, withoutLanding: options.withoutLanding ?? false, about, server: context.storeServer, progress: context.progress });
  print(context, options.json, made, () => lines(made));
}
