// The register of agreements in the casework store. What is done to an agreement, what then follows for access, and its row of the audit are written
// in one transaction: all or none. Acts are taken one after the other, so that two who sign at once both count and no draft is based on an old one.

import { sql, type Kysely, type Selectable, type Transaction } from 'kysely';
import type { Clock } from '../core/index.ts';
import { auditActor, findLatestAuditTime, recordAuditEvent, type Casework } from '../store/index.ts';
import type { Grant, Reader } from './access-request.ts';
import type { Agreement, AgreementContent, AgreementEvent } from './agreement.ts';
import { actOfDrafting, actOfEnding, actOfSigning, actOfWithdrawing, findingsOf, newAgreementId, notFound, type Act } from './agreement-acts.ts';
import { endsBehind, compileGrants } from './agreement-grants.ts';
import type { AgreementPacks } from './agreement-packs.ts';
import type { AgreementOutcome, AgreementRegister } from './agreement-register.ts';

type Tables = Casework['db'] extends Kysely<infer T> ? T : never;
type Db = Casework['db'] | Transaction<Tables>;
type EventRow = Selectable<Tables['agreement_event']>;

/** One act at a time in a database. The number is arbitrary and must never change. */
const agreementLock = sql`select pg_advisory_xact_lock(7206431881525114)`;

const done = { draft: 'agreement.draft', redraft: 'agreement.redraft', sign: 'agreement.sign', withdraw: 'agreement.withdraw', end: 'agreement.end' } as const;

interface Deed {
  action: (typeof done)[keyof typeof done];
  agreementId: string;
  by: Reader;
  /** Works out the event from what is held now. */
  act(agreement: Agreement | undefined, agreements: readonly Agreement[], now: number): Act | undefined;
}

/**
 * Opens the register over a store whose grants it brings in line with its events and these packs first.
 *
 * @example
 * const agreements = await storeAgreements(casework.db, systemClock, { packs: readAgreementPacks(home.packs) });
 */
export async function storeAgreements(db: Casework['db'], clock: Clock, { packs }: { packs: AgreementPacks }): Promise<AgreementRegister> {
  let cache: { grants: readonly Grant[]; head: number; now: number; newest: number; ends: readonly number[]; ended: string } | undefined;
  /** The latest time that is known to have been: of the audit as it was found, and of every asking since. */
  let reached = (await findLatestAuditTime(db)) ?? -Infinity;
  const tellTime = () => {
    const now = clock.now();
    reached = Math.max(reached, now);
    return { now, reached };
  };

  const run = async (deed: Deed): Promise<AgreementOutcome<{ event: AgreementEvent }>> =>
    db.transaction().execute(async (transaction) => {
      await agreementLock.execute(transaction);
      const agreements = await listAgreements(transaction);
      const { now } = tellTime();
      const act = deed.act(agreements.find(({ agreementId }) => agreementId === deed.agreementId), agreements, now);
      const outcome = act?.ok ? 'done' : 'refused';
      if (act?.ok) await keepEvent(transaction, { agreementId: deed.agreementId, event: act.event, agreements, packs, now, reached });
      const known = act?.ok || agreements.some(({ agreementId }) => agreementId === deed.agreementId);
      await recordAuditEvent(transaction, { now: () => now }, { ...auditActor(deed.by), action: deed.action, outcome, subjectKind: 'agreement', subjectIds: known ? [deed.agreementId] : [] });
      return act === undefined ? notFound : act.ok ? { ok: true, event: act.event } : act;
    });

  const versionOf = (event: AgreementEvent) => ({ version: event.kind === 'drafted' ? event.version : 0 });
  const plain = (outcome: AgreementOutcome<{ event: AgreementEvent }>): AgreementOutcome => (outcome.ok ? { ok: true } : outcome);

  const register: AgreementRegister = {
    list: async () => (await listAgreements(db)).toReversed(),
    find: async (agreementId) => (await listAgreements(db, agreementId))[0],
    check: async (content, agreementId) => findingsOf(content, { packs, agreements: await listAgreements(db), now: clock.now() }, agreementId),
    async draft(content: AgreementContent, by: Reader) {
      const agreementId = newAgreementId();
      const outcome = await run({ action: done.draft, agreementId, by, act: (_, agreements, now) => actOfDrafting(undefined, content, { by, now, packs, agreements }) });
      return outcome.ok ? { ok: true, agreementId, ...versionOf(outcome.event) } : outcome;
    },
    async redraft(agreementId, content, by, basedOn) {
      const outcome = await run({ action: done.redraft, agreementId, by, act: (agreement, agreements, now) => agreement && actOfDrafting(agreement, content, { by, now, packs, agreements, basedOn }) });
      return outcome.ok ? { ok: true, ...versionOf(outcome.event) } : outcome;
    },
    sign: async (agreementId, version, by) => plain(await run({ action: done.sign, agreementId, by, act: (agreement, _, now) => agreement && actOfSigning(agreement, version, { by, now }) })),
    withdraw: async (agreementId, by, reason) => plain(await run({ action: done.withdraw, agreementId, by, act: (agreement, _, now) => agreement && actOfWithdrawing(agreement, reason, { by, now }) })),
    end: async (agreementId, by, reason) => plain(await run({ action: done.end, agreementId, by, act: (agreement, _, now) => agreement && actOfEnding(agreement, reason, { by, now }) })),
    async grants() {
      const [head, time] = [await headOf(db), tellTime()];
      const { now } = time;
      // A clock that went back behind what was recorded: nothing recorded may lie ahead of it, here nor in the database.
      const wentBack = cache !== undefined && now < cache.now && (now < cache.newest || cache.now < cache.newest);
      // Nor does what ended by its last day, or with its power, begin again.
      const ended = cache && endsBehind(cache.ends, time).join();
      if (cache?.head !== head || wentBack || ended !== cache.ended) {
        const agreements = await listAgreements(db);
        const newest = Math.max(-Infinity, ...agreements.flatMap(({ events }) => events.map(({ at }) => at)));
        const ends = [...new Set(compileGrants(agreements, { ...packs, now }).map(({ to }) => to))];
        const closed = endsBehind(ends, time).join();
        if (wentBack || now < newest || closed !== (cache?.ended ?? '')) await renewAll(db, packs, time);
        cache = { grants: compileGrants(agreements, { ...packs, ...time }), head, now, newest, ends, ended: closed };
      }
      return cache.grants;
    },
  };
  await renewWhereOld(db, packs, tellTime());
  return register;
}

/** In the order in which they were begun. */
async function listAgreements(db: Db, agreementId?: string): Promise<Agreement[]> {
  const all = db.selectFrom('agreement_event').selectAll().orderBy('agreement_event_id');
  const rows = await (agreementId === undefined ? all : all.where('agreement_id', '=', agreementId)).execute();
  const found = new Map<string, AgreementEvent[]>();
  for (const row of rows) found.set(row.agreement_id, [...(found.get(row.agreement_id) ?? []), present(row)]);
  return [...found].map(([id, events]) => ({ agreementId: id, events }));
}

async function headOf(db: Db): Promise<number> {
  const row = await db.selectFrom('agreement_event').select(({ fn }) => fn.max('agreement_event_id').as('head')).executeTakeFirst();
  return Number(row?.head ?? 0);
}

interface Kept {
  agreementId: string;
  event: AgreementEvent;
  agreements: readonly Agreement[];
  packs: AgreementPacks;
  now: number;
  reached: number;
}

async function keepEvent(transaction: Transaction<Tables>, { agreementId, event, agreements, packs, now, reached }: Kept): Promise<void> {
  const { agreement_event_id: head } = await transaction.insertInto('agreement_event').values(rowOf(agreementId, event)).returning('agreement_event_id').executeTakeFirstOrThrow();
  const before = agreements.find((agreement) => agreement.agreementId === agreementId)?.events ?? [];
  await writeGrants(transaction, compileGrants([{ agreementId, events: [...before, event] }], { ...packs, now, reached }), agreementId);
  await transaction.updateTable('access_grant_state').set({ made_from: head }).execute();
}

type Time = Pick<Kept, 'now' | 'reached'>;

/** What grants were made of. Those made for a clock that stood behind are made anew at the next start, when it may be right. */
const madeOf = (packs: AgreementPacks, { now, reached }: Time): string => (now < reached ? 'a clock that stood behind' : packs.sha256);

/** Makes all grants anew where the packs, or an event, are others than those that they were made from, or the clock stands behind the audit. */
async function renewWhereOld(db: Casework['db'], packs: AgreementPacks, time: Time): Promise<void> {
  const state = await db.selectFrom('access_grant_state').select(['made_from', 'packs']).executeTakeFirstOrThrow();
  if (state.packs !== packs.sha256 || state.made_from !== (await headOf(db)) || time.now < time.reached) await renewAll(db, packs, time);
}

async function renewAll(db: Casework['db'], packs: AgreementPacks, time: Time): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    await agreementLock.execute(transaction);
    await writeGrants(transaction, compileGrants(await listAgreements(transaction), { ...packs, ...time }));
    await transaction.updateTable('access_grant_state').set({ made_from: await headOf(transaction), packs: madeOf(packs, time) }).execute();
  });
}

/** Replaces the grants of one agreement, or of all. */
async function writeGrants(transaction: Transaction<Tables>, grants: readonly Grant[], agreementId?: string): Promise<void> {
  const held = transaction.deleteFrom('access_grant');
  await (agreementId === undefined ? held : held.where('agreement_id', '=', agreementId)).execute();
  if (grants.length > 0) await insertGrants(transaction, JSON.stringify(grants.map(({ from, to, ...rest }) => ({ ...rest, valid_from: new Date(from).toISOString(), valid_to: to === Infinity ? null : new Date(to).toISOString() }))));
}

async function insertGrants(transaction: Transaction<Tables>, grants: string): Promise<void> {
  await sql`
    insert into access_grant (agreement_id, version, clause, agency, role, purpose, holder, item, form, relation, valid_from, valid_to, ended_by)
    select g."agreementId", g.version, g.clause, g.agency, g.role, g.purpose, g.holder, g.item, g.form, g.relation, g.valid_from, g.valid_to, g."endedBy"
    from jsonb_to_recordset(${grants}::jsonb) as g("agreementId" text, version int, clause int, agency text, role text, purpose text, holder text, item text, form text, relation text,
      valid_from timestamptz, valid_to timestamptz, "endedBy" text)`.execute(transaction);
}

function rowOf(agreementId: string, event: AgreementEvent) {
  return {
    agreement_id: agreementId,
    kind: event.kind,
    version: 'version' in event ? event.version : null,
    agency: 'agency' in event ? event.agency : null,
    content: event.kind === 'drafted' ? JSON.stringify(event.content) : null,
    reason: 'reason' in event ? event.reason : null,
    done_by: event.by,
    done_at: new Date(event.at),
  };
}

function present(row: EventRow): AgreementEvent {
  const [by, at] = [row.done_by, row.done_at.getTime()];
  if (row.kind === 'drafted') return { kind: 'drafted', version: row.version!, content: row.content as AgreementContent, by, at };
  if (row.kind === 'signed') return { kind: 'signed', version: row.version!, agency: row.agency!, by, at };
  if (row.kind === 'withdrawn') return { kind: 'withdrawn', agency: row.agency!, by, at, reason: row.reason! };
  return { kind: 'ended', by, at, reason: row.reason! };
}
