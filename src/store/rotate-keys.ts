// Changes the key of a home: every file that is encrypted is brought under a new one, each whole under the old key or the new at any moment.
// The new key waits in a file of its own, and the old one stays until the last file is done, so that a run that is cut off is taken up where
// it stood. A home that had no key gets its first one in the same way.

import { existsSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { asProblem, Problem, type Progress } from '../core/index.ts';
import { attachmentsLock } from './attachment-files.ts';
import { syncFolder } from './folder.ts';
import { bringUnderKey, fileKeyId, listAsideFiles, listProtectedFiles } from './home-files.ts';
import { homeKeys, keyFileOf, makeKeyFile, nextKeyFileOf, openingKeys, readKeyFile, type FileKey } from './home-key.ts';
import type { Home } from './home.ts';
import { takeLock } from './lock.ts';

export interface Rotation {
  /** The key before; undefined where the home had none. */
  from: string | undefined;
  to: string;
  /** Files brought under the new key in this run, and all that are under it now. */
  encrypted: number;
  files: number;
  /** A run before was cut off, and this one went on. */
  resumed: boolean;
}

/** The locks of everything that writes into a home's folders, in one order, so that two that take them cannot wait for each other. */
export function lockWriters(home: Home): () => void {
  const held: (() => void)[] = [];
  const release = () => {
    for (const give of held.toReversed()) give();
  };
  try {
    for (const name of ['keys', 'loads', 'build', 'match-index', attachmentsLock]) held.push(takeLock(join(home.dir, 'locks'), name));
  } catch (error) {
    release();
    throw error;
  }
  return release;
}

/**
 * Brings every file under a new key. Where the environment gives the key, that one is the new one, and HEADWATER_OLD_KEY the one before.
 * @throws Problem where another process writes here, a file is damaged or its key is not at hand, or the disk is full
 */
export function rotateKeys(home: Home, progress: Progress): Rotation {
  const release = lockWriters(home);
  try {
    for (const path of listAsideFiles(home)) rmSync(path, { force: true });
    const before = homeKeys(home);
    const files = listProtectedFiles(home);
    const opening = openingKeys(home);
    // Before anything is begun: a file whose key nobody has would stop it half way.
    const unknown = files.find((path) => {
      const id = fileKeyId(path);
      return id !== undefined && !opening.some((key) => key.id === id);
    });
    if (unknown !== undefined) {
      throw new Problem('badInput', { what: 'This file is encrypted with a key that is not at hand', where: unknown, todo: before?.source === 'environment' ? 'Give the key before with HEADWATER_OLD_KEY, then run the command again.' : 'Put its key file back, then run the command again.' });
    }
    const { to, from, resumed, settle } = before?.source === 'environment' ? given(before.all) : waiting(home, before?.current);
    progress.stage('Encrypting with the new key', files.length);
    let encrypted = 0;
    for (const [i, path] of files.entries()) {
      if (bringUnderKey(path, to, [...opening, to])) encrypted += 1;
      progress.at(i + 1);
    }
    for (const path of files) if (fileKeyId(path) !== to.id) throw new Error(`${path} is not under the new key`);
    // A rename that has not reached the disk is undone by a power cut, and the file would need the key that settling forgets.
    for (const folder of new Set(files.map((path) => dirname(path)))) syncFolder(folder);
    settle();
    progress.done(`${encrypted.toLocaleString('en-GB')} files`);
    return { from, to: to.id, encrypted, files: files.length, resumed };
  } catch (error) {
    throw asProblem(error, home.dir);
  } finally {
    release();
  }
}

interface Change {
  to: FileKey;
  from: string | undefined;
  resumed: boolean;
  /** Makes the new key the home's own, and with that forgets the old one. */
  settle(): void;
}

function given([to, ...others]: readonly FileKey[]): Change {
  return { to: to!, from: others[0]?.id, resumed: false, settle: () => undefined };
}

function waiting(home: Home, current: FileKey | undefined): Change {
  const [file, next] = [keyFileOf(home), nextKeyFileOf(home)];
  const resumed = existsSync(next);
  const to = resumed ? readKeyFile(next) : makeKeyFile(next);
  return {
    to,
    from: current?.id,
    resumed,
    settle: () => {
      renameSync(next, file);
      syncFolder(dirname(file));
    },
  };
}
