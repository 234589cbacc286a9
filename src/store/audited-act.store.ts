// An act and its row of the audit in one transaction: both are kept, or neither, whatever stops the process between them.

import type { Kysely, Transaction } from 'kysely';
import type { Clock } from '../core/index.ts';
import { recordAuditEvent, type AuditEvent } from './casework-audit.store.ts';
import type { CaseworkTables } from './casework-tables.ts';

/** What a row of the audit says beside who did what to which records. */
export type AuditWhy = Omit<AuditEvent, 'actorId' | 'action' | 'outcome' | 'subjectKind' | 'subjectIds'>;

/** Runs the act, and audits it where something came of it: an act that gives undefined changed nothing. Without an event, nothing is audited. */
export async function withAudit<T>(db: Kysely<CaseworkTables>, clock: Clock, event: AuditEvent | undefined, act: (transaction: Transaction<CaseworkTables>) => Promise<T | undefined>): Promise<T | undefined> {
  return db.transaction().execute(async (transaction) => {
    const made = await act(transaction);
    if (made !== undefined && event) await recordAuditEvent(transaction, clock, event);
    return made;
  });
}
