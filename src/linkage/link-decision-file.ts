// The settled decisions of a home as a file, so that a build can read them beside a serving process, which alone may open the casework
// store. The store is the source: the file is written anew with every decision and when the server starts.

import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../core/index.ts';
import { writeWhole, type Home } from '../store/index.ts';
import type { LinkDecision } from './link-decisions.ts';

/** Two records about which somebody has decided, but nothing is settled yet: they stay in the queue whatever the model makes of them. */
export interface OpenPair {
  left: string;
  right: string;
}

const pairSchema = z.object({ left: z.string(), right: z.string() });
const fileSchema = z.object({ decisions: z.array(pairSchema.extend({ same: z.boolean() })), open: z.array(pairSchema).default([]) });

export interface ReviewFile {
  /** Settled, the latest last. */
  decisions: LinkDecision[];
  open: OpenPair[];
}

const pathOf = (home: Pick<Home, 'dir'>) => join(home.dir, 'decisions', 'links.json');

/** What reviewers have settled and begun; nothing where nobody has decided anything. Throws a Problem where the file is damaged. */
export function readReviewFile(home: Pick<Home, 'dir'>): ReviewFile {
  const path = pathOf(home);
  if (!existsSync(path)) return { decisions: [], open: [] };
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    throw new Problem('badInput', { what: 'The settled decisions about records cannot be read', where: path, todo: 'Start the server once: it writes the file anew from the casework store.', cause: error });
  }
}

/** Replaces the file by a rename. Writes nothing where there is nothing to say and no file yet. */
export function writeReviewFile(home: Pick<Home, 'dir'>, { decisions, open }: ReviewFile): void {
  const path = pathOf(home);
  if (decisions.length === 0 && open.length === 0 && !existsSync(path)) return;
  writeWhole(`${path}.next`, `${JSON.stringify({ decisions, open })}\n`);
  renameSync(`${path}.next`, path);
}
