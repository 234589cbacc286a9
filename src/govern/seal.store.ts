// Sealed people: those at risk from someone who might look, such as victims of domestic abuse, protected people, and families of staff. Only the
// keepers whom the seal names may read; everyone else learns that a record exists and whom to ring. A seal is lifted by a row, never deleted.

import { sql } from 'kysely';
import type { Clock } from '../core/index.ts';
import { auditActor, recordAuditEvent, type Casework } from '../store/index.ts';
import type { Reader } from './access-request.ts';
import { asReader, isRefusalOrTwice, type ReaderTransaction } from './reader-transaction.store.ts';

export const sealGrounds = ['domestic-abuse', 'protected-person', 'staff-family', 'other'] as const;

export interface SealNotice {
  whomToRing: string;
}

export interface Seal {
  sealedSubjectId: string;
  personKey: string;
  ground: (typeof sealGrounds)[number];
  whomToRing: string;
  sealedBy: string;
  sealedAt: number;
  /** Ids of those who may read; for others than an information governance lead, their own alone. */
  keepers: string[];
}

type SealOutcome = { ok: true; sealedSubjectId: string } | { ok: false; reason: 'refused' };

/** Seals a person's record: an information governance lead does, and names at least one keeper, not themselves. */
export async function sealSubject(
  db: Casework['db'],
  clock: Clock,
  { reader, personKey, ground, whomToRing, keepers }: { reader: Reader; personKey: string; ground: Seal['ground']; whomToRing: string; keepers: readonly [string, ...string[]] },
): Promise<SealOutcome> {
  return orRefused(() =>
    asReader(db, reader, null, clock, async (transaction) => {
      const { sealed_subject_id: sealedSubjectId } = await transaction.insertInto('sealed_subject').values({ person_key: personKey, ground, whom_to_ring: whomToRing }).returning('sealed_subject_id').executeTakeFirstOrThrow();
      await transaction.insertInto('sealed_keeper').values([...new Set(keepers)].map((user_id) => ({ sealed_subject_id: sealedSubjectId, user_id }))).execute();
      await recordAuditEvent(transaction, clock, { ...auditActor(reader), action: 'seal.set', outcome: 'done', subjectKind: 'seal', subjectIds: [sealedSubjectId, personKey] });
      return { ok: true as const, sealedSubjectId };
    }),
  );
}

/** Names one more keeper. */
export async function addKeeper(db: Casework['db'], clock: Clock, { reader, sealedSubjectId, userId }: { reader: Reader; sealedSubjectId: string; userId: string }): Promise<SealOutcome> {
  return orRefused(() =>
    asReader(db, reader, null, clock, async (transaction) => {
      await transaction.insertInto('sealed_keeper').values({ sealed_subject_id: sealedSubjectId, user_id: userId }).execute();
      await recordAuditEvent(transaction, clock, { ...auditActor(reader), action: 'seal.add-keeper', outcome: 'done', subjectKind: 'seal', subjectIds: [sealedSubjectId, await personOf(transaction, sealedSubjectId)] });
      return { ok: true as const, sealedSubjectId };
    }),
  );
}

/** Lifts a seal: from here on agreements alone say who may read. */
export async function liftSeal(db: Casework['db'], clock: Clock, { reader, sealedSubjectId, reason }: { reader: Reader; sealedSubjectId: string; reason: string }): Promise<SealOutcome> {
  return orRefused(() =>
    asReader(db, reader, null, clock, async (transaction) => {
      await transaction.insertInto('seal_lifting').values({ sealed_subject_id: sealedSubjectId, reason }).execute();
      await recordAuditEvent(transaction, clock, { ...auditActor(reader), action: 'seal.lift', outcome: 'done', subjectKind: 'seal', subjectIds: [sealedSubjectId, await personOf(transaction, sealedSubjectId)] });
      return { ok: true as const, sealedSubjectId };
    }),
  );
}

/** Seals that hold, newest first: all for an information governance lead, for others those that they keep. */
export async function listSeals(db: Casework['db'], clock: Clock, reader: Reader): Promise<Seal[]> {
  return asReader(db, reader, null, clock, async (transaction) => {
    const rows = await transaction.selectFrom('sealed_subject').selectAll().where(sql<boolean>`seal_holds(sealed_subject_id)`).orderBy('sealed_at', 'desc').orderBy('sealed_subject_id').execute();
    const keepers = Map.groupBy(await transaction.selectFrom('sealed_keeper').select(['sealed_subject_id', 'user_id']).orderBy('user_id').execute(), (row) => row.sealed_subject_id);
    return rows.map((row) => ({ keepers: (keepers.get(row.sealed_subject_id) ?? []).map(({ user_id }) => user_id), sealedSubjectId: row.sealed_subject_id, personKey: row.person_key, ground: row.ground, whomToRing: row.whom_to_ring, sealedBy: row.sealed_by, sealedAt: row.sealed_at.getTime() }));
  });
}

/** Whom to ring about a sealed person: undefined where there is no seal, and for readers whose work does not need to know. */
export async function findSealNotice(transaction: ReaderTransaction, personKey: string): Promise<SealNotice | undefined> {
  const { rows } = await sql<{ whom_to_ring: string }>`select whom_to_ring from sealed_notice(${personKey}::text)`.execute(transaction);
  return rows[0] && { whomToRing: rows[0].whom_to_ring };
}

/** Whose record a seal is on, so that the audit finds what is done to it by the person too. */
async function personOf(transaction: ReaderTransaction, sealedSubjectId: string): Promise<string> {
  return (await transaction.selectFrom('sealed_subject').select('person_key').where('sealed_subject_id', '=', sealedSubjectId).executeTakeFirstOrThrow()).person_key;
}

async function orRefused(work: () => Promise<SealOutcome>): Promise<SealOutcome> {
  try {
    return await work();
  } catch (error) {
    if (isRefusalOrTwice(error)) return { ok: false, reason: 'refused' };
    throw error;
  }
}
