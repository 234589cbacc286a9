// Takes the rows that wait (audit-waiting.ts) into the audit's chain, in their order and each once: they and a row that names their ids are kept in
// one transaction, so that a process that is killed before it has taken their files away leaves nothing to be taken twice.

import { sql, type Kysely } from 'kysely';
import { listWaitingRows, removeWaitingRows, type WaitingRow } from './audit-waiting.ts';
import { recordAuditEvent, tookWaiting } from './casework-audit.store.ts';
import type { CaseworkTables } from './casework-tables.ts';
import { openCasework, type Casework, type CaseworkOptions } from './casework.ts';
import type { Home } from './home.ts';

const rowsAtOnce = 500;
const lock = sql`select pg_advisory_xact_lock(hashtextextended('audit waiting', 0))`;

/** Takes in what waits; returns how many rows. What was altered stays where it is: see listWaitingRows. */
export async function takeInWaitingRows(home: Home, { db, clock }: Pick<Casework, 'db' | 'clock'>): Promise<number> {
  const { rows } = listWaitingRows(home);
  let taken = 0;
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const batch = rows.slice(from, from + rowsAtOnce);
    taken += await db.transaction().execute(async (transaction) => {
      await lock.execute(transaction);
      const known = await knownIds(transaction, batch.map(({ id }) => id));
      const fresh = batch.filter(({ id }) => !known.has(id));
      if (fresh.length === 0) return 0;
      await recordAuditEvent(transaction, clock, { actorId: 'system', action: tookWaiting, outcome: 'done', subjectKind: 'waiting-row', subjectIds: fresh.map(({ id }) => id) });
      for (const row of fresh) await recordAuditEvent(transaction, { now: () => row.at }, eventOf(row));
      return fresh.length;
    });
    removeWaitingRows(home, new Set(batch.map(({ id }) => id)));
  }
  return taken;
}

function eventOf({ actorId, action, outcome, subjectKind, subjectIds }: WaitingRow) {
  return { actorId, action, outcome, ...(subjectKind === undefined ? {} : { subjectKind }), ...(subjectIds === undefined ? {} : { subjectIds }) };
}

async function knownIds(db: Kysely<CaseworkTables>, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db.selectFrom('audit_event').select('subject_ids').where('action', '=', tookWaiting).where(sql<boolean>`subject_ids && ${ids}::text[]`).execute();
  return new Set(rows.flatMap(({ subject_ids }) => subject_ids));
}

/** Opens the casework store of a home, with all that waited in its audit. */
export async function openHomeCasework(home: Home, options: CaseworkOptions): Promise<Casework> {
  const casework = await openCasework(options);
  try {
    await takeInWaitingRows(home, casework);
    return casework;
  } catch (error) {
    await casework.close();
    throw error;
  }
}
