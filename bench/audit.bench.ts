// What does the chain of the audit cost? Time to add an event with the chain and without it, and to check a million rows, in the embedded store.
// BENCH_ROWS changes their number.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { systemClock } from '../src/core/index.ts';
import { listAuditEvents, openCasework, recordAuditEvent, verifyAudit, type Casework } from '../src/store/index.ts';
import { median, seconds, type Benchmark } from './benchmark.ts';

const rows = Number(process.env.BENCH_ROWS ?? 1_000_000);
const asked = 300;

const event = (n: number) => ({ actorId: `user-${n % 400}`, action: 'person.read', outcome: 'done' as const, subjectKind: 'person', subjectIds: [`P${(n * 7919) % 100_003}`, `P${(n * 104_729) % 100_003}`] });

async function timeEach(work: (n: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < asked; n += 1) times.push((await seconds(() => work(n))) * 1000);
  return median(times);
}

const asOwner = (casework: Casework, statement: string) =>
  casework.db.connection().execute(async (db) => {
    for (const each of ['reset role', 'set role headwater_owner', statement, 'set role headwater_app']) await sql.raw(each).execute(db);
  });

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
      // A few at once, as requests add them: within one transaction each further row costs more.
      const step = 500;
      const filling = await seconds(async () => {
        for (let from = 0; from < rows; from += step) {
          await sql`insert into audit_event (occurred_at, actor_id, action, outcome, subject_kind, subject_ids)
            select now(), 'user-' || n % 400, 'person.read', 'done', 'person', array['P' || (n * 7919) % 100003, 'P' || (n * 104729) % 100003]
            from generate_series(${from}::bigint, ${Math.min(rows, from + step) - 1}::bigint) n`.execute(casework.db);
          if (from % 50_000 === 0) await casework.tidy();
        }
      });
      let verdict = await verifyAudit(casework.db);
      const checking = await seconds(async () => (verdict = await verifyAudit(casework.db)));
      if (verdict.fault || verdict.rows !== rows + asked) throw new Error(`The check is wrong: ${JSON.stringify(verdict)}`);
      const seen = await timeEach((n) => listAuditEvents(casework.db, { subjectId: `P${(n * 331) % 100_003}`, limit: 50 }));
      return [
        { what: 'add an event, median', value: chained, unit: 'ms', peer: { name: 'without chain', value: plain } },
        { what: 'added by the chain', value: chained - plain, unit: 'ms', limit: 2 },
        { what: `fill ${rows.toLocaleString('en-GB')} rows`, value: filling, unit: 's' },
        { what: 'check them all', value: checking, unit: 's', limit: 20 },
        { what: 'who saw a person, median', value: seen, unit: 'ms', limit: 100 },
      ];
    } finally {
      await casework.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
