// What did somebody do, day by day, and whom did they see? Sums over the audit for those who look after information: by person who acted and by
// day in Britain. They hold ids and counts, as the audit does.

import { sql, type Kysely } from 'kysely';
import { listAuditEvents, type AuditFilter } from './casework-audit.store.ts';
import type { CaseworkTables } from './casework-tables.ts';

export interface ActorPeriod {
  actorId: string;
  /** Milliseconds since the epoch: from this moment, and before that one. */
  from: number;
  to: number;
}

export interface ActorDay {
  /** In Britain, such as "2026-11-28". */
  day: string;
  events: number;
  /** People and records of people that were shown to them. */
  people: number;
  exports: number;
  refusals: number;
}

export interface SeenSubject {
  id: string;
  kind: string;
  times: number;
  /** Milliseconds since the epoch. */
  lastAt: number;
}

/** What one person did on one day, as the signals weigh it. */
export interface ActorDayFacts extends ActorDay {
  actorId: string;
  /** Codes, the latest of the day; null where they are not known. */
  agency: string | null;
  role: string | null;
  /** The last row of that day: it stands for the person in addresses. */
  lastEvent: number;
  /** Times at which people's records were shown: outside working hours, by broken glass, and with each flag. */
  outsideHours: number;
  brokenGlass: number;
  noRelation: number;
  ownName: number;
  ownAddress: number;
}

/** Minutes after midnight in Britain, and days of the week from 1, Monday. */
export interface WorkingHours {
  from: number;
  to: number;
  days: readonly number[];
}

const dayOf = sql<string>`(occurred_at at time zone 'Europe/London')::date`;
/** Somebody saw a record about a person, or a case. */
const sawPeople = sql<boolean>`outcome = 'done' and (subject_kind in ('person', 'source-record') and action not like 'audit%' or action in ('case.list', 'case.view', 'case.open-attachment'))`;
/** Of the ids of such a row, those of people and their records: a case's own counts nobody twice. */
const ofPeople = (id: string) => sql<boolean>`(subject_kind <> 'case' or ${sql.ref(id)} like 'P%')`;
const tookFile = sql<boolean>`outcome = 'done' and action ~ '\\.(export|print|extract)$'`;
const inPeriod = ({ from, to }: Omit<ActorPeriod, 'actorId'>) => sql`occurred_at >= ${new Date(from)} and occurred_at < ${new Date(to)}`;

const counted = <T extends object>(row: T, names: readonly (keyof T)[]): T => ({ ...row, ...Object.fromEntries(names.map((name) => [name, Number(row[name])])) });
const dayCounts = ['events', 'people', 'exports', 'refusals'] as const;

/** Days on which the person did anything, the newest first. */
export async function countActorDays(db: Kysely<CaseworkTables>, { actorId, ...period }: ActorPeriod): Promise<ActorDay[]> {
  const { rows } = await sql<ActorDay>`
    select to_char(day, 'YYYY-MM-DD') as day, count(distinct audit_event_id) as events, count(distinct subject_id) filter (where ${sawPeople} and ${ofPeople('subject_id')}) as people,
      count(distinct audit_event_id) filter (where ${tookFile}) as exports, count(distinct audit_event_id) filter (where outcome = 'refused') as refusals
    from (select ${dayOf} as day, audit_event_id, outcome, action, subject_kind, unnest(case when subject_ids = '{}' then '{null}' else subject_ids end) as subject_id from audit_event where actor_id = ${actorId} and ${inPeriod(period)}) each
    group by 1 order by 1 desc`.execute(db);
  return rows.map((row) => counted(row, dayCounts));
}

/** People and records of people whom they saw, those first whom they saw last. */
export async function listSeenSubjects(db: Kysely<CaseworkTables>, { actorId, limit, ...period }: ActorPeriod & { limit: number }): Promise<{ total: number; subjects: SeenSubject[] }> {
  const { rows } = await sql<{ id: string; kind: string; times: number; last_at: Date; total: number }>`
    select id, kind, count(*) as times, max(occurred_at) as last_at, count(*) over () as total
    from (
      select occurred_at, case subject_kind when 'case' then 'person' else subject_kind end as kind, id from (select *, unnest(subject_ids) as id from audit_event where actor_id = ${actorId} and ${inPeriod(period)} and ${sawPeople}) each where ${ofPeople('id')}
    ) each
    group by id, kind order by max(occurred_at) desc, id limit ${limit}`.execute(db);
  return { total: Number(rows[0]?.total ?? 0), subjects: rows.map(({ id, kind, times, last_at }) => ({ id, kind, times: Number(times), lastAt: last_at.getTime() })) };
}

/** Who did a row of the audit; undefined where there is no such row. */
export async function findActorOf(db: Kysely<CaseworkTables>, auditEventId: number): Promise<string | undefined> {
  return (await db.selectFrom('audit_event').select('actor_id').where('audit_event_id', '=', auditEventId).executeTakeFirst())?.actor_id;
}

/** Every day of everybody in a period, for what looks unusual. */
export async function listActorDays(db: Kysely<CaseworkTables>, { hours, ...period }: Omit<ActorPeriod, 'actorId'> & { hours: WorkingHours }): Promise<ActorDayFacts[]> {
  const clock = sql`occurred_at at time zone 'Europe/London'`;
  const minutes = sql`extract(hour from ${clock}) * 60 + extract(minute from ${clock})`;
  const outside = sql<boolean>`(not extract(isodow from ${clock})::int = any (${[...hours.days]}::int[]) or ${minutes} < ${hours.from} or ${minutes} >= ${hours.to})`;
  const flagged = (flag: string) => sql`count(*) filter (where ${sawPeople} and ${flag}::text = any (string_to_array(flags, ' ')))`;
  const { rows } = await sql<ActorDayFacts>`
    with used as (select *, ${dayOf} as day from audit_event where ${inPeriod(period)} and actor_id <> 'system'),
    seen as (select actor_id, day, count(distinct id) as people from (select actor_id, day, subject_kind, unnest(subject_ids) as id from used where ${sawPeople}) each where ${ofPeople('id')} group by 1, 2)
    select actor_id as "actorId", to_char(day, 'YYYY-MM-DD') as day, count(*) as events, coalesce(max(people), 0) as people, count(*) filter (where ${tookFile}) as exports,
      count(*) filter (where outcome = 'refused') as refusals, max(audit_event_id) as "lastEvent",
      (array_agg(actor_agency order by audit_event_id desc) filter (where actor_agency is not null))[1] as agency, (array_agg(actor_role order by audit_event_id desc) filter (where actor_role is not null))[1] as role,
      count(*) filter (where ${sawPeople} and ${outside}) as "outsideHours",
      count(*) filter (where outcome = 'done' and (action = 'glass.break' or 'broken-glass' = any (string_to_array(basis, ' ')))) as "brokenGlass",
      ${flagged('no-relation')} as "noRelation", ${flagged('own-name')} as "ownName", ${flagged('own-address')} as "ownAddress"
    from used left join seen using (actor_id, day) group by actor_id, day order by day desc, actor_id`.execute(db);
  return rows.map((row) => counted(row, [...dayCounts, 'lastEvent', 'outsideHours', 'brokenGlass', 'noRelation', 'ownName', 'ownAddress']));
}

/** The audit of a store, to be studied by the pages. */
export function storeAuditStudy(db: Kysely<CaseworkTables>) {
  return {
    list: (filter: AuditFilter) => listAuditEvents(db, filter),
    days: (period: ActorPeriod) => countActorDays(db, period),
    seen: (period: ActorPeriod & { limit: number }) => listSeenSubjects(db, period),
    actorOf: (auditEventId: number) => findActorOf(db, auditEventId),
    actorDays: (period: Omit<ActorPeriod, 'actorId'> & { hours: WorkingHours }) => listActorDays(db, period),
  };
}
