// The files that belong to entries of cases: each under the id of its row, encrypted where the home has a key. While an act on its row is under way
// a file is unsettled, by its name. Both names are read; what an act that was cut off left is settled or removed later, as its row is there or not.

import { existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { asProblem, Problem } from '../core/index.ts';
import { syncFolder } from './folder.ts';
import { homeKeys, openingKeys } from './home-key.ts';
import type { Home } from './home.ts';
import { takeLock } from './lock.ts';
import { asideEnding, readSealedFile, writeSealedFile } from './sealed-file.ts';

export interface AttachmentFiles {
  /** Keeps a new file, unsettled; it is on the disk when this resolves. */
  write(attachmentId: string, content: Uint8Array): Promise<void>;
  /** Undefined where there is none; throws a Problem where it is damaged or its key is not at hand. */
  read(attachmentId: string): Buffer | undefined;
  /** Their rows are kept. */
  settle(attachmentIds: readonly string[]): Promise<void>;
  /** Their rows are about to go. */
  unsettle(attachmentIds: readonly string[]): Promise<void>;
  /** Their rows are gone: removes those that are unsettled. */
  remove(attachmentIds: readonly string[]): Promise<void>;
  /** Settles or removes what has been unsettled since before a moment (milliseconds since the epoch); `held` gives those ids that have a row. */
  sweep(before: number, held: (attachmentIds: readonly string[]) => Promise<ReadonlySet<string>>): Promise<void>;
}

/** The lock of whoever writes here, also held by a backup and a change of keys. */
export const attachmentsLock = 'attachments';

const unsettledEnding = '.unsettled';
const idShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** How often, and after how many milliseconds, a lock is asked for again: those who write hold it for a moment. */
const [tries, pause] = [20, 50];

export function openAttachmentFiles(home: Home): AttachmentFiles {
  const folder = home.attachments;
  const pathOf = (attachmentId: string) => {
    if (!idShape.test(attachmentId)) throw new RangeError('This is no id of an attachment');
    return join(folder, attachmentId);
  };
  const rename = (from: string, to: string) => {
    if (existsSync(from)) renameSync(from, to);
  };
  /** Changes what lies in the folder, and makes its names durable. */
  const change = async (work: () => void): Promise<void> => {
    const release = await takeWhenFree(home);
    try {
      work();
      if (existsSync(folder)) syncFolder(folder);
    } catch (error) {
      throw asProblem(error, folder);
    } finally {
      release();
    }
  };
  const each = (attachmentIds: readonly string[], work: (path: string) => void) => (attachmentIds.length === 0 ? Promise.resolve() : change(() => attachmentIds.forEach((id) => work(pathOf(id)))));
  const settle: AttachmentFiles['settle'] = (ids) => each(ids, (path) => rename(path + unsettledEnding, path));
  const remove: AttachmentFiles['remove'] = (ids) => each(ids, (path) => rmSync(path + unsettledEnding, { force: true }));
  return {
    write: (attachmentId, content) => change(() => writeSealedFile(pathOf(attachmentId) + unsettledEnding, content, homeKeys(home)?.current)),
    read(attachmentId) {
      // Twice, since it may be settled between two looks.
      for (const ending of ['', unsettledEnding, '']) {
        const path = pathOf(attachmentId) + ending;
        if (!existsSync(path)) continue;
        try {
          return readSealedFile(path, openingKeys(home));
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw asProblem(error, path);
        }
      }
      return undefined;
    },
    settle,
    unsettle: (ids) => each(ids, (path) => rename(path, path + unsettledEnding)),
    remove,
    async sweep(before, held) {
      const left = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(unsettledEnding) || name.endsWith(asideEnding)) : [];
      const old = left.filter((name) => (statSync(join(folder, name), { throwIfNoEntry: false })?.ctimeMs ?? Infinity) < before);
      const aside = old.filter((name) => name.endsWith(asideEnding));
      if (aside.length > 0) await change(() => aside.forEach((name) => rmSync(join(folder, name), { force: true })));
      const ids = old.filter((name) => name.endsWith(unsettledEnding)).map((name) => name.slice(0, -unsettledEnding.length)).filter((id) => idShape.test(id));
      if (ids.length === 0) return;
      const kept = await held(ids);
      await settle(ids.filter((id) => kept.has(id)));
      await remove(ids.filter((id) => !kept.has(id)));
    },
  };
}

async function takeWhenFree(home: Home): Promise<() => void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return takeLock(join(home.dir, 'locks'), attachmentsLock);
    } catch (error) {
      if (!(error instanceof Problem) || error.kind !== 'busy' || attempt >= tries) throw error;
      await sleep(pause);
    }
  }
}
