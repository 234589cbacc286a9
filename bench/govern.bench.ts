// What does governed access cost? The time of list, search and open on a million case entries with the policies, beside the same query by
// the tables' owner without them, in the embedded store; the time of one decision; and what an audit row adds to a read. BENCH_ROWS
// changes the number of entries.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { roles, systemClock, type Role } from '../src/core/index.ts';
import { asReader, casesWithin, decide, indexGrants, type AccessRequest, type GovernedCases, type Grant, type Reader } from '../src/govern/index.ts';
import { openCasework, recordAuditEvent, type Casework } from '../src/store/index.ts';
import { median, type Benchmark, type Measure } from './benchmark.ts';

const rows = Number(process.env.BENCH_ROWS ?? 1_000_000);
const entriesOfCase = 20;
const cases = Math.ceil(rows / entriesOfCase);

/** Works for the agency that holds every case, and is given every section of it. */
const seesAll: Reader = { userId: 'user-1', agency: 'early-help', role: 'hub-coordinator' };
/** Is given three sections in five of the cases that they work on: one case in six. */
const seesTenth: Reader = { userId: 'user-2', agency: 'hospital', role: 'lead-practitioner' };
const sections = ['worries', 'strengths', 'plan', 'school', 'health'];

/** Works in a role of the database, which costs the same statements whichever it is. */
async function inRole<T>({ db }: Casework, given: 'headwater_owner' | 'headwater_app', work: () => Promise<T>): Promise<T> {
  const become = async (role: string) => {
    for (const step of ['reset role', `set role ${role}`]) await sql.raw(step).execute(db);
  };
  await become(given);
  try {
    return await work();
  } finally {
    await become('headwater_app');
  }
}

const asOwner = <T>(casework: Casework, work: () => Promise<T>): Promise<T> => inRole(casework, 'headwater_owner', work);

async function plant(casework: Casework): Promise<void> {
  const run = (statement: string) => sql.raw(statement).execute(casework.db);
  await asOwner(casework, async () => {
    const give = (reader: Reader, relation: string, items: string[]) =>
      items.map((item) => `('bench', 1, 1, '${reader.agency}', '${reader.role}', 'early-help', 'early-help', 'case/${item}', 'identified', '${relation}', now() - interval '1 day', null, 'agreement')`);
    const given = [...give(seesAll, 'agency', ['file', 'members', ...sections]), ...give(seesTenth, 'member', ['file', ...sections.slice(0, 3)])];
    // Beside these, a register of many agreements that give other people other things.
    const others = Array.from({ length: 1000 }, (_, n) => `('other-${n % 50}', 1, ${1 + (n % 20)}, 'agency-${n % 9}', '${roles[n % roles.length]}', 'purpose-${n % 7}', 'agency-${(n * 7) % 9}', 'case/section-${n % 40}', 'identified', 'member', now() - interval '1 day', null, 'agreement')`);
    await run(`insert into access_grant (agreement_id, version, clause, agency, role, purpose, holder, item, form, relation, valid_from, valid_to, ended_by) values ${[...given, ...others].join(', ')}`);
    for (const table of ['case_file', 'case_entry', 'sealed_subject']) await run(`alter table ${table} disable trigger user`);
    await run(`insert into sealed_subject (person_key, ground, whom_to_ring, sealed_by, sealed_at) select 'P' || n * 97, 'other', 'The governance lead', 'user-9', now() from generate_series(1, 300) n`);
    const works = `array['', 'user-' || case when n % 6 = 0 then 2 else 3 end], array['early-help', 'hospital']`;
    await run(`insert into case_file (case_id, person_key, holder, opened_at, sealed, works_users, works_agencies)
      select md5('case ' || n)::uuid, 'P' || n, 'early-help', now() - n * interval '1 minute', n % 97 = 0 and n / 97 <= 300, ${works} from generate_series(1, ${cases}) n`);
    const step = 50_000;
    for (let from = 0; from < rows; from += step) {
      await run(`insert into case_entry (case_id, section, holder, author, text, created_at, person_key, sealed, works_users, works_agencies)
        select md5('case ' || n)::uuid, (array['${sections.join("','")}'])[1 + m % 5], 'early-help', 'user-9', md5(m::text) || ' was said at the visit, and what was agreed to do about it until the next time', now() - m * interval '3 seconds', 'P' || n, n % 97 = 0 and n / 97 <= 300, ${works}
        from (select m, 1 + (m::bigint * 7919) % ${cases} as n from generate_series(${from}, ${Math.min(rows, from + step) - 1}) m) each`);
      await casework.tidy().catch(() => undefined);
    }
    for (const table of ['case_file', 'case_entry', 'sealed_subject']) await run(`alter table ${table} enable trigger user`);
    await run('analyze');
  });
}

const someHex = (n: number) => ((n * 2_654_435_761) % 2 ** 32).toString(16).padStart(8, '0');

/** What is timed: each is one query, or the four of an opened case. */
async function questionsOf(casework: Casework): Promise<Record<string, (as: GovernedCases, n: number) => Promise<unknown>>> {
  const ids = await asOwner(casework, () => sql<{ case_id: string }>`select case_id from case_file where not sealed order by person_key limit 1000`.execute(casework.db));
  const caseOf = (n: number) => ids.rows[(n * 31) % ids.rows.length]!.case_id;
  return {
    'list the newest 50 entries': (as) => as.listEntries({ limit: 50 }),
    'search entries by how they begin': (as, n) => as.searchEntries({ prefix: someHex(n).slice(0, 4), limit: 50 }),
    'search entries by person': (as, n) => as.searchEntries({ personKey: `P${1 + ((n * 331) % cases)}`, limit: 50 }),
    'open a case': (as, n) => as.openCase(caseOf(n)),
    'list the newest 50 cases': (as) => as.listCases({ limit: 50 }),
    'read 20 cases in bulk': (as, n) => as.readInBulk(Array.from({ length: 20 }, (_, k) => caseOf(n + k))),
    'count all entries': (as) => as.countEntries(),
  };
}

/**
 * Milliseconds of processor time for one question, as the median of small batches; `ways` take turns, so that what else the machine does falls on all.
 * The embedded store works within this process, so on a machine of one's own this is the time that passes.
 */
async function timeByTurns(ways: (() => Promise<(n: number) => Promise<void>>)[], batches: number, size: number): Promise<number[]> {
  const times = ways.map((): number[] => []);
  for (let batch = -1; batch < batches; batch += 1) for (const [way, begin] of ways.entries()) {
    const ask = await begin();
    const before = process.cpuUsage();
    for (let n = 0; n < size; n += 1) await ask((batch + 1) * size + n);
    const { user, system } = process.cpuUsage(before);
    if (batch >= 0) times[way]!.push((user + system) / 1000 / size);
  }
  return times.map((each) => median(each));
}

/** The question without policies, by someone who may see all, and by someone who may see a part. */
function timeQuestion(casework: Casework, ask: (as: GovernedCases, n: number) => Promise<unknown>, slow: boolean): Promise<number[]> {
  const [batches, size] = slow ? [3, 1] : [20, 20];
  const as = (reader: Reader, around: (work: () => Promise<void>) => Promise<void>) => {
    let from = 0;
    // A batch is one transaction, as an opened case or an export is: what is timed is the questions.
    return async () => async (n: number) => {
      if (n % size !== 0) return;
      from = n;
      await around(() => asReader(casework.db, reader, 'early-help', systemClock, async (transaction) => {
        for (let k = 0; k < size; k += 1) await ask(casesWithin(transaction, systemClock), from + k);
      }));
    };
  };
  const governed = (work: () => Promise<void>) => inRole(casework, 'headwater_app', work);
  return timeByTurns([as(seesAll, (work) => asOwner(casework, work)), as(seesAll, governed), as(seesTenth, governed)], batches, size);
}

/** A register of 50 agreements of 20 clauses, each for several items and roles. */
function decisionTime(): number {
  const grants: Grant[] = [];
  for (let a = 0; a < 50; a += 1) for (let clause = 1; clause <= 20; clause += 1) for (let item = 0; item < 10; item += 1) for (const role of ['analyst', 'hub-coordinator', 'lead-practitioner'] as Role[]) {
    grants.push({ agreementId: `agreement-${a}`, version: 1, clause, agency: `agency-${(a + clause) % 9}`, role, purpose: `purpose-${clause % 7}`, holder: `agency-${a % 9}`, item: `feed-${clause % 13}/column-${item}`, form: a % 2 === 0 ? 'identified' : 'pseudonymised', relation: a % 2 === 0 ? 'member' : 'none', from: a % 5 === 0 ? 10 : 0, to: a % 4 === 0 ? 50 : 100, endedBy: 'agreement' });
  }
  const index = indexGrants(grants);
  const requests: AccessRequest[] = Array.from({ length: 5000 }, (_, n) => ({
    who: { userId: 'u', agency: `agency-${n % 10}`, role: roles[n % roles.length]! }, relation: n % 3 === 0 ? 'none' : 'lead', purpose: n % 11 === 0 ? null : `purpose-${n % 8}`,
    item: { key: `feed-${n % 14}/column-${n % 11}`, form: n % 2 === 0 ? 'identified' : 'pseudonymised', holder: `agency-${(n * 7) % 10}` }, subject: n % 2 === 0 ? { sealed: n % 50 === 0, keeper: false, brokenUntil: null } : null, at: 20 + (n % 70),
  }));
  // And requests that a clause allows, which go the whole way.
  grants.filter((_, n) => n % 7 === 0).forEach(({ agency, role, purpose, holder, item, form }, n) => requests.push({ who: { userId: 'u', agency, role }, relation: 'lead', purpose, item: { key: item, form, holder }, subject: null, at: 20 + (n % 70) }));
  const times: number[] = [];
  for (let round = 0; round < 20; round += 1) for (const request of requests) {
    const began = process.hrtime.bigint();
    decide(index, request);
    times.push(Number(process.hrtime.bigint() - began) / 1000);
  }
  return median(times);
}

function auditTimes(casework: Casework): Promise<number[]> {
  const search = (withAudit: boolean) => async () => (n: number) =>
    asReader(casework.db, seesAll, 'early-help', systemClock, async (transaction) => {
      const found = await casesWithin(transaction, systemClock).searchEntries({ personKey: `P${1 + ((n * 331) % cases)}`, limit: 50 });
      if (withAudit) await recordAuditEvent(transaction, systemClock, { actorId: seesAll.userId, action: 'case-entry.search', outcome: 'done', subjectKind: 'case-entry', subjectIds: found.map(({ entryId }) => entryId) });
    });
  return timeByTurns([search(false), search(true)], 20, 20);
}

export const benchmark: Benchmark = {
  name: 'govern',
  about: `policies over ${rows.toLocaleString('en-GB')} case entries, decisions, audit`,
  long: true,
  run: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'headwater-govern-'));
    const casework = await openCasework({ folder, clock: systemClock });
    const measures: Measure[] = [{ what: 'one decision, 50 agreements of 20 clauses, median', value: decisionTime(), unit: 'µs', limit: 5 }];
    try {
      await plant(casework);
      for (const [what, ask] of Object.entries(await questionsOf(casework))) {
        const [bare, all, tenth] = await timeQuestion(casework, ask, what.startsWith('count'));
        const limited = /^(list|search|open)/.test(what) ? { limit: 1.5 } : {};
        measures.push({ what, value: all!, unit: 'ms', peer: { name: 'without policies', value: bare! }, ...limited });
        measures.push({ what: '  by someone who sees one entry in ten', value: tenth!, unit: 'ms', peer: { name: 'without policies', value: bare! }, ...limited });
      }
      const [without, withAudit] = await auditTimes(casework);
      measures.push({ what: 'added by the audit row of a search', value: withAudit! - without!, unit: 'ms', limit: 2 });
      return measures;
    } finally {
      await casework.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
};
