// The settled decisions of a home as a file, so that a build can read them beside a serving process, which alone may open the casework
// store. The store is the source: the file is written anew with every decision and when the server starts.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../core/index.ts';
import { homeKeys, openingKeys, readSealedFile, writeSealedFile, type Home } from '../store/index.ts';
import type { LinkDecision } from './link-decisions.ts';

/** Two records about which somebody has decided, but nothing is settled yet: they stay in the queue whatever the model makes of them. */
export interface OpenPair {
  left: string;
  right: string;
}

/** An undo of a merge or split that holds: the build finds its event again by number and build, and gives the reason to the event that follows. */
export interface StandingUndo {
  event: number;
  build: string;
  reason: string;
  decidedBy: string;
  /** Milliseconds since the epoch. */
  decidedAt: number;
}

const pairSchema = z.object({ left: z.string(), right: z.string() });
const undoSchema = z.object({ event: z.number(), build: z.string(), reason: z.string(), decidedBy: z.string(), decidedAt: z.number() });
const fileSchema = z.object({ decisions: z.array(pairSchema.extend({ same: z.boolean(), undo: z.number().exactOptional() })), open: z.array(pairSchema).default([]), undos: z.array(undoSchema).exactOptional() });

export interface ReviewFile {
  /** Settled, the latest last. */
  decisions: LinkDecision[];
  open: OpenPair[];
  /** Undos that hold; absent where there are none. */
  undos?: StandingUndo[];
}

const pathOf = (home: Home) => join(home.dir, 'decisions', 'links.json');

/** What reviewers have settled and begun; nothing where nobody has decided anything. Throws a Problem where the file is damaged. */
export function readReviewFile(home: Home): ReviewFile {
  const path = pathOf(home);
  if (!existsSync(path)) return { decisions: [], open: [] };
  try {
    return fileSchema.parse(JSON.parse(readSealedFile(path, openingKeys(home)).toString('utf8')));
  } catch (error) {
    if (error instanceof Problem) throw error;
    throw new Problem('badInput', { what: 'The settled decisions about records cannot be read', where: path, todo: 'Start the server once: it writes the file anew from the casework store.', cause: error });
  }
}

/** Replaces the file by a rename. Writes nothing where there is nothing to say and no file yet. */
export function writeReviewFile(home: Home, { decisions, open, undos = [] }: ReviewFile): void {
  const path = pathOf(home);
  if (decisions.length + open.length + undos.length === 0 && !existsSync(path)) return;
  writeSealedFile(path, `${JSON.stringify({ decisions, open, ...(undos.length > 0 ? { undos } : {}) })}\n`, homeKeys(home)?.current);
}
