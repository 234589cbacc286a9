// Breaking the glass: in an emergency someone whose work is with people opens one person's record without a clause, for two hours, with a
// reason. The audit says so in the same transaction or it does not happen, the information governance lead sees it at once in a list of
// what is to be reviewed, and nobody reviews their own.

import type { Selectable } from 'kysely';
import { type Clock, type Role } from '../core/index.ts';
import { auditActor, recordAuditEvent, type BrokenGlassTable, type Casework } from '../store/index.ts';
import { glassRoles } from './access-decision.ts';
import type { Reader } from './access-request.ts';
import { asReader, findSubject, isRefusal, isRefusalOrTwice } from './reader-transaction.store.ts';
import { hasEnoughWords } from './reason-words.ts';
import { findSealNotice, type SealNotice } from './seal.store.ts';

const longestReason = 1000;

export type BreakGlassOutcome =
  | { ok: true; brokenGlassId: string; /** Milliseconds since the epoch. */ until: number }
  | { ok: false; reason: 'not-your-role' | 'no-purpose' | 'reason-too-short' | 'reason-too-long' | 'audit-not-kept' | 'refused' }
  /** A seal is not opened so: whom to ring. */
  | { ok: false; reason: 'sealed'; notice: SealNotice };

export interface BrokenGlass {
  brokenGlassId: string;
  userId: string;
  agency: string;
  role: Role;
  purpose: string;
  personKey: string;
  reason: string;
  at: number;
  until: number;
}

export const reviewOutcomes = ['justified', 'not-justified', 'to-be-followed-up'] as const;
export interface GlassReview {
  outcome: (typeof reviewOutcomes)[number];
  /** What was found, in words. */
  note: string;
}

/** Opens a person's record to the reader for two hours. */
export async function breakGlass(db: Casework['db'], clock: Clock, { reader, purpose, personKey, reason }: { reader: Reader; purpose: string | null; personKey: string; reason: string }): Promise<BreakGlassOutcome> {
  const words = reason.trim();
  if (!glassRoles.includes(reader.role)) return { ok: false, reason: 'not-your-role' };
  if (purpose === null) return { ok: false, reason: 'no-purpose' };
  if (!hasEnoughWords(words)) return { ok: false, reason: 'reason-too-short' };
  if (words.length > longestReason) return { ok: false, reason: 'reason-too-long' };
  let broken: boolean | undefined;
  try {
    return await asReader(db, reader, purpose, clock, async (transaction) => {
      const subject = await findSubject(transaction, personKey);
      if (subject.sealed && !subject.keeper) return { ok: false, reason: 'sealed', notice: (await findSealNotice(transaction, personKey))! };
      const row = await transaction.insertInto('broken_glass').values({ person_key: personKey, reason: words }).returning(['broken_glass_id', 'broken_until']).executeTakeFirstOrThrow();
      broken = true;
      await recordAuditEvent(transaction, clock, { ...auditActor(reader), action: 'glass.break', outcome: 'done', subjectKind: 'broken-glass', subjectIds: [row.broken_glass_id, personKey] });
      return { ok: true, brokenGlassId: row.broken_glass_id, until: row.broken_until.getTime() };
    });
  } catch (error) {
    // What fails once the row is there is the audit, or the database's own check that the audit has it.
    if (broken) return { ok: false, reason: 'audit-not-kept' };
    if (isRefusal(error)) return { ok: false, reason: 'refused' };
    throw error;
  }
}

/** What an information governance lead has still to review, oldest first. Others see none but their own. */
export async function listUnreviewed(db: Casework['db'], clock: Clock, reader: Reader): Promise<BrokenGlass[]> {
  return asReader(db, reader, null, clock, async (transaction) => {
    const rows = await transaction
      .selectFrom('broken_glass as g')
      .leftJoin('broken_glass_review as r', 'r.broken_glass_id', 'g.broken_glass_id')
      .selectAll('g')
      .where('r.broken_glass_id', 'is', null)
      .orderBy('g.broken_at')
      .orderBy('g.broken_glass_id')
      .execute();
    return rows.map(presentGlass);
  });
}

export interface ListedGlass extends BrokenGlass {
  /** Null where nobody has reviewed it yet. */
  review: (GlassReview & { by: string; at: number }) | null;
}

/** The newest, reviewed or not: all for an information governance lead, for others their own, without what was found. */
export async function listBrokenGlass(db: Casework['db'], clock: Clock, reader: Reader, limit: number): Promise<ListedGlass[]> {
  return asReader(db, reader, null, clock, async (transaction) => {
    const rows = await transaction
      .selectFrom('broken_glass as g')
      .leftJoin('broken_glass_review as r', 'r.broken_glass_id', 'g.broken_glass_id')
      .selectAll('g')
      .select(['r.outcome', 'r.note', 'r.reviewed_by', 'r.reviewed_at'])
      .orderBy('g.broken_at', 'desc')
      .orderBy('g.broken_glass_id')
      .limit(limit)
      .execute();
    return rows.map((row) => ({ ...presentGlass(row), review: row.outcome === null ? null : { outcome: row.outcome, note: row.note!, by: row.reviewed_by!, at: row.reviewed_at!.getTime() } }));
  });
}

/** How many wait for a review, one's own left out: nobody reviews those. */
export async function countUnreviewed(db: Casework['db'], clock: Clock, reader: Reader): Promise<number> {
  return asReader(db, reader, null, clock, async (transaction) => {
    const { waiting } = await transaction
      .selectFrom('broken_glass as g')
      .leftJoin('broken_glass_review as r', 'r.broken_glass_id', 'g.broken_glass_id')
      .select((e) => e.fn.countAll<number>().as('waiting'))
      .where('r.broken_glass_id', 'is', null)
      .where('g.user_id', '<>', reader.userId)
      .executeTakeFirstOrThrow();
    return Number(waiting);
  });
}

/** Keeps what a governance lead found. Refused to others, for one's own, and where it was reviewed already. */
export async function reviewGlass(db: Casework['db'], clock: Clock, { reader, brokenGlassId, outcome, note }: { reader: Reader; brokenGlassId: string } & GlassReview): Promise<{ ok: boolean }> {
  try {
    return await asReader(db, reader, null, clock, async (transaction) => {
      await transaction.insertInto('broken_glass_review').values({ broken_glass_id: brokenGlassId, outcome, note: note.trim() }).execute();
      const { person_key: personKey } = await transaction.selectFrom('broken_glass').select('person_key').where('broken_glass_id', '=', brokenGlassId).executeTakeFirstOrThrow();
      await recordAuditEvent(transaction, clock, { ...auditActor(reader), action: 'glass.review', outcome: 'done', subjectKind: 'broken-glass', subjectIds: [brokenGlassId, personKey] });
      return { ok: true };
    });
  } catch (error) {
    if (isRefusalOrTwice(error)) return { ok: false };
    throw error;
  }
}

type Row = Selectable<BrokenGlassTable>;

function presentGlass(row: Row): BrokenGlass {
  return {
    brokenGlassId: row.broken_glass_id, userId: row.user_id, agency: row.agency, role: row.role as Role, purpose: row.purpose, personKey: row.person_key, reason: row.reason, at: row.broken_at.getTime(), until: row.broken_until.getTime(),
  };
}
