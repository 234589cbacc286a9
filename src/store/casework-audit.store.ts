// The audit: who did what to which records, and when. It is added to and read, never changed: the application's role may
// not. Only ids and codes are kept, so that reading the audit discloses no more than it must.

import { sql, type Kysely, type Selectable } from 'kysely';
import type { Clock } from '../core/index.ts';
import type { AuditEventTable, CaseworkTables } from './casework-tables.ts';

export interface AuditEvent {
  /** The person's id at the identity provider, or "system". */
  actorId: string;
  /** What was done, such as "session.start" or "person.search". */
  action: string;
  outcome: 'done' | 'refused' | 'failed';
  /** What kind of record the ids are of, such as "person". */
  subjectKind?: string;
  subjectIds?: string[];
  /** The purpose that the person had stated: a code. */
  purpose?: string;
  /** What allowed it: clauses as "agreement/version/clause" with a space between, "open-data" or "broken-glass"; or the code of the reason for refusing. */
  basis?: string;
}

export interface RecordedAuditEvent extends AuditEvent {
  auditEventId: number;
  /** Milliseconds since the epoch. */
  occurredAt: number;
}

export interface AuditFilter {
  actorId?: string;
  subjectId?: string;
  /** The page before this event. */
  before?: number;
  limit: number;
}

export async function recordAuditEvent(db: Kysely<CaseworkTables>, clock: Clock, event: AuditEvent): Promise<void> {
  const { actorId, action, outcome, subjectKind, subjectIds, purpose, basis } = event;
  await db
    .insertInto('audit_event')
    .values({ occurred_at: new Date(clock.now()), actor_id: actorId, action, outcome, subject_kind: subjectKind ?? null, subject_ids: subjectIds ?? [], ...why({ purpose, basis }) })
    .execute();
}

/** Named only where there is something: a store that is being brought up to date has not the columns yet. */
const why = ({ purpose, basis }: Pick<AuditEvent, 'purpose' | 'basis'>) => ({ ...(purpose === undefined ? {} : { purpose }), ...(basis === undefined ? {} : { basis }) });

/** Newest first. */
export async function listAuditEvents(db: Kysely<CaseworkTables>, filter: AuditFilter): Promise<RecordedAuditEvent[]> {
  let query = db.selectFrom('audit_event').selectAll().orderBy('audit_event_id', 'desc').limit(filter.limit);
  if (filter.actorId !== undefined) query = query.where('actor_id', '=', filter.actorId);
  if (filter.subjectId !== undefined) query = query.where(sql<boolean>`subject_ids @> ${[filter.subjectId]}::text[]`);
  if (filter.before !== undefined) query = query.where('audit_event_id', '<', filter.before);
  return (await query.execute()).map(present);
}

/** The audit of a store, to be kept and read by the web. */
export function storeAudit(db: Kysely<CaseworkTables>, clock: Clock) {
  return {
    record: (event: AuditEvent) => recordAuditEvent(db, clock, event),
    list: (filter: AuditFilter) => listAuditEvents(db, filter),
  };
}

function present(row: Selectable<AuditEventTable>): RecordedAuditEvent {
  return {
    auditEventId: row.audit_event_id,
    occurredAt: row.occurred_at.getTime(),
    actorId: row.actor_id,
    action: row.action,
    outcome: row.outcome,
    subjectKind: row.subject_kind ?? undefined,
    subjectIds: row.subject_ids,
    ...(row.purpose === null ? {} : { purpose: row.purpose }),
    ...(row.basis === null ? {} : { basis: row.basis }),
  };
}
