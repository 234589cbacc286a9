// Rows of the audit that wait to be taken into its chain: each a file of its own in audit/waiting/, for what a command does beside a server that has
// the embedded store, or in a home that has no store yet. Whole and on the disk before the command goes on, and sealed with a secret of the home, so
// that a row that was altered is not taken in. Ids and codes alone, as in the audit.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { asProblem, type Clock } from '../core/index.ts';
import type { AuditEvent } from './casework-audit.store.ts';
import { syncFolder, writeNewFile } from './folder.ts';
import type { Home } from './home.ts';
import { homeSecret } from './lake.ts';
import { isProcessAlive } from './lock.ts';

const code = /^[a-z][a-z0-9-]*$/;

/** What the database would refuse is refused here, where the command still can be. */
const rowSchema = z.strictObject({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  /** Milliseconds since the epoch. */
  at: z.number().int(),
  actorId: z.string().min(1).max(200),
  action: z.string().regex(/^[a-z][a-z0-9-]*(\.[a-z][a-z0-9-]*)*$/),
  outcome: z.enum(['done', 'refused', 'failed']),
  subjectKind: z.string().regex(code).optional(),
  subjectIds: z.array(z.string()).optional(),
  /** The process that began and has not ended yet. */
  process: z.strictObject({ pid: z.number().int(), host: z.string() }).optional(),
});

export type WaitingRow = z.infer<typeof rowSchema>;
export type WaitingEvent = Pick<AuditEvent, 'actorId' | 'action' | 'outcome' | 'subjectKind' | 'subjectIds'>;

export interface WaitingRows {
  /** In the order in which they are to be taken in. */
  rows: WaitingRow[];
  /** Names of files that are no row as this home wrote it. */
  altered: string[];
}

export const waitingFolder = (home: Home): string => join(home.dir, 'audit', 'waiting');

const ended = '.json';
/** A backup leaves out what has this ending: it was not done in the home that it makes. */
const begun = '.writing';

const nameOf = ({ at, id }: WaitingRow): string => `${String(at).padStart(14, '0')}-${id}`;
const sealOf = (home: Home, row: string): string => createHmac('sha256', Buffer.from(homeSecret(home, 'audit'), 'hex')).update(`waiting|${row}`).digest('hex');

function write(home: Home, row: WaitingRow, ending: string): string {
  const text = JSON.stringify(rowSchema.parse(row));
  const path = join(waitingFolder(home), `${nameOf(row)}${ending}`);
  try {
    writeNewFile(path, `${JSON.stringify({ row: text, seal: sealOf(home, text) })}\n`);
  } catch (error) {
    throw asProblem(error, path);
  }
  return path;
}

const newId = (): string => randomBytes(8).toString('hex');

/** Keeps a row for the audit; it is on the disk when this returns. Throws a Problem where it cannot be kept. */
export function keepWaitingRow(home: Home, clock: Clock, event: WaitingEvent): void {
  write(home, { id: newId(), at: clock.now(), ...event }, ended);
}

/** What an act changed. */
export type Changed = Required<Pick<AuditEvent, 'subjectKind' | 'subjectIds'>>;

/**
 * Runs an act that changes what the home holds. That it began is on the disk before it does; what it changed is there before this returns, also
 * where it failed half way. An act that changed nothing leaves no row; one whose process was killed leaves one that says that it failed.
 * @param act tells what it has changed so far, as often as it likes
 */
export async function withWaitingRow<T>(home: Home, clock: Clock, event: Pick<WaitingEvent, 'actorId' | 'action'>, act: (tell: (changed: Changed) => void) => Promise<T>): Promise<T> {
  const id = newId();
  const began = write(home, { id, at: clock.now(), ...event, outcome: 'failed', process: { pid: process.pid, host: hostname() } }, begun);
  let changed: Changed | undefined;
  let outcome: 'done' | 'failed' = 'failed';
  try {
    const made = await act((told) => void (changed = told));
    outcome = 'done';
    return made;
  } finally {
    if (changed) write(home, { id, at: clock.now(), ...event, outcome, ...changed }, ended);
    rmSync(began, { force: true });
  }
}

/** Rows that can be taken in: those of processes that still run are left to them. */
export function listWaitingRows(home: Home): WaitingRows {
  const found: WaitingRows = { rows: [], altered: [] };
  const folder = waitingFolder(home);
  if (!existsSync(folder)) return found;
  const names = readdirSync(folder).filter((name) => name.endsWith(ended) || name.endsWith(begun)).toSorted();
  for (const name of names) {
    const row = readRow(home, name);
    if (row === 'gone' || (row !== 'altered' && row.process && stillRuns(row.process))) continue;
    if (row === 'altered') found.altered.push(name);
    else found.rows.push(row);
  }
  // An act that ended and was killed before it took away that it began.
  const over = new Set(found.rows.filter((row) => !row.process).map(({ id }) => id));
  return { ...found, rows: found.rows.filter(({ id, process: by }) => !by || !over.has(id)) };
}

function readRow(home: Home, name: string): WaitingRow | 'gone' | 'altered' {
  try {
    const { row, seal } = z.strictObject({ row: z.string(), seal: z.string() }).parse(JSON.parse(readFileSync(join(waitingFolder(home), name), 'utf8')));
    const expected = sealOf(home, row);
    if (seal.length !== expected.length || !timingSafeEqual(Buffer.from(seal), Buffer.from(expected))) return 'altered';
    const read = rowSchema.parse(JSON.parse(row));
    return name === `${nameOf(read)}${read.process ? begun : ended}` ? read : 'altered';
  } catch (error) {
    // Another process has taken it in meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'gone';
    if (error instanceof SyntaxError || error instanceof z.ZodError) return 'altered';
    throw asProblem(error, join(waitingFolder(home), name));
  }
}

const stillRuns = ({ pid, host }: { pid: number; host: string }): boolean => host !== hostname() || isProcessAlive(pid);

/** Takes away the files of rows that are in the chain. What cannot be taken away is known there by its id. */
export function removeWaitingRows(home: Home, ids: ReadonlySet<string>): void {
  const folder = waitingFolder(home);
  if (ids.size === 0 || !existsSync(folder)) return;
  try {
    for (const name of readdirSync(folder)) if (ids.has(/-([0-9a-f]{16})\.(?:json|writing)$/.exec(name)?.[1] ?? '')) rmSync(join(folder, name), { force: true });
    syncFolder(folder);
  } catch (error) {
    if (!['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw asProblem(error, folder);
  }
}
