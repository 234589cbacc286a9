// The bytes of an attached file, where they are still those of its row: whoever gives one out checks it first.

import { createHash } from 'node:crypto';
import { Problem } from '../core/index.ts';
import type { AttachmentFiles } from '../store/index.ts';

/** Why a file that the reader may open cannot be had. */
export type LostAttachment = 'missing' | 'unreadable' | 'changed';
export type HeldFile = Buffer | LostAttachment;

export function readHeldFile(files: Pick<AttachmentFiles, 'read'>, attachmentId: string, sha256: string): HeldFile {
  try {
    const content = files.read(attachmentId);
    return content === undefined ? 'missing' : createHash('sha256').update(content).digest('hex') === sha256 ? content : 'changed';
  } catch (error) {
    if (error instanceof Problem) return 'unreadable';
    throw error;
  }
}
