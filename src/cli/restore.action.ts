// headwater restore FILE DIR: a home out of a backup, whole or not at all.

import { Problem, quoteForShell } from '../core/index.ts';
import { keepRestoredKey, keepWaitingRow, keyFileOf, keyFromText, keyOfBackup, readKeyFile, restoreHome, type FileKey } from '../store/index.ts';
import { actorOf } from './command-audit.ts';
import { print, type CliContext } from './context.ts';

interface Options {
  keyFile?: string;
  by?: string;
  json?: boolean;
}

function keysAtHand(context: CliContext, keyFile: string | undefined): FileKey[] {
  const given = [context.given?.key, context.given?.oldKey].filter((text) => text !== undefined && text !== '');
  const keys = given.map((text) => keyFromText(text!));
  if (keys.includes(undefined)) throw new Problem('usage', { what: 'HEADWATER_KEY or HEADWATER_OLD_KEY is not a key', todo: 'Give 64 hexadecimal characters.' });
  return [...(keyFile === undefined ? [] : [readKeyFile(keyFile)]), ...(keys as FileKey[])];
}

export async function restore(context: CliContext, file: string, dir: string, options: Options): Promise<void> {
  const actorId = actorOf(context, options);
  const keys = keysAtHand(context, options.keyFile);
  const key = keyOfBackup(file, keys);
  const { home, ...restored } = await restoreHome(file, dir, {
    keys,
    server: context.storeServer,
    clock: context.clock,
    progress: context.progress,
    beforePlaced: (made, { backup }) => keepWaitingRow(made, context.clock, { actorId, action: 'home.restore', outcome: 'done', subjectKind: 'backup', subjectIds: [backup] }),
  });
  const keyFile = options.keyFile === undefined ? undefined : keepRestoredKey(home, key);
  print(context, options.json, { ...restored, home: home.dir, keyFile: keyFile ?? null }, () => [
    `Restored ${restored.partnership} as it was on ${restored.madeAt.slice(0, 16).replace('T', ' at ')} UTC into ${home.dir}: ${restored.files.toLocaleString('en-GB')} files, each proven.`,
    keyFile === undefined ? `Its key is not written down here: give HEADWATER_KEY with each command, or put the key into ${keyFileOf(home)}.` : `Its key is in ${keyFile}.`,
    ...(restored.store === 'postgres' ? ['The casework is in the database of DATABASE_URL, each table proven: serve with the same address.'] : []),
    ...(restored.store === 'server' ? ['The casework store is not in it: restore it on its PostgreSQL server, then set DATABASE_URL.'] : []),
    `Next: npx headwater audit verify --home ${quoteForShell(dir)}, and npx headwater serve --home ${quoteForShell(dir)}`,
  ]);
}
