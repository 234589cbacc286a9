// Checkpoints of the audit in audit/checkpoints.jsonl, outside the database: the last place and hash at a moment, sealed with a secret of the
// home. Each seal covers the one before, so that a line taken out is seen. Added to, never changed.

import { createHmac, timingSafeEqual } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Kysely } from 'kysely';
import { asProblem, Problem, type Clock } from '../core/index.ts';
import { readAuditHead, type AuditHead } from './audit-chain.store.ts';
import type { CaseworkTables } from './casework-tables.ts';
import { makeFolder, writeAll } from './folder.ts';
import type { Home } from './home.ts';
import { homeSecret } from './lake.ts';

export interface AuditCheckpoint extends AuditHead {
  /** When, as an ISO time. */
  at: string;
  /** HMAC-SHA256 over the seal before, place, hash and time, in hexadecimal. */
  seal: string;
}

export const checkpointFile = (home: Home): string => join(home.dir, 'audit', 'checkpoints.jsonl');

const sealOf = (home: Home, before: string, { place, hash, at }: Omit<AuditCheckpoint, 'seal'>): string =>
  createHmac('sha256', Buffer.from(homeSecret(home, 'audit'), 'hex')).update([before, place, hash, at].join('|')).digest('hex');

const same = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** Reads all checkpoints, oldest first; none where none was written yet. Throws a Problem that names the first line whose seal is not this home's. */
export function readCheckpoints(home: Home): AuditCheckpoint[] {
  const file = checkpointFile(home);
  if (!existsSync(file)) return [];
  const checkpoints: AuditCheckpoint[] = [];
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').entries()) {
    // A line that a crash cut short is no checkpoint. A whole one that was made unreadable is missed by the seal of the next.
    const checkpoint = parseLine(line);
    if (!checkpoint) continue;
    if (!same(checkpoint.seal, sealOf(home, checkpoints.at(-1)?.seal ?? '', checkpoint))) {
      throw new Problem('failed', {
        what: `Line ${index + 1} of the audit's checkpoints was altered, or a line before it was`,
        where: file,
        todo: 'Keep the file as evidence, tell whoever answers for information governance, and compare it with a backup.',
      });
    }
    checkpoints.push(checkpoint);
  }
  return checkpoints;
}

function parseLine(line: string): AuditCheckpoint | undefined {
  try {
    const value = JSON.parse(line) as Partial<AuditCheckpoint>;
    const { place, hash, at, seal } = value;
    return typeof place === 'number' && typeof hash === 'string' && typeof at === 'string' && typeof seal === 'string' ? { place, hash, at, seal } : undefined;
  } catch {
    return undefined;
  }
}

/** Adds a checkpoint where the audit has grown since the last one; on the disk before it returns. */
export async function addCheckpoint(home: Home, db: Kysely<CaseworkTables>, clock: Clock): Promise<AuditCheckpoint | undefined> {
  const head = await readAuditHead(db);
  const held = readCheckpoints(home).at(-1);
  if (head.place === (held?.place ?? 0)) return undefined;
  const content = { ...head, at: new Date(clock.now()).toISOString() };
  const checkpoint = { ...content, seal: sealOf(home, held?.seal ?? '', content) };
  const file = checkpointFile(home);
  try {
    makeFolder(dirname(file));
    const broken = existsSync(file) && !/(^|\n)$/.test(readFileSync(file, 'utf8'));
    const handle = openSync(file, 'a', 0o600);
    try {
      writeAll(handle, `${broken ? '\n' : ''}${JSON.stringify(checkpoint)}\n`);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw asProblem(error, file);
  }
  return checkpoint;
}
