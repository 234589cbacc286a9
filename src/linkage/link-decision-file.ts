// The settled decisions of a home as a file, so that a build can read them beside a serving process, which alone may open the casework
// store. The store is the source: the file is written anew whenever a decision settles and when the server starts.

import { existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { Problem } from '../core/index.ts';
import { writeWhole, type Home } from '../store/index.ts';
import type { LinkDecision } from './link-decisions.ts';

const fileSchema = z.object({ decisions: z.array(z.object({ left: z.string(), right: z.string(), same: z.boolean() })) });

const pathOf = (home: Pick<Home, 'dir'>) => join(home.dir, 'decisions', 'links.json');

/** The settled decisions, the latest last; none where nobody has settled any. Throws a Problem where the file is damaged. */
export function readSettledDecisions(home: Pick<Home, 'dir'>): LinkDecision[] {
  const path = pathOf(home);
  if (!existsSync(path)) return [];
  try {
    return fileSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).decisions;
  } catch (error) {
    throw new Problem('badInput', { what: 'The settled decisions about records cannot be read', where: path, todo: 'Start the server once: it writes the file anew from the casework store.', cause: error });
  }
}

/** Replaces the file by a rename. Writes nothing where there is nothing to say and no file yet. */
export function writeSettledDecisions(home: Pick<Home, 'dir'>, decisions: readonly LinkDecision[]): void {
  const path = pathOf(home);
  if (decisions.length === 0 && !existsSync(path)) return;
  writeWhole(`${path}.next`, `${JSON.stringify({ decisions })}\n`);
  renameSync(`${path}.next`, path);
}
