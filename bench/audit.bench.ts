// What does the audit cost, and how fast is it read? Time to add an event with the chain and without it, to check a million rows, and to answer what its
// pages ask, in the embedded store. BENCH_ROWS changes their number.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { systemClock } from '../src/core/index.ts';
import { britishDayOf, findAuditSignals, readAuditSignalRules } from '../src/govern/index.ts';
import { listAuditEvents, openCasework, recordAuditEvent, storeAuditStudy, verifyAudit, type Casework } from '../src/store/index.ts';
import { median, seconds, type Benchmark } from './benchmark.ts';

const rows = Number(process.env.BENCH_ROWS ?? 1_000_000);
const asked = 300;

const event = (n: number) => ({ actorAgency: 'early-help', actorRole: 'lead-practitioner', purpose: 'early-help', basis: 'agreement-1/1/2', actorId: `user-${n % 400}`, action: 'person.read', outcome: 'done' as const, subjectKind: 'person', subjectIds: [`P${(n * 7919) % 100_003}`, `P${(n * 104_729) % 100_003}`] });

async function timeEach(work: (n: number) => Promise<unknown>, often = asked): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < often; n += 1) times.push((await seconds(() => work(n))) * 1000);
  return median(times);
}

const asOwner = (casework: Casework, statement: string) =>
  casework.db.connection().execute(async (db) => {
    for (const each of ['reset role', 'set role headwater_owner', statement, 'set role headwater_app']) await sql.raw(each).execute(db);
  });

const day = 86_400_000;

/** A year of rows of 400 people, chained as the trigger does it but in one loop: within one transaction the trigger costs more with each row. */
async function fill(casework: Casework): Promise<void> {
  const step = 50_000;
  await asOwner(casework, 'alter table casework.audit_event disable trigger chain');
  for (let from = 0; from < rows; from += step) {
    await asOwner(casework, `do $$
      declare head casework.audit_head; e casework.audit_event;
      begin
        select * into strict head from casework.audit_head;
        for n in ${from}..${Math.min(rows, from + step) - 1} loop
          e.occurred_at := now() - (${rows} - n) * interval '365 days' / ${rows};
          e.actor_id := 'user-' || (n::bigint * 7907) % 400;
          e.subject_ids := array['P' || (n::bigint * 7919) % 100003, 'P' || (n::bigint * 104729) % 100003];
          head.place := head.place + 1;
          head.hash := sha256(head.hash || convert_to(casework.audit_text(head.place, e.occurred_at, e.actor_id, 'person.view', 'done', 'person', e.subject_ids, 'early-help', 'agreement-1/1/2', 'early-help', 'lead-practitioner', null), 'UTF8'));
          insert into casework.audit_event (occurred_at, actor_id, action, outcome, subject_kind, subject_ids, purpose, basis, actor_agency, actor_role, place, hash)
            values (e.occurred_at, e.actor_id, 'person.view', 'done', 'person', e.subject_ids, 'early-help', 'agreement-1/1/2', 'early-help', 'lead-practitioner', head.place, head.hash);
        end loop;
        update casework.audit_head set place = head.place, hash = head.hash;
      end $$`);
  }
  await asOwner(casework, 'alter table casework.audit_event enable trigger chain');
  await casework.tidy();
}

export const benchmark: Benchmark = {
  name: 'audit',
  about: `add events, and check a chain of ${rows.toLocaleString('en-GB')} rows`,
  long: true,
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headwater-audit-'));
    const casework = await openCasework({ folder, clock: systemClock });
    try {
      await asOwner(casework, 'create table casework.unchained (occurred_at timestamptz, actor_id text, action text, outcome text, subject_kind text, subject_ids text[])');
      await asOwner(casework, 'create index on casework.unchained using gin (subject_ids)');
      await asOwner(casework, 'grant insert on casework.unchained to headwater_app');
      const plain = await timeEach((n) => sql`insert into casework.unchained (occurred_at, actor_id, action, outcome, subject_kind, subject_ids) values (${new Date()}, ${event(n).actorId}, 'person.read', 'done', 'person', ${event(n).subjectIds})`.execute(casework.db));
      const chained = await timeEach((n) => recordAuditEvent(casework.db, systemClock, event(n)));
      const filling = await seconds(() => fill(casework));
      let verdict = await verifyAudit(casework.db);
      const cpu = process.cpuUsage();
      const checking = await seconds(async () => (verdict = await verifyAudit(casework.db)));
      const { user, system } = process.cpuUsage(cpu);
      if (verdict.fault || verdict.rows !== rows + asked) throw new Error(`The check is wrong: ${JSON.stringify(verdict)}`);
      const study = storeAuditStudy(casework.db);
      const person = (n: number) => Array.from({ length: 12 }, (_, each) => `P${(n * 331 + each * 7) % 100_003}`);
      const seen = await timeEach((n) => listAuditEvents(casework.db, { subjectId: person(n)[0]!, limit: 50 }));
      const underAll = await timeEach((n) => study.list({ subjectIds: person(n), limit: 51 }));
      const older = await timeEach((n) => study.list({ subjectIds: person(n), limit: 51, before: Math.trunc(rows / 2) }));
      const now = Date.now();
      const month = { from: now - 30 * day, to: now };
      const used = await timeEach(async (n) => {
        const actorId = `user-${n % 400}`;
        await study.days({ actorId, ...month });
        await study.seen({ actorId, ...month, limit: 50 });
        await study.list({ actorId, ...month, limit: 51 });
      }, 40);
      const { value: rules } = readAuditSignalRules(undefined);
      let compared = 0;
      const unusual = await timeEach(async () => {
        const days = await study.actorDays({ from: now - (7 + rules.baselineDays) * day, to: now, hours: rules.hours });
        ({ compared } = findAuditSignals(days, britishDayOf(now - 6 * day), rules));
      }, 3);
      if (compared === 0 && rows >= 1_000_000) throw new Error('No day was compared with what is usual');
      return [
        { what: 'add an event, median', value: chained, unit: 'ms', peer: { name: 'without chain', value: plain } },
        { what: 'added by the chain', value: chained - plain, unit: 'ms', limit: 2 },
        { what: `fill ${rows.toLocaleString('en-GB')} rows`, value: filling, unit: 's' },
        { what: 'check them all', value: checking, unit: 's', limit: 20 },
        { what: 'the same, processor time', value: (user + system) / 1e6, unit: 's' },
        { what: 'who saw a record, median', value: seen, unit: 'ms', limit: 100 },
        { what: 'who saw a person under 12 ids, median', value: underAll, unit: 'ms', limit: 100 },
        { what: 'the same, an older page', value: older, unit: 'ms', limit: 100 },
        { what: 'what a user did in 30 days, median', value: used, unit: 'ms' },
        { what: 'what looks unusual in 7 days, median', value: unusual, unit: 'ms' },
      ];
    } finally {
      await casework.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
