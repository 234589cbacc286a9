// The audit: who did what to which records, and when. It is added to and read, never changed: the application's role may
// not. Only ids and codes are kept, so that reading the audit discloses no more than it must.

import { sql, type Kysely, type Selectable } from 'kysely';
import type { Clock, SessionStore } from '../core/index.ts';
import type { AuditEventTable, CaseworkTables } from './casework-tables.ts';
import { storeSessions } from './session.store.ts';

/** What the reader of a record is told to have noted at that moment: its person bore the reader's own name, lived at their address, or no case of theirs is about them. */
export const auditFlags = ['own-name', 'own-address', 'no-relation'] as const;
export type AuditFlag = (typeof auditFlags)[number];

/** As what somebody acted: codes. */
export interface ActedAs {
  /** Absent where the partnership knows no agency of the name that their sign-in gave. */
  actorAgency?: string;
  actorRole?: string;
}

export interface AuditEvent extends ActedAs {
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
  flags?: readonly AuditFlag[];
}

export interface RecordedAuditEvent extends AuditEvent {
  auditEventId: number;
  /** Milliseconds since the epoch. */
  occurredAt: number;
}

export interface AuditFilter {
  actorId?: string;
  subjectId?: string;
  /** Done to any of these; what was done to pages is left out. */
  subjectIds?: readonly string[];
  /** From this moment, and before that one: milliseconds since the epoch. */
  from?: number;
  to?: number;
  /** The page before this event. */
  before?: number;
  limit: number;
}

/** Who acted, and as what, from whoever is signed in. An agency that is no code is left out. */
export function auditActor({ userId, agency, role }: { userId: string; agency: string; role: string }): ActedAs & { actorId: string } {
  return { actorId: userId, ...(isCode(agency) ? { actorAgency: agency } : {}), ...(isCode(role) ? { actorRole: role } : {}) };
}

const isCode = (text: string): boolean => /^[a-z][a-z0-9-]{0,99}$/.test(text);

export async function recordAuditEvent(db: Kysely<CaseworkTables>, clock: Clock, event: AuditEvent): Promise<void> {
  const { actorId, action, outcome, subjectKind, subjectIds } = event;
  await db
    .insertInto('audit_event')
    .values({ occurred_at: new Date(clock.now()), actor_id: actorId, action, outcome, subject_kind: subjectKind ?? null, subject_ids: subjectIds ?? [], ...whyAndAsWhat(event) })
    .execute();
}

/** Named only where there is something: a store that is being brought up to date has not the columns yet. */
function whyAndAsWhat({ purpose, basis, actorAgency, actorRole, flags }: AuditEvent): Partial<Record<'purpose' | 'basis' | 'actor_agency' | 'actor_role' | 'flags', string>> {
  return Object.fromEntries(Object.entries({ purpose, basis, actor_agency: actorAgency, actor_role: actorRole, flags: flags && flags.length > 0 ? [...flags].join(' ') : undefined }).filter(([, value]) => value !== undefined));
}

/** Newest first. */
export async function listAuditEvents(db: Kysely<CaseworkTables>, filter: AuditFilter): Promise<RecordedAuditEvent[]> {
  const ids = filter.subjectIds ?? (filter.subjectId === undefined ? undefined : [filter.subjectId]);
  let query = ids ? foundBySubject(db, ids) : db.selectFrom('audit_event').selectAll();
  query = query.orderBy('audit_event_id', 'desc').limit(filter.limit);
  if (filter.subjectIds) query = query.where((where) => where.or([where('subject_kind', 'is', null), where('subject_kind', '<>', 'page')]));
  if (filter.actorId !== undefined) query = query.where('actor_id', '=', filter.actorId);
  if (filter.from !== undefined) query = query.where('occurred_at', '>=', new Date(filter.from));
  if (filter.to !== undefined) query = query.where('occurred_at', '<', new Date(filter.to));
  if (filter.before !== undefined) query = query.where('audit_event_id', '<', filter.before);
  return (await query.execute()).map(present);
}

/** The row before those that had waited: its subjects are their ids, so it says how many follow that bear times of their own. */
export const tookWaiting = 'audit.take-in';

/** Done by an operator after a clock that stood ahead was put right: times before this row count no longer. */
export const acceptedClock = 'clock.accept';

/** The latest time that a row bears, since the clock was last accepted; undefined where there is no row. */
export async function findLatestAuditTime(db: Kysely<CaseworkTables>): Promise<number | undefined> {
  const accepted = await db.selectFrom('audit_event').select(({ fn }) => fn.max('audit_event_id').as('last')).where('action', '=', acceptedClock).executeTakeFirst();
  const row = await db.selectFrom('audit_event').select('occurred_at').where('audit_event_id', '>=', Number(accepted?.last ?? 0)).orderBy('occurred_at', 'desc').limit(1).executeTakeFirst();
  return row?.occurred_at.getTime();
}

/** Found by the index of ids first, whatever the planner thinks of them: it cannot know how rare each is. */
const foundBySubject = (db: Kysely<CaseworkTables>, ids: readonly string[]) =>
  db.with((cte) => cte('found').materialized(), (each) => each.selectFrom('audit_event').selectAll().where(sql<boolean>`subject_ids && ${ids}::text[]`)).selectFrom('found as audit_event').selectAll();

/** The audit of a store, to be kept and read by the web. */
export function storeAudit(db: Kysely<CaseworkTables>, clock: Clock) {
  return {
    record: (event: AuditEvent, actedAs?: ActedAs) => recordAuditEvent(db, clock, { ...actedAs, ...event }),
    list: (filter: AuditFilter) => listAuditEvents(db, filter),
    /** What is done to a session and its row in one transaction: both are kept, or neither. */
    withSession: (event: AuditEvent, actedAs: ActedAs | undefined, act: (sessions: SessionStore) => Promise<void>): Promise<void> =>
      db.transaction().execute(async (transaction) => {
        await act(storeSessions(transaction));
        await recordAuditEvent(transaction, clock, { ...actedAs, ...event });
      }),
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
    ...(row.actor_agency === null ? {} : { actorAgency: row.actor_agency }),
    ...(row.actor_role === null ? {} : { actorRole: row.actor_role }),
    ...(row.flags === null ? {} : { flags: row.flags.split(' ') as AuditFlag[] }),
  };
}
